"""`firstcontact tipping`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from experiments.cli.app import command
from experiments.cli.options import (
    Arms,
    Budget,
    DryRun,
    MeasureOf,
    Output,
    OwnMeasures,
    RunSettings,
    ScenarioOptions,
    Seed,
    WorldsAt,
    WorldsOf,
    sized,
)
from experiments.defaults import ARMS, COMPARED_WORLDS, SEED, TIPPING_MINUTES


@command(
    60,
    "firstcontact tipping design.friction",
    "firstcontact tipping reply.base --range -4 -1 --budget 5",
    "firstcontact tipping design.friction --dry-run",
    "firstcontact tipping reply.base --draws results/calibrate --worlds 10",
    "firstcontact tipping styles.seller.intents --measure unwelcome_read",
    "firstcontact tipping design.friction --measures my_measures.py --measure fullest_inbox",
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
    draws: WorldsAt = None,
    worlds: WorldsOf = COMPARED_WORLDS,
    measure: MeasureOf = None,
    budget: Budget = TIPPING_MINUTES,
    seed: Seed = SEED,
    dry_run: DryRun = False,
    runs: RunSettings,
    own: OwnMeasures,
    output: Output,
) -> None:
    """Find the value of a parameter at which the winner changes, with a 95% confidence interval."""
    from experiments.analyses.tipping import run

    address = runs.address
    asked: dict[str, Any] = {
        "limits": limits,
        "draws": draws,
        "worlds": worlds,
        "measure": measure,
        "measures": own.catalogue,
        "budget": budget,
        "seed": seed,
        "workers": runs.workers,
        "out": output.out or True,
        "ledger": runs.ledger,
        "quiet": output.quiet,
    }
    if dry_run:
        output.tell(run.forecast_of(parameter, sized(size), arms or ARMS, **asked))
    else:
        output.conclude(run.tipping(parameter, sized(size), arms or ARMS, **asked, dask=address))
