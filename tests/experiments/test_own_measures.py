"""Measures of one's own reach tables, intervals, sweeps, analyses and reports, wherever runs are made; a plan goes on with them alone.

What a run gives is found again from its history: `fullest_inbox` is the largest number of items delivered to a member,
`same_success` is intent success by another name.
"""

from __future__ import annotations

import json
import re

import firstcontact as fc
import pandas as pd
import pytest

from experiments.cli import main as cli
from experiments.runs import processes
from experiments.runs.keys import arms_of, pair_seeds
from experiments.runs.ledger import Ledger
from sim import load_scenario, simulate
from sim.errors import MeasureFailed
from tests.helpers.executors import here
from tests.helpers.light import ask_little
from tests.helpers.own_measures import Notebook, measures_file
from tests.helpers.sweeps import small

SIZE = {"members": 30, "warm_up": 2, "days": 61}
WORDS = [word for name, many in SIZE.items() for word in (f"--{name.replace('_', '-')}", many)]
COMPARE = ["compare", *WORDS, "--pairs", 2, "--draws", "none", "--quiet"]
TABLES = ("runs.csv", "summary.csv", "by_style.csv", "daily.csv")
FAILING = """
from sim import measure

@measure(unit="items", definition="None.")
def failing(run):
    return 1 / (run.base - run.base)
"""


def status(*arguments):
    return cli.perform([str(a) for a in arguments])


def said(capsys):
    """Return what a command said to stderr, on the one line that it may."""
    (line,) = capsys.readouterr().err.strip().splitlines()
    return line


def runs_in(folder):
    with Ledger(folder / "ledger.sqlite", read_only=True) as book:
        return len(book)


def values_of(folder, measure):
    """Return a measure's values in runs.csv, by pair and arm, and by point in a sweep's."""
    runs = pd.read_csv(folder / "runs.csv")
    keys = [key for key in ("point", "pair", "arm") if key in runs]
    return runs[runs.measure == measure].set_index(keys).value.to_dict()


def fullest(factor=1):
    """Return what `fullest_inbox` must be, from histories made here."""
    arms = arms_of(load_scenario(**SIZE), ["connect_first", "message_first"])
    found = {}
    for pair in (1, 2):
        population_seed, seed = pair_seeds(1, pair)
        for arm, scenario in arms.items():
            found[pair, arm] = float(factor * max(simulate(scenario, seed, population_seed).members["delivered"]))
    return found


