"""`firstcontact calibration`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from experiments.cli import console
from experiments.cli.app import command
from experiments.cli.options import DryRun, Output, RunSettings, ScenarioOf, scenario_from
from experiments.defaults import SCENARIO
from experiments.runs.watch import compile_kernels
from sim.errors import BadInput, must


@command(
    120,
    "firstcontact calibration",
    "firstcontact calibration --members 2000 10000 50000",
    "firstcontact calibration --fit proposal.toml",
    "firstcontact calibration --fit proposal.toml --dry-run",
    "firstcontact calibration --elasticities --dry-run",
)
def calibration(
    *,
    scenario: ScenarioOf = SCENARIO,
    fit: Annotated[
        Path | None, typer.Option(help="Propose defaults that meet the targets better, into this scenario file.", metavar="FILE")
    ] = None,
    elasticities: Annotated[
        bool, typer.Option("--elasticities", help="Show which target moves when a parameter moves by a tenth of its range.")
    ] = False,
    parameters: Annotated[
        list[str] | None, typer.Option(help="Of these parameters alone, with --elasticities; after one flag.", metavar="P Q ...")
    ] = None,
    members: Annotated[list[int] | None, typer.Option(help="Members at the start; several sizes, after one flag.", metavar="N ...")] = None,
    dry_run: DryRun = False,
    runs: RunSettings,
    output: Output,
) -> None:
    """Show the patterns that others measured, what the model gives, and by how much it misses."""
    chosen = scenario_from(scenario)
    sizes = members or []
    if elasticities:
        if fit is not None:
            raise BadInput(must("--fit", "be left out with --elasticities", fit))
        _elasticities(chosen, sizes, parameters or [], runs, output, dry_run=dry_run)
        return
    only = {"--parameters": parameters, "--workers": runs.workers, "--ledger": runs.ledger, "--out": output.out}
    for option, given in only.items():
        if given is not None:
            raise BadInput(must(option, "stand with --elasticities", given))
    _targets(chosen, sizes, fit, output, dry_run=dry_run)


def _targets(chosen: Any, sizes: list[int], fit: Path | None, output: Output, *, dry_run: bool) -> None:
    from experiments.calibration.fit import calibrate, check, try_to_write
    from experiments.calibration.forecast import forecast

    check(sizes, fit)
    if fit is not None and not dry_run:
        try_to_write(fit)
    compile_kernels(output.watch)
    if dry_run:
        output.tell(forecast(chosen, sizes, fitted=fit is not None))
        return
    with output.watch.working("calibration runs") as line:
        found = calibrate(chosen, sizes, fit, line)
    if output.as_json:
        print(json.dumps(found.data))
        return
    print("Calibration")
    for table in found.tables:
        console.show_table(table.title, table.columns, table.rows)
    for text in found.lines:
        print(text)


def _elasticities(chosen: Any, sizes: list[int], parameters: list[str], runs: RunSettings, output: Output, *, dry_run: bool) -> None:
    from experiments.calibration.elasticity_report import COLUMNS, data_of, rows_of
    from experiments.calibration.forecast import forecast_elasticities
    from experiments.calibration.vary import varied, vary

    asked = varied(chosen, sizes, parameters, output.out, runs.ledger)
    workers = runs.processes
    compile_kernels(output.watch)
    if dry_run:
        output.tell(forecast_elasticities(asked, workers))
        return
    found, lines = vary(asked, workers, output.watch)
    if output.as_json:
        print(json.dumps(console.finite(data_of(found))))
        return
    console.show_table("Elasticities", COLUMNS, rows_of(found))
    for text in lines:
        print(text)
