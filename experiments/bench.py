"""How fast and how large: measured, printed, never asserted. Times on shared machines are noisy; look at ratios."""

from __future__ import annotations

import resource
import statistics as plain
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPEATS = 3
LARGE = (100_000, 180)
MEGA = 1e6


def peak_megabytes() -> float:
    """Return the largest resident size of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGA


def large_run() -> None:
    """Print the time and memory of 100,000 members over 180 days on one thread, in a process of its own."""
    from sim import load_scenario
    from sim.engine import simulate, warm_kernels

    warm_kernels()
    members, days = LARGE
    scenario = load_scenario("baseline").with_(members=members, warm_up=0, days=days)
    started = time.perf_counter()
    history = simulate(scenario, 1)
    total = time.perf_counter() - started
    parts = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in history.timings.items())
    n = len(history.members["id"])
    print(f"{members:,} members x {days} days, one thread: {total:.1f} s ({parts}), {peak_megabytes():,.0f} MB, {n:,} members in all")


def compare_runs() -> None:
    """Print the time of whole comparisons, warm."""
    for pairs in (20, 24):
        seconds = []
        for _ in range(REPEATS):
            with tempfile.TemporaryDirectory() as folder:
                started = time.perf_counter()
                out = str(Path(folder) / "out")
                command = [sys.executable, "-m", "experiments.cli", "compare", "--quiet", "--pairs", str(pairs), "--out", out]
                subprocess.run(command, check=True, capture_output=True)  # noqa: S603  (our own command)
                seconds.append(time.perf_counter() - started)
        print(f"compare, {pairs} pairs: median {plain.median(seconds):.1f} s of {REPEATS} ({min(seconds):.1f} to {max(seconds):.1f})")


def mesa_run() -> None:
    """Print the time of the Mesa engine: 1,000 members over 360 days, beside the columns in the same minute."""
    from sim import load_scenario
    from sim.agents import OutreachModel
    from sim.engine import simulate

    scenario = load_scenario("baseline").with_(members=1000, warm_up=180, days=180)
    started = time.perf_counter()
    simulate(scenario, 1)
    columns = time.perf_counter() - started
    started = time.perf_counter()
    OutreachModel(scenario, 1, events=False).run()
    agents = time.perf_counter() - started
    print(f"1,000 members x 360 days: agents {agents:.1f} s, columns {columns:.2f} s, ratio {agents / columns:.0f}")


def main() -> None:
    """Run one measurement by name, or all, each in a process of its own."""
    from experiments.bench_sweeps import sweep_runs

    measurements = {"large": large_run, "compare": compare_runs, "mesa": mesa_run, "sweep": sweep_runs}
    if len(sys.argv) > 1:
        measurements[sys.argv[1]]()
        return
    for name in measurements:
        subprocess.run([sys.executable, "-m", "experiments.bench", name], check=True)  # noqa: S603  (our own command)


if __name__ == "__main__":
    main()
