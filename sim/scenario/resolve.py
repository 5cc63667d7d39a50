"""From a table of values, as a scenario file holds them, to a scenario's values; and changes to a table."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sim.scenario.files import (
    DESIGNS,
    MODERATIONS,
    NAME,
    STYLES,
    Finder,
    Shelf,
    find_all,
    find_path,
    is_path,
)
from sim.errors import nearest
from sim.scenario.validation import Notes, checked, checked_value, limits, shown
from sim.scenario.parameters import SECTIONS, Section

SHELVES = {shelf.kind: shelf for shelf in (STYLES, DESIGNS, MODERATIONS)}
LARGEST_SHARE = 1e6  # shares are weights; beyond this it is a slip
LONGEST_RUN = 20_000  # days; pairs keep days in 16 bits
ASSIGNMENTS = ("member", "community")
PURPOSES = ("inquiry", "relationship", "promotion")


def assemble(table: Mapping[str, Any], folder: Path, model: type[BaseModel], notes: Notes) -> dict[str, Any]:
    """Return complete values for a Scenario (`model`) from what a file says; note every mistake.

    Args:
        table: what the file says, on top of the baseline.
        folder: where paths in it begin.
        model: the scenario's class.
        notes: where mistakes are noted; the values are of use only if there are none.
    """
    for key in table:
        if key not in model.model_fields:
            notes.add(str(key), "an unknown key", f"a part of a scenario{nearest(str(key), model.model_fields)}")
    values = _plain_values(table, folder, model, notes)
    for name, section in SECTIONS.items():
        values[name] = checked(section, table.get(name, {}), name, notes)
    every = {
        f"every_{kind}": checked(shelf.model, table.get(f"every_{kind}", {}), f"every_{kind}", notes) for kind, shelf in SHELVES.items()
    }
    _add_styles(values, table, folder, every, notes)
    _add_designs(values, table, folder, every, notes)
    return values | every


def _plain_values(table: Mapping[str, Any], folder: Path, model: type[BaseModel], notes: Notes) -> dict[str, Any]:
    """Return what stands outside any section."""
    values = {}
    for key, limit in limits(model).items():
        for good in checked_value(limit, table[key], key, notes) if key in table else ():
            values[key] = good
    if not NAME.fullmatch(values.get("name", "scenario")):
        notes.add("name", shown(values["name"]), "1 to 60 letters, digits, spaces, _ or -")
    days = values.get("warm_up", 0) + values.get("days", 0)
    if days > LONGEST_RUN:
        notes.add("days", f"{days} with warm_up", f"at most {LONGEST_RUN} together")
    assignment = table.get("design_assignment", "member")
    if assignment not in ASSIGNMENTS:
        notes.add("design_assignment", shown(assignment), "'member' or 'community'")
    values["design_assignment"] = assignment
    network = table.get("network_file")
    if network is not None:
        values["network_file"] = _network_path(network, folder, notes)
    return values


def _network_path(network: object, folder: Path, notes: Notes) -> str | None:
    """Return the network file's path from the root, so that a copy of the scenario elsewhere finds it."""
    if isinstance(network, str):
        path = find_path(network, folder)
        try:
            if path.is_file():
                return str(path)
        except (OSError, ValueError):
            pass
    notes.add("network_file", shown(network), "the path of a network file that exists")
    return None


def _shares(table: Mapping[str, Any], key: str, notes: Notes) -> dict[str, float]:
    """Return shares by reference; at least one must be above 0."""
    shares = table.get(key, {})
    if not isinstance(shares, Mapping):
        notes.add(key, shown(shares), "a table of shares")
        return {}
    good = {}
    for name, share in shares.items():
        number = isinstance(share, int | float) and not isinstance(share, bool)
        if number and 0.0 <= share <= LARGEST_SHARE:
            good[str(name)] = float(share)
        else:
            notes.add(f"{key}.{name}", shown(share), f"a number from 0 to {LARGEST_SHARE:g} (share)")
    if len(good) == len(shares) and (shares or key == "style_shares") and not math.fsum(good.values()) > 0.0:
        notes.add(key, "no share above 0", "shares above 0 together")
    return good


