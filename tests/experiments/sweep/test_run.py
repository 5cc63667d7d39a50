"""A sweep: its output files complete, the same bytes however they came about, gone on with, never repeated."""

from __future__ import annotations

import csv
import errno
import json
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest

from experiments.runs import processes, scheduler, worker
from experiments.runs.ledger import Ledger
from experiments.sweep import report as sweep_report
from tests.experiments.comparison.test_run import COLUMNS, EACH
from tests.helpers.sweeps import left, rows, small, status, write


@pytest.fixture(autouse=True)
def here(request, monkeypatch):
    """Run in this process: one of its own would load the kernels again. Draw only where figures are looked at."""
    monkeypatch.setattr(processes, "processes", lambda workers: ThreadPoolExecutor(1))
    if not {"swept", "drawn"} & set(request.fixturenames):
        monkeypatch.setattr(sweep_report, "drawings", lambda _view: {})


@pytest.fixture
def drawn():
    """Name it to have figures drawn."""


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """Return a small sweep's file and the folder that it left."""
    folder = tmp_path_factory.mktemp("swept")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processes, "processes", lambda workers: ThreadPoolExecutor(1))
        assert status("sweep", small(folder), "--out", folder / "out", "--quiet") == 0
    return folder / "small.toml", folder / "out"


@pytest.fixture
def asked(monkeypatch):
    """Return a list that gets the arms of every job that is run."""
    found = []

    def run_job(arms, *args, **kwargs):
        found.append(list(arms))
        return worker.run_job(arms, *args, **kwargs)

    monkeypatch.setattr(scheduler, "run_job", run_job)
    return found


def test_the_folder_has_what_was_promised(swept):
    names = set(left(swept[1]))
    assert {"points.csv", "runs.csv", "summary.csv", "sweep.toml", "scenario.toml", "plan.json", "report.html", "findings.json"} <= names
    assert {f"figures/{name}{end}" for name in ("numbers", "points") for end in (".png", ".svg", "-narrow.svg")} <= names
    assert {"provenance.json", "ledger.sqlite"} <= {path.name for path in swept[1].iterdir()}
    assert not any(name.endswith((".part", ".lock")) for name in names)
    assert (swept[1] / "points.csv").read_text().splitlines()[0] == "point,design.friction,reply.base"
    for name, columns in (("runs.csv", COLUMNS["runs.csv"]), ("summary.csv", EACH)):
        assert (swept[1] / name).read_text().splitlines()[0] == f"point,{columns}"
    assert "does message-first win against connect-first" in (swept[1] / "report.html").read_text().lower()


def test_the_tables_have_a_row_for_all_there_is(swept):
    points, runs, summary = (pd.read_csv(swept[1] / f"{name}.csv") for name in ("points", "runs", "summary"))
    assert points.point.tolist() == [1, 2, 3]
    measures = runs.measure.nunique()
    assert len(runs) == 3 * 2 * 2 * measures
    assert runs.groupby("point").size().tolist() == [4 * measures] * 3
    assert set(summary.point) == {1, 2, 3}
    assert (summary.pairs == 2).all()
    first = summary[(summary.point == 2) & (summary.measure == "unwelcome_read")].iloc[0]
    values = runs[(runs.point == 2) & (runs.measure == "unwelcome_read")].groupby("arm").value.mean()
    assert first["mean"] == pytest.approx(values["message_first"])
    assert first.mean_reference == pytest.approx(values["connect_first"])


def test_no_cell_is_nan_or_infinite_or_a_formula(swept):
    for path in swept[1].glob("*.csv"):
        for row in csv.reader(path.read_text().splitlines()):
            assert not {cell.lower() for cell in row} & {"nan", "inf", "-inf"}
            assert not any(cell.startswith(("=", "@")) for cell in row)


def test_two_workers_leave_the_same_bytes(swept, tmp_path, monkeypatch):
    monkeypatch.undo()  # on real processes
    assert status("sweep", swept[0], "--workers", 2, "--out", tmp_path / "two", "--quiet") == 0
    one, two = left(swept[1]), left(tmp_path / "two")
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []


@pytest.mark.parametrize("how", ["again", "--resume"])
def test_what_is_there_is_never_run_again(how, swept, asked):
    before = left(swept[1])
    arguments = ["--resume", swept[1]] if how == "--resume" else [swept[0], "--out", swept[1]]
    assert status("sweep", *arguments, "--quiet") == 0
    assert asked == []
    assert left(swept[1]) == before


