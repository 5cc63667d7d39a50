"""The table of pairs: found whichever way round, told from others, dropped and used again, all against a plain dictionary."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from sim.decisions.constants import NEVER
from sim.state.columns import DROPPED, FREE, NEEDED, PAIR, PAIRS, ROW_BITS, TAKEN, TIE, TWO_WAY
from sim.state.memory import table
from sim.state.pair_table import (
    FREE_AHEAD,
    FULL,
    begin_pair,
    claim,
    clear_pair,
    drop_over,
    drop_row,
    fetch_pair,
    find,
    find_from,
    home_of,
    is_over,
    is_stale,
    known,
    known_of,
    list_free_row,
    mark_needed,
    next_place,
    pair_code,
    place_before,
    rehash,
    tag_of,
    ties_first,
)


@pytest.fixture(autouse=True)
def _unsigned():
    """Plain NumPy warns where 64-bit hashes wrap around; compiled code does not, and neither is wrong."""
    with np.errstate(over="ignore"):
        yield


def graph(*, rows=64, places=128, members=40):
    """Return the columns that the table needs, with nothing in them."""
    sizes = np.zeros(9, np.int64)
    sizes[ROW_BITS] = rows.bit_length()
    return SimpleNamespace(
        sizes=sizes, pairs=table(PAIR, rows), index=np.zeros(places, np.uint32), account_day=np.full(members, NEVER, np.int16)
    )


def drop(g, *rows):
    """Drop pairs, and list the free rows anew, as `drop_over` does."""
    for row in rows:
        drop_row(g, row)
    g.sizes[[FREE, DROPPED]] = 0
    last = before = 0
    for row in range(g.sizes[PAIRS]):
        if g.pairs[row].lo < 0:
            last, before = row, list_free_row(g, row, last, before)


def compiled(g):
    """Return the same columns as kernels take them."""
    from sim.state.columns import Columns

    return Columns(**{name: getattr(g, name, np.zeros(1, np.int64)) for name in Columns._fields})


def test_a_pair_has_one_code_whichever_way_round():
    assert pair_code(3, 7) == pair_code(7, 3)
    assert pair_code(3, 7) != pair_code(3, 8)


def test_a_probe_begins_within_the_index_and_goes_round_at_its_end():
    assert {int(home_of(pair_code(i, 99), 5)) for i in range(90)} == set(range(5))
    assert next_place(np.uint64(3), 5) == 4
    assert next_place(np.uint64(4), 5) == 0
    assert [place_before(np.uint64(k), 5) for k in (0, 1, 4)] == [4, 0, 3]


def test_a_tag_leaves_the_bits_of_the_row_free():
    code = np.uint64(0xABCD_1234_89AB_CDEF)
    assert tag_of(code, 8) == 0x89AB_CD00
    assert tag_of(code, 0) == 0x89AB_CDEF


def test_what_was_claimed_is_found_and_nothing_else():
    g = graph()
    assert find(g, 1, 2) == -1
    assert claim(g, 2, 1) == 0
    assert claim(g, 1, 3) == 1
    assert claim(g, 1, 2) == 0  # it is there already
    assert (find(g, 1, 2), find(g, 2, 1), find(g, 3, 1), find(g, 2, 3)) == (0, 0, 1, -1)
    assert (g.pairs[0].lo, g.pairs[0].hi) == (1, 2)
    assert g.pairs[0].last == NEVER
    assert (g.sizes[PAIRS], g.sizes[TAKEN], g.sizes[DROPPED]) == (2, 2, 0)


def test_a_pair_is_found_from_where_it_stood_and_elsewhere_if_it_was_dropped_since():
    g = graph()
    item = SimpleNamespace(sender=2, recipient=1, row=claim(g, 1, 2))
    g.pairs[0].last = 3
    assert (find_from(g, 0, 1, 2), find_from(g, 0, 2, 1), known_of(g, item)) == (0, 0, 0)
    g.account_day[2] = 4  # an account that began later
    assert known_of(g, item) == -1
    drop(g, 0)
    assert (find_from(g, 0, 1, 2), known_of(g, item)) == (-1, -1)
    assert (claim(g, 1, 3), claim(g, 1, 2)) == (0, 1)  # another pair takes its place
    g.pairs[1].last = 5
    assert (find_from(g, 0, 1, 2), find_from(g, 0, 3, 1), known_of(g, item)) == (1, 0, 1)


def test_dropped_rows_are_the_next_to_be_taken_in_their_order():
    g = graph()
    for k in range(4):
        claim(g, 0, k + 1)
    g.pairs[1].state = TIE
    drop(g, 2, 1)
    assert (find(g, 0, 2), find(g, 0, 3), find(g, 0, 4)) == (-1, -1, 3)
    assert (g.sizes[DROPPED], g.sizes[FREE], g.pairs[1].hi, g.pairs[2].hi, g.pairs[1].state) == (2, 2, 3, 0, 0)
    assert [claim(g, 5, 6), claim(g, 5, 7), claim(g, 5, 8)] == [1, 2, 4]
    assert g.sizes[DROPPED] == 0


def test_a_free_row_names_the_one_that_is_taken_some_places_later():
    g = graph()
    for k in range(FREE_AHEAD + 3):
        claim(g, 0, k + 1)
    drop(g, *range(1, FREE_AHEAD + 3))  # two more than are looked ahead
    assert (-1 - g.pairs.lo[1:3]).tolist() == [1 + FREE_AHEAD, 2 + FREE_AHEAD]
    assert (-1 - g.pairs.lo[3 : FREE_AHEAD + 3]).tolist() == list(range(3, FREE_AHEAD + 3))  # behind which there are not so many


def test_a_pair_of_whom_nothing_is_remembered_begins_without_being_looked_for():
    g = graph()
    claim(g, 1, 2)
    g.pairs[0].state = TIE
    drop(g, 0)
    assert begin_pair(g, 9, 4) == 0
    r = g.pairs[0]
    assert (r.lo, r.hi, r.state, r.last, find(g, 4, 9)) == (4, 9, 0, NEVER, 0)


def test_a_place_before_an_empty_one_is_empty_again_and_so_are_the_tombstones_before_it():
    """Four pairs that stand one behind another in the index: of them the middle ones go first, then the last."""
    pairs = sorted(((int(home_of(pair_code(0, j), 8)), j) for j in range(1, 40)), key=lambda pair: pair[0])
    g, rows = graph(places=8), []
    for home, j in pairs:
        if home == pairs[0][0] and len(rows) < 4:
            rows.append((claim(g, 0, j), j))
    stands = [int(np.flatnonzero(np.int64(g.index) & (1 << int(g.sizes[ROW_BITS])) - 1 == row + 1)[0]) for row, _ in rows]
    assert [(place - stands[0]) % 8 for place in stands] == [0, 1, 2, 3]
    for n in (1, 2):
        drop_row(g, rows[n][0])
        assert (g.sizes[TAKEN], find(g, 0, rows[3][1])) == (4, rows[3][0])  # the last is found past them
    drop_row(g, rows[3][0])
    assert (g.sizes[TAKEN], np.count_nonzero(g.index), find(g, 0, rows[0][1])) == (1, 1, rows[0][0])


def test_it_agrees_with_a_dictionary_through_drops_collisions_and_a_new_index():
    g, there, rng = graph(rows=256, places=300), {}, np.random.default_rng(4)
    for _ in range(2000):
        i, j = (int(x) for x in rng.choice(40, 2, replace=False))
        pair = (min(i, j), max(i, j))
        if pair in there and rng.random() < 0.5:
            drop(g, there.pop(pair))
        elif g.sizes[TAKEN] < FULL * 300:
            there[pair] = claim(g, i, j)
        if rng.random() < 0.01:
            g.index[:] = 0
            rehash(compiled(g))
            assert g.sizes[TAKEN] == len(there)
    assert len(there) > 50
    assert len(set(there.values())) == len(there)
    for i in range(40):
        for j in range(i + 1, 40):
            row = there.get((i, j), -1)
            assert find(g, i, j) == row
            foreseen = fetch_pair(g, j, i)
            assert (foreseen if foreseen < 0 else find_from(g, foreseen, i, j)) == row


@pytest.mark.parametrize(("account", "stale"), [(4, False), (5, False), (6, True)])
def test_a_pair_of_an_earlier_account_is_forgotten(account, stale):
    g = graph()
    row = claim(g, 1, 2)
    g.pairs[row].last, g.pairs[row].exchanges = 5, 3
    g.account_day[2] = account
    assert is_stale(g, row, 1, 2) == stale
    assert known(g, 2, 1) == (-1 if stale else row)
    assert claim(g, 1, 2) == row
    assert g.pairs[row].exchanges == (0 if stale else 3)


def test_a_cleared_row_keeps_whose_it_is():
    g = graph()
    row = claim(g, 4, 9)
    r = g.pairs[row]
    r.state, r.strength, r.asks, r.since = 255, 1.5, 17, 30
    clear_pair(g.pairs, row)
    assert (r.lo, r.hi, r.state, r.strength, r.asks, r.since, r.approach) == (4, 9, 0, 0.0, 0, NEVER, NEVER)


def test_pairs_are_over_when_one_left_unless_they_are_still_asked_for():
    g, gone = graph(), np.zeros(40, np.int8)
    for j in (2, 3, 4):
        g.pairs[claim(g, 1, j)].last = 1
    g.pairs[claim(g, 5, 6)].last = 1
    gone[[2, 3]] = 1
    assert [is_over(g, row, gone) for row in range(4)] == [True, True, False, False]
    c = compiled(g)
    mark_needed(np.array([1, 1, 5], np.int32), np.array([3, 4, -1], np.int32), gone, c)
    assert [bool(g.pairs[row].state & NEEDED) for row in range(4)] == [False, True, False, False]
    drop_over(gone, c)
    assert [find(g, *pair) for pair in ((1, 2), (1, 3), (1, 4), (5, 6))] == [-1, 1, 2, 3]
    assert not g.pairs[1].state & NEEDED  # asked for once: the next time it is looked at anew
    drop_over(gone, c)
    assert find(g, 1, 3) == -1
    assert (g.sizes[DROPPED], g.sizes[FREE]) == (2, 1)
    assert [claim(g, 7, j) for j in (8, 9, 10)] == [0, 1, 4]


def test_the_connected_come_first_in_their_order():
    pairs = table(PAIR, 5)
    pairs.lo, pairs.state = [10, 11, 12, 13, 14], [0, TIE, 2, TIE | 2, TIE]
    assert ties_first(pairs, 4) == 2  # the fifth is not asked for
    assert pairs.lo[:2].tolist() == [11, 13]


def test_what_two_persons_count_once_outlives_an_account():
    g = graph()
    row = claim(g, 1, 2)
    r = g.pairs[row]
    r.last, r.exchanges, r.met, r.answered_lo, r.answered_hi, r.state, r.approach = 5, 3, 7, 4, 5, TIE | TWO_WAY, 2
    g.account_day[2] = 6
    assert claim(g, 1, 2) == row
    assert (r.met, r.answered_lo, r.answered_hi, r.state) == (7, 4, 5, TWO_WAY)
    assert (r.exchanges, r.approach, r.last) == (0, NEVER, NEVER)


def test_a_pair_of_an_earlier_account_is_kept_if_the_two_ever_had_an_exchange():
    g, gone = graph(), np.zeros(40, np.int8)
    for j, met in ((2, 0), (3, 1)):
        g.pairs[claim(g, 1, j)].last = 5
        g.pairs[find(g, 1, j)].met = met
    g.account_day[1] = 6
    drop_over(gone, compiled(g))
    assert (find(g, 1, 2), find(g, 1, 3)) == (-1, 1)
    gone[3] = 1
    drop_over(gone, compiled(g))
    assert find(g, 1, 3) == -1
