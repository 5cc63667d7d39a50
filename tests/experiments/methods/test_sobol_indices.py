"""Sobol indices on a surrogate, against a function whose indices are known, with noise added."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.methods import sobol_indices


def ishigami(x):
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def spread_points(count, bounds, seed=3):
    from scipy.stats import qmc

    low, high = np.array(bounds).T
    return low + (high - low) * qmc.Sobol(len(bounds), seed=seed).random(count)


class Known:
    """In place of a fitted process: the function itself, over the unit cube."""

    def __init__(self, bounds, function):
        self.bounds, self.function = np.array(bounds), function

    def predict(self, unit, *, return_std=False):
        mean = self.function(self.bounds[:, 0] + unit * (self.bounds[:, 1] - self.bounds[:, 0]))
        return (mean, np.full(len(mean), 0.5)) if return_std else mean


def known(bounds, function, noise=0.09):
    return sobol_indices.Surrogate(Known(bounds, function), np.array(bounds), quality=0.95, noise=noise, signal=1.0)


def test_published_indices_of_the_ishigami_function():
    """Sobol and Levitan 1999: of a = 7, b = 0.1 the first-order indices are 0.3139, 0.4424 and 0, the totals 0.5576, 0.4424 and 0.2437."""
    pytest.importorskip("SALib")
    found = sobol_indices.indices(known([(-math.pi, math.pi)] * 3, ishigami), ["c", "a", "b"], 1)
    assert list(found.columns) == ["factor", "first", "first_low", "first_high", "total", "total_low", "total_high"]
    assert found.factor.tolist() == ["c", "a", "b"]  # the largest total first
    assert found["first"].tolist() == pytest.approx([0.3139, 0.4424, 0.0], abs=0.01)
    assert found["total"].tolist() == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.01)
    for kind in ("first", "total"):
        assert (found[f"{kind}_high"] - found[kind]).tolist() == pytest.approx((found[kind] - found[f"{kind}_low"]).tolist())
        assert (found[f"{kind}_high"] > found[kind]).all()


def test_indices_of_a_sum_are_the_shares_of_its_variances():
    pytest.importorskip("SALib")
    found = sobol_indices.indices(known([(0.0, 2.0), (5.0, 6.0)], lambda x: 3.0 * x[:, 0] + 2.0 * x[:, 1]), ["a", "b"], 2)
    # a over a range of 2, b over one of 1: (3 * 2)^2 and 2^2, of 40 in all
    assert found["first"].tolist() == pytest.approx([0.9, 0.1], abs=0.01)
    assert found["total"].tolist() == pytest.approx([0.9, 0.1], abs=0.01)


def test_the_band_leaves_out_the_noise_of_a_run():
    mean, error = known([(2.0, 4.0)], lambda x: x[:, 0]).band(np.array([[2.0], [4.0]]))
    assert mean.tolist() == [2.0, 4.0]
    assert error.tolist() == pytest.approx([0.4, 0.4])  # the root of 0.25 - 0.09
    assert known([(2.0, 4.0)], lambda x: x[:, 0], noise=1.0).band(np.array([[3.0]]))[1].tolist() == [0.0]
    assert known([(2.0, 4.0)], lambda x: x[:, 0]).mean(np.array([[3.5]])).tolist() == [3.5]


@pytest.mark.parametrize(("quality", "trusted"), [(0.9, False), (0.901, True), (0.5, False)])
def test_what_is_trusted(quality, trusted):
    assert known([(0.0, 1.0)], lambda x: x[:, 0])._replace(quality=quality).trusted is trusted


def test_a_surrogate_of_a_line_is_the_line_and_leaves_out_what_failed():
    pytest.importorskip("sklearn")
    x = spread_points(64, [(0.0, 4.0), (10.0, 20.0)])
    y = 3.0 * x[:, 0] + 0.0 * x[:, 1] + 0.05 * np.random.default_rng(4).standard_normal(64)
    y[5] = math.nan
    model = sobol_indices.surrogate(x, y, [(0.0, 4.0), (10.0, 20.0)], 1)
    assert model.quality > 0.999
    assert model.noise == pytest.approx(0.0025, rel=0.5)
    assert model.signal == pytest.approx(9.0 * np.var(x[:, 0]), rel=0.05)
    assert model.mean(np.array([[1.0, 12.0], [3.0, 18.0]])).tolist() == pytest.approx([3.0, 9.0], abs=0.1)
    assert model.bounds.tolist() == [[0.0, 4.0], [10.0, 20.0]]
    constant = sobol_indices.surrogate(x, np.full(64, 2.0), [(0.0, 4.0), (10.0, 20.0)], 1)
    assert math.isnan(constant.quality)


def test_sobol_indices_of_ishigami_are_found_through_noise():
    pytest.importorskip("SALib")
    pytest.importorskip("sklearn")
    bounds = [(-math.pi, math.pi)] * 3
    x = spread_points(256, bounds)
    y = ishigami(x) + 0.4 * np.random.default_rng(1).standard_normal(len(x))
    model = sobol_indices.surrogate(x, y, bounds, 1)
    assert model.trusted
    assert model.noise == pytest.approx(0.16, rel=0.6)
    found = sobol_indices.indices(model, ["a", "b", "c"], 1).set_index("factor")
    for name, first, total in (("a", 0.314, 0.558), ("b", 0.442, 0.442), ("c", 0.0, 0.244)):  # Sobol and Levitan 1999
        assert found.loc[name, "first"] == pytest.approx(first, abs=0.06)
        assert found.loc[name, "total"] == pytest.approx(total, abs=0.06)
        assert found.loc[name, "total_low"] <= found.loc[name, "total"] <= found.loc[name, "total_high"]


def test_a_surrogate_that_foretells_nothing_is_not_trusted():
    pytest.importorskip("sklearn")
    bounds = [(0.0, 1.0)] * 3
    x = spread_points(64, bounds)
    for scale in (1.0, 0.01, 100.0):  # a share of the variance: of no unit
        model = sobol_indices.surrogate(x, scale * np.random.default_rng(2).standard_normal(len(x)), bounds, 1)
        assert not model.trusted
        assert model.quality < 0.2


def test_the_band_of_a_surrogate_is_of_the_function_not_of_a_run():
    pytest.importorskip("sklearn")
    bounds = [(0.0, 6.0)]
    x = spread_points(256, bounds)
    model = sobol_indices.surrogate(x, np.sin(x[:, 0]) + 0.5 * np.random.default_rng(3).standard_normal(len(x)), bounds, 1)
    grid = np.linspace(0.5, 5.5, 21)[:, None]
    mean, error = model.band(grid)
    assert (error < 0.25).all()
    assert np.mean(np.abs(mean - np.sin(grid[:, 0])) < 2.5 * error + 0.02) > 0.9
