"""Draws given some of their numbers: the nearest in these, moved along a local regression to where they are wanted (as ABC moves draws to data).

All that are near count as much, so that their range means what the range of all did. How near is near is Silverman's rule for an even kernel, by each
number's spread over the draws: it narrows with more draws, and with several numbers it takes in fewer at once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

EVEN_KERNEL = 1.3510 / 0.7764  # its canonical bandwidth over that of the normal kernel (Marron and Nolan 1988)


class Conditioned(NamedTuple):
    """Draws that are near, moved to what is given."""

    rows: np.ndarray  # (near,) of the draws, in their order
    z: np.ndarray  # (near, numbers): the given ones as they were given, the others moved


def reach(draws: int, given: int) -> float:
    """Return how far a draw may lie, in standard deviations, from each of so many numbers that are given."""
    normal = (4.0 / (given + 2.0)) ** (1.0 / (given + 4.0)) * draws ** (-1.0 / (given + 4.0))
    return float(EVEN_KERNEL * normal)


def conditioned(z: np.ndarray, places: np.ndarray, values: np.ndarray) -> Conditioned:
    """Return the draws that are near, moved.

    Args:
        z: (draws, numbers) on a scale without bounds.
        places: (given,) of the numbers that are given, one or more.
        values: (given,) what they are.
    """
    spread = z[:, places].std(axis=0)
    spread[spread == 0.0] = 1.0
    off = (z[:, places] - values) / spread
    rows = np.flatnonzero((np.abs(off) <= reach(len(z), len(places))).all(axis=1))
    moved = z[rows].copy()
    if len(rows) > len(places) + 1:
        terms = np.column_stack([np.ones(len(rows)), off[rows]])
        slopes = np.linalg.lstsq(terms, moved, rcond=None)[0][1:]
        moved -= off[rows] @ slopes
    moved[:, places] = values
    return Conditioned(rows, moved)
