"""Run a search over designs: checks, runs, writes, and returns the answer."""

from __future__ import annotations

import time
from pathlib import Path

from experiments.analyses.base import Analysis, Outcome
from experiments.analyses.pareto.analysis import check, search
from experiments.analyses.pareto.design_space import DESIGN_VARIABLES
from experiments.analyses.pareto.report import answer, write
from experiments.optional_imports import needs
from experiments.reporting import run_folder
from experiments.runs import processes
from experiments.runs.ledger import Ledger
from experiments.runs.watch import SILENT, Watch, compile_kernels


def pareto(analysis: Analysis, out: Path | None = None, ledger: Path | None = None, watch: Watch = SILENT) -> Outcome:
    """Search designs and limits for response without load.

    Args:
        analysis: the question, checked.
        out: the folder; one named by the plan unless given.
        ledger: where runs are found and left; the folder's own unless given.
        watch: is told how far it is.

    Raises:
        BadInput: if it cannot be answered, or the folder holds something else.
    """
    check(analysis)
    needs("pymoo", "pareto")
    folder = analysis.prepare("pareto", {"searched": [list(one) for one in DESIGN_VARIABLES]}, out)
    compile_kernels(watch)
    started, budget = time.time(), analysis.budget(folder)
    with (
        watch.counted("pairs") as advance,
        Ledger(ledger or folder / run_folder.LEDGER) as book,
        processes.processes(analysis.workers) as pool,
    ):
        found = search(analysis, budget, ledger=book, pool=pool, progress=advance)
    write(found, folder)
    analysis.finish(folder, started)
    return Outcome(answer(found), folder, found.data)
