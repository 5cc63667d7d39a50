"""From a table of values, as a scenario file holds them, to a scenario's complete values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sim.errors import nearest
from sim.scenario import decision, mixture
from sim.scenario.fields import Section
from sim.scenario.files import find_path
from sim.scenario.library import COLLECTIONS, DESIGNS, MODERATIONS, NAME, STYLES, Finder, find_all
from sim.scenario.parameters import PURPOSES, SECTIONS
from sim.scenario.validation import Problems, checked, checked_value, limits, shown

LARGEST_SHARE = 1e6  # shares are weights; beyond this it is a slip
LONGEST_RUN = 20_000  # days; pairs keep days in 16 bits
NETWORK_KEYS = ("network_file", "network_as", "network_columns")


def assemble(table: Mapping[str, Any], folder: Path, model: type[BaseModel], problems: Problems) -> dict[str, Any]:
    """Return complete values for a Scenario (`model`) from what a file says; note every mistake.

    Args:
        table: what the file says, on top of the baseline.
        folder: where paths in it begin.
        model: the scenario's class.
        problems: where mistakes are noted; the values are of use only if there are none.
    """
    for key in table:
        if key not in model.model_fields:
            problems.add(str(key), f"an unknown key{nearest(str(key), model.model_fields)}", "a part of a scenario")
    values = _plain_values(table, folder, model, problems)
    for name, section in SECTIONS.items():
        values[name] = checked(section, table.get(name, {}), name, problems)
    every = {
        f"every_{kind}": checked(collection.model, table.get(f"every_{kind}", {}), f"every_{kind}", problems)
        for kind, collection in COLLECTIONS.items()
    }
    _add_styles(values, table, folder, every=every, problems=problems)
    _add_designs(values, table, folder, every=every, problems=problems)
    return values | every


def _plain_values(table: Mapping[str, Any], folder: Path, model: type[BaseModel], problems: Problems) -> dict[str, Any]:
    """Return what stands outside any section."""
    values = {}
    for key, limit in limits(model).items():
        for good in checked_value(limit, table[key], key, problems) if key in table else ():
            values[key] = good
    if not NAME.fullmatch(values.get("name", "scenario")):
        problems.add("name", shown(values["name"]), "1 to 60 letters, digits, spaces, _ or -")
    days = values.get("warm_up", 0) + values.get("days", 0)
    if days > LONGEST_RUN:
        problems.add("days", f"{days} with warm_up", f"at most {LONGEST_RUN} together")
    assignment = table.get("design_assignment", "member")
    if assignment not in mixture.ASSIGNMENTS:
        problems.add("design_assignment", shown(assignment), f"one of {', '.join(mixture.ASSIGNMENTS)}")
    values["design_assignment"] = assignment
    network = table.get("network_file")
    if network is not None:
        values["network_file"] = _network_path(network, folder, problems)
    values.update(_network_told(table, problems))
    values.update(mixture.told(table, problems))
    values["decision"] = decision.told(table.get("decision", {}), problems)
    return values


def _network_told(table: Mapping[str, Any], problems: Problems) -> dict[str, str]:
    """Return how the network file is to be read, where that is told."""
    right = {"network_as": "'ties' or 'log'", "network_columns": "text such as 'sender=1,recipient=2,time=3'"}
    told = {key: table[key] for key in right if table.get(key) is not None}
    for key, value in told.items():
        if not isinstance(value, str) or (key == "network_as" and value not in ("ties", "log")):
            problems.add(key, shown(value), right[key])
        elif table.get("network_file") is None:
            problems.add(key, shown(value), "left out without `network_file`")
    return told


def _network_path(network: object, folder: Path, problems: Problems) -> str | None:
    """Return the network file's path from the root, so that a copy of the scenario elsewhere finds it."""
    if isinstance(network, str):
        path = find_path(network, folder)
        try:
            if path.is_file():
                return str(path)
        except (OSError, ValueError):
            pass
    problems.add("network_file", shown(network), "the path of a network file that exists")
    return None


