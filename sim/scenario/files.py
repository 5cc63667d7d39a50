"""The shelves of TOML files: styles, designs, moderation. One file an entry: what departs from defaults."""

from __future__ import annotations

import functools
import os
import re
import tomllib
import types
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import BadInput, nearest
from sim.scenario.validation import Notes, checked, limits, shown
from sim.scenario.parameters import Design, Moderation, Section, Style

HOME = Path(__file__).parent / "library"
LARGEST_FILE = 256 * 1024  # bytes: a complete scenario has about 30,000, and a parser must not hang
NAME = re.compile(r"[^\W_][\w -]{0,59}")  # safe in a path, in a spreadsheet and as a dotted key


class Shelf(NamedTuple):
    """Where entries of one kind are found, and what they are."""

    kind: str
    table: str  # the scenario file's table of them
    folder: Path
    model: type[Section]


STYLES = Shelf("style", "styles", HOME / "styles", Style)
DESIGNS = Shelf("design", "designs", HOME / "designs", Design)
MODERATIONS = Shelf("moderation", "moderations", HOME / "moderation", Moderation)


def is_path(reference: str) -> bool:
    """Tell whether a reference means a file rather than a name."""
    return reference.endswith(".toml") or "/" in reference or os.sep in reference


def find_path(reference: str, folder: Path) -> Path:
    """Return the file that is meant: beside the file that names it, or else in the current folder."""
    beside = folder / reference
    try:
        return (beside if beside.exists() else Path(reference)).absolute()
    except (OSError, ValueError):
        return Path(reference)


def read_text(path: Path | str) -> str:
    """Return the text of a small UTF-8 file.

    Raises:
        BadInput: if it cannot be read; says why.
    """
    must = "a readable TOML file in UTF-8"
    notes = Notes(str(path))
    try:
        file = Path(path)
        if not file.exists():
            notes.add("", "no such file", must)
        elif file.is_dir():
            notes.add("", "a folder", must)
        elif not file.is_file():  # a pipe or a device could keep us waiting for ever
            notes.add("", "no regular file", must)
        elif file.stat().st_size > LARGEST_FILE:
            notes.add("", f"{file.stat().st_size} bytes", f"at most {LARGEST_FILE} bytes")
        else:
            return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        notes.add(f"line {line}", "bytes that are not UTF-8", must)
    except (OSError, ValueError) as error:
        notes.add("", getattr(error, "strerror", None) or "a path that cannot be", must)
    notes.raise_if_any()
    raise AssertionError


def read_toml(path: Path | str) -> dict[str, Any]:
    """Return what a TOML file says.

    Raises:
        BadInput: if it cannot be read or is not TOML; says the line.
    """
    notes = Notes(str(path))
    text = read_text(path)
    try:
        return tomllib.loads(text)
    except RecursionError:
        notes.add("", "values nested too deeply", "TOML with tables of numbers")
    except ValueError as error:  # not TOML, or a number of more digits than Python converts
        words = re.fullmatch(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", str(error), re.DOTALL)
        what = words[1] if words else "a number that is too long"
        line = int(words[2]) if words and words[2] else text.count("\n") + 1
        notes.add(f"line {line}" if words else "", f"no TOML: {what}", "`key = value` or [table]")
    notes.raise_if_any()
    raise AssertionError


def description(path: Path) -> str:
    """Return the comment lines at a file's beginning, without their signs."""
    lines = []
    for line in read_text(path).splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.removeprefix("#").strip())
    return "\n".join(lines)


@functools.cache
def shipped(shelf: Shelf) -> Mapping[str, Path]:
    """Return the entries that come with the package, by name in order."""
    return types.MappingProxyType({path.stem: path for path in sorted(shelf.folder.glob("*.toml"))})


def read_entry(shelf: Shelf, path: Path, notes: Notes) -> dict[str, Any]:
    """Return an entry's departures from the default; a path to a moderation becomes absolute."""
    inside = notes.of(path)
    try:
        table = read_toml(path)
    except BadInput as error:
        notes.lines.extend(line for line in error.mistakes if line not in notes.lines)  # type: ignore[attr-defined]
        return {}
    values = checked(shelf.model, table, "", inside)
    moderation = values.get("moderation", "")
    if is_path(moderation):
        values["moderation"] = str(find_path(moderation, path.parent))
    return values


@functools.cache
def listed(shelf: Shelf) -> Mapping[str, tuple[str, Section]]:
    """Return description and complete numbers of each shipped entry."""
    notes = Notes()
    entries = {name: (description(path), shelf.model(**read_entry(shelf, path, notes))) for name, path in shipped(shelf).items()}
    notes.raise_if_any()
    return types.MappingProxyType(entries)


