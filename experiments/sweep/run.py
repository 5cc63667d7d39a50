"""A sweep run: its folder, its runs on any executor, and the tables that it leaves; the same bytes whether or not it was interrupted."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.comparison.result import RUN_COLUMNS, SUMMARY_COLUMNS
from experiments.reporting import run_folder
from experiments.runs.ledger import Ledger
from experiments.runs.study import Point, Progress, Study, complete
from experiments.sweep.plan import Sweep, load_sweep
from sim.errors import BadInput

if TYPE_CHECKING:
    import pandas as pd

    from experiments.runs.study import Found, State

SWEEP, POINTS_FILE, RUNS, SUMMARY, FAILURES = "sweep.toml", "points.csv", "runs.csv", "summary.csv", "failures.csv"
MANY = 20_000  # rows
ELSEWHERE = "ledger.txt"  # where the ledger is, if it is not in the folder


@dataclass(frozen=True)
class Swept:
    """A sweep with what was seen: one summary over all points, and what failed."""

    sweep: Sweep
    points: list[Point]
    summary: pd.DataFrame  # "point" and SUMMARY_COLUMNS
    failed: dict[tuple[int, int, str], str]


def default_folder(sweep: Sweep) -> Path:
    """Return where a sweep goes unless told otherwise."""
    name = re.sub(r"[^\w-]+", "-", sweep.name)[:60]
    return Path("results") / f"{name}-{sweep.digest}"


def prepare(sweep: Sweep, folder: Path) -> None:
    """Make the folder for a sweep, or find it holding the same one, no larger.

    Raises:
        BadInput: if it holds another plan or more of this one, or cannot be written.
    """
    plan = {"command": "sweep", "plan": sweep.digest, "arms": list(sweep.arms), "reference": sweep.reference, "seed": sweep.seed}
    run_folder.prepare_folder(folder, plan)
    if (folder / SWEEP).exists():
        there = load_sweep(folder / SWEEP)
        if there.size > sweep.size or there.pairs > sweep.pairs:
            raise BadInput(
                f"--out {folder}: holds this sweep extended to {there.size} points with {there.pairs} pairs; --resume {folder} goes on with it"
            )


def ledger_of(folder: Path, given: Path | None) -> Path:
    """Return the ledger of a sweep: the one given, or the one that it was run with, or its own."""
    note = folder / ELSEWHERE
    if given is not None:
        return given
    return Path(note.read_text(encoding="utf-8").strip()) if note.exists() else folder / run_folder.LEDGER


def write_plan(sweep: Sweep, folder: Path, ledger: Path) -> None:
    """Write what a sweep will do and where its runs are; the ledger must be locked by then, so that nobody else is at work here.

    Raises:
        BadInput: if that cannot be written.
    """
    try:
        if not (folder / SWEEP).exists() or (folder / SWEEP).read_text(encoding="utf-8") != sweep.to_toml():
            _unfinish(folder)
        if ledger.absolute() == (folder / run_folder.LEDGER).absolute():
            (folder / ELSEWHERE).unlink(missing_ok=True)
        else:
            run_folder.write_text(folder / ELSEWHERE, f"{ledger.absolute()}\n")
        run_folder.write_text(folder / run_folder.SCENARIO, sweep.scenario.to_toml())
        run_folder.write_table(folder / POINTS_FILE, points_table(sweep.points()))
        run_folder.write_text(folder / SWEEP, sweep.to_toml())
    except OSError as error:
        raise BadInput(f"--out {folder}: cannot be written ({error.strerror}); a folder of your own would do") from None


def opened(folder: Path) -> Sweep:
    """Return the sweep of a folder, as it was planned last.

    Raises:
        BadInput: if it holds none, or one of another version of the model.
    """
    try:
        plan = json.loads((folder / run_folder.PLAN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        plan = {}
    if plan.get("command") != "sweep":
        raise BadInput(f"{folder}: holds no sweep; the folder of `firstcontact sweep` would do")
    sweep = load_sweep(folder / SWEEP)
    if sweep.digest != plan["plan"]:
        raise BadInput(
            f"{folder}: planned by another version of the model, whose runs are never mixed in; `firstcontact sweep {folder / SWEEP}` begins anew"
        )
    return sweep


def is_finished(folder: Path) -> bool:
    """Tell whether the tables of a folder are surely those of its runs: the last thing written is there."""
    return (folder / run_folder.PROVENANCE).exists()


def _unfinish(folder: Path) -> None:
    """From now until `finish` the tables may be older than the runs."""
    (folder / run_folder.PROVENANCE).unlink(missing_ok=True)


def points_table(points: list[Point]) -> pd.DataFrame:
    """Return a row a point: its number and its values."""
    import pandas as pd

    return pd.DataFrame([{"point": point.number} | point.values for point in points])  # noqa: PD011  (of a Point)


def state_of(sweep: Sweep, ledger: Path) -> State:
    """Return how far a sweep is; nothing is run, and a process that runs it is not disturbed."""
    with Ledger(ledger, read_only=True) as book:
        return Study(sweep.request(), book, seeds=sweep.seeds).state(sweep.points(), sweep.pairs)


def perform(
    sweep: Sweep, folder: Path, book: Ledger, executor: Executor, ahead: int | Callable[[], int], threads: int, progress: Progress
) -> Swept:
    """Run what is missing and write the tables."""
    points = sweep.points()
    study = Study(sweep.request(threads), book, executor, ahead, seeds=sweep.seeds)
    state = study.state(points, sweep.pairs)
    if state.done < state.wanted:
        _unfinish(folder)
    study.run(points, sweep.pairs, progress)
    return write_tables(sweep, study, points, folder)


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
                waiting.extend((point.number, *row) for row in summary_rows(pairs, arms, sweep.reference, least))
                yield from _runs(study, point, found, arms)
            if len(waiting) >= MANY:
                put_by()

    run_folder.write_rows(folder / RUNS, ["point", *RUN_COLUMNS], runs())
    if waiting or not parts:
        put_by()
    summary = pd.concat(parts, ignore_index=True)
    run_folder.write_table(folder / SUMMARY, summary)
    failed = study.state(points, sweep.pairs).failed
    rows = [(*where, error) for where, error in failed.items()]
    if rows:
        run_folder.write_table(folder / FAILURES, pd.DataFrame(rows, columns=["point", "pair", "arm", "error"]))
    else:
        (folder / FAILURES).unlink(missing_ok=True)
    return Swept(sweep, points, summary, failed)


def _runs(study: Study, point: Point, found: Found, arms: list[str]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a point as cells: there are millions, too many for a table of each point."""
    from experiments.comparison.tables import run_rows

    safe = {arm: run_folder.safe_cell(arm) for arm in arms}
    for r, pair in enumerate(found, 1):
        if pair is not None:
            for row in run_rows(r, study.seeds(point, r), pair, arms):
                figures = [x if x is not None and isfinite(x) else None for x in row[-3:]]
                yield (point.number, *row[:3], safe[row[3]], *row[4:-3], *figures)


