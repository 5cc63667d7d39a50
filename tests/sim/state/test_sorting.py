"""Stable orders by id, and rows merged where their owners' rows stand."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.jit import inlined
from sim.state.columns import AGENDA
from sim.state.memory import table
from sim.state.sorting import AHEAD, merging, put_in_order, put_sorted, stable_order


def test_a_known_order():
    assert stable_order(np.array([2, 0, 2, 1, 0], np.int32), 4).tolist() == [1, 4, 3, 0, 2]  # of key 3 there is none


def test_nothing_is_in_order():
    assert len(stable_order(np.zeros(0, np.int32), 3)) == 0


def test_a_column_is_put_in_order_as_it_stands_in_its_rows():
    rows = agenda((2, 0, 0), (0, 0, 1), (1, 0, 2))
    assert stable_order(rows.owner, 3).tolist() == [1, 2, 0]
    assert stable_order(rows[:1].owner, 3).tolist() == [0]


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=60))
def test_a_second_sort_by_a_further_key_is_that_of_numpy(rows):
    first, second = (np.array(column, np.int32) for column in zip(*rows, strict=True))
    assert stable_order(first, 7, stable_order(second, 7)).tolist() == np.lexsort((second, first)).tolist()


@inlined
def owner_of(row):
    return row.owner


@inlined
def is_due_first(old, new):
    return old.owner < new.owner or (old.owner == new.owner and old.due <= new.due)


MERGE = merging(owner_of, is_due_first)


def agenda(*rows):
    found = table(AGENDA, len(rows))
    for k, (owner, due, what) in enumerate(rows):
        found[k].owner, found[k].due, found[k].what = owner, due, what
    return found


def test_rows_are_copied_in_an_order_also_where_more_are_prefetched_than_there_are():
    for count in (0, 1, AHEAD, AHEAD + 1, 100):
        given, rows = agenda(*((k, 0, k) for k in range(count))), agenda(*((0, 0, 0) for _ in range(count)))
        put_in_order(rows, np.arange(count - 1, -1, -1, dtype=np.int32), given)
        assert rows.owner.tolist() == rows.what.tolist() == list(range(count - 1, -1, -1))


def test_rows_are_sorted_by_the_first_column_named_then_by_the_next_and_equals_keep_their_order():
    given, rows = agenda((2, 1, 1), (0, 2, 2), (2, 0, 3), (0, 2, 4), (1, 2, 5)), agenda(*((0, 0, 0) for _ in range(5)))
    put_sorted(rows, given, 3, "owner", "due")
    assert rows.what.tolist() == [2, 4, 5, 3, 1]
    put_sorted(rows, given, 3, "due")
    assert rows.what.tolist() == [3, 1, 2, 4, 5]


def test_new_rows_come_between_those_that_are_there_and_of_equals_the_old_stand_first():
    rows = table(AGENDA, 6)
    rows[:3] = agenda((0, 5, 1), (2, 3, 2), (2, 9, 3))
    new = agenda((0, 4, 6), (1, 1, 5), (2, 3, 4))
    starts = np.zeros(5, np.int64)
    MERGE(rows, 3, new, starts)
    assert rows.what.tolist() == [6, 1, 5, 2, 4, 3]
    assert starts.tolist() == [0, 2, 3, 6, 6]


def test_nothing_new_leaves_everything_where_it_is():
    rows = agenda((0, 5, 1), (2, 3, 2))
    starts = np.full(4, 9, np.int64)
    MERGE(rows, 2, agenda(), starts)
    assert rows.what.tolist() == [1, 2]
    assert starts.tolist() == [0, 1, 1, 2]
