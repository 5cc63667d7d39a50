"""What a spread goes with, where that is known: one number, several, two groups, or nothing at all."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.methods.spread import LEAST, alone, split

NUMBERS, NOISE = 23, 0.3


def worlds(rng, many, slopes):
    """Return numbers of worlds, and effects of variance 1, as far as slopes do not make it all, with noise upon it."""
    x = rng.normal(size=(many, NUMBERS))
    b = np.zeros(NUMBERS)
    b[: len(slopes)] = slopes
    return x, x @ b + math.sqrt(1.0 - b @ b) * rng.normal(size=many) + NOISE * rng.normal(size=many)


NOISE_SHARE = NOISE**2 / (1.0 + NOISE**2)


@pytest.mark.parametrize("many", [20, 40])
def test_where_no_number_does_anything_none_is_named(many):
    rng = np.random.default_rng(1)
    found = [alone(*worlds(rng, many, []), NOISE_SHARE) for _ in range(120)]
    assert np.mean([one.most is not None for one in found]) <= 0.1  # of twenty cases one


@pytest.mark.parametrize(("many", "slope", "least"), [(20, 0.8, 0.8), (40, 0.55, 0.6), (40, 0.8, 0.98)])
def test_the_number_that_does_most_is_named(many, slope, least):
    rng = np.random.default_rng(2)
    found = [alone(*worlds(rng, many, [slope]), NOISE_SHARE).most for _ in range(80)]
    assert np.mean([one == 0 for one in found]) >= least
    assert np.mean([one not in {0, None} for one in found]) <= 0.05


@pytest.mark.parametrize("many", [20, 40])
@pytest.mark.parametrize("slope", [0.3, 0.55, 0.8])
def test_the_interval_of_a_share_holds_it(many, slope):
    rng = np.random.default_rng(3)
    found = [alone(*worlds(rng, many, [slope]), NOISE_SHARE) for _ in range(200)]
    assert np.mean([one.low[0] <= slope**2 <= one.high[0] for one in found]) >= 0.9
    assert all((one.low <= one.share).all() and (one.share <= one.high).all() for one in found)


@pytest.mark.parametrize("many", [20, 40])
@pytest.mark.parametrize("slopes", [[], [0.8], [0.4] * 5, [0.18] * 23], ids=["none", "one", "five", "all"])
def test_the_interval_of_a_groups_share_holds_it(many, slopes):
    rng = np.random.default_rng(4)
    cases = [worlds(rng, many, slopes) for _ in range(40)]
    found = [split(x[:, :12], x[:, 12:], y, NOISE_SHARE) for x, y in cases]
    b = np.array([*slopes, *[0.0] * (NUMBERS - len(slopes))]) ** 2
    for part, true in (("first", b[:12].sum()), ("second", b[12:].sum())):
        assert np.mean([one.first.mean + one.second.mean + one.rest for one in found]) == pytest.approx(1.0)
        held = [getattr(one, part).low - 0.026 <= true <= getattr(one, part).high + 0.026 for one in found]  # half a step of the grid
        assert np.mean(held) >= 0.87, part


def test_which_group_has_more_is_told_where_it_is_plain_and_not_where_both_have_as_much():
    rng = np.random.default_rng(5)
    plain = [split(x[:, :12], x[:, 12:], y, NOISE_SHARE) for x, y in (worlds(rng, 40, [0.5] * 3) for _ in range(30))]
    even = [split(x[:, :12], x[:, 12:], y, NOISE_SHARE) for x, y in (worlds(rng, 40, []) for _ in range(40))]
    assert np.mean([one.told and one.ahead > 0.5 for one in plain]) >= 0.5
    assert not any(one.told and one.ahead < 0.5 for one in plain)
    assert np.mean([one.told for one in even]) <= 0.1
    x, y = worlds(np.random.default_rng(6), 40, [0.5] * 3)
    there, back = split(x[:, :12], x[:, 12:], y, NOISE_SHARE), split(x[:, 12:], x[:, :12], y, NOISE_SHARE)
    assert back.ahead == pytest.approx(1.0 - there.ahead)
    assert back.first == pytest.approx(there.second)


def test_what_explains_everything_has_everything():
    x = np.random.default_rng(7).normal(size=(30, 4))
    found = alone(x, 2.0 * x[:, 1], 0.0)
    assert (found.most, found.share[1]) == (1, pytest.approx(1.0))
    parts = split(x[:, :2], x[:, 2:], x[:, 0] - x[:, 1], 0.0)
    assert parts.first.mean > 0.9
    assert parts.told


def test_of_few_worlds_or_an_empty_group_nothing_is_said():
    x, y = worlds(np.random.default_rng(8), LEAST - 1, [])
    assert alone(x, y, 0.1) is None
    assert split(x[:, :2], x[:, 2:], y, 0.1) is None
    x, y = worlds(np.random.default_rng(8), LEAST, [])
    assert split(x[:, :0], x, y, 0.1) is None
