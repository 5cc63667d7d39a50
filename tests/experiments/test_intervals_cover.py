"""What intervals and rules of stopping promise, they keep in the long run: thousands of repetitions on synthetic pairs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from experiments.methods import paired as stat
from tests.helpers.pairs import paired, ratio

REPEATS = 10_000


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


@pytest.mark.slow
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
