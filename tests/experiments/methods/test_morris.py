"""Screening against functions whose effects are known, with noise added."""

from __future__ import annotations

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
