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
    model = sobol_indices.surrogate(x, np.random.default_rng(2).standard_normal(len(x)), bounds, 1)
    assert not model.trusted


def test_the_band_of_a_surrogate_is_of_the_function_not_of_a_run():
    pytest.importorskip("sklearn")
    bounds = [(0.0, 6.0)]
    x = spread_points(256, bounds)
    model = sobol_indices.surrogate(x, np.sin(x[:, 0]) + 0.5 * np.random.default_rng(3).standard_normal(len(x)), bounds, 1)
    grid = np.linspace(0.5, 5.5, 21)[:, None]
    mean, error = model.band(grid)
    assert (error < 0.25).all()
    assert np.mean(np.abs(mean - np.sin(grid[:, 0])) < 2.5 * error + 0.02) > 0.9
