"""What figures can tell of numbers at most, whatever the method: by how they move with the numbers, and how large their errors are.

Figures are taken to move in straight lines with the numbers and errors to be normal. The posterior's covariance is then the same for all data: the inverse
of what figures add to what the prior knows, with each number in units of its prior's standard deviation. Its eigenvectors are the combinations of numbers
that figures tell apart from one another: of many numbers that move the same figures they tell a few combinations well, and each number by itself hardly.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Information(NamedTuple):
    """What figures can tell; spreads are standard deviations over those of the prior, from 0 (known) to 1 (nothing is said)."""

    spread: np.ndarray  # (numbers,) of each number by itself
    combinations: np.ndarray  # (combinations, numbers) of length 1 and at right angles, the best told first
    combined: np.ndarray  # (combinations,) their spreads, rising


def information(unit: np.ndarray, figures: np.ndarray, covariance: np.ndarray) -> Information:
    """Return what figures can tell of numbers.

    Args:
        unit: (draws, numbers) shares of the prior's ranges, evenly drawn; some more draws than numbers.
        figures: (draws, figures) what the model shows there, without errors of observation.
        covariance: (figures, figures) of the errors of observation.
    """
    draws, numbers = unit.shape
    x = scaled(unit, unit)
    y = figures - figures.mean(axis=0)
    inverse = np.linalg.pinv(x)
    slopes = inverse @ y  # (numbers, figures)
    left = y - x @ slopes
    scatter = left.T @ left / (draws - 1 - numbers)
    weight = np.linalg.pinv(covariance, hermitian=True)
    # squares of slopes that are not known exactly are too large by their variance
    told = slopes @ weight @ slopes.T - np.trace(weight @ scatter) * (inverse @ inverse.T)
    values, vectors = np.linalg.eigh(told)
    values, vectors = np.maximum(values[::-1], 0.0), vectors[:, ::-1]
    spread = np.sqrt((vectors**2) @ (1.0 / (1.0 + values)))
    return Information(spread, vectors.T, 1.0 / np.sqrt(1.0 + values))


def scaled(unit: np.ndarray, prior: np.ndarray) -> np.ndarray:
    """Return numbers (rows, numbers) less the mean of `prior` (draws, numbers), in its standard deviations; one that never varies is 0."""
    spread = prior.std(axis=0)
    found: np.ndarray = np.divide(unit - prior.mean(axis=0), spread, out=np.zeros_like(unit), where=spread > 0.0)
    return found


def combined_spread(of: Information, unit: np.ndarray, prior: np.ndarray) -> np.ndarray:
    """Return the spread of each combination over draws of a posterior, over that of draws of the prior: (combinations,).

    Args:
        of: with the combinations.
        unit: (draws, numbers) of the posterior, as shares of the ranges.
        prior: (draws, numbers) of the prior.
    """
    after, before = (scaled(rows, prior) @ of.combinations.T for rows in (unit, prior))
    found: np.ndarray = after.std(axis=0, ddof=1) / before.std(axis=0, ddof=1)
    return found
