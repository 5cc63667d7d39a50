"""The answer without the targets that were measured in other populations: what students, e-mail and dating fixed is set free."""

from __future__ import annotations

import dataclasses
import functools
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from experiments import calibration
from experiments.comparison.answer import bracketed
from experiments.comparison.result import POPULATION_COLUMNS, pairs_in_words
from experiments.comparison.stopping_rule import gather
from experiments.comparison.tables import differences
from experiments.methods import paired
from experiments.reporting.text import INTERVAL, named, scale_of, with_interval
from experiments.runs.scheduler import counted
from sim.results.measures import PRIMARY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.comparison.tables import Pairs
    from experiments.runs.request import Request
    from experiments.runs.scheduler import Progress, Scheduler
    from sim.results.measures import Catalogue
    from sim.scenario.scenario import Scenario

FILE = Path(calibration.__file__).with_name("without.toml")
WITH, WITHOUT = "all", "without other populations"


@functools.cache
def changes() -> Mapping[str, float]:
    """Return the numbers that only other populations fix, as they are without them."""
    with FILE.open("rb") as stream:
        return dict(tomllib.load(stream)["changes"])


def arms_without(request: Request) -> dict[str, Scenario]:
    """Return the arms without what only other populations fix, from the first day on."""
    return {arm: scenario.with_(**changes()) for arm, scenario in request.arms.items()}


def with_and_without(request: Request, done: Pairs, scheduler: Scheduler, progress: Progress) -> pd.DataFrame:
    """Run the arms without it, on as many pairs as are `done`; return each difference with and without, POPULATION_COLUMNS."""
    part = dataclasses.replace(request, arms=arms_without(request), pairs=len(done), until=None)
    without = gather(part, scheduler, counted(progress, 0, len(done)))
    return table_of({WITH: done, WITHOUT: without}, request.order, request.catalogue)


def table_of(found: Mapping[str, Pairs], order: list[str], catalogue: Catalogue) -> pd.DataFrame:
    """Return the differences by targets, POPULATION_COLUMNS; a measure that one of the two lacks is left out."""
    rows: list[tuple[Any, ...]] = []
    for arm, name, both in differences([*found.values()], order, catalogue):
        for targets, d in zip(found, both, strict=True):
            rows.append((name, arm, targets, *paired.told_apart(paired.mean_interval(d), len(d)), len(d)))
    return pd.DataFrame(rows, columns=POPULATION_COLUMNS)


def sentences(table: pd.DataFrame, arm: str, catalogue: Catalogue, pairs: int) -> list[str]:
    """Return in words what the answer is without them, and which decided signs turn.

    Args:
        table: POPULATION_COLUMNS.
        arm: of which it is said.
        catalogue: the measures.
        pairs: of the whole comparison, of which the table has the first.
    """
    mine = table[table.arm == arm]
    both = {str(name): part.set_index("targets") for name, part in mine.groupby("measure", sort=False)}
    if PRIMARY not in both:
        return []

    def told(name: str, targets: str, of: str = "") -> str:
        row, (scale, unit) = both[name].loc[targets], scale_of(catalogue[name].unit)
        return with_interval(*(scale * x for x in (row.difference, row.ci_low, row.ci_high)), unit=unit, of=of)

    turned = [name for name, part in both.items() if name != PRIMARY and _turns(part)]
    over = pairs_in_words(int(both[PRIMARY].pairs.max()), pairs)
    first = (
        f"Without what only patterns of other populations fix (students' messages, e-mail, online dating), {named(arm)} changes intent "
        f"success by {told(PRIMARY, WITHOUT, of=INTERVAL)}; with it by {told(PRIMARY, WITH)}; over {over}."
    )
    if not turned:
        return [first, "No other decided sign turns without those patterns."]
    parts = [f"{bracketed(catalogue[name].title.lower())}, from {told(name, WITH)} to {told(name, WITHOUT)}" for name in turned]
    return [first, f"Without those patterns the sign of {'this turns' if len(parts) == 1 else 'these turns'}: {'; '.join(parts)}."]


def _turns(part: pd.DataFrame) -> bool:
    """Tell whether both differences of a measure are decided, with opposite signs."""
    a, b = part.loc[WITH], part.loc[WITHOUT]
    return bool(a.ci_low > 0.0 > b.ci_high or a.ci_high < 0.0 < b.ci_low)
