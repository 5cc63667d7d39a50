"""What every analysis that takes draws has of them: its question, asked at a calibration's folder, without a run."""

from __future__ import annotations

from experiments.analyses.pareto import run as pareto
from experiments.analyses.sensitivity import run as sensitivity
from experiments.analyses.tipping import run as tipping
from experiments.sweep.run import chosen_of

ASKED = {"minutes": 1.0, "seed": 1, "workers": 1, "sizes": {}}
ARMS = ["connect_first", "message_first"]


def of_tipping(scenario, folder, parameter="design.friction"):
    return tipping._question(parameter, None, folder, 3, scenario=scenario, arms=ARMS, **ASKED).draws


def of_pareto(scenario, folder):
    return pareto._question(folder, 3, scenario=scenario, **ASKED).draws


def of_sensitivity(scenario, folder):
    asked = {name: value for name, value in ASKED.items() if name != "minutes"}
    return sensitivity._question("morris", None, 1.0, folder, scenario=scenario, arms=ARMS, **asked).draws


def of_regions(scenario, folder):
    """A map's draws are those of its sweep."""
    return chosen_of(None, {"design.friction": (0.0, 4.0)}, scenario=scenario, draws=folder).draws


DRAWS_OF = {"tipping": of_tipping, "pareto": of_pareto, "sensitivity": of_sensitivity, "regions": of_regions}
