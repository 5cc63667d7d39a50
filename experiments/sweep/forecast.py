"""Forecast of a sweep from a small pilot: runs, time and memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from experiments.runs.cost import duration, gigabytes, memory_of, seconds_of_pair

if TYPE_CHECKING:
    from experiments.sweep.plan import Sweep

PILOT_PAIRS = 2
LONGER = "Points with larger volumes or degrees take longer than the pilot, which ran the scenario itself."


def forecast(sweep: Sweep, workers: int) -> dict[str, Any]:
    """Return points, runs, seconds and bytes of a sweep, with lines that say so; a small pilot is run."""
    each = seconds_of_pair(sweep.request(), PILOT_PAIRS)
    runs = sweep.size * sweep.pairs * len(sweep.arms)
    seconds, memory = each * sweep.size * sweep.pairs / workers, workers * memory_of(sweep.scenario)
    lines = [
        (
            f"{sweep.size} points with {sweep.pairs} pairs of {len(sweep.arms)} arms: {runs} runs of {sweep.scenario.warm_up + sweep.scenario.days} days "
            f"on {workers} workers, about {duration(seconds)} and at most {gigabytes(memory)}."
        ),
        LONGER,
    ]
    return {"points": sweep.size, "runs": runs, "seconds": seconds, "hours": seconds / 3600.0, "bytes": memory, "lines": lines}
