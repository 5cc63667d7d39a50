"""The command line: its commands, and their exit statuses."""

from __future__ import annotations

import _thread
import importlib
import os
import pkgutil
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

import typer

import experiments.cli
from experiments.cli import console
from experiments.cli.app import app, sort_commands
from experiments.cli.exit_codes import BAD_INPUT, FAILED, INTERRUPTED
from sim.errors import BadInput

MOMENT = 0.1  # seconds


def find_commands() -> None:
    """Import every file of this package: one that declares a command registers it, and help lists it by its place."""
    for file in pkgutil.iter_modules(experiments.cli.__path__):
        if file.name not in ("main", "__main__"):
            importlib.import_module(f"experiments.cli.{file.name}")
    sort_commands()


find_commands()


def spread_values(arguments: list[str]) -> list[str]:
    """Return the arguments with `--arms a b` written as `--arms a --arms b`, for every option that takes several values."""
    many = _options_of_many()
    out: list[str] = []
    flag: str | None = None
    for word in arguments:
        if word.startswith("-") and word != "-":
            flag = word if word in many else None
            if flag is None:
                out.append(word)
        elif flag is not None:
            out += [flag, word]
        else:
            out.append(word)
    return out


def _options_of_many() -> set[str]:
    commands: Any = getattr(typer.main.get_command(app), "commands", {})
    return {flag for one in commands.values() for option in one.params if getattr(option, "multiple", False) for flag in option.opts}


def main(arguments: list[str] | None = None) -> None:
    """Run a command and leave with its exit status: 0, 1 failed, 2 bad input, 130 interrupted."""
    sys.unraisablehook = hear_again
    sys.exit(perform(sys.argv[1:] if arguments is None else arguments))


def hear_again(dropped: sys.UnraisableHookArgs) -> None:
    """Interrupt once more a moment later: a Ctrl-C that falls into a clean-up, as after an import, is dropped by Python."""
    if dropped.exc_type is KeyboardInterrupt:
        again = threading.Timer(MOMENT, _interrupt)
        again.daemon = True
        again.start()
    else:
        sys.__unraisablehook__(dropped)


def _interrupt() -> None:
    """Interrupt the main thread, also out of a wait where the system can."""
    main_thread = threading.main_thread().ident
    if hasattr(signal, "pthread_kill") and main_thread is not None:
        signal.pthread_kill(main_thread, signal.SIGINT)
    else:
        _thread.interrupt_main()


def perform(arguments: list[str]) -> int:
    """Run the command that these words give, and return its exit status."""
    return status_of(lambda: app(spread_values(arguments), standalone_mode=False))


def _outlook(error: Exception) -> str:
    """Return what is kept after a failure, and what to do."""
    if isinstance(error, ChildProcessError):  # without workers the same command would fail again
        return "finished runs are kept in the ledger"
    from experiments.runs.scheduler import RunFailed

    if isinstance(error, OSError | RunFailed) or type(error).__module__ == "sqlite3":
        return "finished runs are kept in the ledger, and the same command continues from there"
    return "FIRSTCONTACT_TRACEBACK=1 shows where"


def status_of(command: Callable[[], Any]) -> int:
    """Run a command and return its exit status; what went wrong is one line on stderr."""
    status: Any = FAILED
    try:
        status = command()
        status = status if isinstance(status, int) else 0
    except BadInput as error:
        console.say(f"firstcontact: {error}")
        return BAD_INPUT
    except (typer.Abort, KeyboardInterrupt):
        status = INTERRUPTED
    except typer.Exit as error:
        status = error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        if hasattr(error, "format_message"):  # the parser's own: it comes from one of two packages, by typer's version
            console.say(f"firstcontact: {error.format_message()}")
            return BAD_INPUT
        if os.environ.get("FIRSTCONTACT_TRACEBACK"):
            raise
        console.say(f"firstcontact: failed: {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}; {_outlook(error)}")
        return FAILED
    if status == INTERRUPTED:
        console.say("firstcontact: interrupted; finished runs are kept, and the same command continues from there")
    return int(status)


if __name__ == "__main__":
    main()
