"""Numbers and names as reports write them: a figure with its unit, a difference with its interval, a list in a sentence.

An estimate is written with as many digits as its interval can tell: two in the interval's width.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from experiments.methods.paired import without_width

if TYPE_CHECKING:
    import pandas as pd

POINTS = 100.0  # percentage points in a share of one
MOST_DECIMALS = 6
FEWEST = 50  # members of a network from which anything can be concluded: an assumption
INTERVAL = "95% confidence interval "
UNTOLD = "cannot be told from noise"  # of worlds that differ no more than their noise


class Parts(NamedTuple):
    """An estimate as it is written, and what is written of its interval: to be put in one sentence, or below one another in a table."""

    estimate: str
    interval: str  # its bounds, or why there are none; empty where the estimate is undefined


def scale_of(unit: str) -> tuple[float, str]:
    """Return what figures of a unit are multiplied by to be read, and what is written behind a difference."""
    return (POINTS, " points") if unit == "share" else (1.0, "")


def decimals(low: float, high: float) -> int | None:
    """Return the decimals that show an interval's width with two digits, or a bound beside zero with one; None if it has no width that could say so."""
    width = high - low
    if not math.isfinite(width) or without_width(low, high):
        return None
    places = max(0, 1 - math.floor(round(math.log10(width), 9)))  # 0.1 from 0.25 to 0.35 is not a hair less
    hidden = any(bound and not round(bound, places) for bound in (low, high))  # a bound beside zero is not written as zero
    return min(MOST_DECIMALS, places + hidden)


def figure(x: float, unit: str, places: int | None = None) -> str:
    """Return a figure with its unit as people write it: shares as per cent.

    Args:
        x: the figure.
        unit: its unit.
        places: its decimals, as its interval has them; three digits unless given.
    """
    if not math.isfinite(x):
        return "undefined"
    scale, sign = (POINTS, "%") if unit == "share" else (1.0, "")
    if places is not None:
        return f"{_rounded(scale * x, places):,.{places}f}{sign}"
    if sign:
        return f"{scale * x:.1f}%"
    return f"{x:.3g}" if abs(x) < POINTS else f"{x:,.0f}"


def places_of(row: pd.Series) -> int | None:
    """Return the decimals that a row's interval can tell, in the unit in which it is written."""
    scale, _ = scale_of(row.unit)
    return decimals(scale * row.ci_low, scale * row.ci_high)


def change(row: pd.Series, of: str = INTERVAL) -> str:
    """Return a difference with its 95% confidence interval, shares in percentage points.

    Args:
        row: has unit, difference, ci_low and ci_high.
        of: what stands before the bounds; empty in a table whose heading says it.
    """
    return _joined(change_parts(row, of))


def change_parts(row: pd.Series, of: str = INTERVAL) -> Parts:
    """Return the parts of `change`. Arguments as there."""
    scale, unit = scale_of(row.unit)
    return interval_parts(*(scale * row[c] for c in ("difference", "ci_low", "ci_high")), unit=unit, of=of)


def with_interval(x: float, low: float, high: float, *, unit: str = "", of: str = INTERVAL, sign: str = "+") -> str:
    """Return an estimate with its interval, both with the digits that the interval can tell.

    Args:
        x: the estimate.
        low: of the interval; undefined where there is none.
        high: likewise.
        unit: written behind the estimate.
        of: what stands before the bounds.
        sign: "+" for differences, whose sign is always written; empty for levels.
    """
    return _joined(interval_parts(x, low, high, unit=unit, of=of, sign=sign))


def interval_parts(x: float, low: float, high: float, *, unit: str = "", of: str = INTERVAL, sign: str = "+") -> Parts:
    """Return the parts of `with_interval`. Arguments as there."""
    if not math.isfinite(x):
        return Parts("undefined", "")
    places = decimals(low, high)
    if places is None:
        alike = "the same in every pair" if without_width(low, high) else "no interval"
        return Parts(f"{x:{sign}.3g}{unit}", alike)
    one, least, most = (f"{_rounded(value, places):{sign},.{places}f}" for value in (x, low, high))
    return Parts(f"{one}{unit}", f"{of}{least} to {most}")


def _joined(parts: Parts) -> str:
    return f"{parts.estimate} ({parts.interval})" if parts.interval else parts.estimate


def span(low: float, high: float, unit: str) -> str:
    """Return from where to where a difference goes, with the digits that the width can tell; a dash where nobody knows."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "–"
    scale, word = scale_of(unit)
    places = decimals(scale * low, scale * high)
    one, other = (f"{scale * x:+.3g}" if places is None else f"{_rounded(scale * x, places):+.{places}f}" for x in (low, high))
    return f"{scale * low:+.3g}{word} in each" if one == other else f"{one} to {other}{word}"


def per_cent(row: pd.Series) -> str:
    """Return a difference in per cent of the control, or as it is for shares and where the control has none."""
    if row.unit == "share" or not row.mean_reference:
        return difference(row)
    part, low, high = (POINTS * row[name] / abs(row.mean_reference) for name in ("difference", "ci_low", "ci_high"))
    places = min(1, decimals(low, high) or 0)
    return f"{_rounded(part, places):+.{places}f}%"


def difference(row: pd.Series) -> str:
    """Return a difference without its interval, with the digits that the interval can tell."""
    return change_parts(row).estimate


def amount(x: float, unit: str) -> str:
    """Return a smallest effect of interest, or another size without sign: "0.5 points", "0.02"."""
    scale, word = scale_of(unit)
    return f"{scale * x:g}{word}"


def _rounded(x: float, places: int) -> float:
    """Return a number as it is written, without the sign of a zero."""
    return round(x, places) + 0.0


def named(arm: str) -> str:
    """Return an arm as readers call it."""
    return arm.replace("_", "-")


def started(arm: str) -> str:
    """Return an arm as it begins a sentence."""
    return named(arm)[:1].upper() + named(arm)[1:]


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence lists them: "a", "a and b", "a, b and c"."""
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def counted(n: int, one: str, several: str | None = None) -> str:
    """Return a number with what it counts: "1 statement", "2 statements"."""
    return f"{n:,} {one if n == 1 else several or one + 's'}"


def too_small(members: int) -> str:
    """Return a note on a network of few members; empty if there are enough to conclude something from."""
    if members >= FEWEST:
        return ""
    return (
        f"Nothing can be concluded from a network of {counted(members, 'member')}: what one of them happens to do moves every figure. "
        f"Take {FEWEST} or more (the limit is an assumption)."
    )