def _shares(table: Mapping[str, Any], key: str, problems: Problems) -> dict[str, float]:
    """Return shares by reference; at least one must be above 0."""
    shares = table.get(key, {})
    if not isinstance(shares, Mapping):
        problems.add(key, shown(shares), "a table of shares")
        return {}
    good = {}
    for name, share in shares.items():
        number = isinstance(share, int | float) and not isinstance(share, bool)
        if number and 0.0 <= share <= LARGEST_SHARE:
            good[str(name)] = float(share)
        else:
            problems.add(f"{key}.{name}", shown(share), f"a number from 0 to {LARGEST_SHARE:g} (share)")
    if len(good) == len(shares) and (shares or key == "style_shares") and not math.fsum(good.values()) > 0.0:
        problems.add(key, "no share above 0", "shares above 0 together")
    return good


def _renamed(shares: Mapping[str, float], names: Mapping[str, str], key: str, problems: Problems) -> dict[str, float]:
    """Return shares by name instead of by reference, in the order of names."""
    renamed: dict[str, float] = {}
    for reference, share in shares.items():
        name = names.get(reference)
        if name in renamed:
            problems.add(f"{key}.{reference}", "the same one twice", "given once")
        if name is not None:
            renamed[name] = share
    return dict(sorted(renamed.items()))


def _models(finder: Finder, problems: Problems) -> dict[str, Section]:
    """Return validated entries by name; an entry with mistakes is left at what is right of it."""
    entries = finder.complete()
    for name, values in entries.items():
        full = {key: limit.default for key, limit in limits(finder.collection.model).items()} | values
        if finder.collection is STYLES and not sum(full[purpose] for purpose in PURPOSES) > 0.0:
            right = "above 0 together: whoever approaches somebody has a purpose"
            problems.add(f"styles.{name}", f"{', '.join(PURPOSES)} all 0", right)
    return {name: finder.collection.model(**values) for name, values in entries.items()}


def _add_styles(values: dict[str, Any], table: Mapping[str, Any], folder: Path, every: Mapping[str, Any], problems: Problems) -> None:
    """Find all styles that have a share."""
    shares = _shares(table, "style_shares", problems)
    wanted = [(f"style_shares.{reference}", reference) for reference in shares]
    finder, names = find_all(STYLES, wanted, tables=table.get("styles"), every=every["every_style"], folder=folder, problems=problems)
    values["style_shares"] = _renamed(shares, names, "style_shares", problems)
    values["styles"] = _models(finder, problems)


def _add_designs(values: dict[str, Any], table: Mapping[str, Any], folder: Path, every: Mapping[str, Any], problems: Problems) -> None:
    """Find all designs that are named, and the moderations that these name."""
    shares = _shares(table, "design_shares", problems)
    named = ("design", "warm_up_design")
    wanted: list[tuple[str, object]] = [(key, values[key]) for key in named if key in values]
    wanted += [(f"design_shares.{reference}", reference) for reference in shares]
    finder, names = find_all(DESIGNS, wanted, tables=table.get("designs"), every=every["every_design"], folder=folder, problems=problems)
    values["design_shares"] = _renamed(shares, names, "design_shares", problems)
    for key in named:
        values[key] = names.get(values.get(key, ""), "")
    designs = _models(finder, problems)
    default = limits(DESIGNS.model)["moderation"].default
    rules = {name: design.model_dump().get("moderation", default) for name, design in designs.items()}
    wanted = [(f"designs.{name}.moderation", rule) for name, rule in rules.items()]
    every_design = every["every_design"]
    if "moderation" in every_design:
        wanted.append(("every_design.moderation", every_design["moderation"]))
    finder, names = find_all(
        MODERATIONS, wanted, tables=table.get("moderations"), every=every["every_moderation"], folder=folder, problems=problems
    )
    values["moderations"] = _models(finder, problems)
    values["designs"] = {
        name: design.model_copy(update={"moderation": names.get(rules[name], rules[name])}) for name, design in designs.items()
    }
    if "moderation" in every_design:
        every_design["moderation"] = names.get(every_design["moderation"], "")
    mixture.check(values, problems)
