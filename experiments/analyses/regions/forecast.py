"""Forecast of a map: what its sweep lacks, and how long that takes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.reporting.text import counted
from experiments.runs.cost import duration, gigabytes, memory_of, seconds_of_pair
from experiments.runs.ledger import looked_into
from experiments.runs.study import State, Study
from experiments.sweep.forecast import LONGER, PILOT_PAIRS

if TYPE_CHECKING:
    from experiments.sweep.plan import Sweep

AFTERWARDS = "The map is computed from the runs of the sweep: that needs no others."


def as_it_is(folder: Path) -> dict[str, Any]:
    """Return what the map of a finished sweep takes that has no ledger: no run."""
    lines = [f"The sweep in {folder} has no ledger, and is taken as it is: no run is made.", AFTERWARDS]
    return {"folder": str(folder), "runs": 0, "seconds": 0.0, "bytes": 0.0, "lines": lines}


def forecast(sweep: Sweep, folder: Path, ledger: Path, workers: int) -> dict[str, Any]:
    """Return what a sweep lacks, with lines that say so; a small pilot is run if it lacks something."""
    state = _state_of(sweep, ledger)
    missing = state.wanted - state.done - len(state.failed)
    failed = f", and {counted(len(state.failed), 'run')} failed twice" if state.failed else ""
    seconds = memory = 0.0
    there = f"The sweep {sweep.name} has {state.done:,} of its {counted(state.wanted, 'run')}{failed}"
    lines = [f"{there}: none is to be made.", AFTERWARDS]
    if missing:
        seconds = seconds_of_pair(sweep.request(), PILOT_PAIRS) * missing / len(sweep.arms) / workers
        memory = workers * memory_of(sweep.scenario)
        days = counted(sweep.scenario.warm_up + sweep.scenario.days, "day")
        lines = [
            (
                f"{there}; {counted(missing, 'run')} of {days} {'is' if missing == 1 else 'are'} made first on {counted(workers, 'worker')}, "
                f"about {duration(seconds)} and at most {gigabytes(memory)}."
            ),
            LONGER,
            AFTERWARDS,
        ]
    told = {"points": sweep.size, "pairs": sweep.pairs, "wanted": state.wanted, "done": state.done, "failed": len(state.failed)}
    return {"folder": str(folder), **told, "runs": missing, "seconds": seconds, "workers": workers, "bytes": memory, "lines": lines}


def _state_of(sweep: Sweep, ledger: Path) -> State:
    """Return how far a sweep is; nothing is run, and no ledger made. Errors as of `Ledger`."""
    with looked_into(ledger) as book:
        if book is None:
            return State(0, {}, sweep.size * sweep.pairs * len(sweep.arms))
        return Study(sweep.request(), book, seeds=sweep.seeds).state(sweep.points(), sweep.pairs)
