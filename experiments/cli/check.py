"""`firstcontact check`."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from experiments.cli import console
from experiments.cli.app import command
from experiments.cli.exit_codes import BAD_INPUT
from experiments.cli.options import Screen
from sim.errors import BadInput


@command(110, "firstcontact check mine.toml")
def check(*, file: Annotated[str, typer.Argument(help="A scenario: a TOML file or a shipped name.")], screen: Screen) -> None:
    """Check a scenario and name every mistake in it at once."""
    from sim.scenario.scenario import load_scenario

    try:
        load_scenario(file)
        mistakes: list[str] = []
    except BadInput as error:
        mistakes = list(getattr(error, "mistakes", None) or [str(error)])
    if screen.as_json:
        print(json.dumps({"file": file, "mistakes": mistakes}))
    else:
        for line in mistakes:
            print(line, file=sys.stderr)
        if not mistakes:
            console.say(f"{file}: no mistakes", quiet=screen.quiet)
    if mistakes:
        raise typer.Exit(BAD_INPUT)
