"""From a sweep's runs to tables, point by point: there may be millions of runs, so none is kept in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.comparison.result import RUN_COLUMNS, SUMMARY_COLUMNS
from experiments.reporting import run_folder
from experiments.reporting.text import too_small
from experiments.runs.draws import FILE as DRAWS
from experiments.runs.draws import Called
from experiments.runs.keys import members_of
from experiments.runs.study import Point, Study, complete
from experiments.sweep.plan import CALLED, Sweep

if TYPE_CHECKING:
    import pandas as pd

    from experiments.runs.study import Found
    from sim.scenario.scenario import Scenario

SWEEP, POINTS_FILE, WORLDS = "sweep.toml", "points.csv", "worlds.csv"
RUNS, SUMMARY, FAILURES = "runs.csv", "summary.csv", "failures.csv"
MANY = 20_000  # rows


@dataclass(frozen=True)
class Swept:
    """A sweep with what was seen: one summary over all points, and what failed."""

    sweep: Sweep
    points: list[Point]
    summary: pd.DataFrame  # "point" and SUMMARY_COLUMNS
    failed: dict[tuple[int, int, str], str]


def world_a_point(called: Called) -> str:
    """Return in sentences what a point is where draws say what is not varied, and what these draws are."""
    one = f"{'a' if called.fit else 'an'} {called.one}"
    first = (
        f"At each point the parameters that are not varied are those of {one} (worlds.csv): what differs between points differs by both."
    )
    return " ".join([first, *called.sentences])


def points_table(points: list[Point], names: Sequence[str] | None = None) -> pd.DataFrame:
    """Return a row a point: its number and its values, or those of some parameters: of what is varied, where draws say the others."""
    import pandas as pd

    rows = [one.values if names is None else {path: one.values[path] for path in names} for one in points]  # noqa: PD011  (of a Point)
    return pd.DataFrame([{"point": one.number} | row for one, row in zip(points, rows, strict=True)])


def worlds_table(sweep: Sweep) -> pd.DataFrame:
    """Return a row a point: its number, the draw that its world is, and what that says of the other parameters."""
    import pandas as pd

    assert sweep.draws is not None  # noqa: S101  (only called with draws)
    numbers = range(1, sweep.size + 1)
    return pd.DataFrame([{"point": k, "draw": sweep.draws.world_of(sweep.seed, k).number, **sweep.held(k)} for k in numbers])


def few_members(scenario: Scenario, lowest: Mapping[str, float]) -> list[str]:
    """Return that nothing follows from few members, if a sweep's smallest runs have so few.

    Args:
        scenario: that the points depart from.
        lowest: the lowest value of each parameter that is varied; or of "members", where they are known.
    """
    note = too_small(int(lowest["members"]) if "members" in lowest else members_of(scenario))
    return [note] if note else []


def write_form(sweep: Sweep, folder: Path) -> None:
    """Write what a sweep does: its file, its scenario, its points."""
    run_folder.write_text(folder / run_folder.SCENARIO, sweep.scenario.to_toml())
    run_folder.write_table(folder / POINTS_FILE, points_table(sweep.points(), sweep.varied))
    if sweep.draws is not None:
        run_folder.write_table(folder / DRAWS, sweep.draws.table())
        facts = {"plan": sweep.digest, **sweep.draws.called.data, "more": list(sweep.draws.called.more)}
        run_folder.write_text(folder / CALLED, json.dumps(facts, indent=2) + "\n")
        run_folder.write_table(folder / WORLDS, worlds_table(sweep))
    run_folder.write_text(folder / SWEEP, sweep.to_toml())


def failures_table(failed: dict[tuple[int, int, str], str]) -> pd.DataFrame:
    """Return a row a run that failed twice."""
    import pandas as pd

    rows = [(*where, error) for where, error in failed.items()]
    return pd.DataFrame(rows, columns=["point", "pair", "arm", "error"])


def write_tables(sweep: Sweep, study: Study, points: list[Point], folder: Path) -> Swept:
    """Write every run, a summary for each point, and what failed; runs are read point by point, so that they need no memory."""
    import pandas as pd

    from experiments.comparison.tables import LEAST_PAIRS, summary_rows

    arms, least = list(sweep.arms), min(LEAST_PAIRS, sweep.pairs)
    waiting: list[tuple[Any, ...]] = []  # rows of the summary, which take more memory than in a table
    parts: list[pd.DataFrame] = []

    def put_by() -> None:
        parts.append(pd.DataFrame(waiting, columns=["point", *SUMMARY_COLUMNS]))
        waiting.clear()

    def runs() -> Iterator[tuple[Any, ...]]:
        for point, found in zip(points, study.records(points, sweep.pairs), strict=True):
            if pairs := complete(found):
                waiting.extend(
                    (point.number, *row)
                    for row in summary_rows(pairs, arms=arms, reference=sweep.reference, least=least, catalogue=sweep.catalogue)
                )
                yield from _runs(study, point, found, arms)
            if len(waiting) >= MANY:
                put_by()

    run_folder.write_rows(folder / RUNS, ["point", *RUN_COLUMNS], runs())
    if waiting or not parts:
        put_by()
    summary = pd.concat(parts, ignore_index=True)
    run_folder.write_table(folder / SUMMARY, summary)
    failed = study.state(points, sweep.pairs).failed
    if failed:
        run_folder.write_table(folder / FAILURES, failures_table(failed))
    else:
        (folder / FAILURES).unlink(missing_ok=True)
    return Swept(sweep, points, summary, failed)


def _runs(study: Study, point: Point, found: Found, arms: list[str]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a point as cells: there are millions, too many for a table of each point."""
    from experiments.comparison.tables import run_rows

    safe = {arm: run_folder.safe_cell(arm) for arm in arms}
    for r, pair in enumerate(found, 1):
        if pair is not None:
            for row in run_rows(r, seeds=study.seeds(point, r), pair=pair, arms=arms, catalogue=study.request.catalogue):
                figures = [x if x is not None and isfinite(x) else None for x in row[-3:]]
                yield (point.number, *row[:3], safe[row[3]], *row[4:-3], *figures)
