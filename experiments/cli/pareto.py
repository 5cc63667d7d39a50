"""`firstcontact pareto`."""

from __future__ import annotations

from experiments.cli.app import command
from experiments.cli.options import Budget, Output, RunSettings, ScenarioSize, Seed, sized
from experiments.defaults import PARETO_MINUTES, SEED


@command(70, "firstcontact pareto", "firstcontact pareto --budget 60 --members 2000")
def pareto(*, size: ScenarioSize, budget: Budget = PARETO_MINUTES, seed: Seed = SEED, runs: RunSettings, output: Output) -> None:
    """Search designs and limits for response without load, and confirm what is found with new seeds."""
    from experiments.analyses.pareto.run import pareto as answered

    output.conclude(
        answered(
            sized(size), budget=budget, seed=seed, workers=runs.workers, out=output.out or True, ledger=runs.ledger, quiet=output.quiet
        )
    )
