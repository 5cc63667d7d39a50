"""The answer in words, from the summary alone: what is better, worse, no different and open, the largest first.

How large a difference is, is told by the smallest effect of interest of its measure: that is the one unit that all of them share.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from experiments.comparison.split import CO_PRIMARY, FIRST
from experiments.methods import paired
from experiments.reporting.text import POINTS, amount, change, figure, listed, named, per_cent, places_of
from sim.results.measures import GOAL, GUARDRAIL, MEASURES, PRIMARY, SHARE, SUCCESS_VARIANTS, Catalogue

if TYPE_CHECKING:
    import pandas as pd

VERBS = {
    paired.BETTER: "raises",
    paired.WORSE: "lowers",
    paired.NO_DIFFERENCE: "makes no difference that matters to",
    paired.NOT_DECIDED: "has no decided effect on",
}
WORDS = {
    paired.BETTER: "Better",
    paired.WORSE: "Worse",
    paired.NO_DIFFERENCE: "No difference that matters",
    paired.NOT_DECIDED: "Not decided",
}


def answer(summary: pd.DataFrame, arm: str, catalogue: Catalogue = MEASURES) -> list[str]:
    """Return sentences on an arm: the primary measure, the co-primary one, then for each verdict the other goals and guardrails that have it."""
    rows = summary[summary.arm == arm].set_index("measure", drop=False)
    if PRIMARY not in rows.index:
        return [
            f"No answer is given: the primary measure, intent success, needs {MEASURES[PRIMARY].window + 1} days or more after the switch."
        ]
    others = rows[rows.role.isin([GOAL, GUARDRAIL])].drop(index=[*FIRST], errors="ignore")
    out = [_primary(rows.loc[PRIMARY], arm)]
    if CO_PRIMARY in rows.index:
        out.append(_co_primary(rows.loc[CO_PRIMARY]))
    for verdict, word in WORDS.items():
        found = others[others.verdict == verdict]
        if verdict == paired.NOT_DECIDED and len(found):
            out.append(f"{word}: {listed([_named(found.loc[m], catalogue) for m in by_size(found, catalogue)])}.")
        elif len(found):
            out += _in_one_unit_each(found, word, catalogue)
    return out


def _in_one_unit_each(rows: pd.DataFrame, word: str, catalogue: Catalogue) -> list[str]:
    """Return what has a verdict, what is told in per cent apart from shares, whose points are another unit; first what has the largest."""
    order = by_size(rows, catalogue)
    shares = [m for m in order if rows.loc[m].unit == SHARE]
    others = [m for m in order if rows.loc[m].unit != SHARE]
    in_what = {True: " (shares, in percentage points)" if others else "", False: _of_control(rows.loc[others])}
    parts = sorted(filter(None, (shares, others)), key=lambda names: order.index(names[0]))
    return [f"{word}{in_what[names is shares]}: {listed([_told(rows.loc[m], catalogue) for m in names])}." for names in parts]


def _of_control(rows: pd.DataFrame) -> str:
    """Return of what the per cents of a list are, if it has any."""
    return f" (in % of {named(rows.iloc[0].reference)})" if (rows.mean_reference != 0.0).any() else ""


def _primary(p: pd.Series, arm: str) -> str:
    return f"Against {named(p.reference)}, {named(arm)} {VERBS[p.verdict]} intent success: {_figures(p)}."


def _co_primary(p: pd.Series) -> str:
    return f"It {VERBS[p.verdict]} successes per member, the co-primary measure: {_figures(p)}."


def _figures(p: pd.Series) -> str:
    """Return both arms' figures, the difference with its interval, and whether that is within the margin."""
    places = places_of(p)
    mean, reference = (figure(x, p.unit, places) for x in (p["mean"], p.mean_reference))
    if mean == reference:  # a wide interval tells too few digits for two levels
        mean, reference = (figure(x, p.unit) for x in (p["mean"], p.mean_reference))
    note = within(p, MEASURES[p.measure].smallest_effect)
    of = " of all intents" if p.unit == "share" else ""
    return f"{mean}{of} instead of {reference}, a difference of {change(p)}{': ' * bool(note)}{note}"


def by_size(rows: pd.DataFrame, catalogue: Catalogue, of: str = "difference") -> list[str]:
    """Return the measures that index some rows, those first that differ, or whatever column is named, by most of their smallest effects of interest."""

    def size(name: str) -> float:
        least = catalogue[name].smallest_effect
        return abs(rows.loc[name][of]) / least if least > 0.0 else math.inf

    return sorted(rows.index, key=lambda name: (-round(size(name), 9), name))


def _told(row: pd.Series, catalogue: Catalogue) -> str:
    about = catalogue[str(row.measure)]
    return bracketed(about.title.lower(), per_cent(row), within(row, about.smallest_effect, of_control=True))


def _named(row: pd.Series, catalogue: Catalogue) -> str:
    return bracketed(catalogue[str(row.measure)].title.lower())


def bracketed(title: str, *details: str) -> str:
    """Return a title as a sentence has it, what stands behind its comma in brackets with the details."""
    title, _, rest = title.partition(", ")
    inside = ", ".join(filter(None, (rest, *details)))
    return f"{title} ({inside})" if inside else title


def within(row: pd.Series, smallest: float, *, of_control: bool = False) -> str:
    """Return in words that a difference is sure and yet does not matter, or perhaps does not; nothing if it is not so.

    Args:
        row: of the summary.
        smallest: effect of interest, the margin.
        of_control: whether the margin is told in per cent of the control where the difference is (`per_cent`).
    """
    sure = row.ci_low > 0.0 or row.ci_high < 0.0
    if not sure:
        return ""
    alike = of_control and row.unit != "share" and row.mean_reference
    size = f"{POINTS * smallest / abs(row.mean_reference):.2g}%" if alike else amount(smallest, row.unit)
    margin = f"within the margin of {size}"
    if row.verdict == paired.NO_DIFFERENCE:
        return margin
    return f"perhaps {margin}" if min(abs(row.ci_low), abs(row.ci_high)) < smallest else ""


def sign_changes(summary: pd.DataFrame, arm: str) -> list[str]:
    """Return the definitions of success under which the sign differs from the primary measure's."""
    rows = summary[summary.arm == arm].set_index("measure")
    if PRIMARY not in rows.index:
        return []
    sign = rows.loc[PRIMARY].difference > 0.0

    def turns(name: str) -> bool:
        row = rows.loc[name]
        return row.verdict in (paired.BETTER, paired.WORSE) and (row.difference > 0.0) != sign

    return [f"{MEASURES[name].title}: {change(rows.loc[name])}" for name in SUCCESS_VARIANTS if name in rows.index and turns(name)]
