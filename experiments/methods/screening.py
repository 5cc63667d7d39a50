"""Screening by elementary effects (Morris 1991; groups as in Campolongo et al. 2007), with SALib."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.methods.extras import needs

if TYPE_CHECKING:
    import pandas as pd

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
    the mean of absolute effects is defined. Trajectories with an undefined value are left out.

    Args:
        plan: what was asked.
        values: (points,) what was seen, nan where it failed.
        seed: of the bootstrap of the intervals, 95%.
    """
    import pandas as pd

    analyze = needs("SALib.analyze.morris", "sensitivity").analyze
    size = len(plan.points) // plan.trajectories
    whole = np.isfinite(values.reshape(plan.trajectories, size)).all(axis=1)
    rows = np.repeat(whole, size)
    found = analyze(plan.problem, plan.points[rows], values[rows], num_levels=LEVELS, seed=seed, print_to_console=False)
    grouped = plan.grouped
    table = pd.DataFrame({
        "factor": list(found["names"]), "mean_effect": np.nan if grouped else np.asarray(found["mu"], float),
        "mean_absolute_effect": np.asarray(found["mu_star"], float), "spread": np.nan if grouped else np.asarray(found["sigma"], float),
        "half": np.asarray(found["mu_star_conf"], float),
    })  # fmt: skip
    table["mean_absolute_low"] = (table.mean_absolute_effect - table.half).clip(lower=0.0)
    table["mean_absolute_high"] = table.mean_absolute_effect + table.half
    return table.sort_values(["mean_absolute_effect", "factor"], ascending=[False, True], ignore_index=True)[COLUMNS]
