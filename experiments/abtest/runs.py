"""Replicates by several workers, into a ledger: what is there is not run again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import Future
from typing import TYPE_CHECKING

from experiments.abtest.question import Panel, Question, instrument
from experiments.abtest.replicate import Cells, replicate
from experiments.runs.keys import pair_seeds, scenario_digest
from experiments.runs.record import Record, pack
from experiments.runs.scheduler import Job, Progress, Scheduler
from experiments.runs.worker import JobResult, check_worker, said_of
from sim.version import model_version

if TYPE_CHECKING:
    from concurrent.futures import Executor

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


class ReplicateScheduler(Scheduler):
    """Makes replicates: as of a study, but each keeps its events until its tests are read."""

    def __init__(self, question: Question, ledger: Ledger, executor: Executor, ahead: object) -> None:
        super().__init__(ledger, executor, ahead)  # type: ignore[arg-type]  # as of `executor`
        self.question = question

    def submit(self, job: Job) -> Future[JobResult]:
        """Hand a job to the executor."""
        q, panel = self.question, panel_of(self.question, job.pair)[0]
        tests = {scheme: q.tests(panel, scheme, job.seeds[0]) for scheme in job.keys}
        return self.executor.submit(
            read_job, q.base(panel), q.arms, tests, q.share, job.seeds, version=model_version(), reading=instrument()
        )


def panel_of(question: Question, number: int) -> tuple[Panel, int]:
    """Return (the panel of a replicate, its number in it from 1); replicates are numbered from 1 through all panels.

    Raises:
        IndexError: if there are not so many.
    """
    for panel in question.panels:
        if number <= panel.replicates:
            return panel, number
        number -= panel.replicates
    raise IndexError(number)


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
    """Yield a job a replicate, with the records that are missing."""
    number = 0
    for panel in question.panels:
        for r in range(1, panel.replicates + 1):
            number += 1
            missing = {scheme: key for scheme, key in keys_of(question, panel, r).items() if key not in there}
            seeds = pair_seeds(question.seed, r)
            arms = {scheme: question.tests(panel, scheme, seeds[0])[0] for scheme in missing}
            yield Job(number, seeds, keys=missing, arms=arms)


Found = dict[str, list[dict[str, Cells]]]  # by panel, an entry a replicate: the cells of each scheme


def gather(question: Question, scheduler: ReplicateScheduler, progress: Progress) -> Found:
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
