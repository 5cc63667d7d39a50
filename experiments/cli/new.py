"""`firstcontact new`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from experiments.cli import console
from experiments.cli.app import command
from experiments.cli.options import Screen
from sim.errors import BadInput, must


@command(100, "firstcontact new mine.toml && firstcontact check mine.toml && firstcontact compare mine.toml")
def new(*, file: Annotated[Path, typer.Argument(help="The file to make.")], screen: Screen) -> None:
    """Write a commented scenario to edit."""
    from sim.scenario.template import commented_template

    if file.exists():
        raise BadInput(must("", "be a new file", "one that exists", where=file))
    try:
        file.write_text(commented_template(), encoding="utf-8")
    except OSError as error:
        raise BadInput(must("", "be a file that you may write", error.strerror, where=file)) from None
    if screen.as_json:
        print(json.dumps({"file": str(file)}))
    else:
        console.say(f"{file} is written; edit it, then: firstcontact check {file}", quiet=screen.quiet)
