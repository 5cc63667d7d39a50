"""How much figures tell of numbers, foreseen without the figures' observed values: by how they move with the numbers, and how large their errors are.

An approximation: figures are taken to move in straight lines with the numbers, errors and the prior to be normal. The posterior's covariance is then the
same for all data: the inverse of what figures add to what the prior knows, with each number in units of its prior's standard deviation. Where figures bend,
or an observation lies near a range's end, data tell more in one place and less in another. The covariance's eigenvectors are the combinations of numbers
that figures tell: of many numbers that move the same figures they tell a few combinations well, and each number by itself hardly.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

SHUFFLES = 20


class Information(NamedTuple):
    """How much figures tell; spreads are standard deviations over those of the prior, from 0 (known) to 1 (nothing is said)."""

    spread: np.ndarray  # (numbers,) of each number by itself
    combinations: np.ndarray  # (combinations, numbers) of length 1 and at right angles, the best told first
    combined: np.ndarray  # (combinations,) their spreads, rising


def information(unit: np.ndarray, figures: np.ndarray, covariance: np.ndarray, rng: np.random.Generator) -> Information:
    """Return how much figures tell of numbers. A combination of which chance could tell as much counts as not told.

    Args:
        unit: (draws, numbers) shares of the prior's ranges, evenly drawn; at least two more draws than numbers.
        figures: (draws, figures) what the model shows there, without errors of observation.
        covariance: (figures, figures) of the errors of observation, and of the noise of a run.
        rng: shuffles what no straight line explains, to see what it tells by chance.

    Raises:
        ValueError: if there are too few draws, or a figure has no error.
    """
    draws, numbers = unit.shape
    error = np.sqrt(np.diag(covariance))
    if draws < numbers + 2:
        raise ValueError(f"{draws} draws are too few for {numbers} numbers")
    if not (error > 0.0).all():
        raise ValueError("a figure without an error")
    x = scaled(unit, unit)
    y = (figures - figures.mean(axis=0)) / error
    weight = np.linalg.pinv(covariance / np.outer(error, error), hermitian=True)
    inverse = np.linalg.pinv(x)
    left = y - x @ (inverse @ y)
    by_chance = max(told(inverse, left[rng.permutation(draws)], left, weight)[0][0] for _ in range(SHUFFLES))
    values, vectors = told(inverse, y, left, weight)
    values = np.where(values > max(by_chance, 0.0), values, 0.0)
    spread = np.sqrt((vectors**2) @ (1.0 / (1.0 + values)))
    return Information(spread, vectors.T, 1.0 / np.sqrt(1.0 + values))


def told(inverse: np.ndarray, y: np.ndarray, left: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what figures y tell of combinations, falling, and these as columns, the heaviest number of each with a positive weight.

    Squares of slopes that are not known exactly lose their variance.
    """
    numbers, draws = inverse.shape
    slopes = inverse @ y  # (numbers, figures)
    scatter = left.T @ left / (draws - 1 - numbers)
    values, vectors = np.linalg.eigh(slopes @ weight @ slopes.T - np.trace(weight @ scatter) * (inverse @ inverse.T))
    heaviest = vectors[np.abs(vectors).argmax(axis=0), np.arange(numbers)]
    return values[::-1], (vectors * np.sign(heaviest))[:, ::-1]


def scaled(unit: np.ndarray, prior: np.ndarray) -> np.ndarray:
    """Return numbers (rows, numbers) less the mean of `prior` (draws, numbers), in its standard deviations; one that never varies is 0."""
    spread = prior.std(axis=0)
    found: np.ndarray = np.divide(unit - prior.mean(axis=0), spread, out=np.zeros_like(unit), where=spread > 0.0)
    return found


def combined_spread(of: Information, unit: np.ndarray, prior: np.ndarray) -> np.ndarray:
    """Return the spread of each combination over draws of a posterior, over that of draws of the prior: (combinations,); 1 where neither varies.

    Args:
        of: with the combinations.
        unit: (draws, numbers) of the posterior, as shares of the ranges.
        prior: (draws, numbers) of the prior.
    """
    after, before = ((scaled(rows, prior) @ of.combinations.T).std(axis=0, ddof=1) for rows in (unit, prior))
    found: np.ndarray = np.divide(after, before, out=np.ones_like(after), where=before > 0.0)
    return found
