"""What both sides of a pair are to each other: sides, flags, counts, marks, and what decays from its own day."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from sim import load_scenario
from sim.columnar import derived
from sim.decisions.codes import Distance
from sim.state.columns import AWAITS, MEMBER, PAIR, PENDING, TIE, TWO_WAY
from sim.state.memory import table
from sim.state.tally import new_tally

RULES = load_scenario("baseline").namespaces().rules[0]


@pytest.mark.parametrize(("i", "j", "who"), [(3, 7, 0), (7, 3, 1)])
def test_the_smaller_id_is_side_nought(i, j, who):
    assert derived.side(i, j) == who


def test_a_flag_is_of_one_side():
    flags = AWAITS | (PENDING << 1)
    assert [(derived.has(flags, AWAITS, who), derived.has(flags, PENDING, who)) for who in (0, 1)] == [(True, False), (False, True)]


def test_what_lasts_is_the_same_from_either_side():
    g = SimpleNamespace(industry=np.array([1, 1, 2], np.int8), seniority=np.array([0, 4, 2], np.int8))
    with np.errstate(over="ignore"):
        assert derived.pair_facts(RULES, g, np.uint64(5), 0, 1) == derived.pair_facts(RULES, g, np.uint64(5), 1, 0)
        assert derived.relevance_of(RULES, g, np.uint64(5), 0, 1) == derived.pair_facts(RULES, g, np.uint64(5), 0, 1)[0]
        assert derived.lasting_bits(np.uint64(5), 0, 1) != derived.lasting_bits(np.uint64(5), 0, 2)


def test_each_sides_requests_are_counted_apart():
    r = SimpleNamespace(asks=2 + 16 * 5)
    assert (derived.asks_of(r, 0), derived.asks_of(r, 1)) == (2, 5)


def test_load_is_halved_by_its_half_life_and_the_same_on_its_own_day():
    m = SimpleNamespace(load=8.0, load_day=10, annoyance=3.0, annoyance_day=10, lost_reputation=1.0, reputation_day=10)
    assert derived.load_of(RULES, m, 10) == 8.0
    assert derived.annoyance_of(RULES, m, 10) == 3.0
    assert derived.reputation_of(RULES, m, 10) == 1.0
    later = [derived.load_of(RULES, m, day) for day in (11, 12)]
    assert 8.0 > later[0] > later[1] > 0.0
    assert later[1] / later[0] == pytest.approx(later[0] / 8.0)


@pytest.mark.parametrize(("since", "far"), [(99, 0), (100, 1)])
def test_the_first_exchange_since_the_switch_makes_partners_of_two(since, far):
    t, members, pairs = new_tally(1, 1, 100, 200), table(MEMBER, 3), table(PAIR, 1)
    r = pairs[0]
    r.lo, r.hi, r.state, r.about = 0, 2, TIE, 4 * Distance.STRANGER + 1
    for _ in range(2):
        derived.note_exchange(t, members, r, since)
    assert r.exchanges == 2
    assert members.partners.tolist() == [far, 0, far]
    assert members.far_partners.tolist() == [far, 0, far]
    assert bool(r.state & TWO_WAY) == bool(far)


def test_partners_who_were_near_are_no_far_ones():
    t, members, pairs = new_tally(1, 1, 100, 200), table(MEMBER, 2), table(PAIR, 1)
    pairs[0].hi, pairs[0].about = 1, 4 * Distance.SECOND_DEGREE
    derived.note_exchange(t, members, pairs[0], 150)
    assert (members.partners.tolist(), members.far_partners.tolist()) == ([1, 1], [0, 0])


@pytest.mark.parametrize(("state", "exchanges", "yet"), [(TIE, 0, True), (0, 0, False), (TIE, 1, False)])
def test_two_have_yet_to_talk_until_their_first_exchange(state, exchanges, yet):
    assert derived.yet_to_talk(SimpleNamespace(state=state, exchanges=exchanges, approach=3, since=5)) == yet


def test_marks_are_made_once_for_a_member_and_cleared_before_another():
    pool = np.array([1, 2, 0, 2, 0, 1], np.int32)  # three who know one another
    g = SimpleNamespace(pool=pool, start=np.array([0, 2, 4]), length=np.array([2, 2, 2]))
    marks = SimpleNamespace(bits=np.zeros(3, np.uint64), owner=np.zeros(1, np.int64))
    assert derived.mutual_of(g, marks, 0, 1) == 1
    assert marks.owner[0] == 1
    before = marks.bits.copy()
    assert derived.mutual_of(g, marks, 0, 2) == 1
    assert marks.bits.tolist() == before.tolist()
    assert derived.mutual_of(g, marks, 1, 2) == 1
    derived.clear_marks(g, marks)
    assert (marks.owner[0], marks.bits.any()) == (0, False)
