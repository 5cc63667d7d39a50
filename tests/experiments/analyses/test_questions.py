"""Questions about a space of numbers, as commands: small runs, gone on with, refused, told in JSON."""

from __future__ import annotations

import json
import re
import shutil

import pandas as pd
import pytest

from experiments.analyses.base import Analysis
from experiments.cli import main as cli
from experiments.runs import processes as runner
from experiments.runs.keys import arms_of
from experiments.runs.ledger import Ledger
from sim import load_scenario
from sim.errors import BadInput
from tests.helpers.executors import here

SMALL = ["--members", "60", "--days", "65", "--warm-up", "5", "--budget", "0.02", "--workers", "2", "--quiet"]
EXTRAS = {"sensitivity": ("SALib",), "tipping": (), "pareto": ("pymoo",), "regions": ("SALib", "sklearn", "ema_workbench")}
ASKED = {
    "sensitivity": ["sensitivity", "--parameters", "reply.base", "design.friction", *SMALL],
    "tipping": ["tipping", "reply.base", "--range", "-5", "0", *SMALL],
    "pareto": ["pareto", *SMALL],
}
LEFT = {
    "sensitivity": ("sensitivity.csv",),
    "tipping": ("tipping.csv",),
    "pareto": ("pareto.csv", "tried.csv"),
    "regions": ("regions.csv", "boxes.csv", "peeling.csv", "importance.csv"),
}
TIMED = ("provenance.json", "budget.json")  # the time that went by is in them
SWEEP = """
name = "tiny"
arms = ["connect_first", "message_first"]
[with]
members = 60
days = 62
warm_up = 5
[sweep]
sampler = "sobol"
points = 24
pairs = 1
seeds = "new"
[sweep.parameters]
"reply.base" = [-5.0, 0.0]
"design.friction" = [0.0, 4.0]
"""


PROCESSES = runner.processes


@pytest.fixture(autouse=True, scope="module")
def _here():
    runner.processes = here
    yield
    runner.processes = PROCESSES


def status(*arguments):
    return cli.perform([str(a) for a in arguments])


def extras(command):
    for package in EXTRAS[command]:
        pytest.importorskip(package)


def held(folder):
    """Everything in a folder but what tells the time, and how many runs its ledger has."""
    with Ledger(folder / "ledger.sqlite", read_only=True) as book:
        runs = len(book)
    paths = [p for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix != ".sqlite" and p.name not in TIMED]
    return runs, {str(p.relative_to(folder)): p.read_bytes() for p in paths}


@pytest.mark.parametrize("command", ASKED)
def test_a_question_is_answered_and_asked_again_runs_nothing(command, tmp_path, capsys):
    extras(command)
    out = tmp_path / "out"
    assert status(*ASKED[command], "--out", out, "--json") == 0
    first = json.loads(capsys.readouterr().out)
    assert first["answer"]
    assert first["folder"] == str(out)
    names = {p.name for p in out.iterdir()}
    assert {"report.html", "findings.json", "scenario.toml", "plan.json", "budget.json", *LEFT[command]} <= names
    before = held(out)
    assert before[0] > 0
    assert status(*ASKED[command], "--out", out, "--json") == 0
    assert json.loads(capsys.readouterr().out) == first
    assert held(out) == before


@pytest.mark.slow
def test_worker_processes_change_nothing(tmp_path, monkeypatch):
    pytest.importorskip("SALib")
    assert status(*ASKED["sensitivity"], "--out", tmp_path / "here") == 0
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "budget.json").write_bytes((tmp_path / "here" / "budget.json").read_bytes())
    (tmp_path / "there" / "plan.json").write_bytes((tmp_path / "here" / "plan.json").read_bytes())
    monkeypatch.setattr(runner, "processes", PROCESSES)
    assert status(*ASKED["sensitivity"], "--out", tmp_path / "there") == 0
    assert held(tmp_path / "there") == held(tmp_path / "here")


@pytest.mark.slow
def test_an_interrupted_question_goes_on_to_the_same_bytes(tmp_path, monkeypatch):
    from experiments.analyses import time_budget as budget

    pace = 60.0 * 0.02 / 45
    monkeypatch.setattr(budget, "pace", lambda *_: pace)  # the pilot's times differ from run to run: what follows from them must not
    monkeypatch.setattr(budget.Budget, "left", lambda _self, _share=0.9: 1.2)  # nor may the clock cut here
    whole, torn = tmp_path / "whole", tmp_path / "torn"
    assert status(*ASKED["tipping"], "--out", whole) == 0
    from experiments.runs.scheduler import Session

    put, calls = Session._settle, [0]

    def settle(self, *args):
        calls[0] += 1
        if calls[0] == 9:
            raise KeyboardInterrupt
        return put(self, *args)

    monkeypatch.setattr(Session, "_settle", settle)
    assert status(*ASKED["tipping"], "--out", torn) == 130
    with Ledger(torn / "ledger.sqlite", read_only=True) as book:
        assert 0 < len(book) < held(whole)[0]
    assert status(*ASKED["tipping"], "--out", torn) == 0
    assert held(torn) == held(whole)


