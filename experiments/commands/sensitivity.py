"""`firstcontact sensitivity`."""

from __future__ import annotations

from typing import Annotated

import typer

from experiments import console
from experiments.commands import app
from experiments.commands.inquiries import Arms, Budget, LedgerAt, MeasureOf, Workers, inquiry_from
from experiments.commands.options import Days, Json, Members, Out, Quiet, Scenario_, Seed, WarmUp, compile_kernels
from sim.errors import BadInput

EVERY_MEMBERS = 3000  # with --all


@app.command(epilog="Examples: firstcontact sensitivity --parameters design.friction reply.base invitation.base | "
             "firstcontact sensitivity --all --budget 30 | firstcontact sensitivity --method sobol --parameters design.friction reply.base")  # fmt: skip
def sensitivity(
    scenario: Scenario_ = "baseline",
    method: Annotated[str, typer.Option(help="Screening, or indices on a surrogate.", metavar="morris|sobol")] = "morris",
    parameters: Annotated[list[str] | None, typer.Option(help="Numbers of the scenario, after one flag.", metavar="P Q ...")] = None,
    every: Annotated[bool, typer.Option("--all", help="Screen the whole schema in groups, then open the largest.")] = False,
    arms: Arms = None,
    measure: MeasureOf = None,
    budget: Budget = 10.0,
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
    """Find which assumptions the difference between two designs hangs on."""
    from experiments.methods.extras import needs
    from experiments.sensitivity import analyse, check_method, factors_of

    if every == bool(parameters):
        raise BadInput("--parameters or --all: found none, or both; numbers such as design.friction reply.base, or --all, would do")
    small = EVERY_MEMBERS if every and members is None else members
    inquiry = inquiry_from(scenario, arms, measure, budget, small, days, warm_up, None, workers, seed)
    factors = factors_of(inquiry, parameters)
    check_method(method, factors, every=every)
    for package in ("SALib", "sklearn")[: 1 + (method == "sobol")]:
        needs(package, "sensitivity")
    folder = inquiry.prepare("sensitivity", {"method": method, "parameters": [one.path for one in factors]}, out)
    compile_kernels(quiet=quiet)
    with console.progress("pairs", quiet=quiet) as advance:
        found = analyse(inquiry, method, parameters, folder, ledger, advance)
    console.conclude(found.answer, folder / "report.html", {"folder": str(folder), **found.data} if as_json else None)
