"""`firstcontact show`, `new` and `check`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from experiments.cli import console
from experiments.cli.app import BAD_INPUT, app
from experiments.cli.options import Json, Quiet
from sim.errors import BadInput


@app.command(epilog="Examples: firstcontact show designs | firstcontact show styles seller | firstcontact show parameters reply")
def show(
    what: Annotated[str, typer.Argument(help="styles, designs, moderation, measures, parameters or scenario.")],
    name: Annotated[str | None, typer.Argument(help="One of them.")] = None,
    as_json: Json = False,
    quiet: Quiet = False,  # noqa: ARG001  (every command takes it)
) -> None:
    """Show what exists: styles, designs, moderation, measures, parameters with unit, bounds, default and source."""
    from experiments.cli.showing import shown

    result = shown(what, name)
    if as_json:
        print(json.dumps(result.data))
    elif result.text is not None:
        print(result.text)
    else:
        console.show_table(result.title, result.columns, result.rows)


@app.command(epilog="Example: firstcontact new mine.toml && firstcontact check mine.toml && firstcontact compare mine.toml")
def new(
    file: Annotated[Path, typer.Argument(help="The file to make.")],
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Write a commented scenario to edit."""
    from sim.scenario.template import commented_template

    if file.exists():
        raise BadInput(f"{file}: is there already; another name would do")
    try:
        file.write_text(commented_template(), encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{file}: cannot be written ({error.strerror}); a folder of your own would do") from None
    if as_json:
        print(json.dumps({"file": str(file)}))
    else:
        console.say(f"{file} is written; edit it, then: firstcontact check {file}", quiet=quiet)


@app.command(epilog="Example: firstcontact check mine.toml")
def check(
    file: Annotated[str, typer.Argument(help="A scenario: a TOML file or a shipped name.")],
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Check a scenario and name every mistake in it at once."""
    from sim.scenario.scenario import load_scenario

    try:
        load_scenario(file)
        mistakes: list[str] = []
    except BadInput as error:
        mistakes = list(getattr(error, "mistakes", None) or [str(error)])
    if as_json:
        print(json.dumps({"file": file, "mistakes": mistakes}))
    else:
        for line in mistakes:
            print(line, file=sys.stderr)
        if not mistakes:
            console.say(f"{file}: no mistakes", quiet=quiet)
    if mistakes:
        raise typer.Exit(BAD_INPUT)
