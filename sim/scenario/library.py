"""The library: collections of styles, designs and moderations, a TOML file an entry, and the shipped scenarios.

A file says what departs from the defaults. A new file in a folder of `library/` is a new entry; no list names them.
"""

from __future__ import annotations

import functools
import re
import types
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import BadInput, nearest
from sim.scenario.fields import Section
from sim.scenario.files import description, find_path, is_path, read_toml
from sim.scenario.presets import Design, Moderation, Style
from sim.scenario.validation import Problems, checked, limits, shown

HOME = Path(__file__).parent / "library"
NAME = re.compile(r"[^\W_][\w -]{0,59}")  # safe in a path, in a spreadsheet and as a dotted key


class Collection(NamedTuple):
    """The entries of one kind: where their files are, and what they are."""

    kind: str
    table: str  # the scenario file's table of them
    folder: Path
    model: type[Section]


STYLES = Collection("style", "styles", HOME / "styles", Style)
DESIGNS = Collection("design", "designs", HOME / "designs", Design)
MODERATIONS = Collection("moderation", "moderations", HOME / "moderation", Moderation)
COLLECTIONS = {collection.kind: collection for collection in (STYLES, DESIGNS, MODERATIONS)}


@functools.cache
def shipped(collection: Collection) -> Mapping[str, Path]:
    """Return the entries that come with the package, by name in order."""
    return types.MappingProxyType({path.stem: path for path in sorted(collection.folder.glob("*.toml"))})


def read_entry(collection: Collection, path: Path, problems: Problems) -> dict[str, Any]:
    """Return an entry's departures from the default; a path to a moderation becomes absolute."""
    inside = problems.of(path)
    try:
        table = read_toml(path)
    except BadInput as error:
        problems.lines.extend(line for line in error.mistakes if line not in problems.lines)  # type: ignore[attr-defined]
        return {}
    values = checked(collection.model, table, "", inside)
    moderation = values.get("moderation", "")
    if is_path(moderation):
        values["moderation"] = str(find_path(moderation, path.parent))
    return values


@functools.cache
def listed(collection: Collection) -> Mapping[str, tuple[str, Section]]:
    """Return description and complete numbers of each shipped entry."""
    problems = Problems()
    entries = {
        name: (description(path), collection.model(**read_entry(collection, path, problems))) for name, path in shipped(collection).items()
    }
    problems.raise_if_any()
    return types.MappingProxyType(entries)


def scenario_path(source: str | Path) -> Path:
    """Return the file of a scenario.

    Raises:
        BadInput: if a name is not one of a shipped scenario.
    """
    if isinstance(source, Path) or is_path(source):
        return Path(source)
    known = sorted(path.stem for path in HOME.glob("*.toml"))
    if source not in known:
        problems = Problems()
        right = f"one of {', '.join(known)}, or a path to a TOML file"
        problems.add("scenario", f"the unknown name {shown(source)}{nearest(source, known)}", right)
        problems.raise_if_any()
    return HOME / f"{source}.toml"


def list_styles() -> Mapping[str, tuple[str, Style]]:
    """Return description and numbers of each shipped style, by name in order."""
    return listed(STYLES)  # type: ignore[return-value]  # a collection holds one kind


def list_designs() -> Mapping[str, tuple[str, Design]]:
    """Return description and numbers of each shipped design, by name in order."""
    return listed(DESIGNS)  # type: ignore[return-value]


def list_moderations() -> Mapping[str, tuple[str, Moderation]]:
    """Return description and numbers of each shipped moderation, by name in order."""
    return listed(MODERATIONS)  # type: ignore[return-value]


