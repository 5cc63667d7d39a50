"""Partner search: the best of the profiles, of equals the first, and who is not open to an approach."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from sim import load_scenario
from sim.columnar.partner_search import (
    UNKNOWN,
    best_of,
    first_hash,
    first_place,
    friend_at,
    is_open_to,
    row_of,
    said_no,
    second_place,
)
from sim.decisions.codes import LookRoute, Purpose
from sim.state.columns import AWAITS, LISTED, LOOK, OPTED_OUT, PAIR, PENDING, RED_FLAG, ROW_BITS, TIE
from sim.state.memory import table
from sim.state.pair_table import claim

RULES = load_scenario("baseline").namespaces().rules[0]
TODAY = SimpleNamespace(seed=3, day=200)


@pytest.fixture(autouse=True)
def _unsigned():
    """Plain NumPy warns where 64-bit hashes wrap around; compiled code does not, and neither is wrong."""
    with np.errstate(over="ignore"):
        yield


def test_of_equals_the_first_is_best():
    looks = table(LOOK, 5)
    looks.score = [9.0, 1.0, 3.0, 3.0, -np.inf]
    assert best_of(looks, 1, 5) == 2
    assert best_of(looks, 0, 5) == 0
    assert best_of(looks, 4, 5) == 4


def test_a_look_finds_its_pair_where_it_was_foreseen_and_elsewhere():
    sizes = np.zeros(9, np.int64)
    sizes[ROW_BITS] = 4
    g = SimpleNamespace(sizes=sizes, pairs=table(PAIR, 8), index=np.zeros(32, np.uint32), account_day=np.zeros(9, np.int16))
    assert [claim(g, 1, 2), claim(g, 3, 1)] == [0, 1]
    looks = [SimpleNamespace(looker=1, member=3, place=place) for place in (1, 0, UNKNOWN, -1)]
    assert [row_of(g, look) for look in looks] == [1, 1, 1, -1]  # of the last it is known that it is not there
    assert row_of(g, SimpleNamespace(looker=2, member=3, place=UNKNOWN)) == -1


def first(g, i, route, count):
    """Where a look of i begins to read."""
    return first_place(g, i, route, first_hash(TODAY, i, route, count))


def test_looks_go_where_their_route_says():
    g = SimpleNamespace(
        pool=np.array([5, 6, 0], np.int32),
        start=np.array([0, 2, 2]),
        length=np.array([2, 1, 0]),
        industry=np.array([0, 1, 1]),
        industry_start=np.array([0, 1]),
        industry_listed=np.array([1, 2]),
        sizes=np.array([0] * LISTED + [3]),
    )
    assert {first(g, 0, LookRoute.LOOK_CONNECTIONS, count) for count in range(30)} == {0, 1}
    assert {first(g, 1, LookRoute.LOOK_INDUSTRY, count) for count in range(30)} == {1, 2}
    assert first(g, 2, LookRoute.LOOK_FRIENDS, 0) == -1  # who has no connection has no friends of friends
    assert {first(g, 0, LookRoute.LOOK_ANYWHERE, count) for count in range(30)} == {0, 1, 2}
    g.sizes[LISTED] = 0
    assert first(g, 0, LookRoute.LOOK_ANYWHERE, 0) == -1  # nobody is listed yet


def test_only_friends_of_friends_take_a_second_step():
    g = SimpleNamespace(pool=np.array([1, 0, 7], np.int32), start=np.array([0, 1]), length=np.array([1, 2]))
    assert friend_at(g, LookRoute.LOOK_FRIENDS, 0) == 1
    assert friend_at(g, LookRoute.LOOK_FRIENDS, -1) == -1
    assert friend_at(g, LookRoute.LOOK_CONNECTIONS, 0) == -1
    assert {second_place(g, TODAY, 0, LookRoute.LOOK_FRIENDS, 0, 1, count) for count in range(30)} == {1, 2}
    assert second_place(g, TODAY, 0, LookRoute.LOOK_FRIENDS, 0, -1, 0) == -1
    assert second_place(g, TODAY, 0, LookRoute.LOOK_INDUSTRY, 4, -1, 0) == 4


def pair(state, last=0):
    pairs = table(PAIR, 1)
    pairs[0].lo, pairs[0].hi, pairs[0].state, pairs[0].last = 2, 8, state, last
    return pairs


@pytest.mark.parametrize(
    ("state", "from_2", "from_8"),
    [
        (0, False, False),
        (RED_FLAG, True, False),  # the smaller id was told no
        (RED_FLAG << 1, False, True),
        (OPTED_OUT, False, True),  # the smaller id wants no more
        (OPTED_OUT << 1, True, False),
    ],
)
def test_a_no_is_said_to_one_side(state, from_2, from_8):
    assert (said_no(pair(state), 0, 2, 8), said_no(pair(state), 0, 8, 2)) == (from_2, from_8)


def open_to(state, *, last=0, heeds=0.0, row=0):
    g = SimpleNamespace(pairs=pair(state, last))
    return is_open_to(RULES, SimpleNamespace(heeds=heeds), g, row, Purpose.RELATIONSHIP, TODAY, 2, 8)


def test_strangers_without_a_history_are_open():
    assert open_to(0, row=-1)


def test_a_no_closes_for_those_who_heed_it_and_for_no_others():
    assert open_to(RED_FLAG, heeds=0.0)
    assert not open_to(RED_FLAG, heeds=1.0)


@pytest.mark.parametrize("state", [AWAITS, AWAITS << 1, PENDING, PENDING << 1])
def test_who_was_lately_written_to_is_left_alone_for_some_days(state):
    rest = int(RULES.outreach_rest_days)
    assert not open_to(state, last=TODAY.day - rest + 1)
    assert open_to(state, last=TODAY.day - rest)


def test_connections_are_no_new_relationships():
    assert not open_to(TIE)
