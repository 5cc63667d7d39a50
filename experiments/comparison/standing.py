"""On what a verdict stands: whether it holds in the worlds at which the arms were compared once more, and how many others may turn."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.methods import paired
from experiments.methods.worlds import LEAST, binomial_interval, seen_in
from experiments.reporting.text import UNTOLD, span

if TYPE_CHECKING:
    import pandas as pd

    from sim.results.measures import Measure

ONE_SIDED = 0.9  # level of an interval whose lower end alone is a bound at 95%
UNMEASURED = "depends on what nobody has measured"


class Standing(NamedTuple):
    """How many worlds bear a verdict out."""

    verdict: str  # at the defaults
    same: int  # worlds in which it is so
    of: int

    @property
    def all(self) -> bool:
        """Tell whether it is so in every world."""
        return self.same == self.of

    @property
    def open(self) -> bool:
        """Tell whether as many worlds may well turn as not: the interval of their share reaches a half."""
        return not self.all and binomial_interval(self.same, self.of)[0] <= 0.5

    @property
    def short(self) -> str:
        """Return it for a table."""
        if self.all:
            return f"{self.verdict} in all {self.of}"
        if self.open:
            return f"{UNMEASURED}: {self.verdict} in {self.same} of {self.of}"
        return f"{self.verdict} at the defaults, turns in {self.of - self.same} of {self.of}"

    def told(self, one: str) -> str:
        """Return it for a sentence, with what may turn beyond these worlds; `one` is what a world is called."""
        if self.all:
            return f"{self.verdict} in all {self.of} {one}s (95%: at most {most_that_turn(self.of):.0f}% of {_plain(one)}s turn)"
        low, high = (100.0 * (1.0 - x) for x in binomial_interval(self.same, self.of)[::-1])
        share = f"95%: {low:.0f} to {high:.0f}% of {_plain(one)}s"
        turned = f"turns in {self.of - self.same} of {self.of} {one}s ({share})"
        return f"{self.verdict} at the defaults, but {UNMEASURED}: {turned}" if self.open else f"{self.verdict} at the defaults, {turned}"


def _plain(one: str) -> str:
    """Return what a world is called, without where it comes from."""
    return one.rpartition(" ")[2]


def most_that_turn(worlds: int) -> float:
    """Return how many worlds turn at most, in per cent, if none of so many did, at 95%."""
    return 100.0 * (1.0 - binomial_interval(worlds, worlds, ONE_SIDED)[0])


def standing(row: pd.Series, effects: np.ndarray, levels: np.ndarray, m: Measure) -> Standing | None:
    """Return on what a measure's verdict stands; None where it is not decided at the defaults, or there are too few worlds.

    Args:
        row: of the summary, at the defaults.
        effects: (worlds, pairs) of its difference.
        levels: (worlds,) of the reference.
        m: the measure.
    """
    there = np.isfinite(effects).all(axis=1)
    whole = effects[there]
    if len(whole) < LEAST or row.verdict == paired.NOT_DECIDED:
        return None
    seen = seen_in(whole, levels[there])
    if row.verdict == paired.NO_DIFFERENCE:
        return Standing(row.verdict, int((np.abs(seen) < m.smallest_effect).sum()), len(whole))
    return Standing(row.verdict, int((seen * row.difference > 0.0).sum()), len(whole))


def range_of(row: pd.Series) -> str:
    """Return the range over worlds of a row of the summary in words; a dash where the measure has none."""
    if row.worlds > 0 and not math.isfinite(row.worlds_low):
        return UNTOLD
    return span(row.worlds_low, row.worlds_high, row.unit)
