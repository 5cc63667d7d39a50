"""Forecast of a comparison at growing sizes: pairs, time and memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.analyses import forecast as forecasts
from experiments.analyses.scale.analysis import pairs_at
from experiments.analyses.time_budget import FULL
from experiments.reporting.text import counted
from experiments.runs.cost import ANYWAY, duration, gigabytes, memory_of, seconds_of_pair, size_of

if TYPE_CHECKING:
    from experiments.analyses.base import Analysis

PILOT_PAIRS = 2


def forecast(analysis: Analysis, sizes: Sequence[int], most: int, *, ledger: Path) -> dict[str, Any]:
    """Return what it takes, with lines that say so; a small pilot is run.

    Args:
        analysis: the question.
        sizes: in members.
        most: pairs at a size.
        ledger: in which runs are looked for.
    """
    size, workers = size_of(analysis.scenario), analysis.workers
    pace = seconds_of_pair(analysis.request, PILOT_PAIRS) / (size.members + ANYWAY) / workers  # of a member, and of what a run takes anyway
    mean = sum(one + ANYWAY for one in sizes) / len(sizes)
    allowed = int(FULL * 60.0 * analysis.minutes / (pace * mean))
    pairs, least = pairs_at(sizes, allowed, most), pairs_at(sizes, 0, most)
    seconds, needed = (pace * sum(n * (one + ANYWAY) for n, one in zip(many, sizes, strict=True)) for many in (pairs, least))
    runs, memory = len(analysis.request.arms) * sum(pairs), workers * memory_of(analysis.scenario, max(sizes))
    days = counted(analysis.scenario.warm_up + analysis.scenario.days, "day")
    told = ", ".join(f"{n} of {one:,}" for n, one in zip(pairs, sizes, strict=True))
    longer = needed > 60.0 * analysis.minutes
    lines = [
        f"{sum(pairs)} pairs of 2 arms: {runs} runs of {days} on {counted(workers, 'worker')}, about {duration(seconds)} and at most {gigabytes(memory)}.",
        f"Pairs by members: {told}. From a pilot of {counted(PILOT_PAIRS, 'pair')} with {size.tried:,} members.",
        *([f"The budget is less than that: the command takes longer than {analysis.minutes:g} minutes."] if longer else []),
    ]
    return {
        "minutes": analysis.minutes,
        "pairs": pairs,
        "runs": runs,
        "runs_at_least": len(analysis.request.arms) * sum(least),
        "seconds": seconds,
        "longer_than_budget": longer,
        "workers": workers,
        "bytes": memory,
        "lines": [*lines, *forecasts.kept(ledger)],
    }
