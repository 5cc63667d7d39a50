"""A sweep's folder: complete, the same bytes however it came about, gone on with, never repeated."""

from __future__ import annotations

import csv
import errno
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

from experiments.runs import ledger, scheduler, worker
from experiments.runs import processes as runner
from experiments.runs.ledger import Ledger
from experiments.sweep import report as sweep_report
from tests.experiments.comparison.test_run import COLUMNS
from tests.helpers.drawings import both, legend, titles
from tests.helpers.sweeps import left, small, status, write


@pytest.fixture(autouse=True)
def here(request, monkeypatch):
    """Run in this process: one of its own would load the kernels again. Draw only where figures are looked at."""
    monkeypatch.setattr(runner, "processes", lambda workers: ThreadPoolExecutor(1))
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
        patch.setattr(runner, "processes", lambda workers: ThreadPoolExecutor(1))
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


def rows(path):
    return list(csv.DictReader(path.read_text().splitlines()))


def test_the_folder_has_what_was_promised(swept):
    names = set(left(swept[1]))
    assert {"points.csv", "runs.csv", "summary.csv", "sweep.toml", "scenario.toml", "plan.json", "report.html", "findings.json"} <= names
    assert {f"figures/{name}{end}" for name in ("numbers", "points") for end in (".png", ".svg", "-narrow.svg")} <= names
    assert {"provenance.json", "ledger.sqlite"} <= {path.name for path in swept[1].iterdir()}
    assert not any(name.endswith((".part", ".lock")) for name in names)
    assert (swept[1] / "points.csv").read_text().splitlines()[0] == "point,design.friction,reply.base"
    for name in ("runs.csv", "summary.csv"):
        assert (swept[1] / name).read_text().splitlines()[0] == "point," + COLUMNS[name]
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


def test_another_sweep_in_the_folder_is_refused(swept, tmp_path, capsys):
    assert status("sweep", small(tmp_path, reply="[-4.0, -2.0]"), "--out", swept[1]) == 2
    assert "`--out` must be a new folder, one of the same plan, or left out" in capsys.readouterr().err


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


def breaking(point_friction, times):
    """Return a job that fails a number of times where message-first has this friction, by a network that is not there."""
    count = {"left": times}

    def run_job(arms, *args, **kwargs):
        broken = dict(arms)
        for name, arm in arms.items():
            if name == "message_first" and arm.designs[arm.design].friction == point_friction and count["left"] > 0:
                broken[name] = arm.model_copy(update={"network_file": "nowhere.csv"})
        if any(arm.network_file for arm in broken.values()):
            count["left"] -= 1
        return worker.run_job(broken, *args, **kwargs)

    return run_job


def grid_of_three(folder):
    return small(folder, sampler="grid", friction="{levels = [0.0, 1.0, 2.0]}", reply="{levels = [-2.5]}")


def test_a_run_that_fails_is_recorded_tried_again_once_and_stops_nothing(tmp_path, monkeypatch, capsys):
    file, out = grid_of_three(tmp_path), tmp_path / "out"
    assert status("sweep", file, "--out", tmp_path / "undisturbed", "--quiet") == 0
    monkeypatch.setattr(scheduler, "run_job", breaking(1.0, 1000))
    assert status("sweep", file, "--out", out, "--quiet") == 0
    assert "2 runs failed twice" in capsys.readouterr().err
    failed = rows(out / "failures.csv")
    assert [(row["point"], row["pair"], row["arm"]) for row in failed] == [("2", "1", "message_first"), ("2", "2", "message_first")]
    assert all("nowhere.csv" in row["error"] for row in failed)
    assert {row["point"] for row in rows(out / "runs.csv")} == {"1", "3"}
    assert "failed twice" in (out / "report.html").read_text()
    assert status("sweep", "--status", out) == 0
    assert "10 of 12 runs are there, 2 failed twice" in capsys.readouterr().out
    monkeypatch.setattr(scheduler, "run_job", worker.run_job)
    assert status("sweep", "--resume", out, "--quiet") == 0
    assert left(out) == left(tmp_path / "undisturbed")


