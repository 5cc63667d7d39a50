"""Published patterns, and what the model gives: what `calibrate --check` shows, and its old name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import console
from experiments.cli.options import Output, RunSettings, scenario_from
from experiments.runs.watch import compile_kernels
from sim.errors import BadInput, must

if TYPE_CHECKING:
    from experiments.runs.dask_cluster import Address

Fit = Annotated[
    Path | None, typer.Option(help="Propose defaults that meet the targets better, into this scenario file; with --check.", metavar="FILE")
]
Elasticities = Annotated[
    bool, typer.Option("--elasticities", help="Show which target moves when a parameter moves by a tenth of its range; with --check.")
]
Parameters = Annotated[
    list[str] | None, typer.Option(help="Assumed numbers to turn; with --elasticities, to move. After one flag.", metavar="P Q ...")
]
Sizes = Annotated[list[int] | None, typer.Option(help="Members at the start; with --check several sizes, after one flag.", metavar="N ...")]


def show_patterns(
    scenario: str,
    fit: Path | None,
    parameters: list[str] | None,
    members: list[int] | None,
    runs: RunSettings,
    output: Output,
    *,
    elasticities: bool,
    dry_run: bool,
) -> None:
    """Show what the model gives for published patterns, or which parameter moves which.

    Raises:
        BadInput: for options that do not go together.
    """
    address, chosen = runs.address, scenario_from(scenario)
    sizes = members or []
    if elasticities:
        if fit is not None:
            raise BadInput(must("--fit", "be left out with --elasticities", fit))
        _elasticities(chosen, sizes, parameters=parameters or [], runs=runs, output=output, address=address, dry_run=dry_run)
        return
    only = {"--parameters": parameters, "--out": output.out}
    for option, given in only.items():
        if given is not None:
            raise BadInput(must(option, "stand with --elasticities", given))
    _targets(chosen, sizes, fit=fit, runs=runs, output=output, address=address, dry_run=dry_run)


def _targets(
    chosen: Any, sizes: list[int], fit: Path | None, runs: RunSettings, output: Output, *, address: Address | None, dry_run: bool
) -> None:
    from experiments.calibration.forecast import forecast
    from experiments.calibration.run import busy, calibrate, check, sizes_of, try_to_write
    from experiments.calibration.runs import FiguresScheduler, usual_folder
    from experiments.reporting.run_folder import LEDGER
    from experiments.runs.executors import executor
    from experiments.runs.ledger import Ledger

    check(sizes, fit)
    workers = busy(runs.processes, sizes_of(chosen, sizes))
    if dry_run:
        compile_kernels(output.watch)
        output.tell(forecast(chosen, sizes, fitted=fit is not None, workers=workers))
        return
    if fit is not None:
        try_to_write(fit)
    with (
        Ledger(runs.ledger or usual_folder("calibration", chosen) / LEDGER) as book,
        executor(workers, address, output.watch) as (pool, ahead),
        output.watch.counted("runs") as advance,
    ):
        found = calibrate(chosen, sizes, fit=fit, scheduler=FiguresScheduler(book, pool, ahead), progress=advance)
    if output.as_json:
        print(json.dumps(found.data))
        return
    print("Calibration")
    for table in found.tables:
        console.show_table(table.title, table.columns, table.rows)
    for text in found.lines:
        print(text)


def _elasticities(
    chosen: Any, sizes: list[int], parameters: list[str], runs: RunSettings, output: Output, *, address: Address | None, dry_run: bool
) -> None:
    from experiments.calibration.elasticity_report import COLUMNS, data_of, rows_of
    from experiments.calibration.forecast import forecast_elasticities
    from experiments.calibration.vary import varied, vary

    asked = varied(chosen, sizes, parameters=parameters, out=output.out, ledger=runs.ledger)
    workers = runs.processes
    if dry_run:
        compile_kernels(output.watch)
        output.tell(forecast_elasticities(asked, workers))
        return
    found, lines = vary(asked, workers, address, output.watch)
    if output.as_json:
        print(json.dumps(console.finite(data_of(found))))
        return
    console.show_table("Elasticities", COLUMNS, rows_of(found))
    for text in lines:
        print(text)
