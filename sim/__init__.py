"""First Contact: what happens to a professional network when profiles offer "Message" before "Connect"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.agents import Member, OutreachModel
    from sim.decisions.codes import Button, Distance, Kind, Outcome, Purpose
    from sim.decisions.counters import Counter
    from sim.errors import BadInput
    from sim.results.finished_run import FinishedRun
    from sim.results.history import History
    from sim.results.measures import MEASURES, Measure
    from sim.results.measures.own import measure
    from sim.scenario.presets import Design, Moderation, Style
    from sim.scenario.scenario import Scenario, load_scenario
    from sim.simulation import simulate, simulate_arms
    from sim.version import model_version

_HOMES = {
    "Member": "sim.agents",
    "OutreachModel": "sim.agents",
    "simulate": "sim.simulation",
    "simulate_arms": "sim.simulation",
    "Button": "sim.decisions.codes",
    "Distance": "sim.decisions.codes",
    "Kind": "sim.decisions.codes",
    "Outcome": "sim.decisions.codes",
    "Purpose": "sim.decisions.codes",
    "Counter": "sim.decisions.counters",
    "BadInput": "sim.errors",
    "FinishedRun": "sim.results.finished_run",
    "History": "sim.results.history",
    "MEASURES": "sim.results.measures",
    "Measure": "sim.results.measures",
    "measure": "sim.results.measures.own",
    "model_version": "sim.version",
    "Design": "sim.scenario.presets",
    "Moderation": "sim.scenario.presets",
    "Style": "sim.scenario.presets",
    "Scenario": "sim.scenario.scenario",
    "load_scenario": "sim.scenario.scenario",
}
__all__ = [
    "MEASURES",
    "BadInput",
    "Button",
    "Counter",
    "Design",
    "Distance",
    "FinishedRun",
    "History",
    "Kind",
    "Measure",
    "Member",
    "Moderation",
    "Outcome",
    "OutreachModel",
    "Purpose",
    "Scenario",
    "Style",
    "load_scenario",
    "measure",
    "model_version",
    "simulate",
    "simulate_arms",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: numba and Mesa each take a second."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
