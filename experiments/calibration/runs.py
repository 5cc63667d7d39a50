"""Runs of a calibration by several workers, into a ledger: what is there is not run again. A run is kept as the figure of each target."""

from __future__ import annotations

import functools
import hashlib
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from experiments.calibration.declared import ASSUMED, HOME
from experiments.calibration.patterns.messages import Found
from experiments.calibration.targets import SEEDS, Evidence, Target, figures_of, still_of, targets
from experiments.runs.instrument import instrument_of
from experiments.runs.keys import scenario_digest
from experiments.runs.record import Cell, Record, pack
from experiments.runs.scheduler import TRIES, Job, Progress, RunFailed, Scheduler
from experiments.runs.worker import JobResult, check_worker, said_of
from sim.version import model_version, version_of

if TYPE_CHECKING:
    from experiments.runs.ledger import Ledger
    from sim.scenario.scenario import Scenario

ARM = "calibrated"
# bytes: of the program, and of a member in a run of a year with all messages; measured
PROGRAM, PER_MEMBER = 330e6, 45e3
T = TypeVar("T")
Figures = dict[str, Found]  # by the name of a target's file


@functools.cache
def instrument() -> str:
    """Return what changes with anything that a figure is computed by: the patterns, how runs are read, and the targets' files."""
    return instrument_of(figures_of.__module__, version_of(HOME))


def usual_folder(command: str, scenario: Scenario, *more: str) -> Path:
    """Return where runs of a scenario are kept unless told otherwise: a folder of their model, their reading and what `more` says."""
    facts = " ".join([scenario_digest(scenario), model_version(), instrument(), *more])
    return Path("results") / f"{command}-{hashlib.sha256(facts.encode()).hexdigest()[:8]}"


def figures_key(still: Scenario, seed: int) -> str:
    """Return the name of a run in a ledger."""
    return hashlib.sha256(f"calibration {scenario_digest(still)} {seed} {model_version()} {instrument()}".encode()).hexdigest()


def read_job(still: Scenario, seed: int, version: str, reading: str) -> JobResult:
    """Run a scenario and return its figures as a ledger keeps them: the work of a worker.

    Raises:
        WrongModel: if this worker's model is not `version`.
        BadInput: if it would read the run otherwise: `reading` is the `instrument` of whoever asks.
    """
    return read_with(lambda: figures_of(still, seed), version, instrument(), reading)


def read_with(figures: Callable[[], Figures], version: str, here: str, wanted: str) -> JobResult:
    """Return the figures of a run as a ledger keeps them.

    Args:
        figures: makes the run and reads it.
        version: of the model that is asked for.
        here: by what this worker would read the run.
        wanted: by what it is to be read.

    Raises:
        WrongModel: if this worker's model is not `version`.
        BadInput: if `here` is not `wanted`.
    """
    check_worker(version, here, wanted)
    try:
        found = figures()
    except Exception as error:  # noqa: BLE001  (whatever went wrong with one run must not stop the rest)
        return JobResult({}, {ARM: said_of(error)})
    cells: dict[str, Cell] = {name: (None, _plain(one.out_of), _plain(one.value)) for name, one in found.items()}
    return JobResult({ARM: pack(Record(cells, {}, {}))}, {})


def _plain(x: float) -> float | None:
    return float(x) if math.isfinite(x) else None


def _number(x: float | None) -> float:
    return math.nan if x is None else x


class FiguresScheduler(Scheduler):
    """Makes the runs of a calibration: as of a study, but each keeps its events until it is read."""

    def submit(self, job: Job) -> Future[JobResult]:
        """Hand a job to the executor."""
        return self.executor.submit(read_job, job.arms[ARM], job.seeds[1], model_version(), instrument())


def jobs_of(runs: Iterable[tuple[Scenario, int]], ledger: Ledger) -> Iterator[Job]:
    """Yield a job for each different (scenario, seed) that is not in the ledger and did not fail for good."""
    keys = {figures_key(still, seed): (still, seed) for still, seed in runs}
    for number, (key, (still, seed)) in enumerate(missing(keys, ledger), 1):
        yield Job(number, (seed, seed), keys={ARM: key}, arms={ARM: still})


def missing(runs: Mapping[str, T], ledger: Ledger) -> Iterator[tuple[str, T]]:
    """Yield those runs, with their keys, that are not in the ledger and did not fail for good."""
    there, failed = ledger.known(runs), ledger.failures(runs)
    for key, run in runs.items():
        if key not in there and failed.get(key, (0, ""))[0] < TRIES:
            yield key, run


def make(scheduler: Scheduler, jobs: list[Job], advance: Callable[[int, int], None]) -> dict[str, str]:
    """Make runs; return what went wrong with those that failed twice, by key. Errors as of the scheduler."""
    done, failed = 0, {}
    named = {id(job): job.keys[ARM] for job in jobs}

    def deliver(job: Job) -> None:
        nonlocal done
        done += 1
        if job.errors:
            failed[named[id(job)]] = job.errors[ARM]
        advance(done, len(jobs))

    advance(0, len(jobs))
    scheduler.run(jobs, deliver)
    return failed


def figures_in(ledger: Ledger, keys: Iterable[str]) -> dict[str, Figures]:
    """Return the figures of those of the runs that are in a ledger."""
    there = sorted(ledger.known(set(keys)))
    records = ledger.get_many(there)
    return {key: {name: Found(_number(value), _number(out)) for name, (_, out, value) in records[key].measures.items()} for key in there}


def gather(stills: Sequence[Scenario], scheduler: Scheduler, progress: Progress, seeds: Sequence[int] = SEEDS) -> list[Evidence]:
    """Return what runs of each scenario give, as `still_of` has it; runs that the ledger lacks are made, all of them together.

    Args:
        stills: the scenarios.
        scheduler: a `FiguresScheduler`; runs that failed before are tried again.
        progress: is told how many runs are there.
        seeds: of each scenario.

    Raises:
        RunFailed: if a run failed twice: none is left out. Else as of the scheduler.
    """
    wanted = {figures_key(still, seed): (still, seed) for still in stills for seed in seeds}
    scheduler.ledger.forget_failures(scheduler.ledger.failures(wanted))
    jobs = list(jobs_of(wanted.values(), scheduler.ledger))
    there = len(wanted) - len(jobs)
    for key, error in make(scheduler, jobs, lambda done, _: progress(there + done, len(wanted))).items():
        still, seed = wanted[key]
        raise RunFailed(f"the run of {still.members:,} members with seed {seed} failed twice: {' '.join(error.split())}")
    figures = figures_in(scheduler.ledger, wanted)
    return [Evidence(still, tuple(seeds), [figures[figures_key(still, seed)] for seed in seeds]) for still in stills]


def reached(scenario: Scenario, scheduler: Scheduler, progress: Progress) -> list[Target]:
    """Return the targets that somebody measured, with what runs of the scenario's size give. What is assumed is no pattern to be met.

    The runs are made where `scheduler`, of any kind, has its own. Errors as of `gather`.
    """
    (found,) = gather([still_of(scenario)], FiguresScheduler(scheduler.ledger, scheduler.executor, scheduler.ahead), progress)
    return [t for t in targets(found) if t.kind != ASSUMED]


def bytes_of(runs: int, members: int) -> float:
    """Return the bytes that so many workers need at most, each with a run of so many members."""
    return runs * (PROGRAM + PER_MEMBER * members)
