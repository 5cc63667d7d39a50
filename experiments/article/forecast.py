"""Forecast of a test of the article's statements: the runs that are missing, their time and their memory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.article.contrasts import DESIGNS, layout
from experiments.article.runs import CHUNK
from experiments.article.worlds import PAIRS
from experiments.reporting.text import counted
from experiments.runs.cost import duration, gigabytes, memory_of_histories, seconds_of_pair
from experiments.runs.ledger import looked_into
from experiments.runs.request import Request

if TYPE_CHECKING:
    from experiments.article.run import ArticleRequest

PILOT_PAIRS = 2


def forecast(request: ArticleRequest, ledger: Path, workers: int) -> dict[str, Any]:
    """Return what is missing of the runs, with lines that say so; a small pilot is run if something is.

    Time is counted in days: the runs of a job share a warm-up.
    """
    scenario, runs = request.scenario, request.runs()
    worlds = [request.runs_in(one) for one in request.taken]
    wanted = runs.count * request.pairs + PAIRS * sum(one.count for one in worlds)
    with looked_into(ledger) as book:
        known = book.known if book is not None else lambda _: set()
        jobs = runs.missing(request.pairs, known) + [job for one in worlds for job in one.missing(PAIRS, known)]
    missing = sum(len(job.arms) for job in jobs)
    seconds = memory = 0.0
    lines = [f"{counted(runs.count, 'different run')} a pair, {_pairs(request)}: all {counted(wanted, 'run')} are in {ledger}."]
    if not wanted:
        lines = ["No contrast tests what is asked for: no run is made."]
    if missing:
        days = len(jobs) * scenario.warm_up + missing * scenario.days
        seconds = _pace(request) * days / workers
        memory = workers * memory_of_histories(scenario, max(len(job.arms) for job in jobs))
        there = f"; {wanted - missing:,} are in {ledger}, {missing:,} are missing" if missing < wanted else ""
        lines = [
            (
                f"{counted(runs.count, 'different run')} a pair, {_pairs(request)}: {counted(wanted, 'run')} of "
                f"{scenario.days} days after the switch{there}."
            ),
            f"On {counted(workers, 'worker')} that is about {duration(seconds)} and at most {gigabytes(memory)}.",
            f"Up to {CHUNK} runs share a warm-up of {scenario.warm_up} days; a pilot of {PILOT_PAIRS} pairs said how long a day takes.",
        ]
    told = {"pairs": request.pairs, "runs_a_pair": runs.count, "wanted": wanted, "done": wanted - missing}
    return {**told, "runs": missing, "seconds": seconds, "workers": workers, "bytes": memory, "lines": lines}


def _pairs(request: ArticleRequest) -> str:
    more = f", and {PAIRS} pairs of the primary contrasts in each of {len(request.taken)} worlds" if request.draws else ""
    return f"{counted(request.pairs, 'pair')}{more}"


def _pace(request: ArticleRequest) -> float:
    """Return the seconds of a day of a run, from a small pilot: a pair whose arms share a warm-up, as those of a job do."""
    base = layout(request.scenario)
    arms = {design: base.with_(design=design) for design in DESIGNS}
    pair = Request(base, arms, DESIGNS[0], seed=request.seed)
    return seconds_of_pair(pair, PILOT_PAIRS) / (base.warm_up + len(arms) * base.days)
