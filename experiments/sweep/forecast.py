"""What a sweep would take: told after a small pilot."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from experiments.comparison.forecast import PILOT_MEMBERS, duration, memory_of, shrunk
from experiments.runs.keys import pair_seeds
from experiments.runs.processes import run_pair

if TYPE_CHECKING:
    from experiments.sweep.plan import Sweep


def forecast(sweep: Sweep, workers: int) -> dict[str, Any]:
    """Return points, runs, seconds and bytes of a sweep, with lines that say so; a small pilot is run."""
    small = {name: shrunk(arm) for name, arm in sweep.arms.items()}
    run_pair(small, *pair_seeds(sweep.seed, 1), 1)  # the first loads the kernels
    started = time.perf_counter()
    run_pair(small, *pair_seeds(sweep.seed, 2), 1)
    members = sweep.scenario.members if not sweep.scenario.network_file else PILOT_MEMBERS
    each = (time.perf_counter() - started) * max(1.0, members / PILOT_MEMBERS)
    runs = sweep.size * sweep.pairs * len(sweep.arms)
    seconds, memory = each * sweep.size * sweep.pairs / workers, workers * memory_of(members)
    lines = [
        (
            f"{sweep.size} points with {sweep.pairs} pairs of {len(sweep.arms)} arms: {runs} runs of {sweep.scenario.warm_up + sweep.scenario.days} days "
            f"on {workers} workers, about {duration(seconds)} and at most {memory / 1e9:.1f} GB."
        ),
        "Points that turn volumes or degrees up take longer than the pilot, which ran the scenario itself.",
    ]
    return {"points": sweep.size, "runs": runs, "seconds": seconds, "hours": seconds / 3600.0, "bytes": memory, "lines": lines}
