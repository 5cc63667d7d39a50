"""How much of each difference is assumed: the neutral scenario, each assumption alone, and what is left to interaction."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from experiments.comparison.answer import bracketed
from experiments.comparison.result import EXPLAIN_COLUMNS, WITHOUT, pairs_in_words
from experiments.comparison.tables import values
from experiments.methods import paired
from experiments.reporting.text import INTERVAL, interval_parts, listed, named, scale_of, with_interval
from sim.results.measures import CONTEXT, PRIMARY
from sim.scenario.assumptions import ASSUMPTIONS, assumptions_of, neutralised, with_assumption

if TYPE_CHECKING:
    from experiments.comparison.tables import Pairs
    from experiments.runs.request import Request
    from experiments.runs.scheduler import Progress, Scheduler
    from sim.results.measures import Catalogue
    from sim.scenario.scenario import Scenario

EXPLAIN_PAIRS = 10  # each step is a small paired change, which takes fewer pairs than the whole
MOST_OUTWEIGHED = 3  # measures of which it is said
NEUTRAL, ASSUMPTION, INTERACTION, ALL = "neutral", "assumption", "interaction", "all"


def steps_of(request: Request) -> dict[str, dict[str, Scenario]]:
    """Return the arms of each step: neutral, then neutral with one assumption back."""
    steps: dict[str, dict[str, Scenario]] = {NEUTRAL: {}}
    for arm, scenario in request.arms.items():
        neutral = neutralised(scenario)
        steps[NEUTRAL][arm] = neutral
        for name in assumptions_of(scenario):
            steps.setdefault(name, {})[arm] = with_assumption(neutral, scenario, name)
    return {name: {arm: arms.get(arm, steps[NEUTRAL][arm]) for arm in request.arms} for name, arms in steps.items()}


def explain(
    request: Request, done: Pairs, scheduler: Scheduler, progress: Progress, steps: dict[str, dict[str, Scenario]] | None = None
) -> pd.DataFrame:
    """Return the table (EXPLAIN_COLUMNS).

    Args:
        request: what is compared.
        done: the comparison's own pairs.
        scheduler: with the ledger, and what makes runs.
        progress: is told how many pairs are done, of how many.
        steps: the arms of each step, the neutral one first; all of `steps_of` unless given.

    Raises:
        RunFailed: if a pair failed twice: none is left out.
    """
    from experiments.comparison.stopping_rule import gather
    from experiments.runs.scheduler import counted

    pairs = min(EXPLAIN_PAIRS, len(done))
    steps = steps_of(request) if steps is None else steps
    total, found = len(steps) * pairs, {}
    for k, (name, arms) in enumerate(steps.items()):
        part = dataclasses.replace(request, arms=arms, pairs=pairs, until=None)
        found[name] = gather(part, scheduler, counted(progress, k * pairs, total))
    found[ALL] = done[:pairs]
    about = request.catalogue
    names = [m for m in about.in_order(done[0][request.reference].measures) if about[m].role != CONTEXT]
    rows = []
    for arm in request.order[1:]:
        for measure in names:
            rows += _rows(measure, arm=arm, reference=request.reference, found=found, pairs=pairs)
    return pd.DataFrame(rows, columns=EXPLAIN_COLUMNS)


def _rows(measure: str, arm: str, reference: str, found: dict[str, Pairs], pairs: int) -> list[tuple[object, ...]]:
    d = {name: values(there, arm, measure) - values(there, reference, measure) for name, there in found.items()}
    rows = [(measure, NEUTRAL, "What remains when no assumption favours a channel", NEUTRAL, arm, d[NEUTRAL])]
    singles = [name for name in found if name not in (NEUTRAL, ALL)]
    rows += [(measure, name, ASSUMPTIONS[name].title, ASSUMPTION, arm, d[name] - d[NEUTRAL]) for name in singles]
    added: np.ndarray = sum((d[name] - d[NEUTRAL] for name in singles), np.zeros(pairs))
    rows.append((measure, INTERACTION, "What the assumptions do together beyond their sum", INTERACTION, arm, d[ALL] - d[NEUTRAL] - added))
    rows.append((measure, ALL, "All together: the scenario as it is", ALL, arm, d[ALL]))
    out = []
    for *head, y in rows:
        there = y[np.isfinite(y)]
        out.append((*head, *paired.told_apart(paired.mean_interval(there), len(there)), len(there)))
    return out


def sentences(table: pd.DataFrame, arm: str, catalogue: Catalogue, pairs: int) -> list[str]:
    """Return in words how much of the primary difference is assumed, and where one assumption outweighs a whole difference.

    Args:
        table: EXPLAIN_COLUMNS.
        arm: of which it is said.
        catalogue: the measures.
        pairs: of the whole comparison, of which the table has the first.
    """
    mine = table[table.arm == arm]
    rows = mine[mine.measure == PRIMARY]
    if rows.empty:
        return ["The primary measure does not fit the horizon, so nothing is said about what it rests on."]
    neutral, whole = rows[rows.kind == NEUTRAL].iloc[0], rows[rows.kind == ALL].iloc[0]
    keeps = "the same sign as" if neutral.difference * whole.difference > 0.0 else "the opposite sign of"
    over = pairs_in_words(int(rows.pairs.max()), pairs)
    first = (
        f"{WITHOUT} any assumption that favours a channel, {named(arm)} changes intent success by {_in_words(neutral, catalogue)}, {keeps} the "
        f"{_in_words(whole, catalogue, of='')} with all of them, over {over}."
    )
    singles = rows[rows.kind == ASSUMPTION].sort_values("difference")
    parts = []
    for words, row, counts in (
        ("adds most", singles.iloc[-1], singles.iloc[-1].ci_low > 0.0),
        ("takes away most", singles.iloc[0], singles.iloc[0].ci_high < 0.0),
    ):
        if counts:
            parts.append(f"“{row.title}” {words} ({_in_words(row, catalogue, of='')})")
    second = [f"Alone, {' and '.join(parts)}."] if parts else ["No assumption alone changes it decidedly."]
    return [first, *second, *_outweighing(mine, catalogue)]


def _in_words(row: Any, catalogue: Catalogue, of: str = INTERVAL) -> str:
    return with_interval(**_scaled(row, catalogue), of=of)


def _estimate(row: Any, catalogue: Catalogue) -> str:
    return interval_parts(**_scaled(row, catalogue)).estimate


def _scaled(row: Any, catalogue: Catalogue) -> dict[str, Any]:
    scale, unit = scale_of(catalogue[row.measure].unit)
    return {"x": scale * row.difference, "low": scale * row.ci_low, "high": scale * row.ci_high, "unit": unit}


def turning(table: pd.DataFrame, arm: str, catalogue: Catalogue, over: str) -> list[str]:
    """Say which measures have the opposite decided sign without the assumptions that favour a channel, or that none has.

    Both signs are decided, so the intervals are left to the table: the sentence stands among the first, and is read in a breath.

    Args:
        table: EXPLAIN_COLUMNS, the rows with all assumptions and with none at least.
        arm: of which it is said.
        catalogue: the measures.
        over: the pairs on which that rests, in words.
    """
    found = []
    for name, part in table[table.arm == arm].groupby("measure", sort=False):
        bare, whole = (part[part.kind == kind].iloc[0] for kind in (NEUTRAL, ALL))
        if (bare.ci_high < 0.0 < whole.ci_low) or (whole.ci_high < 0.0 < bare.ci_low):
            turn = f"from {_estimate(whole, catalogue)} to {_estimate(bare, catalogue)}"
            found.append(f"{bracketed(catalogue[str(name)].title.lower())} {turn}")
    if not found:
        return [f"{WITHOUT} the assumptions that favour a channel no decided sign turns (over {over})."]
    these = f"sign of {'this' if len(found) == 1 else 'these'} turns"
    return [f"{WITHOUT} the assumptions that favour a channel the {these} (over {over}; both are decided): {listed(found)}."]


def _outweighing(rows: pd.DataFrame, catalogue: Catalogue) -> list[str]:
    """Say of other measures that one assumption alone does more than the whole difference, those first where it does most."""
    found = []
    for name, part in rows[rows.measure != PRIMARY].groupby("measure", sort=False):
        whole, singles = part[part.kind == ALL].iloc[0], part[part.kind == ASSUMPTION]
        alone = singles[(singles.difference.abs() > abs(whole.difference)) & ((singles.ci_low > 0.0) | (singles.ci_high < 0.0))]
        if alone.empty or not (whole.ci_low > 0.0 or whole.ci_high < 0.0):
            continue
        most = alone.loc[alone.difference.abs().idxmax()]
        both = f"{_in_words(most, catalogue, of='')} against {_in_words(whole, catalogue, of='')} of all together"
        words = f"“{most.title}” alone changes it by more than the whole difference: {both}"
        found.append((abs(most.difference / whole.difference), f"{bracketed(catalogue[str(name)].title)}: {words}."))
    return [line for _, line in sorted(found, reverse=True)[:MOST_OUTWEIGHED]]
