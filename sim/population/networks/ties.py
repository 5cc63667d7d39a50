"""From rows to ties: of an edge list, each row; of a message log, where both wrote."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sim.errors import BadInput, must
from sim.population.networks.names import label
from sim.population.networks.recipients import Recipients
from sim.population.networks.source import Tie
from sim.population.networks.table import Row
from sim.population.networks.times import FURTHEST, NO_DATES, WORDS, read_time

DAY = 86_400.0
LONG = 3650 * DAY
MOST_TURNS = 1000  # exchanges counted of two members in a log: a pair remembers fewer

Pair = tuple[int, str, str, str]  # line, sender, recipient, the cell of the time


def pairs(path: Path, rows: list[Row], places: tuple[int, int, int | None], recipients: Recipients) -> Iterator[Pair]:
    """Yield each sender and recipient with its line and the cell of its time.

    Raises:
        BadInput: for what is no name, or a list of several that cannot be taken apart.
    """
    a, b, time = places
    for n, row in rows:
        sender = label(path, f"line {n}", row[a])
        recipients.check_sender(n, row[a])
        for other in recipients.of(n, row[b]):
            yield n, sender, label(path, f"line {n}", other), "" if time is None else row[time]


def from_edges(found: Iterator[Pair], skipped: Counter[str]) -> tuple[list[Tie], dict[str, float]]:
    """Return the ties of an edge list and its members; repeated rows, other directions and loops are counted in `skipped`."""
    ties: dict[tuple[str, str], bool] = {}
    members: dict[str, float] = {}
    directions: set[tuple[str, str]] = set()
    for _, a, b, _ in found:
        members[a] = members[b] = math.nan
        pair = (min(a, b), max(a, b))
        if a == b:
            skipped["joining a member to itself"] += 1
        elif pair not in ties:
            ties[pair] = True
        elif (a, b) in directions:
            skipped["repeating a tie"] += 1
        else:
            skipped["giving a tie's other direction"] += 1
        directions.add((a, b))
    return [Tie(a, b) for a, b in ties], members


def repeated(found: Iterator[Pair]) -> tuple[int, int, str, str] | None:
    """Return the first row that joins two members whom another row joins: its line, that one's, and both members."""
    first: dict[tuple[str, str], int] = {}
    for n, a, b, _ in found:
        seen = first.setdefault((min(a, b), max(a, b)), n)
        if seen != n and a != b:
            return n, seen, a, b
    return None


def in_time(path: Path, found: Iterator[Pair], kind: str) -> list[tuple[float, int, str, str]]:
    """Return time, line, sender and recipient of each message of a log, the earliest first.

    Raises:
        BadInput: for a cell that is no time of the kind that the column holds.
    """
    messages: list[tuple[float, int, str, str]] = []
    for n, a, b, cell in found:
        when = read_time(cell, kind)
        if when is None or abs(when) > FURTHEST:
            raise BadInput(must(f"line {n}", f"have a time as the rest of its column has, {kind}", repr(cell[:40]), where=path))
        messages.append((when, n, a, b))
    if len(messages) > 1 and messages[0][0] > messages[-1][0]:  # the newest first: so of one day, too
        messages.reverse()
    messages.sort(key=lambda m: m[0])
    if kind == WORDS:
        _refuse_no_dates(path, messages)
    return messages


def _refuse_no_dates(path: Path, messages: list[tuple[float, int, str, str]]) -> None:
    """Refuse what programs write for a date that they do not have, years before the next: all ages would be wrong."""
    first, n = messages[0][:2]
    following = next((when for when, *_ in messages if when > first), first)
    if first in NO_DATES and following - first > LONG:
        raise BadInput(must(f"line {n}", "have a date that is known: delete the row", "what stands for none", where=path))


def from_log(
    path: Path, found: Iterator[Pair], kind: str, skipped: Counter[str]
) -> tuple[list[Tie], dict[str, float], tuple[float, float]]:
    """Return the ties of a message log, since the first answer; how many days before its last message each member was first seen; its span.

    Raises:
        BadInput: for a cell that is no time of the kind that the column holds.
    """
    messages = [(when, a, b) for when, _, a, b in in_time(path, found, kind)]
    end = messages[-1][0]
    first_seen: dict[str, float] = {}
    threads: dict[tuple[str, str], _Thread] = {}
    for when, a, b in messages:
        first_seen.setdefault(a, when)
        first_seen.setdefault(b, when)
        if a == b:
            skipped["from a member to itself"] += 1
            continue
        pair = (min(a, b), max(a, b))
        if pair not in threads:
            threads[pair] = _Thread(a, when)
        threads[pair].hear(a, when)
    ties = [
        Tie(a, b, age=(end - t.answered) / DAY, contact=(end - t.last) / DAY, exchanges=min(t.turns, MOST_TURNS))
        for (a, b), t in threads.items()
        if t.answered is not None
    ]
    return ties, {member: (end - seen) / DAY for member, seen in first_seen.items()}, (messages[0][0], end)


class _Thread:
    """What two members wrote to each other."""

    __slots__ = ("answered", "last", "turns", "writer")

    def __init__(self, writer: str, when: float) -> None:
        self.writer, self.turns, self.last = writer, 0, when
        self.answered: float | None = None  # when the first answer was written

    def hear(self, writer: str, when: float) -> None:
        """Take the next message; whose turn it is changes if the other wrote."""
        if writer != self.writer:
            self.writer = writer
            self.turns += 1
            self.answered = when if self.answered is None else self.answered
        self.last = when
