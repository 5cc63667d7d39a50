"""What a search over designs turns: each knob goes from closed to open, and every shipped design is a setting of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.space.factors import lever

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

FREE = 40.0  # credits a month from which none are asked for
SHUT = 0.5  # credits a month below which strangers cannot be messaged at all
STRANGERS = "messages to strangers"


class Knob(NamedTuple):
    """One knob: its ends are where a platform might set it; a logarithm where halves and doubles are alike."""

    name: str
    path: str
    low: float
    high: float
    log: bool = False


KNOBS = (
    Knob("primary button", "design.primary", -1.0, 1.0),
    Knob("friction of the other", "design.friction", 0.0, 4.0),
    Knob("stranger messages a day", "design.messages_a_day", 0.5, 40.0, log=True),
    Knob("invitations a week", "design.invitations_a_week", 1.0, 100.0, log=True),
    # from nobody can write to a stranger, over credits, to everybody can: no credits needed is written 0 in a design, so
    # that its number alone does not go one way
    Knob(STRANGERS, "design.credits_a_month", SHUT / 2.0, FREE * 1.5, log=True),
    Knob("filter strength", "moderation.filter_strength", 0.0, 1.0),
)


def bounds() -> list[tuple[float, float]]:
    """Return the range of each knob as the search sees it."""
    return [(math.log(k.low), math.log(k.high)) if k.log else (k.low, k.high) for k in KNOBS]


def values_at(row: Sequence[float]) -> dict[str, float]:
    """Return the numbers of a scenario for the search's coordinates."""
    out: dict[str, float] = {}
    for knob, at in zip(KNOBS, row, strict=True):
        value = min(max(math.exp(at) if knob.log else float(at), knob.low), knob.high)
        if knob.name == STRANGERS:
            out["design.open_messages"] = float(value >= SHUT)
            value = value if SHUT <= value < FREE else 0.0
        out[knob.path] = value
    return out


def place_of(scenario: Scenario) -> list[float]:
    """Return the search's coordinates of a scenario's own design, as far as the knobs go."""
    row = []
    for knob in KNOBS:
        value = lever(scenario, knob.path).default
        if knob.name == STRANGERS:
            value = (value or knob.high) if lever(scenario, "design.open_messages").default else knob.low
        value = min(max(value, knob.low), knob.high)
        row.append(math.log(value) if knob.log else value)
    return row


def in_words(values: dict[str, float]) -> list[str]:
    """Return a setting as people read it, a word or number a knob."""
    out = []
    for knob in KNOBS:
        value = values[knob.path]
        if knob.name == STRANGERS:
            out.append("closed" if not values["design.open_messages"] else f"{value:.2g} credits a month" if value else "free")
        elif knob.path == "design.primary":
            out.append("Message" if value > 0.0 else "Connect" if value < 0.0 else "equal")
            out[-1] += "" if abs(value) in (0.0, 1.0) else f" ({value:+.2f})"
        else:
            out.append(f"{value:.3g}")
    return out


def starts(scenarios: Sequence[Scenario]) -> np.ndarray:
    """Return the coordinates of shipped designs, each once."""
    return np.unique(np.array([place_of(s) for s in scenarios], float), axis=0)
