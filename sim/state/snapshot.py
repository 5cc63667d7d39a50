"""A world as bytes, and back: what a run needs to go on from a morning as if it had never stopped.

A snapshot is a line of JSON, which says where each array of the world stands, and the arrays themselves. Nothing in it is run when it
is read. Arrays with room behind what is used are kept without it; the numbers of the scenario are not kept, since whoever goes on has
them.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import operator
from typing import IO, Any, Protocol

import numpy as np

from sim.state import columns
from sim.state.columns import PAIRS, USED, Assignment, Columns, Groups, Names, ParameterTables
from sim.state.memory import Table, zeroes
from sim.state.tally import Tally
from sim.state.world import World

TUPLES = {one.__name__: one for one in (Assignment, Columns, Groups, Names, Tally)}
RECORDS = {name: dtype for name, dtype in vars(columns).items() if isinstance(dtype, np.dtype)}
LONGEST_LINE = 1 << 28  # bytes of the first line: far more than any world needs
LEFT_OUT = ("book",)  # whoever goes on has it


class Writable(Protocol):
    """Takes bytes."""

    def write(self, some: Any, /) -> Any:
        """Take bytes, or what gives its own."""


def dump(world: World, stream: Writable) -> None:
    """Write a world."""
    arrays: list[np.ndarray] = []
    used = _used(world)
    said = {field.name: _plain(getattr(world, field.name), arrays, used) for field in _fields()}
    stream.write(json.dumps(said, separators=(",", ":")).encode() + b"\n")
    for array in arrays:
        stream.write(_bytes_of(array))


def load(stream: IO[bytes], book: ParameterTables) -> World:
    """Return the world that was written; `book`: the numbers of its scenario.

    Raises:
        ValueError: if it is no snapshot, or is cut.
    """
    line = stream.readline(LONGEST_LINE)
    try:
        said = json.loads(line)
        return World(book=book, **{field.name: _restored(said[field.name], stream) for field in _fields()})
    except (KeyError, TypeError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"no snapshot of a world: {error!r}") from None


def _fields() -> list[Any]:
    return [field for field in dataclasses.fields(World) if field.name not in LEFT_OUT]


def _used(world: World) -> dict[int, int]:
    """Return how many rows of an array with room behind them are used, by its identity."""
    g = world.graph
    return {id(g.pairs): int(g.sizes[PAIRS]), id(g.pool): int(g.sizes[USED]), id(world.events): world.recorded}


def _plain(value: Any, arrays: list[np.ndarray], used: dict[int, int]) -> Any:
    """Return a value as JSON says it; arrays go into `arrays`, in the order in which they are met."""
    if isinstance(value, np.ndarray):
        kept = np.ascontiguousarray(value[: used.get(id(value), len(value))])
        arrays.append(kept)
        return {"array": _name_of(value.dtype), "shape": kept.shape, "room": len(value), "rows": isinstance(value, Table)}
    if isinstance(value, Assignment | Columns | Groups | Names | Tally):
        return {"tuple": type(value).__name__, "of": {name: _plain(one, arrays, used) for name, one in value._asdict().items()}}
    if isinstance(value, list | tuple):
        return {"list": [_plain(one, arrays, used) for one in value], "fixed": isinstance(value, tuple)}
    if isinstance(value, np.generic):
        return value.item()
    return value


def _restored(said: Any, stream: IO[bytes]) -> Any:
    """Return the value that JSON says, with the arrays that come next in the stream."""
    if not isinstance(said, dict):
        return said
    if "tuple" in said:
        return TUPLES[said["tuple"]](**{name: _restored(one, stream) for name, one in said["of"].items()})
    if "list" in said:
        found = [_restored(one, stream) for one in said["list"]]
        return tuple(found) if said["fixed"] else found
    dtype, (rows, *others) = _dtype_of(said["array"]), said["shape"]
    array = zeroes(dtype, functools.reduce(operator.mul, others, said["room"])).reshape(said["room"], *others)
    wanted = _bytes_of(array[:rows])
    if len(wanted) and stream.readinto(wanted) != len(wanted):  # type: ignore[attr-defined]
        raise ValueError("a snapshot that is cut")
    return array.view(Table) if said["rows"] else array


def _bytes_of(array: Any) -> memoryview:
    """Return the bytes of an array that lie one behind another, to be read or written where they are."""
    return array.view(np.ndarray).reshape(-1).view(np.uint8).data if array.size else memoryview(b"")


def _name_of(dtype: np.dtype[Any]) -> str:
    """Return the name of a table's columns, or the type of a plain array."""
    if dtype.names is None:
        return dtype.str
    return next(name for name, one in RECORDS.items() if one.names == dtype.names)


def _dtype_of(name: str) -> np.dtype[Any]:
    return RECORDS[name] if name in RECORDS else np.dtype(name)
