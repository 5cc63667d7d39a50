"""Values of measures, with numerator and denominator, and by what they are broken down."""

from __future__ import annotations

from typing import NamedTuple

# Axes of the counters' cells, after that of the counters.
STYLE_AXIS, PURPOSE_AXIS, DISTANCE_AXIS, SELECTIVITY_AXIS, INBOX_AXIS, DESIGN_AXIS = range(1, 7)  # after that of the counters


class Value(NamedTuple):
    """A measure's value; numerator and denominator are None where it has none, the value where it is undefined."""

    numerator: float | None
    denominator: float | None
    value: float | None


def ratio(numerator: float, denominator: float, scale: float = 1.0) -> Value:
    """Return scale * numerator / denominator with both kept; undefined where the denominator is zero."""
    top, bottom = float(numerator), float(denominator)  # NumPy's numbers become Python's
    return Value(top, bottom, scale * top / bottom if bottom else None)


class Dimension(NamedTuple):
    """By what a measure can be broken down: an axis of the counts' cells, and the column that says a member's level."""

    name: str
    axis: int
    levels: tuple[str, ...]
    column: str | None = None  # None for what belongs to items and not to members
