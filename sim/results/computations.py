"""The ways to compute a measure from a finished run: counters over counters, a mean over members, any other figure, one's own.

A way to compute is an object with `whole(run)` for everybody, and `level(run, dimension, k)` for the k-th level of a
dimension, such as one style; None where it has no such level. Light to import: lists of measures need no arrays.
"""

from __future__ import annotations

import math
import traceback
from collections.abc import Callable, Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from sim.decisions.codes import Purpose
from sim.decisions.counters import Counter
from sim.errors import MeasureFailed, must
from sim.results.values import PURPOSE_AXIS, Dimension, Value, ratio

if TYPE_CHECKING:
    import numpy as np

    from sim.results.finished_run import FinishedRun


class Computation(Protocol):
    """A way to compute a measure from a finished run."""

    @property
    def scale(self) -> float:
        """By what numerator / denominator is multiplied."""

    @property
    def has_levels(self) -> bool:
        """Whether it is known by style, and by other dimensions."""

    def whole(self, run: FinishedRun) -> Value:
        """Return the value over everybody."""

    def level(self, run: FinishedRun, dimension: Dimension, k: int) -> Value | None:
        """Return the value of the k-th level of a dimension, or None if it has none."""


class CounterRatio(NamedTuple):
    """Counters over counters, summed over cells of some purposes."""

    top: Sequence[Counter]
    bottom: Sequence[Counter]
    scale: float = 1.0
    purposes: Sequence[Purpose] = tuple(Purpose)
    level_purposes: Sequence[Purpose] | None = None  # for which there is a level of their own: `purposes` if None
    has_levels: bool = True

    def whole(self, run: FinishedRun) -> Value:
        """Return the ratio over all cells of these purposes."""
        sums = run.counted_by(PURPOSE_AXIS)[:, list(self.purposes)]
        return self._ratio(sums)

    def level(self, run: FinishedRun, dimension: Dimension, k: int) -> Value | None:
        """Return the ratio over the cells of a level."""
        if dimension.axis == PURPOSE_AXIS:
            own = self.purposes if self.level_purposes is None else self.level_purposes
            return self._ratio(run.counted_by(PURPOSE_AXIS)[:, [k]]) if k in own else None
        return self._ratio(run.counted_by(dimension.axis)[:, list(self.purposes), k])

    def _ratio(self, sums: np.ndarray) -> Value:
        """Return the ratio of sums by (counters, purposes)."""
        top, bottom = (float(sums[list(counters)].sum()) for counters in (self.top, self.bottom))
        return ratio(top, bottom, self.scale)


class MemberMean(NamedTuple):
    """The mean of a column over the members active at the switch, less other columns, perhaps per week."""

    column: str
    less: str | None = None
    weekly: bool = False
    scale: float = 1.0
    has_levels: bool = True

    def whole(self, run: FinishedRun) -> Value:
        """Return the mean over everybody."""
        return self._mean(run, run.there)

    def level(self, run: FinishedRun, dimension: Dimension, k: int) -> Value | None:
        """Return the mean over the members of a level."""
        return self._mean(run, run.there & (run.members[dimension.column] == k)) if dimension.column else None

    def _mean(self, run: FinishedRun, who: np.ndarray) -> Value:
        amount = float(run.members[self.column][who].sum())
        if self.less is not None:
            amount -= float(run.members[self.less][who].sum())
        return ratio(amount, float(who.sum()) * (run.weeks if self.weekly else 1.0), self.scale)


class Figure(NamedTuple):
    """A function of the whole run, without levels."""

    function: Callable[[FinishedRun], Value]
    scale: float = 1.0
    has_levels: bool = False

    def whole(self, run: FinishedRun) -> Value:
        """Return what the function does."""
        return self.function(run)

    def level(self, run: FinishedRun, dimension: Dimension, k: int) -> None:
        """Return None: the function knows no levels."""


RETURNS = "return a finite number, (numerator, denominator), or None where it is undefined"


class OwnFigure(NamedTuple):
    """A user's function of the whole run, without levels; what it does wrong is said with the measure's name."""

    name: str
    function: Callable[[FinishedRun], Any]
    where: str  # its file, in words
    scale: float = 1.0
    has_levels: bool = False

    def whole(self, run: FinishedRun) -> Value:
        """Return what the function returns, checked.

        Raises:
            MeasureFailed: if it raises, or returns what is no value.
        """
        try:
            found = self.function(run)
        except Exception as error:
            raise self._failed(f"{type(error).__name__}: {' '.join(str(error).split())}, line {_line_of(error)} of {self.where}") from error
        if isinstance(found, Value):
            return Value(*(None if part is None else self._number(part) for part in found))
        if isinstance(found, tuple) and len(found) == 2:
            value = ratio(self._number(found[0]), self._number(found[1]), self.scale)
            return value if value.value is None else value._replace(value=self._number(value.value))
        return Value(None, None, None if found is None else self._number(found))

    def level(self, run: FinishedRun, dimension: Dimension, k: int) -> None:
        """Return None: the function knows no levels."""

    def _number(self, found: Any) -> float:
        if isinstance(found, bool) or not isinstance(found, Real):
            raise self._failed(f"an object of type {type(found).__name__}")
        try:
            number = float(found)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise self._failed(f"{number}")
        return number

    def _failed(self, got: str) -> MeasureFailed:
        return MeasureFailed(must(self.name, RETURNS, got, where="measure"))


def _line_of(error: Exception) -> int | str:
    """Return the last line of the user's own file in an error's traceback; a function that came to a worker has no file's name."""
    frames = traceback.extract_tb(error.__traceback__)[1:]  # the first is here
    own = [frame.lineno or "?" for frame in frames if frame.filename == frames[0].filename]
    return own[-1] if own else "?"
