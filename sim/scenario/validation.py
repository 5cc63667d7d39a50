"""What is wrong with a person's input: every mistake of it, a line each, in the same form everywhere."""

from __future__ import annotations

import datetime as dt
import functools
import math
import sys
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel

from sim.errors import BadInput, must, nearest
from sim.scenario.fields import Plausible

LONGEST_SHOWN = 60  # characters of what was found that a one-line message repeats


class Mistakes(BadInput):
    """Several mistakes in one input; `mistakes` has them all, the text is the first."""

    def __init__(self, mistakes: list[str], file: str | None = None) -> None:
        self.mistakes = mistakes
        self.file = file
        more = len(mistakes) - 1
        hint = f"; `firstcontact check {file}` lists them" if file else ""
        super().__init__(mistakes[0] + (f" (and {more} more{hint})" if more else ""))

    def __reduce__(self) -> tuple[Any, ...]:
        """Let worker processes hand it over."""
        return Mistakes, (self.mistakes, self.file)


def plain(text: str, longest: int = LONGEST_SHOWN) -> str:
    """Return text on one line, without control characters, cut to a length."""
    cut = text if len(text) <= longest else text[: longest - 3] + "..."
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "replace").decode() for c in cut)


def shown(value: object) -> str:
    """Return a value as a person wrote it, short and on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) >= 10**18:
        return "a huge number"
    if isinstance(value, str):
        return f"'{plain(value)}'"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, dt.date | dt.time):
        return "a date or time"
    return "nothing" if value is None else f"an object of type {plain(type(value).__name__)}"


def plain_value(value: Any) -> Any:
    """Return a value as Python has it: NumPy's numbers, which pandas has too, and text become Python's, also within tables."""
    numpy = sys.modules.get("numpy")  # where nobody has loaded it there is no number of its
    if numpy is not None and isinstance(value, numpy.generic):
        return value.item()
    if isinstance(value, Mapping):
        return {plain_value(key): plain_value(entry) for key, entry in value.items()}
    return value


class Problems:
    """Collects mistakes while a file, and the files that it names, are read."""

    def __init__(self, file: str | None = None, lines: list[str] | None = None) -> None:
        self.file = file
        self.lines = [] if lines is None else lines

    def of(self, file: Path | str) -> Problems:
        """Return a collector for another file that adds to the same list."""
        return Problems(str(file), self.lines)

    def add(self, key: str, found: str, right: str) -> None:
        """Note a mistake: where it is, what was found, what would be right (it must be so)."""
        line = must(plain(key, 200), f"be {right}", found, where=plain(self.file or "", 200))
        if line not in self.lines:
            self.lines.append(line)

    def raise_if_any(self) -> None:
        """Raise all mistakes noted so far.

        Raises:
            BadInput: if there are any; it has them in `mistakes`.
        """
        if self.lines:
            raise Mistakes(self.lines, self.file)


class Limit(NamedTuple):
    """What the schema says about one number."""

    kind: type
    low: float
    high: float
    unit: str
    default: Any
    source: str
    said: Plausible | None = None  # where it may well lie, if the schema says more than `sim.scenario.plausible` does

    def words(self) -> str:
        """Say what would be right."""
        if self.kind is str:
            return "a name in quotes, or a path to a TOML file"
        whole = "a whole number" if self.kind is int else "a number"
        return f"{whole} from {self.low:g} to {self.high:.10g} ({self.unit})"


@functools.cache
def limits(model: type[BaseModel]) -> Mapping[str, Limit]:
    """Return what the schema says about each number (and each name) of a model, in its order."""
    found = {}
    for name, field in model.model_fields.items():
        extra = field.json_schema_extra
        if not isinstance(extra, dict):
            if field.annotation is str:
                found[name] = Limit(kind=str, low=-math.inf, high=math.inf, unit="name", default=field.default, source="a name")
            continue
        low = next(item.ge for item in field.metadata if hasattr(item, "ge"))
        high = next(item.le for item in field.metadata if hasattr(item, "le"))
        kind = int if field.annotation is int else float
        said: Any = extra.get("plausible")
        said = None if said is None else Plausible(*said)
        found[name] = Limit(kind, low, high, unit=str(extra["unit"]), default=field.default, source=str(extra["source"]), said=said)
    return types.MappingProxyType(found)


def checked_value(limit: Limit, value: object, key: str, problems: Problems) -> Iterator[Any]:
    """Yield the value if it is what the schema asks for; note the mistake otherwise."""
    if limit.kind is str:
        if isinstance(value, str):
            yield value
        else:
            problems.add(key, shown(value), limit.words())
        return
    right = isinstance(value, int | float) and not isinstance(value, bool)
    if right and limit.kind is int and not isinstance(value, int):
        right = False
    if right and limit.low <= value <= limit.high:  # type: ignore[operator]  # a number, and false for nan
        yield limit.kind(value)
    else:
        problems.add(key, shown(value), limit.words())


def checked(model: type[BaseModel], table: object, prefix: str, problems: Problems) -> dict[str, Any]:
    """Return the right ones among a table's values; note unknown keys and wrong values."""
    if not isinstance(table, Mapping):
        problems.add(prefix, shown(table), "a table of numbers")
        return {}
    known = limits(model)
    kept = {}
    for name, value in table.items():
        key = f"{prefix}.{name}" if prefix else str(name)
        if name not in known:
            problems.add(key, f"an unknown key{nearest(str(name), known)}", f"one of {model.__name__}'s numbers")
            continue
        for good in checked_value(known[name], value, key, problems):
            kept[name] = good
    return kept
