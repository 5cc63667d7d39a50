"""`sim/SCALE.md`: what 722 million members would take, computed from the results of the benchmark.

What is not measured here stands at the top as a constant: the size asked about, and machines as one buys them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from experiments.benchmarks.speed import benches
from experiments.documents import HOME
from experiments.reporting.run_folder import write_text
from sim.decisions.constants import MOST_TURNS
from sim.results.measures import MEASURES
from sim.scenario.scenario import load_scenario

DOCUMENT = HOME / "sim" / "SCALE.md"
MEMBERS, YEAR = 722_000_000, 365
MACHINE, CORES, WIRE = 256e9, 64, 1.25e9  # bytes of memory and cores of one machine of many; bytes a second of a wire of 10 Gbit/s
LEAST_GROWTH = 0.01  # an exponent below it is noise
LINE = 64  # bytes: what others read of a member
ROWS = 2**32  # that the index of pairs can number
RUNS = {"10k on two": (10_000, 360), "100k on two": (100_000, 60), "1m on two": (1_000_000, 365), "5m on two": (5_000_000, 60)}


class Figures(NamedTuple):
    """What is computed from the results, in seconds, bytes, shares and counts."""

    runs: list[tuple[int, int, float]]  # members, days, seconds a member-day
    growth: float  # exponent of members in the seconds of a member-day
    threads: float  # how many times as fast two are as one
    remembered: tuple[int, float]  # members of the longest run, and its bytes a member
    connections: float  # a member
    reach: list[tuple[int, float]]  # members, share of members within two hops
    largest: list[tuple[int, float]]  # members, fullest inbox in means
    deliveries: float  # a member-day
    looks: float
    crossing: Mapping[str, float]
    whole: float  # members who are there, of those at the start, a day

    @property
    def member_day(self) -> float:
        """Seconds of a member-day among MEMBERS, as it grew between the sizes that were measured."""
        members, _, seconds = self.runs[-1]
        return float(seconds * (MEMBERS / members) ** (self.growth if self.growth >= LEAST_GROWTH else 0.0))

    @property
    def year(self) -> float:
        """Seconds of a year on two threads."""
        return self.member_day * MEMBERS * YEAR * self.whole

    @property
    def serial(self) -> float:
        """Share of a day that one thread does alone (Amdahl), by what the second brought."""
        return min(1.0, max(0.0, 2.0 / self.threads - 1.0))

    @property
    def memory(self) -> float:
        """Bytes at the end of a year."""
        return MEMBERS * self.remembered[1]

    @property
    def machines(self) -> int:
        """Machines of MACHINE bytes, a quarter of which is left for mail."""
        return math.ceil(self.memory / (0.75 * MACHINE))

    def on(self, threads: int) -> float:
        """Return the seconds of a year on so many threads of one machine."""
        return self.year * self.threads * (self.serial + (1.0 - self.serial) / threads)


def figures_of(facts: Sequence[Mapping[str, Any]]) -> Figures:
    """Return what is computed from the facts of one benchmark or two.

    Raises:
        ValueError: if fewer than two sizes were measured: then nothing is known of growth.
    """
    works = {name: gave for one in facts for name, gave in one["works"].items()}
    there = [(*RUNS[name], works[name]) for name in RUNS if name in works]
    if len(there) < 2 or "100k" not in works:
        raise ValueError("runs of 10,000 and 100,000 members, on one thread and on two, are needed: make bench")
    runs = [(members, days, gave["days"] / gave["member_days"]) for members, days, gave in there]
    longest = max((days >= YEAR - 5, members, days, gave) for members, days, gave in there if days >= YEAR - 5)
    _, members, days, gave = longest
    first = facts[0]
    return Figures(
        runs,
        _slope([(math.log(n), math.log(seconds)) for n, _, seconds in runs]),
        threads=works["100k"]["days"] / works["100k on two"]["days"],
        remembered=(members, 1e6 * (gave["megabytes"] - gave["before"]) / members),
        connections=gave["connections"],
        reach=[(n, one["within two hops"]) for n, _, one in there],
        largest=[(n, one["largest inbox"]) for n, _, one in there],
        deliveries=first["load"]["deliveries"],
        looks=first["load"]["looks"],
        crossing=first["crossing"],
        whole=gave["member_days"] / (members * days),
    )


def _slope(points: Sequence[tuple[float, float]]) -> float:
    """Return the slope of a line through points, by least squares."""
    x, y = (sum(values) / len(points) for values in zip(*points, strict=True))
    return float(sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points))


def text_of(f: Figures, commit: str) -> str:
    """Return the document."""
    head = (
        f"# {MEMBERS / 1e6:,.0f} million members\n\n"
        f"On paper, from `make bench` at commit {commit}; written by `python -m experiments.benchmarks.scale`, no number by hand.\n"
    )
    return "\n".join([head, _one_machine(f), _many_machines(f), _where_it_ends(f)])


def _one_machine(f: Figures) -> str:
    rows = "\n".join(f"| {n:,} x {days} | {1e6 * seconds:.2f} |" for n, days, seconds in f.runs)
    return f"""## One large machine

