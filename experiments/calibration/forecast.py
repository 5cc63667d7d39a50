"""Forecast of a calibration: its runs, their time and their memory."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from experiments.calibration.fit import ROUNDS
from experiments.calibration.run import busy, sizes_of
from experiments.calibration.runs import bytes_of
from experiments.calibration.targets import SEEDS, figures_of, still_of
from experiments.calibration.vary import Varied, missing
from experiments.reporting.text import counted
from experiments.runs.cost import Size, duration, gigabytes, size_of

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def forecast(scenario: Scenario, members: Sequence[int], *, fitted: bool, workers: int) -> dict[str, Any]:
    """Return what a calibration takes, with lines that say so; a small run is made. `fitted` is for one that proposes defaults."""
    each_size = sizes_of(scenario, members)
    sizes = [size_of(scenario if scenario.network_file else scenario.with_(members=many)) for many in each_size]
    workers = busy(workers, each_size)
    rounds = 1 + ROUNDS * fitted
    runs = rounds * len(SEEDS) * len(sizes)
    run = _tried(scenario, sizes[0])
    turns = math.ceil(runs / rounds / workers) / len(sizes)  # of the workers, at each size in a round: rounds wait for one another
    seconds = sum(rounds * turns * run * _time(size, sizes[0]) for size in sizes)
    memory = bytes_of(workers, max(size.members for size in sizes))
    still = still_of(scenario)
    each = counted(len(SEEDS), "seed")
    why = f"{counted(ROUNDS, 'round')} that move defaults, and one that shows what they give, each with {each}"
    of = " and ".join(f"{size.members:,}" for size in sizes)
    lines = [
        (
            f"{counted(runs, 'run')} of {of} members over {counted(still.warm_up + still.days, 'day')} on {counted(workers, 'worker')}, "
            f"about {duration(seconds)} and at most {gigabytes(memory)}."
        ),
        f"That is {why if fitted else f'one round with {each} at each size'}; a run of {counted(sizes[0].tried, 'member')} said how long it takes.",
    ]
    return {"rounds": rounds, "runs": runs, "seconds": seconds, "workers": workers, "bytes": memory, "lines": lines}


def forecast_elasticities(asked: Varied, workers: int) -> dict[str, Any]:
    """Return what elasticities take, with lines that say so; a small run is made, nothing written."""
    size = size_of(asked.still)
    run = _tried(asked.scenario, size)
    left = missing(asked)
    seconds = left * run * size.time / workers
    memory = bytes_of(workers, size.members)
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


def _tried(scenario: Scenario, size: Size) -> float:
    """Return how long a small run takes."""
    started = time.perf_counter()
    figures_of(still_of(scenario, size.tried), SEEDS[0])
    return time.perf_counter() - started


def _time(size: Size, tried: Size) -> float:
    """Return how many times as long as the run that was tried one takes."""
    return Size(size.members, tried.tried).time