def test_a_run_that_fails_once_is_made_by_the_second_try(tmp_path, monkeypatch):
    file = grid_of_three(tmp_path)
    assert status("sweep", file, "--out", tmp_path / "undisturbed", "--quiet") == 0
    monkeypatch.setattr(scheduler, "run_job", breaking(1.0, 1))
    assert status("sweep", file, "--out", tmp_path / "out", "--quiet") == 0
    assert left(tmp_path / "out") == left(tmp_path / "undisturbed")


def test_a_sweep_of_which_every_run_fails_says_so(tmp_path, monkeypatch, capsys):
    def failing(arms, *_args, **_kwargs):
        return worker.JobResult({}, dict.fromkeys(arms, "ValueError: no"))

    monkeypatch.setattr(scheduler, "run_job", failing)
    assert status("sweep", small(tmp_path), "--out", tmp_path / "out", "--quiet") == 0
    shown = capsys.readouterr()
    assert "No run of this sweep is complete" in shown.out
    assert "12 runs failed twice" in shown.err
    assert len(rows(tmp_path / "out" / "failures.csv")) == 12


def test_a_full_disk_stops_it_cleanly_and_keeps_what_is_done(tmp_path, monkeypatch, capsys):
    """The ledger may grow to a few pages: SQLite then says what it says when the disk is full."""
    file = small(tmp_path, points=20)
    assert status("sweep", file, "--out", tmp_path / "undisturbed", "--quiet") == 0
    connected = ledger.connected

    def cramped(path, **kwargs):
        db = connected(path, **kwargs)
        db.execute("PRAGMA max_page_count = 10")
        return db

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "connected", cramped)
        assert status("sweep", file, "--out", tmp_path / "out", "--quiet") == 1
    shown = capsys.readouterr().err.strip()
    assert "full" in shown
    assert "kept" in shown
    assert len(shown.splitlines()) == 1
    with Ledger(tmp_path / "out" / "ledger.sqlite") as book:
        assert 0 < len(book) < 80
    assert status("sweep", "--resume", tmp_path / "out", "--quiet") == 0
    assert left(tmp_path / "out") == left(tmp_path / "undisturbed")


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


def test_a_folder_of_another_model_version_is_refused(tmp_path, monkeypatch, capsys):
    assert status("sweep", small(tmp_path, points=1), "--out", tmp_path / "out", "--quiet") == 0
    for module in ("runs.keys", "runs.study", "runs.scheduler", "runs.worker"):
        monkeypatch.setattr(f"experiments.{module}.model_version", lambda: "another")
    for flag in ("--resume", "--status"):
        assert status("sweep", flag, tmp_path / "out") == 2
        assert "must be planned by this version of the model (got another version, whose runs are never mixed in" in capsys.readouterr().err


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


def swept_by_hand(arms):
    """Return a sweep of six points in which each arm's share is higher by these amounts, the interval half a point each way."""
    from experiments.runs.study import Point
    from experiments.sweep.plan import sweep_of
    from experiments.sweep.tables import Swept

    parameters = {"reply.base": [-4.0, -2.0], "design.friction": [0.0, 4.0]}
    table = {"arms": ["connect_first", *arms], "sweep": {"parameters": parameters, "points": 6, "pairs": 2}}
    sweep = sweep_of(table, Path.cwd(), "", usual_name="by hand")
    points = [Point(k + 1, {"reply.base": -4.0 + 0.4 * k, "design.friction": 3.0 * (k % 2)}) for k in range(6)]
    rows = [
        (k + 1, "intent_success", arm, 0.2 + d, 0.2, d, d - 0.005, d + 0.005, word(d))
        for arm, all_d in arms.items()
        for k, d in enumerate(all_d)
    ]
    columns = ["point", "measure", "arm", "mean", "mean_reference", "difference", "ci_low", "ci_high", "verdict"]
    return Swept(sweep, points, pd.DataFrame(rows, columns=columns), {})


