"""The range of an effect over worlds, of each of which a few noisy pairs of runs are known.

The mean of a world's few pairs spreads by what the worlds differ in and by noise. Its deviations from the mean of all are shrunk so that their variance is
that of the worlds alone (constrained empirical Bayes, Louis 1984): shrinking further, to each world's own best guess, would make the range too narrow.
From the smallest to the largest of N worlds lie, of worlds like them, (N - 1) / (N + 1) on average, whatever their distribution.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

LEVEL = 0.95
BOOTSTRAP, SEED = 400, 1  # of worlds, for how unsure the ends are
LEAST = 3  # worlds, below which there is no range


class Range(NamedTuple):
    """An effect over worlds."""

    low: float  # smallest, noise taken out
    high: float  # largest
    mean: float
    worlds: int
    noise: float  # variance of a world's mean by noise
    between: float  # variance of the worlds themselves
    share: float  # of worlds with the sign of the mean, as `seen_in` has them
    share_low: float  # 95% interval of that share (Clopper and Pearson)
    share_high: float
    low_error: float  # standard error of the ends, by drawing worlds again
    high_error: float

    @property
    def told(self) -> bool:
        """Tell whether worlds can be told from noise: they differ more than it."""
        return self.between > self.noise

    @property
    def holds(self) -> float:
        """Return the share of worlds like these that lie within the range on average."""
        return (self.worlds - 1) / (self.worlds + 1)


def range_over(effects: np.ndarray, seed: int = SEED) -> Range:
    """Return the range of an effect over worlds.

    Args:
        effects: (worlds, pairs) of each pair of runs, two pairs a world or more; a world with nan is left out.
        seed: of the bootstrap.
    """
    whole = effects[np.isfinite(effects).all(axis=1)]
    n = len(whole)
    if n < LEAST or whole.shape[1] < 2:
        return Range(*(math.nan,) * 3, n, *(math.nan,) * 7)
    noise, between = _variances(whole)
    shrunk = shrunken(whole)
    mean = float(whole.mean())
    sign = 1.0 if mean >= 0.0 else -1.0
    same = int((sign * seen_in(whole) > 0.0).sum())
    ends = _ends_again(whole, seed)
    return Range(float(shrunk.min()), float(shrunk.max()), mean, n, noise, between, same / n, *binomial_interval(same, n), *ends)


def _variances(effects: np.ndarray) -> tuple[float, float]:
    """Return the variance of a world's mean by noise, pooled within worlds, and that of the worlds themselves, 0 at least."""
    noise = float(effects.var(axis=1, ddof=1).mean()) / effects.shape[1]
    return noise, max(0.0, float(effects.mean(axis=1).var(ddof=1)) - noise)


def shrunken(effects: np.ndarray) -> np.ndarray:
    """Return the mean of each world with the noise's share of their spread taken out: (worlds,)."""
    means = effects.mean(axis=1)
    _, between = _variances(effects)
    total = float(means.var(ddof=1))
    factor = math.sqrt(between / total) if total > 0.0 else 0.0
    found: np.ndarray = means.mean() + factor * (means - means.mean())
    return found


def seen_in(effects: np.ndarray) -> np.ndarray:
    """Return the effect of each world, of which signs are counted: (worlds,), noise taken out where worlds can be told from it.

    Where they cannot, the noise stays in, which turns more signs and not fewer: else all worlds would be alike, and surely so.
    """
    noise, between = _variances(effects)
    return shrunken(effects) if between > noise else effects.mean(axis=1)


def _ends_again(effects: np.ndarray, seed: int, draws: int = BOOTSTRAP) -> tuple[float, float]:
    """Return the standard errors of both ends over worlds drawn again."""
    rng = np.random.default_rng(seed)
    ends = np.empty((draws, 2))
    for k in range(draws):
        again = shrunken(effects[rng.integers(0, len(effects), len(effects))])
        ends[k] = again.min(), again.max()
    low, high = ends.std(axis=0, ddof=1)
    return float(low), float(high)


def binomial_interval(yes: int, of: int, level: float = LEVEL) -> tuple[float, float]:
    """Return the exact interval of a share (Clopper and Pearson 1934)."""
    from scipy import special

    tail = (1.0 - level) / 2.0
    low = float(special.betaincinv(yes, of - yes + 1, tail)) if yes else 0.0
    high = float(special.betaincinv(yes + 1, of - yes, 1.0 - tail)) if yes < of else 1.0
    return low, high
