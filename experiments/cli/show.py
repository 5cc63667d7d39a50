"""`firstcontact show`: what exists, as tables: styles, designs, moderation, measures, parameters, scenarios."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from experiments.cli import console
from experiments.cli.app import command
from experiments.cli.options import Screen
from sim.errors import BadInput, must, nearest

REASON = re.compile(r"^(\w+) = [^#\n]*# (.+)$", re.MULTILINE)
MOST_LISTED = 20  # names that a line can hold
THINGS = ("styles", "designs", "moderation", "measures", "parameters", "scenario")


@command(90, "firstcontact show designs", "firstcontact show styles seller", "firstcontact show parameters reply")
def show(
    *,
    what: Annotated[str, typer.Argument(help="styles, designs, moderation, measures, parameters or scenario.")],
    name: Annotated[str | None, typer.Argument(help="One of them.")] = None,
    screen: Screen,
) -> None:
    """Show what exists: styles, designs, moderation, measures, parameters with unit, bounds, default and source."""
    result = shown(what, name)
    if screen.as_json:
        print(json.dumps(result.data))
    elif result.text is not None:
        print(result.text)
    else:
        console.show_table(result.title, result.columns, result.rows)


@dataclass(frozen=True)
class Shown:
    """A table with its plain data, or a text in its place."""

    data: Any
    title: str = ""
    columns: list[str] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    text: str | None = None


def shown(what: str, name: str | None) -> Shown:
    """Return what there is of a kind, or one of them.

    Raises:
        BadInput: for an unknown kind or name.
    """
    if what not in THINGS:
        raise BadInput(must("show", f"be followed by one of {', '.join(THINGS)}", f"{what!r}{nearest(what, THINGS)}"))
    if what == "parameters":
        return _parameters(name)
    if what == "measures":
        return _measures(name)
    if what == "scenario":
        from sim.scenario.scenario import load_scenario

        scenario = load_scenario(name or "baseline")
        return Shown(scenario.model_dump(mode="json"), text=scenario.to_toml())
    from sim.scenario.library import DESIGNS, MODERATIONS, STYLES, list_designs, list_moderations, list_styles, shipped

    listed, kind = {
        "styles": (list_styles, STYLES),
        "designs": (list_designs, DESIGNS),
        "moderation": (list_moderations, MODERATIONS),
    }[what]
    return _collection(what, listed(), shipped(kind), name)


def _known(what: str, name: str, known: Mapping[str, Any]) -> None:
    if name not in known:
        listed = ", ".join(list(known)[:MOST_LISTED]) + (f" and {len(known) - MOST_LISTED} more" if len(known) > MOST_LISTED else "")
        raise BadInput(must(f"show {what}", f"be followed by one of {listed}", f"{name!r}{nearest(name, known)}"))


def _collection(what: str, collection: Mapping[str, tuple[str, Any]], files: Mapping[str, Path], name: str | None) -> Shown:
    if name is None:
        data = {key: {"description": text, **model.model_dump()} for key, (text, model) in collection.items()}
        return Shown(data, what.capitalize(), ["name", "description"], [[key, text] for key, (text, _) in collection.items()])
    _known(what, name, collection)
    text, model = collection[name]
    rows, reasons = [], _reasons(files[name])
    for key, info in type(model).model_fields.items():
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        low, high = _bounds(info)
        source = reasons.get(key) or extra.get("source", "")  # the schema gives that of the default
        rows.append([key, getattr(model, key), info.default, extra.get("unit", ""), low, high, source])
    one = {"description": text, **model.model_dump()}
    return Shown(one, f"{name}: {text}", ["parameter", "value", "default", "unit", "least", "most", "source"], rows)


def _reasons(path: Path) -> dict[str, str]:
    """Return why a shipped file has the values that it has: the comment behind each."""
    return dict(REASON.findall(path.read_text(encoding="utf-8")))


def _bounds(info: Any) -> tuple[Any, Any]:
    low = next((m.ge for m in info.metadata if hasattr(m, "ge")), "")
    return low, next((m.le for m in info.metadata if hasattr(m, "le")), "")


def _parameters(name: str | None) -> Shown:
    from sim.scenario.template import parameter_table

    table = parameter_table()
    if name is not None:
        sections = {row["section"]: None for row in table}
        if name not in sections:
            keys = {f"{row['section']}.{row['name']}": None for row in table}
            _known("parameters", name, {**sections, **keys})
            table = [row for row in table if f"{row['section']}.{row['name']}" == name]
        else:
            table = [row for row in table if row["section"] == name]
    columns = ["section", "name", "unit", "low", "high", "default", "source", "may well be"]
    rows = [[*(row[c] for c in columns[:-1]), _may_be(row)] for row in table]
    return Shown(table, "Parameters", columns, rows)


def _may_be(row: Mapping[str, Any]) -> str:
    """Return from where to where an assumed number may well lie, and why; nothing for others."""
    return f"{row['plausible_low']:g} to {row['plausible_high']:g}, {row['plausible_why']}" if row["plausible_why"] else ""


def _measures(name: str | None) -> Shown:
    from sim.results.measures import MEASURES

    if name is not None:
        _known("measures", name, MEASURES)
    chosen = [m for m in MEASURES.values() if name in (None, m.name)]
    data = [
        {
            "name": m.name,
            "title": m.title,
            "group": m.group,
            "unit": m.unit,
            "role": m.role,
            "direction": m.direction,
            "smallest_effect": m.smallest_effect,
            "window": m.window,
            "definition": m.definition,
        }
        for m in chosen
    ]
    columns = ["name", "group", "unit", "role", "direction", "smallest_effect", "window", "definition"]
    return Shown(data, "Measures", columns, [[row[c] for c in columns] for row in data])
