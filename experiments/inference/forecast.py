"""Forecast of a calibration to data: its runs, their time and their memory."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.calibration.runs import bytes_of
from experiments.inference.bank import asked_at, still_for
from experiments.inference.calibration import HELD_RUNS, REPEATED, SPARE, STARTS, STEPS
from experiments.inference.runner import SAMPLED
from experiments.inference.screening import RUNS_A_DRAW
from experiments.inference.summaries import jobs_of, summaries_of
from experiments.reporting.text import counted
from experiments.runs.cost import Size, duration, gigabytes, size_of
from experiments.runs.ledger import Ledger
from experiments.runs.streams import SHIFTED

if TYPE_CHECKING:
    from experiments.inference.calibration import Question


def forecast(question: Question, workers: int, minutes: float | None, ledger: Path) -> dict[str, Any]:
    """Return what a calibration takes, with lines that say so; a small run is made, nothing written.

    Args:
        question: what is asked.
        workers: processes.
        minutes: for the bank, if they are limited.
        ledger: in which runs are looked for.
    """
    still = question.still
    size, run = _a_run(question)
    wanted = asked_at(
        still, question.data, prior=question.prior, values=question.prior.sample(question.draws, question.seed), seed=question.seed, first=1
    )
    wanted = wanted[:: SAMPLED if question.given is not None else 1]
    left = len(wanted)
    if ledger.exists():
        with closing(Ledger(ledger, read_only=True)) as book:
            left = len(list(jobs_of(wanted, book)))
    there = question.given is not None and question.given.many(SHIFTED) > 0
    shift = len(range(0, question.shift, SAMPLED if there else 1))
    adjusted = round(SPARE * question.keep)
    a_round = (1 + STEPS) * adjusted  # at most: those that miss a figure are run again after each step
    more = shift + REPEATED + a_round + HELD_RUNS
    bank = left * run / workers if minutes is None else min(left * run / workers, 60.0 * minutes)
    larger = Size(question.size, size.tried).time / Size(size.members, size.tried).time
    again = larger * run / workers
    seconds, memory = bank + more * again, bytes_of(workers, max(question.size, size.members))
    runs = left + more
    days = counted(still.warm_up + still.days, "day")
    lines = [
        *question.came_about,
        (
            f"With one round of adjusted draws up to {counted(runs, 'run')} of {size.members:,} members over {days} on {counted(workers, 'worker')}, about {duration(seconds)} and at most "
            f"{gigabytes(memory)}."
        ),
        (
            f"That is a bank of {question.draws:,} draws of {counted(len(question.prior.turned), 'number')}, of which {question.draws - left:,} are there, "
            f"{REPEATED} second runs, {adjusted} adjusted draws, again after each of {STEPS} steps if they miss a figure, and {HELD_RUNS} without a third of the figures"
            + (f", and {counted(shift, 'draw')} again: these, but for the bank, with {question.size:,} members" if question.shift else "")
            + f". While too few fit, up to {len(STARTS) - 1} further rounds of adjusted draws follow, each of up to {counted(a_round, 'run')}, about {duration(a_round * again)}. A run of {counted(size.tried, 'member')} said how long it takes."
        ),
    ]
    return {"runs": runs, "seconds": seconds, "workers": workers, "bytes": memory, "lines": lines}


def forecast_screening(question: Question, workers: int, minutes: float | None) -> dict[str, Any]:
    """Return what a screening takes, with lines that say so; a small run is made, nothing written. Arguments as of `forecast`."""
    size, run = _a_run(question)
    runs = question.draws * RUNS_A_DRAW
    seconds = runs * run / workers if minutes is None else min(runs * run / workers, 60.0 * minutes)
    memory = bytes_of(workers, size.members)
    lines = [
        *question.came_about,
        (
            f"{counted(runs, 'run')} of {size.members:,} members on {counted(workers, 'worker')}, about {duration(seconds)} and at most "
            f"{gigabytes(memory)}: {question.draws:,} draws of {counted(len(question.prior.turned), 'number')} at once, each looked at for the figures, "
            "and under either arm."
        ),
    ]
    return {"runs": runs, "seconds": seconds, "workers": workers, "bytes": memory, "lines": lines}


def _a_run(question: Question) -> tuple[Any, float]:
    """Return the size of a run and the seconds that it takes, from a smaller one."""
    size = size_of(question.still)
    small = still_for(question.scenario, question.data, size.tried)
    one = asked_at(small, question.data, prior=question.prior, values=question.prior.sample(1, question.seed), seed=1, first=1)
    started = time.perf_counter()
    summaries_of(one[0])
    return size, (time.perf_counter() - started) * Size(size.members, size.tried).time