| members x days, two threads | µs a member-day |
|---|---|
{rows}

{_growth(f)}

- **Memory.** {f.remembered[1]:,.0f} bytes a member after a year (of {f.remembered[0]:,}, without the program itself): {_bytes(f.memory)}.
- **Time.** A year is {MEMBERS * YEAR * f.whole:.2g} member-days: {_time(f.year)} on two threads. Two are {f.threads:.2f} times as fast as one, so by Amdahl's law {100 * f.serial:.0f}% of a day is
  done by one thread alone, and {CORES} threads would take {_time(f.on(CORES))}; without that part, {_time(f.year * f.threads / CORES)}. Reading memory at random is what limits them all.
- **What the engine cannot do today.** Its index numbers {ROWS:,} pairs in 32 bits. Ties alone, {f.connections / 2:.1f} a member, fill it at {_count(ROWS / (f.connections / 2))}; pairs
  that have talked and are not connected come on top. Ids of members have 31 bits, which is enough. Beyond that, entries of the index need 40 bits.
"""


def _growth(f: Figures) -> str:
    """Return how a member-day grew with the population, and what that would make of it."""
    (fewest, *_), (most, _, seconds) = f.runs[0], f.runs[-1]
    if f.growth < LEAST_GROWTH:
        return f"Between {fewest:,} and {most:,} members a member-day does not grow beyond the noise of its timing: {1e6 * seconds:.2f} µs are taken for {MEMBERS:,}, too."
    return (
        f"Between {fewest:,} and {most:,} members a member-day grows with members to the power of {f.growth:.2f}: more of what is read lies outside the caches. Were it to "
        f"go on like that, it would take {1e6 * f.member_day:.1f} µs among {MEMBERS:,}. That is an upper bound, and what follows goes by it: of what does not fit a cache "
        "nothing more can miss it."
    )


def _many_machines(f: Figures) -> str:
    share, at_random = f.crossing["items"], 1.0 - 1.0 / f.machines
    items = MEMBERS * f.whole * f.deliveries
    looks = MEMBERS * f.whole * f.looks
    mail = {name: items * part * f.crossing["item bytes"] for name, part in (("random", at_random), ("industry", share))}
    seen = {name: looks * part * LINE for name, part in (("random", at_random), ("industry", share))}
    each = (mail["random"] + seen["random"]) / f.machines / WIRE
    return f"""## Many machines

By memory, {f.machines} machines of {_bytes(MACHINE)}, a quarter of it left for mail. A member's row, neighbour list and mail lie with its owner; a pair with the owner of
the smaller id, and a copy of what the other side decides by with the other.

