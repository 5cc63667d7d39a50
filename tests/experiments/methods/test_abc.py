"""Regression-adjusted ABC where the exact posterior is known: a linear model with normal errors."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.methods import rank_bands
from experiments.methods.abc import Posterior, fit, leave_one_out, rank, resampled

pytest.importorskip("sklearn")
A = np.array(
    [[1.0, 0.0, 0.0], [0.5, 1.0, 0.0], [0.0, -1.0, 0.0], [0.0, 0.0, 0.0]]
)  # the third parameter moves nothing, the fourth summary is noise
ERROR = 0.5


def bank(draws=2000, seed=1):
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=(draws, 3))
    return theta, theta @ A.T + ERROR * rng.normal(size=(draws, 4))


def exact(observed):
    """Return mean and standard deviation of the posterior under a standard normal prior."""
    covariance = np.linalg.inv(np.eye(3) + A.T @ A / ERROR**2)
    return covariance @ A.T @ observed / ERROR**2, np.sqrt(np.diag(covariance))


@pytest.mark.parametrize("observed", [np.zeros(4), np.array([1.5, 1.0, -0.5, 0.3]), np.array([-1.0, 0.5, 1.2, 0.0])])
def test_the_posterior_is_the_exact_one_where_it_is_known(observed):
    theta, s = bank()
    found = fit(theta, s, observed)
    mean, spread = exact(observed)
    assert found.mean()[:2] == pytest.approx(mean[:2], abs=0.12)
    assert found.mean()[2] == pytest.approx(0.0, abs=0.2)  # as wide as the prior, so less sure
    assert found.spread() == pytest.approx(spread, rel=0.1)
    assert found.weights.sum() == pytest.approx(1.0)
    assert 300 < found.effective() <= 1000


def test_plain_rejection_keeps_the_draws_as_they_were_and_is_wider():
    theta, s = bank()
    observed = np.array([1.5, 1.0, -0.5, 0.3])
    found = fit(theta, s, observed)
    assert np.array_equal(found.plain, theta[found.rows])
    plain = found._replace(theta=found.plain)
    assert (plain.spread()[:2] > 1.15 * exact(observed)[1][:2]).all()


def test_summaries_that_never_vary_say_nothing():
    theta, s = bank(300)
    found = fit(theta, np.ones((300, 2)), np.zeros(2))
    assert found.mean() == pytest.approx(theta.mean(axis=0))
    constant = np.column_stack([s, np.ones(300)])
    assert fit(theta, constant, np.zeros(5)).mean() == pytest.approx(fit(theta, s, np.zeros(4)).mean())


def test_the_slope_is_by_what_draws_were_moved_in_the_units_of_the_summaries():
    theta, s = bank()
    observed = np.array([1.5, 1.0, -0.5, 0.3])
    found = fit(theta, 1000.0 * s + 7.0, 1000.0 * observed + 7.0)
    assert found.theta - found.plain == pytest.approx(1000.0 * (observed - s[found.rows]) @ found.slope.T)
    assert fit(theta, np.column_stack([s, np.ones(len(s))]), np.append(observed, 1.0)).slope[:, -1].tolist() == [0.0] * theta.shape[1]


def test_resampling_gives_equal_weight_to_what_counts():
    found = resampled(Posterior(np.zeros((3, 1)), np.zeros((3, 1)), np.array([0.5, 0.25, 0.25]), np.arange(3), np.zeros((1, 1))), 8)
    assert np.bincount(found).tolist() == [4, 2, 2]


def test_ranks_are_even_if_the_posterior_is_right_and_are_not_if_its_spread_is_halved():
    theta, s = bank(300)
    pseudo = np.arange(0, 300, 2)
    fits = list(leave_one_out(theta, s, pseudo))
    right, halved = (np.array([rank(post, theta[row], spread) for post, row in zip(fits, pseudo, strict=True)]) for spread in (1.0, 0.5))
    assert not any(row in post.rows[post.plain[:, 0] == theta[row, 0]] for post, row in zip(fits, pseudo, strict=True))
    assert not rank_bands.outside(right).any()
    assert rank_bands.outside(halved).all()
