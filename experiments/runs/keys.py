"""Which runs an experiment needs, and the seeds and keys that name them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.runs.record import MEASURES_ALONE, WHOLE, form_name
from sim.errors import BadInput, must
from sim.scenario.presets import Design
from sim.version import model_version

if TYPE_CHECKING:
    from experiments.runs.record import Form
    from sim.scenario.scenario import Scenario


def pair_seeds(seed: int, pair: int) -> tuple[int, int]:
    """Return (population seed, dynamics seed) of a pair: they depend on the experiment's seed and its number alone."""
    digest = hashlib.sha256(f"first contact pair {seed} {pair}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1, int.from_bytes(digest[8:16], "big") >> 1


def point_seeds(seed: int, point: int, pair: int) -> tuple[int, int]:
    """Return (population seed, dynamics seed) of a pair at a point with seeds of its own."""
    digest = hashlib.sha256(f"first contact point {seed} {point} {pair}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1, int.from_bytes(digest[8:16], "big") >> 1


def run_key(scenario: Scenario, population_seed: int, seed: int, own: str = "", form: Form = WHOLE) -> str:
    """Return the name of a run: complete scenario with the arm's design, both seeds, model version, form of record.

    `own` is the identity of measures of one's own: a run that lacks them, or had others, is another one.
    """
    facts = [scenario.canonical_json(), str(population_seed), str(seed), model_version(), form_name(form, own)]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def study_key(digest: str, population_seed: int, seed: int, own: str = "") -> str:
    """Return the name of a run that keeps its measures alone.

    `digest` is that of the complete scenario (`scenario_digest`); `own` is as in `run_key`.
    """
    return hashlib.sha256(f"{digest} {population_seed} {seed} {model_version()} {form_name(MEASURES_ALONE, own)}".encode()).hexdigest()


def scenario_digest(scenario: Scenario) -> str:
    """Return a hash of all that a run's numbers depend on but its seeds."""
    return hashlib.sha256(scenario.canonical_json().encode()).hexdigest()


def arms_of(scenario: Scenario, given: Sequence[str | Path | Design] | Mapping[str, str | Path | Design]) -> dict[str, Scenario]:
    """Return the scenario of each arm by its design's name.

    Args:
        scenario: that all share.
        given: designs: names, TOML files, or designs, which may have a name each.

    Raises:
        BadInput: for fewer than two arms, or two that are the same.
    """
    if isinstance(given, str) or not isinstance(given, Sequence | Mapping):
        raise BadInput(must("--arms", "be two designs or more, such as connect_first message_first", repr(given)))
    arms: dict[str, Scenario] = {}
    for name, design in given.items() if isinstance(given, Mapping) else ((None, one) for one in given):
        arm = scenario.with_design(design)
        if name is not None:
            arm = scenario.with_design(arm.designs[arm.design], name)
        if arm.design in arms:
            told = name or (arm.design if isinstance(design, Design) else str(design))
            raise BadInput(must("--arms", "be designs that differ", f"{told!r}, which is {arm.design!r} again"))
        arms[arm.design] = arm
    designs = {name: arm.designs[name].model_dump_json() for name, arm in arms.items()}
    for name, text in designs.items():
        twin = next((other for other, its in designs.items() if other != name and its == text), None)
        if twin is not None:
            raise BadInput(must("--arms", "be designs that differ", f"{name!r} and {twin!r}, which are the same"))
    if len(arms) < 2:
        raise BadInput(must("--arms", "be two designs or more, such as connect_first message_first", len(arms)))
    return arms


def plan_digest(scenario: Scenario, arms: dict[str, Scenario], reference: str, seed: int, measures: Mapping[str, str] | None = None) -> str:
    """Return 8 hex digits of what is compared and the model's version; how many pairs is left open.

    `measures` is what `measure_files.planned_as` says of measures of one's own.
    """
    facts = {
        "scenario": scenario.name,
        "arms": {name: arm.canonical_json() for name, arm in arms.items()},
        "reference": reference,
        "seed": seed,
        "model": model_version(),
        **(measures or {}),
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=False).encode()).hexdigest()[:8]


def members_of(scenario: Scenario) -> int:
    """Return how many members a run begins with; a network file says so itself."""
    if not scenario.network_file:
        return scenario.members
    from sim.population.networks.read import read_network

    return len(read_network(scenario.network_file, scenario.network_as, scenario.network_columns).labels)


def size_in_words(scenario: Scenario) -> str:
    """Return the size of a run in words, for captions: results depend on it."""
    who = f"network {Path(scenario.network_file).name}" if scenario.network_file else f"{scenario.members:,} members"
    return f"{who}, {scenario.warm_up} days of warm-up and {scenario.days} after the switch"
