"""Stable orders by member id: counting sorts, since ids are small."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiling import kernel


@kernel
def count_starts(keys, starts):
    """Fill `starts` (n + 1,) with where each key begins in sorted order."""
    starts[:] = 0
    for k in range(keys.size):
        starts[keys[k] + 1] += 1
    for i in range(starts.size - 1):
        starts[i + 1] += starts[i]


@kernel
def place(keys, given, room, order):
    """Put the places in `given`, or all in their order if it is empty, into `order` by their keys; `room` holds the starts and is used up."""
    for n in range(keys.size):
        k = given[n] if given.size > 0 else n
        order[room[keys[k]]] = k
        room[keys[k]] += 1


def stable_order(keys: Any, n: int, given: Any = None) -> tuple[Any, Any]:
    """Return (the places of `keys` in stable order, where each key from 0 to n - 1 begins).

    `given` is an order of all of them to start from, so that a second call sorts by a further key.
    """
    starts = np.empty(n + 1, np.int64)
    count_starts(keys, starts)
    order = np.empty(keys.size, np.int32)
    place(keys, np.zeros(0, np.int32) if given is None else given, starts.copy(), order)
    return order, starts
