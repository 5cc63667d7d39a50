"""Numbers and names as reports write them: a figure with its unit, a difference with its interval, a list in a sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

POINTS = 100.0  # percentage points in a share of one


def figure(x: float, unit: str) -> str:
    """Return a figure with its unit as people write it: shares as per cent."""
    if not math.isfinite(x):
        return "undefined"
    if unit == "share":
        return f"{POINTS * x:.1f}%"
    return f"{x:.3g}" if abs(x) < POINTS else f"{x:,.0f}"


def change(row: pd.Series, of: str = "95% confidence interval ") -> str:
    """Return a difference with its 95% confidence interval, shares in percentage points.

    Args:
        row: has unit, difference, ci_low and ci_high.
        of: what stands before the bounds; empty in a table whose heading says it.
    """
    scale, unit = (POINTS, " points") if row.unit == "share" else (1.0, "")
    d, low, high = (scale * row[c] for c in ("difference", "ci_low", "ci_high"))
    return f"{d:+.2f}{unit} ({of}{low:+.2f} to {high:+.2f})"


def named(arm: str) -> str:
    """Return an arm as readers call it."""
    return arm.replace("_", "-")


def started(arm: str) -> str:
    """Return an arm as it begins a sentence."""
    return named(arm)[:1].upper() + named(arm)[1:]


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence lists them: "a", "a and b", "a, b and c"."""
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
