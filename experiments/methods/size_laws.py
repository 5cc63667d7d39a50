"""How a figure goes with size: two laws, each fitted to all sizes but the largest and asked to predict that one.

One law levels off, y = a + b / n, as what few members do to one another dies away; the other goes on, y = a + b log10 n. A limit is told where
the first holds and the second does not. Where both hold, sizes are too few or too noisy to say which: nothing is extrapolated.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

WIDE = 1.96  # standard errors in half of a 95% interval
REFUTED = 0.05  # chance below which a law does not fit
LEAST = 4  # sizes: three to fit two numbers, and one to predict
LEVELS, GOES_ON = "levels off", "goes on"
LEVEL, RELATIVE = "level", "relative effect"  # what goes with size
LIMIT, GROWS, STEADY, UNSAID = "levels off", "goes on", "no change to be seen", "cannot be said"


Bounds = tuple[float, float, float]  # an estimate and its 95% interval


class AtSize(NamedTuple):
    """A measure at a size."""

    size: int
    pairs: int
    level: Bounds  # under the control
    difference: Bounds
    relative: Bounds  # the difference over the level


class Law(NamedTuple):
    """A law fitted to sizes."""

    name: str  # LEVELS or GOES_ON
    coefficients: np.ndarray  # a, b
    covariance: np.ndarray
    chance: float  # of errors as large as these, if it is the law

    def at(self, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return what it says of sizes, with the standard error of that."""
        rows = _rows(self.name, sizes)
        return rows @ self.coefficients, np.sqrt(np.einsum("ij,jk,ik->i", rows, self.covariance, rows))


class Checked(NamedTuple):
    """A law fitted without the largest size, and what it says of that."""

    law: Law  # fitted to all sizes
    predicted: float
    low: float  # of a 95% interval of what is to be seen there
    high: float
    seen: float

    @property
    def holds(self) -> bool:
        """Tell whether it fits, and predicts what was held out."""
        return self.law.chance >= REFUTED and self.low <= self.seen <= self.high


class Verdict(NamedTuple):
    """What can be said of a figure by size."""

    kind: str  # LIMIT, GROWS, STEADY or UNSAID
    levels: Checked
    goes_on: Checked

    def left(self, size: float) -> tuple[float, float]:
        """Return how far the figure is from its limit at a size, and how far at most (95%)."""
        law = self.levels.law
        b, error = float(law.coefficients[1]), math.sqrt(float(law.covariance[1, 1]))
        return -b / size, (abs(b) + WIDE * error) / size

    @property
    def tenfold(self) -> tuple[float, float, float]:
        """Return by how much the figure changes with ten times the size, with its 95% interval, if it goes on."""
        law = self.goes_on.law
        b, half = float(law.coefficients[1]), WIDE * math.sqrt(float(law.covariance[1, 1]))
        return b, b - half, b + half


def _rows(name: str, sizes: np.ndarray) -> np.ndarray:
    # one by one: NumPy's logarithm of an array differs by processor in the last digit
    x = 1.0 / sizes if name == LEVELS else np.array([math.log10(n) for n in sizes.tolist()])
    return np.column_stack([np.ones(len(sizes)), x])


def fitted(name: str, sizes: np.ndarray, seen: np.ndarray, errors: np.ndarray) -> Law:
    """Return a law fitted by weighted least squares.

    Args:
        name: LEVELS or GOES_ON.
        sizes: (n,) that differ.
        seen: (n,) the figure.
        errors: (n,) its standard errors, above 0.
    """
    from scipy import special  # `stats` has the same number, and takes a second to load

    rows = _rows(name, sizes) / errors[:, None]
    covariance = np.linalg.inv(rows.T @ rows)
    coefficients = covariance @ rows.T @ (seen / errors)
    misfit = float(np.sum((seen / errors - rows @ coefficients) ** 2))
    freedom = len(sizes) - 2
    return Law(name, coefficients, covariance, float(special.chdtrc(freedom, misfit)) if freedom else 1.0)


def checked(name: str, sizes: np.ndarray, seen: np.ndarray, errors: np.ndarray) -> Checked:
    """Return a law with its check: sizes from the smallest to the largest, which is held out."""
    part = fitted(name, sizes[:-1], seen[:-1], errors[:-1])
    mean, error = part.at(sizes[-1:])
    half = WIDE * math.hypot(float(error[0]), float(errors[-1]))
    return Checked(fitted(name, sizes, seen, errors), float(mean[0]), float(mean[0]) - half, float(mean[0]) + half, float(seen[-1]))


def judged(sizes: np.ndarray, seen: np.ndarray, errors: np.ndarray) -> Verdict | None:
    """Return what can be said of a figure by size; None of fewer than four sizes, or where it is undefined or without error at one.

    Args:
        sizes: (n,) from the smallest to the largest.
        seen: (n,) the figure.
        errors: (n,) its standard errors.
    """
    if len(sizes) < LEAST or not (np.isfinite(seen).all() and np.isfinite(errors).all() and (errors > 0.0).all()):
        return None
    levels, goes_on = (checked(name, sizes, seen, errors) for name in (LEVELS, GOES_ON))
    found = Verdict(UNSAID, levels, goes_on)
    _, low, high = found.tenfold
    if goes_on.holds and low <= 0.0 <= high:
        return found._replace(kind=STEADY)
    if levels.holds != goes_on.holds:
        return found._replace(kind=LIMIT if levels.holds else GROWS)
    return found


def verdict_of(rows: Sequence[AtSize], what: str) -> Verdict | None:
    """Return what can be said of a measure's LEVEL or RELATIVE effect by size, as `judged`; rows from the smallest size to the largest."""
    seen = [row.level if what == LEVEL else row.relative for row in rows]
    estimates, errors = np.array([one[0] for one in seen]), np.array([error_of(one) for one in seen])
    return judged(np.array([row.size for row in rows], float), estimates, errors)


def error_of(interval: Bounds) -> float:
    """Return the standard error that a 95% interval stands for: with few pairs, as much larger as the interval is wider."""
    return (interval[2] - interval[1]) / 2.0 / WIDE
