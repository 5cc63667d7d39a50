"""Whose profile comes up, worked out by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from sim.decisions import visibility

RULES = SimpleNamespace(
    visibility_spread=0.5,
    visibility_activity=0.6,
    visibility_contacts=0.0,
    visibility_recent=0.5,
    visibility_half=0.25,
    visibility_half_life=1.0,
)


@pytest.mark.parametrize(
    ("activity", "contacts", "own", "log"),
    [
        (0.0, 0.0, 0.0, 0.0),
        (1.0, 0.0, 0.0, 0.5 * 0.6),
        (0.0, 5.0, 0.0, 0.0),  # contacts do not count here
        (0.0, 0.0, 1.0, 0.5 * 0.8),  # the rest: sqrt(1 - 0.6 * 0.6)
        (1.0, 0.0, -1.0, 0.5 * (0.6 - 0.8)),
    ],
)
def test_prominence_is_log_normal(activity, contacts, own, log):
    assert math.log(visibility.prominence(RULES, activity, contacts, own)) == pytest.approx(log, abs=1e-12)


def test_both_correlations_leave_the_spread_as_it_is_and_all_may_be_taken():
    both = SimpleNamespace(visibility_spread=1.0, visibility_activity=0.6, visibility_contacts=0.48)
    assert math.log(visibility.prominence(both, 1.0, 1.0, 1.0)) == pytest.approx(0.6 + 0.48 + 0.64)  # 0.64^2 is what is left
    most = SimpleNamespace(visibility_spread=1.0, visibility_activity=0.7, visibility_contacts=0.7)
    assert math.log(visibility.prominence(most, 1.0, 1.0, 1.0)) == pytest.approx(1.4 + math.sqrt(1.0 - 0.98))
    beyond = SimpleNamespace(visibility_spread=1.0, visibility_activity=0.8, visibility_contacts=0.7)
    assert math.log(visibility.prominence(beyond, 1.0, 1.0, 9.0)) == pytest.approx(1.5)  # nothing is left for the own


def test_prominence_has_the_correlations_that_are_asked_for():
    rng = np.random.default_rng(3)
    rules = SimpleNamespace(visibility_spread=2.0, visibility_activity=0.5, visibility_contacts=0.3)
    a, c, own = rng.standard_normal((3, 20_000))
    logs = np.log([visibility.prominence(rules, *one) for one in zip(a, c, own, strict=True)])
    assert logs.std() == pytest.approx(2.0, rel=0.02)
    assert np.corrcoef(logs, a)[0, 1] == pytest.approx(0.5, abs=0.02)
    assert np.corrcoef(logs, c)[0, 1] == pytest.approx(0.3, abs=0.02)


def test_the_share_of_recent_days_halves_and_comes_back():
    kept = visibility.about_kept(RULES)
    assert kept == 0.5  # a half-life of a day: today counts a half
    assert visibility.about_after(kept, 0.0, False) == 0.0
    assert visibility.about_after(kept, 0.0, True) == 0.5
    assert visibility.about_after(kept, 0.5, True) == 0.75
    assert visibility.about_after(kept, 0.75, False) == 0.375
    assert visibility.about_after(kept, 1.0, True) == 1.0
    assert visibility.about_after(0.75, 0.5, True) == 0.625  # today counts a quarter


def test_who_comes_every_second_day_was_about_for_half_of_them():
    kept, about = visibility.about_kept(SimpleNamespace(visibility_half_life=50.0)), 0.0
    for day in range(2000):
        about = visibility.about_after(kept, about, day % 2 == 0)
    assert about == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(("about", "hidden"), [(0.0, 0.5), (0.25, 0.25), (1.0, 0.1)])
def test_a_profile_that_was_sampled_is_shown_the_less_often_the_less_its_owner_was_about(about, hidden):
    assert visibility.comes_up(RULES, about, hidden + 1e-12)
    assert not visibility.comes_up(RULES, about, hidden - 1e-12)


def test_where_nothing_is_recent_all_are_shown():
    assert visibility.comes_up(SimpleNamespace(visibility_recent=0.0, visibility_half=0.25), 0.0, 0.0)
