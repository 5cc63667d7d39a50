"""Tables are kept from day to day, and grow when they must."""

from __future__ import annotations

import numpy as np

from sim.columnar.buffers import ACTS, BufferPool, Buffers
from sim.state.columns import ACT


def acts(*members):
    rows = np.zeros(len(members), ACT).view(np.recarray)
    rows.member = members
    return rows


def test_a_table_is_kept_while_it_has_room():
    pool = BufferPool()
    first = pool.table("acts", ACT, 8)
    assert pool.table("acts", ACT, 5).ctypes.data == first.ctypes.data
    assert len(pool.table("acts", ACT, 100)) == 100
    assert pool.table("others", ACT, 5).ctypes.data != pool.table("acts", ACT, 5).ctypes.data


def test_rows_join_in_their_order_and_extend_in_place():
    pool = BufferPool()
    rows = pool.joined("acts", [acts(1, 2), acts(3)])
    assert rows.member.tolist() == [1, 2, 3]
    longer = pool.extended("acts", rows, 2)
    assert longer.member[:3].tolist() == [1, 2, 3]
    assert len(longer) == 5
    assert pool.extended("acts", acts(7), 1).member[0] == 7


def test_rows_are_put_behind_those_that_are_there_whether_the_table_has_room_or_not():
    pool = BufferPool()
    rows = pool.appended("acts", acts(1), acts(2, 3))
    assert rows.member.tolist() == [1, 2, 3]
    assert pool.appended("acts", rows[:2], acts(4)).member.tolist() == [1, 2, 4]
    assert pool.appended("acts", pool.table("acts", ACT, 2), acts(*range(50))).member.tolist() == [1, 2, *range(50)]
    assert pool.appended("acts", rows[:1], acts(5), acts(), acts(6)).member.tolist() == [1, 5, 6]


def test_what_was_written_is_what_the_counters_say():
    buffers = Buffers(10, 4)
    buffers.acts[0].member = 3
    buffers.scratch[ACTS] = 1
    assert buffers.acted.member.tolist() == [3]
    buffers.reset()
    assert len(buffers.acted) == 0
