"""Boxes in words: where a condition holds, by the patient rule induction method (PRIM, Friedman and Fisher 1999)."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.optional_imports import needs

if TYPE_CHECKING:
    import pandas as pd

PEEL = 0.05  # share of the points that a step takes away
SMALLEST = 0.05  # share of the points that a box must hold
DENSE = 0.85  # share of cases in a box from which it is a rule


class Box(NamedTuple):
    """A box, and how good a rule it is."""

    limits: dict[str, tuple[float, float]]  # of the factors that are restricted
    coverage: float  # share of all cases that it holds
    density: float  # share of cases among what it holds
    held_coverage: float  # the same on points held out
    held_density: float
    peeling: pd.DataFrame  # coverage, density, restricted factors along the peeling


def find_box(x: pd.DataFrame, y: np.ndarray, held_x: pd.DataFrame, held_y: np.ndarray) -> Box | None:
    """Return the box with the most coverage among those that are dense enough, or the densest; None if there are no cases.

    Args:
        x: (points, factors) by name.
        y: (points,) whether it is a case.
        held_x: points held out, to check the box on.
        held_y: whether they are cases.
    """
    if not y.any():
        return None
    import pandas as pd

    if y.all():
        whole = pd.DataFrame({"coverage": [1.0], "density": [1.0], "restricted": [0]})
        held_coverage, held_density = _judged({}, held_x, held_y)
        return Box(limits={}, coverage=1.0, density=1.0, held_coverage=held_coverage, held_density=held_density, peeling=whole)
    prim = needs("ema_workbench.analysis.prim", "regions")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it uses what newer pandas will drop
        found = prim.Prim(x, y.astype(float), threshold=0.0, peel_alpha=PEEL, mass_min=SMALLEST).find_box()
    steps = found.peeling_trajectory
    # its own columns of coverage and density take every point for a case where cases are booleans
    path = pd.DataFrame({"coverage": steps["mean"] * steps["n"] / y.sum(), "density": steps["mean"], "restricted": steps["res_dim"]})
    dense = path[path.density >= DENSE]
    at = int(dense.coverage.idxmax()) if len(dense) else int(path.density.idxmax())
    frame, whole = found.box_lims[at], found.box_lims[0]
    limits = {
        name: (float(frame[name].iloc[0]), float(frame[name].iloc[1]))
        for name in x.columns
        if (frame[name].to_numpy() != whole[name].to_numpy()).any()
    }
    row = path.loc[at]
    held_coverage, held_density = _judged(limits, held_x, held_y)
    return Box(
        limits=limits,
        coverage=float(row.coverage),
        density=float(row.density),
        held_coverage=held_coverage,
        held_density=held_density,
        peeling=path.reset_index(drop=True),
    )


def _judged(limits: dict[str, tuple[float, float]], x: pd.DataFrame, y: np.ndarray) -> tuple[float, float]:
    """Return coverage and density of a box on points that it was not made from; nan where there is nothing to count."""
    inside = np.ones(len(x), bool)
    for name, (low, high) in limits.items():
        inside &= ((x[name] >= low) & (x[name] <= high)).to_numpy()
    cases = float(y.sum())
    return (float(y[inside].sum()) / cases if cases else np.nan, float(y[inside].mean()) if inside.any() else np.nan)
