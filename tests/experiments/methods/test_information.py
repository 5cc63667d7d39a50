"""How much figures tell, where it can be worked out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import qmc

from experiments.methods.information import combined_spread, information, scaled, told

DRAWS = 1024


def found_of(unit, figures, covariance):
    return information(unit, figures, np.array(covariance, float), np.random.default_rng(2))


def prior(numbers, draws=DRAWS, seed=1):
    return qmc.Sobol(numbers, seed=np.random.default_rng(seed)).random(draws)


def test_a_sum_is_told_well_and_its_parts_badly():
    """With y = a + b, a and b of variance 1, and an error of 1/2: the sum has precision 1 + 2 * 4 = 9 in its own units, the difference 1.

    So the sum keeps a third of its spread, the difference all of it, and a or b the root of half of 1/9 + 1.
    """
    u = prior(3)
    x = scaled(u, u)
    found = found_of(u, x[:, [0]] + x[:, [1]], [[0.25]])
    assert found.combined == pytest.approx([1 / 3, 1.0, 1.0], abs=1e-3)
    assert found.combinations[0] == pytest.approx([np.sqrt(0.5), np.sqrt(0.5), 0.0], abs=1e-3)
    assert found.spread == pytest.approx([np.sqrt(5 / 9), np.sqrt(5 / 9), 1.0], abs=1e-3)


def test_errors_that_go_together_tell_more_of_a_difference():
    """Two figures that show a and b with errors of variance 1 and covariance 0.5: sum and difference have errors of variance 1.5 and 0.5."""
    u = prior(2)
    found = found_of(u, scaled(u, u), [[1.0, 0.5], [0.5, 1.0]])
    assert found.combined == pytest.approx([np.sqrt(1 / 3), np.sqrt(3 / 5)], abs=2e-3)  # precisions 1 + 1 / 0.5 and 1 + 1 / 1.5
    assert found.combinations[0, 0] == pytest.approx(-found.combinations[0, 1], abs=0.02)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e8])
def test_units_of_figures_do_not_matter(scale):
    u = prior(2)
    x = scaled(u, u)
    units = np.diag([1.0, scale])
    found = found_of(u, x @ units, units @ (0.04 * np.eye(2)) @ units)
    assert found.spread == pytest.approx([np.sqrt(0.04 / 1.04)] * 2, rel=1e-3)


@pytest.mark.parametrize("error", [0.05, 0.01])
def test_what_runs_scatter_by_chance_tells_nothing_however_small_the_errors_are(error):
    """Slopes of pure noise have squares of 1/256: times six figures over errors of .05 an information of .5, and some combinations have far more."""
    u, rng = prior(20, 256), np.random.default_rng(3)
    noise = rng.normal(size=(256, 6))
    assert found_of(u, noise, error * np.eye(6)).combined.min() > 0.9
    x = scaled(u, u)
    some = found_of(u, noise + 3.0 * x[:, [0]], error * np.eye(6))  # one of them is told all the same, and is found among the noise
    assert (some.combined < 0.5).tolist() == [True] + [False] * 19
    assert some.combinations[0, 0] > 0.95


def test_what_slopes_that_are_not_known_exactly_tell_is_right_on_average():
    """One number of 20 moves a figure by as much as its error, which tells 1; 64 runs scatter by four times that, which tells 16/64 of each by chance."""
    u, rng = prior(20, 64), np.random.default_rng(4)
    x = scaled(u, u)
    inverse, sums = np.linalg.pinv(x), []
    for _ in range(300):
        y = x[:, [0]] + 4.0 * rng.normal(size=(64, 1))
        y -= y.mean(axis=0)
        values, _ = told(inverse, y, y - x @ (inverse @ y), np.eye(1))
        sums.append(values.sum())
    assert np.mean(sums) == pytest.approx(1.0, abs=4.0 * np.std(sums) / np.sqrt(300))
    assert np.std(sums) / np.sqrt(300) < 0.2


def test_the_spread_of_draws_is_measured_along_combinations():
    u = prior(2)
    x = scaled(u, u)
    found = found_of(u, x[:, [0]] + x[:, [1]], [[0.25]])
    both = 0.5 + np.sqrt(1 / 12) * np.column_stack(
        [np.linspace(-1, 1, 101), np.linspace(1, -1, 101)]
    )  # the sum is known, the difference is not
    left = combined_spread(found, both, u)
    assert left[0] == pytest.approx(0.0, abs=2e-3)
    assert left[1] == pytest.approx(np.sqrt(2) * np.std(np.linspace(-1, 1, 101), ddof=1), rel=2e-3)


def test_a_number_that_never_varies_is_no_division_by_nothing():
    u = prior(2)
    u[:, 1] = 0.5
    found = found_of(u, scaled(u, u)[:, [0]], [[1.0]])
    assert found.spread == pytest.approx([np.sqrt(0.5), 1.0], abs=1e-3)
    assert combined_spread(found, u, u) == pytest.approx([1.0, 1.0])


def test_what_cannot_be_told_is_refused():
    u = prior(6, 4)
    with pytest.raises(ValueError, match="4 draws are too few for 6 numbers"):
        found_of(u, u[:, :1], [[1.0]])
    with pytest.raises(ValueError, match="a figure without an error"):
        found_of(prior(2), prior(2), [[1.0, 0.0], [0.0, 0.0]])
