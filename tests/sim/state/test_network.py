"""Neighbour lists: who is connected, in the order of acceptance, and what becomes of lists that move, shrink or are dropped."""

from __future__ import annotations

import numpy as np
import pytest

from sim.decisions.constants import NEVER
from sim.state.columns import LONGEST, PAIR, PENDING, ROW_BITS, TIE, TIES, USED, Columns
from sim.state.memory import table
from sim.state.network import (
    add_neighbour,
    close_gaps,
    connect,
    cut_neighbour,
    disconnect,
    drop_ties,
    flip_mark,
    flip_marks,
    has_room,
    is_marked,
    mutual_marked,
    neighbour,
    neighbour_place,
    new_marks,
    room_for,
)
from sim.state.pair_table import claim, find


@pytest.fixture(autouse=True)
def _unsigned():
    """Plain NumPy warns where 64-bit hashes wrap around; compiled code does not, and neither is wrong."""
    with np.errstate(over="ignore"):
        yield


def graph(n=12, pool=400):
    sizes = np.zeros(9, np.int64)
    sizes[ROW_BITS] = 8
    found = dict.fromkeys(Columns._fields, np.zeros(1, np.int64))
    return Columns(
        **found
        | {
            "sizes": sizes,
            "pairs": table(PAIR, 200),
            "index": np.zeros(400, np.uint32),
            "account_day": np.full(n, NEVER, np.int16),
            "start": np.zeros(n, np.int64),
            "length": np.zeros(n, np.int32),
            "room": np.zeros(n, np.int32),
            "degree": np.zeros(n, np.int32),
            "pool": np.full(pool, -7, np.int32),
        }
    )


def listed(g, i):
    return g.pool[g.start[i] : g.start[i] + g.length[i]].tolist()


def star():
    """0 is connected to 1, 2, 3; 1 and 2 as well."""
    g = graph()
    for i, j in ((0, 1), (0, 2), (1, 2), (0, 3)):
        connect(g, claim(g, i, j), i, j, 5, 2.5)
    return g


def test_lists_keep_the_order_of_acceptance_on_both_sides():
    g = star()
    assert [listed(g, i) for i in range(4)] == [[1, 2, 3], [0, 2], [0, 1], [0]]
    assert g.degree[:5].tolist() == [3, 2, 2, 1, 0]
    assert g.sizes[TIES] == 4


def test_a_tie_is_noted_with_its_day_and_strength_and_nothing_is_pending_any_more():
    g = graph()
    g.pairs[claim(g, 1, 2)].state = PENDING | (PENDING << 1) | 2
    connect(g, claim(g, 2, 1), 2, 1, 40, 1.25)
    r = g.pairs[find(g, 1, 2)]
    assert (r.state, r.since, r.last, r.touched, r.strength) == (TIE | 2, 40, 40, 40, 1.25)


@pytest.mark.parametrize(("length", "room"), [(0, 4), (4, 9), (8, 9)])
def test_a_full_list_moves_to_the_end_with_a_quarter_and_four_more(length, room):
    g = graph()
    for j in range(1, length + 1):
        add_neighbour(g, 0, j)
    add_neighbour(g, 0, 11)
    assert listed(g, 0) == [*range(1, length + 1), 11]
    assert g.room[0] == room  # 0 + 0 + 4, then 4 + 1 + 4
    assert g.sizes[LONGEST] == room
    assert g.sizes[USED] == (4 if length < 4 else 13)  # the old place stays as it was


def test_room_is_asked_for_both_lists_of_each_tie():
    assert room_for(8, 3) == 2 * 3 * (8 + 2 + 16)
    g = graph(pool=100)
    g.sizes[LONGEST], g.sizes[USED] = 8, 48
    assert has_room(g, 1)  # 48 + 52
    g.sizes[USED] = 49
    assert not has_room(g, 1)


