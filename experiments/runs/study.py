"""A study: pairs of runs at many points of a scenario's parameter space, on any executor, into a ledger; only what is missing is run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from experiments.runs.keys import pair_seeds, point_seeds, scenario_digest, study_key
from experiments.runs.scheduler import TRIES, Job, Progress, Scheduler
from experiments.space.factors import with_values
from sim.errors import BadInput
from sim.version import model_version

if TYPE_CHECKING:
    from experiments.runs.ledger import Ledger
    from experiments.runs.record import Record
    from experiments.runs.request import Request
    from sim.scenario.scenario import Scenario

COMMON, NEW = "common", "new"
BATCH = 2000  # jobs whose records are read at once
STEP = 100  # pairs that are there already, for each time that progress is told of them
Found = list["dict[str, Record] | None"]  # over pairs, a record an arm (measures alone); None where a run failed twice


class Point(NamedTuple):
    """A point of the space that a study explores."""

    number: int  # from 1; names the point in files and, with new seeds, its random numbers
    values: dict[str, float]  # by path of a factor


@dataclass(frozen=True)
class State:
    """How far a study is: runs that are there, that failed for good, and that are wanted."""

    done: int
    failed: dict[tuple[int, int, str], str] = field(default_factory=dict)  # (point, pair, arm): error
    wanted: int = 0


class Study:
    """Evaluates points: each with the request's arms, pairs 1, 2, ... of seeds common to all points or new at each.

    Args:
        request: scenario, arms, reference, seed and threads; pairs are given to `evaluate`.
        ledger: where runs are found and left.
        executor: any of concurrent.futures; None for a study that only looks.
        ahead: how many pairs the executor is given at once, or what says so; twice the workers keeps them busy.
        seeds: "common": pair r has common random numbers at all points; "new": its own at each.
    """

    def __init__(
        self, request: Request, ledger: Ledger, executor: Executor | None = None, ahead: int | Callable[[], int] = 2, *, seeds: str = COMMON
    ) -> None:
        self.request, self.ledger, self.executor, self.seeds_are = request, ledger, executor, seeds
        self.ahead: Callable[[], int] = ahead if callable(ahead) else lambda: ahead
        self._bases = {arm: scenario_digest(scenario) for arm, scenario in request.arms.items()}
        self._digests: dict[str, str] = {}
        self._noted: list[tuple[str, str]] = []
        self._there: set[str] = set()  # runs that are in the ledger or were asked for
        self._built: tuple[Point | None, dict[str, Scenario]] = (None, {})
        self._named: tuple[Point | None, dict[str, str]] = (None, {})

    @property
    def slots(self) -> int:
        """Return how many pairs the executor does at once, which has twice as many at hand; on a cluster workers come and go."""
        return max(1, self.ahead() // 2)

    def seeds(self, point: Point, pair: int) -> tuple[int, int]:
        """Return (population seed, dynamics seed) of a pair at a point."""
        return pair_seeds(self.request.seed, pair) if self.seeds_are == COMMON else point_seeds(self.request.seed, point.number, pair)

    def arms_at(self, point: Point) -> dict[str, Scenario]:
        """Return the arms at a point; the last point's are kept, since its pairs come one after another.

        Raises:
            BadInput: if the values cannot be.
        """
        if self._built[0] is not point:  # two points of one number share their seeds, not their values
            self._built = (point, {arm: with_values(scenario, point.values) for arm, scenario in self.request.arms.items()})
        return self._built[1]

    def evaluate(self, points: list[Point], pairs: int, progress: Progress | None = None, *, in_order: bool = False) -> list[Found]:
        """Run what is missing; return the records of each point, an entry a pair. Arguments and errors as in `run`."""
        self.run(points, pairs, progress, in_order=in_order)
        return list(self.records(points, pairs))

    def run(self, points: list[Point], pairs: int, progress: Progress | None = None, *, in_order: bool = False) -> None:
        """Run what is missing; `records` gives what was found, without having all of it in memory.

        A run that fails is noted in the ledger, tried again once, and does not stop the rest.

        Args:
            points: at which pairs are run.
            pairs: at each.
            progress: is told how many pairs are there, of how many.
            in_order: whether the ledger is to have the same bytes for any number of workers.

        Raises:
            BadInput: if the ledger is damaged.
            OSError, sqlite3.Error: if it cannot take more; what was done is kept.
        """
        self.recall(points)
        keys = (key for point in points for r in range(1, pairs + 1) for key in self.keys(point, r).values())
        self._there = self.ledger.known(keys)
        jobs = (job for point in points for job in self._jobs(point, pairs))
        self._run(jobs, len(points) * pairs, progress or (lambda _done, _wanted: None), in_order=in_order)
        self._check(points, pairs)

    def _check(self, points: list[Point], pairs: int) -> None:
        """Refuse a ledger that does not find what was written to it: pages in one another's place do that, and nothing else tells."""
        every = [tuple(self.keys(point, r).values()) for point in points for r in range(1, pairs + 1)]
        there = self.ledger.known({key for pair in every for key in pair})
        partial = [pair for pair in every if not there.issuperset(pair)]
        failed = self.ledger.failures({key for pair in partial for key in pair})
        if any(not failed.keys() & set(pair) for pair in partial):
            self.ledger.refuse("runs that were written to it are not found")

    def records(self, points: list[Point], pairs: int) -> Iterator[Found]:
        """Yield the records of each point as they are in the ledger: None for pairs that are not whole."""
        self.recall(points)
        size = max(1, BATCH // pairs)
        for at in range(0, len(points), size):
            part = points[at : at + size]
            keys = [[self.keys(point, r) for r in range(1, pairs + 1)] for point in part]
            there = self.ledger.known({key for found in keys for pair in found for key in pair.values()})
            whole = [[pair if pair and there.issuperset(pair.values()) else None for pair in found] for found in keys]
            got = self.ledger.get_many(sorted({key for found in whole for pair in found if pair for key in pair.values()}))
            for found in whole:
                yield [None if pair is None else {arm: got[key] for arm, key in pair.items()} for pair in found]

    def state(self, points: list[Point], pairs: int) -> State:
        """Return how far the study is; nothing is run or built."""
        self.recall(points)
        names = {
            (point.number, r, arm): key  # with common seeds, points of the same values share their runs
            for point in points
            for r in range(1, pairs + 1)
            for arm, key in (self.keys(point, r) or self._failed_keys(point, r)).items()
        }
        there, failed = self.ledger.known(names.values()), self.ledger.failures(names.values())
        gone = {where: failed[key][1] for where, key in names.items() if key in failed and failed[key][0] >= TRIES}
        return State(sum(key in there for key in names.values()), dict(sorted(gone.items())), len(names))

    def forget_failures(self, points: list[Point], pairs: int) -> None:
        """Let the runs of these points that failed be tried again."""
        self.recall(points)
        every = ((point, r) for point in points for r in range(1, pairs + 1))
        keys = (key for point, r in every for key in (self.keys(point, r) or self._failed_keys(point, r)).values())
        self.ledger.forget_failures(self.ledger.failures(keys))

    # keys ------------------------------------------------------------------------------------------------------------

    def shorts(self, point: Point) -> dict[str, str]:
        """Return a hash that names the scenario of each arm at a point without building it; the last point's are kept."""
        if self._named[0] is not point:
            values, version = sorted(point.values.items()), model_version()
            texts = {arm: json.dumps([base, version, values]) for arm, base in self._bases.items()}
            self._named = (point, {arm: hashlib.sha256(text.encode()).hexdigest() for arm, text in texts.items()})
        return self._named[1]

    def recall(self, points: list[Point]) -> None:
        """Take from the ledger which scenarios the points have."""
        shorts = [short for point in points for short in self.shorts(point).values()]
        self._digests |= self.ledger.digests([short for short in shorts if short not in self._digests])

    def keys(self, point: Point, pair: int) -> dict[str, str]:
        """Return the keys of a pair; none if its scenarios were never built."""
        digests = {arm: self._digests.get(short) for arm, short in self.shorts(point).items()}
        if None in digests.values():
            return {}
        seeds = self.seeds(point, pair)
        return {arm: study_key(str(digest), *seeds, self.request.catalogue.identity) for arm, digest in digests.items()}

    def _failed_keys(self, point: Point, pair: int) -> dict[str, str]:
        """Return the names under which a pair's failures are noted if its scenarios cannot be built."""
        seeds, own = self.seeds(point, pair), self.request.catalogue.identity
        return {arm: study_key(short, *seeds, own) for arm, short in self.shorts(point).items()}

    def _learn(self, point: Point) -> None:
        for arm, scenario in self.arms_at(point).items():
            short = self.shorts(point)[arm]
            self._digests[short] = scenario_digest(scenario)
            self._noted.append((short, self._digests[short]))

    # running ---------------------------------------------------------------------------------------------------------

    def _jobs(self, point: Point, pairs: int) -> Iterator[Job]:
        """Yield a job for each pair of a point, with the runs that are missing and did not fail for good."""
        if not self.keys(point, 1):
            try:
                self._learn(point)
            except BadInput as error:
                every = [key for r in range(1, pairs + 1) for key in self._failed_keys(point, r).values()]
                self.ledger.note_failures([(key, TRIES, str(error)) for key in every])
                yield from (Job(r, self.seeds(point, r)) for r in range(1, pairs + 1))
                return
            self._there |= self.ledger.known(key for r in range(1, pairs + 1) for key in self.keys(point, r).values())
        keys = {r: self.keys(point, r) for r in range(1, pairs + 1)}
        absent = [key for pair in keys.values() for key in pair.values() if key not in self._there]
        failed = self.ledger.failures(absent)
        for r, pair in keys.items():
            missing = {arm: key for arm, key in pair.items() if key not in self._there}  # another point may round to the same runs
            tries = max((failed[key][0] for key in missing.values() if key in failed), default=0)
            self._there.update(missing.values())
            job = Job(r, self.seeds(point, r))
            if missing and tries < TRIES:
                job.keys, job.arms, job.tries, job.catalogue = missing, self.arms_at(point), tries, self.request.catalogue
                job.digests, self._noted = self._noted, []
            yield job

    def _run(self, jobs: Iterator[Job], wanted: int, progress: Progress, *, in_order: bool) -> None:
        if self.executor is None:
            raise ValueError("a study without an executor only looks")
        done = 0

        def deliver(job: Job) -> None:
            nonlocal done
            done += 1
            if job.arms or done == wanted or done % STEP == 0:
                progress(done, wanted)

        progress(done, wanted)
        Scheduler(self.ledger, self.executor, self.ahead, self.request.threads).run(jobs, deliver, in_order=in_order)


def complete(found: Found) -> list[dict[str, Record]]:
    """Return the pairs that are whole."""
    return [pair for pair in found if pair is not None]
