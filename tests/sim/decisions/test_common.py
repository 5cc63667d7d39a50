"""Small formulas, worked out by hand, and relevance over many pairs."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from sim import Distance, Kind, load_scenario
from sim.decisions import common
from sim.decisions.common import are_competitors, profile_noise, relevance, seen_relevance
from sim.population.cohort import make_cohort
from sim.randomness import FIT, bell, day_key, pair_hash

BASE = load_scenario("baseline", members=4000)
SHIPPED = BASE.namespaces().rules[0]
PAIRS = 40_000
RULES = SimpleNamespace(
    relevance_competitors=1.0, relevance_fit=1.0, relevance_seniority=-0.3, relevance_centre=0.2, relevance_industry=1.0,
    relevance_competitor=-1.5,
)  # fmt: skip


def test_halving():
    assert common.decayed(8.0, 20.0, 10.0) == pytest.approx(2.0)
    assert common.decayed(8.0, 0.0, 10.0) == 8.0


def test_distances():
    assert common.distance_of(True, 0) == Distance.CONNECTED
    assert common.distance_of(False, 1) == Distance.SECOND_DEGREE
    assert common.distance_of(False, 0) == Distance.STRANGER
    assert common.present_distance(True, Distance.STRANGER) == Distance.CONNECTED
    assert common.present_distance(False, Distance.STRANGER) == Distance.STRANGER


def test_a_cold_message_is_no_invitation_and_goes_to_no_connection():
    cold = [kind for kind in Kind if common.is_cold_message(kind, False)]
    assert [kind for kind in Kind if kind not in cold] == [Kind.INVITATION, Kind.NOTE]
    assert not any(common.is_cold_message(kind, True) for kind in Kind)


def test_levels_above():
    assert [common.levels_above(theirs, 2) for theirs in (1, 2, 4)] == [0, 0, 2]


def test_two_of_one_industry_and_level_compete_where_all_do():
    assert common.relation(RULES, True, 0, 5) == (pytest.approx(bell(5) - 0.2 + 1.0 - 1.5), True)
    assert common.relation(RULES, True, 1, 5) == (pytest.approx(bell(5) - 0.3 - 0.2 + 1.0), False)
    assert common.relation(RULES, False, 0, 5) == (pytest.approx(bell(5) - 0.2), False)


def random_pairs():
    members = make_cohort(BASE, 3).members
    a, b = np.random.default_rng(0).integers(0, 4000, (2, PAIRS))
    key = day_key(3, FIT, 0, 0)
    for i, j in zip(a.tolist(), b.tolist(), strict=True):
        if i != j:
            lo, hi = min(i, j), max(i, j)
            h = pair_hash(key, lo, hi)
            same, levels = members.industry[lo] == members.industry[hi], abs(int(members.seniority[lo]) - int(members.seniority[hi]))
            rivals = are_competitors(SHIPPED, bool(same), levels, h)
            yield h, rivals, relevance(SHIPPED, bool(same), levels, rivals, h)


def test_relevance_of_random_pairs_is_about_standard_normal_and_competitors_have_less():
    drawn = list(random_pairs())
    values = np.array([value for *_, value in drawn])
    rivals = np.array([flag for _, flag, _ in drawn])
    assert abs(values.mean()) < 0.05
    assert 0.95 < values.std() < 1.05
    assert 0.005 < rivals.mean() < 0.02
    assert values[rivals].mean() < -0.2


def test_a_sender_sees_relevance_through_noise_that_shrinks_with_what_the_profile_shows():
    drawn = [(value, profile_noise(h, 0)) for h, _, value in random_pairs()]
    true = np.array([value for value, _ in drawn])

    def error(connected, mutual):
        return np.std(np.array([seen_relevance(SHIPPED, value, connected, mutual, noise) for value, noise in drawn]) - true)

    connection, friends, friend, stranger = error(True, 5), error(False, 5), error(False, 1), error(False, 0)
    assert connection == pytest.approx(SHIPPED.relevance_noise_connected, rel=0.02)
    assert stranger == pytest.approx(SHIPPED.relevance_noise_stranger, rel=0.02)
    assert connection < friends < friend < stranger