def test_who_is_cut_leaves_a_dead_entry_in_place():
    g = star()
    cut_neighbour(g, 0, 2)
    assert listed(g, 0) == [1, -1, 3]
    assert (g.length[0], g.degree[0]) == (3, 2)
    cut_neighbour(g, 0, 9)  # no neighbour: nothing happens
    assert g.degree[0] == 2


def test_a_connection_undone_is_remembered_as_a_pair():
    g = star()
    disconnect(g, 1, 0)
    assert (listed(g, 0), listed(g, 1)) == ([-1, 2, 3], [-1, 2])
    assert g.pairs[find(g, 0, 1)].state & TIE == 0
    assert g.sizes[TIES] == 3
    disconnect(g, 1, 0)  # once is enough
    disconnect(g, 3, 4)  # never were
    assert (g.sizes[TIES], g.degree[0], g.degree[3]) == (3, 2, 1)


def test_who_leaves_is_in_nobodys_list():
    g = star()
    drop_ties(g, 0)
    assert [listed(g, i) for i in range(4)] == [[], [-1, 2], [-1, 1], [-1]]
    assert g.degree[:4].tolist() == [0, 1, 1, 0]
    assert g.sizes[TIES] == 1
    assert [bool(g.pairs[find(g, *pair)].state & TIE) for pair in ((0, 1), (0, 2), (0, 3), (1, 2))] == [False, False, False, True]


@pytest.mark.parametrize(
    ("compact", "lists", "used"), [(True, [[1, 3], [2], [1]], 4 + 3 + 3 + 3), (False, [[1, -1, 3], [-1, 2], [-1, 1]], 4 + 4 + 4 + 3)]
)
def test_gaps_close_in_the_order_of_the_lists(compact, lists, used):
    g = star()
    cut_neighbour(g, 0, 2)
    cut_neighbour(g, 1, 0)
    cut_neighbour(g, 2, 0)
    order = np.array([0, 1, 2, 3])
    assert close_gaps(order, g.start, g.length, g.room, g.pool, compact) == used  # two more than each list, where there were as many
    assert [listed(g, i) for i in range(3)] == lists
    assert listed(g, 3) == [0]
    assert g.start[0] == 0


def test_marks_count_mutual_connections_and_are_cleared_by_the_same_call():
    g, marks = star(), np.zeros(4, np.uint64)
    flip_marks(g, marks, 0)
    assert [j for j in range(12) if is_marked(marks, j)] == [1, 2, 3]
    assert [mutual_marked(g, marks, j) for j in (1, 2, 3, 4)] == [1, 1, 0, 0]
    flip_marks(g, marks, 0)
    assert not marks.any()


def test_dead_entries_mark_nobody():
    g, marks = star(), np.zeros(4, np.uint64)
    cut_neighbour(g, 0, 2)
    flip_marks(g, marks, 0)
    assert [j for j in range(12) if is_marked(marks, j)] == [1, 3]
    assert mutual_marked(g, marks, 1) == 0
    assert marks[0] == 0


def test_a_pick_is_one_of_the_list_dead_entries_included_and_nobody_from_an_empty_one():
    g = star()
    cut_neighbour(g, 0, 2)
    picked = [neighbour(g, 0, np.uint64(h * 0x9E37_79B9_7F4A_7C15 & 0xFFFF_FFFF_FFFF_FFFF)) for h in range(1, 60)]
    assert set(picked) == {1, -1, 3}
    assert neighbour_place(g, 7, np.uint64(5)) == -1
    assert neighbour(g, 7, np.uint64(5)) == -1


@pytest.mark.parametrize("members", [1, 63, 64, 65, 200])
def test_each_member_has_a_mark_of_their_own_which_flipping_twice_clears(members):
    marks = new_marks(members)
    for j in (0, members - 1):
        flip_mark(marks, j)
        assert [is_marked(marks, k) for k in range(members)] == [int(k == j) for k in range(members)]
        flip_mark(marks, j)
    assert not marks.any()
