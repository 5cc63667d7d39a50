"""Runs of a calibration by several workers, into a ledger: what is there is not run again. A run is kept as the figure of each target."""

from __future__ import annotations

import functools
import hashlib
import math
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.calibration.declared import HOME
from experiments.calibration.patterns.messages import Found
from experiments.calibration.targets import figures_of
from experiments.runs.keys import scenario_digest
from experiments.runs.record import Cell, Record, pack
from experiments.runs.scheduler import TRIES, Job, Scheduler
from experiments.runs.worker import LONGEST_ERROR, JobResult, WrongModel
from sim.version import model_version, version_of

if TYPE_CHECKING:
    from experiments.runs.ledger import Ledger
    from sim.scenario.scenario import Scenario

ARM = "calibrated"
Figures = dict[str, Found]  # by the name of a target's file


@functools.cache
def instrument() -> str:
    """Return what changes with anything that a figure is computed by: the patterns, how runs are read, and the targets' files."""
    here = Path(__file__).parent
    sources = [(here / name).read_text(encoding="utf-8") for name in ("readings.py", "simulated.py", "declared.py")]
    return version_of(here / "patterns", version_of(HOME), *sources)


def figures_key(still: Scenario, seed: int) -> str:
    """Return the name of a run in a ledger."""
    return hashlib.sha256(f"calibration {scenario_digest(still)} {seed} {model_version()} {instrument()}".encode()).hexdigest()


def read_job(still: Scenario, seed: int, version: str) -> JobResult:
    """Run a scenario and return its figures as a ledger keeps them: the work of a worker.

    Raises:
        WrongModel: if this worker's model is not `version`.
    """
    if model_version() != version:
        raise WrongModel(model_version())
    try:
        found = figures_of(still, seed)
    except Exception as error:  # noqa: BLE001  (whatever went wrong with one run must not stop the rest)
        return JobResult({}, {ARM: f"{type(error).__name__}: {error}"[:LONGEST_ERROR]})
    cells: dict[str, Cell] = {name: (None, _plain(one.out_of), _plain(one.value)) for name, one in found.items()}
    return JobResult({ARM: pack(Record(cells, {}, {}))}, {})


def _plain(x: float) -> float | None:
    return x if math.isfinite(x) else None


def _number(x: float | None) -> float:
    return math.nan if x is None else x


class FiguresScheduler(Scheduler):
    """Makes the runs of a calibration: as of a study, but each keeps its events until it is read."""

    def submit(self, job: Job) -> Future[JobResult]:
        """Hand a job to the executor."""
        return self.executor.submit(read_job, job.arms[ARM], job.seeds[1], model_version())


def jobs_of(runs: Iterable[tuple[Scenario, int]], ledger: Ledger) -> Iterator[Job]:
    """Yield a job for each different (scenario, seed) that is not in the ledger and did not fail for good."""
    keys = {figures_key(still, seed): (still, seed) for still, seed in runs}
    there, failed = ledger.known(keys), ledger.failures(keys)
    for number, (key, (still, seed)) in enumerate(keys.items(), 1):
        if key not in there and failed.get(key, (0, ""))[0] < TRIES:
            yield Job(number, (seed, seed), keys={ARM: key}, arms={ARM: still})


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
