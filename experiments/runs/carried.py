"""How measures of one's own travel to workers: by value, so that a notebook cell or a file that no worker has can be run there.

Bytes of this kind go from a command to its own workers and are opened there. None is ever written to, or read from, a ledger or file.
"""

from __future__ import annotations

import functools
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

import cloudpickle

from sim.errors import BadInput, MeasureFailed, must
from sim.results.measures import MEASURES

if TYPE_CHECKING:
    from sim.results.measures import Catalogue

OURS = ("sim", "experiments", "firstcontact")  # what every worker has


class Carried(NamedTuple):
    """A catalogue on its way."""

    python: str  # such as 3.11: functions are sent as the code that this Python made of them
    names: tuple[str, ...]
    payload: bytes


@functools.lru_cache(maxsize=8)  # of a comparison there is one, and thousands of jobs
def packed(catalogue: Catalogue) -> Carried | None:
    """Return what workers are sent of a catalogue; None if it has the shipped measures alone.

    Raises:
        BadInput: if a measure cannot travel, such as one whose function holds an open file.
    """
    if not catalogue.own:
        return None
    for one in catalogue.own:  # by itself, so that the one is named that cannot
        try:
            with _by_value(one):
                cloudpickle.dumps(one)
        except Exception as error:  # noqa: BLE001  (whatever an object raises that cannot be copied)
            rule = "be such as can be sent to worker processes: made of code, numbers and texts"
            raise BadInput(must(one.name, rule, f"{type(error).__name__}: {error}", where="measure")) from None
    with _by_value(*catalogue.own):
        return Carried(_python(), tuple(one.name for one in catalogue.own), cloudpickle.dumps(catalogue))


@functools.lru_cache(maxsize=4)
def unpacked(carried: Carried | None) -> Catalogue:
    """Return the catalogue that a worker was sent.

    Raises:
        MeasureFailed: if it cannot be opened here: another Python, or a package that its functions need is not installed.
    """
    if carried is None:
        return MEASURES
    names = ", ".join(carried.names)
    if carried.python != _python():
        rule = f"be computed by workers with Python {carried.python}, as the command has it"
        raise MeasureFailed(must(names, rule, _python(), where="measures"))
    try:
        found: Catalogue = cloudpickle.loads(carried.payload)
    except Exception as error:  # noqa: BLE001  (whatever the modules raise that it needs)
        rule = "need only what workers have, too"
        raise MeasureFailed(must(names, rule, f"{type(error).__name__}: {error}", where="measures")) from None
    return found


def as_bytes(thing: Any, catalogue: Catalogue) -> bytes:
    """Return what holds measures of one's own as it travels to a worker of this machine, which unpickles it.

    Args:
        thing: that is sent.
        catalogue: whose measures it may hold.
    """
    with _by_value(*catalogue.own):
        sent: bytes = cloudpickle.dumps(thing)
    return sent


def _python() -> str:
    return ".".join(platform.python_version_tuple()[:2])


@contextmanager
def _by_value(*measures: Any) -> Iterator[None]:
    """Let the modules of these functions be sent whole: workers may not have them, or have older ones."""
    functions = (getattr(one.computed, "function", None) for one in measures)
    names = {getattr(one, "__module__", None) or "" for one in functions if one is not None}
    mine = [name for name in sorted(names) if name in sys.modules and name != "__main__" and name.partition(".")[0] not in OURS]
    new: list[ModuleType] = [sys.modules[name] for name in mine if name not in cloudpickle.list_registry_pickle_by_value()]
    for module in new:
        cloudpickle.register_pickle_by_value(module)
    try:
        yield
    finally:
        for module in new:
            cloudpickle.unregister_pickle_by_value(module)
