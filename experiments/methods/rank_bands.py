"""Are ranks even? Simultaneous bands around the distribution of uniform ranks (Saeilynoja, Buerkner and Vehtari 2022), over several parameters.

Where simulation-based calibration holds, the rank of the truth among the posterior is uniform (Talts et al. 2018). The share of ranks up to each
place is held against the binomial distribution that it then has; how strict the comparison must be at each place, so that all places of all
parameters together raise a false alarm in 1% of cases, is found by simulation.
"""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np

PLACES = 40  # at which the shares are looked at
SIMULATED = 4000
LEVEL = 0.99
SEED = 1  # of the simulation


class Bands(NamedTuple):
    """Bounds of the share of ranks up to each place."""

    places: np.ndarray  # (places,) from 0 to 1, the ends left out
    low: np.ndarray  # (places,)
    high: np.ndarray


def _tails(counts: np.ndarray, many: int, places: np.ndarray) -> np.ndarray:
    """Return how unlikely counts up to each place are, two-sided: (samples,), the least over places."""
    from scipy.stats import binom

    both = np.minimum(binom.cdf(counts, many, places), binom.sf(counts - 1, many, places))
    least: np.ndarray = np.minimum(1.0, 2.0 * both).min(axis=1)
    return least


def _counts(ranks: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return how many ranks lie up to each place: (samples, places) of (samples, ranks)."""
    ordered = np.sort(ranks, axis=1)
    found: np.ndarray = np.stack([np.searchsorted(row, places, side="right") for row in ordered])
    return found


@functools.cache
def strictness(many: int, parameters: int, level: float = LEVEL) -> float:
    """Return the pointwise level of bands that hold all places of so many independent parameters at `level`.

    Args:
        many: ranks of each parameter.
        parameters: how many.
        level: of the whole, such as .99.
    """
    places = np.arange(1, PLACES) / PLACES
    rng = np.random.default_rng(SEED)
    tails = _tails(_counts(rng.random((SIMULATED, many)), places), many, places)
    return float(np.quantile(tails, 1.0 - level ** (1.0 / parameters)))


def bands(many: int, parameters: int) -> Bands:
    """Return the bounds of the share of ranks at each place. Arguments as of `strictness`."""
    from scipy.stats import binom

    places = np.arange(1, PLACES) / PLACES
    gamma = strictness(many, parameters)
    low, high = (np.asarray(binom.ppf(level, many, places), float) / many for level in (gamma, 1.0 - gamma))
    return Bands(places, low, high)


def outside(ranks: np.ndarray, level: float = LEVEL) -> np.ndarray:
    """Tell which parameters' ranks leave the bands: (parameters,).

    Args:
        ranks: (pseudo-logs, parameters), from 0 to 1.
        level: of all parameters together.
    """
    many, parameters = ranks.shape
    places = np.arange(1, PLACES) / PLACES
    gamma = strictness(many, parameters, level)
    found: np.ndarray = _tails(_counts(ranks.T, places), many, places) < gamma
    return found


def shares(ranks: np.ndarray) -> np.ndarray:
    """Return the share of ranks up to each place: (places, parameters)."""
    places = np.arange(1, PLACES) / PLACES
    found: np.ndarray = _counts(ranks.T, places).T / len(ranks)
    return found
