"""Replicates by several workers, into a ledger: what is there is not run again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from experiments.abtest.question import Panel, Question, instrument
from experiments.abtest.replicate import Cells, replicate
from experiments.runs.keys import pair_seeds, scenario_digest
from experiments.runs.record import Record, pack
from experiments.runs.scheduler import Job, Progress, Scheduler
from experiments.runs.worker import JobResult, check_worker, said_of
from sim.version import model_version

if TYPE_CHECKING:
    from experiments.runs.ledger import Ledger
    from sim.scenario.scenario import Scenario


def read_job(
    base: Scenario,
    arms: tuple[str, str],
    tests: dict[str, list[Scenario]],
    share: float,
    seeds: tuple[int, int],
    *,
    version: str,
    reading: str,
) -> JobResult:
    """Make a replicate and return its numbers, a record a scheme: the work of a worker.

    Raises:
        WrongModel: if this worker's model is not `version`.
        BadInput: if it would read tests otherwise: `reading` is the `instrument` of whoever asks.
    """
    check_worker(version, instrument(), reading, "tests")
    try:
        found = replicate(base, arms, tests, share=share, population_seed=seeds[0], seed=seeds[1])
    except Exception as error:  # noqa: BLE001  (whatever went wrong with one replicate must not stop the rest)
        return JobResult({}, dict.fromkeys(tests, said_of(error)))
    return JobResult({scheme: pack(Record(cells, {}, {})) for scheme, cells in found.items()}, {})


def _replicating(q: Question, panel: Panel, seeds: tuple[int, int], schemes: Iterable[str]) -> partial[JobResult]:
    """Return what a worker is to do for a replicate: it keeps its events until the tests of these schemes are read."""
    tests = {scheme: q.tests(panel, scheme, seeds[0]) for scheme in schemes}
    return partial(read_job, q.base(panel), q.arms, tests, q.share, seeds, version=model_version(), reading=instrument())


def keys_of(question: Question, panel: Panel, r: int) -> dict[str, str]:
    """Return the names of a replicate's records in a ledger, by scheme."""
    seeds = pair_seeds(question.seed, r)
    found = {}
    for scheme in panel.schemes:
        digests = [scenario_digest(test) for test in question.tests(panel, scheme, seeds[0])]
        text = " ".join(["abtest", *question.arms, *digests, str(question.share), *map(str, seeds), model_version(), instrument()])
        found[scheme] = hashlib.sha256(text.encode()).hexdigest()
    return found


def jobs_of(question: Question, there: set[str]) -> Iterator[Job]:
    """Yield a job a replicate, numbered from 1 through all panels, with the records that are missing."""
    number = 0
    for panel in question.panels:
        for r in range(1, panel.replicates + 1):
            number += 1
            missing = {scheme: key for scheme, key in keys_of(question, panel, r).items() if key not in there}
            seeds = pair_seeds(question.seed, r)
            labels = dict.fromkeys(missing, question.arms[1])  # the treatment
            yield Job(number, seeds, keys=missing, call=partial(_replicating, question, panel, seeds), labels=labels)


Found = dict[str, list[dict[str, Cells]]]  # by panel, an entry a replicate: the cells of each scheme


def gather(question: Question, scheduler: Scheduler, progress: Progress) -> Found:
    """Return what all replicates give; those that the ledger lacks are made.

    Raises:
        RunFailed: if a replicate failed twice: none is left out. Else as of the scheduler.
    """
    every = [[keys_of(question, panel, r) for r in range(1, panel.replicates + 1)] for panel in question.panels]
    wanted = {key for panel in every for keys in panel for key in keys.values()}
    ledger = scheduler.ledger
    ledger.forget_failures(ledger.failures(wanted))
    total, done = sum(map(len, every)), 0

    def deliver(job: Job) -> None:
        nonlocal done
        job.refuse_failure()
        done += 1
        progress(done, total)

    progress(done, total)
    scheduler.run(jobs_of(question, ledger.known(wanted)), deliver, in_order=True)
    records = ledger.get_many(sorted(wanted))
    return {
        panel.name: [{scheme: records[key].measures for scheme, key in keys.items()} for keys in several]
        for panel, several in zip(question.panels, every, strict=True)
    }


def all_there(question: Question, ledger: Ledger) -> bool:
    """Tell whether nothing is to be run."""
    wanted = {key for panel in question.panels for r in range(1, panel.replicates + 1) for key in keys_of(question, panel, r).values()}
    return ledger.known(wanted) >= wanted
