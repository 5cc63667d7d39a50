"""The bank: runs at draws of the prior, and of adjusted draws, each with seeds of its own; what is in the ledger is not made again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.calibration.runs import figures_in
from experiments.inference.summaries import Asked, SummaryScheduler, jobs_of
from experiments.runs.keys import point_seeds
from experiments.runs.scheduler import RunFailed, counted
from experiments.space.factors import DESIGN, with_values

if TYPE_CHECKING:
    from experiments.calibration.runs import Figures
    from experiments.inference.data import Data
    from experiments.inference.prior import Prior
    from experiments.runs.scheduler import Job, Progress
    from sim.scenario.scenario import Scenario

FIGURE = "figure."  # before the name of a figure, in a bank's table
BLOCK = 32  # draws, before the clock is looked at again
LOST = 0.1  # of the draws: a figure that more of them do not have is left out of the fit


class Bank(NamedTuple):
    """Draws, and what their runs show."""

    values: np.ndarray  # (draws, parameters)
    figures: list[Figures | None]  # of each draw; None where its run failed

    def summaries(self, names: Sequence[str]) -> np.ndarray:
        """Return figures by name: (draws, names); nan where there is none."""
        return np.array([[np.nan if one is None or name not in one else one[name].value for name in names] for one in self.figures], float)


def moved(bank: Bank, added: np.ndarray, names: Sequence[str]) -> Bank:
    """Return a bank with something added to its figures: (draws, names); without those to which it is unknown what."""
    figures: list[Figures | None] = [
        None
        if one is None
        else {name: one[name]._replace(value=one[name].value + x) for name, x in zip(names, row, strict=True) if name in one}
        for one, row in zip(bank.figures, added.tolist(), strict=True)
    ]
    return bank._replace(figures=figures)


def still_for(scenario: Scenario, data: Data, members: int | None = None) -> Scenario:
    """Return the scenario that is simulated for data: under the design that the data were made under, all the time.

    Args:
        scenario: whose numbers hold.
        data: with days and design.
        members: at the start; the scenario's own unless given.

    Raises:
        BadInput: if the design is unknown, or the scenario cannot be so.
    """
    sizes = {} if members is None or scenario.network_file else {"members": members}
    shaped = scenario.with_(warm_up=data.warm_up, days=data.days, **sizes)
    if data.design is None:
        return shaped.with_design(shaped.warm_up_design)
    named = shaped.with_design(data.design)
    return named.with_(warm_up_design=named.design)


def at(still: Scenario, values: Mapping[str, float]) -> Scenario:
    """Return the scenario with other numbers, those of its design from the first day on."""
    head = f"{DESIGN}."
    own = {f"designs.{still.design}.{path.removeprefix(head)}": float(x) for path, x in values.items() if path.startswith(head)}
    return with_values(still.with_(**own) if own else still, {path: x for path, x in values.items() if not path.startswith(head)})


def asked_at(still: Scenario, data: Data, prior: Prior, values: np.ndarray, seed: int, first: int) -> list[Asked]:
    """Return a run for each row of values, with the seeds of draw number `first` on."""
    names = [one.path for one in prior.turned]
    return [
        Asked(at(still, dict(zip(names, row, strict=True))), point_seeds(seed, first + k, 1), data.window)
        for k, row in enumerate(values.tolist())
    ]


def make(wanted: Sequence[Asked], scheduler: SummaryScheduler, progress: Progress, until: Callable[[], bool] = lambda: False) -> int:
    """Make the runs that the ledger lacks, block by block; return how many of those wanted are done, from the first on.

    Args:
        wanted: runs in order.
        scheduler: with the ledger.
        progress: is told how many are done, of how many.
        until: tells, after each block, whether to stop.

    Raises:
        RunFailed: if all runs of a block of several failed. Else as of the scheduler.
    """
    done = 0
    progress(0, len(wanted))
    for start in range(0, len(wanted), BLOCK):
        block = wanted[start : start + BLOCK]
        failed = _make_block(block, scheduler, counted(progress, start, len(wanted)))
        done = start + len(block)
        if len(failed) == len(block) > 1:
            raise RunFailed(f"all of {len(block)} runs failed: {failed[0]}")
        progress(done, len(wanted))
        if until():
            break
    return done


def _make_block(block: Sequence[Asked], scheduler: SummaryScheduler, advance: Progress) -> list[str]:
    jobs = list(jobs_of(block, scheduler.ledger))
    scheduler.windows = {one.key: one.window for one in block}
    failed: list[str] = []
    there = len(block) - len(jobs)
    done = 0

    def deliver(job: Job) -> None:
        nonlocal done
        done += 1
        failed.extend(job.errors.values())
        advance(there + done, len(block))

    scheduler.run(jobs, deliver, in_order=True)  # the ledger has the same bytes for any number of workers
    return failed


def bank_of(wanted: Sequence[Asked], values: np.ndarray, scheduler: SummaryScheduler) -> Bank:
    """Return what the ledger has of runs at these values."""
    keys = [one.key for one in wanted]
    found = figures_in(scheduler.ledger, keys)
    return Bank(values[: len(wanted)], [found.get(key) for key in keys])


class Clock:
    """Minutes that runs may take: looked at between blocks."""

    def __init__(self, minutes: float | None) -> None:
        self.end = None if minutes is None else time.monotonic() + 60.0 * minutes

    def over(self) -> bool:
        """Tell whether the time is over."""
        return self.end is not None and time.monotonic() >= self.end
