"""Forecast of a tipping point: how many pairs the search for it takes."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.analyses import forecast as forecasts
from experiments.analyses.forecast import Plan
from experiments.analyses.tipping import analysis as method
from experiments.methods.root_finding import spread_points
from experiments.reporting.text import counted

if TYPE_CHECKING:
    from experiments.analyses.base import Analysis
    from experiments.analyses.tipping.analysis import Where

EARLY = "The least are those that go over the whole range: no more are run if they show that the winner never changes."


def forecast(analysis: Analysis, where: Where, *, ledger: Path, worlds: int = 0) -> dict[str, Any]:
    """Return what it takes, at the scenario and in so many worlds, with lines that say so; a small pilot is run."""
    found = forecasts.forecast(analysis, partial(planned, worlds=worlds), points=method.ends(*where), ledger=ledger, notes=[EARLY])
    if not worlds:
        return found
    _, many = method.shared(found["pairs_allowed"], worlds)
    fewer = [f"The budget is enough for {many or 'none'} of {counted(worlds, 'world')}."] if many < worlds else []
    return found | {"worlds": many, "lines": [*found["lines"], *fewer]}


def planned(allowed: int, worlds: int = 0) -> Plan:
    """Return how many pairs are run where the budget allows so many, the same at the scenario and in each world that there is time for."""
    pairs, many = method.shared(allowed, worlds)
    return Plan((1 + many) * spread_points(pairs), (1 + many) * pairs)
