"""A scenario's numbers as both engines read them: records for compiled code, namespaces for plain Python."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.scenario.parameters import SECTIONS

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


class Rows(NamedTuple):
    """All numbers of a scenario; styles, designs and moderations lie in the order of their names."""

    rules: Any  # a column "section_field" for each number of the sections
    styles: Any  # (styles,)
    designs: Any  # (designs,), `moderation` is the index of the moderation
    moderations: Any  # (moderations,)


def plain_rows(scenario: Scenario) -> tuple[list[dict[str, float]], ...]:
    """Return the rows as dicts of floats: rules (one row), styles, designs, moderations."""
    rules = {f"{section}_{name}": float(value) for section in SECTIONS for name, value in getattr(scenario, section).model_dump().items()}
    moderations = scenario.moderation_names
    designs = [
        scenario.designs[name].model_dump() | {"moderation": moderations.index(scenario.designs[name].moderation)}
        for name in scenario.design_names
    ]
    styles = [scenario.styles[name].model_dump() for name in scenario.style_names]
    kinds = [[rules], styles, designs, [scenario.moderations[name].model_dump() for name in moderations]]
    return tuple([{key: float(value) for key, value in row.items()} for row in kind] for kind in kinds)


def records(scenario: Scenario) -> Rows:
    """Return the rows as record arrays with float64 columns."""
    import numpy as np

    def array(kind: list[dict[str, float]]) -> Any:
        dtype = np.dtype([(name, "f8") for name in kind[0]])
        return np.array([tuple(row.values()) for row in kind], dtype).view(np.recarray)

    return Rows(*map(array, plain_rows(scenario)))


def namespaces(scenario: Scenario) -> Rows:
    """Return the rows as lists of namespaces with Python floats."""
    return Rows(*([SimpleNamespace(**row) for row in kind] for kind in plain_rows(scenario)))
