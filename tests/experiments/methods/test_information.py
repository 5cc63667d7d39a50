"""What figures can tell at most, where it can be worked out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import qmc

from experiments.methods.information import combined_spread, information, scaled

DRAWS = 1024


def prior(numbers, draws=DRAWS, seed=1):
    return qmc.Sobol(numbers, seed=np.random.default_rng(seed)).random(draws)


def test_a_sum_is_told_well_and_its_parts_badly():
    """With y = a + b, a and b of variance 1, and an error of 1/2: the sum has precision 1 + 2 * 4 = 9 in its own units, the difference 1.

    So the sum keeps a third of its spread, the difference all of it, and a or b the root of half of 1/9 + 1.
    """
    u = prior(3)
    x = scaled(u, u)
    found = information(u, x[:, [0]] + x[:, [1]], np.array([[0.25]]))
    assert found.combined == pytest.approx([1 / 3, 1.0, 1.0], abs=1e-3)
    assert np.abs(found.combinations[0]) == pytest.approx([np.sqrt(0.5), np.sqrt(0.5), 0.0], abs=1e-3)
    assert found.spread == pytest.approx([np.sqrt(5 / 9), np.sqrt(5 / 9), 1.0], abs=1e-3)


def test_errors_that_go_together_tell_more_of_a_difference():
    """Two figures that show a and b with errors of variance 1 and covariance 0.5: sum and difference have errors of variance 1.5 and 0.5."""
    u = prior(2)
    found = information(u, scaled(u, u), np.array([[1.0, 0.5], [0.5, 1.0]]))
    assert found.combined == pytest.approx([np.sqrt(1 / 3), np.sqrt(3 / 5)], abs=2e-3)  # precisions 1 + 1 / 0.5 and 1 + 1 / 1.5
    assert found.combinations[0, 0] == pytest.approx(-found.combinations[0, 1], abs=0.02)


def test_what_runs_scatter_by_chance_tells_nothing():
    u, rng = prior(20, 256), np.random.default_rng(3)
    noise = rng.normal(size=(256, 6))
    found = information(
        u, noise, 0.05 * np.eye(6)
    )  # slopes of pure noise have squares of 1/256: times 6 figures over .05, an information of .5
    assert found.spread.mean() > 0.9
    assert (found.combined <= 1.0).all()


def test_the_spread_of_draws_is_measured_along_combinations():
    u = prior(2)
    x = scaled(u, u)
    found = information(u, x[:, [0]] + x[:, [1]], np.array([[0.25]]))
    both = 0.5 + np.sqrt(1 / 12) * np.column_stack(
        [np.linspace(-1, 1, 101), np.linspace(1, -1, 101)]
    )  # the sum is known, the difference is not
    told = combined_spread(found, both, u)
    assert told[0] == pytest.approx(0.0, abs=2e-3)
    assert told[1] == pytest.approx(np.sqrt(2) * np.std(np.linspace(-1, 1, 101), ddof=1), rel=2e-3)


def test_a_number_that_never_varies_is_no_division_by_nothing():
    u = prior(2)
    u[:, 1] = 0.5
    found = information(u, scaled(u, u)[:, [0]], np.array([[1.0]]))
    assert found.spread == pytest.approx([np.sqrt(0.5), 1.0], abs=1e-3)
