"""Floors: how long each phase of a day takes, beside the least that it could take on this machine, at prices that are measured in the same process.

What a phase cannot do without is stated for each unit of its work: cache lines read in random order (as many at once as the machine can wait for),
bytes that pass in order, addressed draws, exponentials. A floor is that times its price. It leaves out every branch, sum and comparison, so a phase
cannot come near it; what it shows is how much of a phase is waiting for memory, and how much is computing.

Example:
    python -m experiments.benchmarks.floors
    python -m experiments.benchmarks.floors --members 100000 --days 60
"""

from __future__ import annotations

import argparse
import sys
import time
import timeit
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import numba
import numpy as np

from experiments.benchmarks import works
from experiments.benchmarks.benchmark import RESULTS
from experiments.reporting.run_folder import write_table, write_text
from sim.randomness import member_hash, uniform
from sim.state.columns import AGENDA, INTENT, ITEM, MEMBER, PAIR

if TYPE_CHECKING:
    import pandas as pd

MEMBERS, DAYS = 10_000, 360
LINE = 64  # bytes
TIMES = 5  # that a price is taken; the quickest counts
NANO = 1e9
KEY: Any = np.uint64(7)  # of draws that are only timed
REST, STEP = "all else", "step"


class Need(NamedTuple):
    """What one unit of a phase's work cannot do without."""

    unit: str  # of `units_of`
    lines: float = 0.0  # cache lines in random order
    bytes: float = 0.0  # in order, read and written
    draws: float = 0.0
    exps: float = 0.0


class Phase(NamedTuple):
    """A phase: the functions of the engine that are timed, and what its work needs."""

    name: str
    functions: tuple[str, ...]
    needs: tuple[Need, ...]


# Counted by hand from ODD's text of each phase: a look is settled by the first whom it samples, an item's text by two draws, a pair stands in one line, of
# a member whom others look at one line is read. Two designs that need less than this would need another model.
PHASES = (
    Phase("who comes by", ("come_by",), (Need("member-day", bytes=28.0, draws=1.0),)),
    Phase(
        "outreach",
        ("outreach",),
        (
            Need(
                "session", lines=3.0, draws=4.0, exps=1.0
            ),  # own row but the counts; how many intents, keeping up, an update, a contact given up
            Need(
                "look", lines=3.0, draws=4.0, exps=1.0
            ),  # a friend's list, the entry, who stands there; route, friend, candidate, how well both fit
            Need(
                "intent", lines=3.0, bytes=400.0 + INTENT.itemsize, draws=2.0, exps=2.0
            ),  # place and row of the pair, both lists of 50; purpose, button
            Need("sent", bytes=ITEM.itemsize, draws=2.0, exps=1.0),  # written; quality and length
        ),
    ),
    Phase(
        "delivery",
        ("put_sorted", "deliver", "close_ranks", "sort_into_inboxes"),
        (
            Need("sent", lines=3.0, bytes=3.0 * ITEM.itemsize, draws=2.0, exps=2.0),
        ),  # place and row of the pair, the recipient; sorted; filter, unwelcome
    ),
    Phase(
        "reading",
        ("inbox",),
        (
            Need("session", lines=2.0, draws=1.0),  # own rows
            Need(
                "read", lines=3.0, bytes=ITEM.itemsize, draws=3.0, exps=3.0
            ),  # the sender, place and row of the pair; rank, answer, report
        ),
    ),
    Phase("talks", ("talk",), (Need("turns", lines=3.0, bytes=2.0 * ITEM.itemsize, draws=5.0, exps=3.0),)),
    Phase(
        "settlement",
        ("settle", "settle_acts", "make_ties"),
        (
            Need("read", lines=3.0, bytes=ITEM.itemsize),  # its sender, place and row of the pair
            Need("turns", lines=3.0, bytes=ITEM.itemsize),
            Need("new_ties", lines=4.0, bytes=PAIR.itemsize),  # ends of both lists, both members
        ),
    ),
    Phase("agendas", ("number", "take_due", "strike_off", "enter_into_agendas"), (Need("sent", bytes=2.0 * AGENDA.itemsize),)),
    Phase("moderation", ("moderate", "return_banned"), (Need("member-day", bytes=2.0),)),
    Phase("drift", ("drift",), (Need("member-day", bytes=12.0, draws=3.0),)),
    Phase(
        "judgement",
        ("judge_answers", "judge_intents"),
        (Need("intent", lines=3.0, bytes=2.0 * INTENT.itemsize),),  # the member, place and row of the pair
    ),
)


def units_of(history: Any, load: Mapping[str, float]) -> dict[str, float]:
    """Return how much of each unit of work a run did, by name.

    Args:
        history: of the run.
        load: of the same run, as `works.load` counts it.
    """
    counted = {name: float(values.sum()) for name, values in history.raw_daily.items()}
    member_days = counted["active"]
    return {
        "member-day": member_days,
        "session": counted["sessions"],
        "look": load["looks"] * member_days,
        "intent": counted["all_intents"],
        "sent": counted["delivered"],  # what was filtered or found nobody is left out
        "read": counted["read"],
        "turns": counted["turns"],
        "new_ties": counted["new_ties"],
    }


def floor_of(phase: Phase, units: Mapping[str, float], prices: Mapping[str, float]) -> dict[str, float]:
    """Return the least seconds of a phase, by what costs them: each need times its price."""
    return {kind: sum(units[need.unit] * getattr(need, kind) for need in phase.needs) * price for kind, price in prices.items()}


@numba.njit
def _read_at(table: Any, places: Any) -> int:
    """Return the sum of a table at places that do not hang on one another, so that waits overlap."""
    total = 0
    for k in places:
        total += table[k]
    return total


