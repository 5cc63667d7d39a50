"""The range of an effect over worlds, of each of which a few noisy pairs of runs are known.

The mean of a world's few pairs spreads by what the worlds differ in and by noise. Its deviations from the mean of all are shrunk so that their variance is
that of the worlds alone (constrained empirical Bayes, Louis 1984): shrinking further, to each world's own best guess, would make the range too narrow.
A few pairs tell little of a world's own noise, so it is pooled: over all worlds, or, where their levels are known, as a power of the level.
From the smallest to the largest of N worlds lie, of worlds like them, (N - 1) / (N + 1) on average, whatever their distribution.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

LEVEL = 0.95
BOOTSTRAP, SEED = 400, 1  # of worlds, for how unsure the ends are
LEAST = 3  # worlds, below which there is no range
STEEPEST = 2.0  # power of the level that noise may grow with: its standard deviation in proportion


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


def range_over(effects: np.ndarray, levels: np.ndarray | None = None, seed: int = SEED) -> Range:
    """Return the range of an effect over worlds.

    Args:
        effects: (worlds, pairs) of each pair of runs, two pairs a world or more; a world with nan is left out.
        levels: (worlds,) what the effect is a difference from, in each; noise may grow with it.
        seed: of the bootstrap.
    """
    there = np.isfinite(effects).all(axis=1)
    whole, levels = effects[there], None if levels is None else levels[there]
    n = len(whole)
    if n < LEAST or whole.shape[1] < 2:
        return Range(*(math.nan,) * 3, n, *(math.nan,) * 7)
    noise, between = _variances(whole, levels)
    shrunk = shrunken(whole, levels)
    mean = float(whole.mean())
    sign = 1.0 if mean >= 0.0 else -1.0
    same = int((sign * seen_in(whole, levels) > 0.0).sum())
    ends = _ends_again(whole, levels, seed)
    spread = float(noise.mean()), between
    return Range(float(shrunk.min()), float(shrunk.max()), mean, n, *spread, same / n, *binomial_interval(same, n), *ends)


def noise_of(effects: np.ndarray, levels: np.ndarray | None = None) -> np.ndarray:
    """Return the variance of each world's mean by noise, (worlds,).

    It is the same in all, pooled within worlds; or, where all levels are known and above zero, in proportion to a power of the level from
    0 to `STEEPEST`, of greatest quasi-likelihood for variances (gamma, McCullagh and Nelder 1989, ch. 8).
    """
    from scipy.optimize import minimize_scalar

    own = effects.var(axis=1, ddof=1) / effects.shape[1]
    pooled = np.full(len(own), own.mean())
    if levels is None or not (np.isfinite(levels) & (levels > 0.0)).all() or not own.any():
        return pooled
    logs = np.log(levels) - np.log(levels).mean()
    found = minimize_scalar(lambda power: math.log(float((own * np.exp(-power * logs)).mean())), bounds=(0.0, STEEPEST), method="bounded")
    scale = np.exp(float(found.x) * logs)
    by_level: np.ndarray = float((own / scale).mean()) * scale
    return by_level


def _variances(effects: np.ndarray, levels: np.ndarray | None) -> tuple[np.ndarray, float]:
    """Return the variance of each world's mean by noise, and that of the worlds themselves, 0 at least."""
    noise = noise_of(effects, levels)
    return noise, max(0.0, float(effects.mean(axis=1).var(ddof=1)) - float(noise.mean()))


def shrunken(effects: np.ndarray, levels: np.ndarray | None = None) -> np.ndarray:
    """Return the mean of each world with the noise's share of their spread taken out: (worlds,)."""
    means = effects.mean(axis=1)
    noise, between = _variances(effects, levels)
    if between == 0.0:
        return np.full(len(means), means.mean())
    found: np.ndarray = means.mean() + np.sqrt(between / (between + noise)) * (means - means.mean())
    return found


def seen_in(effects: np.ndarray, levels: np.ndarray | None = None) -> np.ndarray:
    """Return the effect of each world, of which signs are counted: (worlds,), noise taken out where worlds can be told from it.

    Where they cannot, the noise stays in, which turns more signs and not fewer: else all worlds would be alike, and surely so.
    """
    noise, between = _variances(effects, levels)
    return shrunken(effects, levels) if between > noise.mean() else effects.mean(axis=1)


def _ends_again(effects: np.ndarray, levels: np.ndarray | None, seed: int, draws: int = BOOTSTRAP) -> tuple[float, float]:
    """Return the standard errors of both ends over worlds drawn again."""
    rng = np.random.default_rng(seed)
    ends = np.empty((draws, 2))
    for k in range(draws):
        drawn = rng.integers(0, len(effects), len(effects))
        again = shrunken(effects[drawn], None if levels is None else levels[drawn])
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