def word(d):
    return "better" if d > 0.005 else "worse" if d < -0.005 else "not decided"


RISING, FALLING = (-0.02, -0.01, 0.0, 0.01, 0.02, 0.03), (0.03, 0.02, 0.01, 0.002, 0.001, -0.001)


def test_every_arm_has_its_sentences_figures_and_table(tmp_path, drawn):
    found = swept_by_hand({"message_first": RISING, "message_credits": FALLING})
    words = sweep_report.write_report(found, tmp_path)
    assert words == [
        "Over 6 points, message-first against connect-first in intent success: better at 50%, worse at 33%, not decided at 17%.",
        "The difference ranges from -2.0 to +3.0 points, in the median +0.5; it grows most with the base chance of a reply (reply.base), rank correlation +1.00.",
        "Over 6 points, message-credits against connect-first in intent success: better at 50%, worse at 0%, not decided at 50%.",
        "The difference ranges from -0.1 to +3.0 points, in the median +0.6; it shrinks most with the base chance of a reply (reply.base), rank correlation -1.00.",
    ]
    names = ["points", "numbers", "points-message_credits", "numbers-message_credits"]
    assert list(sweep_report.drawings(sweep_report.views(found))) == names
    page = (tmp_path / "report.html").read_text()
    assert [page.count(f'<figure id="{name}">') for name in names] == [1, 1, 1, 1]
    for arm in ("message-first", "message-credits"):
        assert page.count(f"<summary>Intent success at each point, {arm} against connect-first</summary>") == 1
    assert "+2.0 points (+1.5 to +2.5)" in page
    assert "the share that succeeded" in page.partition("<main")[0]  # what intent success is, where it first stands


def test_every_mark_of_a_sweeps_figures_is_in_the_legend(drawn):
    found = swept_by_hand({"message_first": RISING, "message_credits": FALLING})
    makers = sweep_report.drawings(sweep_report.views(found))
    for one in both(makers["points"], found):
        assert legend(one) == {"better", "worse", "not decided", "the scenario's own values"}
        assert one.canvas.axes[0].get_xlabel().replace("\n", " ") == "the base chance of a reply (reply.base), log-odds"
    for one in both(makers["points-message_credits"], found):
        assert titles(one.canvas.axes[1]) == ("◀ connect-first has more", "message-credits has more ▶")
    for one in both(makers["numbers"], found):
        assert legend(one) == {"better", "worse", "not decided", "95% confidence interval", "no difference"}
        assert "cut off" not in one.figure.caption
    wide, narrow = both(makers["numbers"], found)
    assert wide.canvas.axes[0].get_position().y0 == pytest.approx(wide.canvas.axes[1].get_position().y0)
    assert narrow.canvas.axes[0].get_position().y0 > narrow.canvas.axes[1].get_position().y0
    assert wide.figure.headline == "The difference between message-first and connect-first grows most with the base chance of a reply"


def test_intervals_that_would_leave_no_room_for_the_marks_are_cut_off_and_that_is_said(drawn):
    found = swept_by_hand({"message_first": RISING})
    found.summary["ci_high"] += 0.5
    drawing = sweep_report.drawings(sweep_report.views(found))["numbers"]
    for one in both(drawing, found):
        assert "Intervals that reach beyond the frame are cut off" in one.figure.caption
        assert one.canvas.axes[0].get_ylim() == pytest.approx((-7.8, 7.8))  # twice 1.3 times the largest difference, 3 points


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
    from experiments.sweep.plan import load_sweep
    from experiments.sweep.run import opened, prepare, write_plan

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


def test_an_empty_note_of_a_ledger_elsewhere_is_refused_by_its_name(swept, tmp_path, capsys):
    shutil.copytree(swept[1], tmp_path / "out")
    (tmp_path / "out" / "ledger.txt").write_text("", encoding="utf-8")
    assert status("sweep", "--resume", tmp_path / "out", "--quiet") == 2
    assert "ledger.txt must name the ledger with which the sweep was run; --ledger says it, too (got nothing)" in capsys.readouterr().err
