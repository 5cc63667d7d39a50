"""A scenario's numbers as both engines read them: records for compiled code, namespaces for plain Python."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, NamedTuple

from sim.scenario.fields import Section
from sim.scenario.presets import Design, Moderation, Style

PlainRows = tuple[list[dict[str, float]], ...]  # rules (one row), styles, designs, moderations


class Rows(NamedTuple):
    """All numbers of a scenario; styles, designs and moderations lie in the order of their names."""

    rules: Any  # a column "section_field" for each number of the sections
    styles: Any  # (styles,), with what `weighed` adds
    designs: Any  # (designs,), `moderation` is the index of the moderation
    moderations: Any  # (moderations,)
    pairing: Any  # (designs, designs) which design a pair has, by its viewer's and its profile's: see `mixture.pairing`


def plain_rows(
    sections: Mapping[str, Section], styles: Mapping[str, Style], designs: Mapping[str, Design], moderations: Mapping[str, Moderation]
) -> PlainRows:
    """Return the rows as dicts of floats, each mapping in its order; in a design its moderation's index stands for the name."""
    places = {name: k for k, name in enumerate(moderations)}
    rules = {f"{section}_{name}": value for section, numbers in sections.items() for name, value in numbers.model_dump().items()}
    of_designs = [design.model_dump() | {"moderation": places[design.moderation]} for design in designs.values()]
    of_styles = [weighed(style.model_dump(), rules["outreach_nest"]) for style in styles.values()]
    of_moderations = [moderation.model_dump() for moderation in moderations.values()]
    kinds = [[rules], of_styles, of_designs, of_moderations]
    return tuple([{key: float(value) for key, value in row.items()} for row in kind] for kind in kinds)


def weighed(style: dict[str, float], nest: float) -> dict[str, float]:
    """Return a style's numbers, and what all choices of a button have in common: computed once, as each would.

    Args:
        style: its numbers, of which `walk_away` and `note` are read.
        nest: how unlike the two kinds of invitation are.

    Returns:
        Besides the numbers the weight of walking away, the odds of a note where one may be written, and the nest's inclusive value.
    """
    odds = math.exp(style["note"] / nest)
    return style | {
        "walk_weight": math.exp(style["walk_away"]),
        "note_odds": odds,
        # the mean, not the sum: a second kind of invitation must not make connecting likelier by being there
        "note_value": nest * math.log(0.5 * (1.0 + odds)),
    }


def records(rows: PlainRows, pairing: list[list[int]]) -> Rows:
    """Return the rows as record arrays with float64 columns, and the pairing as one of int8."""
    import numpy as np

    def array(kind: list[dict[str, float]]) -> Any:
        return np.array([tuple(row.values()) for row in kind], _record(tuple(kind[0]))).view(np.recarray)

    rules, styles, designs, moderations = map(array, rows)
    return Rows(rules, styles, designs, moderations, pairing=np.array(pairing, np.int8))


@functools.cache
def _record(names: tuple[str, ...]) -> Any:
    """Return what a row of numbers of these names is: one object for all scenarios, as of tables, see `sim.state.columns`."""
    import numpy as np

    return np.dtype((np.record, [(name, "f8") for name in names]))


def namespaces(rows: PlainRows, pairing: list[list[int]]) -> Rows:
    """Return the rows as lists of namespaces with Python floats, and the pairing as lists."""
    rules, styles, designs, moderations = ([SimpleNamespace(**row) for row in kind] for kind in rows)
    return Rows(rules, styles, designs, moderations, pairing=pairing)
