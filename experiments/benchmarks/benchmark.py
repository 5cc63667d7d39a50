"""Speed and memory: measured, printed, never asserted. Times on shared machines are noisy; look at ratios."""

from __future__ import annotations

import itertools
import resource
import statistics as plain
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from sim import load_scenario
from sim.columnar.engine import Engine, enter, final_state_of, live
from sim.decisions.constants import TALK_WINDOW
from sim.population.initialization import begin
from sim.results.history import make_history
from sim.simulation import simulate, warm_kernels
from sim.state.columns import AWAITS, PAIRS, PENDING, TIES
from sim.state.world import World

REPEATS = 3
LARGE = (100_000, 180)
MEGA = 1e6
PART = 100_000  # pairs
BYTES = {"members": 400, "ties": 40, "live threads": 48, "remembered pairs": 12}  # that each may cost
BASE_MEGABYTES = 300  # the interpreter, its libraries, what a day needs


def peak_megabytes() -> float:
    """Return the largest resident size of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGA


def live_threads(pairs: Any, day: int) -> int:
    """Return how many of these pairs have talked, or wait for an answer, and were lately in touch."""
    waits = pairs.state & (AWAITS | AWAITS << 1 | PENDING | PENDING << 1) != 0
    return int(np.count_nonzero(((pairs.exchanges > 0) | waits) & (pairs["last"] >= day - TALK_WINDOW)))


def bound_megabytes(world: World) -> tuple[float, str]:
    """Return (the memory that a run should need at most, its terms in words), from what it remembers at the end.

    A thread lives while a pair that has talked, or waits for an answer, was in touch within the window in which talk counts.
    """
    g = world.graph
    pairs = g.pairs[: int(g.sizes[PAIRS])]
    live = sum(live_threads(pairs[k : k + PART], world.day) for k in range(0, len(pairs), PART))  # in parts: looking takes memory too
    counts = {"members": world.present, "ties": int(g.sizes[TIES]), "live threads": live, "remembered pairs": world.known_pairs}
    total = sum(BYTES[name] * count for name, count in counts.items()) / MEGA + BASE_MEGABYTES
    return total, ", ".join(f"{count:,} {name} x {BYTES[name]}" for name, count in counts.items()) + f", + {BASE_MEGABYTES} MB"


def large_run() -> None:
    """Print the time and memory of 100,000 members over 180 days on one thread, in a process of its own."""
    warm_kernels()
    members, days = LARGE
    scenario = load_scenario("baseline").with_(members=members, warm_up=0, days=days)
    ticks = [(time.perf_counter(), time.process_time())]
    world = begin(scenario, 1, 1)
    ticks.append((time.perf_counter(), time.process_time()))
    engine = Engine(world)
    enter(world, scenario)
    live(engine, days, None)
    ticks.append((time.perf_counter(), time.process_time()))
    at_end, (bound, terms) = peak_megabytes(), bound_megabytes(world)
    outcome, n = final_state_of(world), world.present
    del engine, world
    ticks.append((time.perf_counter(), time.process_time()))
    make_history(scenario, seed=1, population_seed=1, design=scenario.design, outcome=outcome, timings={})
    ticks.append((time.perf_counter(), time.process_time()))
    spent = [(end[0] - start[0], end[1] - start[1]) for start, end in itertools.pairwise(ticks)]
    parts = ", ".join(f"{name} {spent[k][0]:.1f} s ({spent[k][1]:.1f})" for name, k in (("generation", 0), ("days", 1), ("measures", 3)))
    wall, cpu = (sum(part[k] for part in (spent[0], spent[1], spent[3])) for k in (0, 1))
    print(f"{members:,} members x {days} days, one thread: {wall:.1f} s, of the processor {cpu:.1f} s; {parts}; {n:,} members in all")
    print(f"memory: peak {peak_megabytes():,.0f} MB, {at_end:,.0f} before the measures; bound {bound:,.0f} MB = {terms}")


def compare_runs() -> None:
    """Print the time of whole comparisons, warm."""
    for pairs in (20, 24):
        seconds = []
        for _ in range(REPEATS):
            with tempfile.TemporaryDirectory() as folder:
                started = time.perf_counter()
                out = str(Path(folder) / "out")
                command = [sys.executable, "-m", "experiments.cli.main", "compare", "--quiet", "--pairs", str(pairs), "--out", out]
                subprocess.run(command, check=True, capture_output=True)  # noqa: S603  (our own command)
                seconds.append(time.perf_counter() - started)
        print(f"compare, {pairs} pairs: median {plain.median(seconds):.1f} s of {REPEATS} ({min(seconds):.1f} to {max(seconds):.1f})")


def mesa_run() -> None:
    """Print the time of the Mesa engine: 1,000 members over 360 days, beside the columns in the same minute."""
    from sim import OutreachModel  # Mesa's memory is no part of what the columns need

    scenario = load_scenario("baseline").with_(members=1000, warm_up=180, days=180)
    started = time.perf_counter()
    simulate(scenario, 1)
    columns = time.perf_counter() - started
    started, used = time.perf_counter(), time.process_time()
    OutreachModel(scenario, 1, events=False).run()
    agents, cpu = time.perf_counter() - started, time.process_time() - used
    print(f"1,000 members x 360 days: agents {agents:.1f} s, of the processor {cpu:.1f} s; columns {columns:.2f} s")


def main() -> None:
    """Run one measurement by name, or all, each in a process of its own."""
    from experiments.benchmarks.benchmark_sweeps import sweep_runs

    measurements = {"large": large_run, "compare": compare_runs, "mesa": mesa_run, "sweep": sweep_runs}
    if len(sys.argv) > 1:
        measurements[sys.argv[1]]()
        return
    for name in measurements:
        subprocess.run([sys.executable, "-m", "experiments.benchmarks.benchmark", name], check=True)  # noqa: S603  (our own command)


if __name__ == "__main__":
    main()