def _renamed(shares: Mapping[str, float], names: Mapping[str, str], key: str, notes: Notes) -> dict[str, float]:
    """Return shares by name instead of by reference, in the order of names."""
    renamed: dict[str, float] = {}
    for reference, share in shares.items():
        name = names.get(reference)
        if name in renamed:
            notes.add(f"{key}.{reference}", "the same one twice", "given once")
        if name is not None:
            renamed[name] = share
    return dict(sorted(renamed.items()))


def _models(finder: Finder, notes: Notes) -> dict[str, Section]:
    """Return validated entries by name; an entry with mistakes is left at what is right of it."""
    entries = finder.complete()
    for name, values in entries.items():
        full = {key: limit.default for key, limit in limits(finder.shelf.model).items()} | values
        if finder.shelf is STYLES and not sum(full[purpose] for purpose in PURPOSES) > 0.0:
            must = "above 0 together: whoever approaches somebody has a purpose"
            notes.add(f"styles.{name}", f"{', '.join(PURPOSES)} all 0", must)
    return {name: finder.shelf.model(**values) for name, values in entries.items()}


def _add_styles(values: dict[str, Any], table: Mapping[str, Any], folder: Path, every: Mapping[str, Any], notes: Notes) -> None:
    """Find all styles that have a share."""
    shares = _shares(table, "style_shares", notes)
    wanted = [(f"style_shares.{reference}", reference) for reference in shares]
    finder, names = find_all(STYLES, wanted, table.get("styles"), every["every_style"], folder, notes)
    values["style_shares"] = _renamed(shares, names, "style_shares", notes)
    values["styles"] = _models(finder, notes)


def _add_designs(values: dict[str, Any], table: Mapping[str, Any], folder: Path, every: Mapping[str, Any], notes: Notes) -> None:
    """Find all designs that are named, and the moderations that these name."""
    shares = _shares(table, "design_shares", notes)
    named = ("design", "warm_up_design")
    wanted: list[tuple[str, object]] = [(key, values[key]) for key in named if key in values]
    wanted += [(f"design_shares.{reference}", reference) for reference in shares]
    finder, names = find_all(DESIGNS, wanted, table.get("designs"), every["every_design"], folder, notes)
    values["design_shares"] = _renamed(shares, names, "design_shares", notes)
    for key in named:
        values[key] = names.get(values.get(key, ""), "")
    designs = _models(finder, notes)
    default = limits(DESIGNS.model)["moderation"].default
    rules = {name: design.model_dump().get("moderation", default) for name, design in designs.items()}
    wanted = [(f"designs.{name}.moderation", rule) for name, rule in rules.items()]
    every_design = every["every_design"]
    if "moderation" in every_design:
        wanted.append(("every_design.moderation", every_design["moderation"]))
    finder, names = find_all(MODERATIONS, wanted, table.get("moderations"), every["every_moderation"], folder, notes)
    values["moderations"] = _models(finder, notes)
    values["designs"] = {
        name: design.model_copy(update={"moderation": names.get(rules[name], rules[name])}) for name, design in designs.items()
    }
    if "moderation" in every_design:
        every_design["moderation"] = names.get(every_design["moderation"], "")


def patch(table: dict[str, Any], changes: Mapping[str, Any], notes: Notes) -> dict[str, Any]:
    """Return a complete table with changes in it: whole fields, then numbers for all, then those for one."""
    changes = {key: value.model_dump() if isinstance(value, Section) else value for key, value in changes.items()}
    if "design" in changes and "design_shares" not in changes:
        table["design_shares"] = {}
    for key in sorted(changes, key=_rank):
        parts = key.split(".")
        if len(parts) == 1 and (key in SECTIONS or key not in _COLLECTIONS):
            _replace(table, key, changes[key], notes)
        else:
            _set_number(table, key, parts, changes[key], notes)
    return table