def test_common_seeds_share_random_numbers_over_points_and_new_ones_do_not(swept, tmp_path):
    assert status("sweep", small(tmp_path, seeds="new"), "--out", tmp_path / "out", "--quiet") == 0
    assert len({row["seed"] for row in rows(swept[1] / "runs.csv")}) == 2
    assert len({row["seed"] for row in rows(tmp_path / "out" / "runs.csv")}) == 6


@pytest.mark.parametrize(("flag", "many", "runs"), [("points", 5, 4), ("pairs", 3, 3)])
def test_an_extended_sweep_is_the_one_that_would_have_been_asked_for(flag, many, runs, tmp_path, asked):
    assert status("sweep", small(tmp_path), "--out", tmp_path / "grown", "--quiet") == 0
    before = rows(tmp_path / "grown" / "runs.csv")
    asked.clear()
    assert status("sweep", "--extend", tmp_path / "grown", f"--{flag}", many, "--quiet") == 0
    assert len(asked) == runs
    after = rows(tmp_path / "grown" / "runs.csv")
    assert [row for row in after if int(row["point"]) <= 3 and int(row["pair"]) <= 2] == before
    file = small(tmp_path, **{flag: many})
    assert status("sweep", file, "--out", tmp_path / "whole", "--quiet") == 0
    assert left(tmp_path / "grown") == left(tmp_path / "whole")
    # what it has grown to is not cut down by the file that it began with
    assert status("sweep", small(tmp_path), "--out", tmp_path / "grown", "--quiet") == 2
    assert left(tmp_path / "grown") == left(tmp_path / "whole")


