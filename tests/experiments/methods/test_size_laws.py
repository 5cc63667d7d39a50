"""Laws of size: known answers, and how often a limit is told where there is none."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.methods.size_laws import (
    GOES_ON,
    GROWS,
    LEVEL,
    LEVELS,
    LIMIT,
    RELATIVE,
    STEADY,
    UNSAID,
    AtSize,
    checked,
    error_of,
    fitted,
    judged,
    verdict_of,
)

SIZES = np.array([500.0, 1000.0, 2000.0, 5000.0, 10000.0, 30000.0])
TENS = np.array([math.log10(n) for n in SIZES])
ERRORS = np.full(len(SIZES), 0.01)


def test_an_exact_law_is_found_again():
    levels = fitted(LEVELS, SIZES, 2.0 + 300.0 / SIZES, ERRORS)
    assert levels.coefficients == pytest.approx([2.0, 300.0])
    assert levels.chance == pytest.approx(1.0)
    goes_on = fitted(GOES_ON, SIZES, 1.0 + 0.5 * TENS, ERRORS)
    assert goes_on.coefficients == pytest.approx([1.0, 0.5])
    mean, error = goes_on.at(np.array([1000.0]))
    assert mean == pytest.approx([2.5])
    assert 0.0 < error[0] < 0.01  # six places say more than one


def test_the_chance_of_errors_as_large_is_that_of_their_squares_with_two_fewer_degrees_of_freedom_than_sizes():
    """Of two degrees the chance of a sum of squares beyond x is exp(-x / 2), and of one erfc(sqrt(x / 2)): by hand."""
    tens, off = np.array([1.0, 2.0, 3.0, 4.0]), np.array([0.01, -0.01, -0.01, 0.01])  # the law of these sizes explains nothing of it
    assert fitted(GOES_ON, 10.0**tens, 1.0 + 0.5 * tens + off, np.full(4, 0.01)).chance == pytest.approx(math.exp(-4.0 / 2.0))
    off = np.array([0.01, -0.02, 0.01])
    assert fitted(GOES_ON, 10.0 ** tens[:3], tens[:3] + off, np.full(3, 0.01)).chance == pytest.approx(math.erfc(math.sqrt(6.0 / 2.0)))
    assert fitted(GOES_ON, 10.0 ** tens[:2], tens[:2], np.full(2, 0.01)).chance == 1.0  # two sizes say nothing against any law


def test_what_is_held_out_has_no_part_in_its_prediction():
    seen = 2.0 + 300.0 / SIZES
    one, other = (checked(LEVELS, SIZES, np.append(seen[:-1], last), ERRORS) for last in (seen[-1], 9.0))
    assert one.predicted == pytest.approx(seen[-1])
    assert other.predicted == one.predicted
    assert one.holds
    assert not other.holds
    assert one.high - one.low > 2 * 1.96 * 0.01  # the noise of what is seen there, and that of the law


def test_a_limit_a_growth_and_no_change_are_told_apart():
    limit = judged(SIZES, 2.0 + 300.0 / SIZES, ERRORS)
    assert limit.kind == LIMIT
    left, most = limit.left(10000.0)
    assert left == pytest.approx(-0.03)
    error = math.sqrt(limit.levels.law.covariance[1, 1])
    assert most == pytest.approx((300.0 + 1.96 * error) / 10000.0)
    grows = judged(SIZES, 1.0 + 0.5 * TENS, ERRORS)
    assert grows.kind == GROWS
    change, low, high = grows.tenfold
    assert change == pytest.approx(0.5)
    assert low < 0.5 < high
    assert judged(SIZES, np.full(6, 3.0), ERRORS).kind == STEADY


def test_where_both_laws_hold_or_neither_nothing_is_said():
    noisy = np.full(6, 0.3)
    both = judged(SIZES, 2.0 + 600.0 / SIZES, noisy)
    assert both.levels.holds
    assert both.goes_on.holds
    assert both.kind == UNSAID
    neither = judged(SIZES, np.array([0.0, 1.0, 0.0, 1.0, 0.0, 1.0]), ERRORS)
    assert (neither.levels.holds, neither.goes_on.holds, neither.kind) == (False, False, UNSAID)


def test_too_few_sizes_or_undefined_figures_have_no_law():
    assert judged(SIZES[:3], np.ones(3), ERRORS[:3]) is None
    assert judged(SIZES, np.append(np.ones(5), np.nan), ERRORS) is None
    assert judged(SIZES, np.ones(6), np.append(ERRORS[:5], 0.0)) is None


@pytest.mark.parametrize(("truth", "wrong"), [("growth", LIMIT), ("limit", GROWS)])
def test_the_wrong_law_is_told_in_few_of_many_trials(truth, wrong):
    """A law that is true fails its check, at 95% each for the fit and the prediction, in a tenth of trials at most."""
    rng = np.random.default_rng(1)
    mean = 1.0 + 0.5 * TENS if truth == "growth" else 2.0 + 300.0 / SIZES
    told = [judged(SIZES, mean + rng.normal(0.0, 0.05, 6), np.full(6, 0.05)).kind for _ in range(400)]
    assert told.count(wrong) <= 40


def test_an_interval_stands_for_an_error():
    assert error_of((1.0, 0.804, 1.196)) == pytest.approx(0.1)


def test_levels_and_relative_effects_are_judged_each_by_its_own_bounds():
    nothing = (math.nan, math.nan, math.nan)
    rows = [
        AtSize(n, 5, level=(0.2, 0.199, 0.201), difference=nothing, relative=(x := 0.1 - 20.0 / n, x - 0.002, x + 0.002))
        for n in (500, 1000, 2000, 5000, 10_000)
    ]
    assert verdict_of(rows, LEVEL).kind == STEADY
    found = verdict_of(rows, RELATIVE)
    assert found.kind == LIMIT
    assert found.left(1000)[0] == pytest.approx(0.02)
    assert verdict_of([row._replace(relative=nothing) for row in rows], RELATIVE) is None
