"""Known answers: what the intervals promise, on synthetic paired processes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from experiments.methods import paired as stat

REPEATS = 10_000


def paired(rng, pairs, shift=0.3, shared=1.0, own=0.5, level=5.0):
    common = rng.normal(0.0, shared, pairs)
    return level + common + shift + rng.normal(0.0, own, pairs), level + common + rng.normal(0.0, own, pairs)


def ratio(y1, y0):
    return stat.ratios_of_means(y1[None, :], y0[None, :])[0]


def gain(y1, y0):
    return stat.pairing_gains(y1[None, :], y0[None, :])[0]


def covers(interval, truth):
    return interval.low <= truth <= interval.high


def test_difference_and_ratio_cover_at_twenty_pairs():
    rng = np.random.default_rng(1)
    hits = np.zeros(2)
    for _ in range(REPEATS):
        y1, y0 = paired(rng, 20)
        hits += [covers(stat.paired_difference(y1, y0), 0.3), covers(ratio(y1, y0), 5.3 / 5.0)]
    assert (hits / REPEATS >= 0.93).all()
    assert (hits / REPEATS <= 0.97).all()


def test_fieller_covers_where_the_denominator_varies_much():
    rng = np.random.default_rng(2)
    hits = 0
    for _ in range(REPEATS):
        y1, y0 = paired(rng, 20, shift=1.0, shared=1.0, own=0.6, level=2.0)
        assert abs(np.std(y0, ddof=1) / np.mean(y0)) > 0.2
        assert ratio(y1, y0) == stat.fieller(y1, y0)
        hits += covers(stat.fieller(y1, y0), 1.5)
    assert 0.93 <= hits / REPEATS <= 0.97


def test_fieller_is_unbounded_where_the_denominator_may_be_zero():
    rng = np.random.default_rng(3)
    found = stat.fieller(rng.normal(1.0, 1.0, 20), rng.normal(0.01, 1.0, 20))
    assert found.low == -math.inf
    assert found.high == math.inf


def test_until_precise_covers():
    rng = np.random.default_rng(4)
    hits = 0
    for _ in range(REPEATS):
        d = rng.normal(1.0, 0.45, 60)
        # the rule of `precise_enough`, looked at after every pair from 20 on; checked against it below
        n = np.arange(20, 61)
        sums, squares = np.cumsum(d)[19:], np.cumsum(d * d)[19:]
        mean = sums / n
        sd = np.sqrt((squares - n * mean**2) / (n - 1))
        content = TQ[n - 1] * sd / np.sqrt(n) <= 0.1 / 1.1 * np.abs(mean)
        stop = int(n[content.argmax()]) if content.any() else 60
        hits += covers(stat.mean_interval(d[:stop]), 1.0)
    assert 0.91 <= hits / REPEATS <= 0.96


TQ = np.concatenate([[np.nan], stats.t.ppf(0.975, np.arange(1, 500))])


def test_the_vectorised_rule_is_the_rule():
    rng = np.random.default_rng(5)
    for _ in range(200):
        d = rng.normal(1.0, 0.45, int(rng.integers(20, 60)))
        n = len(d)
        half = TQ[n - 1] * d.std(ddof=1) / math.sqrt(n)
        assert stat.precise_enough(d, 0.1) == (half <= 0.1 / 1.1 * abs(d.mean()))
    assert not stat.precise_enough(np.ones(19), 0.1)
    assert stat.precise_enough(rng.normal(0.0, 0.01, 20), 0.1, smallest_effect=1.0)


def familywise(repeats, seed):
    rng = np.random.default_rng(seed)
    signs = stat.flip_signs(20)
    wrong = 0
    for _ in range(repeats):
        d = rng.normal(size=(20, 20)) + rng.normal(size=(20, 1))  # twenty correlated measures, no difference
        critical = stat.critical_value(d, signs=signs)
        t = d.mean(axis=0) / (d.std(axis=0, ddof=1) / math.sqrt(20))
        wrong += bool((np.abs(t) > critical).any())
    return wrong / repeats


def test_simultaneous_intervals_are_wrong_together_in_one_of_twenty():
    assert 0.03 <= familywise(1000, 6) <= 0.075


@pytest.mark.slow
def test_simultaneous_intervals_are_wrong_together_in_one_of_twenty_at_length():
    assert 0.04 <= familywise(REPEATS, 7) <= 0.062


def test_uncorrected_intervals_would_be_wrong_far_more_often():
    rng = np.random.default_rng(8)
    d = rng.normal(size=(2000, 20, 20))
    t = d.mean(axis=1) / (d.std(axis=1, ddof=1) / math.sqrt(20))
    assert (np.abs(t) > TQ[19]).any(axis=1).mean() > 0.4


def test_until_decided_makes_false_calls_in_less_than_one_of_twenty():
    rng = np.random.default_rng(9)
    most, false = 300, 0
    n = np.arange(20, most + 1)
    rho2 = (-2.0 * math.log(0.05) + math.log(1.0 - 2.0 * math.log(0.05))) / 32
    factor = np.sqrt(2.0 * (n * rho2 + 1.0) / (n * n * rho2) * np.log(np.sqrt(n * rho2 + 1.0) / 0.05))
    for _ in range(10):
        d = rng.normal(size=(REPEATS // 10, most))
        mean = np.cumsum(d, axis=1)[:, 19:] / n
        sd = np.sqrt((np.cumsum(d * d, axis=1)[:, 19:] - n * mean**2) / (n - 1))
        false += int((np.abs(mean) > sd * factor).any(axis=1).sum())
    one = rng.normal(size=50)
    assert stat.confidence_sequence(one).high - one.mean() == pytest.approx(one.std(ddof=1) * factor[30])
    assert false / REPEATS < 0.05


def test_decided_waits_for_twenty_and_knows_what_is_too_small():
    rng = np.random.default_rng(10)
    assert not stat.decided(np.full(19, 5.0), 0.1)
    assert stat.decided(rng.normal(5.0, 1.0, 20), 0.1)
    assert stat.decided(rng.normal(0.0, 0.01, 40), 0.1)
    assert not stat.decided(rng.normal(0.0, 1.0, 20), 0.1)


NUMBERS = st.lists(st.floats(-100, 100, allow_nan=False), min_size=4, max_size=30)


@given(NUMBERS, st.floats(-10, 10, allow_nan=False))
def test_swapping_the_arms_turns_the_sign(values, shift):
    y1 = np.array(values)
    y0 = y1[::-1] + shift
    a, b = stat.paired_difference(y1, y0), stat.paired_difference(y0, y1)
    assert a.estimate == pytest.approx(-b.estimate, abs=1e-9)
    assert a.low == pytest.approx(-b.high, abs=1e-9)


def test_an_arm_against_itself_is_no_difference_that_matters():
    y = np.random.default_rng(11).normal(size=20)
    found = stat.paired_difference(y, y)
    assert found == (0.0, 0.0, 0.0)
    assert stat.verdict(found, 0.01, "higher better") == stat.NO_DIFFERENCE


@pytest.mark.parametrize(
    ("interval", "smallest", "direction", "words"),
    [
        ((0.0, -0.5, 0.5), 1.0, "higher better", "no difference that matters"),
        ((0.3, 0.1, 0.5), 1.0, "higher better", "no difference that matters"),  # this comes before better
        ((2.0, 0.1, 3.0), 1.0, "higher better", "better"),
        ((2.0, 0.1, 3.0), 1.0, "lower better", "worse"),
        ((-2.0, -3.0, -0.1), 1.0, "lower better", "better"),
        ((2.0, 0.1, 3.0), 1.0, "neither", "higher"),
        ((-2.0, -3.0, -0.1), 1.0, "neither", "lower"),
        ((2.0, -0.1, 3.0), 1.0, "higher better", "not decided"),
        ((2.0, -math.inf, math.inf), 1.0, "higher better", "not decided"),
    ],
)
def test_verdicts_in_words(interval, smallest, direction, words):
    assert stat.verdict(stat.Interval(*interval), smallest, direction) == words


def test_a_measure_has_the_same_figures_alone_and_among_others():
    """To the bit: tables are the same whichever measures a model version has."""
    rng = np.random.default_rng(13)
    y0 = rng.normal(1.0, [[0.05], [0.5], [2.0], [0.0]], (4, 20)) * [[1.0], [1.0], [1.0], [0.0]]
    y1 = y0 + rng.normal(0.3, 0.2, (4, 20))
    rows = list(zip(stat.mean_intervals(y1 - y0), stat.ratios_of_means(y1, y0), stat.pairing_gains(y1, y0), strict=True))
    for k, row in enumerate(rows):
        alone = (stat.paired_difference(y1[k], y0[k]), ratio(y1[k], y0[k]), gain(y1[k], y0[k]))
        np.testing.assert_array_equal(np.hstack(row), np.hstack(alone))
    assert all(math.isnan(x) for x in rows[3][1])  # of nothing there is no ratio
    assert rows[1][1] == stat.fieller(y1[1], y0[1])
    assert rows[0][1] != stat.fieller(y1[0], y0[0])


def test_the_variance_reduction_is_what_common_random_numbers_save():
    rng = np.random.default_rng(12)
    y1, y0 = paired(rng, 20_000, shared=2.0, own=0.5)
    assert gain(y1, y0) == pytest.approx((4.25 * 2) / 0.5, rel=0.05)
    assert math.isnan(gain(np.ones(5), np.ones(5)))
    assert gain(y1, y1) == math.inf


@given(st.integers(1, 300), st.integers(0, 10_000), st.floats(-200.0, 200.0))
def test_sums_with_any_signs_are_exact_and_near_those_of_what_was_given(pairs, seed, power):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(pairs, 3)) * [10.0**power, 1.0, 1e-3]
    signs = rng.choice([-1.0, 1.0], (20, pairs))
    rounded = stat.exactly_summed(x)
    exact = [[math.fsum(row * column) for column in rounded.T] for row in signs]
    assert (signs @ rounded).tolist() == exact
    assert (signs[:, ::-1] @ rounded[::-1]).tolist() == exact
    assert (np.abs(rounded - x) <= pairs * 2.0**-51 * np.abs(x).max(axis=0)).all()


def test_a_product_of_what_was_given_is_not_exact():
    x = np.random.default_rng(1).normal(size=(40, 50))
    signs = stat.flip_signs(40)[:200]
    exact = [[math.fsum(row * column) for column in x.T] for row in signs]
    assert (signs @ x).tolist() != exact
    assert (signs @ stat.exactly_summed(x)).tolist() == [[math.fsum(row * column) for column in stat.exactly_summed(x).T] for row in signs]