@pytest.mark.parametrize(
    ("sampler", "arguments", "words"),
    [
        ("sobol", ["--points", 2], "`--points` must be from 3 (there are so many already) to 1000000 (got 2)"),
        ("sobol", ["--pairs", 1], "`--pairs` must be from 2 (there are so many already) to 10000 (got 1)"),
        ("sobol", ["--pairs", 10_001], "`--pairs` must be from 2 (there are so many already) to 10000 (got 10001)"),
        ("latin-hypercube", ["--points", 6], "`--points` must be left out (a Latin hypercube of more points is another one)"),
        ("grid", ["--points", 9], "`--points` must be left out (a grid has all its points)"),
        ("sobol", [], "`--extend` must be given with --points N or --pairs N"),
    ],
)
def test_what_cannot_grow_is_refused(sampler, arguments, words, tmp_path, capsys):
    levels = {} if sampler != "grid" else {"friction": "{levels = [0.0, 1.0]}", "reply": "{levels = [-2.0]}"}
    assert status("sweep", small(tmp_path, sampler=sampler, **levels), "--out", tmp_path / "out", "--quiet") == 0
    before = left(tmp_path / "out")
    assert status("sweep", "--extend", tmp_path / "out", *arguments) == 2
    assert words in capsys.readouterr().err
    assert left(tmp_path / "out") == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "`sweep` must have one of FILE, --resume DIR, --extend DIR and --status DIR (got nothing)"),
        (
            ["quick-sweep", "--resume", "x"],
            "`sweep` must have one of FILE, --resume DIR, --extend DIR and --status DIR (got FILE and --resume)",
        ),
        (["quick-sweep", "--points", "3"], "`--extend` must be given with --points N or --pairs N, and they with it"),
        (["--resume", "nowhere"], "nowhere must be the folder of a `firstcontact sweep` (got no sweep in it)"),
        (["--status", "."], ". must be the folder of a `firstcontact sweep` (got no sweep in it)"),
        (["none.toml"], "none.toml must be a readable TOML file in UTF-8 (got no such file)"),
        (["quick-sweep", "--workers", "0"], "`--workers` must be at least 1 (got 0)"),
        (["quick-sweep", "--threads", "0"], "`--threads` must be at least 1 (got 0)"),
    ],
)
def test_bad_options_are_one_line_and_status_two(arguments, words, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert status("sweep", *arguments) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert words in lines[0]
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_says_what_it_would_take_and_leaves_nothing(swept, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert status("sweep", swept[0], "--dry-run", "--quiet") == 0
    assert "3 points with 2 pairs of 2 arms: 12 runs of 6 days" in capsys.readouterr().out
    assert status("sweep", swept[0], "--dry-run", "--json", "--quiet") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["points"], told["runs"]) == (3, 12)
    assert 0.0 < told["hours"] == told["seconds"] / 3600
    assert told["bytes"] > 1e8
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_refuses_the_folder_of_another_sweep(swept, tmp_path, capsys):
    other = small(tmp_path, reply="[-4.0, -2.0]")
    assert status("sweep", other, "--dry-run", "--quiet", "--out", swept[1]) == 2
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert "`--out` must be a new folder, one of the same plan, or left out" in said
    assert status("sweep", swept[0], "--dry-run", "--quiet", "--out", swept[1]) == 0


def test_json_is_the_whole_of_stdout_and_quiet_says_nothing(swept, capsys):
    assert status("sweep", "--resume", swept[1], "--json", "--quiet") == 0
    shown = capsys.readouterr()
    told = json.loads(shown.out)
    assert shown.err == ""
    assert (told["points"], told["pairs"], told["failed"], told["folder"]) == (3, 2, 0, str(swept[1]))
    assert "Over 3 points" in told["answer"][0]


def test_status_says_how_far_it_is_also_while_another_is_at_work(swept, capsys):
    with Ledger(swept[1] / "ledger.sqlite"):
        assert status("sweep", "--status", swept[1]) == 0
        assert "12 of 12 runs are there, 0 failed twice" in capsys.readouterr().out
        assert status("sweep", "--status", swept[1], "--json") == 0
        assert json.loads(capsys.readouterr().out)["done"] == 12
        assert status("sweep", "--resume", swept[1]) == 2
        assert "must be used by one process at a time" in capsys.readouterr().err


def test_a_second_process_is_told_so_and_changes_nothing(swept, capsys):
    before = left(swept[1])
    with Ledger(swept[1] / "ledger.sqlite"):
        assert status("sweep", "--extend", swept[1], "--points", 50) == 2
    assert "must be used by one process at a time" in capsys.readouterr().err
    assert left(swept[1]) == before


def test_points_of_the_same_values_share_their_runs(tmp_path, asked, capsys):
    file = small(tmp_path, points=8, pairs=1)
    write(
        file, file.read_text().replace('"design.friction" = [0.0, 4.0]\n', "").replace('"reply.base" = [-4.5, -1.5]', "members = [30, 32]")
    )
    assert status("sweep", file, "--out", tmp_path / "out", "--quiet") == 0
    assert len(asked) == 3
    assert len({row["point"] for row in rows(tmp_path / "out" / "runs.csv")}) == 8
    capsys.readouterr()
    assert status("sweep", "--status", tmp_path / "out") == 0
    assert capsys.readouterr().out.strip() == "8 points with 1 pairs: 16 of 16 runs are there, 0 failed twice."


def test_a_shared_ledger_is_remembered(tmp_path, asked, capsys):
    shared = tmp_path / "shared.sqlite"
    assert status("sweep", small(tmp_path), "--out", tmp_path / "a", "--ledger", shared, "--quiet") == 0
    assert len(asked) == 6
    assert status("sweep", small(tmp_path, points=2), "--out", tmp_path / "b", "--ledger", shared, "--quiet") == 0
    assert status("sweep", "--resume", tmp_path / "a", "--quiet") == 0
    assert len(asked) == 6
    assert not (tmp_path / "a" / "ledger.sqlite").exists()
    capsys.readouterr()
    assert status("sweep", "--status", tmp_path / "a") == 0
    assert "12 of 12" in capsys.readouterr().out


def test_a_disk_that_is_full_when_tables_are_written_keeps_the_runs(swept, tmp_path, monkeypatch, capsys, asked):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("experiments.reporting.run_folder.write_table", full)
        assert status("sweep", swept[0], "--out", tmp_path / "out", "--quiet") == 2  # already the plan cannot be written
    with monkeypatch.context() as patch:
        patch.setattr("experiments.sweep.run.write_tables", full)
        assert status("sweep", swept[0], "--out", tmp_path / "out", "--quiet") == 1
    assert "kept" in capsys.readouterr().err
    assert len(asked) == 6
    assert status("sweep", swept[0], "--out", tmp_path / "out", "--quiet") == 0
    assert len(asked) == 6
    assert left(tmp_path / "out") == left(swept[1])


def test_runs_of_another_model_version_in_a_shared_ledger_are_not_taken(tmp_path, monkeypatch, asked):
    shared = tmp_path / "l.sqlite"
    assert status("sweep", small(tmp_path, points=1), "--out", tmp_path / "a", "--ledger", shared, "--quiet") == 0
    for module in ("runs.keys", "runs.study", "runs.scheduler", "runs.worker"):
        monkeypatch.setattr(f"experiments.{module}.model_version", lambda: "another")
    assert status("sweep", small(tmp_path, points=1), "--out", tmp_path / "b", "--ledger", shared, "--quiet") == 0
    assert len(asked) == 4


def test_a_worker_of_another_model_version_stops_it(swept, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(worker, "model_version", lambda: "another")
    assert status("sweep", swept[0], "--out", tmp_path / "out", "--quiet") == 2
    assert "every worker must have this command's version of the model" in capsys.readouterr().err


@pytest.mark.parametrize(
    "change",
    [
        {"points": 1, "pairs": 1},
        {"sampler": "latin-hypercube", "points": 2, "pairs": 1},
        {"friction": "[5.9, 6.0]", "reply": "{}"},
        {"days": 62, "points": 2},
    ],
)
def test_small_and_extreme_sweeps_end_in_a_report(change, tmp_path, capsys, drawn):
    assert status("sweep", small(tmp_path, **change), "--out", tmp_path / "out", "--quiet") == 0
    assert "The difference ranges from" in capsys.readouterr().out
    assert "nan" not in (tmp_path / "out" / "findings.json").read_text().lower()


def test_three_members_for_a_day_end_in_a_report(tmp_path, capsys, drawn):
    file = small(tmp_path, days=1, points=2)
    write(file, file.read_text().replace("members = 30", "members = 3"))
    assert status("sweep", file, "--out", tmp_path / "out", "--quiet") == 0
    assert "nan" not in capsys.readouterr().out


def test_three_arms_and_one_number(tmp_path, capsys, drawn):
    file = small(tmp_path, points=2)
    text = file.read_text().replace(
        'name = "small"', 'arms = ["connect_first", "message_first", "message_credits"]\nreference = "message_first"'
    )
    write(file, text.replace('"reply.base" = [-4.5, -1.5]\n', ""))
    assert status("sweep", file, "--out", tmp_path / "out", "--quiet") == 0
    assert {row["arm"] for row in rows(tmp_path / "out" / "summary.csv")} == {"connect_first", "message_credits"}
    assert {row["reference"] for row in rows(tmp_path / "out" / "summary.csv")} == {"message_first"}


def test_a_ledger_of_many_runs_is_listed_and_gone_on_with(tmp_path, monkeypatch, asked, capsys):
    """Of 4,000 runs all but one pair are there: that one alone is run, and nothing is built to find it."""
    from experiments.benchmarks.benchmark_sweeps import name_all
    from experiments.runs.study import Study
    from experiments.sweep.folder import opened, prepare, write_plan
    from experiments.sweep.plan import load_sweep

    sweep, out = load_sweep(small(tmp_path, points=1000)), tmp_path / "out"
    prepare(sweep, out)
    write_plan(sweep, out, out / "ledger.sqlite")
    points = sweep.points()
    with Ledger(out / "ledger.sqlite") as book:
        looking = Study(sweep.request(), book)
        name_all(looking, points)
        payload = next(iter(worker.run_job(sweep.arms, 1, 2, 1, worker.model_version()).payloads.values()))
        missing = set(looking.keys(points[700], 2).values())
        keys = [key for point in points for r in (1, 2) for key in looking.keys(point, r).values()]
        book.put([(key, payload) for key in keys if key not in missing])
    assert status("sweep", "--status", out) == 0
    assert "3998 of 4000 runs are there" in capsys.readouterr().out
    built = []
    monkeypatch.setattr(Study, "arms_at", lambda self, point: built.append(point.number) or self.request.arms)
    with Ledger(out / "ledger.sqlite") as book:
        Study(opened(out).request(), book, ThreadPoolExecutor(1)).run(points, 2)
    assert asked == [["connect_first", "message_first"]]
    assert set(built) == {701}
