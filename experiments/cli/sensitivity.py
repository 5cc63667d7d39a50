"""`firstcontact sensitivity`."""

from __future__ import annotations

from typing import Annotated

import typer

from experiments.cli.app import command
from experiments.cli.options import ANALYSIS_MEMBERS, Arms, MeasureOf, Output, RunSettings, ScenarioOptions, Seed, analysis_from
from sim.errors import BadInput, must

EVERY_MEMBERS = 3000  # with --all
MINUTES, EVERY_MINUTES = 10.0, 30.0


@command(
    40,
    "firstcontact sensitivity",
    "firstcontact sensitivity --parameters design.friction reply.base invitation.base",
    "firstcontact sensitivity --all --budget 30",
    "firstcontact sensitivity --method sobol --parameters design.friction reply.base",
)
def sensitivity(
    *,
    size: ScenarioOptions,
    method: Annotated[str, typer.Option(help="Morris screening, or Sobol indices of a surrogate.", metavar="morris|sobol")] = "morris",
    parameters: Annotated[list[str] | None, typer.Option(help="Parameters of the scenario, after one flag.", metavar="P Q ...")] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Screen all parameters in groups, then open the largest; the default without --parameters.")
    ] = False,
    arms: Arms = None,
    measure: MeasureOf = None,
    budget: Annotated[
        float | None, typer.Option(help="Minutes for the runs, at least what an answer needs; 10, or 30 with --all.", metavar="MINUTES")
    ] = None,
    seed: Seed = 1,
    runs: RunSettings,
    output: Output,
) -> None:
    """Find the assumptions to which the difference between two designs is most sensitive."""
    from experiments.analyses.sensitivity.run import sensitivity as answered

    if every and parameters:
        raise BadInput(must("--parameters", "be left out with --all"))
    every = not parameters
    minutes = budget if budget is not None else EVERY_MINUTES if every else MINUTES
    analysis = analysis_from(
        size,
        minutes=minutes,
        workers=runs.processes,
        seed=seed,
        arms=arms,
        measure=measure,
        usual_members=EVERY_MEMBERS if every else ANALYSIS_MEMBERS,
    )
    output.conclude(answered(analysis, method, parameters=parameters, out=output.out, ledger=runs.ledger, watch=output.watch))
