"""What a test sees: items with the arm under which each was sent, and members with theirs; from the test itself or from two pure worlds.

The second is what attribution is told by. Each item is taken from the world in which everybody has the arm that the test would have sent
it under, so nobody disturbs anybody, and what is still wrong comes from crediting it to a unit that did not decide on its arm.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from experiments.abtest.counts import Counts, Rows, Sums
from experiments.abtest.memo import Memo
from experiments.abtest.metrics import BOTH, INITIATOR, MEMBER, METRICS, RECIPIENT
from experiments.abtest.worlds import World
from sim.population.assignment import strata_of

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


T = TypeVar("T")


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
    tuple[Counts, bool | None], ...
]  # of a world, and whether those items count that were sent under treatment, or those that were not; None for all


class Sample(NamedTuple):
    """Items and members as a test, or its counterpart without interference, has them."""

    parts: Parts
    there: np.ndarray  # (n,) bool: the units
    stayed: dict[str, np.ndarray]  # (n,) by credit
    arms: Arms
    ties: np.ndarray  # (m, 2) ids, the connections at the switch
    joined: np.ndarray  # (n,) days
    memo: Memo  # what was found of it under these arms

    @property
    def n(self) -> int:
        """Return how many members there are."""
        return len(self.there)

    @property
    def first(self) -> Counts:
        """Return the first world: what was there before the switch is the same in all."""
        return self.parts[0][0]

    def sums(self, name: str, credit: str, begin: int, end: int) -> Sums:
        """Return (what each member is credited with, likewise of the denominator or None), (n,) each."""
        if METRICS[name].kind == MEMBER:
            return self.stayed[credit], None
        if self._is_one:
            return self.first.sums(name, credit, begin, end)
        return self.once(lambda: self._rows(name, begin, end).sums(credit, self.n), "sums", name, credit, begin, end)

    def once(self, find: Callable[[], T], *key: object) -> T:
        """Return what `find` finds, asked once under these arms."""
        return self.memo.once(find, *key, under=self.arms)

    def between(self, name: str, begin: int, end: int) -> Dyad:
        """Return what the items between units are worth, an entry an item that is worth something."""
        rows = self.first.between(name, begin, end) if self._is_one else self._rows(name, begin, end).between(self.there)
        rest = np.ones(len(rows.x)) if rows.d is None else rows.d
        return Dyad(rows.sender, rows.recipient, rows.x, rest, self.arms.of_sent(rows.day, rows.sender, rows.recipient))

    @property
    def _is_one(self) -> bool:
        """Tell whether all items are of one world, whoever has which arm."""
        return len(self.parts) == 1 and self.parts[0][1] is None

    def _rows(self, name: str, begin: int, end: int) -> Rows:
        """Return what the items that count are worth, of all parts."""
        return self.once(lambda: self._rows_of_parts((name, begin, end)), "rows", name, begin, end)

    def _rows_of_parts(self, asked: tuple[str, int, int]) -> Rows:
        rows, *others = (self._of_part(*part, asked) for part in self.parts)
        for other in others:
            rows = rows.joined(other)
        return rows

    def _of_part(self, counts: Counts, treated: bool | None, asked: tuple[str, int, int]) -> Rows:  # noqa: FBT001  (a pair of `parts`)
        rows = counts.rows(*asked)
        return rows if treated is None else rows.where(self.arms.of_sent(rows.day, rows.sender, rows.recipient) == treated)


class Dyad(NamedTuple):
    """Items between units, one each."""

    sender: np.ndarray
    recipient: np.ndarray
    x: np.ndarray
    d: np.ndarray  # of a ratio, 1 otherwise
    treated: np.ndarray  # bool: sent under treatment


def seen(world: World, arms: Arms) -> Sample:
    """Return what a test sees of its own world; of a pure one, what an A/A test with these arms sees."""
    stayed = dict.fromkeys((INITIATOR, RECIPIENT, BOTH), world.stayed)
    return Sample(((world.counts, None),), world.there, stayed=stayed, arms=arms, ties=world.ties, joined=world.joined, memo=Memo())


def undisturbed(control: World, treatment: World, arms: Arms) -> Sample:
    """Return what a test would see if nobody disturbed anybody: each item from the pure world of its arm."""
    parts, last = ((treatment.counts, True), (control.counts, False)), len(arms.starts) - 1
    stayed = {credit: np.where(arms.of(credit, last), treatment.stayed, control.stayed) for credit in (INITIATOR, RECIPIENT, BOTH)}
    return Sample(parts, control.there, stayed=stayed, arms=arms, ties=control.ties, joined=control.joined, memo=Memo())
