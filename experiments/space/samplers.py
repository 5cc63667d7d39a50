"""Samplers: the points of a box of parameters at which an experiment looks. The same points for the same seed."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

GRID, LATIN, SOBOL, LISTED = "grid", "latin-hypercube", "sobol", "list"


class Axis(NamedTuple):
    """One parameter that is varied: from where to where, or the levels that a grid has of it."""

    path: str
    low: float
    high: float
    whole: bool = False
    log: bool = False  # evenly spread over its logarithm
    levels: tuple[float, ...] = ()

    def at(self, share: np.ndarray) -> list[float]:
        """Return the values at these shares of the way from low to high; of whole numbers each is as likely as the next."""
        if self.log:
            # one by one: NumPy's `exp` of an array differs by processor in the last digit, and a setting names its runs
            powers = math.log(self.low) + share * (math.log(self.high) - math.log(self.low))
            found = np.array([math.exp(x) for x in powers.tolist()])
            found = np.clip(np.round(found) if self.whole else found, self.low, self.high)
        elif self.whole:
            found = np.minimum(np.floor(self.low + share * (self.high - self.low + 1.0)), self.high)
        else:
            found = self.low + share * (self.high - self.low)
        return [self.exact(x) for x in found]

    def exact(self, x: float) -> float:
        """Return a value as the scenario takes it."""
        return round(float(x)) if self.whole else float(x)


def spaced(axis: Axis, steps: int) -> tuple[float, ...]:
    """Return evenly spaced levels from low to high; whole numbers are rounded, each given once."""
    ends = np.linspace(axis.low, axis.high, steps)
    if axis.log:
        powers = np.linspace(math.log10(axis.low), math.log10(axis.high), steps)
        ends[1:-1] = [10.0**x for x in powers[1:-1].tolist()]  # one by one, as above
    return tuple(dict.fromkeys(axis.exact(round(x)) if axis.whole else axis.exact(x) for x in np.clip(ends, axis.low, axis.high)))


def grid(axes: Sequence[Axis]) -> list[tuple[float, ...]]:
    """Return every combination of the levels; the last axis changes fastest."""
    return list(itertools.product(*(axis.levels for axis in axes)))


def sobol(axes: Sequence[Axis], points: int, seed: int) -> list[tuple[float, ...]]:
    """Return the first points of a scrambled Sobol sequence; more points leave the first as they are (Owen 1998)."""
    from scipy.stats import qmc

    sequence = qmc.Sobol(len(axes), scramble=True, seed=np.random.default_rng(seed))
    return _placed(axes, sequence.random_base2(max(0, (points - 1).bit_length()))[:points])


def latin(axes: Sequence[Axis], points: int, seed: int) -> list[tuple[float, ...]]:
    """Return a Latin hypercube: of each axis, every 1/points of its length is met once (McKay, Beckman and Conover 1979)."""
    from scipy.stats import qmc

    return _placed(axes, qmc.LatinHypercube(len(axes), seed=np.random.default_rng(seed)).random(points))


def _placed(axes: Sequence[Axis], shares: np.ndarray) -> list[tuple[float, ...]]:
    columns = [axis.at(shares[:, k]) for k, axis in enumerate(axes)]
    return list(zip(*columns, strict=True))