@pytest.mark.slow
def test_more_minutes_go_on_in_the_same_folder(tmp_path, capsys):
    pytest.importorskip("SALib")
    out = tmp_path / "out"
    assert status(*ASKED["sensitivity"], "--out", out) == 0
    few = held(out)[0]
    more = [word if word != "0.02" else "0.3" for word in ASKED["sensitivity"]]
    assert status(*more, "--out", out) == 0
    assert held(out)[0] > few
    assert set(json.loads((out / "budget.json").read_text())) == {"0.02", "0.3"}
    assert capsys.readouterr().err == ""


@pytest.mark.slow
def test_everything_is_screened_in_groups_and_the_largest_opened(tmp_path, capsys):
    pytest.importorskip("SALib")
    out = tmp_path / "out"
    assert status("sensitivity", *SMALL, "--out", out, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    groups = pd.read_csv(out / "groups.csv")
    scenario = load_scenario()
    assert len(groups) <= 60
    assert {f"styles.{name}" for name in scenario.styles} <= set(groups.group)
    assert list(groups.group[groups.opened]) == found["groups_opened"]
    assert groups.opened.iloc[0]  # the largest
    numbers = pd.read_csv(out / "sensitivity.csv")
    assert set(numbers.output) == {"difference", "level"}
    opened = {path.rpartition(".")[0] for path in numbers.factor}
    assert opened == set(found["groups_opened"])
    assert "design.primary" not in set(numbers.factor)
    assert numbers.source.notna().all()
    assert found["floor"]["difference"] > 0.0


def test_indices_that_foretell_nothing_are_not_told(tmp_path, capsys):
    pytest.importorskip("SALib")
    pytest.importorskip("sklearn")
    out = tmp_path / "out"
    asked = ["sensitivity", "--method", "sobol", "--parameters", "tie.weak", "length.above", *SMALL]
    assert status(*asked, "--out", out, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert not found["trusted"]
    assert found["top"] == []
    assert "cannot be trusted" in found["answer"][0]
    assert "not trusted" in (out / "report.html").read_text()


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    home = tmp_path_factory.mktemp("swept")
    (home / "tiny.toml").write_text(SWEEP, encoding="utf-8")
    extras("regions")
    assert status("regions", home / "tiny.toml", "--out", home / "run", "--workers", "2", "--quiet") == 0
    return home


def test_regions_of_a_file_run_its_sweep_and_lie_inside_it(swept, capsys):
    run = swept / "run"
    assert {"runs.csv", "points.csv", "report.html", "regions-intent_success"} <= {p.name for p in run.iterdir()}
    assert set(LEFT["regions"]) <= {p.name for p in (run / "regions-intent_success").iterdir()}
    before = held(run)
    assert status("regions", swept / "tiny.toml", "--out", run, "--quiet", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert sum(found["decided"].values()) == pytest.approx(1.0)
    assert found["points"] == 24
    assert held(run) == before


@pytest.mark.slow
def test_regions_of_a_folder_go_where_they_are_told_and_finish_its_sweep(swept, tmp_path):
    run = tmp_path / "run"
    assert status("sweep", swept / "tiny.toml", "--out", run, "--workers", "2", "--quiet") == 0
    (run / "runs.csv").unlink()  # as if it had been killed before its tables
    assert status("regions", run, "--out", tmp_path / "map", "--quiet") == 0
    assert (run / "runs.csv").read_bytes() == (swept / "run" / "runs.csv").read_bytes()
    assert (tmp_path / "map" / "report.html").exists()


@pytest.mark.parametrize("apart", [False, True])
def test_regions_never_read_tables_that_are_older_than_the_runs(apart, swept, tmp_path, monkeypatch, capsys):
    """An extended sweep that is killed before its tables has those of the smaller one."""
    from experiments.analyses.regions.analysis import load_space
    from experiments.sweep import run as sweeping

    run, place = tmp_path / "run", tmp_path / ("elsewhere.sqlite" if apart else "run/ledger.sqlite")
    shutil.copytree(swept / "run", run)
    if apart:
        (run / "ledger.sqlite").rename(place)
        (run / "ledger.txt").write_text(f"{place}\n")
    before = (run / "runs.csv").read_bytes()
    with monkeypatch.context() as killed:
        killed.setattr(sweeping, "write_tables", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        assert status("sweep", "--extend", run, "--pairs", 2, "--quiet") == 130
    with Ledger(place, read_only=True) as book:
        assert len(book) == 96
    assert (run / "runs.csv").read_bytes() == before
    with pytest.raises(BadInput, match=f"sweep --resume {run}"):
        load_space(run, "intent_success")
    assert status("sweep", "--status", run) == 0
    assert f"firstcontact sweep --resume {run}" in capsys.readouterr().out
    assert status("regions", run, "--quiet") == 0
    assert set(pd.read_csv(run / "runs.csv").pair) == {1, 2}
    assert load_space(run, "intent_success").pairs == 2
    assert status("sweep", "--status", run) == 0
    assert "--resume" not in capsys.readouterr().out


def test_where_less_is_better_less_wins(swept, tmp_path, capsys):
    from experiments.analyses.regions.analysis import DOWN, UP, load_space
    from experiments.analyses.regions.report import verb

    space = load_space(swept / "run", "unwelcome_read")
    assert verb(space, DOWN) == "wins"
    assert verb(space, UP) == "loses"
    assert verb(load_space(swept / "run", "intent_success"), UP) == "wins"
    assert "has more" in verb(load_space(swept / "run", "message_share"), UP)
    assert status("regions", swept / "run", "--measure", "unwelcome_read", "--out", tmp_path / "o", "--quiet") == 0
    assert "unwelcome items read" in capsys.readouterr().out


BAD = [
    (["sensitivity", "--parameters", "repply.base", "reply.base"], "reply.base"),
    (["sensitivity", "--parameters", "reply.base"], "2 to 120"),
    (["sensitivity", "--parameters", "reply.base", "design.primary"], "differ"),
    (["sensitivity", "--all", "--parameters", "reply.base", "feed.length"], "--all"),
    (["sensitivity", "--all", "--method", "sobol"], "morris"),
    (["sensitivity", "--method", "sobbol", "--parameters", "reply.base", "feed.length"], "sobol"),
    (["sensitivity", "--measure", "intent_sucess", "--all"], "intent_success"),
    (["sensitivity", "--all", "--budget", "0"], "--budget"),
    (["sensitivity", "--all", "--arms", "message_first"], "two"),
    (["tipping", "repply.base"], "reply.base"),
    (["tipping", "design.primary"], "differ"),
    (["tipping", "members"], "--range"),
    (["tipping", "members", "--range", "1", "500"], "--range"),
    (["tipping", "reply.base", "--range", "0", "-1"], "--range"),
    (["tipping", "reply.base", "--range", "-60", "0"], "--range"),
    (["tipping", "feed.length", "--range", "1", "2"], "whole number"),
    (["tipping", "reply.base", "--days", "10"], "--days"),
    (["tipping", "reply.base", "--arms", "connect_first", "both_equal", "message_first"], "two designs"),
    (["tipping", "reply.base", "--budget", "nan"], "--budget"),
    (["tipping", "reply.base", "--seed", "-1"], "--seed"),
    (["pareto", "no-such-scenario"], "no-such-scenario"),
    (["pareto", "--days", "0"], "--days"),
    (["pareto", "--budget", "-3"], "--budget"),
    (["regions", "quik-sweep"], "quick-sweep"),
    (["regions", "no-such.toml"], "no-such.toml"),
    (["regions", "--measure", "intent_sucess"], "intent_success"),
    (["regions", "."], "sweep"),
]


@pytest.mark.parametrize(("arguments", "word"), BAD, ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_bad_input_is_one_line_and_status_two_and_leaves_nothing(arguments, word, tmp_path, capsys, monkeypatch):
    extras(arguments[0])
    monkeypatch.chdir(tmp_path)
    assert status(*arguments, "--quiet") == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert word in lines[0]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["sensitivity", "pareto", "regions"])
def test_a_missing_extra_is_one_line_that_names_it(command, tmp_path, capsys, monkeypatch):
    import importlib

    real = importlib.import_module

    def without(name, *rest):
        if name.partition(".")[0] in {"SALib", "sklearn", "ema_workbench", "pymoo"}:
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(importlib, "import_module", without)
    assert status(command, "--quiet") == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert re.search(r"pip install 'firstcontact\[\w+\]'", lines[0])
    assert list(tmp_path.iterdir()) == []


def test_another_question_in_the_folder_is_refused(tmp_path, capsys):
    out = tmp_path / "out"
    assert status(*ASKED["tipping"], "--out", out) == 0
    capsys.readouterr()
    other = ["tipping", "reply.base", "--range", "-4", "0", *SMALL]
    assert status(*other, "--out", out) == 2
    assert "another plan" in capsys.readouterr().err


def test_what_the_arms_differ_in_is_the_question():
    scenario = load_scenario(members=60, days=65, warm_up=5)

    def asked(*names):
        return Analysis(scenario, arms_of(scenario, list(names)), "intent_success", 1, 1, 1.0)

    assert asked("connect_first", "message_first").contrast == {"design.primary"}
    assert asked("message_first", "message_credits").contrast == {"design.credits_a_month", "design.credit_refund"}
    with pytest.raises(BadInput, match="differ"):
        asked("message_first", "message_credits").factor("design.credits_a_month")
