"""`firstcontact pareto`."""

from __future__ import annotations

from experiments.cli.app import command
from experiments.cli.options import Budget, Output, RunSettings, ScenarioSize, Seed, analysis_from


@command(70, "firstcontact pareto", "firstcontact pareto --budget 60 --members 2000")
def pareto(*, size: ScenarioSize, budget: Budget = 20.0, seed: Seed = 1, runs: RunSettings, output: Output) -> None:
    """Search designs and limits for response without load, and confirm what is found with new seeds."""
    from experiments.analyses.pareto.run import pareto as answered

    analysis = analysis_from(size, minutes=budget, workers=runs.processes, seed=seed)
    output.conclude(answered(analysis, output.out, runs.ledger, output.watch))
