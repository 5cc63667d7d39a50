"""What the items of one world are worth for each metric and time, found once: many readings of many tests ask for the same."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from experiments.abtest.memo import Memo
from experiments.abtest.metrics import Items, credited, pairs_of, worth
from experiments.methods.assigned import linearised


class Rows(NamedTuple):
    """What items are worth for a metric, a row an item that is worth something: few of all items are."""

    day: np.ndarray
    sender: np.ndarray
    recipient: np.ndarray
    x: np.ndarray
    d: np.ndarray | None  # of a ratio

    def joined(self, other: Rows) -> Rows:
        """Return these, and behind them others of the same metric."""
        first, last = ((r.day, r.sender, r.recipient, r.x) for r in (self, other))
        day, sender, recipient, x = map(np.concatenate, zip(first, last, strict=True))
        base = None if self.d is None or other.d is None else np.concatenate((self.d, other.d))
        return Rows(day, sender, recipient, x, d=base)

    def where(self, chosen: np.ndarray) -> Rows:
        """Return the rows for which `chosen` is true."""
        places = np.flatnonzero(chosen)
        day, sender, recipient, x = (column[places] for column in self[:4])
        return Rows(day, sender, recipient, x, d=None if self.d is None else self.d[places])

    def between(self, there: np.ndarray) -> Rows:
        """Return the rows of those whose two ends are both there."""
        return self.where(there[self.sender] & there[self.recipient])

    def sums(self, credit: str, n: int) -> Sums:
        """Return (what each of n members is credited with, likewise of the denominator or None)."""
        return credited(self, self.x, credit, n), None if self.d is None else credited(self, self.d, credit, n)


Sums = tuple[np.ndarray, np.ndarray | None]


class Counts:
    """The items of a world, as metrics count them.

    Args:
        items: of the world.
        there: (n,) bool, the units of a test.
    """

    def __init__(self, items: Items, there: np.ndarray) -> None:
        self.items, self.there = items, there
        self._memo = Memo()

    def rows(self, name: str, begin: int, end: int) -> Rows:
        """Return what items are worth that were sent from `begin` to before `end`."""
        return self._memo.once(lambda: self._rows(name, begin, end), "rows", name, begin, end)

    def between(self, name: str, begin: int, end: int) -> Rows:
        """Return likewise, of items between two units."""
        return self._memo.once(lambda: self.rows(name, begin, end).between(self.there), "between", name, begin, end)

    def sums(self, name: str, credit: str, begin: int, end: int) -> Sums:
        """Return (what each member is credited with, likewise of the denominator or None), (n,) each."""
        return self._memo.once(lambda: self.rows(name, begin, end).sums(credit, len(self.there)), "sums", name, credit, begin, end)

    def shares(self, name: str, credit: str, begin: int, end: int) -> np.ndarray:
        """Return what each member is credited with, (n,); of a ratio, each one's share in that of all."""
        y, d = self.sums(name, credit, begin, end)
        if d is None:
            return y
        return self._memo.once(lambda: linearised(y, d, np.zeros(len(y), bool))[0], "shares", name, credit, begin, end)

    def contacts(self, until: int) -> np.ndarray:
        """Return who wrote to whom before a day, (m, 2) ids, each pair once."""
        return self._memo.once(lambda: self._contacts(until), "contacts", until)

    def _rows(self, name: str, begin: int, end: int) -> Rows:
        x, d = worth(self.items, name, begin, end)
        places = np.flatnonzero(x if d is None else d)
        day, sender, recipient = (column[places] for column in (self.items.day, self.items.sender, self.items.recipient))
        return Rows(day, sender, recipient, x[places].astype(float), d=None if d is None else d[places].astype(float))

    def _contacts(self, until: int) -> np.ndarray:
        before = (self.items.day < until) & ~self.items.intent
        pairs = np.unique(pairs_of(self.items.sender[before], self.items.recipient[before]))
        return np.column_stack([pairs >> 32, pairs & 0xFFFFFFFF])
