"""The pilot: a few pairs in a ledger that is thrown away, to estimate the time and the variance of a pair."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from experiments.runs.ledger import Ledger
from experiments.runs.processes import InProcess
from experiments.runs.study import COMMON, Point, Study, complete

if TYPE_CHECKING:
    from experiments.runs.record import Record
    from experiments.runs.request import Request
    from sim.scenario.scenario import Scenario

PILOT_MEMBERS = 500
LEAST_SECONDS = 1e-4  # a pair: what is divided by it stays a number


class Pilot(NamedTuple):
    """What a pilot saw."""

    seconds: float  # a pair, by the clock: on all workers together
    pairs: list[dict[str, Record]]  # measures alone; those that are whole
    failed: list[str]  # what was wrong with runs that failed


def pilot(
    request: Request,
    executor: Executor | None,
    ahead: int | Callable[[], int],
    points: Sequence[Point],
    pairs: int,
    *,
    untimed: Point,
    first: int,
    seeds: str = COMMON,
) -> Pilot:
    """Run pairs at points as a study would, in a ledger of their own: one that knows them would make runs cost nothing.

    Args:
        request: what is asked at each point.
        executor: as of a study.
        ahead: as of a study.
        points: at which pairs are run and timed.
        pairs: at each of them.
        untimed: a point at which pairs are run before, since the first one of a worker loads the kernels. With common seeds it
            may be one of `points`: its pairs are then not run again.
        first: pairs at that point.
        seeds: as of a study.
    """
    with TemporaryDirectory() as home, closing(Ledger(Path(home) / "ledger.sqlite")) as book:  # nothing of it is kept
        study = Study(request, book, executor, ahead, seeds=seeds)
        study.run([untimed], first)
        before, started = len(book), time.perf_counter()
        study.run(list(points), pairs)
        took, made = time.perf_counter() - started, (len(book) - before) / len(request.arms)
        found = [pair for records in study.records(list(points), pairs) for pair in complete(records)]
        failed = list(study.state(list(points), pairs).failed.values())
        return Pilot(max(took / max(1.0, made), LEAST_SECONDS), found, failed)


def small_pilot(request: Request, pairs: int, points: Sequence[Point] = ()) -> Pilot:
    """Run the first pairs of a comparison in this process, with no more members than a pilot needs.

    Args:
        request: what is asked.
        pairs: two or more; one is enough at points.
        points: at each of which pairs are run in place of the scenario itself, numbered from 1.

    Raises:
        RuntimeError: if a run fails: the rest tells nothing. Of pairs at points, if none is whole: some values may not be possible.
    """
    small = replace(request, arms={name: shrunk(arm) for name, arm in request.arms.items()}, threads=1)
    itself = Point(0 if points else 1, {})
    found = pilot(small, executor=InProcess(), ahead=1, points=points or [itself], pairs=pairs, untimed=itself, first=1)
    if found.failed and not (points and found.pairs):
        raise RuntimeError(f"a run of the pilot failed twice: {found.failed[0]}")
    return found


def shrunk(arm: Scenario) -> Scenario:
    """Return an arm no larger than a pilot's; a network file is simulated whole."""
    return arm if arm.network_file or arm.members <= PILOT_MEMBERS else arm.with_(members=PILOT_MEMBERS)
