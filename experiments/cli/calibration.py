"""`firstcontact calibration`: the old name of `calibrate --check`."""

from __future__ import annotations

from experiments.cli import console
from experiments.cli.app import command
from experiments.cli.options import DryRun, Output, RunSettings, ScenarioOf
from experiments.cli.patterns_shown import Elasticities, Fit, Parameters, Sizes, show_patterns
from experiments.defaults import SCENARIO


@command(
    121,
    "firstcontact calibrate --check",
)
def calibration(
    *,
    scenario: ScenarioOf = SCENARIO,
    fit: Fit = None,
    elasticities: Elasticities = False,
    parameters: Parameters = None,
    members: Sizes = None,
    dry_run: DryRun = False,
    runs: RunSettings,
    output: Output,
) -> None:
    """Do what `calibrate --check` does: its old name."""
    show_patterns(
        scenario, fit, parameters=parameters, members=members, runs=runs, output=output, elasticities=elasticities, dry_run=dry_run
    )
    console.say("warning: `firstcontact calibration` is now `firstcontact calibrate --check`")
