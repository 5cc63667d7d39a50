"""`firstcontact calibration`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from experiments.cli import console
from experiments.cli.app import app
from experiments.cli.options import Json, Members, Quiet, Scenario_, compile_kernels, scenario_from


@app.command(epilog="Examples: firstcontact calibration | firstcontact calibration --fit proposal.toml")
def calibration(
    scenario: Scenario_ = "baseline",
    fit: Annotated[
        Path | None, typer.Option(help="Propose defaults that meet the targets better, into this scenario file.", metavar="FILE")
    ] = None,
    members: Members = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Show the patterns that the model was fitted to, what it gives, and by how much it misses."""
    from experiments.calibration.fit import calibrate, check

    chosen = scenario_from(scenario, None, None, None, None)
    check(members, fit)
    compile_kernels(quiet=quiet)
    with console.working("calibration runs", quiet=quiet) as line:
        found = calibrate(chosen, members, fit, line)
    if as_json:
        print(json.dumps(found.data))
    else:
        console.show_table(found.title, found.columns, found.rows)
        for text in found.lines:
            print(text)
