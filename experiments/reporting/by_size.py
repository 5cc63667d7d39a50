"""A measure at growing sizes, in words and as a table: for the analysis that compares sizes, and for a comparison that cites it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.methods.size_laws import GROWS, LEVEL, LIMIT, RELATIVE, STEADY, WIDE, AtSize, Bounds, Verdict
from experiments.reporting.text import POINTS, decimals, named, scale_of, with_interval

if TYPE_CHECKING:
    import pandas as pd

    from sim.results.measures import Measure

PARTS = ("level", "difference", "relative")
COLUMNS = [f"{name}{end}" for name in PARTS for end in ("", "_low", "_high")]


def table_of(seen: Mapping[str, Sequence[AtSize]]) -> pd.DataFrame:
    """Return a row a measure and size: level, difference and relative effect with their bounds."""
    import pandas as pd

    rows = [
        {"measure": name, "size": one.size, "pairs": one.pairs}
        | dict(zip(COLUMNS, (*one.level, *one.difference, *one.relative), strict=True))
        for name, found in seen.items()
        for one in found
    ]
    return pd.DataFrame(rows)


def rows_of(table: pd.DataFrame, name: str) -> list[AtSize]:
    """Return a measure's rows of such a table, from the smallest size."""
    mine = table[table.measure == name].sort_values("size")

    def bounds(row: Any, part: str) -> Bounds:
        return float(row[part]), float(row[f"{part}_low"]), float(row[f"{part}_high"])

    return [
        AtSize(int(row["size"]), int(row["pairs"]), bounds(row, "level"), bounds(row, "difference"), bounds(row, "relative"))
        for _, row in mine.iterrows()
    ]


def unit_of(measure: Measure, what: str) -> tuple[float, str]:
    """Return the scale and the unit in which a figure is told: relative effects and shares in per cent, differences of these in points."""
    share = measure.unit == "share"
    return (POINTS, "%") if what == RELATIVE or (what == LEVEL and share) else scale_of(measure.unit)


def course(measure: Measure, arms: tuple[str, str], rows: Sequence[AtSize]) -> str:
    """Return from where to where a measure's level goes under the control, the first of the arms, and the other's relative effect."""
    first, last = rows[0], rows[-1]
    return (
        f"From {first.size:,} to {last.size:,} members, {measure.title.lower()} under {named(arms[0])} goes from {_level(measure, first)} "
        f"to {_level(measure, last)}, and the relative effect of {named(arms[1])} from {relative_of(first)} to {relative_of(last)}."
    )


def said(measure: Measure, what: str, *, own: int, verdict: Verdict | None, remedy: str = "") -> str:
    """Return in a sentence what can be said of a level or relative effect by size.

    Args:
        measure: of which it is said.
        what: LEVEL or RELATIVE.
        own: the scenario's own size, of which it is told how far it is from a limit.
        verdict: what was found; None where nothing can be asked.
        remedy: what is added where nothing can be said.
    """
    begun = f"How the {what} of {measure.title.lower()} goes on with size"
    if verdict is None:
        return f"{begun} cannot be said: it is undefined, or the same in all pairs, at some size."
    if verdict.kind == LIMIT:
        least, most = verdict.left(own)
        where = f"within {_amount(measure, what, most)} of its limit, {_limit(measure, what, verdict)}"
        return f"At {own:,} members the {what} is {where} (by a + b / members, by which it is {_amount(measure, what, abs(least))} off)."
    if verdict.kind == GROWS:
        told = told_of(measure, what, verdict.tenfold, "+")
        return f"The {what} goes on with size, without a limit within these: by {told} for ten times the members."
    if verdict.kind == STEADY:
        _, low, high = verdict.tenfold
        bound = _amount(measure, what, max(-low, high))
        return f"The {what} does not change with size as far as can be told: by no more than {bound} for ten times the members."
    return f"{begun} cannot be said: {_why(verdict)}.{remedy}"


def told_of(measure: Measure, what: str, bounds: Bounds, sign: str = "", of: str = "95% confidence interval ") -> str:
    """Return a figure with its interval, in the unit in which it is told."""
    if not np.isfinite(bounds).all():
        return "undefined"
    times, unit = unit_of(measure, what)
    return with_interval(*(times * x for x in bounds), unit=unit, of=of, sign=sign)


def _why(verdict: Verdict) -> str:
    if verdict.levels.holds:
        return "a law that levels off and one that goes on both predict the largest size"
    return "neither a law that levels off nor one that goes on predicts the largest size"


def _amount(measure: Measure, what: str, x: float) -> str:
    times, unit = unit_of(measure, what)
    return f"{times * x:.2g}{unit}"


def _limit(measure: Measure, what: str, verdict: Verdict) -> str:
    a, half = float(verdict.levels.law.coefficients[0]), WIDE * float(np.sqrt(verdict.levels.law.covariance[0, 0]))
    return told_of(measure, what, (a, a - half, a + half), "+" if what == RELATIVE else "")


def _level(measure: Measure, row: AtSize) -> str:
    times, unit = unit_of(measure, LEVEL)
    level, low, high = (times * x for x in row.level)
    places = decimals(low, high)
    return f"{level:.3g}{unit}" if places is None else f"{level:.{places}f}{unit}"


def relative_of(row: AtSize) -> str:
    """Return the relative effect at a size, with the digits that its interval can tell."""
    relative, low, high = (POINTS * x for x in row.relative)
    if not np.isfinite(relative):
        return "an undefined one"
    places = decimals(low, high)
    return f"{relative:+.3g}%" if places is None else f"{relative:+.{places}f}%"
