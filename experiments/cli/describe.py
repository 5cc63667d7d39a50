"""`firstcontact describe`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from experiments.cli import console
from experiments.cli.app import command
from experiments.cli.options import Screen, Seed
from experiments.defaults import BOOTSTRAP, SEED


@command(
    115,
    "firstcontact describe log.csv",
    "firstcontact describe log.csv --out targets.toml",
    "firstcontact describe rows.csv --columns sender=1,recipient=2,time=3,kind=4,outcome=5",
)
def describe(
    *,
    log: Annotated[
        Path, typer.Argument(help="A log: sender,recipient,timestamp[,kind,outcome], or LinkedIn's messages.csv.", metavar="LOG")
    ],
    columns: Annotated[
        str | None,
        typer.Option(help="Its columns, by number or name: sender=1,recipient=2,time=3,kind=4,outcome=5.", metavar="ROLE=COLUMN,..."),
    ] = None,
    draws: Annotated[int, typer.Option(help="Draws of the bootstrap by sender.", metavar="N")] = BOOTSTRAP,
    out: Annotated[Path | None, typer.Option(help="Write the figures as a targets file.", metavar="FILE.toml")] = None,
    seed: Seed = SEED,
    screen: Screen,
) -> None:
    """Describe a log of messages and invitations, each figure with its interval: what `calibrate --log` fits to."""
    from experiments.calibration import describe as door

    found = door.describe(log, columns=columns, draws=draws, seed=seed, out=out, quiet=screen.quiet)
    if screen.as_json:
        print(json.dumps(console.finite(found.data)))
        return
    for line in found.lines:
        console.say(line)
    for line in found.answer:
        print(line)
    console.show_table("What it shows", ["measure", "figure", "95% interval", "out of", "name"], door.rows_of(found))
    if out is not None:
        print(f"The targets: {out}")
