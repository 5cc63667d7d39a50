"""The asked test at the draws of a calibration: two populations at each, and how far its bias goes over these worlds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.abtest.findings import Findings
from experiments.abtest.metrics import METRICS
from experiments.abtest.question import WORLD, Panel, Question, reading_of
from experiments.comparison.worlds import PAIRS
from experiments.defaults import ABTEST_MEMBERS
from experiments.inference.conditions import draws_for
from experiments.methods.worlds import Range, range_over
from experiments.reporting.text import UNTOLD, counted
from experiments.runs.request import Request

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ["metric", "quantity", "low", "high", "same_sign", "worlds", "told"]
QUANTITIES = ("launch", "bias")


class Over(NamedTuple):
    """What launching does over worlds, and by how much the test misses it; in units of the metric."""

    launch: Range
    bias: Range
    control: float  # what a unit has under control, the mean over worlds


def at_draws(question: Question, given: str | Path | None, many: int) -> Question:
    """Return a question that is also asked at the first draws of a file, or of a calibration's folder; the same without one.

    Raises:
        BadInput: if it is no table of draws for this scenario, in a line that names file and column.
    """
    members = question.main.members and min(question.main.members, ABTEST_MEMBERS)
    scenario = question.scenario if members is None else question.scenario.with_(members=members)  # as large as it is tested there
    arms = {name: scenario.with_design(name) for name in question.arms}
    found = draws_for(given, Request(scenario, arms, question.arms[0]))
    if found is None:
        return question
    more = [
        Panel(f"{WORLD} {point.number}", members, replicates=PAIRS, schemes=(question.by,), at=tuple(sorted(point.values.items())))  # noqa: PD011  (of no table)
        for point in found.taken(many)
    ]
    return replace(question, panels=(*question.panels, *more), source=found.source, called=found.called)


def seconds_of(question: Question, known: Mapping[str, float]) -> dict[str, float]:
    """Return the seconds of a replicate at each draw, by those of the main panel: they go with members and runs."""
    main = question.main
    runs = (2 + question.draws) / (2 + sum(map(question.draws_of, main.schemes)))
    return {one.name: known[main.name] * runs * (one.members or 1) / (main.members or 1) for one in question.worlds}


def over_worlds(f: Findings, metric: str) -> Over | None:
    """Return the range of a metric's effect and of the asked test's bias; None where it is asked at no draws or cannot be estimated."""
    q, e = f.question, f.estimates
    credit, estimator = reading_of(q, q.by)
    here = e[(e.scheme == q.by) & (e.metric == metric) & (e.credit == credit) & (e.estimator == estimator)] if q.worlds else e[:0]
    launch, bias, controls = [], [], []
    for panel in q.worlds:
        each = here[here.panel == panel.name].groupby("replicate")
        of = each[["estimate", "launch"]].mean()
        launch.append(of.launch.to_list())
        bias.append((of.estimate - of.launch).to_list())
        row = f.summary[(f.summary.panel == panel.name) & (f.summary.metric == metric)].iloc[0]
        controls.append(float(row.control))
    if not launch or not np.isfinite(np.array(bias)).any():
        return None
    levels = np.array(controls)
    return Over(range_over(np.array(launch), levels), range_over(np.array(bias), levels), float(levels.mean()))


def worlds_table(f: Findings) -> pd.DataFrame:
    """Return a row a metric and quantity: its range over worlds, the share of worlds with the sign of the mean (`worlds.csv`)."""
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for metric in METRICS:
        found = over_worlds(f, metric)
        for name in QUANTITIES if found else ():
            r: Range = getattr(found, name)
            row = (metric, name, r.low, r.high, r.share, r.worlds, r.told if math.isfinite(r.low) else False)
            rows.append(dict(zip(COLUMNS, row, strict=True)))
    return pd.DataFrame(rows, columns=COLUMNS)


def sentences(f: Findings) -> list[str]:
    """Return in words how far the launch and the test's bias go over worlds, and what these are; nothing where it is asked at no draws."""
    metric = f.question.better
    found = over_worlds(f, metric)
    if found is None or not math.isfinite(found.launch.low) or not found.control:
        return []
    parts = [
        f"{name} {_span(r, found.control)}"
        for name, r in (("launching changes", found.launch), ("and such a test misses that by", found.bias))
    ]
    start = f"Over {counted(found.bias.worlds, f.question.called.one)} ({f.question.source}), in % of the control,"
    middle = f"{parts[0].replace('changes', f'changes {METRICS[metric].title.lower()} by')} {parts[1]} points"
    if not found.bias.told:
        return [f"{start} {middle}; in their bias, worlds {UNTOLD}.", *f.question.called.sentences]
    turned = round((1.0 - found.bias.share) * found.bias.worlds)
    told = "in all of them the bias has the same sign" if not turned else f"in {turned} of them the bias has the other sign"
    return [f"{start} {middle}; {told}.", *f.question.called.sentences]


def _span(r: Range, control: float) -> str:
    low, high = sorted(100.0 * x / abs(control) for x in (r.low, r.high))
    return f"{low:+.1f} to {high:+.1f}"
