"""The command line: its commands, and their exit statuses."""

from __future__ import annotations

import atexit
import gc
import importlib
import os
import pkgutil
import signal
import sys
from collections.abc import Callable
from multiprocessing import parent_process
from typing import Any

import typer

import experiments.cli
from experiments.cli import console
from experiments.cli.app import app, sort_commands
from experiments.cli.exit_codes import BAD_INPUT, FAILED, INTERRUPTED, SIGNALLED
from experiments.cli.refusals import refusal_of
from experiments.cli.signals import Ended, listen
from experiments.cli.streams import open_streams
from sim.errors import BadInput

WHERE = "FIRSTCONTACT_TRACEBACK=1 shows where"
LOADED = 100_000  # objects, after which garbage is looked for: a command loads as many that stay, and Python looks after each 700
NUMBERS = "N ..."  # what help calls the values of an option that takes several whole numbers


def find_commands() -> None:
    """Import every file of this package: one that declares a command registers it, and help lists it by its place."""
    for file in pkgutil.iter_modules(experiments.cli.__path__):
        if file.name not in ("main", "__main__"):
            importlib.import_module(f"experiments.cli.{file.name}")
    sort_commands()


if parent_process() is None:  # each worker imports this file too, and has no use for any command
    find_commands()


def spread_values(arguments: list[str]) -> list[str]:
    """Return the arguments with `--arms a b` written as `--arms a --arms b`, for every option of the command that takes several values.

    One that takes numbers ends before a word that is none: what follows is not its own.
    """
    many = _options_of_many(arguments)
    out: list[str] = []
    flag: str | None = None
    given = False  # whether the option has a value
    for word in arguments:
        number = word.removeprefix("-").isdecimal()
        if word.startswith("-") and word != "-" and not (number and flag is not None and many[flag]):
            flag, given = (word, False) if word in many else (None, False)
            if flag is None:
                out.append(word)
        elif flag is not None and (number or not many[flag] or not given):
            out += [flag, word]
            given = True
        else:
            flag = None
            out.append(word)
    return out


def _options_of_many(arguments: list[str]) -> dict[str, bool]:
    """Return the options of the command that take several values, and whether these are whole numbers."""
    commands: Any = getattr(typer.main.get_command(app), "commands", {})
    named = next((commands[word] for word in arguments if word in commands), None)
    return {flag: one.metavar == NUMBERS for one in getattr(named, "params", ()) if getattr(one, "multiple", False) for flag in one.opts}


def main(arguments: list[str] | None = None) -> None:
    """Run a command and leave with its exit status: 0, 1 failed, 2 bad input, 130 interrupted, 143 ended by SIGTERM."""
    os.environ["MPLBACKEND"] = "Agg"  # figures are files, whatever a notebook has named; workers too have this
    gc.set_threshold(LOADED)
    atexit.register(gc.freeze)  # as Python ends it looks for garbage in all that is loaded, for a third of a second
    open_streams()
    listen()
    status = perform(sys.argv[1:] if arguments is None else arguments)
    if status == INTERRUPTED:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # one more as Python ends would take the place of the exit status
    sys.exit(status)


def perform(arguments: list[str]) -> int:
    """Run the command that these words give, and return its exit status."""
    find_commands()
    return status_of(lambda: app(spread_values(arguments), standalone_mode=False))


def _outlook(error: Exception) -> str:
    """Return what is kept after a failure, and what to do, as far as there is something to say."""
    from experiments.runs.ledger import LedgerGone
    from experiments.runs.scheduler import RunFailed

    kept = _kept(error)
    if isinstance(error, LedgerGone):
        return "; the same command begins again"
    if isinstance(error, ChildProcessError):  # without workers the same command would fail again
        return f"; {kept}" if kept else ""
    if isinstance(error, OSError | RunFailed) or type(error).__module__ == "sqlite3":
        return f"; {kept}, and the same command continues from there" if kept else ""
    return f"; {kept}; {WHERE}" if kept else f"; {WHERE}"


def _kept(error: BaseException | None) -> str:
    """Return what a ledger has noted on an error, or on the one that it comes from."""
    while error is not None:
        if notes := getattr(error, "__notes__", []):
            return str(notes[0])
        error = error.__cause__
    return ""


def _tell_end(number: int, error: BaseException) -> None:
    from experiments.runs.ledger import KEPT

    what = "interrupted" if number == signal.SIGINT else f"ended by {signal.Signals(number).name}"
    kept = _kept(error)
    goes_on = ", and the same command continues from there" if kept == KEPT else ""
    console.say(f"firstcontact: {what}" + (f"; {kept}{goes_on}" if kept else ""))


def status_of(command: Callable[[], Any]) -> int:
    """Run a command and return its exit status; what went wrong is one line on stderr."""
    try:
        status = command()
        print(end="", flush=True)  # what cannot be written is heard of here, not as Python ends
    except BadInput as error:
        console.say(f"firstcontact: {error}")
        return BAD_INPUT
    except (typer.Abort, KeyboardInterrupt) as error:
        _tell_end(signal.SIGINT, error)
        return INTERRUPTED
    except Ended as error:
        _tell_end(error.args[0], error)
        return SIGNALLED + int(error.args[0])
    except typer.Exit as error:
        return int(error.exit_code)
    except Exception as error:
        if hasattr(error, "format_message"):  # the parser's own
            console.say(f"firstcontact: {refusal_of(error)}")
            return BAD_INPUT
        if os.environ.get("FIRSTCONTACT_TRACEBACK"):
            raise
        console.say(f"firstcontact: failed: {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}{_outlook(error)}")
        return FAILED
    if status == INTERRUPTED:  # before the command began, of which the parser gives its status alone
        console.say("firstcontact: interrupted")
    return status if isinstance(status, int) else 0


if __name__ == "__main__":
    main()
