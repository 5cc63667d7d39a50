"""The commands, a file each: parse, call, print; nothing else. `experiments.cli.main` puts them together."""

from typing import Annotated

import typer

app = typer.Typer(
    name="firstcontact", no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="First Contact: what happens to a professional network when profiles offer Message before Connect.",
)  # fmt: skip

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130  # exit statuses


def show_version(wanted: bool) -> None:
    """Print the version of the package and of the model, and leave, if they are asked for."""
    if wanted:
        from importlib.metadata import version

        from sim.version import model_version

        print(f"firstcontact {version('firstcontact')}, model version {model_version()}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Show the version, and that of the model.")
    ] = False,
) -> None:
    """Take the options that come before any command."""