class Finder:
    """Collects the entries of one shelf that a scenario names: from files, the package, its own tables."""

    def __init__(self, shelf: Shelf, tables: object, every: Mapping[str, Any], folder: Path, notes: Notes) -> None:
        self.shelf, self.every, self.folder, self.notes = shelf, every, folder, notes
        self.tables: Mapping[str, Any] = {}
        self.found: dict[str, dict[str, Any]] = {}  # name to what its own file says
        self._origins: dict[str, str] = {}
        if isinstance(tables, Mapping):
            self.tables = tables
        elif tables is not None:
            notes.add(shelf.table, shown(tables), f"tables [{shelf.table}.NAME] of numbers")

    def name_of(self, reference: object, key: str) -> str | None:
        """Return the name of the entry that a reference means, after reading it; None if there is none."""
        if not isinstance(reference, str):
            self.notes.add(key, shown(reference), f"a {self.shelf.kind}'s name, or a path to a TOML file")
            return None
        if is_path(reference):
            path = find_path(reference, self.folder)
            return self._keep(path.stem, str(path), key, path)
        path_here = shipped(self.shelf).get(reference)
        if path_here is None and reference not in self.tables:
            known = sorted({*shipped(self.shelf), *map(str, self.tables)})
            must = f"one of {', '.join(known)}, or a path to a TOML file{nearest(reference, known)}"
            self.notes.add(key, f"the unknown {self.shelf.kind} {shown(reference)}", must)
            return None
        return self._keep(reference, reference, key, path_here)

    def _keep(self, name: str, origin: str, key: str, path: Path | None) -> str | None:
        if not NAME.fullmatch(name):
            self.notes.add(key, f"the name {shown(name)}", "1 to 60 letters, digits, spaces, _ or -")
            return None
        if name in self._origins and self._origins[name] != origin and not self._is_same(name, origin, path):
            self.notes.add(key, f"a second {self.shelf.kind} called {shown(name)}", "called by another file name")
            return None
        if name not in self.found:
            self.found[name] = read_entry(self.shelf, path, self.notes) if path else {}
            self._origins[name] = origin
        return name

    def _is_same(self, name: str, origin: str, path: Path | None) -> bool:
        """Tell whether a second reference, by path or name, means just what the first one said."""
        says = read_entry(self.shelf, path, self.notes) if path else {}
        return self._meant(name, origin, says) == self._meant(name, self._origins[name], self.found[name])

    def _meant(self, name: str, origin: str, says: Mapping[str, Any]) -> dict[str, Any]:
        """Return all numbers that a reference means; a name means the complete table that goes by it."""
        numbers = limits(self.shelf.model)
        table = self.tables.get(name)
        if origin == name and isinstance(table, Mapping) and set(numbers) <= set(table):
            return dict(table)
        return {**{key: limit.default for key, limit in numbers.items()}, **says, **self.every}

    def add_tables(self) -> None:
        """Take in entries that only a table names: shipped ones to be changed, and such as are complete."""
        numbers = set(limits(self.shelf.model))
        for name, table in self.tables.items():
            if name in self.found:
                continue
            complete = isinstance(table, Mapping) and numbers <= set(table)
            if self.shelf is not STYLES and (name in shipped(self.shelf) or complete):
                self.name_of(name, f"{self.shelf.table}.{name}")
                continue
            known = self.found if self.shelf is STYLES else {**shipped(self.shelf), **self.found}
            must = f"one that the scenario uses{nearest(str(name), known)}"
            self.notes.add(f"{self.shelf.table}.{name}", f"the {self.shelf.kind} {shown(name)}", must)

    def complete(self) -> dict[str, dict[str, Any]]:
        """Return all entries by name in order: its file's numbers, those for all, its table's."""
        entries = {}
        for name, values in sorted(self.found.items()):
            prefix = f"{self.shelf.table}.{name}"
            own = checked(self.shelf.model, self.tables.get(name, {}), prefix, self.notes)
            entries[name] = {**values, **self.every, **own}
        return entries


def find_all(
    shelf: Shelf,
    wanted: Iterable[tuple[str, object]],
    tables: object,
    every: Mapping[str, Any],
    folder: Path,
    notes: Notes,
) -> tuple[Finder, dict[str, str]]:
    """Return the entries named by (key, reference) pairs and by tables, and the name of each reference."""
    finder = Finder(shelf, tables, every, folder, notes)
    names = {}
    for key, reference in wanted:
        name = finder.name_of(reference, key)
        if name is not None:
            names[str(reference)] = name
    finder.add_tables()
    return finder, names
