"""`firstcontact scale`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from experiments.cli.app import command
from experiments.cli.options import Arms, Budget, DryRun, Output, OwnMeasures, RunSettings, ScenarioSize, Seed, scenario_from
from experiments.defaults import ARMS, SCALE_MINUTES, SCALE_PAIRS, SEED
from sim.errors import BadInput, must


@command(
    75,
    "firstcontact scale",
    "firstcontact scale --sizes 2000,5000,10000,20000,50000 --budget 60",
    "firstcontact scale mine.toml --pairs 40",
    "firstcontact scale --dry-run",
)
def scale(
    *,
    size: ScenarioSize,
    sizes: Annotated[
        str | None,
        typer.Option(help="Members, four sizes or more: a fifth, half, once and twice the scenario's unless given.", metavar="N,N,..."),
    ] = None,
    pairs: Annotated[int, typer.Option(help="The most pairs at a size; larger ones get fewer, 5 at least.", metavar="N")] = SCALE_PAIRS,
    arms: Arms = None,
    budget: Budget = SCALE_MINUTES,
    seed: Seed = SEED,
    dry_run: DryRun = False,
    runs: RunSettings,
    own: OwnMeasures,
    output: Output,
) -> None:
    """Compare two designs at growing sizes, and say how far the scenario's own size lies from enough."""
    from experiments.analyses.scale import run

    address = runs.address
    scenario = scenario_from(size.scenario, members=size.members, days=size.days, warm_up=size.warm_up)
    asked: dict[str, Any] = {
        "sizes": None if sizes is None else _sizes(sizes),
        "pairs": pairs,
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
        output.conclude(run.scale(scenario, arms or ARMS, **asked, dask=address))


def _sizes(text: str) -> list[int]:
    """Return the sizes of a list.

    Raises:
        BadInput: if one is no whole number.
    """
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise BadInput(must("--sizes", "be whole numbers with commas between, such as 2000,5000,10000,20000", repr(text))) from None
