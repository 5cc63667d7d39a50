"""The scheduler of all commands: jobs to any executor, their runs into a ledger, each job handed on as completed or in order.

A job that fails is tried once more, each of its runs by itself. When a worker dies, the jobs that were at work go again one
at a time, to find which it was: a worker that was killed costs nothing but time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from experiments.runs.carried import packed
from experiments.runs.record import MEASURES_ALONE, Form
from experiments.runs.worker import JobResult, WrongModel, died, run_job
from sim.errors import BadInput, MeasureFailed, must
from sim.results.measures import MEASURES, Catalogue
from sim.version import differs_in, model_version

if TYPE_CHECKING:
    from experiments.runs.ledger import Ledger
    from sim.scenario.scenario import Scenario

TRIES = 2  # a run that fails is tried again once
WINDOW = 2  # jobs that wait for their turn, in order, for each that may be at work: a slow one does not stop the others
Progress = Callable[[int, int], None]  # done, wanted


def counted(progress: Progress, before: int, wanted: int) -> Progress:
    """Return a progress that goes on from what was done before."""
    return lambda done, _part: progress(min(wanted, before + done), wanted)


@dataclass(slots=True)
class Job:
    """Runs that are made together, those of them that the ledger lacks: arms of one warm-up on the same seeds, or whatever `call` makes.

    Args:
        pair: its number, for whoever hears what failed.
        seeds: (population seed, dynamics seed).
        keys: the ledger's names of the runs that are missing, by arm, or by the names that `call` has for them; none if all are there.
        arms: their scenarios, where it is arms that are simulated.
        call: gives what a worker is to do for those of the names that are still missing; it simulates arms unless given.
        labels: what a run is called where it failed; by its arm's design unless given.
        form: what is kept of each.
        base: the scenario of the warm-up, from which the arms depart; None if they say it themselves.
        digests: (short, digest) of scenarios, noted in the ledger with the runs.
        tries: how often it failed.
        catalogue: the measures of each run, with those of one's own.
    """

    pair: int
    seeds: tuple[int, int]
    keys: dict[str, str] = field(default_factory=dict)
    arms: dict[str, Scenario] = field(default_factory=dict)
    call: Callable[[Iterable[str]], partial[JobResult]] | None = None
    labels: dict[str, str] = field(default_factory=dict)
    form: Form = MEASURES_ALONE
    base: Scenario | None = None
    digests: list[tuple[str, str]] = field(default_factory=list)
    tries: int = 0
    catalogue: Catalogue = MEASURES
    alone: bool = False  # it was running when a worker died
    settled: bool = False
    errors: dict[str, str] = field(default_factory=dict)  # of arms that failed for good
    unwritten: list[tuple[str, bytes]] = field(default_factory=list)  # runs that are not in the ledger yet

    def refuse_failure(self) -> None:
        """Stop where no pair may be left out.

        Raises:
            RunFailed: if a run of the job failed for good.
        """
        if self.errors:
            what = "; ".join(dict.fromkeys(f"{self._called(arm)}: {error}" for arm, error in self.errors.items()))
            population_seed, seed = self.seeds
            raise RunFailed(f"pair {self.pair} (population seed {population_seed}, seed {seed}) failed twice: {' '.join(what.split())}")

    def _called(self, name: str) -> str:
        return self.labels[name] if name in self.labels else self.arms[name].design


class RunFailed(RuntimeError):  # noqa: N818  (it says what happened)
    """A run failed twice: its text names the pair, its seeds, and what went wrong."""


class Scheduler:
    """Hands jobs to an executor and their runs to a ledger.

    Args:
        ledger: where runs are left.
        executor: any of concurrent.futures.
        ahead: how many jobs the executor is given at once, or what says so; twice the workers keeps them busy.
        threads: a run.
    """

    def __init__(self, ledger: Ledger, executor: Executor, ahead: int | Callable[[], int] = 2, threads: int = 1) -> None:
        self.ledger, self.executor, self.threads = ledger, executor, threads
        self.ahead: Callable[[], int] = ahead if callable(ahead) else lambda: ahead

    def run(self, jobs: Iterable[Job], deliver: Callable[[Job], bool | None], *, in_order: bool = False) -> None:
        """Run jobs until there are no more, or `deliver` returns True; what is done by an interruption is kept.

        Args:
            jobs: taken one by one as there is room for them.
            deliver: called with each job once its runs are in the ledger, or failed for good (`Job.errors`). It is called in
                this thread, so it may ask the ledger.
            in_order: whether jobs are delivered, and their runs written, in the order given: then what `deliver` sees, and
                what is in the ledger in the end, is the same for any number of workers.

        Raises:
            BadInput: if a worker has another version of the model.
            MeasureFailed: if a measure of one's own raises, or cannot be computed on a worker.
            ConnectionError: if nobody can work on a job any more.
            OSError, sqlite3.Error: if the ledger cannot take more; what was done is kept.
        """
        Session(self, jobs, in_order=in_order).run(deliver)

    def submit(self, job: Job) -> Future[JobResult]:
        """Hand a job to the executor."""
        call = self._simulation(job) if job.call is None else job.call(job.keys)
        return self.executor.submit(call.func, *call.args, **call.keywords)

    def _simulation(self, job: Job) -> partial[JobResult]:
        """Return what simulates the arms of a job that are missing."""
        missing = {arm: job.arms[arm] for arm in job.keys}
        form = job.form._replace(measures=packed(job.catalogue))
        return partial(run_job, missing, *job.seeds, self.threads, model_version(), form=form, base=job.base, apart=job.tries > 0)


class Session:
    """Jobs in progress: new, running, to be tried again, and done but not delivered yet."""

    def __init__(self, scheduler: Scheduler, jobs: Iterable[Job], *, in_order: bool) -> None:
        self.scheduler, self.in_order = scheduler, in_order
        self.ledger, self.ahead = scheduler.ledger, scheduler.ahead
        self.new = enumerate(jobs)
        self.open: dict[int, Job] = {}  # taken and not delivered, in the order given
        self.again, self.suspects, self.ready = deque[int](), deque[int](), deque[int]()
        self.running: dict[Future[JobResult], int] = {}

    def run(self, deliver: Callable[[Job], bool | None]) -> None:
        """Run all; errors as in `Scheduler.run`."""
        try:
            while True:
                self._fill()
                if (job := self._next_ready()) is not None:
                    if deliver(job):
                        return
                elif self.running:
                    self._settle(wait(self.running, return_when=FIRST_COMPLETED).done)
                else:
                    return
        except BaseException:
            with suppress(Exception):  # the first error is what must be heard
                self._keep()
            raise
        finally:
            for future in self.running:
                future.cancel()

    def _fill(self) -> None:
        """Hand over jobs, as many at once as `ahead`; those that were there when a worker died go alone, to find which it was."""
        many = max(1, self.ahead())
        alone = any(self.open[number].alone for number in self.running.values())
        limit = 1 if self.suspects or alone else many
        while len(self.running) < limit and (number := self._next(many)) is not None:
            job = self.open[number]
            if job.keys and job.tries < TRIES:
                self.running[self.scheduler.submit(job)] = number
            else:
                self._end(number)

    def _next(self, many: int) -> int | None:
        """Return what is to be run next; None at the end, or if the window is full."""
        if self.suspects:
            number = self.suspects.popleft()
            self.open[number].alone = True
            return number
        if self.again:
            return self.again.popleft()
        if len(self.open) >= (1 + WINDOW) * many:
            return None
        for number, job in self.new:
            self.open[number] = job
            return number
        return None

    def _end(self, number: int) -> None:
        self.open[number].settled = True
        self.ready.append(number)

    def _next_ready(self) -> Job | None:
        """Return the next job to be delivered, its runs written; None if there is none now."""
        number = next(iter(self.open), None) if self.in_order else next(iter(self.ready), None)
        if number is None or not self.open[number].settled:
            return None
        if self.in_order:
            self._write([self.open[number]])
        self.ready.remove(number)
        return self.open.pop(number)

    def _settle(self, ended: Iterable[Future[JobResult]]) -> None:
        """Take what jobs gave; what is to be tried again goes to `again`, what must be run alone to `suspects`."""
        failed: list[tuple[str, int, str]] = []
        done: list[int] = []
        for future in ended:
            number = self.running[future]
            job = self.open[number]
            result = _result(job, future)
            if result is not None:
                job.unwritten += [(job.keys[arm], payload) for arm, payload in result.payloads.items()]
            del self.running[future]
            if result is None:
                self.suspects.append(number)
                continue
            if result.errors:
                job.tries += 1
                failed += [(job.keys[arm], job.tries, error) for arm, error in result.errors.items()]
            job.keys = {arm: job.keys[arm] for arm in result.errors}
            if result.errors and job.tries < TRIES:
                (self.suspects if job.alone else self.again).append(number)
            else:
                job.errors = result.errors
                done.append(number)
        if not self.in_order:
            self._write(self.open.values())
        if failed:
            self.ledger.note_failures(failed)
        for number in done:
            self._end(number)

    def _write(self, jobs: Iterable[Job]) -> None:
        """Put the runs of these jobs into the ledger, in one transaction."""
        jobs = [job for job in jobs if job.unwritten or job.digests]
        if not jobs:
            return
        self.ledger.put(sorted(run for job in jobs for run in job.unwritten), [pair for job in jobs for pair in job.digests])
        for job in jobs:
            job.unwritten, job.digests = [], []

    def _keep(self) -> None:
        """Write what is done, also out of turn."""
        for future, number in self.running.items():
            if future.done() and not future.cancelled() and future.exception() is None:
                keys = self.open[number].keys
                self.open[number].unwritten += [(keys[arm], payload) for arm, payload in future.result().payloads.items()]
        self._write(self.open.values())


def _result(job: Job, future: Future[JobResult]) -> JobResult | None:
    """Return what a job gave, None if it must go again: its worker died with others at work.

    Raises:
        BadInput: if the worker has another version of the model.
        MeasureFailed: if a measure of one's own is to blame: the model is not, and another try would end as this one.
        ConnectionError: if nobody can work on it any more.
    """
    try:
        found = future.result()
    except WrongModel as error:
        rule = f"have this command's version of the model, {model_version()}: finished runs are kept, and the same command continues"
        theirs = error.args[0]
        raise BadInput(must("", rule, f"{theirs}, {differs_in(theirs)}", where="every worker")) from None
    except CancelledError:
        raise ConnectionError("the workers are gone") from None
    except Exception as error:
        if not died(error):
            raise
        return JobResult({}, dict.fromkeys(job.keys, "its worker died")) if job.alone else None
    if found.refused:
        raise MeasureFailed(found.refused)
    return found
