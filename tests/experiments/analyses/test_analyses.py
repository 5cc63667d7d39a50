"""One contract over all analyses, found by listing: rooms, a command, what a small run leaves, the same bytes again, refusals.

What only an analysis can say stands in its own test, `test_<name>.py` beside this one: `small(folder)` gives the words of a
command that is answered in seconds, `REFUSED` has bad input with a word that its refusal must hold, `EXTRAS`, if there
are any, the packages that it needs.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import shutil
from pathlib import Path

import pytest

import experiments.analyses
import experiments.cli
from sim import load_scenario
from tests.experiments.analyses.draws_of import DRAWS_OF
from tests.helpers.analyses import held, needs, status
from tests.helpers.calibrated import CASES, MANY, calibration
from tests.helpers.light import light

ANALYSES = [found.name for found in pkgutil.iter_modules(experiments.analyses.__path__) if found.ispkg]
TESTS = {name: importlib.import_module(f"tests.experiments.analyses.test_{name}") for name in ANALYSES}
EXTRAS = {name: getattr(test, "EXTRAS", ()) for name, test in TESTS.items()}
REFUSED = [(*case, name) for name, test in TESTS.items() for case in test.REFUSED]
every = pytest.mark.parametrize("name", ANALYSES)


def room(name, which):
    return importlib.import_module(f"experiments.analyses.{name}.{which}")


def test_there_are_analyses():
    assert len(ANALYSES) >= 4


@every
def test_it_has_its_rooms_and_a_command_of_its_name(name):
    needs(EXTRAS[name])
    assert callable(getattr(room(name, "run"), name))
    assert callable(room(name, "report").write)
    assert room(name, "analysis").__doc__
    assert name in {found.name for found in pkgutil.iter_modules(experiments.cli.__path__)}


@every
def test_its_help_has_an_example_and_says_where_results_go(name, capsys):
    assert status(name, "--help") == 0
    said = capsys.readouterr().out
    assert re.search(rf"Examples?: firstcontact {name}\b", said)
    assert {"--out", "--json", "--quiet"} <= set(re.findall(r"--[a-z-]+", said))


@pytest.fixture(scope="module", params=ANALYSES)
def answered(request, tmp_path_factory):
    """A small run: the analysis, its words, and the folder that it left."""
    name = request.param
    needs(EXTRAS[name])
    home = tmp_path_factory.mktemp(name)
    words = TESTS[name].small(home)
    assert status(*words, "--out", home / "out") == 0
    return name, words, home / "out"


def test_a_small_run_leaves_its_report_its_findings_its_tables_and_where_they_come_from(answered):
    name, words, out = answered
    folder = next(out.rglob(f"{name}.csv")).parent
    there = {path.name for path in folder.iterdir()}
    files = room(name, "report").FILES
    assert {"report.html", "findings.json", "plan.json", "provenance.json"} <= there
    assert {file for file, what in files if not what.startswith("with --")} <= there
    assert {file for file in there if file.endswith(".csv")} <= {file for file, _ in files}
    assert json.loads((folder / "plan.json").read_text(encoding="utf-8"))["command"] == name
    assert ("--budget" in words) == (folder / "budget.json").exists()


def test_asked_again_it_runs_nothing_and_json_is_the_whole_of_stdout(answered, capsys):
    name, words, out = answered
    before = held(out)
    assert before[0] > 0
    assert status(*words, "--out", out, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["answer"]
    assert (Path(found["folder"]) / f"{name}.csv").exists()
    assert held(out) == before


@pytest.mark.slow  # each analysis is run twice: a minute in all
def test_in_another_folder_it_leaves_the_same_bytes(answered, tmp_path):
    _, words, out = answered
    other = tmp_path / out.name  # a report may give the name of its folder
    if (out / "budget.json").exists():  # what the clock decided is part of the question
        other.mkdir()
        for file in ("budget.json", "plan.json"):
            shutil.copy(out / file, other)
    assert status(*words, "--out", other) == 0
    assert held(other) == held(out)


@pytest.mark.slow  # drawing takes as long as the runs
def test_its_figures_are_drawn(answered, tmp_path):
    name, words, out = answered
    drawn = tmp_path / "out"
    shutil.copytree(out, drawn)
    with light(drawn=True):
        assert status(*words, "--out", drawn) == 0
    figures = sorted(next(drawn.rglob(f"{name}.csv")).parent.glob("figures/*"))
    assert figures
    for figure in figures:
        assert figure.read_bytes().startswith({".png": b"\x89PNG", ".svg": b"<?xml"}[figure.suffix]), figure


@pytest.mark.parametrize("dry", [[], ["--dry-run"]], ids=["", "dry"])
@pytest.mark.parametrize(("arguments", "word", "name"), REFUSED, ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_bad_input_is_one_line_and_status_two_and_leaves_nothing(arguments, word, name, dry, tmp_path, capsys, monkeypatch):
    needs(EXTRAS[name])
    monkeypatch.chdir(tmp_path)
    assert status(*arguments, *dry, "--quiet") == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert word in lines[0]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [name for name in ANALYSES if EXTRAS[name]])
def test_a_missing_extra_is_one_line_that_names_it(command, tmp_path, capsys, monkeypatch):
    real = importlib.import_module

    def without(name, *rest):
        if name.partition(".")[0] in EXTRAS[command]:
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(importlib, "import_module", without)
    assert status(command, "--quiet") == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert re.search(r"pip install 'firstcontact\[\w+\]'", lines[0])
    assert list(tmp_path.iterdir()) == []


# dry runs


@every
def test_a_dry_run_says_what_it_takes_and_leaves_nothing(name, tmp_path, capsys, monkeypatch):
    needs(EXTRAS[name])
    words, here = TESTS[name].small(tmp_path), tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    before = sorted(tmp_path.iterdir())
    assert status(*words, "--dry-run") == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert re.search(r"\bruns of \d+ days\b.* on \d workers?, about .+ and at most \d\.\d GB\.$", said.out.splitlines()[0])
    assert status(*words, "--dry-run", "--json", "--out", tmp_path / "out") == 0
    told = json.loads(capsys.readouterr().out)
    assert {"runs", "seconds", "workers", "bytes", "lines"} <= set(told)
    assert told["runs"] > 0 < told["seconds"]
    assert (sorted(tmp_path.iterdir()), list(here.iterdir())) == (before, [])


@every
def test_a_dry_run_refuses_a_folder_that_the_command_refuses(name, tmp_path, capsys, monkeypatch):
    needs(EXTRAS[name])
    monkeypatch.setattr(f"experiments.analyses.{name}.forecast.forecast", lambda *_, **__: {"lines": ["a forecast"], "bytes": 0})
    words, out = TESTS[name].small(tmp_path), tmp_path / "out"
    out.mkdir()
    (out / "plan.json").write_text('{"plan": "another"}')
    assert status(*words, "--dry-run", "--out", out) == 2
    said = capsys.readouterr()
    assert len(said.err.splitlines()) == 1
    assert "which holds another plan" in said.err
    assert [path.name for path in out.iterdir()] == ["plan.json"]
    assert status(*words, "--dry-run", "--out", tmp_path / "new") == 0
    assert capsys.readouterr().out == "a forecast\n"
    assert not (tmp_path / "new").exists()


@pytest.mark.slow  # each analysis is run
@every
def test_a_dry_run_says_how_many_runs_are_made(name, tmp_path, capsys):
    """With less time than the method needs, so that no clock decides."""
    needs(EXTRAS[name])
    words = ["1e-6" if word == "0.02" else word for word in TESTS[name].small(tmp_path)]
    assert status(*words, "--dry-run", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert status(*words, "--out", tmp_path / "out") == 0
    assert told.get("runs_at_least", told["runs"]) <= held(tmp_path / "out")[0] <= told["runs"]
    assert told.get("longer_than_budget", True)
    capsys.readouterr()
    assert status(*words, "--out", tmp_path / "out", "--dry-run") == 0
    assert f"{held(tmp_path / 'out')[0]} " in capsys.readouterr().out  # what is there is said


HERE = load_scenario(members=60, warm_up=5, days=65)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", DRAWS_OF)
def test_draws_are_worlds_that_fit_only_where_their_calibration_says_so_of_this_scenario(name, case, tmp_path):
    needs(EXTRAS[name])
    there, facts, here, said = CASES[case]
    draws = DRAWS_OF[name](HERE.with_(**here), calibration(tmp_path / "found", HERE.with_(**there), **facts))
    assert draws.called.why == (() if said is None else (said,))
    assert len(draws.points) == MANY
    assert ("reply.base" in draws.names) == ("reply.base" not in here)  # what the scenario sets stands in each draw


def test_every_command_that_takes_draws_is_asked(capsys):
    taking = set()
    for name in ANALYSES:
        assert status(name, "--help") == 0
        if "--draws" in capsys.readouterr().out:
            taking.add(name)
    assert taking == set(DRAWS_OF)
