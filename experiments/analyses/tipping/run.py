"""Find a tipping point: checks, runs, writes, and returns the answer."""

from __future__ import annotations

import time
from pathlib import Path

from experiments.analyses.base import Analysis, Outcome
from experiments.analyses.tipping.analysis import chosen_range, tip
from experiments.analyses.tipping.report import answer, write
from experiments.runs.watch import SILENT, Watch, compile_kernels


def tipping(
    analysis: Analysis,
    parameter: str,
    given: tuple[float, float] | None = None,
    out: Path | None = None,
    ledger: Path | None = None,
    watch: Watch = SILENT,
) -> Outcome:
    """Find the value of a parameter at which the winner changes.

    Args:
        analysis: the question, checked.
        parameter: path of the parameter.
        given: where to look; the schema's bounds unless given.
        out: the folder; one named by the plan unless given.
        ledger: where runs are found and left; the folder's own unless given.
        watch: is told how far it is.

    Raises:
        BadInput: if it cannot be answered, or the folder holds something else.
    """
    low, high = chosen_range(analysis.factor(parameter), given)
    folder = analysis.prepare("tipping", {"parameter": parameter, "range": [low, high]}, out)
    compile_kernels(watch)
    started, budget = time.time(), analysis.budget(folder)
    with watch.counted("pairs") as advance, analysis.study(folder, ledger) as study:
        result = tip(analysis, parameter, low, high, study=study, budget=budget, progress=advance)
    budget.save()
    write(result, folder)
    analysis.finish(folder, started)
    return Outcome(answer(result), folder, result.data)
