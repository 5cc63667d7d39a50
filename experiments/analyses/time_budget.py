"""A budget of minutes: converted into pairs by a pilot, checked against the clock, and decisions that depended on the clock are kept."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.reporting import run_folder
from experiments.runs.pilot import pilot
from experiments.runs.streams import PILOTED
from experiments.runs.study import NEW, Point

if TYPE_CHECKING:
    from experiments.runs.study import Study

BUDGET = "budget.json"
PILOT = 2  # pairs a worker, at least, to see how long one takes
FULL = 0.9  # share of the time that is planned for runs; the rest is for figures and for points that take longer than the pilot's


class Budget:
    """Minutes for the runs of a question.

    How many pairs they are enough for is found by a pilot and written down; the clock can only cut that. Whatever the
    clock decided is written down too, so that the same command in the same folder gives the same result. A command that
    goes on after an interruption has what time was left.

    Args:
        folder: of the question.
        minutes: that its runs may take; each number of minutes has decisions of its own.
        clock: gives seconds that only grow; that of the machine unless given.
    """

    def __init__(self, folder: Path, minutes: float, clock: Callable[[], float] | None = None) -> None:
        self.clock = time.perf_counter if clock is None else clock
        self.path, self.name, self.seconds = folder / BUDGET, f"{minutes:g}", 60.0 * minutes
        self._all: dict[str, dict[str, Any]] = json.loads(self.path.read_text(encoding="utf-8")) if self.path.exists() else {}
        kept = self._all.setdefault(self.name, {})
        self._before = float(kept.get("seconds", 0.0))
        self._decided: dict[str, int] = kept.setdefault("decided", {})
        self._started = self.clock()

    @property
    def spent(self) -> float:
        """Return the seconds that went by, those of interrupted commands included."""
        return self._before + self.clock() - self._started

    def left(self, share: float = FULL) -> float:
        """Return the seconds that are left of this share of the time."""
        return share * self.seconds - self.spent

    def save(self) -> None:
        """Write down the time that was used and what was decided."""
        self._all[self.name] = {"seconds": round(self.spent, 3), "decided": self._decided}
        run_folder.write_text(self.path, json.dumps(self._all, indent=2) + "\n")

    def decide(self, name: str, found: Callable[[], int]) -> int:
        """Return a number that depends on the clock: determined once, and the same ever after."""
        if name not in self._decided:
            self._decided[name] = int(found())
            self.save()
        return self._decided[name]

    def pairs(self, study: Study, points: Sequence[Point], least: int) -> int:
        """Return how many pairs the time is enough for, `least` or more, from a pilot at points like those to come."""

        def found() -> int:
            return max(least, int(max(0.0, self.left()) / pace(study, points)))

        return self.decide("pairs", found)

    def through(
        self,
        name: str,
        rounds: int,
        least: int,
        work: Callable[[int, int], None],
        block: int = 1,
        share: float = FULL,
        *,
        takes: Callable[[], float] = lambda: 0.0,
    ) -> int:
        """Do rounds, a block at a time, until all are done or the time is over; return how many were done.

        Args:
            name: under which the number of rounds is kept.
            rounds: how many are wanted.
            least: are done in any case: without them there is no answer.
            work: does the rounds from a first to before a last one.
            block: rounds that are done together, so that no worker waits.
            share: of the time that may have gone by.
            takes: says how many seconds the next block needs at least: without them left it is not begun.
        """
        wanted, done = self._decided.get(name, rounds), 0
        while done < wanted:
            if name not in self._decided and done >= least and self.left(share) <= takes():
                break
            last = min(wanted, max(least, done + block) if done < least else done + block)
            work(done, last)
            done = last
            self.save()
        return self.decide(name, lambda: done)


def pace(study: Study, points: Sequence[Point]) -> float:
    """Return the seconds of a pair on all workers together, measured at these points on runs that are thrown away."""
    workers = study.slots
    each = max(1, -(-PILOT * workers // len(points)))
    apart = [Point(PILOTED + k, point.values) for k, point in enumerate(points)]
    found = pilot(study.request, study.executor, study.ahead, points=apart, pairs=each, untimed=points[0], first=workers, seeds=NEW)
    return found.seconds


def sample(points: Sequence[Point], workers: int) -> list[Point]:
    """Return a few points from all over these, for a pilot."""
    step = max(1, len(points) // (2 * PILOT * workers))
    return list(points[::step][: 2 * PILOT * workers])