def finish(swept: Swept, folder: Path, started: float) -> list[str]:
    """Write figures, report and provenance; return the answer."""
    from experiments.sweep.report import write_report

    answer = write_report(swept, folder)
    told = run_folder.provenance(swept.sweep.seed, started, {"points": len(swept.points), "pairs": swept.sweep.pairs})
    run_folder.write_text(folder / run_folder.PROVENANCE, json.dumps(told, indent=2) + "\n")
    return answer


def forecast(sweep: Sweep, workers: int) -> dict[str, Any]:
    """Return points, runs, seconds and bytes of a sweep, with lines that say so; a small pilot is run."""
    from experiments.comparison.forecast import PILOT_MEMBERS, duration, memory_of, shrunk
    from experiments.runs.keys import pair_seeds
    from experiments.runs.processes import run_pair

    small = {name: shrunk(arm) for name, arm in sweep.arms.items()}
    run_pair(small, *pair_seeds(sweep.seed, 1), 1)  # the first loads the kernels
    started = time.perf_counter()
    run_pair(small, *pair_seeds(sweep.seed, 2), 1)
    members = sweep.scenario.members if not sweep.scenario.network_file else PILOT_MEMBERS
    each = (time.perf_counter() - started) * max(1.0, members / PILOT_MEMBERS)
    runs = sweep.size * sweep.pairs * len(sweep.arms)
    seconds, memory = each * sweep.size * sweep.pairs / workers, workers * memory_of(members)
    lines = [
        (
            f"{sweep.size} points with {sweep.pairs} pairs of {len(sweep.arms)} arms: {runs} runs of {sweep.scenario.warm_up + sweep.scenario.days} days "
            f"on {workers} workers, about {duration(seconds)} and at most {memory / 1e9:.1f} GB."
        ),
        "Points that turn volumes or degrees up take longer than the pilot, which ran the scenario itself.",
    ]
    return {"points": sweep.size, "runs": runs, "seconds": seconds, "hours": seconds / 3600.0, "bytes": memory, "lines": lines}


def forget_failures(sweep: Sweep, book: Ledger) -> None:
    """Let the runs that failed be tried anew."""
    Study(sweep.request(), book, seeds=sweep.seeds).forget_failures(sweep.points(), sweep.pairs)
