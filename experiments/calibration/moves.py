"""Parameters moved by a tenth of their range, to both sides: which there are, and the scenarios that they give."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from experiments.space.factors import SHARES, STYLE_SHARES
from sim.errors import BadInput, must, nearest
from sim.scenario.parameters import SECTIONS
from sim.scenario.validation import Limit, limits, shown

if TYPE_CHECKING:
    from pydantic import BaseModel

    from sim.scenario.scenario import Scenario

PART = 0.1  # of its range, by which a parameter is moved


class Move(NamedTuple):
    """A parameter, and what it is moved to on either side; a bound stops it, so that one side may be where it stands already."""

    path: str  # as ODD.md names it: "reply.base", "style.X" of all styles at once, "design.X" of the design that is calibrated
    down: dict[str, float]  # by the keys of `Scenario.with_`
    up: dict[str, float]
    tenths: float  # of its range that lie between the two, on average over styles
    source: str

    def sides(self, still: Scenario) -> tuple[Scenario, Scenario]:
        """Return the two scenarios."""
        return still.with_(**self.down), still.with_(**self.up)


def moves_of(still: Scenario, paths: Sequence[str] = ()) -> list[Move]:
    """Return the moves of these parameters, or of all.

    Raises:
        BadInput: if one is unknown.
    """
    known = {move.path: move for move in _all(still)}
    for path in paths:
        if path not in known:
            rule = "be parameters such as reply.base, style.follow_ups or style_shares.seller"
            raise BadInput(must("--parameters", rule, f"{shown(path)}{nearest(path, known)}"))
    return [known[path] for path in dict.fromkeys(paths)] if paths else list(known.values())


def _all(still: Scenario) -> Iterator[Move]:
    design = still.designs[still.design]
    share = Limit(kind=float, low=0.0, high=math.fsum(still.style_shares.values()), unit="share", default=None, source=SHARES)
    for name, value in still.style_shares.items():
        path = f"{STYLE_SHARES}.{name}"
        yield moved(path, {path: value}, share)
    for section in SECTIONS:
        yield from _of_tables(section, {section: getattr(still, section)})
    yield from _of_tables("design", {f"designs.{still.design}": design})
    yield from _of_tables("moderation", {f"moderations.{design.moderation}": still.moderations[design.moderation]})
    yield from _of_tables("style", {f"styles.{name}": still.styles[name] for name in still.style_names})


def _of_tables(head: str, tables: Mapping[str, BaseModel]) -> Iterator[Move]:
    """Yield the moves of the numbers of tables of one kind, each in all of them at once."""
    for name, limit in limits(type(next(iter(tables.values())))).items():
        if limit.kind is not str:
            yield moved(f"{head}.{name}", {f"{key}.{name}": getattr(table, name) for key, table in tables.items()}, limit)


def moved(path: str, values: Mapping[str, float], limit: Limit) -> Move:
    """Return the move of a parameter that stands at `values`; a whole number moves by one at least."""
    tenth = PART * (limit.high - limit.low)
    step = max(1, round(tenth)) if limit.kind is int else tenth
    down = {key: max(value - step, limit.low) for key, value in values.items()}
    up = {key: min(value + step, limit.high) for key, value in values.items()}
    between = math.fsum(up[key] - down[key] for key in values) / len(values)
    return Move(path=path, down=down, up=up, tenths=between / tenth if tenth else 0.0, source=limit.source)
