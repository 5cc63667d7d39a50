"""Does the model reproduce the patterns that others measured? Each target with what runs give, over seeds.

What is wanted stands in `targets/`, a file a target. A target that no run can tell is not met.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.calibration.declared import WEIGHTS, Declared, every_target
from experiments.calibration.patterns.messages import Found
from experiments.calibration.simulated import run_of

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

DAYS, SEEDS = 180, (1, 2, 3, 4, 5)  # of warm-up, and after it
CONFIDENCE = 0.975


@dataclass(frozen=True)
class Target:
    """What a run should show: bounds, where they come from, and what it gave out of how many."""

    name: str
    source: str
    low: float
    high: float
    got: float  # mean over seeds; nan if a run could not tell
    denominator: float  # of all runs
    unit: str = "share"
    kind: str = ""
    half_width: float = math.nan  # of the 95% interval over seeds

    @property
    def missed_by(self) -> float:
        """Return how far outside the bounds the figure lies; 0 within."""
        if not math.isfinite(self.got):
            return math.nan
        return max(self.low - self.got, self.got - self.high, 0.0)

    @property
    def met(self) -> bool:
        """Tell whether the figure lies within the bounds."""
        return self.missed_by == 0.0

    @property
    def weight(self) -> float:
        """Return what it weighs in the share of empirical targets that are met."""
        return WEIGHTS.get(self.kind, 0.0)


@dataclass(frozen=True)
class Evidence:
    """What runs gave: for each seed the figure of each target, by its file's name."""

    scenario: Scenario
    seeds: tuple[int, ...]
    found: list[dict[str, Found]]


def still_of(scenario: Scenario, members: int | None = None) -> Scenario:
    """Return the scenario that is calibrated: the warm-up design on, a year in all, at its own size unless told otherwise."""
    changes: dict[str, Any] = {"warm_up": DAYS, "days": DAYS}
    if not scenario.network_file and members is not None:
        changes["members"] = members
    return scenario.with_(**changes).with_design(scenario.warm_up_design)


def figures_of(still: Scenario, seed: int) -> dict[str, Found]:
    """Run a scenario as `still_of` gives it, and return the figure of each target; of the run nothing is kept."""
    from sim.simulation import simulate

    run = run_of(simulate(still, seed, events=True))
    return {one.name: one.of(run) for one in every_target()}


def targets(e: Evidence) -> list[Target]:
    """Return every target with what the runs give, by kind."""
    return [target_of(one, [figures[one.name] for figures in e.found]) for one in every_target()]


def target_of(one: Declared, found: Sequence[Found]) -> Target:
    """Return a target with the mean over seeds and its interval."""
    values = np.array([each.value for each in found])
    return Target(
        one.pattern,
        one.source,
        one.low,
        one.high,
        got=float(values.mean()) if len(values) else math.nan,
        denominator=float(sum(each.out_of for each in found)),
        unit=one.unit,
        kind=one.kind,
        half_width=half_width(values),
    )


def half_width(values: np.ndarray) -> float:
    """Return half the width of the 95% interval of a mean over seeds; nan for fewer than two."""
    if len(values) < 2:
        return math.nan
    from scipy.stats import t

    return float(t.ppf(CONFIDENCE, len(values) - 1) * values.std(ddof=1) / math.sqrt(len(values)))


def share_met(found: Sequence[Target]) -> float:
    """Return the share of the empirical targets' weight that is met; nan if there are none."""
    total = sum(t.weight for t in found)
    return sum(t.weight for t in found if t.met) / total if total else math.nan
