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


def forecast(analysis: Analysis, *, ledger: Path) -> dict[str, Any]:
    """Return what it takes, with lines that say so; a small pilot is run."""
    shipped = method.shipped_designs(analysis)
    points = method.settings_at(design_space.starts(list(shipped.values())))
    request = method.request_of(analysis, method.searched(analysis))
    return forecasts.forecast(analysis, partial(planned, len(shipped)), points=points, ledger=ledger, request=request, notes=[FRONT])


def planned(designs: int, allowed: int) -> Plan:
    """Return how many runs are made where the budget allows so many.

    Args:
        designs: that are shipped: confirmed on the pairs of the search too, which nothing else has run for them.
        allowed: runs, by the budget.
    """
    wanted = max(method.least_runs(designs), allowed)
    search = method.generations_for(wanted) * method.POPULATION * method.PAIRS
    confirmed = [many * method.fresh_pairs(wanted - search, many) for many in range(designs, designs + method.CONFIRMED + 1)]
    before = search + designs * method.PAIRS
    return Plan(before + min(confirmed), before + max(confirmed))
