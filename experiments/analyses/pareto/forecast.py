"""Forecast of a search over designs and limits: how many runs it takes, of one design each."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.analyses import forecast as forecasts
from experiments.analyses.forecast import Plan
from experiments.analyses.pareto import analysis as method
from experiments.analyses.pareto import design_space

if TYPE_CHECKING:
    from experiments.analyses.base import Analysis

FRONT = "How many settings the search finds that nothing dominates decides how many are confirmed."


def forecast(analysis: Analysis, *, ledger: Path, worlds: int = 0) -> dict[str, Any]:
    """Return what it takes, in so many worlds, with lines that say so; a small pilot is run."""
    shipped = method.shipped_designs(analysis)
    points = method.settings_at(design_space.starts(list(shipped.values())))
    request = method.request_of(analysis, method.searched(analysis))
    plan = partial(planned, len(shipped), worlds=worlds)
    return forecasts.forecast(analysis, plan, points=points, ledger=ledger, request=request, notes=[FRONT])


def planned(designs: int, allowed: int, worlds: int = 0) -> Plan:
    """Return how many runs are made where the budget allows so many.

    Args:
        designs: that are shipped: confirmed on the pairs of the search too, which nothing else has run for them.
        allowed: runs, by the budget.
        worlds: in which settings are judged, if there are draws: those of the confirmation are all fresh.
    """
    wanted = max(method.least_runs(designs, worlds), allowed)
    search = method.generations_for(wanted, worlds) * method.POPULATION * method.judged_on(worlds)
    confirmed = [many * method.fresh_pairs(wanted - search, many, worlds) for many in range(designs, designs + method.CONFIRMED + 1)]
    before = search + (0 if worlds else designs * method.PAIRS)
    return Plan(before + min(confirmed), before + max(confirmed))
