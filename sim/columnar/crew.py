"""Threads that share the work of a day: over ranges of members, or two works that touch nothing in common beside one another."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate
from typing import Any

LEAST_RANGE = 2000  # members a thread, below which a second thread costs more than it brings
TICK = 1e-6  # seconds that a range takes at least: a coarse clock may say none
CALM = 0.5  # of the way, that the ends of ranges go each day to where they should have been


class Crew:
    """Threads, this one among them. What they do is the same for any number: only where ranges end differs."""

    def __init__(self, threads: int, members: int) -> None:
        """Take how many threads there may be, and for how many members."""
        self.size = max(1, min(threads, members // LEAST_RANGE))
        self._pool = ThreadPoolExecutor(self.size - 1) if self.size > 1 else None
        self._ends: dict[str, list[float]] = {}  # of the ranges of each work, as shares of the members

    def share(self, name: str, members: int, work: Callable[[int, int, int], Any]) -> list[Any]:
        """Let each thread do `work`, of number, begin and end, for a range of members; return what it gives, in their order.

        Ranges end where each would have taken as long the last time that this work, by its name, was done: members differ in what they do.
        """
        if self._pool is None:
            return [work(0, 0, members)]
        ends = self._ends.get(name) or [k / self.size for k in range(self.size + 1)]
        at = [round(end * members) for end in ends]
        seconds = [0.0] * self.size

        def timed(k: int) -> Any:
            started = time.thread_time()
            found = work(k, at[k], at[k + 1])
            seconds[k] = time.thread_time() - started
            return found

        others = [self._pool.submit(timed, k) for k in range(1, self.size)]
        found = [timed(0), *(other.result() for other in others)]
        self._ends[name] = evened(ends, seconds)
        return found

    def beside(self, one: Callable[[], Any], other: Callable[[], Any]) -> tuple[Any, Any]:
        """Do two works that write nothing in common and read nothing that the other writes, at once if there is a thread; return what each gives."""
        if self._pool is None:
            return one(), other()
        second = self._pool.submit(other)
        return one(), second.result()

    def close(self) -> None:
        """Let the threads go."""
        if self._pool is not None:
            self._pool.shutdown()


def evened(ends: Sequence[float], seconds: Sequence[float]) -> list[float]:
    """Return ends of ranges (ranges + 1), as shares, nearer to where each would have taken as long, of those that took so many seconds (ranges)."""
    spent = [0.0, *accumulate(max(took, TICK) for took in seconds)]
    found, k = [0.0], 0  # plain Python: of so few numbers NumPy would take ten times as long
    for n in range(1, len(seconds)):
        wanted = spent[-1] * n / len(seconds)
        while spent[k + 1] < wanted:
            k += 1
        there = ends[k] + (ends[k + 1] - ends[k]) * (wanted - spent[k]) / (spent[k + 1] - spent[k])
        found.append(ends[n] + CALM * (there - ends[n]))
    return [*found, 1.0]  # to the bit: nobody is left out
