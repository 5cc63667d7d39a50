"""Known answers: what the intervals promise, on synthetic paired processes."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.methods import paired as stat
from tests.helpers.pairs import gain, paired, ratio


# Published tables of Student's t, two-sided 95% and 99%, by degrees of freedom: one less than there are pairs.
@pytest.mark.parametrize(
    ("pairs", "level", "quantile"),
    [
        (2, 0.95, 12.706),
        (3, 0.95, 4.303),
        (5, 0.95, 2.776),
        (10, 0.95, 2.262),
        (20, 0.95, 2.093),
        (30, 0.95, 2.045),
        (61, 0.95, 2.000),
        (121, 0.95, 1.980),
        (5, 0.99, 4.604),
        (20, 0.99, 2.861),
    ],
)
def test_quantiles_of_t_are_those_of_the_tables(pairs, level, quantile):
    assert stat._t(pairs, level) == pytest.approx(quantile, abs=5e-4)
    # a mean of zero with standard deviation one has half the width of t / root n
    y = np.zeros(pairs)
    y[0], y[-1] = math.sqrt((pairs - 1) / 2.0), -math.sqrt((pairs - 1) / 2.0)
    assert stat.mean_interval(y, level).high == pytest.approx(quantile / math.sqrt(pairs), rel=3e-4)


def test_intervals_of_one_to_five():
    """Mean 3, standard deviation root 2.5, so by root 5 root 0.5: 2.7764 * 0.70711."""
    y = np.array([5.0, 1.0, 2.0, 4.0, 3.0])
    expected = pytest.approx((3.0, 3.0 - 1.96324, 3.0 + 1.96324), abs=1e-5)
    assert stat.mean_interval(y) == expected
    assert stat.mean_intervals(y[None, :])[0] == expected
    assert stat.paired_difference(y + 7.0, np.full(5, 7.0)) == expected
    assert stat.simultaneous(y[:, None])[0] == expected
    assert stat.mean_interval(y, 0.99).high == pytest.approx(3.0 + 4.60409 * math.sqrt(0.5), abs=1e-5)


def test_what_one_value_and_none_say():
    assert np.isnan(stat.mean_interval(np.zeros(0))).all()
    for one in (stat.mean_interval(np.array([4.0])), stat.mean_intervals(np.array([[4.0]]))[0], stat.simultaneous(np.array([[4.0]]))[0]):
        assert one.estimate == 4.0
        assert np.isnan(one[1:]).all()
    assert np.isnan(stat.ratios_of_means(np.ones((1, 1)), np.ones((1, 1)))[0]).all()
    assert np.isnan(stat.pairing_gains(np.ones((1, 1)), np.ones((1, 1)))[0])
    two = np.array([[1.0, 2.0]])
    assert math.isfinite(stat.ratios_of_means(two, np.array([[2.0, 2.1]]))[0].low)
    assert stat.pairing_gains(two, np.array([[2.0, 1.0]])) == [0.5]  # 0.5 + 0.5 by 2: they run against one another


def test_the_variance_reduction_of_three_pairs():
    # variances 1 and 7; differences 0, 0, -3 with variance 3
    assert gain(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 6.0])) == pytest.approx(8.0 / 3.0)
    assert gain(np.array([1.0, 2.0, 3.0]), np.zeros(3)) == 1.0


def test_a_ratio_with_its_linearised_interval():
    """Of 2.2, 1.8 and 2.0 by 1.1, 1.0 and 0.9: errors y1 - 2 y0 are 0, -0.2 and 0.2, so 0.2 by root 3 is the error."""
    found = ratio(np.array([2.2, 1.8, 2.0]), np.array([1.1, 1.0, 0.9]))
    factor = math.exp(4.302653 * 0.2 / math.sqrt(3.0) / 2.0)
    assert found == pytest.approx((2.0, 2.0 / factor, 2.0 * factor), rel=1e-6)
    halved = ratio(np.array([22.0, 18.0, 20.0]), np.array([22.0, 20.0, 18.0]))
    factor = math.exp(4.302653 * 2.0 / 20.0 / math.sqrt(3.0))  # errors 0, -2 and 2
    assert halved == pytest.approx((1.0, 1.0 / factor, factor), rel=1e-6)


@pytest.mark.parametrize(("spread", "linear"), [(0.199, True), (0.201, False)])
def test_a_denominator_that_varies_by_more_than_a_fifth_takes_fieller_s_interval(spread, linear):
    y0 = np.array([1.0 - spread, 1.0, 1.0 + spread]) * 5.0  # in equal steps: their standard deviation is the step
    y1 = np.array([12.0, 11.0, 10.0])
    assert (ratio(y1, y0) != stat.fieller(y1, y0)) is linear
    for low in (y1, 0.1 * y1):
        assert ratio(-low, y0) == stat.fieller(-low, y0)  # a ratio below zero has no logarithm
    assert ratio(y1 - 11.0, y0) == stat.fieller(y1 - 11.0, y0)  # nor has one of zero
    assert (ratio(y1, -y0) == stat.fieller(y1, -y0)) is True


def test_fieller_s_bounds_are_where_the_difference_is_just_decided():
    """By its definition: at a bound r, the t value of y1 - r y0 is the quantile."""
    y1, y0 = np.array([3.0, 5.0, 4.0, 6.5, 5.5]), np.array([2.0, 2.6, 2.2, 3.0, 1.9])
    found = stat.fieller(y1, y0)
    assert found.estimate == pytest.approx(24.0 / 11.7)
    assert found.low < found.estimate < found.high
    for bound, sign in ((found.low, 1.0), (found.high, -1.0)):
        e = y1 - bound * y0
        assert e.mean() / (e.std(ddof=1) / math.sqrt(5.0)) == pytest.approx(sign * 2.776445, rel=1e-6)
    wide = stat.fieller(y1, y0, 0.99)
    e = y1 - wide.high * y0
    assert e.mean() / (e.std(ddof=1) / math.sqrt(5.0)) == pytest.approx(-4.604095, rel=1e-6)


@pytest.mark.parametrize(("step", "bounded"), [(0.4, True), (0.41, False)])
def test_fieller_is_unbounded_once_the_denominator_is_not_told_from_zero(step, bounded):
    # 1 - s, 1, 1 + s: t is root 3 / s, which is 4.303 at s = 0.4025
    found = stat.fieller(np.array([5.0, 5.1, 4.9]), 2.0 * np.array([1.0 - step, 1.0, 1.0 + step]))
    assert math.isfinite(found.low) is bounded
    assert math.isfinite(found.high) is bounded
    assert found.estimate == pytest.approx(2.5)


@pytest.mark.parametrize("of", [0.1, 0.3, 2.0, 3.0])
def test_pairs_that_all_have_one_ratio_leave_no_doubt_about_it(of):
    """What is under the root is zero, which arithmetic may leave a little below it."""
    y0 = np.array([2.48, 8.03, 7.69, 6.56, 5.53, 4.37, 7.92, 8.92])
    assert stat.fieller(of * y0, y0) == pytest.approx((of, of, of), rel=1e-6)


def test_signs_are_flipped_in_all_ways_while_there_are_few():
    assert sorted(map(tuple, stat.flip_signs(2).tolist())) == [(-1.0, -1.0), (-1.0, 1.0), (1.0, -1.0), (1.0, 1.0)]
    assert len(set(map(tuple, stat.flip_signs(3, 8).tolist()))) == 8
    assert len(set(map(tuple, stat.flip_signs(11).tolist()))) == 2048
    assert stat.flip_signs(12).shape == (4000, 12)  # 4,096 would be more than are tried
    assert set(np.unique(stat.flip_signs(12))) == {-1.0, 1.0}
    assert (stat.flip_signs(12) == stat.flip_signs.__wrapped__(12)).all()
    assert not (stat.flip_signs(12) == stat.flip_signs(13)[:, :12]).all()
    assert not stat.flip_signs(3).flags.writeable


def test_the_critical_value_of_ten_pairs_by_flipping_every_sign_in_a_loop():
    d = np.random.default_rng(3).normal([5.0, 0.0, -1.0], size=(10, 3))
    largest = []
    for signs in itertools.product((-1.0, 1.0), repeat=10):
        flipped = [
            [sign * (x - mean) for sign, x in zip(signs, column, strict=True)] for column, mean in zip(d.T, d.mean(axis=0), strict=True)
        ]
        largest.append(max(abs(np.mean(f)) / (np.std(f, ddof=1) / math.sqrt(10.0)) for f in flipped))
    expected = float(np.quantile(largest, 0.95))
    assert expected > 2.262
    assert stat.critical_value(d) == pytest.approx(expected, rel=1e-9)
    for interval, column in zip(stat.simultaneous(d), d.T, strict=True):
        half = expected * column.std(ddof=1) / math.sqrt(10.0)
        assert interval == pytest.approx((column.mean(), column.mean() - half, column.mean() + half), rel=1e-9)
    assert stat.simultaneous(d, critical=2.0)[0].high == pytest.approx(d[:, 0].mean() + 2.0 * d[:, 0].std(ddof=1) / math.sqrt(10.0))


# of tables: two-sided 95% and, for five measures at once, 99%
@pytest.mark.parametrize(
    ("pairs", "measures", "expected"),
    [(20, 1, 2.093), (20, 0, 2.093), (9, 1, 2.306), (3, 5, 9.925), (4, 5, 5.841), (3, 2, 6.205), (9, 5, 3.355), (2, 5, 63.657)],
)
def test_few_pairs_take_bonferroni_s_bound_and_one_measure_its_own(pairs, measures, expected):
    rng = np.random.default_rng(4)
    d = rng.normal(size=(pairs, measures))
    still = np.column_stack([d, np.full(pairs, 7.0), np.zeros(pairs)])  # columns without variance take no part
    assert stat.critical_value(still) == pytest.approx(expected, abs=5e-4)


def test_two_pairs_have_intervals_that_hold_together():
    """Differences 0 and 2, 3 and 7: means 1 and 5, standard deviations by root 2 are 1 and 2; t of 97.5% in each of two tails is 25.452."""
    narrow, wide = stat.simultaneous(np.array([[0.0, 3.0], [2.0, 7.0]]))
    assert narrow == pytest.approx((1.0, 1.0 - 25.4517, 1.0 + 25.4517), abs=1e-3)
    assert wide == pytest.approx((5.0, 5.0 - 2.0 * 25.4517, 5.0 + 2.0 * 25.4517), abs=1e-3)


def test_the_critical_value_is_never_below_that_of_one_interval():
    d = np.random.default_rng(5).normal(size=(12, 1)) * np.ones((1, 2))  # the same measure twice
    assert stat.critical_value(d, signs=np.ones((50, 12))) == pytest.approx(2.201, abs=5e-4)


def test_figures_of_the_confidence_sequence():
    """Of 20 pairs: rho^2 = (5.99146 + ln 6.99146) / 32 = 0.248005, so n rho^2 + 1 = 5.96010 and the half-width 0.683534 standard deviations."""
    d = np.tile([-1.0, 1.0], 10)
    half = 0.683534 * math.sqrt(20.0 / 19.0)
    assert stat.confidence_sequence(d + 3.0) == pytest.approx((3.0, 3.0 - half, 3.0 + half), rel=1e-6)


@pytest.mark.parametrize(
    ("mean", "smallest", "expected"),  # the half-width is 0.70128
    [
        (0.702, 0.1, True),
        (0.700, 0.1, False),
        (-0.702, 0.1, True),
        (-0.700, 0.1, False),
        (0.0, 0.702, True),
        (0.0, 0.700, False),
        (0.3, 1.002, True),
        (0.3, 1.0, False),
        (-0.3, 1.002, True),
        (-0.3, 1.0, False),
    ],
)
def test_what_is_decided_after_twenty_pairs(mean, smallest, expected):
    assert stat.decided(np.tile([-1.0, 1.0], 10) + mean, smallest) is expected


@pytest.mark.parametrize(
    ("mean", "relative", "smallest", "expected"),  # the half-width is 2.09302 * 1.02598 / root 20 = 0.48017, which is 0.1 / 1.1 of 5.2819
    [
        (5.283, 0.1, 0.0, True),
        (5.281, 0.1, 0.0, False),
        (-5.283, 0.1, 0.0, True),
        (0.9604, 1.0, 0.0, True),
        (0.9602, 1.0, 0.0, False),
        (0.0, 0.1, 0.9604, True),
        (0.0, 0.1, 0.9603, False),
    ],
)
def test_what_is_precise_after_twenty_pairs(mean, relative, smallest, expected):
    assert stat.precise_enough(np.tile([-1.0, 1.0], 10) + mean, relative, smallest) is expected


def test_twenty_pairs_at_least():
    assert (stat.LEVEL, stat.LEAST_PAIRS) == (0.95, 20)
    assert not stat.precise_enough(np.tile([5.0, 5.001], 10)[:19])
    assert stat.precise_enough(np.tile([5.0, 5.001], 10))


def test_the_least_difference_that_pairs_would_find():
    """16 pairs, 80% power: (2.13145 + 0.86624) * 2 / 4."""
    assert stat.detectable_difference(2.0, 16) == pytest.approx(1.498845, rel=1e-5)
    assert stat.detectable_difference(2.0, 16, power=0.9) == pytest.approx((2.131450 + 1.340606) / 2.0, rel=1e-5)


def test_a_band_has_the_rows_that_are_defined_on_each_day():
    nan = math.nan
    mean, low, high = stat.band(np.array([[1.0, 1.0, nan, 5.0], [3.0, 2.0, nan, nan], [nan, 3.0, nan, nan]]))
    np.testing.assert_allclose(mean, [2.0, 2.0, nan, 5.0])
    half = [12.706205, 4.302653 / math.sqrt(3.0), nan, nan]  # standard deviations root 2 and 1
    np.testing.assert_allclose(high - mean, half, rtol=1e-6)
    np.testing.assert_allclose(mean - low, half, rtol=1e-6)


def test_fieller_is_unbounded_where_the_denominator_may_be_zero():
    rng = np.random.default_rng(3)
    found = stat.fieller(rng.normal(1.0, 1.0, 20), rng.normal(0.01, 1.0, 20))
    assert found.low == -math.inf
    assert found.high == math.inf


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
        ((2.0, 1.5, math.inf), 1.0, "higher better", "not decided"),
        ((-2.0, -math.inf, -1.5), 1.0, "higher better", "not decided"),
        ((-2.0, -3.0, -0.1), 1.0, "higher better", "worse"),
        ((0.5, 0.0, 3.0), 1.0, "higher better", "not decided"),  # zero lies inside, also at an end
        ((-0.5, -3.0, 0.0), 1.0, "higher better", "not decided"),
        ((0.0, -1.0, 0.5), 1.0, "higher better", "not decided"),  # an effect of the smallest size is not excluded
        ((0.0, -0.5, 1.0), 1.0, "higher better", "not decided"),
        ((0.7, 0.4, 1.0), 1.0, "higher better", "better"),
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


@pytest.mark.parametrize(("entries", "bits"), [(2, 1), (3, 2), (4, 2), (5, 3), (8, 3), (9, 4)])
def test_what_is_summed_is_rounded_to_steps_by_how_many_there_are(entries, bits):
    """A step is 2**-52 of the largest entry, here 1, times the least power of two that is no less than the number of entries."""
    x = np.ones((entries, 2))
    x[-1] = 2.0 ** (bits - 52) * np.array([1.0, 1.75])  # one step is kept, one and three quarters become two
    rounded = stat.exactly_summed(x)
    assert rounded[:-1].tolist() == x[:-1].tolist()
    assert rounded[-1].tolist() == [2.0 ** (bits - 52), 2.0 ** (bits - 51)]


def test_a_product_of_what_was_given_is_not_exact():
    x = np.random.default_rng(1).normal(size=(40, 50))
    signs = stat.flip_signs(40)[:200]
    exact = [[math.fsum(row * column) for column in x.T] for row in signs]
    assert (signs @ x).tolist() != exact
    assert (signs @ stat.exactly_summed(x)).tolist() == [[math.fsum(row * column) for column in stat.exactly_summed(x).T] for row in signs]


@pytest.mark.parametrize(
    ("interval", "pairs", "bounded"),
    [
        ((0.5, 0.5, 0.5), 2, False),
        ((0.5, 0.5 - 1e-16, 0.5 + 1e-16), 9, False),
        ((0.0, 0.0, 0.0), 9, False),
        ((0.5, 0.5, 0.5), 10, True),
        ((0.5, 0.4, 0.6), 2, True),
    ],
)
def test_few_equal_differences_are_no_interval(interval, pairs, bounded):
    found = stat.told_apart(stat.Interval(*interval), pairs)
    assert found.estimate == interval[0]
    assert (found[1:] == interval[1:]) is bounded
    assert (stat.verdict(found, 0.01, "higher better") == stat.NOT_DECIDED) is not bounded
