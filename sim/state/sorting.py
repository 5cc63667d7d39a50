"""Stable orders by member id (counting sorts, since ids are small), and tables in which each member's rows stand together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sim.jit import fetch, inlined, kernel, move, steady

AHEAD = 16  # rows: how far ahead of its use a row in random order is prefetched
NO_ORDER = np.zeros(0, np.int32)


@inlined
def add_up(counts):
    """Turn how often each key occurs, one place on, into where each begins."""
    for i in range(counts.size - 1):
        counts[i + 1] += counts[i]


@kernel
def place(keys, given, room, order):
    """Put the places in `given`, or all in their order if it is empty, into `order` by their keys; `room` (keys there may be + 1,) is overwritten."""
    room[:] = 0
    for k in range(keys.size):
        room[keys[k] + 1] += 1
    add_up(room)
    for n in range(keys.size):
        k = given[n] if given.size > 0 else n
        order[room[keys[k]]] = k
        room[keys[k]] += 1


put_in_places = steady(place)


def stable_order(keys: Any, n: int, given: Any = NO_ORDER) -> Any:
    """Return the places of `keys`, whole numbers from 0 to n - 1, in stable order.

    `given` is an order of all of them to start from, so that a second call sorts by a further key.
    """
    order = np.empty(keys.size, np.int32)
    put_in_places(
        keys.astype(np.int32), given, np.empty(n + 1, np.int64), order
    )  # a copy: a column of rows is another type, and read slowly
    return order


@kernel
def put_in_order(rows, order, given):
    """Copy into `rows` those of `given`, in this order: what is then read one after another need not be sought again."""
    for n in range(order.size):
        if n + AHEAD < order.size:
            fetch(given, order[n + AHEAD])
        move(rows, n, given, order[n])


def put_sorted(rows: Any, given: Any, n: int, *names: str) -> None:
    """Copy `given` into `rows` sorted by columns of ids below n, the first before the others; of equals the first given comes first."""
    order = NO_ORDER
    for name in reversed(names):
        order = stable_order(given[name], n, order)
    put_in_order(rows, order, given)


def merging(owner: Callable[[Any], int], comes_first: Callable[[Any, Any], bool]) -> Any:
    """Return a kernel that merges new rows into a table in which the rows of each owner stand together.

    Its arguments: the table with room at its end, how many rows it had, the new rows in their order, and (n + 1,) where each
    owner's rows begin, which it fills. `comes_first(a, b)` tells whether the old row a stands before the new row b. It works
    from the end, so the table needs no room but its own.
    """

    @kernel
    def merge(rows, old, new, starts):
        starts[:] = 0
        a = old - 1
        for b in range(new.size - 1, -1, -1):
            while a >= 0 and not comes_first(rows[a], new[b]):
                starts[owner(rows[a]) + 1] += 1
                move(rows, a + b + 1, rows, a)
                a -= 1
            starts[owner(new[b]) + 1] += 1
            move(rows, a + b + 1, new, b)
        for n in range(a + 1):  # before all new rows: these stay where they are
            starts[owner(rows[n]) + 1] += 1
        add_up(starts)

    return merge
