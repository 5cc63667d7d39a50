"""Forecast of a calibration to data: its runs, their time and their memory."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.calibration.runs import bytes_of
from experiments.inference.bank import asked_at, still_for
from experiments.inference.calibration import HELD_RUNS, REPEATED, SAMPLED, SPARE
from experiments.inference.summaries import jobs_of, summaries_of
from experiments.reporting.text import counted
from experiments.runs.cost import Size, duration, gigabytes, size_of
from experiments.runs.ledger import Ledger

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
    size = size_of(still)
    one = asked_at(
        still_for(question.scenario, question.data, size.tried),
        question.data,
        question.prior,
        question.prior.sample(1, question.seed),
        1,
        1,
    )
    started = time.perf_counter()
    summaries_of(one[0])
    run = (time.perf_counter() - started) * Size(size.members, size.tried).time
    wanted = asked_at(still, question.data, question.prior, question.prior.sample(question.draws, question.seed), question.seed, 1)
    wanted = wanted[:: SAMPLED if question.given is not None else 1]
    left = len(wanted)
    if ledger.exists():
        with closing(Ledger(ledger, read_only=True)) as book:
            left = len(list(jobs_of(wanted, book)))
    more = REPEATED + round(SPARE * question.keep) + HELD_RUNS
    bank = left * run / workers if minutes is None else min(left * run / workers, 60.0 * minutes)
    seconds, memory = bank + more * run / workers, bytes_of(workers, size.members)
    runs = left + more
    days = counted(still.warm_up + still.days, "day")
    lines = [
        (
            f"{counted(runs, 'run')} of {size.members:,} members over {days} on {counted(workers, 'worker')}, about {duration(seconds)} and at most "
            f"{gigabytes(memory)}."
        ),
        (
            f"That is a bank of {question.draws:,} draws of {counted(len(question.prior.turned), 'number')}, of which {question.draws - left:,} are there, "
            f"{REPEATED} second runs, {round(SPARE * question.keep)} adjusted draws and {HELD_RUNS} without a third of the figures. A run of "
            f"{counted(size.tried, 'member')} said how long it takes."
        ),
    ]
    return {"runs": runs, "seconds": seconds, "workers": workers, "bytes": memory, "lines": lines}
