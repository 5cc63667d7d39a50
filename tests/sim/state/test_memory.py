"""Tables begin with a cache line and are zero, small or in pages of their own."""

from __future__ import annotations

import numpy as np
import pytest

from sim.jit import CACHE_LINE
from sim.state.columns import MEMBER
from sim.state.memory import HUGE, LARGE, release, table, zeroes


@pytest.mark.parametrize("size", [1, LARGE - CACHE_LINE, LARGE, HUGE + 1])
def test_arrays_are_zero_and_begin_with_a_cache_line(size):
    found = zeroes(np.uint8, size)
    assert found.shape == (size,)
    assert found.ctypes.data % CACHE_LINE == 0
    assert not found.any()


def test_a_row_of_members_is_four_cache_lines():
    rows = table(MEMBER, 3)
    assert rows[1:].ctypes.data - rows.ctypes.data == 4 * CACHE_LINE
    rows[2].style = 5
    assert rows.style.tolist() == [0, 0, 5]


def test_small_tables_keep_what_is_behind_when_it_is_given_back():
    rows = zeroes(np.int64, 4)
    rows[:] = 7
    release(rows, 2)  # not pages of their own: nothing can be given back
    assert rows.tolist() == [7, 7, 7, 7]
