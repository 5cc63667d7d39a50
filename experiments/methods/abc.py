"""Approximate Bayesian computation with regression adjustment (Beaumont, Zhang and Balding 2002), from a bank of simulated draws.

The bank's summaries already hold the error of observation. They are first turned into one statistic a parameter, its linear prediction from all of
them (Fearnhead and Prangle 2012); the nearest draws by these are kept, and moved along a ridge regression to the data, each with the weight of
Epanechnikov's kernel.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from experiments.optional_imports import needs

EXTRA = "calibrate"
KEPT = 0.5  # of the bank, the nearest: with some hundred draws fewer leave the regression too little to go by
PENALTIES = np.logspace(-2, 3, 11)  # of the ridge, from which cross-validation chooses, summaries standardised
LEAST = 30  # draws that are kept at least


class Posterior(NamedTuple):
    """Draws that fit, and how much each counts."""

    theta: np.ndarray  # (kept, parameters) adjusted to the data
    plain: np.ndarray  # (kept, parameters) as they were drawn: plain rejection
    weights: np.ndarray  # (kept,) that sum to 1
    rows: np.ndarray  # (kept,) of the bank, the nearest first
    slope: np.ndarray  # (parameters, summaries) by which draws were moved, per unit of each summary

    def effective(self) -> float:
        """Return how many draws of equal weight tell as much."""
        return float(1.0 / (self.weights**2).sum())

    def mean(self) -> np.ndarray:
        """Return the mean of each parameter: (parameters,)."""
        mean: np.ndarray = self.weights @ self.theta
        return mean

    def spread(self) -> np.ndarray:
        """Return the standard deviation of each parameter: (parameters,)."""
        found: np.ndarray = np.sqrt(self.weights @ (self.theta - self.mean()) ** 2)
        return found


def fit(theta: np.ndarray, summaries: np.ndarray, observed: np.ndarray, kept: float = KEPT) -> Posterior:
    """Return the draws that fit.

    Args:
        theta: (draws, parameters) of the bank, on a scale without bounds.
        summaries: (draws, summaries) of the bank, with the error of observation; finite.
        observed: (summaries,) of the data.
        kept: share of the bank.

    Raises:
        BadInput: if scikit-learn is missing.
    """
    scale = summaries.std(axis=0)
    used = scale > 0.0
    centre = summaries[:, used].mean(axis=0)
    s, data = (summaries[:, used] - centre) / scale[used], (observed[used] - centre) / scale[used]
    if not used.any():
        rows = np.arange(len(theta))
        return Posterior(theta.copy(), theta.copy(), np.full(len(rows), 1.0 / len(rows)), rows, np.zeros((theta.shape[1], len(used))))
    first = _ridge(s, theta, np.ones(len(s)))
    statistics, at = first.predict(s), first.predict(data[None, :])[0]
    width = statistics.std(axis=0)
    width[width == 0.0] = 1.0
    distance = np.sqrt((((statistics - at) / width) ** 2).sum(axis=1))
    many = min(len(theta), max(LEAST, round(kept * len(theta))))
    rows = np.argsort(distance, kind="stable")[:many]
    reach = distance[rows[-1]] * (1.0 + 1e-9) or 1.0
    weights = np.maximum(1.0 - (distance[rows] / reach) ** 2, 1e-6)  # of Epanechnikov
    weights /= weights.sum()
    near = _ridge(s[rows], theta[rows], weights)
    moved = theta[rows] + near.predict(data[None, :]) - near.predict(s[rows])
    slope = np.zeros((theta.shape[1], len(used)))
    slope[:, used] = near.slope / scale[used]
    return Posterior(moved, theta[rows].copy(), weights, rows, slope)


def _ridge(s: np.ndarray, theta: np.ndarray, weights: np.ndarray) -> _Linear:
    """Return a ridge regression of all parameters at once, its penalty chosen by leave-one-out cross-validation."""
    model = needs("sklearn.linear_model", EXTRA).RidgeCV(alphas=PENALTIES)
    model.fit(s, theta, sample_weight=weights * len(weights) / weights.sum())
    return _Linear(np.atleast_2d(np.asarray(model.coef_)), np.atleast_1d(np.asarray(model.intercept_)))


class _Linear(NamedTuple):
    """A linear map from summaries to parameters."""

    slope: np.ndarray  # (parameters, summaries)
    level: np.ndarray  # (parameters,)

    def predict(self, s: np.ndarray) -> np.ndarray:
        """Return the parameters that rows of summaries say: (rows, parameters)."""
        found: np.ndarray = s @ self.slope.T + self.level
        return found


def resampled(posterior: Posterior, many: int, start: float = 0.5) -> np.ndarray:
    """Return the places of draws of equal weight, by systematic resampling without chance.

    Args:
        posterior: to be drawn from.
        many: draws.
        start: where the first lies in its `many`-th of the weight, from 0 to 1: another start gives others, between them.

    Returns:
        (many,) places, the heaviest may come again.
    """
    edges = np.cumsum(posterior.weights)
    return np.minimum(np.searchsorted(edges, (np.arange(many) + start) / many), len(edges) - 1)


def leave_one_out(bank: np.ndarray, summaries: np.ndarray, pseudo: np.ndarray, kept: float = KEPT) -> Iterator[Posterior]:
    """Yield the posterior of each pseudo-log: a row of the bank that is taken for data, and fitted with all the others.

    Args:
        bank: (draws, parameters).
        summaries: (draws, summaries) with the error of observation.
        pseudo: rows of the bank, each in turn.
        kept: share of the bank.
    """
    for row in pseudo:
        rest = np.delete(np.arange(len(bank)), row)
        yield fit(bank[rest], summaries[rest], summaries[row], kept)


def rank(posterior: Posterior, truth: np.ndarray, spread: float = 1.0) -> np.ndarray:
    """Return where a truth lies among a posterior: (parameters,) from 0 to 1.

    Args:
        posterior: of its log.
        truth: (parameters,).
        spread: by which the posterior's spread is multiplied around its mean; 1 but for a control.
    """
    theta = posterior.mean() + spread * (posterior.theta - posterior.mean())
    found: np.ndarray = posterior.weights @ (theta < truth)
    return found
