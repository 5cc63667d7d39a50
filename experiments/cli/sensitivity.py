"""`firstcontact sensitivity`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from experiments.cli.app import command
from experiments.cli.options import Arms, DrawsAt, DryRun, MeasureOf, Output, OwnMeasures, RunSettings, ScenarioOptions, Seed, sized
from experiments.defaults import ANALYSIS_MEMBERS, ARMS, METHOD, SCREENED_MEMBERS, SEED
from sim.errors import BadInput, must


@command(
    40,
    "firstcontact sensitivity",
    "firstcontact sensitivity --parameters design.friction reply.base invitation.base",
    "firstcontact sensitivity --all --budget 30",
    "firstcontact sensitivity --all --dry-run",
    "firstcontact sensitivity --method sobol --parameters design.friction reply.base",
    "firstcontact sensitivity --draws results/calibrate",
    "firstcontact sensitivity --measures my_measures.py --measure fullest_inbox",
)
def sensitivity(
    *,
    size: ScenarioOptions,
    method: Annotated[str, typer.Option(help="Morris screening, or Sobol indices of a surrogate.", metavar="morris|sobol")] = METHOD,
    parameters: Annotated[list[str] | None, typer.Option(help="Parameters of the scenario, after one flag.", metavar="P Q ...")] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Screen all parameters in groups, then open the largest; the default without --parameters.")
    ] = False,
    arms: Arms = None,
    draws: DrawsAt = None,
    measure: MeasureOf = None,
    budget: Annotated[
        float | None, typer.Option(help="Minutes for the runs, at least what an answer needs; 10, or 30 with --all.", metavar="MINUTES")
    ] = None,
    seed: Seed = SEED,
    dry_run: DryRun = False,
    runs: RunSettings,
    own: OwnMeasures,
    output: Output,
) -> None:
    """Find the assumptions to which the difference between two designs is most sensitive."""
    from experiments.analyses.sensitivity import run
    from experiments.runs.draws import draws_asked

    if every and parameters:
        raise BadInput(must("--parameters", "be left out with --all"))
    if every and draws_asked(draws):
        raise BadInput(must("--draws", "be left out with --all: it varies what is drawn"))
    address, scenario = runs.address, sized(size, ANALYSIS_MEMBERS if parameters or draws_asked(draws) else SCREENED_MEMBERS)
    asked: dict[str, Any] = {
        "method": method,
        "parameters": parameters,
        "draws": draws,
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
        output.tell(run.forecast_of(scenario, arms or ARMS, **asked))
    else:
        output.conclude(run.sensitivity(scenario, arms or ARMS, **asked, dask=address))
