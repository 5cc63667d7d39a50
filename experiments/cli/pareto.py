"""`firstcontact pareto`."""

from __future__ import annotations

from experiments.cli import console
from experiments.cli.analysis_options import Budget, LedgerAt, Workers, analysis_from
from experiments.cli.app import app
from experiments.cli.options import Days, Json, Members, Out, Quiet, Scenario_, Seed, WarmUp, compile_kernels


@app.command(epilog="Examples: firstcontact pareto | firstcontact pareto --budget 60 --members 2000")
def pareto(
    scenario: Scenario_ = "baseline",
    budget: Budget = 20.0,
    members: Members = None,
    days: Days = None,
    warm_up: WarmUp = None,
    workers: Workers = None,
    seed: Seed = 1,
    ledger: LedgerAt = None,
    out: Out = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Search designs and limits for response without load, and confirm what is found on fresh luck."""
    from experiments.analyses.pareto.analysis import check, search
    from experiments.analyses.pareto.design_space import DESIGN_VARIABLES
    from experiments.analyses.pareto.report import answer
    from experiments.optional_imports import needs

    analysis = analysis_from(scenario, None, None, budget, members, days, warm_up, None, workers, seed)
    check(analysis)
    needs("pymoo", "pareto")
    folder = analysis.prepare("pareto", {"searched": [list(one) for one in DESIGN_VARIABLES]}, out)
    compile_kernels(quiet=quiet)
    with console.progress("pairs", quiet=quiet) as advance:
        found = search(analysis, folder, ledger, advance)
    console.conclude(answer(found), folder / "report.html", {"folder": str(folder), **found.data} if as_json else None)
