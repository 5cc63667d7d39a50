"""What a test sees: items with the arm under which each was sent, and members with theirs; from the test itself or from two pure worlds.

The second is what attribution is told by. Each item is taken from the world in which everybody has the arm that the test would have sent
it under, so nobody disturbs anybody, and what is still wrong comes from crediting it to a unit that did not decide on its arm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.abtest.metrics import BOTH, INITIATOR, MEMBER, METRICS, RECIPIENT, Items, credited, worth
from experiments.abtest.worlds import World
from sim.population.assignment import strata_of

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


class Arms(NamedTuple):
    """Who is treated, by period; codes are those of one scenario."""

    viewer: np.ndarray  # (periods, n) bool
    profile: np.ndarray  # (periods, n) bool
    starts: np.ndarray  # (periods,) days
    unit: np.ndarray  # (n,) what each was dealt an arm as part of
    ego: np.ndarray  # (n,) bool
    rule: str  # which of two arms a pair has
    strata: np.ndarray | None = None  # (n,) within which the shares were kept

    def of(self, credit: str, period: int = 0) -> np.ndarray:
        """Return who is treated, as somebody who is credited so: (n,)."""
        found: np.ndarray = self.profile[period] if credit == RECIPIENT else self.viewer[period]
        return found

    def of_sent(self, day: np.ndarray, sender: np.ndarray, recipient: np.ndarray) -> np.ndarray:
        """Return what is sent under treatment: by the rule, on the two arms of its day."""
        period = np.clip(np.searchsorted(self.starts, day, side="right") - 1, 0, None)
        viewer: np.ndarray = self.viewer[period, sender]
        profile: np.ndarray = self.profile[period, recipient]
        if self.rule == "viewer":
            return viewer
        if self.rule == "profile":
            return profile
        both: np.ndarray = viewer & profile
        return both


def arms_of(world: World, test: Scenario, treatment: str) -> Arms:
    """Return who has which arm in the world of a test."""
    tried, dealt = test.design_names.index(treatment), world.dealt
    strata = strata_of({"style": world.style}, world.there) if test.design_strata else None
    return Arms(dealt.viewer == tried, dealt.profile == tried, dealt.starts, dealt.unit, dealt.ego == 1, test.design_pair, strata)


Parts = tuple[
    tuple[Items, bool | None], ...
]  # items, and whether those count that were sent under treatment, or those that were not; None for all


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
        base = None if self.d is None else self.d[chosen]
        return Rows(self.day[chosen], self.sender[chosen], self.recipient[chosen], self.x[chosen], d=base)


class Sample(NamedTuple):
    """Items and members as a test, or its counterpart without interference, has them."""

    parts: Parts
    there: np.ndarray  # (n,) bool: the units
    stayed: dict[str, np.ndarray]  # (n,) by credit
    arms: Arms
    ties: np.ndarray  # (m, 2) ids, the connections at the switch
    joined: np.ndarray  # (n,) days
    kept: dict[Any, Any]  # what was computed of the items that count
    worths: dict[Any, Any]  # what was computed of all items, whoever has which arm

    @property
    def n(self) -> int:
        """Return how many members there are."""
        return len(self.there)

    def sums(self, name: str, credit: str, begin: int, end: int) -> tuple[np.ndarray, np.ndarray | None]:
        """Return (what each member is credited with, likewise of the denominator or None), (n,) each."""
        if METRICS[name].kind == MEMBER:
            return self.stayed[credit], None
        key = (name, credit, begin, end)
        if key not in self.kept:
            rows = self._rows(name, begin, end)
            base = None if rows.d is None else credited(rows, rows.d, credit, self.n)
            self.kept[key] = credited(rows, rows.x, credit, self.n), base
        found: tuple[np.ndarray, np.ndarray | None] = self.kept[key]
        return found

    def whole(self) -> Sample:
        """Return the first part alone, all of its items: what was there before the switch is the same in all worlds."""
        if "whole" not in self.worths:
            self.worths["whole"] = self._replace(parts=((self.parts[0][0], None),), kept={}, worths={})
        found: Sample = self.worths["whole"]
        return found

    def between(self, name: str, begin: int, end: int) -> Dyad:
        """Return what the items between units are worth, an entry an item that is worth something."""
        key = ("between", name, begin, end)
        if key not in self.kept:
            rows = self._rows(name, begin, end)
            self.kept[key] = rows.where(self.there[rows.sender] & self.there[rows.recipient])
        rows = self.kept[key]
        rest = np.ones(len(rows.x)) if rows.d is None else rows.d
        return Dyad(rows.sender, rows.recipient, rows.x, rest, self.arms.of_sent(rows.day, rows.sender, rows.recipient))

    def _rows(self, name: str, begin: int, end: int) -> Rows:
        """Return what the items that count are worth, of all parts."""
        key = ("rows", name, begin, end)
        if key not in self.kept:
            rows = self._of_part(0, name, begin, end)
            for part in range(1, len(self.parts)):
                rows = rows.joined(self._of_part(part, name, begin, end))
            self.kept[key] = rows
        found: Rows = self.kept[key]
        return found

    def _of_part(self, part: int, name: str, begin: int, end: int) -> Rows:
        """Return what the items of a part are worth that count."""
        key, (items, treated) = (part, name, begin, end), self.parts[part]
        if key not in self.worths:
            x, d = worth(items, name, begin, end)
            there = np.flatnonzero(x if d is None else d)
            day, sender, recipient = items.day[there], items.sender[there], items.recipient[there]
            self.worths[key] = Rows(day, sender, recipient, x[there], d=None if d is None else d[there])
        rows: Rows = self.worths[key]
        return rows if treated is None else rows.where(self.arms.of_sent(rows.day, rows.sender, rows.recipient) == treated)


class Dyad(NamedTuple):
    """Items between units, one each."""

    sender: np.ndarray
    recipient: np.ndarray
    x: np.ndarray
    d: np.ndarray  # of a ratio, 1 otherwise
    treated: np.ndarray  # bool: sent under treatment


def seen(world: World, arms: Arms) -> Sample:
    """Return what a test sees of its own world."""
    stayed = dict.fromkeys((INITIATOR, RECIPIENT, BOTH), world.stayed)
    return Sample(((world.items, None),), world.there, stayed=stayed, arms=arms, ties=world.ties, joined=world.joined, kept={}, worths={})


def undisturbed(control: World, treatment: World, arms: Arms) -> Sample:
    """Return what a test would see if nobody disturbed anybody: each item from the pure world of its arm."""
    parts, stayed = ((treatment.items, True), (control.items, False)), stayed_of(control, treatment, arms)
    return Sample(parts, control.there, stayed=stayed, arms=arms, ties=control.ties, joined=control.joined, kept={}, worths={})


def dealt_otherwise(sample: Sample, control: World, treatment: World, arms: Arms) -> Sample:
    """Return what is undisturbed in these two worlds with other arms; what the items are worth is not computed again."""
    return sample._replace(stayed=stayed_of(control, treatment, arms), arms=arms, kept={})


def stayed_of(control: World, treatment: World, arms: Arms) -> dict[str, np.ndarray]:
    """Return who stayed, by credit: the treated in the world of treatment, the others in that of control."""
    last = len(arms.starts) - 1
    return {credit: np.where(arms.of(credit, last), treatment.stayed, control.stayed) for credit in (INITIATOR, RECIPIENT, BOTH)}


def pure(world: World, arms: Arms) -> Sample:
    """Return a pure world as a sample with these arms: what an A/A test sees."""
    return seen(world, arms)
