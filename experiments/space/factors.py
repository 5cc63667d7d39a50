"""Factors: every parameter an experiment may vary, with its bounds, unit, value and source."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from pydantic import BaseModel

from sim.errors import BadInput, must, nearest
from sim.scenario.parameters import SECTIONS
from sim.scenario.presets import Design, Moderation, Style
from sim.scenario.validation import Limit, limits, shown

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

PARAMETER = "a parameter of the scenario such as reply.base or design.friction"  # what a path must be
SHARES = "assumption: because nobody publishes who is on a network and why; at the upper end half of all members"
STYLE_SHARES, MEMBERS, DESIGN, MODERATION, STYLES = "style_shares", "members", "design", "moderation", "styles"


class Factor(NamedTuple):
    """A number of a scenario: where it stands, its bounds, its value there, and what the schema says about it."""

    path: str  # "reply.base", "styles.NAME.X", "design.X", "moderation.X", "style_shares.NAME", "members"
    low: float
    high: float
    default: float  # the scenario's own value
    unit: str
    source: str
    whole: bool
    section: str  # the path without its last part: "reply", "styles.seller", "design"; "members" of members


def factors(scenario: Scenario) -> dict[str, Factor]:
    """Return every factor of a scenario by its path, in the order of the schema.

    `design.X` is the design after the switch (each arm has its own; the value given here is the scenario's),
    `moderation.X` every moderation (the value is that of this design). With a network file there is no `members`.
    """
    return {one.path: one for one in _all(scenario)}


def _all(scenario: Scenario) -> Iterator[Factor]:
    if scenario.network_file is None:
        yield _factor(MEMBERS, limits(type(scenario))[MEMBERS], scenario.members)
    total = math.fsum(scenario.style_shares.values())
    for name, share in scenario.style_shares.items():
        yield Factor(
            f"{STYLE_SHARES}.{name}",
            low=0.0,
            high=total,
            default=share,
            unit=f"weight among {total:g}",
            source=SHARES,
            whole=False,
            section=STYLE_SHARES,
        )
    design = scenario.designs[next(iter(scenario.design_shares), scenario.design)]
    tables: list[tuple[str, BaseModel]] = [(name, getattr(scenario, name)) for name in SECTIONS]
    tables += [(DESIGN, design), (MODERATION, scenario.moderations[design.moderation])]
    tables += [(f"{STYLES}.{name}", scenario.styles[name]) for name in scenario.style_names]
    for section, table in tables:
        for name, limit in limits(type(table)).items():
            if limit.kind is not str:
                yield _factor(f"{section}.{name}", limit, getattr(table, name))


def _factor(path: str, limit: Limit, value: float) -> Factor:
    section = path.rpartition(".")[0] or path
    return Factor(
        path, low=limit.low, high=limit.high, default=value, unit=limit.unit, source=limit.source, whole=limit.kind is int, section=section
    )


def factor(scenario: Scenario, path: str) -> Factor:
    """Return the factor of a path.

    Raises:
        BadInput: if there is none; names the nearest.
    """
    known = factors(scenario)
    if path not in known:
        raise BadInput(must("parameter", f"be {PARAMETER}", f"{shown(path)}{nearest(path, known)}"))
    return known[path]


def with_values(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """Return the scenario with other values at these paths; whole numbers are rounded.

    `design.X` never touches the warm-up: a design that also holds before the switch is copied first.

    Raises:
        BadInput: for unknown paths and values out of bounds, all of them.
    """
    if not values:
        return scenario
    changes = {path: round(value) if _is_whole(path) else float(value) for path, value in sorted(values.items())}
    if scenario.design == scenario.warm_up_design and not scenario.design_shares and any(p.startswith(f"{DESIGN}.") for p in changes):
        scenario = scenario.with_design(scenario.designs[scenario.design], f"{scenario.design}_after")
    return scenario.with_(**changes)


def _is_whole(path: str) -> bool:
    head, _, rest = path.partition(".")
    if head == MEMBERS:
        return True
    models: Mapping[str, type[BaseModel]] = SECTIONS | {STYLES: Style, DESIGN: Design, MODERATION: Moderation}
    limit = limits(models[head]).get(rest.rpartition(".")[2]) if head in models else None
    return limit is not None and limit.kind is int
