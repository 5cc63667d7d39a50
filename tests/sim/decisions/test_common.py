"""Small formulas, worked out by hand, and relevance over many pairs."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from sim import Distance, Kind, Purpose, load_scenario
from sim.decisions import common
from sim.decisions.common import are_competitors, profile_noise, relevance, seen_relevance
from sim.jit import kernel
from sim.population.cohort import make_cohort
from sim.randomness import FIT, bell, day_key, pair_hash, sub_hash, uniform

BASE = load_scenario("baseline", members=4000)
SHIPPED = BASE.namespaces().rules[0]
PAIRS = 40_000
RULES = SimpleNamespace(
    relevance_competitors=1.0,
    relevance_fit=1.0,
    relevance_seniority=-0.3,
    relevance_centre=0.2,
    relevance_industry=1.0,
    relevance_competitor=-1.5,
)


@pytest.mark.parametrize(
    ("value", "days", "half_life", "left"),
    [
        (8.0, 20.0, 10.0, 2.0),  # two half-lives
        (8.0, 1.0, 1.0, 4.0),
        (1.0, 10.0, 10.0, 0.5),
        (-1.0, 10.0, 10.0, -0.5),
        (8.0, 5.0, 10.0, 4.0 * math.sqrt(2.0)),  # half a half-life
        (8.0, 0.0, 10.0, 8.0),
        (8.0, -10.0, 10.0, 8.0),  # nothing grows back
        (0.0, 10.0, 10.0, 0.0),
    ],
)
def test_halving(value, days, half_life, left):
    assert common.decayed(value, days, half_life) == pytest.approx(left, rel=1e-14)


# e^ln 3 = 3, so 1 / (1 + 1/3) = 3/4 and (1/3) / (1 + 1/3) = 1/4; likewise 1 / (1 + 2/3) = 3/5 and (2/3) / (1 + 2/3) = 2/5
@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (-900.0, 0.0),
        (-math.log(3.0), 0.25),
        (-math.log(1.5), 0.4),
        (-0.0, 0.5),
        (0.0, 0.5),
        (math.log(1.5), 0.6),
        (math.log(3.0), 0.75),
        (900.0, 1.0),
    ],
)
def test_the_logistic_function(x, expected):
    assert common.logistic(x) == pytest.approx(expected, rel=1e-14)


@kernel
def log_counts(counts, found):
    """Fill what compiled code finds for each of these counts."""
    for n in range(counts.size):
        found[n] = common.log_count(counts[n])


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.int64])
def test_compiled_code_looks_up_the_same_logarithms_of_counts_and_asks_for_the_others(kind):
    counts = np.array([n for n in (0, 1, 2, 254, 255, 256, 257, 30_000) if n <= np.iinfo(kind).max], kind)
    found = np.empty(counts.size)
    log_counts(counts, found)
    assert found.tolist() == [math.log(1 + n) for n in counts.tolist()] == [common.log_count(n) for n in counts.tolist()]


@pytest.mark.parametrize(("x", "expected"), [(1.9, 2.0), (2.0, 2.0), (2.1, 2.1), (4.9, 4.9), (5.0, 5.0), (5.1, 5.0)])
def test_a_number_is_held_within_its_bounds(x, expected):
    assert common.clip(x, 2.0, 5.0) == expected


def test_invitations_are_those_with_and_without_a_note():
    assert [kind for kind in Kind if common.is_invitation(kind)] == [Kind.INVITATION, Kind.NOTE]


@pytest.mark.parametrize(
    ("kind", "purpose", "distance", "expected"),
    [
        (Kind.REPLY, Purpose.PROMOTION, Distance.STRANGER, False),  # whoever wrote first asked for it
        (Kind.PITCH, Purpose.INQUIRY, Distance.CONNECTED, True),
        (Kind.FOLLOW_UP, Purpose.INQUIRY, Distance.CONNECTED, True),
        (Kind.INVITATION, Purpose.INQUIRY, Distance.CONNECTED, True),
        (Kind.NOTE, Purpose.INQUIRY, Distance.CONNECTED, True),
        (Kind.MESSAGE, Purpose.RELATIONSHIP, Distance.CONNECTED, False),
        (Kind.MESSAGE, Purpose.PROMOTION, Distance.CONNECTED, True),
        (Kind.MESSAGE, Purpose.INQUIRY, Distance.SECOND_DEGREE, True),
        (Kind.MESSAGE, Purpose.INQUIRY, Distance.STRANGER, True),
        (Kind.INTRODUCTION, Purpose.INQUIRY, Distance.SECOND_DEGREE, True),
    ],
)
def test_unsolicited_is_what_nobody_asked_for(kind, purpose, distance, expected):
    assert common.is_unsolicited(kind, purpose, distance) is expected


@pytest.mark.parametrize(("mutual", "half", "weight"), [(0, 2.0, 0.0), (2, 2.0, 0.5), (6, 2.0, 0.75), (1, 0.5, 2.0 / 3.0)])
def test_mutual_connections_saturate(mutual, half, weight):
    assert common.saturating(mutual, half) == pytest.approx(weight, rel=1e-15)


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


def test_who_competes_is_one_draw_of_the_pair_s():
    u = uniform(sub_hash(5, 0))
    for share, expected in ((u, False), (math.nextafter(u, 1.0), True)):
        assert are_competitors(SimpleNamespace(relevance_competitors=share), True, 0, 5) is expected
    assert not are_competitors(RULES, False, 0, 5)
    assert not are_competitors(RULES, True, 1, 5)


def test_relevance_is_fit_seniority_industry_and_competition():
    rules = SimpleNamespace(
        relevance_fit=2.0, relevance_seniority=-0.25, relevance_centre=0.5, relevance_industry=1.5, relevance_competitor=-1.0
    )
    fit = bell(77)
    assert relevance(rules, False, 0, False, 77) == pytest.approx(2.0 * fit - 0.5)
    assert relevance(rules, False, 3, False, 77) == pytest.approx(2.0 * fit - 0.75 - 0.5)
    assert relevance(rules, True, 0, False, 77) == pytest.approx(2.0 * fit - 0.5 + 1.5)
    assert relevance(rules, True, 0, True, 77) == pytest.approx(2.0 * fit - 0.5 + 1.5 - 1.0)


def test_each_side_of_a_pair_has_noise_of_its_own():
    assert [profile_noise(77, side) for side in (0, 1)] == [bell(sub_hash(77, 1)), bell(sub_hash(77, 2))]
    assert profile_noise(77, 0) != profile_noise(77, 1)


@pytest.mark.parametrize(
    ("connected", "mutual", "expected"),
    [
        (True, 0, 3.0 + 0.25 * 2.0),
        (False, 0, 3.0 + 1.25 * 2.0),  # all is hidden
        (False, 2, 3.0 + (0.25 + 1.0 * 0.5) * 2.0),  # two in common halve what is hidden
        (False, 6, 3.0 + (0.25 + 1.0 * 0.25) * 2.0),  # 2 / (2 + 6)
    ],
)
def test_a_profile_seen_through_noise(connected, mutual, expected):
    rules = SimpleNamespace(relevance_noise_connected=0.25, relevance_noise_stranger=1.25, relevance_noise_half=2.0)
    assert seen_relevance(rules, 3.0, connected, mutual, 2.0) == pytest.approx(expected, rel=1e-15)


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
