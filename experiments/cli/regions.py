"""`firstcontact regions`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from experiments.cli.app import command
from experiments.cli.options import DryRun, MeasureOf, OwnMeasures, RunSettings, Screen
from experiments.defaults import SWEEP


@command(
    50,
    "firstcontact regions",
    "firstcontact regions who-is-here --measure unwelcome_read",
    "firstcontact regions who-is-here --dry-run",
    "firstcontact regions who-is-here --draws results/calibrate",
    "firstcontact regions results/mine",
    "firstcontact regions results/mine --measures my_measures.py --measure fullest_inbox",
)
def regions(
    *,
    file: Annotated[
        str,
        typer.Argument(
            help="A sweep: a TOML file or a shipped name, whose missing runs are made first, or a run folder.", metavar="[FILE]"
        ),
    ] = SWEEP,
    draws: Annotated[
        str | None,
        typer.Option(
            help="Take what is not varied from draws of a calibration: its draws.csv, or its folder; the answer says whether they are worlds that fit.",
            metavar="FILE|none",
        ),
    ] = None,
    measure: MeasureOf = None,
    arm: Annotated[
        str | None, typer.Option(help="The treatment: the arm to compare with the control; the first other one unless given.", metavar="A")
    ] = None,
    dry_run: DryRun = False,
    runs: RunSettings,
    own: OwnMeasures,
    out: Annotated[
        Path | None,
        typer.Option(help="Of a run folder: where the map goes. Of a file or name: the sweep's folder, the map inside it.", metavar="DIR"),
    ] = None,
    screen: Screen,
) -> None:
    """Map where each arm wins over a sweep, and say it in boxes."""
    from experiments.analyses.regions import run

    address = runs.address
    asked: dict[str, Any] = {
        "draws": draws,
        "measure": measure,
        "arm": arm,
        "measures": own.catalogue,
        "workers": runs.workers,
        "out": out or True,
        "ledger": runs.ledger,
        "quiet": screen.quiet,
    }
    if dry_run:
        screen.tell(run.forecast_of(file, **asked))
    else:
        screen.conclude(run.regions(file, **asked, dask=address))
