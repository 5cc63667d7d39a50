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
HALVINGS = 40  # of the range of a power
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
        return Range(*(math.nan,) * 3, n, *(math.nan,) * 5)
    means, noise = whole.mean(axis=1), noise_of(whole, levels)
    between, shrunk = between_worlds(means, noise), without_noise(means, noise)
    mean = float(whole.mean())
    sign = 1.0 if mean >= 0.0 else -1.0
    same = int((sign * seen_in(whole, levels) > 0.0).sum())
    ends = _ends_again(whole, levels, seed)
    spread = float(noise.mean()), float(between[0])
    return Range(float(shrunk.min()), float(shrunk.max()), mean, n, *spread, same / n, *ends)


def noise_of(effects: np.ndarray, levels: np.ndarray | None = None) -> np.ndarray:
    """Return the variance of each world's mean by noise, (..., worlds), of effects (..., worlds, pairs).

    It is the same in all, pooled within worlds; or, where all levels are known and above zero, in proportion to a power of the level from
    0 to `STEEPEST`, of greatest quasi-likelihood for variances (gamma, McCullagh and Nelder 1989, ch. 8).
    """
    own = effects.var(axis=-1, ddof=1) / effects.shape[-1]
    if levels is None or not (np.isfinite(levels) & (levels > 0.0)).all():
        return np.broadcast_to(own.mean(axis=-1, keepdims=True), own.shape)
    logs = np.log(levels)
    logs = logs - logs.mean(axis=-1, keepdims=True)
    scale = np.exp(_powers(own, logs) * logs)
    by_level: np.ndarray = (own / scale).mean(axis=-1, keepdims=True) * scale
    return by_level


def _powers(own: np.ndarray, logs: np.ndarray) -> np.ndarray:
    """Return the power of the level that noise grows with, (..., 1): what is to be made small, log mean own e^(-power logs), is convex, so its slope is halved."""
    low, high = np.zeros((*own.shape[:-1], 1)), np.full((*own.shape[:-1], 1), STEEPEST)
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        falls = (own * logs * np.exp(-middle * logs)).sum(axis=-1, keepdims=True) > 0.0
        low, high = np.where(falls, middle, low), np.where(falls, high, middle)
    found: np.ndarray = (low + high) / 2.0
    return found


def between_worlds(means: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Return the variance of the worlds themselves, 0 at least: (..., 1), of means (..., worlds), each with its variance by noise."""
    spread = means.var(axis=-1, ddof=1, keepdims=True)
    found: np.ndarray = np.maximum(0.0, spread - noise.mean(axis=-1, keepdims=True))
    return found


def without_noise(means: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Return means with the noise's share of their spread taken out: (..., worlds), each with its variance by noise."""
    between, middle = between_worlds(means, noise), means.mean(axis=-1, keepdims=True)
    kept = np.divide(between, between + noise, out=np.zeros_like(means), where=between > 0.0)
    found: np.ndarray = middle + np.sqrt(kept) * (means - middle)
    return found


def shrunken(effects: np.ndarray, levels: np.ndarray | None = None) -> np.ndarray:
    """Return the mean of each world with the noise's share of their spread taken out: (..., worlds), of effects (..., worlds, pairs)."""
    return without_noise(effects.mean(axis=-1), noise_of(effects, levels))


def seen_in(effects: np.ndarray, levels: np.ndarray | None = None) -> np.ndarray:
    """Return the effect of each world, of which signs are counted: (worlds,), noise taken out where worlds can be told from it.

    Where they cannot, the noise stays in, which turns more signs and not fewer: else all worlds would be alike, and surely so.
    """
    means, noise = effects.mean(axis=1), noise_of(effects, levels)
    found: np.ndarray = without_noise(means, noise) if between_worlds(means, noise)[0] > noise.mean() else means
    return found


def _ends_again(effects: np.ndarray, levels: np.ndarray | None, seed: int, draws: int = BOOTSTRAP) -> tuple[float, float]:
    """Return the standard errors of both ends over worlds drawn again."""
    drawn = np.random.default_rng(seed).integers(0, len(effects), (draws, len(effects)))
    again = shrunken(effects[drawn], None if levels is None else levels[drawn])
    low, high = again.min(axis=1).std(ddof=1), again.max(axis=1).std(ddof=1)
    return float(low), float(high)


def binomial_interval(yes: int, of: int, level: float = LEVEL) -> tuple[float, float]:
    """Return the exact interval of a share (Clopper and Pearson 1934)."""
    from scipy import special

    tail = (1.0 - level) / 2.0
    low = float(special.betaincinv(yes, of - yes + 1, tail)) if yes else 0.0
    high = float(special.betaincinv(yes + 1, of - yes, 1.0 - tail)) if yes < of else 1.0
    return low, high
