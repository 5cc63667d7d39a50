"""Whom a member approaches and which button is pressed: the formulas of outreach against what they promise."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from sim import load_scenario
from sim.decisions.codes import PRESS_CONNECT, PRESS_CONNECT_WITH_NOTE, PRESS_MESSAGE, WALK_AWAY
from sim.decisions.common import are_competitors, profile_noise, relevance, seen_relevance
from sim.decisions.outreach import choose_button
from sim.population.cohort import make_cohort
from sim.randomness import FIT, day_key, pair_hash

BASE = load_scenario("baseline", members=4000)
RULES = BASE.namespaces().rules[0]
PAIRS = 40_000


def button_shares(notes, *, style=None, friction=0.0, primary=0.0, rules=None, steps=20_000):
    """Return the share of each button over an even sweep of the draw."""
    p = rules or SimpleNamespace(
        outreach_nest=0.5, outreach_intimidation=0.0,
        **{f"outreach_{c}_{w}": 0.0 for c in ("message", "connect") for w in ("inquiry", "relationship", "promotion")},
    )  # fmt: skip
    style = style or SimpleNamespace(like_message=0.0, like_connect=0.0, walk_away=0.0, note=0.0)
    design = SimpleNamespace(friction=friction, primary=primary, notes=notes)
    pressed = [choose_button(p, style, design, 0, True, False, True, True, (k + 0.5) / steps) for k in range(steps)]
    return {button: pressed.count(button) / steps for button in (WALK_AWAY, PRESS_MESSAGE, PRESS_CONNECT, PRESS_CONNECT_WITH_NOTE)}


@pytest.mark.parametrize("notes", [0.0, 1.0])
def test_with_equal_utilities_message_and_connect_are_equally_likely_however_many_kinds_of_connect(notes):
    shares = button_shares(notes)
    connect = shares[PRESS_CONNECT] + shares[PRESS_CONNECT_WITH_NOTE]
    assert shares[PRESS_MESSAGE] == pytest.approx(connect, abs=1e-3)
    assert shares[WALK_AWAY] == pytest.approx(1.0 / 3.0, abs=1e-3)
    assert (shares[PRESS_CONNECT_WITH_NOTE] > 0.0) == (notes > 0.0)


def test_friction_moves_log_odds_by_its_amount_from_the_secondary_to_the_primary_button():
    for primary in (1.0, -1.0):
        shares = button_shares(0.0, friction=1.5, primary=primary)
        assert math.log(shares[PRESS_MESSAGE] / shares[PRESS_CONNECT]) == pytest.approx(1.5 * primary, abs=2e-3)


def random_pairs():
    members = make_cohort(BASE, 3).members
    a, b = np.random.default_rng(0).integers(0, 4000, (2, PAIRS))
    key = day_key(3, FIT, 0, 0)
    for i, j in zip(a.tolist(), b.tolist(), strict=True):
        if i != j:
            lo, hi = min(i, j), max(i, j)
            h = pair_hash(key, lo, hi)
            same, levels = members.industry[lo] == members.industry[hi], abs(int(members.seniority[lo]) - int(members.seniority[hi]))
            rivals = are_competitors(RULES, bool(same), levels, h)
            yield h, rivals, relevance(RULES, bool(same), levels, rivals, h)


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
        return np.std(np.array([seen_relevance(RULES, value, connected, mutual, noise) for value, noise in drawn]) - true)

    connection, friends, friend, stranger = error(True, 5), error(False, 5), error(False, 1), error(False, 0)
    assert connection == pytest.approx(RULES.relevance_noise_connected, rel=0.02)
    assert stranger == pytest.approx(RULES.relevance_noise_stranger, rel=0.02)
    assert connection < friends < friend < stranger
