"""Changes to a scenario's table of values: whole fields, and single numbers by dotted key."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sim.errors import nearest
from sim.scenario import mixture
from sim.scenario.fields import Section
from sim.scenario.files import is_path
from sim.scenario.library import COLLECTIONS, DESIGNS, STYLES, Collection
from sim.scenario.parameters import SECTIONS
from sim.scenario.validation import Problems, checked_value, limits, plain_value, shown


def patch(table: dict[str, Any], changes: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    """Return a complete table with changes in it: whole fields, then numbers for all, then those for one."""
    changes = {key: _by_name(table, key, value) for key, value in changes.items()}
    changes = {key: value.model_dump() if isinstance(value, Section) else plain_value(value) for key, value in changes.items()}
    if "network_file" in changes:  # what was told of another file
        for key in ("network_as", "network_columns"):
            table.pop(key, None)
    if "design" in changes and "design_shares" not in changes:  # one for all
        table["design_shares"] = {}
        for key in mixture.KEYS:
            table.pop(key, None)
    for key in sorted(changes, key=_rank):
        parts = key.split(".")
        if len(parts) == 1 and (key in SECTIONS or key not in _WHOLE_TABLES):
            _replace(table, key, changes[key], problems)
        else:
            _set_number(table, key, parts, value=changes[key], problems=problems)
    return table


def _by_name(table: dict[str, Any], key: str, value: Any) -> Any:
    """Return a change in which a style or design that is given itself, where a name may stand, is named, and stands in the table."""
    kind = _NAMED.get(key)
    if kind is None:
        return value
    if isinstance(value, Mapping):
        names = {one: keep(table, kind, one) if isinstance(one, kind.model) else one for one in value}
        return {str(names[one]) if isinstance(one, Path) else names[one]: share for one, share in value.items()}
    return keep(table, kind, value) if isinstance(value, kind.model) else value


def keep(table: dict[str, Any], kind: Collection, entry: Section, name: str | None = None) -> str:
    """Put an entry that is given itself into a table, and return its name.

    Args:
        table: a scenario's, complete.
        kind: of the entry.
        entry: a style or a design.
        name: that it is to have; that of the same entry, or one made of its numbers, unless given.
    """
    entries, numbers = table[kind.table], entry.model_dump()
    name = name or next((known for known, other in entries.items() if other == numbers), None)
    name = name or f"{kind.kind}-{hashlib.sha256(entry.model_dump_json().encode()).hexdigest()[:8]}"
    entries[name] = numbers
    return name


_SHAPES: dict[str, tuple[type, str]] = {
    "design": (str, "a design's name, or a path to a TOML file"),
    "warm_up_design": (str, "a design's name, or a path to a TOML file"),
    "style_shares": (Mapping, "a table of shares"),
    "design_shares": (Mapping, "a table of shares"),
}
_NAMED = dict.fromkeys(("design", "warm_up_design", "design_shares"), DESIGNS) | {"style_shares": STYLES}
_TABLES = {collection.table: collection for collection in COLLECTIONS.values()}
_WHOLE_TABLES = (*_TABLES, *(f"every_{kind}" for kind in COLLECTIONS))  # changed number by number alone


def _rank(key: str) -> tuple[int, str]:
    """Order changes: fields; numbers of all; of the designs after the switch; of one."""
    parts = key.split(".")
    if len(parts) == 1:
        return 0, key
    if len(parts) == 3:
        return 3, key
    return (2 if parts[0] == "design" else 1), key


def _replace(table: dict[str, Any], key: str, value: Any, problems: Problems) -> None:
    """Set a whole field; what a file says must not be overridden by an older entry of its name."""
    if key in ("network_file", "network_as", "network_columns") and value is None:
        table.pop(key, None)
        return
    value = str(value) if isinstance(value, Path) else value
    wanted, words = _SHAPES.get(key, (object, ""))
    if not isinstance(value, Mapping if key in SECTIONS else wanted):
        problems.add(key, shown(value), words or "a table of numbers")
        return
    if key in SECTIONS:
        known = limits(SECTIONS[key])
        given: Any = value
        value = {name: _whole(entry) if name in known and known[name].kind is int else entry for name, entry in given.items()}
    table[key] = _whole(value) if isinstance(table.get(key), int) else value
    references = [name for name in (value if isinstance(value, Mapping) else [value]) if isinstance(name, str)]
    if key in ("design", "design_shares"):
        for name in (Path(reference).stem for reference in references if is_path(reference)):
            if name != table["warm_up_design"]:
                table["designs"].pop(name, None)
    if key == "style_shares":
        table["styles"] = {name: entry for name, entry in table["styles"].items() if name in references}


def _whole(value: Any) -> Any:
    """Return a float without a fraction as the whole number that it is: NumPy and pandas make floats of counts."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _set_number(table: dict[str, Any], key: str, parts: list[str], value: Any, problems: Problems) -> None:
    """Set one number wherever its dotted key says."""
    head, last = parts[0], parts[-1]
    kind = head.removeprefix("every_")
    if head in SECTIONS and len(parts) == 2:
        for good in _good(SECTIONS[head], key, last, value=value, problems=problems):
            table[head] = {**table[head], last: good}
    elif head in ("style_shares", "design_shares") and len(parts) == 2:
        table[head] = {**table.get(head, {}), last: value}
    elif kind in COLLECTIONS and len(parts) == 2:
        for good in _good(COLLECTIONS[kind].model, key, last, value=value, problems=problems):
            names = set(table[COLLECTIONS[kind].table])
            if head == "design":
                names = set(table.get("design_shares") or [table["design"]])
            else:
                table[f"every_{kind}"] = {**table.get(f"every_{kind}", {}), last: good}
            for name in names:
                _set_entry(table, COLLECTIONS[kind], name, key=last, value=good)
    elif head in _TABLES and len(parts) == 3:
        collection = _TABLES[head]
        for good in _good(collection.model, key, last, value=value, problems=problems):
            _set_entry(table, collection, parts[1], key=last, value=good)
    else:
        known = [
            *table,
            *(f"{section}.{name}" for section, model in SECTIONS.items() for name in limits(model)),
        ]
        known += [f"{kind}.{name}" for kind, collection in COLLECTIONS.items() for name in limits(collection.model)]
        problems.add(key, f"an unknown key{nearest(key, known)}", "a number of the scenario")


def _good(model: type[BaseModel], key: str, name: str, value: Any, problems: Problems) -> Iterable[Any]:
    """Yield the value if the model has such a number and the value is right."""
    if name in limits(model):
        limit = limits(model)[name]
        return checked_value(limit, _whole(value) if limit.kind is int else value, key, problems)
    prefix = key.removesuffix(name)
    known = [prefix + other for other in limits(model)]
    problems.add(key, f"an unknown key{nearest(key, known)}", f"one of {model.__name__}'s numbers")
    return ()


def _set_entry(table: dict[str, Any], collection: Collection, name: str, key: str, value: Any) -> None:
    """Set a number in an entry's table; a path means the entry of that file."""
    name = Path(name).stem if is_path(name) else name
    entries = table[collection.table]
    entries[name] = {**entries.get(name, {}), key: value}
