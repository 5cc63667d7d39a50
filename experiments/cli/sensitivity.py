"""`firstcontact sensitivity`."""

from __future__ import annotations

from typing import Annotated

import typer

from experiments.cli import console
from experiments.cli.analysis_options import Arms, LedgerAt, MeasureOf, Workers, analysis_from
from experiments.cli.app import app
from experiments.cli.options import Days, Json, Members, Network, Out, Quiet, Scenario_, Seed, WarmUp, compile_kernels
from sim.errors import BadInput

EVERY_MEMBERS = 3000  # with --all
MINUTES, EVERY_MINUTES = 10.0, 30.0


@app.command(epilog="Examples: firstcontact sensitivity | firstcontact sensitivity --parameters design.friction reply.base invitation.base | "
             "firstcontact sensitivity --all --budget 30 | firstcontact sensitivity --method sobol --parameters design.friction reply.base")  # fmt: skip
def sensitivity(
    scenario: Scenario_ = "baseline",
    method: Annotated[str, typer.Option(help="Screening, or indices on a surrogate.", metavar="morris|sobol")] = "morris",
    parameters: Annotated[list[str] | None, typer.Option(help="Numbers of the scenario, after one flag.", metavar="P Q ...")] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Screen the whole schema in groups, then open the largest; so it is without --parameters.")
    ] = False,
    arms: Arms = None,
    measure: MeasureOf = None,
    budget: Annotated[
        float | None, typer.Option(help="Minutes for the runs, what an answer needs in any case; 10, with --all 30.", metavar="MINUTES")
    ] = None,
    members: Members = None,
    days: Days = None,
    warm_up: WarmUp = None,
    network: Network = None,
    workers: Workers = None,
    seed: Seed = 1,
    ledger: LedgerAt = None,
    out: Out = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Find which assumptions the difference between two designs hangs on."""
    from experiments.analyses.sensitivity.analysis import analyse, check_method, factors_of
    from experiments.analyses.sensitivity.report import answer
    from experiments.optional_imports import needs

    if every and parameters:
        raise BadInput("--parameters: found beside --all; one of them would do")
    every = not parameters
    small = EVERY_MEMBERS if every and members is None and network is None else members
    minutes = budget if budget is not None else EVERY_MINUTES if every else MINUTES
    analysis = analysis_from(scenario, arms, measure, minutes, small, days, warm_up, network, workers, seed)
    factors = factors_of(analysis, parameters)
    check_method(method, factors, every=every)
    for package in ("SALib", "sklearn")[: 1 + (method == "sobol")]:
        needs(package, "sensitivity")
    folder = analysis.prepare("sensitivity", {"method": method, "parameters": [one.path for one in factors]}, out)
    compile_kernels(quiet=quiet)
    with console.progress("pairs", quiet=quiet) as advance:
        found = analyse(analysis, method, parameters, folder, ledger, advance)
    console.conclude(answer(found), folder / "report.html", {"folder": str(folder), **found.data} if as_json else None)