@pytest.fixture(autouse=True)
def _no_figures(request, monkeypatch):
    """Figures take longer than the runs, and one test looks at them."""
    if "figures" not in request.keywords and "reported" not in request.fixturenames:
        monkeypatch.setattr("experiments.comparison.report.draw_all", lambda *_: [])
        monkeypatch.setattr("experiments.comparison.report.write_report", lambda *_: None)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A comparison with two measures from a file, its runs made by two processes."""
    home = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("experiments.comparison.report.draw_all", lambda *_: [])
        patch.setattr("experiments.comparison.report.write_report", lambda *_: None)
        assert status(*COMPARE, "--workers", 2, "--measures", measures_file(home), "--out", home / "out") == 0
    return home


def test_they_are_in_every_table_with_the_values_that_histories_have(made):
    assert values_of(made / "out", "fullest_inbox") == fullest()
    assert values_of(made / "out", "same_success") == values_of(made / "out", "intent_success")
    summary = pd.read_csv(made / "out" / "summary.csv").set_index("measure")
    assert summary.index[-2:].tolist() == ["fullest_inbox", "same_success"]
    row, found = summary.loc["fullest_inbox"], fullest()
    assert (row.group, row.unit, row.role) == ("own", "items", "guardrail")
    differences = [found[pair, "message_first"] - found[pair, "connect_first"] for pair in (1, 2)]
    assert row.difference == sum(differences) / 2
    assert row.ci_low < row.difference < row.ci_high or differences[0] == differences[1]
    same = ["mean", "mean_reference", "difference", "pairing_gain"]
    assert summary.loc["same_success", same].tolist() == pytest.approx(summary.loc["intent_success", same].tolist(), nan_ok=True)
    levels = pd.read_csv(made / "out" / "by_style.csv")
    both = [levels[levels.measure == name].set_index(["dimension", "level"])["mean"] for name in ("same_success", "intent_success")]
    assert both[0].equals(both[1].loc[both[0].index])
    assert len(both[0])


def test_the_plan_notes_file_and_identity(made):
    note = json.loads((made / "out" / "plan.json").read_text())["measures"]
    assert (note["file"], note["names"]) == (str(made / "mine.py"), ["fullest_inbox", "same_success"])
    assert re.fullmatch("[0-9a-f]{16}", note["identity"])


@pytest.mark.slow  # that of a comparison without them is quick
def test_on_a_dask_cluster_of_other_processes_the_tables_are_the_same(made, tmp_path, monkeypatch):
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(processes, "processes", lambda _: pytest.fail("processes were started beside the cluster"))
    (tmp_path / "elsewhere").mkdir()
    mine = measures_file(tmp_path / "elsewhere")
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None) as there:
        assert status(*COMPARE, "--measures", mine, "--dask", there.scheduler_address, "--out", tmp_path / "out") == 0
    for name in TABLES:
        assert (tmp_path / "out" / name).read_bytes() == (made / "out" / name).read_bytes()


def test_a_formula_that_is_edited_makes_new_runs_beside_the_old_ones(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(processes, "processes", here)
    words = [*COMPARE, "--measures", measures_file(tmp_path), "--out", tmp_path / "out"]
    assert status(*words) == 0
    before = {name: (tmp_path / "out" / name).read_bytes() for name in TABLES}
    assert runs_in(tmp_path / "out") == 4
    capsys.readouterr()
    measures_file(tmp_path, factor=2)
    assert status(*words) == 0
    line = "mine.py was edited since {out} was planned: runs are made again with the new formulas; a ledger keeps those of before"
    assert line.format(out=tmp_path / "out") in said(capsys)
    assert runs_in(tmp_path / "out") == 8
    assert values_of(tmp_path / "out", "fullest_inbox") == fullest(factor=2)
    measures_file(tmp_path)
    monkeypatch.setattr("experiments.runs.scheduler.run_job", lambda *_, **__: pytest.fail("a run was made that is in the ledger"))
    assert status(*words) == 0
    assert {name: (tmp_path / "out" / name).read_bytes() for name in TABLES} == before


def test_a_shared_ledger_keeps_runs_with_and_without_them_apart(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "processes", here)
    words = [*COMPARE, "--ledger", tmp_path / "ledger.sqlite"]
    assert status(*words, "--out", tmp_path / "plain") == 0
    assert status(*words, "--measures", measures_file(tmp_path), "--out", tmp_path / "own") == 0
    assert runs_in(tmp_path) == 8
    assert "fullest_inbox" not in set(pd.read_csv(tmp_path / "plain" / "runs.csv").measure)
    assert status(*words, "--out", tmp_path / "again") == 0  # nothing is left of them in this process
    assert (tmp_path / "again" / "runs.csv").read_bytes() == (tmp_path / "plain" / "runs.csv").read_bytes()
    assert runs_in(tmp_path) == 8


@pytest.mark.parametrize("given", ["nothing", "other.py"])
def test_a_comparison_goes_on_with_the_same_measures_alone(given, made, tmp_path, capsys):
    before = (made / "out" / "plan.json").read_bytes()
    other = measures_file(tmp_path, name="other.py")
    words = [] if given == "nothing" else ["--measures", other]
    capsys.readouterr()
    assert status(*COMPARE, *words, "--out", made / "out") == 2
    got = given if given == "nothing" else other
    wanted = f"firstcontact: `--measures` must be {made / 'mine.py'}, with which {made / 'out'} was planned (got {got})"
    assert said(capsys) == wanted
    assert (made / "out" / "plan.json").read_bytes() == before


def test_a_measure_that_fails_is_one_line_that_names_it_and_its_run(tmp_path, capsys):
    (tmp_path / "mine.py").write_text(FAILING, encoding="utf-8")
    assert status(*COMPARE, "--workers", 1, "--measures", tmp_path / "mine.py", "--out", tmp_path / "out") == 2
    population_seed, seed = pair_seeds(1, 1)
    line = said(capsys)
    assert line.startswith("firstcontact: measure: `failing` must return a finite number, ")
    assert "(got ZeroDivisionError: division by zero, line 6 of mine.py)" in line
    assert f", in the run with population seed {population_seed} and seed {seed}" in line
    assert "twice" not in line


def test_a_file_that_cannot_be_used_is_one_line_before_anything_is_made(tmp_path, capsys):
    (tmp_path / "mine.py").write_text("x = y\n", encoding="utf-8")
    for words in (COMPARE, ["run"], ["sweep", "quick-sweep"], ["regions"], ["tipping", "design.friction"], ["sensitivity"]):
        assert status(*words, "--measures", tmp_path / "mine.py", "--out", tmp_path / "out") == 2
        assert said(capsys).startswith("firstcontact: `--measures` must be a Python file that can be imported (got ")
        assert not (tmp_path / "out").exists()


def test_a_cell_of_a_notebook_is_compared_by_workers_of_its_own(tmp_path):
    notebook = Notebook()
    notebook.run("FACTOR = 3")
    cell = """
    from sim import measure

    @measure(unit="items", definition="Most.")
    def fullest_inbox(run):
        return FACTOR * run.members.got.max()
    """
    mine = notebook.run(cell)["fullest_inbox"]
    folder = tmp_path / "out"
    found = fc.compare(load_scenario(**SIZE), pairs=2, workers=2, measures=[mine], out=folder, quiet=True)
    kept = found.runs[found.runs.measure == "fullest_inbox"].set_index(["pair", "arm"]).value.to_dict()
    assert kept == values_of(folder, "fullest_inbox") == fullest(factor=3)
    assert "fullest_inbox" in set(found.summary.measure)
    assert json.loads((folder / "plan.json").read_text())["measures"]["names"] == ["fullest_inbox"]
    assert "file" not in json.loads((folder / "plan.json").read_text())["measures"]


def test_an_error_in_a_cell_ends_a_comparison_in_python(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "processes", here)
    failing = Notebook().run(FAILING)["failing"]
    with pytest.raises(MeasureFailed, match=r"`failing` .* line 6 of a notebook cell\)"):
        fc.compare(load_scenario(**SIZE), pairs=2, measures=[failing], out=tmp_path / "out", quiet=True)


def test_a_report_shows_them(tmp_path, monkeypatch, reported):
    text = (reported / "report.html").read_text(encoding="utf-8")
    assert "Items delivered to the member who had most." in text
    assert text.count("Fullest inbox") >= 2  # a row, and the glossary
    assert "Fullest inbox" in (reported / "figures" / "differences.svg").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def reported(tmp_path_factory):
    home = tmp_path_factory.mktemp("reported")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processes, "processes", here)
        assert status(*COMPARE, "--measures", measures_file(home), "--out", home / "out") == 0
    return home / "out"


def test_a_single_run_has_them_on_either_engine(tmp_path, capsys):
    mine = measures_file(tmp_path)
    for engine in ("columns", "mesa"):
        out = tmp_path / engine
        assert status("run", *WORDS, "--engine", engine, "--measures", mine, "--out", out, "--quiet", "--json") == 0
        measures = json.loads(capsys.readouterr().out)["measures"]
        assert measures["fullest_inbox"]["value"] == pd.read_csv(out / "members.csv").delivered.max()
        assert measures["same_success"] == measures["intent_success"]
    assert (tmp_path / "mesa" / "measures.csv").read_bytes() == (tmp_path / "columns" / "measures.csv").read_bytes()


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """A sweep of enough points for a map, with measures from a file."""
    home = tmp_path_factory.mktemp("swept")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processes, "processes", here)
        file = small(home, points=20, pairs=1, days=61)
        assert status("sweep", file, "--measures", measures_file(home), "--out", home / "out", "--quiet") == 0
    return home


def test_a_sweep_has_them_at_each_point(swept):
    assert len(values_of(swept / "out", "fullest_inbox")) == 40
    assert values_of(swept / "out", "same_success") == values_of(swept / "out", "intent_success")
    summary = pd.read_csv(swept / "out" / "summary.csv")
    assert set(summary[summary.measure == "fullest_inbox"].point) == set(range(1, 21))
    assert 'file = "' in (swept / "out" / "sweep.toml").read_text()


@pytest.mark.parametrize("words", [["--resume"], ["--status"], ["--extend"], []])
def test_a_sweep_goes_on_with_the_same_measures_alone(words, swept, tmp_path, capsys):
    out = swept / "out"
    more = ["--points", 24] if words == ["--extend"] else []
    where = [*words, out, *more] if words else [out / "sweep.toml", "--out", tmp_path / "new"]
    for given, got in (([], "nothing"), (["--measures", measures_file(tmp_path, name="other.py")], tmp_path / "other.py")):
        assert status("sweep", *where, *given, "--quiet") == 2
        place = out if words else out / "sweep.toml"
        line = f"firstcontact: `--measures` must be {swept / 'mine.py'}, with which {place} was planned (got {got})"
        assert said(capsys) == line


def test_a_sweep_without_them_is_not_given_any(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(processes, "processes", here)
    assert status("sweep", small(tmp_path, points=1, pairs=1), "--out", tmp_path / "out", "--quiet") == 0
    capsys.readouterr()
    assert status("sweep", "--resume", tmp_path / "out", "--measures", measures_file(tmp_path), "--quiet") == 2
    assert "`--measures` must be left out for" in said(capsys)


def test_a_sweep_whose_formula_is_edited_is_run_again(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(processes, "processes", here)
    mine, out = measures_file(tmp_path), tmp_path / "out"
    assert status("sweep", small(tmp_path, points=2, pairs=1), "--measures", mine, "--out", out, "--quiet") == 0
    before = values_of(out, "fullest_inbox")
    measures_file(tmp_path, factor=2)
    capsys.readouterr()
    assert status("sweep", "--status", out, "--measures", mine) == 0
    told = capsys.readouterr()
    assert "0 of 4 runs are there" in told.out
    assert "mine.py was edited since" in told.err
    assert status("sweep", "--resume", out, "--measures", mine, "--quiet") == 0
    assert "mine.py was edited since" in said(capsys)
    assert values_of(out, "fullest_inbox") == {key: 2 * value for key, value in before.items()}
    assert runs_in(out) == 8
    assert status("sweep", "--status", out, "--measures", mine) == 0
    assert "4 of 4 runs are there" in capsys.readouterr().out


def test_a_map_is_drawn_of_one(swept, capsys):
    for package in ("sklearn", "SALib", "ema_workbench"):
        pytest.importorskip(package)
    words = ["regions", swept / "out", "--measure", "fullest_inbox", "--quiet", "--json"]
    assert status(*words, "--measures", swept / "mine.py") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["measure"], found["points"]) == ("fullest_inbox", 20)
    page = (swept / "out" / "regions-fullest_inbox" / "report.html").read_text(encoding="utf-8")
    assert "fullest inbox" in page
    assert "Items delivered to the member who had most." in page
    assert status(*words) == 2
    assert "`--measure` must be a measure (got 'fullest_inbox')" in said(capsys)
    assert status("regions", swept / "out", "--quiet") == 2
    assert f"`--measures` must be {swept / 'mine.py'}, with which" in said(capsys)


@pytest.mark.parametrize(
    ("words", "package"),
    [
        (["tipping", "design.friction", "--range", 0, 4], "scipy"),
        (["sensitivity", "--parameters", "design.friction", "reply.base"], "SALib"),
    ],
    ids=["tipping", "sensitivity"],
)
@pytest.mark.slow  # a map of one is quick
def test_an_analysis_is_about_one(words, package, tmp_path, monkeypatch, capsys):
    pytest.importorskip(package)
    monkeypatch.setattr(processes, "processes", here)
    ask_little(monkeypatch)
    mine, out = measures_file(tmp_path), tmp_path / "out"
    words = [*words, *WORDS, "--budget", 0.001, "--measure", "fullest_inbox", "--out", out, "--quiet"]
    assert status(*words) == 2
    assert "`--measure` must be a measure (got 'fullest_inbox')" in said(capsys)
    assert status(*words, "--measures", mine) == 0
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "fullest inbox" in page
    assert "Items delivered to the member who had most." in page
    assert json.loads((out / "plan.json").read_text())["measures"]["names"] == ["fullest_inbox", "same_success"]
    capsys.readouterr()
    monkeypatch.setattr("experiments.runs.scheduler.run_job", lambda *_, **__: pytest.fail("a run was made again"))
    assert status(*words, "--measures", mine) == 0  # nothing is made again
