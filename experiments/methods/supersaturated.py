"""Screening with about as many points as factors, where no regression has enough to go by.

What a factor does alone is its squared correlation with what was seen, and how large the largest of all becomes by chance is known from what was seen in
shuffled order. What was found is taken out by regression, and the rest is looked at again, until nothing more is found: forward selection, as designs with
more factors than points are read.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

SHUFFLES = 100
BY_CHANCE = 0.95  # of the shuffled cases show nothing at all


class Screened(NamedTuple):
    """What a screening found."""

    share: np.ndarray  # (factors,) largest squared correlation with a figure, what was found before taken out of it
    column: np.ndarray  # (factors,) the place of that figure
    found: np.ndarray  # (factors,) whether it is more than chance gives
    chance: float  # what the largest of all is at most by chance, in 19 of 20 cases: the least over rounds


def screened(unit: np.ndarray, seen: np.ndarray, seed: int) -> Screened:
    """Return which factors move a column by more than chance gives.

    Args:
        unit: (draws, factors) from 0 to 1, even over the box.
        seen: (draws, columns), finite: columns without any variance are never moved.
        seed: of the shuffling.
    """
    x = (unit - unit.mean(axis=0)) / unit.std(axis=0)
    left = seen - seen.mean(axis=0)
    known, share, column = (np.zeros(unit.shape[1], kind) for kind in (bool, float, int))
    rng, chance = np.random.default_rng([seed, 37]), 1.0
    while True:
        squares = _squares(x, left)
        rest = ~known
        share[rest], column[rest] = squares.max(axis=1)[rest], squares.argmax(axis=1)[rest]
        now = float(np.quantile([_squares(x, left[rng.permutation(len(left))]).max() for _ in range(SHUFFLES)], BY_CHANCE))
        more, least = rest & (share > now), min(chance, now)
        if not more.any():
            return Screened(share, column, known, least)
        chance = least
        known |= more  # of all that is beyond chance at once: what is left is looked at again
        inside = x[:, known]
        left = seen - seen.mean(axis=0) - inside @ np.linalg.lstsq(inside, seen - seen.mean(axis=0), rcond=None)[0]


def _squares(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return squared correlations: (factors, columns)."""
    spread = y.std(axis=0)
    scaled = np.divide(y - y.mean(axis=0), spread, out=np.zeros_like(y), where=spread > 1e-12)
    found: np.ndarray = (x.T @ scaled / len(x)) ** 2
    return found