class Finder:
    """Collects the entries of one collection that a scenario names: from files, the library, its own tables."""

    def __init__(self, collection: Collection, tables: object, every: Mapping[str, Any], folder: Path, problems: Problems) -> None:
        self.collection, self.every, self.folder, self.problems = collection, every, folder, problems
        self.tables: Mapping[str, Any] = {}
        self.found: dict[str, dict[str, Any]] = {}  # name to what its own file says
        self._origins: dict[str, str] = {}
        if isinstance(tables, Mapping):
            self.tables = tables
        elif tables is not None:
            problems.add(collection.table, shown(tables), f"tables [{collection.table}.NAME] of numbers")

    def name_of(self, reference: object, key: str) -> str | None:
        """Return the name of the entry that a reference means, after reading it; None if there is none."""
        if not isinstance(reference, str):
            self.problems.add(key, shown(reference), f"a {self.collection.kind}'s name, or a path to a TOML file")
            return None
        if is_path(reference):
            path = find_path(reference, self.folder)
            return self._keep(path.stem, str(path), key, path)
        path_here = shipped(self.collection).get(reference)
        if path_here is None and reference not in self.tables:
            known = sorted({*shipped(self.collection), *map(str, self.tables)})
            right = f"one of {', '.join(known)}, or a path to a TOML file"
            self.problems.add(key, f"the unknown {self.collection.kind} {shown(reference)}{nearest(reference, known)}", right)
            return None
        return self._keep(reference, reference, key, path_here)

    def _keep(self, name: str, origin: str, key: str, path: Path | None) -> str | None:
        if not NAME.fullmatch(name):
            self.problems.add(key, f"the name {shown(name)}", "1 to 60 letters, digits, spaces, _ or -")
            return None
        if name in self._origins and self._origins[name] != origin and not self._is_same(name, origin, path):
            self.problems.add(key, f"a second {self.collection.kind} called {shown(name)}", "called by another file name")
            return None
        if name not in self.found:
            self.found[name] = read_entry(self.collection, path, self.problems) if path else {}
            self._origins[name] = origin
        return name

    def _is_same(self, name: str, origin: str, path: Path | None) -> bool:
        """Tell whether a second reference, by path or name, means just what the first one said."""
        says = read_entry(self.collection, path, self.problems) if path else {}
        return self._meant(name, origin, says) == self._meant(name, self._origins[name], self.found[name])

    def _meant(self, name: str, origin: str, says: Mapping[str, Any]) -> dict[str, Any]:
        """Return all numbers that a reference means; a name means the complete table that goes by it."""
        numbers = limits(self.collection.model)
        table = self.tables.get(name)
        if origin == name and isinstance(table, Mapping) and set(numbers) <= set(table):
            return dict(table)
        return {**{key: limit.default for key, limit in numbers.items()}, **says, **self.every}

    def add_tables(self) -> None:
        """Take in entries that only a table names: shipped ones to be changed, and such as are complete."""
        numbers = set(limits(self.collection.model))
        for name, table in self.tables.items():
            if name in self.found:
                continue
            complete = isinstance(table, Mapping) and numbers <= set(table)
            if self.collection is not STYLES and (name in shipped(self.collection) or complete):
                self.name_of(name, f"{self.collection.table}.{name}")
                continue
            known = self.found if self.collection is STYLES else {**shipped(self.collection), **self.found}
            found = f"the {self.collection.kind} {shown(name)}{nearest(str(name), known)}"
            self.problems.add(f"{self.collection.table}.{name}", found, "one that the scenario uses")

    def complete(self) -> dict[str, dict[str, Any]]:
        """Return all entries by name in order: its file's numbers, those for all, its table's."""
        entries = {}
        for name, values in sorted(self.found.items()):
            prefix = f"{self.collection.table}.{name}"
            own = checked(self.collection.model, self.tables.get(name, {}), prefix, self.problems)
            entries[name] = {**values, **self.every, **own}
        return entries


def find_all(
    collection: Collection,
    wanted: Iterable[tuple[str, object]],
    tables: object,
    every: Mapping[str, Any],
    folder: Path,
    problems: Problems,
) -> tuple[Finder, dict[str, str]]:
    """Return the entries named by (key, reference) pairs and by tables, and the name of each reference."""
    finder = Finder(collection, tables, every, folder=folder, problems=problems)
    names = {}
    for key, reference in wanted:
        name = finder.name_of(reference, key)
        if name is not None:
            names[str(reference)] = name
    finder.add_tables()
    return finder, names
