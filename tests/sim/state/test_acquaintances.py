"""First contacts: races, groups, and who is named once."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from sim.decisions.codes import ContactRoute
from sim.state.acquaintances import (
    acquaintance_at,
    acquaintance_hash,
    acquaintance_place,
    enter_groups,
    fill_weights,
    known_count,
    race_winner,
)
from sim.state.columns import Groups


@pytest.fixture(autouse=True)
def _unsigned():
    """Plain NumPy warns where 64-bit hashes wrap around; compiled code does not, and neither is wrong."""
    with np.errstate(over="ignore"):
        yield


def groups(of, sizes):
    """Return groups of which so many have joined: members by group, then id."""
    of = np.array(of, np.int32)
    ids = np.argsort(of, kind="stable").astype(np.int32)
    return Groups(of, ids, np.searchsorted(of[ids], np.arange(len(sizes))), np.array(sizes, np.int64))


def six_members():
    """Return six members of two employers, two schools and two industries; of each group some have joined."""
    trade = groups([0, 1, 0, 1, 1, 1], [2, 0])
    return SimpleNamespace(
        employers=groups([0, 0, 0, 1, 1, 1], [2, 0]),
        schools=groups([0, 1, 0, 1, 0, 1], [0, 3]),
        industry=trade.of,
        by_industry=trade.ids,
        industry_start=trade.start,
        industry_size=trade.size,
    )


@pytest.mark.parametrize(
    ("route", "i", "expected"),
    [
        (ContactRoute.BY_EMPLOYER, 2, {0, 1}),  # of the three there two have joined
        (ContactRoute.BY_EMPLOYER, 5, {-1}),
        (ContactRoute.BY_SCHOOL, 5, {1, 3, 5}),
        (ContactRoute.BY_SCHOOL, 4, {-1}),
        (ContactRoute.BY_INDUSTRY, 2, {0, 2}),
        (ContactRoute.BY_INDUSTRY, 5, {-1}),
    ],
)
def test_an_acquaintance_is_somebody_of_the_group_who_has_joined(route, i, expected):
    g = six_members()
    places = {int(acquaintance_place(g, i, int(route), acquaintance_hash(3, 9, i, count))) for count in range(40)}
    assert {int(acquaintance_at(g, int(route), place)) if place >= 0 else -1 for place in places} == expected


def test_who_joins_can_be_found_in_each_of_their_groups():
    g = six_members()
    enter_groups(g, 3)
    assert g.employers.size.tolist() == [2, 1]
    assert g.schools.size.tolist() == [0, 4]
    assert g.industry_size.tolist() == [2, 1]


def test_nobody_knows_more_people_than_are_there():
    p, m = SimpleNamespace(network_contacts_median=20.0, network_contacts_sd=0.5), SimpleNamespace(contact_normal=0.0)
    assert [known_count(p, m, 3, 9, 50.0, i) for i in (0, 19, 20, 21)] == [0, 19, 20, 20]


def test_weights_of_a_race_are_the_degree_and_one_to_the_exponent():
    rules, weights = [SimpleNamespace(network_attachment=0.5)], np.zeros(9)
    getattr(fill_weights, "py_func", fill_weights)(rules, weights)
    assert weights[[0, 3, 8]].tolist() == pytest.approx([1.0, 2.0, math.sqrt(9.0)])


def test_a_race_is_won_more_often_by_those_with_more_connections():
    g = SimpleNamespace(degree=np.array([0, 0, 0, 18, 0, 0, 0, 0, 0, 0]), weights=np.arange(1.0, 20.0))  # a weight of 19 against 1
    rng = np.random.default_rng(7)
    won = [race_winner(SimpleNamespace(), g, rng.integers(10, size=16), rng.uniform(size=16)) for _ in range(300)]
    assert set(won) <= set(range(10))
    assert won.count(3) > 3 * max(won.count(j) for j in range(10) if j != 3)


def test_of_equals_the_first_entrant_to_arrive_wins():
    g = SimpleNamespace(degree=np.zeros(20, np.int64), weights=np.ones(1))
    luck = np.linspace(0.1, 0.8, 16)  # the greater the draw, the earlier
    assert race_winner(SimpleNamespace(), g, np.arange(16), luck) == 15
    assert race_winner(SimpleNamespace(), g, np.arange(16), luck[::-1]) == 0
