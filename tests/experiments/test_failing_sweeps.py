"""A sweep of which runs fail, or whose disk is full: what is done is kept, and later it is as if nothing had happened."""

from __future__ import annotations

import pytest

from experiments.runs import ledger, scheduler, worker
from experiments.runs.ledger import Ledger
from tests.helpers.sweeps import left, rows, small, status

pytestmark = pytest.mark.usefixtures("light_commands")


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
