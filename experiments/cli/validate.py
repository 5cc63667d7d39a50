"""`firstcontact validate`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from experiments.cli import console
from experiments.cli.app import command
from experiments.cli.options import Screen, Seed
from experiments.defaults import SEED
from experiments.reporting.text import figure


@command(
    122,
    "firstcontact validate results/calibrate-1a2b3c4d --log log.csv",
    "firstcontact validate results/calibrate-1a2b3c4d/draws.csv --log log.csv --out validation.csv",
    "firstcontact validate results/calibrate-1a2b3c4d --log log.csv --follow-volume",
)
def validate(
    *,
    draws: Annotated[Path, typer.Argument(help="The folder of a calibration to the log, or its draws.csv.", metavar="DRAWS")],
    log: Annotated[Path, typer.Option(help="The log: sender,recipient,timestamp[,kind,outcome].", metavar="FILE")],
    columns: Annotated[
        str | None,
        typer.Option(help="Its columns, by number or name: sender=1,recipient=2,time=3,kind=4,outcome=5.", metavar="ROLE=COLUMN,..."),
    ] = None,
    follow_volume: Annotated[
        bool, typer.Option("--follow-volume", help="Ask worlds with as many arrivals, and messages a person and day, as the whole log has.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Write the table.", metavar="FILE.csv")] = None,
    seed: Seed = SEED,
    screen: Screen,
) -> None:
    """Ask whether worlds that fit one part of a log predict the other; exit 1 if they do not."""
    from experiments.inference import validate as door

    given: dict[str, Any] = {"columns": columns, "follow_volume": follow_volume, "seed": seed}
    found = door.validate(draws, log=log, **given, out=out, quiet=screen.quiet)
    if screen.as_json:
        print(json.dumps(console.finite(found.data)))
    else:
        rows = [
            [
                one.split,
                one.fitted,
                one.title,
                *(figure(x, one.unit) for x in (one.observed, one.predicted)),
                "yes" if one.inside else "no",
                f"{100 * one.width:.0f}%",
            ]
            for one in found.summary.itertuples()
        ]
        for line in found.answer:
            print(line)
        console.show_table(
            "Parts of the log", ["split", "fitted to", "figure", "observed", "predicted", "within 90%", "width, of the prior's"], rows
        )
    if not found.passed:
        raise typer.Exit(1)