_SHAPES: dict[str, tuple[type, str]] = {
    "design": (str, "a design's name, or a path to a TOML file"),
    "warm_up_design": (str, "a design's name, or a path to a TOML file"),
    "style_shares": (Mapping, "a table of shares"),
    "design_shares": (Mapping, "a table of shares"),
}
_COLLECTIONS = ("styles", "designs", "moderations", "every_style", "every_design", "every_moderation")


def _rank(key: str) -> tuple[int, str]:
    """Order changes: fields; numbers of all; of the designs after the switch; of one."""
    parts = key.split(".")
    if len(parts) == 1:
        return 0, key
    if len(parts) == 3:
        return 3, key
    return (2 if parts[0] == "design" else 1), key


def _replace(table: dict[str, Any], key: str, value: Any, notes: Notes) -> None:
    """Set a whole field; what a file says must not be overridden by an older entry of its name."""
    if key == "network_file" and value is None:
        table.pop(key, None)
        return
    value = str(value) if isinstance(value, Path) else value
    wanted, words = _SHAPES.get(key, (object, ""))
    if not isinstance(value, Mapping if key in SECTIONS else wanted):
        notes.add(key, shown(value), words or "a table of numbers")
        return
    table[key] = value
    references = [name for name in (value if isinstance(value, Mapping) else [value]) if isinstance(name, str)]
    if key in ("design", "design_shares"):
        for name in (Path(reference).stem for reference in references if is_path(reference)):
            if name != table["warm_up_design"]:
                table["designs"].pop(name, None)
    if key == "style_shares":
        table["styles"] = {name: entry for name, entry in table["styles"].items() if name in references}


def _set_number(table: dict[str, Any], key: str, parts: list[str], value: Any, notes: Notes) -> None:
    """Set one number wherever its dotted key says."""
    head, last = parts[0], parts[-1]
    kind = head.removeprefix("every_")
    if head in SECTIONS and len(parts) == 2:
        for good in _good(SECTIONS[head], key, last, value, notes):
            table[head] = {**table[head], last: good}
    elif head in ("style_shares", "design_shares") and len(parts) == 2:
        table[head] = {**table.get(head, {}), last: value}
    elif kind in SHELVES and len(parts) == 2:
        for good in _good(SHELVES[kind].model, key, last, value, notes):
            names = set(table[SHELVES[kind].table])
            if head == "design":
                names = set(table.get("design_shares") or [table["design"]])
            else:
                table[f"every_{kind}"] = {**table.get(f"every_{kind}", {}), last: good}
            for name in names:
                _set_entry(table, SHELVES[kind], name, last, good)
    elif head in ("styles", "designs", "moderations") and len(parts) == 3:
        shelf = SHELVES[head.removesuffix("s")]
        for good in _good(shelf.model, key, last, value, notes):
            _set_entry(table, shelf, parts[1], last, good)
    else:
        known = [
            *table,
            *(f"{section}.{name}" for section, model in SECTIONS.items() for name in limits(model)),
        ]
        known += [f"{kind}.{name}" for kind, shelf in SHELVES.items() for name in limits(shelf.model)]
        notes.add(key, "an unknown key", f"a number of the scenario{nearest(key, known)}")


def _good(model: type[BaseModel], key: str, name: str, value: Any, notes: Notes) -> Iterable[Any]:
    """Yield the value if the model has such a number and the value is right."""
    if name in limits(model):
        return checked_value(limits(model)[name], value, key, notes)
    prefix = key.removesuffix(name)
    known = [prefix + other for other in limits(model)]
    notes.add(key, "an unknown key", f"one of {model.__name__}'s numbers{nearest(key, known)}")
    return ()


def _set_entry(table: dict[str, Any], shelf: Shelf, name: str, key: str, value: Any) -> None:
    """Set a number in an entry's table; a path means the entry of that file."""
    name = Path(name).stem if is_path(name) else name
    entries = table[shelf.table]
    entries[name] = {**entries.get(name, {}), key: value}
