"""What figures of small runs become in large ones: from draws that were run at both sizes, by a linear surrogate of the difference."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from experiments.optional_imports import needs

EXTRA = "calibrate"  # that has scikit-learn
FEWEST = 20  # draws that must show a figure at both sizes
PENALTIES = np.logspace(-2.0, 4.0, 25)  # of ridge regression: the one that predicts best what was left out is taken


class Shift(NamedTuple):
    """What is to be added to figures of small runs."""

    added: np.ndarray  # (draws, figures) at every draw; nan for figures that too few show at both sizes
    mean: np.ndarray  # (figures,) over the draws that were run at both sizes


def shift_of(unit: np.ndarray, small: np.ndarray, large: np.ndarray) -> Shift:
    """Return what is to be added to each figure at each draw.

    The difference is regressed on the numbers by ridge regression, its penalty chosen by leaving one out; noise of the runs, which have seeds of their
    own, is averaged over.

    Args:
        unit: (draws, numbers) as shares of their ranges.
        small: (both, figures) of the first draws, in small runs.
        large: (both, figures) of the same draws, in large ones.

    Raises:
        BadInput: if scikit-learn is missing.
    """
    ridge = needs("sklearn.linear_model", EXTRA).RidgeCV
    both, figures = small.shape
    added, mean = np.full((len(unit), figures), np.nan), np.full(figures, np.nan)
    for k in range(figures):
        there = np.isfinite(small[:, k]) & np.isfinite(large[:, k])
        if there.sum() < FEWEST:
            continue
        difference = (large - small)[there, k]
        mean[k] = difference.mean()
        if np.ptp(difference) > 0.0:
            added[:, k] = ridge(alphas=PENALTIES).fit(unit[:both][there], difference).predict(unit)
        else:
            added[:, k] = mean[k]
    return Shift(added, mean)
