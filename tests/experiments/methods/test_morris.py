"""Screening against functions whose effects are known, with noise added."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.methods import morris


def sobol_g(x, a=(0.0, 1.0, 4.5, 9.0, 99.0)):
    return np.prod([(np.abs(4.0 * x[:, k] - 2.0) + a[k]) / (1.0 + a[k]) for k in range(len(a))], axis=0)


def test_screening_ranks_the_g_function_and_sees_through_noise():
    pytest.importorskip("SALib")
    names, bounds = list("abcde"), [(0.0, 1.0)] * 5
    plan = morris.screen(names, bounds, 20, seed=1)
    assert plan.points.shape == (20 * 6, 5)
    y = sobol_g(plan.points) + 0.02 * np.random.default_rng(1).standard_normal(len(plan.points))
    found = morris.effects(plan, y, seed=1)
    assert list(found.factor[:3]) == ["a", "b", "c"]
    assert found.factor.iloc[-1] == "e"
    assert (found.mean_absolute_low <= found.mean_absolute_effect).all()


def test_screening_of_a_line_gives_its_slopes_and_no_spread():
    pytest.importorskip("SALib")
    plan = morris.screen(["a", "b"], [(0.0, 2.0), (0.0, 1.0)], 10, seed=2)
    y = 3.0 * plan.points[:, 0] - plan.points[:, 1]
    y[3] = np.nan  # its trajectory is left out
    found = morris.effects(plan, y, seed=2).set_index("factor")
    assert found.loc["a", "mean_effect"] == pytest.approx(6.0)  # over the whole range
    assert found.loc["b", "mean_effect"] == pytest.approx(-1.0)
    assert found.loc["a", "spread"] == pytest.approx(0.0, abs=1e-9)


def test_groups_move_together():
    pytest.importorskip("SALib")
    plan = morris.screen(list("abcd"), [(0.0, 1.0)] * 4, 12, seed=3, groups=["one", "one", "two", "two"])
    assert len(plan.points) == 12 * 3
    found = morris.effects(plan, plan.points[:, 0] + plan.points[:, 1] + 0.1 * plan.points[:, 2], seed=3).set_index("factor")
    assert found.mean_absolute_effect["one"] > 3.0 * found.mean_absolute_effect["two"]


def test_what_random_numbers_alone_give():
    y, again = np.array([1.0, 2.0, 3.0, 4.0]), np.array([2.0, 0.0, 3.0, math.nan])
    # apart by 1, 2 and 0: the mean 1, over a jump of two thirds of the range; the root of 5 / 3 by 2
    assert morris.floor(y, again) == pytest.approx(1.5)
    assert morris.noise(y, again) == pytest.approx(math.sqrt(5.0 / 6.0))
    nothing = np.array([math.nan])
    assert math.isnan(morris.floor(nothing, nothing))
    assert math.isnan(morris.noise(nothing, nothing))
    assert (morris.floor(y[:1], again[:1]), morris.noise(y[:1], again[:1])) == (1.5, math.sqrt(0.5))


def test_trajectories_are_whole_or_left_out():
    pytest.importorskip("SALib")
    plan = morris.screen(["b", "a"], [(0.0, 2.0), (0.0, 1.0)], 4, seed=2)
    assert (plan.points.shape, plan.trajectories, plan.grouped) == ((12, 2), 4, False)
    assert set(np.rint(3.0 * plan.points / [2.0, 1.0]).ravel()) <= {0.0, 1.0, 2.0, 3.0}  # four levels
    y = np.arange(12.0)
    assert morris.whole(plan, y) == 4
    y[[0, 4]] = math.nan, math.inf  # of the first and the second
    assert morris.whole(plan, y) == 2
    y = np.where(np.isfinite(y), 3.0 * plan.points[:, 0] - plan.points[:, 1], y)
    found = morris.effects(plan, y, seed=2)
    assert list(found.columns) == ["factor", "mean_effect", "mean_absolute_effect", "mean_absolute_low", "mean_absolute_high", "spread"]
    assert found.factor.tolist() == ["b", "a"]  # the largest first
    assert found.mean_effect.tolist() == pytest.approx([6.0, -1.0])
    assert found.mean_absolute_effect.tolist() == pytest.approx([6.0, 1.0])
    assert found.mean_absolute_low.tolist() == pytest.approx([6.0, 1.0])  # all trajectories say the same
    y[6] = math.nan
    one = morris.effects(plan, y, seed=2)
    assert one.factor.tolist() == ["a", "b"]
    assert one.drop(columns="factor").isna().all(axis=None)
    assert list(one.columns) == list(found.columns)


def test_the_first_trajectories_of_a_plan_are_a_plan():
    pytest.importorskip("SALib")
    plan = morris.screen(list("abc"), [(0.0, 1.0)] * 3, 5, seed=4)
    begun = morris.first(plan, 2)
    assert (begun.points == plan.points[:8]).all()
    assert (len(begun.points), begun.trajectories) == (8, 2)
    steps = np.abs(np.diff(plan.points.reshape(5, 4, 3), axis=1))
    assert np.unique(np.round(steps, 12)).tolist() == [0.0, round(2.0 / 3.0, 12)]  # one factor at a time, by two thirds


def test_intervals_of_absolute_effects_begin_at_zero_and_enclose_them():
    pytest.importorskip("SALib")
    plan = morris.screen(list("ab"), [(0.0, 1.0)] * 2, 6, seed=5)
    y = 5.0 * plan.points[:, 0] * plan.points[:, 1] + 0.1 * np.random.default_rng(1).standard_normal(18)
    found = morris.effects(plan, y, seed=5)
    assert (found.mean_absolute_low >= 0.0).all()
    assert (found.mean_absolute_low < found.mean_absolute_effect).all()
    assert (found.mean_absolute_high - found.mean_absolute_effect).tolist() == pytest.approx(
        (found.mean_absolute_effect - found.mean_absolute_low).tolist()
    )
    assert (found.spread > 0.5).all()


def test_an_interval_that_would_reach_below_zero_ends_there():
    pytest.importorskip("SALib")
    plan = morris.screen(["a"], [(0.0, 1.0)], 3, seed=5)
    found = morris.effects(plan, np.array([0.0, 0.0, 0.0, 0.0, 0.0, 9.0]), seed=5)  # one trajectory of three moves
    assert found.mean_absolute_low[0] == 0.0
    assert found.mean_absolute_high[0] > 2.0 * found.mean_absolute_effect[0] > 0.0


def test_groups_have_absolute_effects_alone():
    pytest.importorskip("SALib")
    plan = morris.screen(list("abcd"), [(0.0, 1.0)] * 4, 6, seed=3, groups=["two", "two", "one", "one"])
    assert plan.grouped
    found = morris.effects(plan, plan.points[:, 0] + plan.points[:, 1], seed=3)
    assert found.mean_effect.isna().all()
    assert found.spread.isna().all()
    nothing = morris.effects(plan, np.full(18, math.nan), seed=3)
    assert nothing.factor.tolist() == ["one", "two"]