| what crosses | how often | if members lie anywhere | if industries lie together |
|---|---|---|---|
| items: {f.deliveries:.2f} a member-day, {f.crossing["item bytes"]:.0f} bytes each | after outreach, then after each of at most {MOST_TURNS} turns of talk | {100 * at_random:.0f}%: {_bytes(mail["random"])} a day | {100 * share:.0f}%: {_bytes(mail["industry"])} a day |
| profiles looked at: {f.looks:.2f} a member-day, {LINE} bytes each | once, all looks of a machine together | {100 * at_random:.0f}%: {_bytes(seen["random"])} a day | {100 * share:.0f}%: {_bytes(seen["industry"])} a day |
| ties, {f.crossing["pair bytes"]:.0f} bytes a pair | as they are made; {100 * f.crossing["ties"]:.0f}% lie between industries | {_bytes(MEMBERS * f.connections / 2 * at_random * f.crossing["pair bytes"])} kept twice | {_bytes(MEMBERS * f.connections / 2 * f.crossing["ties"] * f.crossing["pair bytes"])} kept twice |

The share of looks is taken to be that of items. Through a wire of {8 * WIRE / 1e9:.0f} Gbit/s a machine sends its part of a day in {_time(each)}, against {_time(f.on(1) / YEAR / f.machines / CORES)} of computing on its
{CORES} cores: it is the up to {MOST_TURNS + 1} exchanges a day, each of which waits for the slowest machine, that a year of {YEAR} days has to be built around. Alternatively every machine
holds the {LINE} bytes that others read of every member, {_bytes(MEMBERS * LINE)}, and looks cross no more: only what changed in a day does. There are {f.crossing["industries"]:.0f} industries, so
industries alone cannot be dealt out to {f.machines} machines: regions within them, or a partition of the network made by METIS, would have to be.

The engine for it is MPI: a day is a step in which all compute, then exchange (`Alltoallv`), as the phases already write to buffers by ranges of recipients and every random
number is addressed by seed, day and members, whoever computes it. Repast4Py has just that under an agent-based model in Python (ranks, ghosts of remote agents,
shared networks), and its agents could be the columns of a rank. Dask, which serves experiments here, hands out tasks: it has no exchange of many with many inside a
step. FLAME GPU 2 holds its agents in the memory of a few cards, a fraction of {_bytes(f.memory)}.
"""


def _where_it_ends(f: Figures) -> str:
    reach = "; ".join(f"{100 * share:.2g}% of {n:,}" for n, share in f.reach)
    inboxes = "; ".join(f"{times:.0f} times the mean of {n:,}" for n, times in f.largest)
    within = f.connections + f.connections**2
    smallest = MEASURES["two_hop_reach"].smallest_effect
    return f"""## Where the model stops making sense

- **Reach.** Members have {f.connections:.0f} connections whatever the size. Within two hops are {reach}. With none in common it would be {within:,.0f} members: {100 * within / MEMBERS:.1g}% of
  {MEMBERS:,}. From {_count(within / smallest)} on, all of it is less than the smallest effect of interest ({100 * smallest:g} points), and the goal says nothing any more.
- **The fullest inbox** has {inboxes}: prominence is log-normal without bound, so the larger the population, the further its
  most prominent member lies beyond anything that was calibrated.
- **One place.** Candidates come from an industry, or from anywhere: {_count(MEMBERS / f.crossing["industries"])} an industry, all of whom could come upon one another, without languages, countries or time zones.
- **Patterns** that the defaults were held against are of networks of thousands to some millions: beyond, the model is an extrapolation even where it computes.

The default is {load_scenario().members:,} members. Whether a difference between designs still depends on size is told by a comparison at two sizes, not by the size of a platform.
"""


def _bytes(x: float) -> str:
    return next(
        f"{x / size:,.3g} {unit}" for size, unit in ((1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1.0, "bytes")) if x >= size
    )


def _time(seconds: float) -> str:
    for size, unit in ((365.25 * 86400, "years"), (86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:,.2g} {unit}" if seconds < 100 * size else f"{seconds / size:,.0f} {unit}"
    return f"{seconds:.2g} seconds"


def _count(x: float) -> str:
    return f"{x / 1e6:,.3g} million members" if x >= 1e6 else f"{x:,.0f} members"


def document() -> str:
    """Return the document from the committed results."""
    facts = [one.facts for one in benches()]
    return text_of(figures_of(facts), facts[-1]["commit"] + " with changes" * facts[-1]["changed"])


if __name__ == "__main__":
    write_text(DOCUMENT, document())
