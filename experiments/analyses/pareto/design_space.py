"""Design variables of a search over designs: each goes from closed to open, and every shipped design is a setting of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.space.factors import factor

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

FREE = 40.0  # credits a month from which none are asked for
SHUT = 0.5  # credits a month below which strangers cannot be messaged at all
STRANGERS = "messages to strangers"


class DesignVariable(NamedTuple):
    """One variable: its ends are where a platform might set it; a logarithm where halves and doubles are alike."""

    name: str
    path: str
    low: float
    high: float
    log: bool = False


DESIGN_VARIABLES = (
    DesignVariable("primary button", "design.primary", -1.0, 1.0),
    DesignVariable("friction of the other", "design.friction", 0.0, 4.0),
    DesignVariable("stranger messages a day", "design.messages_a_day", 0.5, 40.0, log=True),
    DesignVariable("invitations a week", "design.invitations_a_week", 1.0, 100.0, log=True),
    # from nobody can write to a stranger, over credits, to everybody can: no credits needed is written 0 in a design, so
    # that its number alone does not go one way
    DesignVariable(STRANGERS, "design.credits_a_month", SHUT / 2.0, FREE * 1.5, log=True),
    DesignVariable("filter strength", "moderation.filter_strength", 0.0, 1.0),
)


def bounds() -> list[tuple[float, float]]:
    """Return the range of each variable as the search sees it."""
    return [(math.log(k.low), math.log(k.high)) if k.log else (k.low, k.high) for k in DESIGN_VARIABLES]


def values_at(row: Sequence[float]) -> dict[str, float]:
    """Return the parameters of a scenario for the search's coordinates."""
    out: dict[str, float] = {}
    for variable, at in zip(DESIGN_VARIABLES, row, strict=True):
        value = min(max(math.exp(at) if variable.log else float(at), variable.low), variable.high)
        if variable.name == STRANGERS:
            out["design.open_messages"] = float(value >= SHUT)
            value = value if SHUT <= value < FREE else 0.0
        out[variable.path] = value
    return out


def place_of(scenario: Scenario) -> list[float]:
    """Return the search's coordinates of a scenario's own design, as far as the variables go."""
    row = []
    for variable in DESIGN_VARIABLES:
        value = factor(scenario, variable.path).default
        if variable.name == STRANGERS:
            value = (value or variable.high) if factor(scenario, "design.open_messages").default else variable.low
        value = min(max(value, variable.low), variable.high)
        row.append(math.log(value) if variable.log else value)
    return row


def in_words(values: dict[str, float]) -> list[str]:
    """Return a setting as people read it, a word or number a variable."""
    out = []
    for variable in DESIGN_VARIABLES:
        value = values[variable.path]
        if variable.name == STRANGERS:
            out.append("closed" if not values["design.open_messages"] else f"{value:.2g} credits a month" if value else "free")
        elif variable.path == "design.primary":
            out.append("Message" if value > 0.0 else "Connect" if value < 0.0 else "equal")
            out[-1] += "" if abs(value) in (0.0, 1.0) else f" ({value:+.2f})"
        else:
            out.append(f"{value:.3g}")
    return out


def starts(scenarios: Sequence[Scenario]) -> np.ndarray:
    """Return the coordinates of shipped designs, each once."""
    return np.unique(np.array([place_of(s) for s in scenarios], float), axis=0)
