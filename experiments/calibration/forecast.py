"""Forecast of a calibration: its runs, their time and their memory."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from experiments.calibration.fit import ROUNDS, size_for
from experiments.calibration.targets import SEEDS, gather, targets
from experiments.reporting.text import counted
from experiments.runs.cost import duration, gigabytes, size_of

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

# bytes: of the program, and of a member in the runs of a round, with all their messages; measured
PROGRAM, PER_MEMBER = 330e6, 125e3


def forecast(scenario: Scenario, members: int | None, *, fitted: bool) -> dict[str, Any]:
    """Return what a calibration takes, with lines that say so; a small run is made. `fitted` is for one that proposes defaults."""
    size = size_of(scenario if scenario.network_file else scenario.with_(members=size_for(members)))
    rounds = 1 + ROUNDS * fitted
    runs = rounds * len(SEEDS)
    started = time.perf_counter()
    evidence = gather(scenario, size.tried, SEEDS[:1])
    run = time.perf_counter() - started
    targets(evidence)
    read = time.perf_counter() - started - run
    seconds = (runs * run + rounds * read) * size.time
    memory = PROGRAM + PER_MEMBER * size.members
    still = evidence.scenario
    each = counted(len(SEEDS), "seed")
    why = f"{counted(ROUNDS, 'round')} that move defaults, and one that shows what they give, each with {each}"
    lines = [
        (
            f"{counted(runs, 'run')} of {counted(size.members, 'member')} over {counted(still.warm_up + still.days, 'day')} on 1 worker, "
            f"about {duration(seconds)} and at most {gigabytes(memory)}."
        ),
        f"That is {why if fitted else f'one round with {each}'}; a run of {counted(size.tried, 'member')} said how long it takes.",
    ]
    return {"rounds": rounds, "runs": runs, "seconds": seconds, "workers": 1, "bytes": memory, "lines": lines}
