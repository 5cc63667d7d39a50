"""Run a sensitivity analysis: checks, runs, writes, and returns the answer."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from experiments.analyses.base import Analysis, Outcome
from experiments.analyses.sensitivity.analysis import SOBOL, analyse, check_method, factors_of
from experiments.analyses.sensitivity.report import answer, write
from experiments.optional_imports import needs
from experiments.runs.study import COMMON, NEW
from experiments.runs.watch import SILENT, Watch, compile_kernels


def sensitivity(
    analysis: Analysis,
    method: str,
    parameters: Sequence[str] | None = None,
    out: Path | None = None,
    ledger: Path | None = None,
    watch: Watch = SILENT,
) -> Outcome:
    """Find the assumptions to which the difference between two arms is most sensitive.

    Args:
        analysis: the question, checked.
        method: "morris" screens, "sobol" takes variance-based indices of a surrogate.
        parameters: paths of the parameters to vary; all that are assumptions unless given, screened in groups first.
        out: the folder; one named by the plan unless given.
        ledger: where runs are found and left; the folder's own unless given.
        watch: is told how far it is.

    Raises:
        BadInput: if it cannot be answered so, or the folder holds something else.
    """
    factors = factors_of(analysis, parameters)
    check_method(method, factors, every=not parameters)
    for package in ("SALib", "sklearn")[: 1 + (method == SOBOL)]:
        needs(package, "sensitivity")
    folder = analysis.prepare("sensitivity", {"method": method, "parameters": [one.path for one in factors]}, out)
    compile_kernels(watch)
    started, budget = time.time(), analysis.budget(folder)
    with watch.counted("pairs") as advance, analysis.study(folder, ledger, NEW if method == SOBOL else COMMON) as study:
        result = analyse(analysis, method, factors, study=study, budget=budget, progress=advance, every=not parameters)
    budget.save()
    write(result, folder)
    analysis.finish(folder, started)
    return Outcome(answer(result), folder, result.data)
