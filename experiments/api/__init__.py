"""First Contact from Python: `import firstcontact as fc`.

    >>> import firstcontact as fc
    >>> scenario = fc.load_scenario("baseline", members=60, warm_up=5, days=65)
    >>> history = fc.simulate(scenario, seed=1)
    >>> len(history.daily["sent"]) == 5 + 65
    True

Each name lives where its question does, and is imported when it is first asked for.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.analyses.pareto.run import ParetoResult, pareto
    from experiments.analyses.regions.run import RegionsResult, regions
    from experiments.analyses.sensitivity.run import SensitivityResult, sensitivity
    from experiments.analyses.tipping.run import TippingResult, tipping
    from experiments.comparison.outcome import ComparisonResult
    from experiments.comparison.run import compare
    from experiments.reporting.result import Result
    from experiments.runs.dask_cluster import Address
    from experiments.runs.scheduler import RunFailed
    from experiments.sweep.outcome import SweepResult
    from experiments.sweep.run import sweep
    from sim.agents import Member, OutreachModel
    from sim.decisions.codes import Button, Distance, Kind, Outcome, Purpose
    from sim.errors import BadInput
    from sim.population.networks.read import read_network
    from sim.results.history import History
    from sim.results.measures import MEASURES
    from sim.results.values import Value
    from sim.scenario.parameters import Design, Moderation, Style
    from sim.scenario.scenario import Scenario, load_scenario
    from sim.simulation import simulate, simulate_arms
    from sim.version import model_version

_HOMES = {
    "Address": "experiments.runs.dask_cluster",
    "BadInput": "sim.errors",
    "Button": "sim.decisions.codes",
    "ComparisonResult": "experiments.comparison.outcome",
    "Design": "sim.scenario.parameters",
    "Distance": "sim.decisions.codes",
    "History": "sim.results.history",
    "Kind": "sim.decisions.codes",
    "MEASURES": "sim.results.measures",
    "Member": "sim.agents",
    "Moderation": "sim.scenario.parameters",
    "Outcome": "sim.decisions.codes",
    "OutreachModel": "sim.agents",
    "ParetoResult": "experiments.analyses.pareto.run",
    "Purpose": "sim.decisions.codes",
    "RegionsResult": "experiments.analyses.regions.run",
    "Result": "experiments.reporting.result",
    "RunFailed": "experiments.runs.scheduler",
    "Scenario": "sim.scenario.scenario",
    "SensitivityResult": "experiments.analyses.sensitivity.run",
    "Style": "sim.scenario.parameters",
    "SweepResult": "experiments.sweep.outcome",
    "TippingResult": "experiments.analyses.tipping.run",
    "Value": "sim.results.values",
    "compare": "experiments.comparison.run",
    "load_scenario": "sim.scenario.scenario",
    "model_version": "sim.version",
    "pareto": "experiments.analyses.pareto.run",
    "read_network": "sim.population.networks.read",
    "regions": "experiments.analyses.regions.run",
    "sensitivity": "experiments.analyses.sensitivity.run",
    "simulate": "sim.simulation",
    "simulate_arms": "sim.simulation",
    "sweep": "experiments.sweep.run",
    "tipping": "experiments.analyses.tipping.run",
}
__all__ = [
    "MEASURES",
    "Address",
    "BadInput",
    "Button",
    "ComparisonResult",
    "Design",
    "Distance",
    "History",
    "Kind",
    "Member",
    "Moderation",
    "Outcome",
    "OutreachModel",
    "ParetoResult",
    "Purpose",
    "RegionsResult",
    "Result",
    "RunFailed",
    "Scenario",
    "SensitivityResult",
    "Style",
    "SweepResult",
    "TippingResult",
    "Value",
    "compare",
    "load_scenario",
    "model_version",
    "pareto",
    "read_network",
    "regions",
    "sensitivity",
    "simulate",
    "simulate_arms",
    "sweep",
    "tipping",
]

# `experiments` looks after `sim`, but nobody after `experiments`: a folder of that name beside a script is found first.
_found = find_spec("experiments")
_places = [] if _found is None else list(_found.submodule_search_locations or [])
if _found is not None and not any((Path(place) / "shadows.py").is_file() for place in _places):
    raise ImportError(
        f"{_found.origin or _places[0]} must have another name or place: it hides the package `experiments` of First Contact",
        name="experiments",
    )
import experiments as _experiments  # noqa: E402, F401  (it refuses what hides `sim`)


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: numba and Mesa each take a second."""
    if name not in _HOMES:
        from difflib import get_close_matches

        close = get_close_matches(name, __all__, 1)
        raise AttributeError(f"module 'firstcontact' has no attribute {name!r}" + (f"; did you mean {close[0]!r}?" if close else ""))
    import importlib

    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
