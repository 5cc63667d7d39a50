"""`firstcontact tipping`."""

from __future__ import annotations

from typing import Annotated

import typer

from experiments.cli import console
from experiments.cli.analysis_options import Arms, Budget, LedgerAt, MeasureOf, Workers, analysis_from
from experiments.cli.app import app
from experiments.cli.options import Days, Json, Members, Network, Out, Quiet, Scenario_, Seed, WarmUp, compile_kernels


@app.command(epilog="Examples: firstcontact tipping design.friction | firstcontact tipping reply.base --range -4 -1 --budget 5 | "
             "firstcontact tipping styles.seller.intents --measure unwelcome_read")  # fmt: skip
def tipping(
    parameter: Annotated[
        str, typer.Argument(help="A number of the scenario: reply.base, styles.seller.intents, design.friction, style_shares.seller.")
    ],
    scenario: Scenario_ = "baseline",
    limits: Annotated[
        tuple[float, float] | None, typer.Option("--range", help="Where to look; the schema's bounds unless given.", metavar="LOW HIGH")
    ] = None,
    arms: Arms = None,
    measure: MeasureOf = None,
    budget: Budget = 10.0,
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
    """Find the value of a number at which the winner changes, with an interval."""
    from experiments.analyses.tipping.analysis import chosen_range, tip

    analysis = analysis_from(scenario, arms, measure, budget, members, days, warm_up, network, workers, seed)
    low, high = chosen_range(analysis.factor(parameter), limits)
    folder = analysis.prepare("tipping", {"parameter": parameter, "range": [low, high]}, out)
    compile_kernels(quiet=quiet)
    with console.progress("pairs", quiet=quiet) as advance:
        found = tip(analysis, parameter, (low, high), folder, ledger, advance)
    console.conclude(found.answer, folder / "report.html", {"folder": str(folder), **found.data} if as_json else None)
