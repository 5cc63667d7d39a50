"""Forecast of a sensitivity analysis: how many pairs its method takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.analyses import forecast as forecasts
from experiments.analyses.forecast import Plan
from experiments.analyses.sensitivity import analysis as method

if TYPE_CHECKING:
    from experiments.analyses.base import Analysis
    from experiments.runs.draws import Draws
    from experiments.runs.study import Point
    from experiments.space.factors import Factor

OPENED = "Groups are screened first; which of them are opened, and so how many parameters are screened one by one, the groups decide."


def forecast(
    analysis: Analysis, name: str, factors: Sequence[Factor], *, every: bool, ledger: Path, draws: Draws | None = None
) -> dict[str, Any]:
    """Return what it takes, with lines that say so; a small pilot is run.

    Args:
        analysis: the question.
        name: of the method.
        factors: the parameters to vary.
        every: whether they are screened in groups first.
        ledger: in which runs are looked for.
        draws: from which the parameters have their values.
    """
    if name == method.SOBOL:
        _, points = method.spread_over(factors, analysis.seed, draws)
        return forecasts.forecast(analysis, partial(surrogate, len(points)), points=points, ledger=ledger)
    _, points = method.walks(factors, analysis.seed, grouped=every, draws=draws)
    if every:
        many = Counter(one.section for one in factors)
        return forecasts.forecast(analysis, partial(groups, list(many.values())), points=points, ledger=ledger, notes=[OPENED])
    return forecasts.forecast(analysis, partial(screening, points, len(factors)), points=points, ledger=ledger)


def surrogate(most: int, allowed: int) -> Plan:
    """Return how many pairs a surrogate is fitted to where the budget allows so many: a point a pair."""
    pairs = min(most, max(method.LEAST_SURROGATE, allowed))
    return Plan(pairs, pairs)


def screening(points: Sequence[Point], parameters: int, allowed: int) -> Plan:
    """Return how many pairs a screening takes: one a point, two at the first of each trajectory; where it comes again none is run anew."""
    size = parameters + 1
    seen = points[: method.bounded(allowed // (size + 1)) * size]
    pairs = _different(seen) + _different(seen[::size])
    return Plan(pairs, pairs)


def _different(points: Sequence[Point]) -> int:
    return len({tuple(point.values.values()) for point in points})


def groups(many: Sequence[int], allowed: int) -> Plan:
    """Return how many pairs a screening takes that opens the groups that matter most.

    Args:
        many: parameters of each group.
        allowed: pairs, by the budget.
    """
    size = len(many) + 2
    first = method.bounded(max(method.TRAJECTORIES[0] * size, allowed) // 2 // size) * size
    left = max(0, allowed - first)
    opened = range(_fewest(many), max(max(many) + (1 in many), min(sum(many), left // method.OPENED_WITH - 2)) + 1)
    inner = [method.bounded(left // (numbers + 2)) * (numbers + 2) for numbers in opened]
    return Plan(first + min(inner), first + max(inner))


def _fewest(many: Sequence[int]) -> int:
    """Return how few parameters may be screened one by one: a single one has nothing to be ranked against, so a second group is opened."""
    least, *rest = sorted(many)
    return least if least > 1 or not rest else min([least + rest[0], *(m for m in rest if m > 1)])
