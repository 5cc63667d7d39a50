"""Forecast of a sweep from a small pilot: runs, time and memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from experiments.comparison.forecast import duration, memory_of
from experiments.runs.pilot import PILOT_MEMBERS, small_pilot

if TYPE_CHECKING:
    from experiments.sweep.plan import Sweep

PILOT_PAIRS = 2


def forecast(sweep: Sweep, workers: int) -> dict[str, Any]:
    """Return points, runs, seconds and bytes of a sweep, with lines that say so; a small pilot is run."""
    members = sweep.scenario.members if not sweep.scenario.network_file else PILOT_MEMBERS
    each = small_pilot(sweep.request(), PILOT_PAIRS).seconds * max(1.0, members / PILOT_MEMBERS)
    runs = sweep.size * sweep.pairs * len(sweep.arms)
    seconds, memory = each * sweep.size * sweep.pairs / workers, workers * memory_of(members)
    lines = [
        (
            f"{sweep.size} points with {sweep.pairs} pairs of {len(sweep.arms)} arms: {runs} runs of {sweep.scenario.warm_up + sweep.scenario.days} days "
            f"on {workers} workers, about {duration(seconds)} and at most {memory / 1e9:.1f} GB."
        ),
        "Points with larger volumes or degrees take longer than the pilot, which ran the scenario itself.",
    ]
    return {"points": sweep.size, "runs": runs, "seconds": seconds, "hours": seconds / 3600.0, "bytes": memory, "lines": lines}
