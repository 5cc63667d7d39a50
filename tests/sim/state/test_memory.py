"""Tables begin with a cache line and are zero, small or in pages of their own."""

from __future__ import annotations

import numpy as np
import pytest

from sim.jit import CACHE_LINE
from sim.state.columns import ACT, MEMBER
from sim.state.memory import HUGE, LARGE, PAGE, Table, chosen, first, joined, release, table, zeroes


@pytest.mark.parametrize("size", [1, PAGE - 1, PAGE, LARGE - CACHE_LINE, LARGE, HUGE + 1])
def test_arrays_are_zero_and_begin_with_a_cache_line(size):
    found = zeroes(np.uint8, size)
    assert found.shape == (size,)
    assert size < PAGE or found.ctypes.data % CACHE_LINE == 0
    assert not found.any()


def test_a_row_of_members_is_four_cache_lines():
    rows = table(MEMBER, 3)
    assert rows[1:].ctypes.data - rows.ctypes.data == 4 * CACHE_LINE
    rows[2].style = 5
    assert rows.style.tolist() == [0, 0, 5]


def test_columns_are_attributes_that_can_be_read_and_filled():
    rows = acts(1, 2, 3)
    assert type(rows.member) is type(rows["member"]) is np.ndarray
    rows.member[1] = 7
    rows.other = [4, 5, 6]
    assert rows["member"].tolist() == [1, 7, 3]
    assert rows[1:].other.tolist() == [5, 6]
    assert type(rows[1:]) is type(rows[rows.member > 1]) is Table
    assert (rows[0].what, rows.size) == (-1, 3)


def test_a_column_that_a_table_does_not_have_is_named():
    rows = table(ACT, 1)
    with pytest.raises(AttributeError, match="no 'membr'"):
        _ = rows.membr
    with pytest.raises(AttributeError):
        rows.membr = 3


def test_small_tables_keep_what_is_behind_when_it_is_given_back():
    rows = zeroes(np.int64, 4)
    rows[:] = 7
    release(rows, 2)  # not pages of their own: nothing can be given back
    assert rows.tolist() == [7, 7, 7, 7]


def test_tables_of_a_kind_share_one_object_that_says_so():
    """Compiled code tells kinds by it: of another object it compares column after column, at each call."""
    rows = table(ACT, 6)
    for other in (rows, first(rows, 2), joined([rows, rows]), chosen(rows, np.arange(6) > 2), rows.copy()):
        assert type(other) is Table
        assert other.dtype is ACT


def acts(*members):
    rows = table(ACT, len(members))
    rows.member, rows.what = members, -np.array(members)
    return rows


def test_rows_are_joined_in_their_order_and_share_nothing():
    one, other = acts(1, 2), acts(3)
    rows = joined([one, other])
    one.member = 9
    assert rows.member.tolist() == [1, 2, 3]
    assert rows.what.tolist() == [-1, -2, -3]
    there = table(ACT, 3)
    assert joined([acts(4), acts(5, 6)], there) is there
    assert there.member.tolist() == [4, 5, 6]


def test_marked_rows_are_copied_whole():
    rows = acts(1, 2, 3, 4)
    found = chosen(rows, np.array([False, True, False, True]))
    rows.member = 0
    assert (found.member.tolist(), found.what.tolist()) == ([2, 4], [-2, -4])
    assert len(chosen(acts(), np.zeros(0, bool))) == 0


def test_the_first_rows_are_the_same_memory():
    rows = acts(1, 2, 3)
    first(rows, 2).member = 7
    assert rows.member.tolist() == [7, 7, 3]
    assert len(first(rows, 0)) == 0
