"""What happened, as numbers: every measure with its meaning and how it is computed, an entry each.

A new measure is a new entry in the file of its group (and a known answer in the tests): tables, figures and documents go
through `MEASURES`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.results.measures import network_reach, platform_use, response, spam_load
from sim.results.measures.measure import (
    CONTEXT,
    GOAL,
    GUARDRAIL,
    HIGHER,
    LOAD,
    LOWER,
    NEITHER,
    PER_WEEK,
    PLATFORM,
    PRIMARY,
    REACH,
    RESPONSE,
    SHARE,
    Measure,
    by_name,
)

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

__all__ = [
    "CONTEXT",
    "GOAL",
    "GUARDRAIL",
    "HIGHER",
    "LOAD",
    "LOWER",
    "MEASURES",
    "NEITHER",
    "PER_WEEK",
    "PLATFORM",
    "PRIMARY",
    "REACH",
    "RESPONSE",
    "SHARE",
    "SUCCESS_VARIANTS",
    "Measure",
    "by_name",
    "fitting",
]

MEASURES = by_name([*response.MEASURES, *spam_load.MEASURES, *network_reach.MEASURES, *platform_use.MEASURES])
SUCCESS_VARIANTS = tuple(measure.name for measure in MEASURES.values() if measure.variant_of == PRIMARY)


def fitting(scenario: Scenario) -> tuple[list[Measure], list[str]]:
    """Return the measures whose window fits the horizon, and a line for each that is left out."""
    fit = [m for m in MEASURES.values() if m.window < scenario.days]
    left_out = [
        f"{m.title} ({m.name}) is left out: it watches each item for {m.window} days, and {scenario.days} days after "
        f"the switch leave none to watch: days must be at least {m.window + 1}"
        for m in MEASURES.values()
        if m.window >= scenario.days
    ]
    return fit, left_out
