"""`firstcontact calibration`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from experiments.cli import console
from experiments.cli.app import command
from experiments.cli.options import DryRun, Members, ScenarioOf, Screen, scenario_from
from experiments.runs.watch import compile_kernels


@command(
    120,
    "firstcontact calibration",
    "firstcontact calibration --fit proposal.toml",
    "firstcontact calibration --fit proposal.toml --dry-run",
)
def calibration(
    *,
    scenario: ScenarioOf = "baseline",
    fit: Annotated[
        Path | None, typer.Option(help="Propose defaults that meet the targets better, into this scenario file.", metavar="FILE")
    ] = None,
    members: Members = None,
    dry_run: DryRun = False,
    screen: Screen,
) -> None:
    """Show the patterns that the model was fitted to, what it gives, and by how much it misses."""
    from experiments.calibration.fit import calibrate, check, try_to_write
    from experiments.calibration.forecast import forecast

    chosen = scenario_from(scenario)
    check(members, fit)
    if fit is not None and not dry_run:
        try_to_write(fit)
    compile_kernels(screen.watch)
    if dry_run:
        screen.tell(forecast(chosen, members, fitted=fit is not None))
        return
    with screen.watch.working("calibration runs") as line:
        found = calibrate(chosen, members, fit, line)
    if screen.as_json:
        print(json.dumps(found.data))
    else:
        console.show_table(found.title, found.columns, found.rows)
        for text in found.lines:
            print(text)
