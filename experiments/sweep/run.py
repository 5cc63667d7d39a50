"""Run a sweep: its folder, its runs on any executor, its output files; the same bytes whether or not it was interrupted."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.reporting import run_folder
from experiments.runs.dask_cluster import Address
from experiments.runs.executors import executor
from experiments.runs.ledger import Ledger
from experiments.runs.study import Study
from experiments.runs.watch import SILENT, Watch
from experiments.sweep.plan import Sweep, load_sweep
from experiments.sweep.tables import RUNS, Swept, points_table, write_tables
from sim.errors import BadInput, must
from sim.version import differs_in

if TYPE_CHECKING:
    from experiments.runs.scheduler import Progress
    from experiments.runs.study import State

SWEEP, POINTS_FILE = "sweep.toml", "points.csv"
ELSEWHERE = "ledger.txt"  # where the ledger is, if it is not in the folder


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
            larger = f"{folder}, which holds it extended to {there.size} points with {there.pairs} pairs: --resume {folder} continues it"
            raise BadInput(must("--out", "hold no larger version of this sweep", larger))


def ledger_of(folder: Path, given: Path | None) -> Path:
    """Return the ledger of a sweep: the one given, or the one that it was run with, or its own."""
    note = folder / ELSEWHERE
    if given is not None:
        return given
    return Path(note.read_text(encoding="utf-8").strip()) if note.exists() else folder / run_folder.LEDGER


def write_plan(sweep: Sweep, folder: Path, ledger: Path) -> None:
    """Write what a sweep will do and where its runs are; the ledger must be locked by then, so that no other process writes here.

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
        raise BadInput(must("--out", "be a folder that you may write to", f"{folder}: {error.strerror}")) from None


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
        raise BadInput(must("", "be the folder of a `firstcontact sweep`", "no sweep in it", where=folder))
    sweep = load_sweep(folder / SWEEP)
    if sweep.digest != plan["plan"]:
        how = differs_in(plan.get("model", ""))
        other = f"{how}, whose runs are never mixed in: `firstcontact sweep {folder / SWEEP}` starts again"
        raise BadInput(must("", "be planned by this version of the model", other, where=folder))
    return sweep


def is_finished(folder: Path) -> bool:
    """Tell whether the tables of a folder are those of its runs for certain: the last thing written is there."""
    return (folder / run_folder.PROVENANCE).exists()


def _unfinish(folder: Path) -> None:
    """From now until `carry_out` ends the tables may be older than the runs."""
    (folder / run_folder.PROVENANCE).unlink(missing_ok=True)


def state_of(sweep: Sweep, ledger: Path) -> State:
    """Return how far a sweep is; nothing is run, and a process that runs it is not disturbed."""
    with Ledger(ledger, read_only=True) as book:
        return Study(sweep.request(), book, seeds=sweep.seeds).state(sweep.points(), sweep.pairs)


def perform(
    sweep: Sweep, folder: Path, book: Ledger, *, executor: Executor, ahead: int | Callable[[], int], threads: int, progress: Progress
) -> Swept:
    """Run what is missing and write the tables."""
    points = sweep.points()
    study = Study(sweep.request(threads), book, executor, ahead, seeds=sweep.seeds)
    state = study.state(points, sweep.pairs)
    if state.done < state.wanted:
        _unfinish(folder)
    study.run(points, sweep.pairs, progress)
    return write_tables(sweep, study, points, folder)


def carry_out(
    sweep: Sweep,
    folder: Path,
    ledger: Path,
    workers: int,
    *,
    threads: int = 1,
    dask: str | Address | None = None,
    retry: bool = False,
    watch: Watch = SILENT,
) -> tuple[Swept, list[str]]:
    """Run what a sweep lacks and write its output files; return what was seen and the answer.

    Args:
        sweep: the sweep.
        folder: made for it by `prepare`.
        ledger: where runs are found and left.
        workers: processes, unless there is a cluster.
        threads: of a run.
        dask: the address of a cluster.
        retry: whether runs that failed twice are tried again.
        watch: is told how far it is.
    """
    from experiments.sweep.report import write_report

    started = time.time()
    with Ledger(ledger) as book:
        write_plan(sweep, folder, ledger)
        if retry:
            forget_failures(sweep, book)
        with executor(workers, dask, watch) as (pool, ahead), watch.counted("pairs") as advance:
            swept = perform(sweep, folder, book, executor=pool, ahead=ahead, threads=threads, progress=advance)
        with watch.working("writing figures and the report"):
            answer = write_report(swept, folder)
            run_folder.write_provenance(
                folder, sweep.seed, started, {"points": len(swept.points), "pairs": sweep.pairs}, scenario=sweep.scenario
            )
    return swept, answer


def complete(sweep: Sweep, folder: Path, ledger: Path | None, workers: int, *, watch: Watch = SILENT) -> None:
    """Run what a sweep lacks and write its output files, unless all is there."""
    book = ledger_of(folder, ledger)
    if book.exists() and (folder / RUNS).exists() and is_finished(folder):
        state = state_of(sweep, book)
        if state.done + len(state.failed) >= state.wanted:
            return
    carry_out(sweep, folder, book, workers, watch=watch)


def forget_failures(sweep: Sweep, book: Ledger) -> None:
    """Let the runs that failed be tried again."""
    Study(sweep.request(), book, seeds=sweep.seeds).forget_failures(sweep.points(), sweep.pairs)