@numba.njit
def _draws(many: int) -> float:
    total = 0.0
    for i in range(many):
        total += uniform(member_hash(KEY, i))
    return total


@numba.njit
def _exps(x: Any) -> float:
    total = 0.0
    for k in range(x.size):
        total += np.exp(x[k])
    return total


def seconds_of(work: Callable[[], Any]) -> float:
    """Return the seconds that a piece of work takes once it is warm: the quickest of some times, each long enough to be told by the clock."""
    work()
    timer = timeit.Timer(work)
    many, _ = timer.autorange()
    return min(timer.repeat(TIMES, many)) / many


def prices_of(size: int) -> dict[str, float]:
    """Return the seconds that a line, a byte, a draw and an exponential cost here.

    Args:
        size: bytes in which lines are read in random order: those of the rows of members and pairs.
    """
    rng = np.random.default_rng(1)
    table = np.zeros(max(size, LINE) // 8, np.int64)
    places = rng.integers(0, max(size // LINE, 1), 1 << 16) * (LINE // 8)
    source = np.ones(1 << 22, np.uint8)
    target, exponents, many = np.empty_like(source), rng.normal(size=1 << 12), 1 << 14
    return {
        "lines": seconds_of(lambda: _read_at(table, places)) / len(places),
        "bytes": seconds_of(lambda: np.copyto(target, source)) / (2 * len(source)),
        "draws": seconds_of(lambda: _draws(many)) / many,
        "exps": seconds_of(lambda: _exps(exponents)) / len(exponents),
    }


@contextmanager
def timed(functions: Sequence[str]) -> Iterator[dict[str, float]]:
    """Time functions of the engine by name, and its whole day, while the context lasts: seconds of each, those of others that it calls left out."""
    from sim.columnar import engine

    took: dict[str, float] = defaultdict(float)
    inner: list[float] = []
    places = dict.fromkeys(functions, engine) | {STEP: engine.Engine}
    kept = {name: getattr(place, name) for name, place in places.items()}

    def timing(name: str, function: Any) -> Any:
        @wraps(function)
        def timed_one(*args: Any, **more: Any) -> Any:
            inner.append(0.0)
            started = time.thread_time()
            try:
                return function(*args, **more)
            finally:
                seconds = time.thread_time() - started
                took[name] += seconds - inner.pop()
                if inner:
                    inner[-1] += seconds

        return timed_one

    for name, function in kept.items():
        setattr(places[name], name, timing(name, function))
    try:
        yield took
    finally:
        for name, function in kept.items():
            setattr(places[name], name, function)


def measured(members: int, days: int) -> tuple[pd.DataFrame, dict[str, float]]:
    """Return a row a phase, and the prices: seconds of one thread, the floor and what it is made of, how many floors the phase takes."""
    import pandas as pd

    from sim.simulation import simulate, warm_kernels

    warm_kernels()
    scenario = works.scenario_of(members, days)
    load = works.load(members, days)
    simulate(scenario, 1)  # once unseen, as all timed runs
    before = prices_of(members * (MEMBER.itemsize + 60 * PAIR.itemsize))
    with timed([name for phase in PHASES for name in phase.functions]) as took:
        history = simulate(scenario, 1)
    after = prices_of(members * (MEMBER.itemsize + 60 * PAIR.itemsize))
    prices = {kind: min(before[kind], after[kind]) for kind in before}
    units = units_of(history, load)
    rows = []
    for phase in PHASES:
        floor = floor_of(phase, units, prices)
        rows.append((phase.name, sum(took[name] for name in phase.functions), sum(floor.values()), *floor.values()))
    table = pd.DataFrame([*rows, (REST, took[STEP], 0.0, *(0.0 for _ in prices))], columns=["phase", "seconds", "floor", *prices])
    whole = {"phase": "a run", **{name: table[name].sum() for name in table.columns[1:]}}
    table = pd.concat([table, pd.DataFrame([whole])], ignore_index=True)
    return table.assign(times=[row.seconds / row.floor if row.floor else float("nan") for row in table.itertuples()]), prices


def as_markdown(table: pd.DataFrame, prices: Mapping[str, float], members: int, days: int) -> str:
    """Return the table for people."""
    told = ", ".join(f"{NANO * price:.3g} ns per {kind[:-1]}" for kind, price in prices.items())
    lines = [
        f"{members:,} members, {days:,} days, one thread. Prices, measured in the same process: {told}.",
        "",
        "| phase | seconds | floor | lines | bytes | draws | exponentials | times its floor |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in table.to_dict("records"):
        cells = [f"{row[name]:.3f}" if row["floor"] else "–" for name in ("floor", *prices)]
        times = f"{row['times']:.1f}" if row["floor"] else "–"
        lines.append(f"| {row['phase']} | {row['seconds']:.3f} | {' | '.join(cells)} | {times} |")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the table, and write it beside that of the benchmark."""
    asked = argparse.ArgumentParser(prog="floors", description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--members", type=int, default=MEMBERS, help="members at the start (%(default)s)")
    asked.add_argument("--days", type=int, default=DAYS, help="days, half of them before the switch (%(default)s)")
    told = asked.parse_args(arguments)
    table, prices = measured(told.members, told.days)
    text = as_markdown(table, prices, told.members, told.days)
    sys.stdout.write(text)
    RESULTS.mkdir(parents=True, exist_ok=True)
    write_table(RESULTS / f"floors-{told.members}.csv", table)
    write_text(RESULTS / f"floors-{told.members}.md", text)


if __name__ == "__main__":
    main()
