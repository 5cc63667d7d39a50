"""What runs take: seconds of a pair from a small pilot, bytes from their members, and both in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from experiments.runs.keys import members_of
from experiments.runs.pilot import PILOT_MEMBERS, small_pilot

if TYPE_CHECKING:
    from experiments.runs.request import Request
    from experiments.runs.study import Point
    from sim.scenario.scenario import Scenario

# bytes: of the program, a member, and a member's pairs; measured
BASE, PER_MEMBER, PER_TIE = 300e6, 400.0, 100.0
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


def memory_of(members: float) -> float:
    """Return the bytes that a worker needs at most."""
    return BASE + members * (PER_MEMBER + 40.0 * PER_TIE)


def duration(seconds: float) -> str:
    """Return a time in words."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:.1f} hours"


def gigabytes(memory: float) -> str:
    """Return bytes in words."""
    return f"{memory / 1e9:.1f} GB"


def between(least: str, most: str) -> str:
    """Return a range in words: "12 to 40", or "40" if both are alike."""
    return least if least == most else f"{least} to {most}"
