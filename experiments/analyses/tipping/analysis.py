"""At which value of a parameter the sign of the difference changes."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.analyses.base import Analysis, differences
from experiments.analyses.time_budget import counted
from experiments.methods.root_finding import Root, find_root
from experiments.runs.request import LEAST_MEMBERS
from experiments.runs.scheduler import Progress
from experiments.runs.study import Point
from experiments.space.factors import MEMBERS, Factor
from sim.errors import BadInput, must

if TYPE_CHECKING:
    from experiments.analyses.time_budget import Budget
    from experiments.runs.study import Study

LEAST, MOST = 40, 400  # pairs: fewer find no root, more bring little
LEAST_PLACES = 4  # of a whole number: fewer are compared one by one


@dataclass(frozen=True)
class Tipping:
    """Where the winner changes along one parameter."""

    analysis: Analysis
    factor: Factor
    low: float
    high: float
    root: Root

    @property
    def data(self) -> dict[str, Any]:
        """Return the result for programs."""
        r = self.root
        return {
            "parameter": self.factor.path,
            "low": self.low,
            "high": self.high,
            "measure": self.analysis.measure,
            "kind": r.kind,
            "root": r.root if r.found else None,
            "ci_low": r.low,
            "ci_high": r.high,
            "sign_below": r.sign,
            "pairs": len(r.x),
        }


def chosen_range(found: Factor, given: tuple[float, float] | None) -> tuple[float, float]:
    """Return the range asked for, or the schema's.

    Raises:
        BadInput: if it is empty or goes beyond the schema's.
    """
    if found.path == MEMBERS and (given is None or given[0] < LEAST_MEMBERS):
        told = "none" if given is None else f"{given[0]:g} {given[1]:g}"
        raise BadInput(must("--range", f"be given for members, from {LEAST_MEMBERS} or more, such as --range 300 3000", told))
    low, high = given or (found.low, found.high)
    if not found.low <= low < high <= found.high:
        raise BadInput(must("--range", f"be LOW below HIGH within {found.low:g} to {found.high:g} of {found.path}", f"{low:g} {high:g}"))
    if found.whole and math.floor(high) - math.ceil(low) < LEAST_PLACES - 1:
        raise BadInput(must("--range", f"hold at least {LEAST_PLACES} values of {found.path}, a whole number", f"{low:g} {high:g}"))
    return low, high


def tip(analysis: Analysis, path: str, low: float, high: float, *, study: Study, budget: Budget, progress: Progress) -> Tipping:
    """Find where the difference between the arms changes its sign along a parameter, from `low` to `high`."""
    found = analysis.factor(path)
    pairs = min(MOST, budget.pairs(study, ends(path, low, high), LEAST))
    seen = _Seen(analysis, study, path, wanted=pairs, progress=progress)

    def closer(planned: int) -> int:
        """Return how many pairs near the root the time still allows."""
        return budget.decide("closer", lambda: max(LEAST - seen.done, min(planned, int(max(0.0, budget.left()) / seen.pace))))

    root = find_root(seen, low, high, points=pairs, near=found.default, whole=found.whole, more=closer)
    return Tipping(analysis, found, low=low, high=high, root=root)


def ends(path: str, low: float, high: float) -> list[Point]:
    """Return both ends of a range and its middle, for a pilot: volumes cost more at one end."""
    return [Point(k, {path: value}) for k, value in enumerate((low, (low + high) / 2.0, high), 1)]


class _Seen:
    """The difference at places along a parameter, each place with seeds of its own."""

    def __init__(self, analysis: Analysis, study: Study, path: str, wanted: int, progress: Progress) -> None:
        self.analysis, self.study, self.path, self.wanted, self.progress, self.done = analysis, study, path, wanted, progress, 0
        self.pace = 1e-4  # seconds of a pair so far; of those that the ledger had, little

    def __call__(self, x: np.ndarray) -> np.ndarray:
        started = time.perf_counter()
        points = [Point(self.done + k, {self.path: float(value)}) for k, value in enumerate(x, 1)]
        found = self.study.evaluate(points, 1, counted(self.progress, self.done, self.wanted))
        self.done += len(points)
        self.pace = max(self.pace, (time.perf_counter() - started) / max(1, len(points)))
        return differences(self.analysis, found).reshape(-1)
