"""Which modules mistakes are planted in, and which tests must see them."""

from __future__ import annotations

import functools
import random
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.soak.mutants.operators import Mutant, mutants_of, replaced

ROOT = Path(__file__).parents[3]
HERE = Path(__file__).parent
PLAIN = (
    *(
        f"sim.decisions.{name}"
        for name in (
            "common",
            "consequences",
            "constants",
            "inbox",
            "intents",
            "joining",
            "limits",
            "moderation",
            "outreach",
            "sessions",
            "threads",
            "visibility",
            "visits",
        )
    ),
    "sim.state.tally",  # where windows are counted
    *(f"sim.results.{name}" for name in ("computations", "daily", "finished_run", "graph_metrics", "history", "tables", "values")),
    *(f"sim.results.measures.{name}" for name in ("measure", "network_reach", "platform_use", "response", "spam_load")),
    *(f"sim.results.measures.{name}" for name in ("catalogue", "identity", "own")),
    "sim.scenario.overrides",
    "sim.arguments",
    "sim.agents.answers",
    "experiments.arguments",
    *(f"experiments.methods.{name}" for name in ("morris", "nsga2", "paired", "prim", "root_finding", "sobol_indices")),
    *(
        f"experiments.comparison.{name}"
        for name in ("answer", "explain", "forecast", "populations", "split", "stopping_rule", "surfaces", "tables")
    ),
    *(f"experiments.runs.{name}" for name in ("carried", "cost", "ledger", "measure_files", "record")),
    "experiments.reporting.text",
)
# Modules that are tested elsewhere than in the mirror of their place, or not there alone.
ELSEWHERE: dict[str, tuple[str, ...]] = {
    "experiments.runs.ledger": ("tests/experiments/runs/test_ledger.py", "tests/experiments/runs/test_schema.py"),
    "sim.results.measures.catalogue": ("tests/sim/results/measures/test_catalogue.py", "tests/sim/results/test_measures.py"),
} | {
    f"sim.results.measures.{name}": ("tests/sim/results/test_measures.py",)
    for name in ("measure", "network_reach", "platform_use", "response", "spam_load")
}
# What takes long and looks at other things: whole commands, statistics over thousands of repetitions.
LEFT_OUT = ("tests/experiments/runs/test_ledger.py::test_a_damaged_ledger_of_a_sweep_is_saved_and_gone_on_with",)
BROAD = ("tests/test_goldens.py",)  # what compiled survivors of the model are shown too


class Planted(NamedTuple):
    """A mistake planted by hand: a text of a module and what takes its place."""

    module: str
    before: str
    after: str
    reason: str
    tests: tuple[str, ...]


def path_of(module: str) -> Path:
    """Return the file of a module."""
    return ROOT / Path(*module.split(".")).with_suffix(".py")


@functools.cache
def source_of(module: str) -> str:
    """Return a module's source."""
    return path_of(module).read_text(encoding="utf-8")


def tests_of(module: str) -> tuple[str, ...]:
    """Return the tests that a mutant of this module is shown: those in its mirrored place, unless named above."""
    *package, name = module.split(".")
    return ELSEWHERE.get(module) or (Path("tests", *package, f"test_{name}.py").as_posix(),)


def draw(count: int, seed: int, modules: Sequence[str] = PLAIN) -> list[Mutant]:
    """Return `count` mutants, or all if there are fewer, evenly over modules and kinds; the same for the same seed and sources."""
    strata: dict[tuple[str, str], list[Mutant]] = {}
    for module in modules:
        for mutant in _mutants_in(module):
            strata.setdefault((mutant.module, mutant.kind), []).append(mutant)
    rng = random.Random(seed)
    for group in strata.values():
        rng.shuffle(group)
    order, chosen = list(strata), list[Mutant]()
    while order and len(chosen) < count:
        rng.shuffle(order)
        chosen += [strata[stratum].pop() for stratum in _modules_in_turn(order)]
        order = [stratum for stratum in order if strata[stratum]]
    return sorted(chosen[:count], key=lambda mutant: (modules.index(mutant.module), mutant.start))


@functools.cache
def _mutants_in(module: str) -> tuple[Mutant, ...]:
    return tuple(mutants_of(module, source_of(module)))


def _modules_in_turn(strata: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return these strata so that every module comes once before any comes twice: there are more strata than mutants."""
    turns = Counter[str]()
    ranked = list[tuple[int, tuple[str, str]]]()
    for module, kind in strata:
        turns[module] += 1
        ranked.append((turns[module], (module, kind)))
    return [stratum for _, stratum in sorted(ranked, key=lambda pair: pair[0])]


def planted() -> list[Mutant]:
    """Return the mistakes planted by hand in the phases (`phases.toml`).

    Raises:
        ValueError: if a text does not stand exactly once in its module.
    """
    found = []
    for one in planted_rows():
        source = source_of(one.module)
        if source.count(one.before) != 1:
            raise ValueError(f"phases.toml: {one.before!r} must stand once in {one.module} (got {source.count(one.before)})")
        start = source.encode().index(one.before.encode())
        end = start + len(one.before.encode())
        assert replaced(source, start, end, one.after) != source
        name = f"{' '.join(one.before.split())} -> {' '.join(one.after.split())}"
        found.append(Mutant(one.module, "by hand", name, source.count("\n", 0, source.index(one.before)) + 1, start, end, one.after))
    return found


def planted_rows() -> list[Planted]:
    """Return the rows of `phases.toml`."""
    table = tomllib.loads((HERE / "phases.toml").read_text(encoding="utf-8"))
    return [Planted(**{**row, "tests": tuple(row.get("tests", table["tests"]))}) for row in table["planted"]]


def survivors() -> dict[str, str]:
    """Return the reasons why known mutants survive, by their keys (`survivors.toml`)."""
    table = tomllib.loads((HERE / "survivors.toml").read_text(encoding="utf-8"))
    return {row["mutant"]: row["reason"] for row in table.get("survivor", [])}
