"""Forecast of a calibration: its runs, their time and their memory."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from experiments.calibration.fit import ROUNDS, sizes_of
from experiments.calibration.targets import SEEDS, Evidence, gather
from experiments.calibration.vary import Varied, missing
from experiments.reporting.text import counted
from experiments.runs.cost import Size, duration, gigabytes, size_of

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

# bytes: of the program, and of a member in a run of a year with all messages, of which one is there at a time; measured
PROGRAM, PER_MEMBER = 330e6, 45e3


def forecast(scenario: Scenario, members: Sequence[int], *, fitted: bool) -> dict[str, Any]:
    """Return what a calibration takes, with lines that say so; a small run is made. `fitted` is for one that proposes defaults."""
    sizes = [size_of(scenario if scenario.network_file else scenario.with_(members=many)) for many in sizes_of(scenario, members)]
    rounds = 1 + ROUNDS * fitted
    runs = rounds * len(SEEDS) * len(sizes)
    run, evidence = _tried(scenario, sizes[0])
    seconds = sum(rounds * len(SEEDS) * run * _time(size, sizes[0]) for size in sizes)
    memory = PROGRAM + PER_MEMBER * max(size.members for size in sizes)
    still = evidence.scenario
    each = counted(len(SEEDS), "seed")
    why = f"{counted(ROUNDS, 'round')} that move defaults, and one that shows what they give, each with {each}"
    of = " and ".join(f"{size.members:,}" for size in sizes)
    lines = [
        (
            f"{counted(runs, 'run')} of {of} members over {counted(still.warm_up + still.days, 'day')} on 1 worker, "
            f"about {duration(seconds)} and at most {gigabytes(memory)}."
        ),
        f"That is {why if fitted else f'one round with {each} at each size'}; a run of {counted(sizes[0].tried, 'member')} said how long it takes.",
    ]
    return {"rounds": rounds, "runs": runs, "seconds": seconds, "workers": 1, "bytes": memory, "lines": lines}


def forecast_elasticities(asked: Varied, workers: int) -> dict[str, Any]:
    """Return what elasticities take, with lines that say so; a small run is made, nothing written."""
    size = size_of(asked.still)
    run, _ = _tried(asked.scenario, size)
    left = missing(asked)
    seconds = left * run * size.time / workers
    memory = workers * (PROGRAM + PER_MEMBER * size.members)
    still = asked.still
    lines = [
        (
            f"{counted(left, 'run')} of {size.members:,} members over {counted(still.warm_up + still.days, 'day')} on "
            f"{counted(workers, 'worker')}, about {duration(seconds)} and at most {gigabytes(memory)}."
        ),
        (
            f"That is {counted(len(asked.sides), 'parameter')}, each moved to both sides, on common seeds; of {len(asked.runs):,} different "
            f"runs {len(asked.runs) - left:,} are there. A run of {counted(size.tried, 'member')} said how long it takes."
        ),
    ]
    return {"runs": left, "seconds": seconds, "workers": workers, "bytes": memory, "lines": lines}


def _tried(scenario: Scenario, size: Size) -> tuple[float, Evidence]:
    """Return how long a small run takes, with what it gave."""
    started = time.perf_counter()
    evidence = gather(scenario, size.tried, SEEDS[:1])
    return time.perf_counter() - started, evidence


def _time(size: Size, tried: Size) -> float:
    """Return how many times as long as the run that was tried one takes."""
    return Size(size.members, tried.tried).time
