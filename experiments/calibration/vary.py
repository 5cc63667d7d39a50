"""The elasticities of a calibration: runs on several workers, resumed from a ledger, and the files that tell what was found."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.calibration import elasticity_report as report
from experiments.calibration import table
from experiments.calibration.elasticities import MEMBERS, SEEDS, Elasticity, elasticities, sides_of
from experiments.calibration.moves import moves_of
from experiments.calibration.runs import FiguresScheduler, figures_in, jobs_of, make, usual_folder
from experiments.calibration.targets import still_of
from experiments.reporting.run_folder import LEDGER, write_table
from experiments.runs.executors import executor
from experiments.runs.ledger import Ledger
from experiments.runs.request import LEAST_MEMBERS
from experiments.runs.watch import SILENT, Watch
from sim.errors import BadInput, must

if TYPE_CHECKING:
    from experiments.calibration.elasticities import Sides
    from experiments.runs.dask_cluster import Address
    from sim.scenario.scenario import Scenario

TABLE = "elasticities.csv"


@dataclass(frozen=True)
class Varied:
    """What is asked: the runs, and where they are kept."""

    scenario: Scenario
    still: Scenario
    sides: list[Sides]
    runs: dict[str, tuple[Scenario, int]]
    folder: Path
    ledger: Path
    whole: bool  # whether all parameters are moved, at the usual size: then ODD.md shows it


def varied(scenario: Scenario, members: Sequence[int], parameters: Sequence[str], out: Path | None, ledger: Path | None) -> Varied:
    """Return what is asked, checked; nothing is written.

    Raises:
        BadInput: with what must be.
    """
    if len(members) > 1:
        raise BadInput(must("--members", "be one size with --elasticities", " ".join(map(str, members))))
    if members and members[0] < LEAST_MEMBERS:
        raise BadInput(must("--members", f"be at least {LEAST_MEMBERS} for a calibration", members[0]))
    still = still_of(scenario, members[0] if members else MEMBERS)
    sides, runs = sides_of(still, moves_of(still, parameters), SEEDS)
    folder = out or usual_folder("elasticities", still, " ".join(parameters))
    if folder.exists() and not folder.is_dir():
        raise BadInput(must("--out", "be a folder", f"{folder}, a file"))
    whole = scenario.name == "baseline" and not parameters and still.members == MEMBERS
    return Varied(scenario, still, sides=sides, runs=runs, folder=folder, ledger=ledger or folder / LEDGER, whole=whole)


def vary(asked: Varied, workers: int, dask: str | Address | None = None, watch: Watch = SILENT) -> tuple[list[Elasticity], list[str]]:
    """Make the runs that are missing, write what was found, and return it with lines that say so.

    `workers` and `dask` are told to `executor`. Errors as of that, the ledger and the scheduler.
    """
    with Ledger(asked.ledger) as book:
        jobs = list(jobs_of(asked.runs.values(), book))
        with executor(workers, dask, watch, needed=bool(jobs)) as (pool, ahead), watch.counted("runs") as advance:
            make(FiguresScheduler(book, pool, ahead), jobs, advance)
        figures = figures_in(book, asked.runs)
    found = elasticities(asked.sides, figures)
    line = report.line_of(found, asked.still.members, len(SEEDS), len(asked.runs) - len(figures))
    asked.folder.mkdir(parents=True, exist_ok=True)
    write_table(asked.folder / TABLE, report.as_frame(found))
    lines = [line, f"All of them: {asked.folder / TABLE}"]
    if asked.whole and table.is_checkout(table.ODD):
        lines.append(table.rewrite(table.ODD, (report.START, report.END), report.as_markdown(found, line)))
    return found, lines


def missing(asked: Varied) -> int:
    """Return how many runs are not in the ledger yet."""
    if not asked.ledger.exists():
        return len(asked.runs)
    with closing(Ledger(asked.ledger, read_only=True)) as book:
        return len(list(jobs_of(asked.runs.values(), book)))
