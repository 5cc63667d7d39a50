"""Forecast of a tipping point: how many pairs the search for it takes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.analyses import forecast as forecasts
from experiments.analyses.forecast import Plan
from experiments.analyses.tipping import analysis as method
from experiments.methods.root_finding import spread_points

if TYPE_CHECKING:
    from experiments.analyses.base import Analysis

EARLY = "The least are those that go over the whole range: no more are run if they show that the winner never changes."


def forecast(analysis: Analysis, path: str, low: float, high: float, *, ledger: Path) -> dict[str, Any]:
    """Return what it takes, with lines that say so; a small pilot is run."""
    return forecasts.forecast(analysis, planned, points=method.ends(path, low, high), ledger=ledger, notes=[EARLY])


def planned(allowed: int) -> Plan:
    """Return how many pairs are run where the budget allows so many."""
    pairs = min(method.MOST, max(method.LEAST, allowed))
    return Plan(spread_points(pairs), pairs)
