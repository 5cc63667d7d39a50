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

    def of_items(self, items: Items) -> np.ndarray:
        """Return which items are sent under treatment."""
        return self.of_sent(items.day, items.sender, items.recipient)

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


class Sample(NamedTuple):
    """Items and members as a test, or its counterpart without interference, has them."""

    parts: tuple[tuple[Items, np.ndarray | None], ...]  # items, and which of them count; None for all
    there: np.ndarray  # (n,) bool: the units
    stayed: dict[str, np.ndarray]  # (n,) by credit
    arms: Arms
    ties: np.ndarray  # (m, 2) ids, the connections at the switch
    kept: dict[Any, Any]  # what was computed of the parts, whoever has which arm

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
            self.kept[key] = self._sums(*key)
        found: tuple[np.ndarray, np.ndarray | None] = self.kept[key]
        return found

    def whole(self) -> Sample:
        """Return the first part alone, all of its items: what was there before the switch is the same in all worlds."""
        if "whole" not in self.kept:
            self.kept["whole"] = Sample(((self.parts[0][0], None),), self.there, self.stayed, self.arms, self.ties, {})
        found: Sample = self.kept["whole"]
        return found

    def _sums(self, name: str, credit: str, begin: int, end: int) -> tuple[np.ndarray, np.ndarray | None]:
        y, d, ratio = np.zeros(self.n), np.zeros(self.n), False
        for items, counts in self.parts:
            x, base = worth(items, name, begin, end)
            y += credited(items, x if counts is None else x * counts, credit, self.n)
            if base is not None:
                ratio = True
                d += credited(items, base if counts is None else base * counts, credit, self.n)
        return y, d if ratio else None

    def between(self, name: str, begin: int, end: int) -> Dyad:
        """Return what the items between units are worth, an entry an item that is worth something."""
        key = ("between", name, begin, end)
        if key not in self.kept:
            self.kept[key] = self._between(name, begin, end)
        day, sender, recipient, x, d = self.kept[key]
        return Dyad(sender, recipient, x, d, self.arms.of_sent(day, sender, recipient))

    def _between(self, name: str, begin: int, end: int) -> tuple[np.ndarray, ...]:
        found = []
        for items, counts in self.parts:
            x, base = worth(items, name, begin, end)
            kept = self.there[items.sender] & self.there[items.recipient] & ((x != 0.0) if base is None else (base != 0.0))
            kept = kept if counts is None else kept & counts
            rest = np.ones(len(x)) if base is None else base
            found.append((items.day[kept], items.sender[kept], items.recipient[kept], x[kept], rest[kept]))
        return tuple(np.concatenate(columns) for columns in zip(*found, strict=True))


class Dyad(NamedTuple):
    """Items between units, one each."""

    sender: np.ndarray
    recipient: np.ndarray
    x: np.ndarray
    d: np.ndarray  # of a ratio, 1 otherwise
    treated: np.ndarray  # bool: sent under treatment


def seen(world: World, arms: Arms) -> Sample:
    """Return what a test sees of its own world."""
    return Sample(((world.items, None),), world.there, dict.fromkeys((INITIATOR, RECIPIENT, BOTH), world.stayed), arms, world.ties, {})


def undisturbed(control: World, treatment: World, arms: Arms) -> Sample:
    """Return what a test would see if nobody disturbed anybody: each item from the pure world of its arm."""
    parts = ((treatment.items, arms.of_items(treatment.items)), (control.items, ~arms.of_items(control.items)))
    last = len(arms.starts) - 1
    stayed = {credit: np.where(arms.of(credit, last), treatment.stayed, control.stayed) for credit in (INITIATOR, RECIPIENT, BOTH)}
    return Sample(parts, control.there, stayed, arms, control.ties, {})


def pure(world: World, arms: Arms) -> Sample:
    """Return a pure world as a sample with these arms: what an A/A test sees."""
    return seen(world, arms)
