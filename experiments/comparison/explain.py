"""How much of each difference is assumed: the neutral scenario, each assumption alone, and what is left to interaction."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.comparison.result import EXPLAIN_COLUMNS
from experiments.comparison.tables import values
from experiments.methods import paired
from sim.results.measures import CONTEXT, PRIMARY
from sim.scenario.assumptions import ASSUMPTIONS, assumptions_of, neutralised, with_assumption

if TYPE_CHECKING:
    from experiments.comparison.tables import Pairs
    from experiments.runs.request import Request
    from experiments.runs.scheduler import Progress, Scheduler
    from sim.scenario.scenario import Scenario

EXPLAIN_PAIRS = 10  # each step is a small paired change, which takes fewer pairs than the whole
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


def explain(request: Request, done: Pairs, scheduler: Scheduler, progress: Progress) -> tuple[pd.DataFrame, list[str]]:
    """Return the table (EXPLAIN_COLUMNS) and its message in words. `done` are the comparison's own pairs."""
    from experiments.comparison.stopping_rule import gather

    pairs = min(EXPLAIN_PAIRS, len(done))
    steps = steps_of(request)
    total, found = len(steps) * pairs, {}
    for k, (name, arms) in enumerate(steps.items()):
        part = dataclasses.replace(request, arms=arms, pairs=pairs, until=None)
        found[name] = gather(part, scheduler, lambda n, _, k=k: progress(k * pairs + n, total))  # type: ignore[misc]
    found[ALL] = done[:pairs]
    about = request.catalogue
    names = [m for m in about.in_order(done[0][request.reference].measures) if about[m].role != CONTEXT]
    rows = []
    for arm in request.order[1:]:
        for measure in names:
            rows += _rows(measure, arm, request.reference, found, pairs)
    table = pd.DataFrame(rows, columns=EXPLAIN_COLUMNS)
    return table, [sentence(table, arm) for arm in request.order[1:]]


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
        out.append((*head, *paired.mean_interval(there), len(there)))
    return out


def sentence(table: pd.DataFrame, arm: str) -> str:
    """Return in words how much of the primary difference is assumed, and by what most."""
    rows = table[(table.arm == arm) & (table.measure == PRIMARY)]
    if rows.empty:
        return "The primary measure does not fit the horizon, so nothing is said about what it rests on."
    neutral, whole = rows[rows.kind == NEUTRAL].iloc[0], rows[rows.kind == ALL].iloc[0]
    singles = rows[rows.kind == ASSUMPTION]
    strongest = singles.loc[singles.difference.abs().sort_values(ascending=False).index[:2]]
    parts = [f"“{r.title}” ({100 * r.difference:+.2f} points)" for r in strongest.itertuples()]
    keeps = "the same sign" if neutral.difference * whole.difference > 0.0 else "the opposite sign"
    return (
        f"Without any assumption that favours a channel, {arm.replace('_', '-')} changes intent success by "
        f"{100 * neutral.difference:+.2f} points ({100 * neutral.ci_low:+.2f} to {100 * neutral.ci_high:+.2f}), {keeps} as the "
        f"{100 * whole.difference:+.2f} points with all of them; most is added by {' and '.join(parts)}."
    )
