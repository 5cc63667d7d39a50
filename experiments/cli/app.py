"""The commands, a file each: parse, call, print; nothing else. `experiments.cli.main` finds and runs them."""

from __future__ import annotations

import functools
import inspect
import signal
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from typing import Annotated, Any, get_type_hints

import typer

from experiments.arguments import naming_options
from experiments.cli.signals import Ended

app = typer.Typer(
    name="firstcontact",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="First Contact: what happens to a professional network when profiles offer Message before Connect.",
)


def show_version(wanted: bool) -> None:  # noqa: FBT001  (typer calls it with the flag alone)
    """Print the version of the package and of the model, and leave, if they are asked for."""
    if wanted:
        from importlib.metadata import version

        from sim.version import model_version

        print(f"firstcontact {version('firstcontact')}, model version {model_version()}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[  # noqa: FBT002  (a flag is declared so)
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Show the version, and that of the model.")
    ] = False,
) -> None:
    """Take the options that come before any command."""


def command(place: int, *examples: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a function a command of its name.

    A parameter whose type is a dataclass stands for the options that are its fields.

    Args:
        place: in the list of commands, the smallest first; commands of one place by name.
        examples: command lines, shown at the end of its help.
    """

    def made(function: Callable[..., None]) -> Callable[..., None]:
        called = _flat(function)
        app.command(epilog=f"Example{'s' * (len(examples) > 1)}: {' | '.join(examples)}")(called)
        called.place = place  # type: ignore[attr-defined]  # what sorts the commands
        return function

    return made


def sort_commands() -> None:
    """Put the commands in the order in which help lists them."""
    app.registered_commands.sort(key=lambda one: (getattr(one.callback, "place", 0), getattr(one.callback, "__name__", "")))


def _flat(function: Callable[..., None]) -> Callable[..., None]:
    """Return the function with each dataclass of options among its parameters replaced by the dataclass's fields."""
    hints = get_type_hints(function, include_extras=True)
    groups: dict[str, Any] = {name: kind for name, kind in hints.items() if is_dataclass(kind)}
    parameters: list[inspect.Parameter] = []
    for name, one in inspect.signature(function).parameters.items():
        if name not in groups:
            parameters.append(one.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints[name]))
            continue
        inner = get_type_hints(groups[name], include_extras=True)
        for field in fields(groups[name]):
            default = inspect.Parameter.empty if field.default is MISSING else field.default
            parameters.append(inspect.Parameter(field.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=inner[field.name]))

    @functools.wraps(function)
    def called(**given: Any) -> None:
        for name, kind in groups.items():
            given[name] = kind(**{field.name: given.pop(field.name) for field in fields(kind)})
        try:
            with naming_options():
                function(**given)
        except EOFError as error:  # the parser would take it for Ctrl-D
            raise RuntimeError(f"EOFError: {error}") from error
        except KeyboardInterrupt as error:  # the parser would forget what a ledger has noted on it
            raise Ended(signal.SIGINT) from error

    del called.__wrapped__  # its parameters are not those of the command
    called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # what typer reads
    called.__annotations__ = {one.name: one.annotation for one in parameters}
    return called
