"""The rows of the benchmark: what is measured, in which unit, and the figure to reach on two cores with warm caches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from experiments.benchmarks.works import MEGA

Measured = Mapping[str, Mapping[str, float]]  # what each work of one round gave
UP_TO_100_000, LARGE = "rows up to 100,000 members", "rows of a million members and more"


class Work(NamedTuple):
    """A process that is timed."""

    arguments: tuple[str, ...]  # of `works`
    megabytes: float = 0.0  # that it needs; a machine with less leaves it out
    cold: bool = False  # whether it starts with an empty cache of compiled code


class Row(NamedTuple):
    """A line of the table."""

    title: str
    unit: str  # "s", "x" or "GB"
    goal: float
    works: tuple[str, ...]  # that it is computed from
    value: Callable[[Measured], float]
    rising: bool = False  # whether more is better
    group: str = UP_TO_100_000


LOAD = Work(("load", "2000", "360"))
CROSSING = Work(("crossing", "10000", "90"))  # for what SCALE.md says of many machines
WORKS = {
    "10k": Work(("run", "10000", "360", "1")),
    "10k on two": Work(("run", "10000", "360", "2")),
    "mesa 1k": Work(("mesa", "1000", "360")),
    "mesa 10k": Work(("mesa", "10000", "60")),
    "100k": Work(("run", "100000", "60", "1")),
    "100k on two": Work(("run", "100000", "60", "2")),
    "compare": Work(("compare", "10000", "20")),
    "first": Work(("first", "200", "60"), cold=True),
    "1m on two": Work(("run", "1000000", "365", "2"), megabytes=8000.0),
    "5m on two": Work(("run", "5000000", "60", "2"), megabytes=20000.0),
}


def days_of(work: str) -> Callable[[Measured], float]:
    """Return what reads the seconds of a run's days."""
    return lambda found: found[work]["days"]


def speed_up(one: str, two: str) -> Callable[[Measured], float]:
    """Return what divides the seconds of one thread by those of two."""
    return lambda found: found[one]["days"] / found[two]["days"]


def against_mesa(work: str) -> Callable[[Measured], float]:
    """Return what divides the seconds of the Mesa engine by those of the columns."""
    return lambda found: found[work]["agents"] / found[work]["columns"]


def member_day(found: Measured) -> float:
    """Return how much longer a member-day takes among a million than among ten thousand."""
    large, small = found["1m on two"], found["10k on two"]
    return (large["days"] / large["member_days"]) / (small["days"] / small["member_days"])


def memory_of(work: str) -> Callable[[Measured], float]:
    """Return what reads the largest memory of a run, in GB."""
    return lambda found: found[work]["megabytes"] * MEGA / 1e9


ROWS = (
    Row("10,000 members x 360 days, one thread", "s", 1.5, works=("10k",), value=days_of("10k")),
    Row("10,000 x 360: two threads against one", "x", 1.5, works=("10k", "10k on two"), value=speed_up("10k", "10k on two"), rising=True),
    Row("1,000 x 360: columns against Mesa", "x", 100.0, works=("mesa 1k",), value=against_mesa("mesa 1k"), rising=True),
    Row("10,000 x 60: columns against Mesa", "x", 100.0, works=("mesa 10k",), value=against_mesa("mesa 10k"), rising=True),
    Row("100,000 x 60, one thread", "s", 3.0, works=("100k",), value=days_of("100k")),
    Row(
        "100,000 x 60: two threads against one", "x", 1.7, works=("100k", "100k on two"), value=speed_up("100k", "100k on two"), rising=True
    ),
    Row(
        "compare without worlds, 10,000 members, 20 pairs, with its report",
        "s",
        40.0,
        works=("compare",),
        value=lambda found: found["compare"]["whole"],
    ),
    Row("compare: tables, figures and report alone", "s", 5.0, works=("compare",), value=lambda found: found["compare"]["report"]),
    Row("first result, nothing compiled yet", "s", 30.0, works=("first",), value=lambda found: found["first"]["whole"]),
    Row("1,000,000 x 365, two threads", "s", 120.0, works=("1m on two",), value=days_of("1m on two"), group=LARGE),
    Row("1,000,000 x 365: memory", "GB", 2.5, works=("1m on two",), value=memory_of("1m on two"), group=LARGE),
    Row("generating 1,000,000", "s", 10.0, works=("1m on two",), value=lambda found: found["1m on two"]["generation"], group=LARGE),
    Row("a member-day among 1,000,000 against 10,000", "x", 1.2, works=("10k on two", "1m on two"), value=member_day, group=LARGE),
    Row("5,000,000 x 60, two threads", "s", 180.0, works=("5m on two",), value=days_of("5m on two"), group=LARGE),
    Row("5,000,000 x 60: memory", "GB", 13.0, works=("5m on two",), value=memory_of("5m on two"), group=LARGE),
)


def works_of(rows: tuple[Row, ...]) -> list[str]:
    """Return the works that rows are computed from, each once, in the order of `WORKS`."""
    wanted = {work for row in rows for work in row.works}
    return [name for name in WORKS if name in wanted]
