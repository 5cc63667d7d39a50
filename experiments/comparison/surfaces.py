"""Ties by the surface on which they were asked for, and how the answer depends on how many are asked for where no design reaches."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from experiments.comparison.answer import bracketed, by_size
from experiments.comparison.result import SURFACE_COLUMNS, pairs_in_words
from experiments.comparison.tables import differences
from experiments.methods import paired
from experiments.reporting.page import Table
from experiments.reporting.text import decimals, figure, named, scale_of, with_interval
from sim.scenario.parameters import SECTIONS
from sim.scenario.validation import limits

if TYPE_CHECKING:
    from experiments.comparison.result import Comparison
    from experiments.comparison.tables import Pairs
    from sim.results.measures import Catalogue
    from sim.scenario.scenario import Scenario

SHARE = "network.suggestions"
SUGGESTED, KNOWN = "suggested_ties", "known_ties"
MOST_NAMED = 2  # measures that are said to depend on it most


def bounds() -> tuple[float, float]:
    """Return the least and the largest share that may go through suggestions."""
    limit = limits(SECTIONS["network"])["suggestions"]
    return limit.low, limit.high


def unmeasured(scenario: Scenario) -> str:
    """Return what is said of the share where it was not run at its bounds."""
    low, high = bounds()
    return (
        f"Nobody has measured how many of the people whom newcomers know they ask from lists of suggestions, which no design touches: {SHARE} is "
        f"{scenario.network.suggestions:g} here, and anything from {low:g} to {high:g} is possible. compare --explain shows what depends on it."
    )


def table_of(low: Pairs, high: Pairs, order: list[str], catalogue: Catalogue) -> pd.DataFrame:
    """Return by how much each arm's difference moves between the bounds.

    Args:
        low: pairs of runs with the least share.
        high: with the largest.
        order: of the arms, the reference first.
        catalogue: the measures.
    """
    rows = []
    for arm, name, (one, other) in differences([low, high], order, catalogue):
        move = paired.told_apart(paired.mean_interval(other - one), len(one))
        rows.append((name, arm, float(one.mean()), float(other.mean()), *move, len(one)))
    return pd.DataFrame(rows, columns=SURFACE_COLUMNS)


def sentences(table: pd.DataFrame, arm: str, catalogue: Catalogue, pairs: int) -> list[str]:
    """Return in words which measures depend most on the share, by smallest effects of interest.

    Args:
        table: SURFACE_COLUMNS.
        arm: of which it is said.
        catalogue: the measures.
        pairs: of the whole comparison, of which the table has the first.
    """
    rows = table[table.arm == arm].set_index("measure", drop=False)
    if rows.empty:
        return []

    most = by_size(rows, catalogue, of="move")[:MOST_NAMED]
    parts = [_moved(rows.loc[name], catalogue) for name in most]
    low, high = bounds()
    line = (
        f"If none of the people whom newcomers know were asked from lists of suggestions, or all of them ({SHARE} from {low:g} to {high:g}, "
        f"unmeasured), what {named(arm)} changes would move most in {'; and in '.join(parts)}; over {pairs_in_words(int(rows.pairs.max()), pairs)}."
    )
    return [line]


def _moved(row: pd.Series, catalogue: Catalogue) -> str:
    m = catalogue[str(row.measure)]
    scale, unit = scale_of(m.unit)
    move = with_interval(*(scale * x for x in (row.move, row.ci_low, row.ci_high)), unit=unit)
    places = decimals(scale * row.ci_low, scale * row.ci_high)
    low, high = (f"{scale * x:+.3g}" if places is None else f"{scale * x:+.{places}f}" for x in (row.at_low, row.at_high))
    return f"{bracketed(m.title.lower())}, from {low} to {high}{unit}, by {move}"


def blocks(c: Comparison) -> list[Any]:
    """Return the table of new ties by surface."""
    there = c.summary[c.summary.measure.isin([SUGGESTED, KNOWN])].set_index(["measure", "arm"])
    if there.empty:
        return []
    lines = [
        ("Asked for from a list of suggestions, which no design touches", SUGGESTED, False),
        ("Asked for from a profile, whose buttons the design arranges", SUGGESTED, True),
        ("Between people who knew each other before either was there", KNOWN, False),
    ]
    rows = [[title, *_shares(c, there, name, rest=rest)] for title, name, rest in lines]
    return [Table("New connections by invitation, by surface", ["Share of new connections", *(named(arm) for arm in c.arms)], rows)]


def _shares(c: Comparison, there: pd.DataFrame, name: str, *, rest: bool) -> list[str]:
    """Return a share under each arm, the reference first, or what is left of it; a dash where it is undefined."""
    arms = c.arms[1:]
    first = next(((name, arm) for arm in arms if (name, arm) in there.index), None)
    found = [there.loc[first].mean_reference if first else math.nan]
    found += [there.loc[(name, arm)]["mean"] if (name, arm) in there.index else math.nan for arm in arms]
    return [figure(1.0 - x if rest else x, "share") if math.isfinite(x) else "–" for x in found]
