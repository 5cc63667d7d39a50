"""What Mesa's data collector keeps of a day: every daily measure of the model, and on request every member by name."""

from __future__ import annotations

from functools import partial
from operator import attrgetter
from typing import Any

import mesa

from sim.results.daily import DAILY_MEASURES, measure_of_evening

# Columns of `get_agent_vars_dataframe`: the attribute of `Member` that each shows.
MEMBER_REPORTERS = {
    "id": "id",
    "label": "label",
    "style": "style_name",
    "design": "design_name",
    "industry": "industry_name",
    "region": "region_name",
    "seniority": "seniority",
    "active": "active",
    "degree": "degree",
    "delivered": "got",
    "unwelcome_delivered": "got_unwelcome",
    "partners": "partners",
    "intents": "intents",
    "successes": "successes",
    "restrictions": "restrictions",
}


def collector(*, agent_data: bool) -> mesa.DataCollector:
    """Return a data collector; nothing in it is a local function, so that it can be pickled with its model."""
    model_reporters = {name: partial(_of_today, name) for name in DAILY_MEASURES} | {"ties": partial(_ties)}
    members = {column: attrgetter(attribute) for column, attribute in MEMBER_REPORTERS.items()}
    return mesa.DataCollector(model_reporters=model_reporters, agent_reporters=members if agent_data else None)


def _of_today(name: str, model: Any) -> float:
    """Return a daily measure as it is known on the evening of the day that was last lived."""
    return measure_of_evening(name, model.tally, model.day - 1)


def _ties(model: Any) -> int:
    found: int = model.ties
    return found
