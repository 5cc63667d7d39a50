"""Arguments of the functions that people and commands call: checked here, and named in errors as the caller wrote them."""

from __future__ import annotations

import functools
import math
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeVar

from sim.errors import BadInput, must

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

P = ParamSpec("P")
R = TypeVar("R")
Place = str | Path | Literal[True] | None  # of output files; True for a folder below results/, named by the plan

UNGUARDED = 76  # exit status of a worker that came upon the very call for which it was started
OTHERWISE = {"range": "limits", "network": "network_file"}  # an argument that has not the name of its option
OPTION = re.compile(r"`firstcontact [^`]*`|(?<![\w-])--([a-z][a-z-]*)")

_options = ContextVar("errors name options", default=False)


@contextmanager
def naming_options() -> Iterator[None]:
    """Let errors name options, as the command line does, instead of arguments."""
    token = _options.set(True)
    try:
        yield
    finally:
        _options.reset(token)


def asked(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function one that people call from Python: what it refuses is named by its arguments, not by a command's options.

    A worker that comes upon it while it begins, since the script that it imports again calls it unguarded, ends there and then.
    """

    @functools.wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        end_unguarded()
        try:
            return function(*args, **kwargs)
        except BadInput as error:
            if _options.get():
                raise
            name_arguments(error)
            raise error.with_traceback(None) from None  # its line says all; where inside it was found helps nobody

    return called


def name_arguments(error: BadInput, **names: str) -> None:
    """Put arguments in place of options in the text of an error: `max_pairs` for `--max-pairs`.

    Args:
        error: is changed.
        names: of arguments that are called otherwise than their option.
    """
    error.args = tuple(_with_arguments(one, names) if isinstance(one, str) else one for one in error.args)


def spoken(lines: list[str]) -> list[str]:
    """Return sentences that may advise of options with arguments in their place, but for the command line."""
    return lines if _options.get() else [_with_arguments(line, {}) for line in lines]


def _with_arguments(text: str, names: dict[str, str]) -> str:
    def argument(found: re.Match[str]) -> str:
        if found[1] is None:  # a whole command
            return found[0]
        name = found[1].replace("-", "_")
        return names.get(name) or OTHERWISE.get(name, name)

    return OPTION.sub(argument, text)


def end_unguarded() -> None:
    """End this process if it is a worker that has not begun: it imports the script that started it, which goes on to start workers."""
    from multiprocessing import process

    if getattr(process.current_process(), "_inheriting", False):
        os._exit(UNGUARDED)


# values: what `sim.arguments` checks, under the names of options; loaded when first asked, since `--help` needs none of it


def whole(option: str, value: object, rule: str, least: int, most: int | None = None) -> int:
    """Return a whole number; see `sim.arguments.checked_whole`.

    Raises:
        BadInput: if it is none, or not from `least` to `most`; `rule` says what it must be.
    """
    from sim.arguments import checked_whole

    return checked_whole(value, name=option, rule=rule, least=least, most=most)


def minutes_of(budget: object) -> float:
    """Return the minutes that a command may take.

    Raises:
        BadInput: if they are no number above 0, or without end.
    """
    minutes = float(budget) if isinstance(budget, int | float) and not isinstance(budget, bool) else math.nan
    if not 0.0 < minutes < math.inf:
        raise BadInput(must("--budget", "be minutes above 0", repr(budget if math.isnan(minutes) else minutes)))
    return minutes


def checked_threads(threads: object) -> int:
    """Return how many threads a run may use.

    Raises:
        BadInput: if there are none.
    """
    from sim import arguments

    return arguments.checked_threads(threads, "--threads")


def checked_seed(seed: object) -> int:
    """Return the seed.

    Raises:
        BadInput: if it is out of range.
    """
    from sim import arguments

    return arguments.checked_seed(seed, "--seed")


def scenario_of(source: str | Path | Scenario, changes: dict[str, Any], usual: dict[str, Any] | None = None) -> Scenario:
    """Return a scenario with changes.

    Args:
        source: a shipped name, a TOML file, or a scenario.
        changes: by name; None means no change.
        usual: likewise, of a name or a file: what holds where nothing is said. A scenario from Python is taken as it is.

    Raises:
        BadInput: if it cannot be.
    """
    from sim.scenario.scenario import Scenario, load_scenario

    given = {key: value for key, value in changes.items() if value is not None}
    if isinstance(source, Scenario):
        return source.with_(**given) if given else source
    if not isinstance(source, str | Path):
        raise BadInput(must("scenario", "be a scenario, the name of one, or a TOML file", f"an object of type {type(source).__name__}"))
    return load_scenario(source, **((usual or {}) | given))


def path_of(option: str, given: str | Path | None) -> Path | None:
    """Return a path.

    Raises:
        BadInput: if it is none.
    """
    if given is None:
        return None
    if not isinstance(given, str | os.PathLike):
        raise BadInput(must(option, "be a path", repr(given)))
    return Path(given)
