"""Tuples that compiled code is handed at once: it has the very arrays that Python has."""

from __future__ import annotations

import copy
import pickle
from typing import Any, NamedTuple

import numba
import numpy as np
import pytest

from sim.handover import handed_at_once
from sim.jit import kernel
from sim.state.columns import ACT
from sim.state.memory import table


class Inner(NamedTuple):
    """A tuple within the other, of another kind."""

    numbers: Any  # int64
    acts: Any  # ACT


@handed_at_once
class Outer(NamedTuple):
    """What is handed over."""

    first: Any  # int8
    grid: Any  # (rows, columns) float64
    inner: Inner


@kernel
def seen(outer):
    """Return what compiled code finds at the ends of each array, and writes one."""
    outer.first[0] += 1
    rows, columns = outer.grid.shape
    numbers, acts = outer.inner.numbers, outer.inner.acts
    return (
        outer.first[0],
        rows,
        columns,
        outer.grid[rows - 1, columns - 1],
        numbers.size,
        numbers[numbers.size - 1],
        acts.size,
        acts[1].what,
    )


def outer(*numbers):
    acts = table(ACT, 2)
    acts.what = 5, 6
    return Outer(np.array([3, 4], np.int8), np.arange(6.0).reshape(2, 3), Inner(np.array(numbers), acts))


def test_compiled_code_reads_and_writes_the_arrays_themselves():
    given = outer(7, 8, 9)
    assert [seen(given), seen(given)] == [(4, 2, 3, 5.0, 3, 9, 2, 6), (5, 2, 3, 5.0, 3, 9, 2, 6)]
    assert given.first[0] == 5


def test_a_tuple_with_an_array_in_place_of_another_is_handed_over_anew():
    given = outer(7, 8)
    assert seen(given)[4:6] == (2, 8)
    assert seen(given._replace(inner=outer(1, 2, 30).inner))[4:6] == (3, 30)
    assert seen(given)[4:6] == (2, 8)


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda given: pickle.loads(pickle.dumps(given))])
def test_what_is_copied_or_written_knows_nothing_of_where_the_first_stood(again):
    given = outer(7, 8)
    seen(given)
    found = again(given)
    assert vars(found) == {}
    assert (type(found), found.inner.numbers.tolist()) == (Outer, [7, 8])
    assert seen(found)[1:] == seen(given)[1:]


def test_it_is_of_one_type_before_and_after_it_was_handed_over():
    before = numba.typeof(outer(1))
    given = outer(2)
    seen(given)
    assert numba.typeof(given) == before
    assert len(seen.overloads) == 1


def test_to_python_it_is_the_named_tuple_that_it_was():
    first, grid, inner = given = outer(1)
    assert (given.first is first, given.grid is grid, given.inner is inner) == (True, True, True)
    assert (Outer._fields, Outer.__name__, Outer.__module__) == (("first", "grid", "inner"), "Outer", __name__)
    assert Outer.__doc__ == "What is handed over."


def test_what_is_no_array_cannot_be_handed_over():
    with pytest.raises(AttributeError):
        _ = outer(1)._replace(first=3).packed
