"""What runs take: seconds of a pair from a small pilot, bytes from their members, and both in words."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from experiments.runs.keys import members_of
from experiments.runs.pilot import PILOT_MEMBERS, small_pilot

if TYPE_CHECKING:
    from experiments.runs.request import Request
    from experiments.runs.study import Point
    from sim.scenario.scenario import Scenario

# bytes: of the program; of a member at the start, and how many more with each day, as others join and pairs get to know one another.
# Measured on the baseline, from 10,000 members to 5,000,000 and from 30 days to 365: what was used is up to 18% less
BASE, PER_MEMBER, PER_DAY = 300e6, 3500.0, 9.2
# bytes of one run that writes its files: of what draws its figures, of an item that is kept and becomes a row, and of a member's 30 ties
# as GraphML, 3 kB each; measured
DRAWING, PER_ITEM, PER_NODE = 100e6, 700.0, 90e3
HELD_ITEM = 200.0  # bytes of an item that a worker keeps until it has read off it what it needs; measured
# bytes of a member in a replicate of a test, with its worlds and all their items; of a member in each run of those that are held together; measured.
# Of runs whose messages are all read, `calibration.runs` has its own: that file is part of what names the runs that ledgers keep
PER_TESTED_MEMBER, PER_HISTORY = 60e3, 1000.0
# items a day for each member at the start, and how many more with each day, as others join; measured on the baseline over 30 to 720 days
ITEMS, MORE_ITEMS = 0.65, 1 / 1500
LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")  # of a container, by version
ANYWAY = 500  # members whose days take as long as what a run takes for none at all; measured from 250 to 30,000 members


class Size(NamedTuple):
    """How large a run is, and the run of a pilot in its place."""

    members: int
    tried: int  # in the pilot

    @property
    def share(self) -> float:
        """Return how many times the members of the pilot's run one has."""
        return self.members / self.tried if self.members else 1.0

    @property
    def time(self) -> float:
        """Return how many times as long as the pilot's run one takes."""
        return (self.members + ANYWAY) / (self.tried + ANYWAY)


def size_of(scenario: Scenario) -> Size:
    """Return how large a run of a scenario is; a network file is simulated whole in a pilot too."""
    members = members_of(scenario)
    return Size(members, members if scenario.network_file else min(members, PILOT_MEMBERS))


def seconds_of_pair(request: Request, pairs: int, points: Sequence[Point] = ()) -> float:
    """Return how long a pair takes one worker, from a small pilot of so many pairs (at each of the points, if there are some)."""
    return small_pilot(request, pairs, points).seconds * size_of(request.scenario).time


def _world(members: float, days: int) -> float:
    """Return the bytes of a world after so many days, at most; `members`: at the start."""
    return members * (PER_MEMBER + PER_DAY * days)


def memory_of(scenario: Scenario, members: float | None = None) -> float:
    """Return the bytes that a worker needs at most: for a run, and for the world at the switch, which further arms begin from.

    Args:
        scenario: whose days count.
        members: in place of the scenario's.
    """
    many = members_of(scenario) if members is None else members
    return BASE + _world(many, scenario.warm_up + scenario.days) + _world(many, scenario.warm_up)


def memory_of_run(members: float, days: int, *, events: bool, graphml: bool) -> float:
    """Return the bytes that one run needs at most, with the files that it writes; styles that send far more need more."""
    return BASE + _world(members, days) + DRAWING + events * items_of(members, days) * PER_ITEM + members * graphml * PER_NODE


def memory_of_test(members: float) -> float:
    """Return the bytes that a worker needs at most for a replicate of a test inside one population."""
    return BASE + PER_TESTED_MEMBER * members


def memory_of_histories(scenario: Scenario, runs: int) -> float:
    """Return the bytes that a worker needs at most for so many runs of one warm-up, which are held together."""
    return memory_of(scenario) + PER_HISTORY * members_of(scenario) * runs


def items_of(members: float, days: int) -> float:
    """Return how many items a run has."""
    return members * days * (ITEMS + MORE_ITEMS * days)


def machine_memory() -> float:
    """Return how many bytes this machine, or the container that this process is in, has; endless where nothing says so."""
    found = [float("inf")]
    with suppress(AttributeError, OSError, ValueError):  # a system without these names
        found.append(float(os.sysconf("SC_PHYS_PAGES")) * os.sysconf("SC_PAGE_SIZE"))
    for path in LIMITS:
        with suppress(OSError, ValueError):  # no such file, or "max"
            found.append(float(Path(path).read_text(encoding="ascii")))
    return min(found)


def duration(seconds: float) -> str:
    """Return a time in words."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:.1f} hours"


def gigabytes(memory: float) -> str:
    """Return bytes in words."""
    return f"{memory / 1e9:.1f} GB"


def between(least: str, most: str) -> str:
    """Return a range in words: "12 to 40", or "40" if both are alike."""
    return least if least == most else f"{least} to {most}"
