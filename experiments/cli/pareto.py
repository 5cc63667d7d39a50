"""`firstcontact pareto`."""

from __future__ import annotations

from typing import Any

from experiments.cli.app import command
from experiments.cli.options import Budget, DryRun, Output, RunSettings, ScenarioSize, Seed, WorldsAt, WorldsOf, sized
from experiments.defaults import COMPARED_WORLDS, PARETO_MINUTES, SEED


@command(
    70,
    "firstcontact pareto",
    "firstcontact pareto --budget 60 --members 2000",
    "firstcontact pareto --draws results/calibrate",
    "firstcontact pareto --dry-run",
)
def pareto(
    *,
    size: ScenarioSize,
    draws: WorldsAt = None,
    worlds: WorldsOf = COMPARED_WORLDS,
    budget: Budget = PARETO_MINUTES,
    seed: Seed = SEED,
    dry_run: DryRun = False,
    runs: RunSettings,
    output: Output,
) -> None:
    """Search designs and limits for response without load, and confirm what is found with new seeds."""
    from experiments.analyses.pareto import run

    address = runs.address
    asked: dict[str, Any] = {
        "draws": draws,
        "worlds": worlds,
        "budget": budget,
        "seed": seed,
        "workers": runs.workers,
        "out": output.out or True,
        "ledger": runs.ledger,
        "quiet": output.quiet,
    }
    if dry_run:
        output.tell(run.forecast_of(sized(size), **asked))
    else:
        output.conclude(run.pareto(sized(size), **asked, dask=address))
