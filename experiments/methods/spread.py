"""What the spread of an effect over worlds goes with: each number alone, and two groups of numbers against one another.

There are about as many worlds as numbers, so no regression on all of them has enough to go by. Two things can be asked for all that:

- Of one number: its squared correlation with the effect, as a share of what the worlds differ in. That is the first-order index of a linear surrogate, also
  where numbers go together: what the spread would lose on average if the number were measured. How large the largest of all becomes by chance is known
  from effects in shuffled order.
- Of a group of numbers: the variance that it adds, each number with a small slope of its own of unknown size (variance components, as heritability is split
  between groups of markers: Yang et al. 2011). Shares of two groups and of the rest are weighed on an even grid of all that they can be, by the restricted
  likelihood with the scale integrated out. Noise, known from repeated runs, is a part of its own. Of the rest no interval is given: where numbers do
  nothing at all, the grid would hardly hold it.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

LEVEL = 0.95
SHUFFLES = 200
STEP = 0.05  # of the grid of shares
LEAST_NOISE = 0.005  # of the variance: where a group explains all, and there are fewer numbers than worlds, nothing is left to weigh by
LEAST = 10  # worlds, with fewer of which nothing is said


class Alone(NamedTuple):
    """What the spread goes with, number by number."""

    share: np.ndarray  # (numbers,) of the worlds' variance
    low: np.ndarray  # of its 95% interval
    high: np.ndarray
    chance: float  # what the largest of all is at most by chance, in 19 of 20 cases

    @property
    def most(self) -> int | None:
        """Return the place of the number with the largest share, if that is more than chance gives."""
        k = int(np.argmax(self.share))
        return k if self.share[k] > self.chance else None


class Share(NamedTuple):
    """A share of the worlds' variance with its 95% interval."""

    mean: float
    low: float
    high: float


class Split(NamedTuple):
    """The worlds' variance in three parts."""

    first: Share
    second: Share
    rest: float  # its mean: bends, what numbers do together, and what is not among them
    ahead: float  # how likely the first is larger than the second

    @property
    def told(self) -> bool:
        """Tell whether it is known which group has more."""
        return not (1.0 - LEVEL) / 2.0 < self.ahead < (1.0 + LEVEL) / 2.0


def alone(numbers: np.ndarray, effects: np.ndarray, noise: float, seed: int = 1) -> Alone | None:
    """Return each number's share; None with too few worlds.

    Args:
        numbers: (worlds, numbers), each different over worlds.
        effects: (worlds,) of each world, with noise.
        noise: the share of their variance that is noise, below 1.
        seed: of the shuffling.
    """
    many = len(effects)
    if many < LEAST:
        return None
    x, y = _scaled(numbers), _scaled(effects[:, None])[:, 0]
    r = np.clip(x.T @ y / many, -1.0, 1.0)
    rng = np.random.default_rng([seed, 41])
    largest = [float(((x.T @ y[rng.permutation(many)] / many) ** 2).max()) for _ in range(SHUFFLES)]
    half = 1.96 / math.sqrt(many - 3)  # of Fisher's transformation
    z = np.arctanh(np.clip(np.abs(r), 0.0, 1.0 - 1e-12))

    def of_worlds(squared: np.ndarray) -> np.ndarray:
        found: np.ndarray = np.minimum(squared / (1.0 - noise), 1.0)
        return found

    low, high = (np.tanh(np.maximum(z + side * half, 0.0)) ** 2 for side in (-1.0, 1.0))
    chance = float(of_worlds(np.array([np.quantile(largest, LEVEL)]))[0])
    return Alone(of_worlds(r**2), of_worlds(low), of_worlds(high), chance)


def split(first: np.ndarray, second: np.ndarray, effects: np.ndarray, noise: float) -> Split | None:
    """Return what either group of numbers adds; None with too few worlds, or where a group is empty.

    Args:
        first: (worlds, numbers) of a group, each different over worlds.
        second: of the other.
        effects: (worlds,) of each world, with noise.
        noise: the share of their variance that is noise, below 1.
    """
    many = len(effects)
    if many < LEAST or not first.shape[1] or not second.shape[1]:
        return None
    free = np.linalg.svd(np.ones((1, many)))[2][1:]  # an orthogonal basis of what is left once the mean is taken out
    y, alike = free @ effects, [_alike(free @ _scaled(group)) for group in (first, second)]
    shares = _grid()
    weights = _weights(shares, alike, y, noise)
    rest = 1.0 - shares.sum(axis=1)
    ahead = shares[:, 0] - shares[:, 1]
    level = float(weights @ np.where(np.abs(ahead) < STEP / 2.0, 0.5, ahead > 0.0))
    return Split(_share(shares[:, 0], weights), _share(shares[:, 1], weights), float(weights @ rest), level)


def _scaled(x: np.ndarray) -> np.ndarray:
    spread = x.std(axis=0)
    found: np.ndarray = np.divide(x - x.mean(axis=0), spread, out=np.zeros_like(x, float), where=spread > 0.0)
    return found


def _alike(x: np.ndarray) -> np.ndarray:
    """Return how alike worlds are in a group of numbers: (worlds - 1, worlds - 1), its mean diagonal about 1."""
    found: np.ndarray = x @ x.T / x.shape[1]
    return found


def _grid() -> np.ndarray:
    """Return all shares of two groups that leave none below 0 for the rest: (points, 2)."""
    steps = round(1.0 / STEP)
    return STEP * np.array([(a, b) for a in range(steps + 1) for b in range(steps + 1 - a)], float)


def _weights(shares: np.ndarray, alike: list[np.ndarray], y: np.ndarray, noise: float) -> np.ndarray:
    """Return how likely each point of the grid is: (points,), of sum 1."""
    noise = max(noise, LEAST_NOISE)
    logs = np.empty(len(shares))
    for k, (a, b) in enumerate(shares):
        covariance = (1.0 - noise) * (a * alike[0] + b * alike[1] + (1.0 - a - b) * np.eye(len(y))) + noise * np.eye(len(y))
        _, size = np.linalg.slogdet(covariance)
        logs[k] = -0.5 * size - 0.5 * len(y) * math.log(float(y @ np.linalg.solve(covariance, y)))
    found: np.ndarray = np.exp(logs - logs.max())
    found /= found.sum()
    return found


def _share(values: np.ndarray, weights: np.ndarray) -> Share:
    reached = np.cumsum(np.bincount(np.rint(values / STEP).astype(int), weights))
    tail = (1.0 - LEVEL) / 2.0
    low, high = (STEP * min(int(np.searchsorted(reached, q)), len(reached) - 1) for q in (tail, 1.0 - tail))
    return Share(float(weights @ values), low, high)
