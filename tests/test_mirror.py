"""Tests stand where the modules stand: `sim/state/tally.py` is tested by `tests/sim/state/test_tally.py`, or a suite that is named here.

The rooms of an analysis share a test: `experiments/analyses/tipping/` is tested by `tests/experiments/analyses/test_tipping.py`.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.conftest import COMPILES, WITHOUT_KERNELS

ROOT = Path(__file__).parent.parent
TESTS = ROOT / "tests"
NOT_MODULES = ("__init__.py", "__main__.py")
ANALYSES = Path("experiments/analyses")

AGREE, BRANCHES, ENGINE = "sim/test_engines_agree.py", "sim/test_branches.py", "sim/columnar/test_engine.py"
SCENARIO, COMMANDS = "sim/scenario/test_scenario.py", "experiments/cli/test_main.py"
MODEL, TALK = "sim/agents/test_model.py", "sim/test_talk.py"
CASES, NETWORKS = "test_cases.py", "sim/population/networks/test_read.py"
SUITE = "experiments/analyses/test_analyses.py"  # one contract over all analyses
FACE, PYTHON = "experiments/test_public_face.py", "experiments/test_from_python.py"

# Modules without a test of their own, with the suites that run them and look at what they do.
ELSEWHERE = {
    # the agents: every event and every tie equals that of the columns; every branch of the decisions is taken
    "sim/agents/account.py": (AGREE, BRANCHES),
    "sim/agents/conversion.py": (AGREE,),
    "sim/agents/delivery.py": (AGREE, BRANCHES),
    "sim/agents/draws.py": (AGREE,),
    "sim/agents/entities.py": (AGREE,),
    "sim/agents/environment.py": (AGREE,),
    "sim/agents/intents.py": (AGREE, BRANCHES),
    "sim/agents/joining.py": (AGREE, BRANCHES),
    "sim/agents/looker.py": (AGREE, BRANCHES),
    "sim/agents/member.py": (AGREE, BRANCHES),
    "sim/agents/moderation.py": (AGREE, BRANCHES),
    "sim/agents/reporters.py": (MODEL,),
    "sim/agents/sender.py": (AGREE, BRANCHES),
    "sim/agents/settlement.py": (AGREE, BRANCHES),
    "sim/agents/space.py": (MODEL,),
    # the phases of the columns: likewise, and conservation of items, equal bytes for any threads
    "sim/columnar/additions.py": (AGREE, ENGINE),
    "sim/columnar/allowances.py": (AGREE, ENGINE),
    "sim/columnar/arrivals.py": (AGREE, ENGINE),
    "sim/columnar/bundles.py": (ENGINE, AGREE),
    "sim/columnar/phases/delivery.py": (AGREE, ENGINE),
    "sim/columnar/phases/drift.py": (AGREE, ENGINE),
    "sim/columnar/phases/inbox.py": (AGREE, ENGINE),
    "sim/columnar/phases/moderation.py": (AGREE, ENGINE),
    "sim/columnar/phases/outreach.py": (AGREE, ENGINE),
    "sim/columnar/phases/sessions.py": (AGREE, ENGINE),
    "sim/columnar/phases/settlement.py": (AGREE, ENGINE),
    "sim/columnar/phases/talk.py": (AGREE, TALK),
    # networks from outside: each rule of the reader is a row of cases.toml or a refusal that test_read.py expects
    **{
        f"sim/population/networks/{name}.py": (CASES, NETWORKS)
        for name in ("columns", "formats", "header", "linkedin", "report", "table", "ties")
    },
    # names and numbers that stand in every history
    "sim/decisions/counters.py": ("sim/state/test_tally.py", "test_goldens.py"),
    "sim/population/initialization.py": (AGREE, ENGINE),
    "sim/state/columns.py": (ENGINE, "sim/state/test_memory.py"),
    "sim/state/world.py": (ENGINE,),
    # what people call from Python
    "experiments/defaults.py": (FACE,),
    "experiments/comparison/conclusion.py": ("experiments/comparison/test_run.py", "experiments/comparison/test_stopping_rule.py"),
    "experiments/comparison/outcome.py": (PYTHON,),
    # one contract over all figures: arms, sizes of text, screens
    **{
        f"experiments/comparison/figures/{name}.py": ("experiments/comparison/test_figures.py",)
        for name in ("assumptions", "course", "differences", "examples", "moves", "styles", "tradeoff")
    },
    "experiments/sweep/outcome.py": (PYTHON,),
    # one calibration of a small model, looked at as tables, figures and page
    "experiments/inference/figures.py": ("experiments/inference/test_report.py",),
    "experiments/inference/tables.py": ("experiments/inference/test_report.py",),
    "experiments/inference/validate.py": ("experiments/inference/test_validation.py",),
    "experiments/cli/patterns_shown.py": (COMMANDS, "experiments/test_executors.py"),
    # a scenario is read in one go
    **{
        f"sim/results/measures/{name}.py": ("sim/results/test_measures.py", "sim/test_measures_by_hand.py")
        for name in ("measure", "network_reach", "platform_use", "response", "spam_load")
    },
    "sim/scenario/fields.py": ("sim/scenario/test_parameters.py",),
    "sim/scenario/members.py": ("sim/scenario/test_parameters.py", "sim/test_every_number.py"),
    "sim/scenario/resolve.py": (SCENARIO,),
    # what commands share; commands themselves are found by listing
    "experiments/cli/console.py": (COMMANDS,),
    "experiments/cli/options.py": (COMMANDS, "experiments/cli/test_app.py"),
    "experiments/comparison/result.py": ("experiments/comparison/test_figures.py", "experiments/comparison/test_tables.py"),
    "experiments/documents.py": ("test_documents.py",),
    "experiments/reporting/network_figures.py": (COMMANDS,),
    "experiments/sweep/plan.py": ("experiments/sweep/test_file.py", "experiments/sweep/test_run.py"),
    "experiments/benchmarks/benchmark_sweeps.py": ("experiments/sweep/test_run.py",),
}
MODULES = sorted(
    path.relative_to(ROOT).as_posix()
    for package in ("sim", "experiments")
    for path in (ROOT / package).rglob("*.py")
    if path.name not in NOT_MODULES
)


def test_of(module):
    """Return where the test of a module stands."""
    path = Path(module)
    if path.parent.parent == ANALYSES:
        return TESTS / ANALYSES / f"test_{path.parent.name}.py"
    return TESTS / path.parent / f"test_{path.name}"


test_of.__test__ = False


def has_tests(path):
    """Tell whether a file holds a test function."""
    return path.is_file() and any(
        isinstance(node, ast.FunctionDef) and node.name.startswith("test_") for node in ast.parse(path.read_text(encoding="utf-8")).body
    )


def is_command(module):
    """Tell whether a module is a command: `cli/test_app.py` and `cli/test_main.py` hold all of them, found by listing, to one contract."""
    return Path(module).parent == Path("experiments/cli") and "\n@command(" in (ROOT / module).read_text(encoding="utf-8")


@pytest.mark.parametrize("module", [module for module in MODULES if module not in ELSEWHERE and not is_command(module)])
def test_a_module_has_a_test_in_its_place(module):
    path = test_of(module)
    assert has_tests(path), f"{path.relative_to(ROOT)} is missing, or ELSEWHERE must say which suite tests {module}"


def test_what_is_tested_elsewhere_is_a_module_without_a_test_of_its_own_and_the_suites_are_there():
    assert set(ELSEWHERE) <= set(MODULES)
    assert [module for module in ELSEWHERE if has_tests(test_of(module))] == []
    suites = {suite for named in ELSEWHERE.values() for suite in named}
    assert [suite for suite in sorted(suites) if not has_tests(TESTS / suite)] == []


def test_what_comes_first_is_there():
    """A name that is no longer right would let every worker compile all kernels, and nobody would notice but for the time."""
    path, _, name = COMPILES.partition("::")
    assert f"\ndef {name}(" in (ROOT / path).read_text(encoding="utf-8")
    assert [start for start in WITHOUT_KERNELS if not (ROOT / start).exists()] == []


def test_every_folder_of_tests_is_a_package():
    folders = {path.parent for path in TESTS.rglob("test_*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_a_test_below_the_top_of_its_package_stands_beside_its_module():
    """Suites over several modules stand at the top, or are named above."""
    suites = {TESTS / suite for named in ELSEWHERE.values() for suite in named} | {TESTS / SUITE}
    places = {test_of(module) for module in MODULES} | suites
    deep = [path for package in ("sim", "experiments") for path in (TESTS / package).rglob("test_*.py") if path.parent != TESTS / package]
    assert [path.relative_to(ROOT).as_posix() for path in deep if path not in places] == []
