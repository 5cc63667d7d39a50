"""Runs of a bank: each is kept as its summaries, every figure to which it can be held. They go through the scheduler of all commands."""

from __future__ import annotations

import functools
import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING, NamedTuple

from experiments.calibration.declared import every_target
from experiments.calibration.described import described
from experiments.calibration.patterns.messages import Found
from experiments.calibration.runs import ARM, Figures, instrument, missing, read_with
from experiments.calibration.seen import seen_in_run
from experiments.calibration.simulated import run_of
from experiments.runs.instrument import instrument_of
from experiments.runs.keys import scenario_digest
from experiments.runs.scheduler import Job, Scheduler
from sim.results.measures import MEASURES
from sim.version import model_version

if TYPE_CHECKING:
    from experiments.runs.ledger import Ledger
    from experiments.runs.worker import JobResult
    from sim.scenario.scenario import Scenario

MEASURED, TARGET = (
    "measure.",
    "target.",
)  # before the name of a measure of the model's own, and of a shipped target's file, in a run's summaries


class Asked(NamedTuple):
    """A run: a scenario with its seeds, and the days that are looked at."""

    scenario: Scenario
    seeds: tuple[int, int]  # of population and dynamics
    window: tuple[float, float]

    @property
    def key(self) -> str:
        """Return its name in a ledger."""
        facts = f"summaries {scenario_digest(self.scenario)} {self.seeds} {self.window} {model_version()} {reading()}"
        return hashlib.sha256(facts.encode()).hexdigest()


@functools.cache
def reading() -> str:
    """Return what changes with anything that a summary is computed by."""
    return instrument_of(__name__, instrument())


def summaries_of(asked: Asked) -> Figures:
    """Make a run, and return its figures by name: those of targets' files, those by which logs are described, the model's own measures."""
    from sim.simulation import simulate

    history = simulate(asked.scenario, asked.seeds[1], asked.seeds[0], events=True)
    run, log = run_of(history, asked.window), run_of(history, asked.window, cut=True)
    found = {TARGET + one.name: one.of(run) for one in every_target()} | described(seen_in_run(log))
    for name, value in history.measures.items():
        if name in MEASURES and value.value is not None:
            found[MEASURED + name] = Found(value.value, math.nan if value.denominator is None else value.denominator)
    return found


def read_job(asked: Asked, version: str, read: str) -> JobResult:
    """Make a run and return its figures as a ledger keeps them: the work of a worker.

    Raises:
        WrongModel: if this worker's model is not `version`.
        BadInput: if it would read the run otherwise than `read` says.
    """
    return read_with(lambda: summaries_of(asked), version, reading(), read)


class SummaryScheduler(Scheduler):
    """Makes runs as a study does, but each keeps its events until it is read."""

    windows: Mapping[str, tuple[float, float]]  # of the runs at hand, by their keys

    def submit(self, job: Job) -> Future[JobResult]:
        """Hand a job to the executor."""
        asked = Asked(job.arms[ARM], job.seeds, self.windows[job.keys[ARM]])
        return self.executor.submit(read_job, asked, model_version(), reading())


def jobs_of(runs: Iterable[Asked], ledger: Ledger) -> Iterator[Job]:
    """Yield a job for each different run that is not in the ledger and did not fail for good."""
    keys = {one.key: one for one in runs}
    for number, (key, one) in enumerate(missing(keys, ledger), 1):
        yield Job(number, one.seeds, keys={ARM: key}, arms={ARM: one.scenario})
