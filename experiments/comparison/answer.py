"""The answer in words, from the summary alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.methods import paired
from experiments.reporting.text import POINTS, change, figure, listed, named
from sim.results.measures import GOAL, GUARDRAIL, MEASURES, PRIMARY, SUCCESS_VARIANTS, Catalogue

if TYPE_CHECKING:
    import pandas as pd

# measures that a sentence leaves out when their neighbour says the same
TOLD_BY = {"unwelcome_delivered": "unwelcome_read", "unwelcome_p95": "unwelcome_read", "restricted_not_promoting": "reports"}


def _with_change(row: pd.Series, catalogue: Catalogue) -> str:
    title = catalogue[str(row.name)].title.lower()
    return f"{title} ({POINTS * row.difference / abs(row.mean_reference):+.0f}%)" if row.mean_reference else title


def answer(summary: pd.DataFrame, arm: str, catalogue: Catalogue = MEASURES) -> list[str]:
    """Return two sentences on an arm: the primary measure, then what the other goals and the guardrails say."""
    rows = summary[summary.arm == arm].set_index("measure")
    if PRIMARY not in rows.index:
        return [
            f"No answer is given: the primary measure, intent success, needs {MEASURES[PRIMARY].window + 1} days or more after the switch."
        ]
    p = rows.loc[PRIMARY]
    reference = named(p.reference)
    what = {
        paired.BETTER: "raises",
        paired.WORSE: "lowers",
        paired.NO_DIFFERENCE: "makes no difference that matters to",
        paired.NOT_DECIDED: "has no decided effect on",
    }[p.verdict]
    first = (
        f"Against {reference}, {named(arm)} {what} intent success: {figure(p['mean'], p.unit)} instead of "
        f"{figure(p.mean_reference, p.unit)}, {change(p)}."
    )
    others = rows[rows.role.isin([GOAL, GUARDRAIL])].drop(index=PRIMARY)
    parts = []
    for verdict, words in ((paired.BETTER, "it is better on"), (paired.WORSE, "worse on")):
        found = others[others.verdict == verdict]
        told = [m for m in found.index if TOLD_BY.get(m) not in found.index]
        if told:
            parts.append(f"{words} {listed([_with_change(found.loc[m], catalogue) for m in told])}")
    open_ones = int((others.verdict == paired.NOT_DECIDED).sum())
    if not parts:
        parts.append("no other goal or guardrail differs in a way that is both decided and matters")
    text = "; ".join(parts)
    rest = f"; {open_ones} of {len(others)} are not decided" if open_ones else ""
    return [first, f"Among the other goals and the guardrails, {text}{rest}."]


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
