"""Bands of even ranks: how often they raise a false alarm, and what they notice."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from experiments.methods.rank_bands import PLACES, bands, outside, shares, strictness


@pytest.mark.parametrize(("parameters", "level"), [(1, 0.95), (5, 0.95)])
def test_the_false_alarm_rate_is_the_one_that_is_asked_for(parameters, level):
    """As published: simultaneous bands at 95% are left by 5% of even samples, of all parameters together."""
    rng = np.random.default_rng(7)
    alarms = np.mean([outside(rng.random((100, parameters)), level=level).any() for _ in range(300)])
    assert binom.ppf(0.001, 300, 0.05) / 300 <= alarms + 0.02  # counts are whole: bands may be a little too wide, never too narrow
    assert alarms <= binom.ppf(0.999, 300, 0.05) / 300


def test_bands_are_stricter_at_each_place_for_more_parameters_and_hold_the_diagonal():
    assert strictness(100, 20) < strictness(100, 1) < 0.01 + 1e-9
    found = bands(200, 1)
    assert len(found.places) == PLACES - 1
    assert ((found.low <= found.places) & (found.places <= found.high)).all()
    middle = PLACES // 2 - 1
    half = 0.5 * (found.high - found.low)[middle]
    assert 2.5 * np.sqrt(0.25 / 200) < half < 4.0 * np.sqrt(0.25 / 200)  # three standard errors or so, not two


@pytest.mark.parametrize("power", [0.4, 2.5])
def test_ranks_that_lean_to_one_side_leave_the_bands(power):
    rng = np.random.default_rng(3)
    even, leaning = rng.random(200), rng.random(200) ** power
    assert outside(np.column_stack([even, leaning])).tolist() == [False, True]


def test_shares_are_counted_up_to_each_place():
    found = shares(np.array([[0.0], [0.5], [1.0], [0.26]]))
    places = np.arange(1, PLACES) / PLACES
    assert found[:, 0].tolist() == [0.25 * (1 + (p >= 0.26) + (p >= 0.5)) for p in places]
