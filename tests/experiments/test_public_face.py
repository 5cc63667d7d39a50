"""`firstcontact`: every name is there, described, with an example that is run; it loads little, and nothing inside knows it."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import re
import subprocess
import sys
import sysconfig
import typing
from pathlib import Path

import firstcontact as fc
import pytest

import sim
from experiments import defaults
from experiments.cli.main import find_commands
from experiments.runs import processes
from tests.goldens.inside import commands
from tests.helpers.executors import here

ROOT = Path(__file__).parent.parent.parent
QUESTIONS = ("compare", "abtest", "sweep", "sensitivity", "regions", "tipping", "pareto", "scale")
EXTRAS = {"sensitivity": ["SALib", "sklearn"], "regions": ["ema_workbench", "SALib", "sklearn"], "pareto": ["pymoo"]}
HEAVY = ("numba", "mesa", "pandas", "numpy", "scipy", "matplotlib", "pydantic", "networkx", "rich", "typer")
# an argument and the option of its command, where the two have not one name
RENAMED = {
    "limits": "--range",
    "source": "argument 1",
    "scenario": "argument 1",
    "parameter": "argument 1",
}
ONLY_PYTHON = {"sweep": {"parameters", "scenario", "arms", "reference", "sampler", "seeds", "seed"}}  # a file says them
ONLY_COMMAND = {  # a Scenario or an Address says it, or it is about the screen
    "--network",
    "--network-as",
    "--columns",
    "--dask-ca",
    "--dask-cert",
    "--dask-key",
    "--json",
    "--dry-run",
    "--resume",
    "--extend",
    "--status",
    "--all",
}


def test_every_name_is_listed_once_and_found_where_it_is_said_to_live():
    assert sorted(fc._HOMES) == sorted(fc.__all__) == dir(fc)
    for name, home in fc._HOMES.items():
        assert getattr(fc, name) is getattr(importlib.import_module(home), name)


def test_types_see_every_name():
    """What is imported for types alone is what is imported when it is asked for."""
    tree = ast.parse((ROOT / "experiments" / "api" / "__init__.py").read_text(encoding="utf-8"))
    seen = next(node for node in tree.body if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING")
    told = {alias.name: node.module for node in seen.body for alias in node.names}
    assert told == fc._HOMES


def test_what_sim_gives_the_public_face_gives_too_and_sim_still_does():
    assert set(sim.__all__) <= set(fc.__all__)
    assert all(getattr(sim, name) is getattr(fc, name) for name in sim.__all__)


def test_a_name_that_is_not_there_is_told_with_the_nearest():
    with pytest.raises(AttributeError, match="has no attribute 'comparee'; did you mean 'compare'"):
        fc.comparee  # noqa: B018  (asking for it is the test)
    with pytest.raises(AttributeError, match=r"has no attribute 'zzz'$"):
        fc.zzz  # noqa: B018  (asking for it is the test)


def test_it_loads_little():
    ended = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import firstcontact"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    loaded = {line.rpartition("|")[2].strip().split(".")[0] for line in ended.stderr.splitlines()}
    assert "firstcontact" in loaded
    assert loaded & set(HEAVY) == set()


def test_nothing_inside_knows_it():
    found = []
    for path in [*(ROOT / "sim").rglob("*.py"), *(ROOT / "experiments").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [f"{node.module}.{alias.name}" for alias in node.names] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] == "firstcontact" or name.startswith("experiments.api") for name in names):
                found.append(path)
    assert found == []


@pytest.mark.parametrize("words", [["-m", "firstcontact"], [str(Path(sysconfig.get_path("scripts"), "firstcontact"))]])
def test_module_and_command_are_one(words, tmp_path):
    """The command has the name of the package; neither hides the other, wherever it is started."""
    command = [sys.executable, *words] if words[0] == "-m" else words
    ended = subprocess.run([*command, "show", "designs"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stderr
    assert "message_first" in ended.stdout
    assert ended.stderr == ""


# descriptions


@pytest.mark.parametrize("name", [name for name in fc.__all__ if name != "MEASURES"])
def test_it_is_described(name):
    assert len(inspect.getdoc(getattr(fc, name)) or "") > 15


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_says_what_it_takes_returns_and_refuses(name):
    function = getattr(fc, name)
    text = inspect.getdoc(function)
    for part in ("Args:", "Returns:", "Raises:", "Example:", "BadInput", ">>> "):
        assert part in text
    told = re.findall(r"^    (\w+): ", text.partition("Args:")[2].partition("Returns:")[0], re.MULTILINE)
    assert told == list(inspect.signature(function).parameters)


def test_what_a_result_has_is_described():
    results = [one for one in list(vars(fc).values()) if inspect.isclass(one) and issubclass(one, fc.Result)]
    results = {getattr(fc, name) for name in fc.__all__ if name.endswith("Result")} | set(results)
    assert len(results) == 2 + len(QUESTIONS)  # and that of a calibration
    for kind in results:
        for name, found in vars(kind).items():
            if not name.startswith("_") and isinstance(found, property):
                assert len(found.fget.__doc__ or "") > 20, (kind, name)


def examples_of(found):
    """Return the examples in a docstring: (code, wanted)."""
    return doctest.DocTestParser().get_examples(inspect.getdoc(found) or "")


def test_every_name_has_an_example():
    code = "\n".join(example.source for found in [fc, *(getattr(fc, name) for name in QUESTIONS)] for example in examples_of(found))
    named = set(re.findall(r"\bfc\.(\w+)", code))
    results = {f"{name.capitalize()}Result".replace("Compare", "Comparison") for name in QUESTIONS}
    assert set(fc.__all__) - named - results == set()  # what the questions return is in their examples


def run_examples(found, name):
    test = doctest.DocTestParser().get_doctest(inspect.getdoc(found), {}, name, None, None)
    assert test.examples
    said = []
    doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test, out=said.append)
    assert said == [], "".join(said)


def test_the_examples_of_the_package_are_true():
    run_examples(fc, "firstcontact")


@pytest.mark.parametrize("name", [pytest.param(name, marks=[] if name == "compare" else [pytest.mark.slow]) for name in QUESTIONS])
def test_the_example_of_a_question_is_true(name, monkeypatch):
    for package in EXTRAS.get(name, ()):
        pytest.importorskip(package)
    monkeypatch.setattr(processes, "processes", here)  # a process of its own costs more than small runs
    run_examples(getattr(fc, name), name)


# defaults


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_takes_what_its_command_takes_with_the_same_defaults(name):
    find_commands()
    command, _ = commands()[name]
    options = {one.opts[0] if one.param_type_name == "option" else f"argument {k}": one.default for k, one in enumerate_options(command)}
    taken = {}
    for argument, one in inspect.signature(getattr(fc, name)).parameters.items():
        if argument in ONLY_PYTHON.get(name, ()):
            continue
        option = RENAMED.get(argument, f"--{argument.replace('_', '-')}")
        if name == "tipping" and argument == "scenario":
            option = "argument 2"
        taken[option] = one.default
    assert set(options) - ONLY_COMMAND == set(taken)
    for option, default in taken.items():
        if option == "--arms":  # a command has None for the usual
            assert (options[option], default) == (None, defaults.ARMS)
        elif option == "--measures":  # no file, or no measures
            assert (options[option], default) == (None, ())
        elif default is not inspect.Parameter.empty and option != "--quiet":
            assert options[option] == default, option


def enumerate_options(command):
    """Yield the options of a command, and its arguments by their place."""
    place = 0
    for one in command.params:
        place += one.param_type_name == "argument"
        yield place, one


def test_the_usual_of_files_is_that_of_python():
    from experiments.sweep.file import SweepFile

    file = SweepFile()
    assert (file.scenario, tuple(file.arms), file.seed) == (defaults.SCENARIO, defaults.ARMS, defaults.SEED)
    assert (file.sweep.sampler, file.sweep.pairs, file.sweep.seeds) == (defaults.SAMPLER, defaults.POINT_PAIRS, defaults.SEEDS)
    assert defaults.SAMPLER in typing.get_args(SweepFile.model_fields["sweep"].annotation.model_fields["sampler"].annotation)
