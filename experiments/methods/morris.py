"""Screening by elementary effects (Morris 1991; groups as in Campolongo et al. 2007), with SALib."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.optional_imports import needs

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 2  # trajectories
LEVELS = 4  # of each factor; SALib's default, and Morris's advice with a jump of two thirds
COLUMNS = ["factor", "mean_effect", "mean_absolute_effect", "mean_absolute_low", "mean_absolute_high", "spread"]


class Screen(NamedTuple):
    """A design of trajectories: points to evaluate, and what is needed to read them."""

    problem: dict[str, Any]
    points: np.ndarray  # (trajectories * (groups + 1), factors)
    trajectories: int
    grouped: bool


def screen(
    names: Sequence[str], bounds: Sequence[tuple[float, float]], trajectories: int, seed: int, groups: Sequence[str] | None = None
) -> Screen:
    """Return the points of a screening.

    Args:
        names: of the factors.
        bounds: of each.
        trajectories: each costs one point more than there are factors (or groups).
        seed: of the design.
        groups: of each factor; factors of one group move together.
    """
    sample = needs("SALib.sample.morris", "sensitivity").sample
    problem: dict[str, Any] = {"num_vars": len(names), "names": list(names), "bounds": [list(b) for b in bounds]}
    if groups is not None:
        problem["groups"] = list(groups)
    return Screen(problem, sample(problem, trajectories, num_levels=LEVELS, seed=seed), trajectories, groups is not None)


def effects(plan: Screen, values: np.ndarray, seed: int) -> pd.DataFrame:
    """Return the effects of each factor (or group), the largest first.

    Mean effect and spread are over the whole range of a factor; for groups, whose parts move in ways of their own, only
    the mean of absolute effects is defined. Trajectories with an undefined value are left out; with fewer than two whole ones
    nothing is defined.

    Args:
        plan: what was asked.
        values: (points,) what was seen, nan where it failed.
        seed: of the bootstrap of the intervals, 95%.
    """
    import pandas as pd

    analyze = needs("SALib.analyze.morris", "sensitivity").analyze
    there = _whole(plan, values)
    if there.sum() < FEWEST:
        names = list(dict.fromkeys(plan.problem.get("groups") or plan.problem["names"]))
        return pd.DataFrame({"factor": sorted(names), **dict.fromkeys(COLUMNS[1:], np.nan)})
    rows = np.repeat(there, len(plan.points) // plan.trajectories)
    found = analyze(plan.problem, plan.points[rows], values[rows], num_levels=LEVELS, seed=seed, print_to_console=False)
    grouped = plan.grouped
    table = pd.DataFrame(
        {
            "factor": list(found["names"]),
            "mean_effect": np.nan if grouped else np.asarray(found["mu"], float),
            "mean_absolute_effect": np.asarray(found["mu_star"], float),
            "spread": np.nan if grouped else np.asarray(found["sigma"], float),
            "half": np.asarray(found["mu_star_conf"], float),
        }
    )
    table["mean_absolute_low"] = (table.mean_absolute_effect - table.half).clip(lower=0.0)
    table["mean_absolute_high"] = table.mean_absolute_effect + table.half
    return table.sort_values(["mean_absolute_effect", "factor"], ascending=[False, True], ignore_index=True)[COLUMNS]


def first(plan: Screen, trajectories: int) -> Screen:
    """Return the first trajectories of a plan: each was drawn by itself."""
    size = len(plan.points) // plan.trajectories
    return plan._replace(points=plan.points[: trajectories * size], trajectories=trajectories)


def whole(plan: Screen, values: np.ndarray) -> int:
    """Return how many trajectories have no undefined value."""
    return int(_whole(plan, values).sum())


def _whole(plan: Screen, values: np.ndarray) -> np.ndarray:
    there: np.ndarray = np.isfinite(values.reshape(plan.trajectories, -1)).all(axis=1)
    return there


def floor(y: np.ndarray, again: np.ndarray) -> float:
    """Return the mean absolute effect of a factor that does nothing but draw new random numbers.

    What is called an effect is a difference over a jump of `LEVELS` / 2 of `LEVELS` - 1 steps, so noise is magnified by it.

    Args:
        y: (points,) what was seen.
        again: (points,) what was seen there with other random numbers.
    """
    apart = np.abs(again - y)
    apart = apart[np.isfinite(apart)]
    return float(apart.mean()) * 2.0 * (LEVELS - 1) / LEVELS if len(apart) else float("nan")


def noise(y: np.ndarray, again: np.ndarray) -> float:
    """Return the standard deviation that random numbers alone give a value; arguments as in `floor`."""
    apart = again - y
    apart = apart[np.isfinite(apart)]
    return float(np.sqrt(np.mean(apart**2) / 2.0)) if len(apart) else float("nan")
