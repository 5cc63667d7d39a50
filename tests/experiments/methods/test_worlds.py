"""The range over worlds, where the worlds are known: normal, skewed, of two groups; with less and with more noise."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.methods.worlds import STEEPEST, binomial_interval, noise_of, range_over, shrunken

WORLDS, PAIRS, TRIALS = 20, 2, 200


def normal(rng, many):
    return rng.normal(size=many)


def skewed(rng, many):
    return rng.exponential(size=many) - 1.0


def two_groups(rng, many):
    return np.where(rng.random(many) < 0.5, -1.0, 1.0) + 0.1 * rng.normal(size=many)


def seen(rng, draw, noise):
    """Return effects of pairs: `noise` is the standard deviation of a world's mean over that of the worlds, which is 1."""
    return draw(rng, WORLDS)[:, None] + noise * math.sqrt(PAIRS) * rng.normal(size=(WORLDS, PAIRS))


@pytest.mark.parametrize("draw", [normal, skewed, two_groups])
@pytest.mark.parametrize(("noise", "off"), [(0.3, 0.04), (1.0, 0.09)])
def test_the_range_holds_as_many_worlds_as_it_says(draw, noise, off):
    rng = np.random.default_rng(5)
    fresh = draw(rng, 4000)
    found = [range_over(seen(rng, draw, noise)) for _ in range(TRIALS // 4)]
    held = np.mean([((one.low <= fresh) & (fresh <= one.high)).mean() for one in found])
    assert found[0].holds == pytest.approx(19 / 21)
    if draw is two_groups:  # the worlds lie at two places: a range holds nearly all or half
        assert held > 19 / 21 - 0.15
    else:
        assert 19 / 21 - off < held < 19 / 21 + max(off, 0.07)  # noise reaches beyond the hard edge of skewed worlds: a little too wide


@pytest.mark.parametrize("draw", [normal, skewed, two_groups])
def test_the_variance_of_worlds_is_told_from_that_of_noise(draw):
    rng = np.random.default_rng(6)
    true = draw(rng, 10**5).var()
    for noise in (0.3, 1.0, 3.0):
        effects = draw(rng, 20_000)[:, None] + noise * math.sqrt(PAIRS) * rng.normal(size=(20_000, PAIRS))
        found = range_over(effects)
        assert found.noise == pytest.approx(noise**2, rel=0.1)
        assert found.between == pytest.approx(true, abs=0.05 + 0.06 * noise**2)
        assert shrunken(effects).var(ddof=1) == pytest.approx(found.between)


@pytest.mark.parametrize("draw", [normal, skewed, two_groups])
@pytest.mark.parametrize(("noise", "least", "most"), [(0.3, 0.97, 1.0), (1.0, 0.2, 0.8), (3.0, 0.0, 0.25)])
def test_where_noise_exceeds_worlds_they_cannot_be_told_from_it(draw, noise, least, most):
    rng = np.random.default_rng(7)
    told = np.mean([range_over(seen(rng, draw, noise)).told for _ in range(60)])
    assert least <= told <= most


@pytest.mark.parametrize(
    ("noise", "draw", "share", "off"),
    [
        (1.0, normal, 0.955, 0.02),
        (1.0, skewed, 0.975, 0.02),
        (1.0, two_groups, 0.99, 0.02),
        (3.0, normal, 0.999, 0.004),
        (3.0, skewed, 0.997, 0.004),
        (3.0, two_groups, 1.0, 0.001),
    ],
)
def test_a_range_that_is_told_holds_more_worlds_than_it_says(noise, draw, share, off):
    """With much noise worlds are told from it only where they happen to lie far apart: such a range is too wide, and never too narrow."""
    rng = np.random.default_rng(13)
    fresh, held = draw(rng, 4000), []
    while len(held) < 60:
        found = range_over(seen(rng, draw, noise))
        if found.told:
            held.append(((found.low <= fresh) & (fresh <= found.high)).mean())
    assert np.mean(held) == pytest.approx(share, abs=off)  # shrunken further, they would hold less, and too few of some worlds
    assert np.mean(held) > found.holds
    if noise > 1.0:
        assert min(held) > 0.9


def by_level(rng, worlds, power, pairs=PAIRS):
    """Return (effects, levels, the variance of each world's mean by noise) of worlds whose levels span a factor of 16."""
    levels = np.exp(rng.uniform(-math.log(4.0), math.log(4.0), worlds))
    noise = 0.3 * levels**power
    return rng.normal(size=worlds)[:, None] + np.sqrt(pairs * noise)[:, None] * rng.normal(size=(worlds, pairs)), levels, noise


@pytest.mark.parametrize("power", [0.0, 1.0, 2.0])
def test_noise_that_grows_with_the_level_is_told_by_its_power(power):
    effects, levels, noise = by_level(np.random.default_rng(9), 20_000, power)
    assert noise_of(effects, levels) == pytest.approx(noise, rel=0.12)
    assert np.ptp(noise_of(effects)) == 0.0  # pooled where nobody knows the level
    assert noise_of(effects)[0] == pytest.approx(noise.mean(), rel=0.1)
    found = range_over(effects[:4000], levels[:4000])
    assert found.noise == pytest.approx(noise.mean(), rel=0.15)
    assert found.between == pytest.approx(1.0, abs=0.1)


def test_noise_falls_with_no_level_and_grows_with_its_square_at_most():
    rng = np.random.default_rng(10)
    for power, kept in ((-2.0, 0.0), (4.0, STEEPEST)):
        effects, levels, _ = by_level(rng, 5000, power)
        found = noise_of(effects, levels)
        assert np.polyfit(np.log(levels), np.log(found), 1)[0] == pytest.approx(kept, abs=0.01)


def test_a_noisier_world_is_shrunk_further():
    levels = np.array([1.0, 16.0] * 20)
    quiet, loud = np.array([1.01, 0.99]), np.array([1.4, 0.6])  # the same mean
    effects = np.array([quiet, loud] * 10 + [-quiet, -loud] * 10)
    found = shrunken(effects, levels)
    assert found[0] == pytest.approx(1.0, abs=0.02)
    assert found[1] < found[0] - 0.01
    assert found.mean() == pytest.approx(0.0, abs=1e-12)
    assert shrunken(effects)[0] == shrunken(effects)[1]


@pytest.mark.parametrize("levels", [np.array([1.0, 2.0, 0.0, 1.0]), np.array([1.0, -1.0, 2.0, 3.0]), np.array([1.0, np.nan, 2.0, 3.0])])
def test_levels_that_have_no_logarithm_leave_noise_pooled(levels):
    effects = np.random.default_rng(11).normal(size=(4, 2))
    assert noise_of(effects, levels).tolist() == noise_of(effects).tolist()


@pytest.mark.parametrize("power", [0.0, 1.0])
def test_the_range_holds_as_many_worlds_where_noise_grows_with_the_level(power):
    rng = np.random.default_rng(12)
    fresh, held = rng.normal(size=4000), []
    for _ in range(60):
        effects, levels, _ = by_level(rng, WORLDS, power)
        found = range_over(effects, levels)
        held.append(((found.low <= fresh) & (fresh <= found.high)).mean())
    assert np.mean(held) == pytest.approx(19 / 21, abs=0.05)


def test_worlds_that_are_all_alike_have_no_range():
    effects = np.tile([1.0, 3.0], (10, 1))
    found = range_over(effects)
    assert (found.low, found.high, found.between, found.share) == (2.0, 2.0, 0.0, 1.0)
    assert not found.told


def test_the_share_of_worlds_with_the_sign_has_an_exact_interval():
    assert binomial_interval(40, 40) == pytest.approx((0.9119, 1.0), abs=1e-4)  # at most 9% of worlds turn; one-sided 7%
    assert binomial_interval(0, 20) == pytest.approx((0.0, 0.1684), abs=1e-4)
    assert binomial_interval(10, 20) == pytest.approx((0.2720, 0.7280), abs=1e-4)
    effects = np.array([[1.0, 1.01]] * 9 + [[-3.0, -3.01]])
    found = range_over(effects)
    assert found.share == 0.9
    assert found.mean > 0.0


def test_few_or_broken_worlds_have_no_range():
    assert math.isnan(range_over(np.ones((2, 2))).low)
    assert math.isnan(range_over(np.ones((5, 1))).low)
    effects = np.random.default_rng(1).normal(size=(6, 2))
    effects[0, 0] = np.nan
    assert range_over(effects).worlds == 5


def test_the_ends_are_the_less_sure_the_fewer_worlds():
    rng = np.random.default_rng(8)
    few, many = (range_over(rng.uniform(size=n)[:, None] + np.zeros((n, 2)) + 1e-6 * rng.normal(size=(n, 2))) for n in (10, 200))
    assert many.low_error < few.low_error
    assert many.high - many.low > few.high - few.low
