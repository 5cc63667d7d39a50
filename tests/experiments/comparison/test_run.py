"""A comparison's folder: the same bytes for any workers, never repeated, complete and in order."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import math
import shutil

import numpy as np
import pytest

from experiments.cli import main as cli
from experiments.comparison.result import SUMMARY_COLUMNS
from experiments.comparison.stopping_rule import gather
from experiments.comparison.tables import contrasts, summary_table
from experiments.methods import paired
from experiments.runs.keys import arms_of, pair_seeds
from experiments.runs.ledger import Ledger
from experiments.runs.processes import InProcess, processes
from experiments.runs.request import Request
from experiments.runs.scheduler import Scheduler
from sim import load_scenario
from tests.helpers.light import light

TINY = ["--members", "80", "--warm-up", "15", "--days", "70", "--quiet"]
EACH = "measure,group,unit,role,arm,reference,mean,mean_reference,difference,ci_low,ci_high,ratio,ratio_ci_low,ratio_ci_high,pairs,pairing_gain,verdict"
COLUMNS = {
    "runs.csv": "pair,population_seed,seed,arm,measure,group,numerator,denominator,value",
    "summary.csv": f"{EACH},worlds_low,worlds_high,sign_share,worlds",
    "daily.csv": "arm,day,part,measure,mean,ci_low,ci_high",
}


def status(*arguments):
    return cli.perform([str(a) for a in arguments])


def files(folder):
    skipped = ("provenance.json",)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file() and p.name not in skipped}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("compare") / "one"
    with light(drawn=True):
        assert status("compare", *TINY, "--pairs", 4, "--workers", 1, "--out", out) == 0
    return out


def test_the_folder_has_what_was_promised(folder):
    names = set(files(folder))
    assert {"scenario.toml", "runs.csv", "summary.csv", "daily.csv", "by_style.csv", "worlds.csv", "report.html", "ledger.sqlite"} <= names
    assert (folder / "provenance.json").exists()
    for figure in ("goals", "differences", "days", "styles", "tradeoff", "inboxes", "networks"):
        assert {f"figures/{figure}.png", f"figures/{figure}.svg", f"figures/{figure}-narrow.svg"} <= names
    for name, header in COLUMNS.items():
        assert (folder / name).read_text().splitlines()[0] == header
    assert (folder / "by_style.csv").read_text().splitlines()[0] == f"dimension,level,{EACH}"
    assert load_scenario(folder / "scenario.toml").members == 80


def test_what_is_finished_is_answered_without_a_run_or_a_file(folder, tmp_path, monkeypatch, capsys):
    shutil.copytree(folder, tmp_path / "o")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "o").rglob("*.*") if path.suffix not in (".json", ".sqlite", ".lock")}
    for what in ("experiments.runs.executors.compile_kernels", "experiments.comparison.report.write_comparison"):
        monkeypatch.setattr(what, lambda *_, **__: pytest.fail("it is finished"))
    assert status("compare", *TINY, "--pairs", 4, "--workers", 1, "--out", tmp_path / "o") == 0
    assert "Against connect-first, message-first" in capsys.readouterr().out
    assert {path: path.stat().st_mtime_ns for path in before} == before


EXPLAINED = ("compare", *TINY, "--pairs", 2, "--explain", "--workers", 1)


def reached(*_):
    """Stand in for the calibration of a comparison that is explained."""
    from experiments.calibration.targets import Target

    return [Target("a pattern", "published", 0.1, 0.2, 0.15, 30.0)]


@pytest.fixture(scope="module")
def explained(tmp_path_factory):
    """Return the folder of a comparison with its assumptions explained, and what the terminal showed."""
    out = tmp_path_factory.mktemp("explained") / "o"
    with pytest.MonkeyPatch.context() as patch, light(), contextlib.redirect_stdout(io.StringIO()) as text:
        patch.setattr("experiments.calibration.runs.reached", reached)
        assert status(*EXPLAINED, "--out", out) == 0
    return out, text.getvalue()


@pytest.fixture
def asking(explained, tmp_path, monkeypatch, capsys, light_commands):
    """Ask what was asked once more, in a copy of its folder; return what the terminal shows."""
    shutil.copytree(explained[0], tmp_path / "o")
    monkeypatch.setattr("experiments.calibration.runs.reached", reached)

    def said(*more):
        assert status(*EXPLAINED, "--out", tmp_path / "o", *more) == 0
        return capsys.readouterr().out.replace(str(tmp_path / "o"), str(explained[0]))

    return said


def test_a_finished_comparison_says_from_its_files_what_it_said_from_its_runs(explained, asking, tmp_path, monkeypatch):
    text = explained[1]
    (tmp_path / "o" / "provenance.json").unlink()
    data = asking("--json")
    assert "Without any assumption that favours a channel" in text
    monkeypatch.setattr("experiments.comparison.run.Ledger", lambda *_: pytest.fail("the runs are looked at"))
    assert asking() == text
    assert asking("--json") == data


@pytest.mark.parametrize("name", ["summary.csv", "explain.csv", "runs.csv", "plan.json", "figures/days.png"])
def test_a_changed_file_is_not_believed(name, explained, asking, tmp_path):
    text, path = explained[1], tmp_path / "o" / name
    before = path.read_bytes()
    changed = before.replace(b"0.1", b"0.9", 1) if path.suffix == ".csv" else before + b"\n"
    assert changed != before
    path.write_bytes(changed)
    if name == "plan.json":  # it may be that of another question
        assert status("compare", *TINY, "--pairs", 2, "--out", tmp_path / "o") == 2
        return
    assert asking() == text
    assert path.read_bytes() == before


@pytest.mark.parametrize("what", ["changed", "lost", "more pairs"])
def test_what_is_not_finished_is_written_again(what, folder, tmp_path, monkeypatch):
    out = tmp_path / "o"
    shutil.copytree(folder, out)
    written = []
    monkeypatch.setattr("experiments.comparison.report.write_comparison", lambda found, *_, **__: written.append(found.pairs))
    if what == "changed":
        (out / "summary.csv").write_text("edited\n")
    if what == "lost":
        (out / "figures" / "days.svg").unlink()
    with light():
        assert status("compare", *TINY, "--pairs", 5 if what == "more pairs" else 4, "--workers", 1, "--out", out) == 0
    assert written == [5 if what == "more pairs" else 4]


def test_a_network_of_four_is_no_evidence(tmp_path, capsys, light_commands):
    arguments = ["compare", "--members", 4, "--warm-up", 1, "--days", 5, "--pairs", 2, "--workers", 1, "--quiet", "--out", tmp_path / "o"]
    assert status(*arguments) == 0
    assert "\nNothing can be concluded from a network of 4 members" in capsys.readouterr().out
    assert "Nothing can be concluded from a network of 4 members" in (tmp_path / "o" / "report.html").read_text(encoding="utf-8")


def test_no_cell_is_nan_or_infinite_or_a_formula(folder):
    for path in folder.glob("*.csv"):
        for row in csv.reader(path.read_text().splitlines()):
            for cell in row:
                assert cell.lower() not in ("nan", "inf", "-inf")
                if cell[:1] in "=+-@" and cell:
                    float(cell)


def test_at_least_thirty_measures_in_four_groups(folder):
    rows = list(csv.DictReader((folder / "summary.csv").read_text().splitlines()))
    assert len({r["measure"] for r in rows}) >= 30
    assert {r["group"] for r in rows} == {"response", "spam load", "reach", "platform"}


def test_two_workers_and_two_threads_leave_the_same_bytes(folder, tmp_path):
    """All of them: that of the page and of figures, which the two have drawn, too."""
    out = tmp_path / "two"
    assert status("compare", *TINY, "--pairs", 4, "--workers", 2, "--threads", 2, "--out", out) == 0
    one, two = files(folder), files(out)
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []


def test_the_same_plan_is_completed_and_never_repeated(folder, monkeypatch):
    before = files(folder)
    with Ledger(folder / "ledger.sqlite") as ledger:
        runs = len(ledger)
    monkeypatch.setattr("experiments.runs.worker.run_job", lambda *_, **__: pytest.fail("a run was repeated"))
    assert status("compare", *TINY, "--pairs", 4, "--workers", 1, "--out", folder) == 0
    after = files(folder)
    assert {k for k in before if before[k] != after[k]} == set()
    with Ledger(folder / "ledger.sqlite") as ledger:
        assert len(ledger) == runs == 2 * (4 + 4 * 2)  # two arms in four pairs, and in two more at each of four draws


def test_where_every_run_is_there_workers_load_what_draws_before_they_are_read(folder, tmp_path, monkeypatch):
    for name in ("ledger.sqlite", "plan.json"):
        shutil.copy(folder / name, tmp_path)
    events = []
    monkeypatch.setattr("experiments.comparison.run.figure_workers.begin", lambda *_: events.append("begun"))
    monkeypatch.setattr("experiments.comparison.run.gather", lambda *given: events.append("read") or gather(*given))
    with light():
        assert status("compare", *TINY, "--pairs", 4, "--draws", "none", "--out", tmp_path) == 0
    assert events[:2] == ["begun", "read"]


def test_another_plan_in_the_folder_is_refused(folder, capsys):
    assert status("compare", *TINY, "--seed", 2, "--out", folder) == 2
    assert "`--out` must be a new folder, one of the same plan, or left out" in capsys.readouterr().err


def test_another_plan_in_the_folder_is_refused_by_a_dry_run_too(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("experiments.comparison.forecast.forecast", lambda *_, **__: {"lines": ["a forecast"], "bytes": 0})
    before = files(folder)
    assert status("compare", *TINY, "--seed", 2, "--dry-run", "--out", folder) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    for out in (folder, tmp_path / "new"):
        assert status("compare", *TINY, "--pairs", 9, "--dry-run", "--out", out) == 0
        assert capsys.readouterr().out == "a forecast\n"
    assert files(folder) == before
    assert list(tmp_path.iterdir()) == []


def test_a_shared_ledger_serves_two_commands(tmp_path, light_commands):
    ledger = tmp_path / "shared.sqlite"
    few = ["--members", 30, "--warm-up", 1, "--days", 5, "--quiet", "--pairs", 2, "--draws", "none", "--workers", 1, "--ledger", ledger]
    assert status("compare", *few, "--out", tmp_path / "a") == 0
    three = ["--arms", "connect_first", "message_first", "both_equal"]
    assert status("compare", *few, *three, "--out", tmp_path / "b") == 0
    with Ledger(ledger) as book:
        assert len(book) == 6


def test_a_second_process_on_a_ledger_is_told_so(tmp_path, capsys):
    with Ledger(tmp_path / "l.sqlite"):
        assert status("compare", *TINY, "--ledger", tmp_path / "l.sqlite", "--out", tmp_path / "o") == 2
    assert "must be used by one process at a time" in capsys.readouterr().err


def test_a_measure_that_does_not_fit_is_left_out_with_a_line(tmp_path, capsys, light_commands):
    out = tmp_path / "short"
    assert status("compare", "--members", 80, "--warm-up", 10, "--days", 30, "--pairs", 2, "--quiet", "--out", out) == 0
    shown = capsys.readouterr()
    assert "61 days or more" in shown.out
    assert "left out" in shown.err
    assert "left out" in (out / "report.html").read_text()
    assert "intent_success" not in {r["measure"] for r in csv.DictReader((out / "summary.csv").read_text().splitlines())}
    assert status("compare", "--members", 80, "--days", 30, "--until", "precise", "--out", tmp_path / "x") == 2


def test_seeds_depend_on_the_seed_and_the_number_alone():
    assert pair_seeds(1, 3) == pair_seeds(1, 3)
    seeds = [s for r in range(1, 200) for s in pair_seeds(1, r)]
    assert len(set(seeds)) == len(seeds)
    assert all(0 <= s < 2**63 for s in seeds)


def test_an_arm_against_itself_gives_zero_to_the_bit(tmp_path):
    s = load_scenario("baseline").with_(members=80, warm_up=10, days=65)
    arm = s.with_design("message_first")
    request = Request(s, {"a": arm, "b": arm}, "a", pairs=2)
    with Ledger(tmp_path / "l") as ledger:
        pairs = gather(request, Scheduler(ledger, InProcess()), lambda *_: None)
    summary = summary_table(pairs, ["a", "b"], "a")
    assert len(summary) > 30
    assert (summary.difference == 0.0).all()


def test_a_measure_that_some_pairs_lack_keeps_the_others():
    rng = np.random.default_rng(1)
    names = ["unwelcome_read", "retention", "mean_connections", "intent_success", "deals"]
    a, b = rng.normal(1.0, 0.3, (2, len(names), 12))
    a[1, 3], b[1, 7], a[3, 0], b[4, 1:] = (math.nan,) * 4
    rows = contrasts(names, "one", "other", a, b)
    found = {row["measure"]: row for row in (dict(zip(SUMMARY_COLUMNS, row, strict=True)) for row in rows)}
    assert list(found) == names[:4]  # in order; one pair is not enough
    assert [row["pairs"] for row in found.values()] == [12, 10, 12, 11]
    there = np.isfinite(a[1]) & np.isfinite(b[1])
    assert found["retention"]["mean"] == a[1][there].mean()
    own = paired.paired_difference(a[1][there], b[1][there])
    assert found["retention"]["difference"] == own.estimate
    assert found["retention"]["ci_low"] < own.low  # widened as the others are
    primary = paired.paired_difference(a[3][1:], b[3][1:])
    assert (found["intent_success"]["ci_low"], found["intent_success"]["ci_high"]) == primary[1:]


@pytest.mark.slow  # with processes; `test_scheduler` has it with jobs that are late
def test_stopping_looks_at_pairs_in_order(tmp_path):
    s = load_scenario("baseline").with_(members=60, warm_up=5, days=62)
    arms = arms_of(s, ["connect_first", "message_first"])
    request = Request(s, arms, "connect_first", pairs=20, until="precise", precision=5.0, max_pairs=22)
    found = []
    for workers in (1, 2):
        with Ledger(tmp_path / f"l{workers}") as ledger, processes(workers) as pool:
            found.append(gather(request, Scheduler(ledger, pool, 2 * workers), lambda *_: None))
    one, two = ([pair["message_first"].measures for pair in pairs] for pairs in found)
    assert one == two
    assert len(found[0]) >= 20


def test_json_is_the_whole_of_stdout(tmp_path, capsys, light_commands):
    assert status("compare", *TINY, "--pairs", 2, "--json", "--out", tmp_path / "j") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["answer"][0].startswith("Against connect-first, message-first ")
    assert all(r["ci_low"] is None or math.isfinite(r["ci_low"]) for r in found["summary"])


def test_a_full_disk_keeps_what_is_done_and_says_so(tmp_path, capsys, monkeypatch, light_commands):
    import sqlite3

    def full(*_):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Ledger, "put", full)
    assert status("compare", *TINY, "--pairs", 2, "--out", tmp_path / "f") == 1
    assert "kept" in capsys.readouterr().err


@pytest.mark.slow
def test_independent_populations_are_called_different_in_one_of_twenty():
    """Two sets of runs under one design, compared as if unpaired seeds were a design: 5% false calls."""
    from experiments.methods import paired
    from sim import simulate

    s = load_scenario("baseline").with_(members=60, warm_up=0, days=62)
    rates = np.array([simulate(s, k).measures["partners"].value for k in range(500 * 2 * 8)]).reshape(500, 2, 8)
    wrong = sum(not paired.paired_difference(a, b).low <= 0.0 <= paired.paired_difference(a, b).high for a, b in rates)
    assert 0.03 <= wrong / 500 <= 0.07
