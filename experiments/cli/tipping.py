"""`firstcontact tipping`."""

from __future__ import annotations

from typing import Annotated

import typer

from experiments.cli.app import command
from experiments.cli.options import Arms, Budget, MeasureOf, Output, RunSettings, ScenarioOptions, Seed, analysis_from


@command(
    60,
    "firstcontact tipping design.friction",
    "firstcontact tipping reply.base --range -4 -1 --budget 5",
    "firstcontact tipping styles.seller.intents --measure unwelcome_read",
)
def tipping(
    *,
    parameter: Annotated[
        str, typer.Argument(help="A parameter of the scenario: reply.base, styles.seller.intents, design.friction, style_shares.seller.")
    ],
    size: ScenarioOptions,
    limits: Annotated[
        tuple[float, float] | None, typer.Option("--range", help="Where to look; the schema's bounds unless given.", metavar="LOW HIGH")
    ] = None,
    arms: Arms = None,
    measure: MeasureOf = None,
    budget: Budget = 10.0,
    seed: Seed = 1,
    runs: RunSettings,
    output: Output,
) -> None:
    """Find the value of a parameter at which the winner changes, with a 95% confidence interval."""
    from experiments.analyses.tipping.run import tipping as answered

    analysis = analysis_from(size, minutes=budget, workers=runs.processes, seed=seed, arms=arms, measure=measure)
    output.conclude(answered(analysis, parameter, given=limits, out=output.out, ledger=runs.ledger, watch=output.watch))
