"""Which signs turn without the assumptions that favour a channel: said at once of the shipped scenario, whose differences are committed, else where it is asked.

What is committed lies beside the shipped draws, and names the key that they had when it was made: of another key it is refused, since the model or its
parameters have changed (`experiments.inference.shipped`).
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from experiments.comparison.explain import ALL, EXPLAIN_PAIRS, NEUTRAL, explain, steps_of, turning
from experiments.comparison.result import EXPLAIN_COLUMNS
from experiments.defaults import ARMS
from experiments.inference import shipped
from experiments.reporting.run_folder import read_table, write_table
from experiments.reporting.text import counted
from experiments.runs.keys import scenario_digest
from sim.scenario.assumptions import assumptions_of

if TYPE_CHECKING:
    from experiments.runs.request import Request
    from experiments.runs.scheduler import Progress, Scheduler

TABLE, KEY = "turning.csv", "key"  # the file, and its column that names the key of the draws
COLUMNS = [KEY, *EXPLAIN_COLUMNS]
NOT_ASKED = "Which signs turn without the assumptions that favour a channel was not asked: compare --explain does."


def said(request: Request, folder: Path = shipped.SHIPPED) -> dict[str, list[str]]:
    """Return by arm which signs turn, as far as that is known without a run, or, of the first of the others, that it was not asked.

    Nothing is said where there is no such assumption.
    """
    if not assumptions_of(request.scenario):
        return {}
    table = committed(request, folder)
    told: dict[str, list[str]] = {}
    for arm in request.order[1:]:
        if table is None or arm != ARMS[1]:
            told[arm] = [] if [NOT_ASKED] in told.values() else [NOT_ASKED]
        else:
            rows = table[table.measure.isin(list(request.catalogue))]
            told[arm] = turning(rows, arm, request.catalogue, over=f"{counted(int(table.pairs.max()), 'pair')}, which are shipped")
    return told


def committed(request: Request, folder: Path = shipped.SHIPPED) -> pd.DataFrame | None:
    """Return the committed differences (EXPLAIN_COLUMNS) with all assumptions and with none; None if these arms are others, or the table is refused."""
    if request.reference != ARMS[0] or not set(ARMS) <= set(request.arms) or refusals(folder):
        return None
    if {name: scenario_digest(request.arms[name]) for name in ARMS} != shipped.arms_of_key(folder):
        return None
    return read_table((folder / TABLE).read_bytes())[EXPLAIN_COLUMNS]


def refusals(folder: Path = shipped.SHIPPED) -> list[str]:
    """Return why the committed table is not beside its draws; nothing if it is. Whether those are of this model `shipped.refusals` says."""
    if not shipped.at_hand(folder) or not (folder / TABLE).is_file():
        return [f"there is no {TABLE} beside draws"]
    keys = set(read_table((folder / TABLE).read_bytes())[KEY])
    return [] if keys == {shipped.digest_of_key(folder)} else [f"{TABLE} was made beside other draws: `make assumptions` makes it again"]


def made(request: Request, scheduler: Scheduler, progress: Progress) -> pd.DataFrame:
    """Run the arms with all assumptions and with none, and return what `ship` commits (EXPLAIN_COLUMNS).

    Raises:
        RunFailed: if a pair failed twice: none is left out.
    """
    from experiments.comparison.stopping_rule import gather
    from experiments.runs.scheduler import counted as within

    first = dataclasses.replace(request, pairs=EXPLAIN_PAIRS, until=None)
    done = gather(first, scheduler, within(progress, 0, 2 * EXPLAIN_PAIRS))
    bare = {NEUTRAL: steps_of(first)[NEUTRAL]}
    return explain(first, done, scheduler, lambda at, _: progress(EXPLAIN_PAIRS + at, 2 * EXPLAIN_PAIRS), steps=bare)


def ship(table: pd.DataFrame, folder: Path = shipped.SHIPPED) -> None:
    """Commit of a table of assumptions (EXPLAIN_COLUMNS) the differences with all of them and with none, beside the draws of the folder."""
    kept = table[table.kind.isin([NEUTRAL, ALL])]
    write_table(folder / TABLE, kept.assign(**{KEY: shipped.digest_of_key(folder)})[COLUMNS].reset_index(drop=True))
