"""How sweeps use their time: efficiency of two workers, overhead a run, a ledger of 100,000 runs."""

from __future__ import annotations

import contextlib
import hashlib
import pickle
import statistics as plain
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from itertools import cycle
from pathlib import Path
from typing import Any, TypeVar

from experiments.reporting.run_folder import LEDGER
from experiments.runs import processes
from experiments.runs.ledger import Ledger
from experiments.runs.study import Point, Study
from experiments.runs.worker import histories_of, run_job
from experiments.sweep.folder import state_of
from experiments.sweep.plan import Sweep, load_sweep
from experiments.sweep.tables import write_tables
from sim.version import model_version

Result = TypeVar("Result")
REPEATS = 5
POINTS, TINY_POINTS, MANY_POINTS = 16, 30, 12_500
DIFFERENT = 15  # pairs whose runs fill a large ledger over and over; no multiple of the pairs at a point
TINY = """
[with]
members = 40
warm_up = 4
days = 65
[sweep]
points = {points}
pairs = 4
seeds = "new"
[sweep.parameters]
"design.friction" = [0.0, 4.0]
"reply.base" = [-4.5, -1.5]
"invitation.base" = [-3.0, 0.0]
"""


class ThroughBytes(processes.InProcess):
    """Runs a job at once, after sending it and its result through bytes as between processes."""

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Run a job."""
        args, kwargs = pickle.loads(pickle.dumps((args, kwargs)))  # noqa: S301  (our own)
        return super().submit(lambda: pickle.loads(pickle.dumps(fn(*args, **kwargs))))  # noqa: S301  (likewise)


@contextlib.contextmanager
def fresh(sweep: Sweep, executor: Executor | None, ahead: int = 2) -> Iterator[tuple[Study, Path]]:
    """Give a study with an empty ledger, and its folder."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Ledger(folder / LEDGER) as book:
            yield Study(sweep.request(), book, executor, ahead, seeds=sweep.seeds), folder


def tiny(points: int) -> Sweep:
    """Return a sweep of runs so short that what is around them shows."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tiny.toml"
        file.write_text(TINY.format(points=points), encoding="utf-8")
        return load_sweep(file)


def efficiency() -> None:
    """Print how much of two cores two workers use, against one worker at the same time of day: warm workers, the quick sweep."""
    sweep = load_sweep("quick-sweep")
    points = sweep.points()[:POINTS]
    shares = []
    with processes.processes(1) as one, processes.processes(2) as two:
        for pool, ahead in ((one, 2), (two, 4)):
            with fresh(sweep, pool, ahead) as (study, _):
                study.run([Point(point.number + 1000, point.values) for point in points[:4]], sweep.pairs)
        for _ in range(REPEATS):
            took = []
            for pool, ahead in ((one, 2), (two, 4)):
                with fresh(sweep, pool, ahead) as (study, _):
                    started = time.perf_counter()
                    study.run(points, sweep.pairs)
                    took.append(time.perf_counter() - started)
            shares.append(took[0] / (2.0 * took[1]))
    listed = ", ".join(f"{100 * share:.0f}%" for share in shares)
    print(f"sweep, 2 workers against 1: efficiency {100 * plain.median(shares):.0f}% in the median of {REPEATS} ({listed})")


def overhead() -> None:
    """Print the processor time of a sweep beyond that of its runs: scenarios, keys, bytes, ledger, tables."""
    sweep = tiny(TINY_POINTS)
    points = sweep.points()
    runs = len(points) * sweep.pairs * len(sweep.arms)
    found = []
    for k in range(REPEATS + 1):  # the first loads the kernels
        with fresh(sweep, ThroughBytes()) as (study, folder):
            started = time.process_time()
            study.run(points, sweep.pairs)
            write_tables(sweep, study, points, folder)
            whole = time.process_time() - started
            jobs = [(study.arms_at(point), study.seeds(point, r)) for point in points for r in range(1, sweep.pairs + 1)]
            started = time.process_time()
            for arms, seeds in jobs:
                histories_of(arms, *seeds, 1)
            if k:
                found.append(1000.0 * (whole - (time.process_time() - started)) / runs)
    print(f"sweep, overhead a run: {plain.median(found):.1f} ms in the median of {REPEATS} ({min(found):.1f} to {max(found):.1f})")


def name_all(study: Study, points: list[Point]) -> None:
    """Give names to the scenarios of all points, as if they had been built."""
    shorts = [short for point in points for short in study.shorts(point).values()]
    study.ledger.put([], [(short, hashlib.sha256(short.encode()).hexdigest()) for short in shorts])
    study.recall(points)


def large_ledger() -> None:
    """Print how long a ledger of 100,000 runs takes to be listed, continued up to the first run that is missing, and put in tables."""
    sweep = tiny(MANY_POINTS)
    points = sweep.points()
    each = cycle(
        payload
        for k in range(DIFFERENT)
        for payload in run_job(sweep.arms, population_seed=k, seed=k, threads=1, version=model_version()).payloads.values()
    )
    with fresh(sweep, None) as (study, folder):
        name_all(study, points)
        keys = [key for point in points for r in range(1, sweep.pairs + 1) for key in study.keys(point, r).values()]
        study.ledger.put(list(zip(keys[: -len(sweep.arms)], each, strict=False)))
        study.ledger.close()
        started = time.perf_counter()
        state = state_of(sweep, folder / LEDGER)
        listed = time.perf_counter() - started
        started = time.perf_counter()
        with Ledger(folder / LEDGER) as book:
            pool = ThroughBytes()
            again = Study(sweep.request(), book, pool, seeds=sweep.seeds)
            again.forget_failures(points, sweep.pairs)
            again.run(points, sweep.pairs)
            resumed = time.perf_counter() - started
            started = time.perf_counter()
            write_tables(sweep, again, points, folder)
            written = time.perf_counter() - started
        size = (folder / LEDGER).stat().st_size / 1e6
    took = f"listed in {listed:.1f} s, continued in {resumed:.1f} s, tables written in {written:.1f} s"
    print(f"sweep, ledger of {state.wanted:,} runs, {size:,.0f} MB: {took}")


def sweep_runs() -> None:
    """Print all of it."""
    efficiency()
    overhead()
    large_ledger()


if __name__ == "__main__":
    sweep_runs()
