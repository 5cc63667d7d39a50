"""The difference between two designs at growing sizes: how its parts go with size, and how far the scenario's own size lies from enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.analyses.base import Analysis, values_of
from experiments.methods import paired, size_laws
from experiments.methods.size_laws import LEVEL, RELATIVE, AtSize
from experiments.runs.cost import ANYWAY
from experiments.runs.scheduler import counted
from experiments.runs.study import Point
from experiments.space.factors import MEMBERS
from sim.errors import BadInput, must
from sim.results.measures import CONTEXT

if TYPE_CHECKING:
    from experiments.analyses.time_budget import Budget
    from experiments.methods.size_laws import Verdict
    from experiments.runs.scheduler import Progress
    from experiments.runs.study import Found, Study

LEAST_PAIRS = 5  # at a size: of fewer an interval says little
LEAST_MEMBERS = 3  # of a comparison
SHARES = (0.2, 0.5, 1.0, 2.0)  # of the scenario's members: the sizes unless given


@dataclass(frozen=True)
class Scale:
    """What was found."""

    analysis: Analysis
    sizes: list[int]
    seen: dict[str, list[AtSize]]  # by measure
    verdicts: dict[tuple[str, str], Verdict]  # by measure, and LEVEL or RELATIVE; where there is one

    @property
    def own(self) -> int:
        """Return the scenario's own size."""
        return self.analysis.scenario.members

    @property
    def pairs(self) -> int:
        """Return how many pairs were run."""
        return sum(one.pairs for one in self.seen[self.analysis.measure])

    @property
    def data(self) -> dict[str, Any]:
        """Return the result for programs."""
        laws = [
            {"measure": name, "of": what, "kind": v.kind, "left": v.left(self.own)[1] if v.kind == size_laws.LIMIT else None}
            for (name, what), v in self.verdicts.items()
        ]
        return {"members": self.own, "sizes": self.sizes, "pairs": [one.pairs for one in self.seen[self.analysis.measure]], "laws": laws}


def sizes_of(analysis: Analysis, given: Sequence[int] | None) -> list[int]:
    """Return the sizes that are asked for, or some about the scenario's own, from the smallest to the largest.

    Raises:
        BadInput: if they are too few or too small, or a network file says how many members there are.
    """
    if analysis.scenario.network_file is not None:
        raise BadInput(must("scenario", "have members, not a network file, which says how many there are"))
    found = list(given) if given is not None else [round(share * analysis.scenario.members) for share in SHARES]
    if any(not isinstance(one, int) or isinstance(one, bool) or one < LEAST_MEMBERS for one in found):
        raise BadInput(must("--sizes", f"be whole numbers of at least {LEAST_MEMBERS} members", ", ".join(map(str, found))))
    if len(set(found)) < size_laws.LEAST or len(set(found)) < len(found):
        right = f"be {size_laws.LEAST} different sizes or more, such as 2000,5000,10000,20000: the largest is held out"
        raise BadInput(must("--sizes", right, ", ".join(map(str, found))))
    return sorted(found)


def points_of(sizes: Sequence[int]) -> list[Point]:
    """Return the sizes as points, from the smallest."""
    return [Point(k, {MEMBERS: float(size)}) for k, size in enumerate(sizes, 1)]


def pairs_at(sizes: Sequence[int], allowed: int, most: int) -> list[int]:
    """Return how many pairs each size gets where there is time for so many of the mean size: as much time for each size, within bounds."""
    work = allowed * sum(size + ANYWAY for size in sizes) / len(sizes)
    return [max(LEAST_PAIRS, min(most, int(work / len(sizes) / (size + ANYWAY)))) for size in sizes]


def measured(analysis: Analysis, sizes: Sequence[int], most: int, *, study: Study, budget: Budget, progress: Progress) -> Scale:
    """Compare the arms at each size, and say how every goal and guardrail goes with it."""
    points = points_of(sizes)
    pairs = pairs_at(sizes, budget.pairs(study, points, LEAST_PAIRS), most)
    found, done, wanted = [], 0, sum(pairs)
    for point, many in zip(points, pairs, strict=True):
        found += study.evaluate([point], many, counted(progress, done, wanted))
        done += many
    names = [name for name in analysis.catalogue if analysis.catalogue[name].role != CONTEXT and _fits(analysis, name)]
    names = [analysis.measure, *(name for name in names if name != analysis.measure)]
    seen = {name: [at_size(analysis, name, size, one) for size, one in zip(sizes, found, strict=True)] for name in names}
    return Scale(analysis, list(sizes), seen, verdicts_of(seen))


def _fits(analysis: Analysis, name: str) -> bool:
    """Tell whether a measure's window fits in the days of a run."""
    return analysis.catalogue[name].window < analysis.scenario.days


def at_size(analysis: Analysis, name: str, size: int, found: Found) -> AtSize:
    """Return a measure at a size, of the pairs in which it is defined."""
    y1, y0 = (values_of(found, arm, name) for arm in (analysis.arm, analysis.reference))
    there = np.isfinite(y1) & np.isfinite(y0)
    y1, y0 = y1[there], y0[there]
    if len(y0) < 2:
        nothing = paired.Interval(np.nan, np.nan, np.nan)
        return AtSize(size, int(there.sum()), nothing, nothing, nothing)
    [ratio] = paired.ratios_of_means(y1[None], y0[None])
    relative = paired.Interval(*(x - 1.0 for x in ratio))
    return AtSize(size, len(y0), paired.mean_interval(y0), paired.paired_difference(y1, y0), relative)


def verdicts_of(seen: dict[str, list[AtSize]]) -> dict[tuple[str, str], Verdict]:
    """Return what can be said of each measure's level and relative effect by size."""
    found = {(name, what): size_laws.verdict_of(rows, what) for name, rows in seen.items() for what in (LEVEL, RELATIVE)}
    return {key: one for key, one in found.items() if one is not None}
