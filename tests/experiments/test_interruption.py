"""A sweep that is killed or interrupted: nothing lost, nothing repeated, the same bytes in the end."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor
from contextlib import closing

import pytest

from experiments.runs import processes
from experiments.runs.ledger import Ledger
from tests.helpers.sweeps import ROOT, ended, left, small, started, status

PATIENCE = 300.0  # seconds for what takes a few
GOES_ON = "finished runs are kept in the ledger, and the same command continues from there"
# Counts every attempt to put a run into the ledger that is there already: the ledger itself would keep silent about it.
WATCH = (
    "CREATE TABLE IF NOT EXISTS repeated (key TEXT)",
    """CREATE TRIGGER IF NOT EXISTS watch BEFORE INSERT ON runs WHEN EXISTS (SELECT 1 FROM runs WHERE key = NEW.key)
    BEGIN INSERT INTO repeated VALUES (NEW.key); END""",
)


def runs_in(path):
    """Return the runs in a ledger, as a reader beside the one who writes."""
    if not path.exists() or path.stat().st_size == 0:
        return {}
    with closing(sqlite3.connect(path, timeout=60)) as db:
        try:
            return dict(db.execute("SELECT key, payload FROM runs"))
        except sqlite3.OperationalError:  # not made yet
            return {}


def count(path):
    if not path.exists() or path.stat().st_size == 0:
        return 0
    with closing(sqlite3.connect(path, timeout=60)) as db:
        try:
            return int(db.execute("SELECT count(*) FROM runs").fetchone()[0])
        except sqlite3.OperationalError:
            return 0


def watch(path):
    with closing(sqlite3.connect(path, timeout=60)) as db, db:
        for line in WATCH:
            db.execute(line)


def live(process, ledger, seconds, growth):
    """Let a sweep go on for so many seconds, or until its ledger has grown by so many runs."""
    deadline, first = time.monotonic() + seconds, count(ledger)
    while process.poll() is None and time.monotonic() < deadline and count(ledger) < first + growth:
        time.sleep(0.01)


def wait_for_the_last_of(process):
    """Wait until no process of a command's group is left."""
    deadline = time.monotonic() + 30.0
    while time.monotonic() < deadline:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("workers are still there")


def kill(process):
    """End the command and its workers as if the power had gone."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=PATIENCE)


def disturb(file, out, moments, rng):
    """Kill a sweep at each of these moments (seconds, runs) and a little later; return how many were in the middle of the runs."""
    ledger, before, hits = out / "ledger.sqlite", {}, 0
    for seconds, growth in moments:
        process = started("sweep", file, "--out", out, "--workers", 1, "--quiet")
        live(process, ledger, seconds, growth)
        time.sleep(rng.uniform(0.0, 0.05))
        kill(process)
        after = runs_in(ledger)
        assert before.items() <= after.items()  # nothing is lost, nothing is changed
        hits += len(after) > len(before)
        before = after
        if after:
            watch(ledger)
    return hits


def finish(file, out, runs):
    """Go on to the end; nothing that was there is put there again."""
    assert status("sweep", file, "--out", out, "--quiet") == 0
    assert count(out / "ledger.sqlite") == runs
    with closing(sqlite3.connect(out / "ledger.sqlite")) as db:
        assert db.execute("SELECT count(*) FROM repeated").fetchone()[0] == 0


@pytest.fixture
def here(monkeypatch):
    from concurrent.futures import ThreadPoolExecutor

    monkeypatch.setattr(processes, "processes", lambda workers: ThreadPoolExecutor(1))


@pytest.mark.parametrize("times", [1, pytest.param(2, marks=pytest.mark.slow)])
@pytest.mark.slow  # `make kills` tries 80
def test_killed_a_sweep_goes_on_where_it_stopped(times, tmp_path, light_commands):
    file = small(tmp_path, points=8)
    assert status("sweep", file, "--out", tmp_path / "undisturbed", "--quiet") == 0
    hits = disturb(file, tmp_path / "out", [(PATIENCE, 5)] * times, random.Random(1))
    assert hits == times
    assert count(tmp_path / "out" / "ledger.sqlite") < 32
    finish(file, tmp_path / "out", 32)
    assert left(tmp_path / "out") == left(tmp_path / "undisturbed")


def test_ctrl_c_keeps_what_is_done(tmp_path, here, hears_ctrl_c):
    file = small(tmp_path, points=100)
    process = started("sweep", file, "--out", tmp_path / "out", "--workers", 1, "--quiet")
    live(process, tmp_path / "out" / "ledger.sqlite", PATIENCE, 4)
    process.send_signal(signal.SIGINT)
    error = ended(process, PATIENCE)
    assert process.returncode == 130, error
    assert error.strip() == f"firstcontact: interrupted; {GOES_ON}"
    with Ledger(tmp_path / "out" / "ledger.sqlite") as book:  # the lock is free
        assert 4 <= len(book) < 400


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="this system has no such signals")
@pytest.mark.parametrize("name", ["SIGTERM", pytest.param("SIGHUP", marks=pytest.mark.slow)])
def test_a_command_that_is_told_to_end_keeps_what_is_done_and_leaves_nothing_behind(name, tmp_path, hears_hang_ups):
    number = getattr(signal, name)
    process = started("sweep", small(tmp_path, points=100), "--out", tmp_path / "out", "--workers", 2, "--quiet")
    live(process, tmp_path / "out" / "ledger.sqlite", PATIENCE, 4)
    process.send_signal(number)
    error = ended(process, PATIENCE)
    assert process.returncode == 128 + number, error
    assert error.strip() == f"firstcontact: ended by {name}; {GOES_ON}"  # and no complaint about semaphores
    wait_for_the_last_of(process)
    with Ledger(tmp_path / "out" / "ledger.sqlite") as book:
        assert 4 <= len(book) < 400


@pytest.mark.slow
@pytest.mark.parametrize("gap", [0.0, pytest.param(0.02, marks=pytest.mark.slow), pytest.param(0.2, marks=pytest.mark.slow)])
def test_a_second_ctrl_c_is_status_130_too_and_says_no_more(gap, tmp_path, hears_ctrl_c):
    process = started("sweep", small(tmp_path, points=100), "--out", tmp_path / "out", "--workers", 2, "--quiet")
    live(process, tmp_path / "out" / "ledger.sqlite", PATIENCE, 4)
    for _ in range(3):
        process.send_signal(signal.SIGINT)
        time.sleep(gap)
    error = ended(process, PATIENCE)
    assert process.returncode == 130, error
    assert all(line.startswith("firstcontact: interrupted") for line in error.strip().splitlines()), error
    with Ledger(tmp_path / "out" / "ledger.sqlite") as book:
        assert 4 <= len(book) < 400


def test_a_command_without_a_ledger_does_not_say_that_anything_is_kept(tmp_path, hears_ctrl_c):
    process = started("run", "--members", 2000, "--days", 2000, "--out", tmp_path / "out", "--quiet")
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and not (tmp_path / "out" / "plan.json").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    error = ended(process, PATIENCE)
    assert process.returncode == 130, error
    assert error.strip() == "firstcontact: interrupted"


@pytest.mark.slow
def test_a_ledger_that_is_deleted_while_a_sweep_runs_is_said(tmp_path):
    path = tmp_path / "out" / "ledger.sqlite"
    process = started("sweep", small(tmp_path, points=100), "--out", tmp_path / "out", "--workers", 1, "--quiet")
    live(process, path, PATIENCE, 4)
    path.unlink()
    error = ended(process, PATIENCE)
    assert process.returncode == 1, error
    lost = "was deleted or moved while this command used it, and the runs in it with it; the same command begins again"
    assert error.strip() == f"firstcontact: failed: LedgerGone: {path} {lost}"


@pytest.mark.parametrize("many", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_workers_that_cannot_start_stop_it_at_once_and_no_run_is_blamed(tmp_path, many, here):
    """A program read from standard input has no main file, which a worker begins with."""
    file, out = small(tmp_path), tmp_path / "out"
    words = ["sweep", str(file), "--out", str(out), "--workers", str(many), "--quiet"]
    ended = subprocess.run(
        [sys.executable, "-"],
        input=f"from experiments.cli.main import main\nmain({words})",
        text=True,
        capture_output=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=PATIENCE,
        check=False,
    )
    assert ended.returncode == 1, ended.stderr
    said = [line for line in ended.stderr.splitlines() if line.startswith("firstcontact: ")]
    assert len(said) == 1
    assert said[0].startswith("firstcontact: failed: ChildProcessError: no worker process can start; ")
    assert said[0].endswith("finished runs are kept in the ledger")
    with closing(sqlite3.connect(out / "ledger.sqlite")) as db:
        assert db.execute("SELECT count(*) FROM failures").fetchone()[0] == 0
    assert status("sweep", file, "--out", out, "--quiet") == 0
    assert count(out / "ledger.sqlite") == 12


def dies_at_once():
    os._exit(9)


def test_a_pool_says_that_no_worker_can_start(monkeypatch):
    made, make = [], processes.Processes._made
    monkeypatch.setattr(processes, "_begin_worker", dies_at_once)
    monkeypatch.setattr(processes.Processes, "_made", lambda pool: made.append(1) or make(pool))
    with pytest.raises(ChildProcessError, match="no worker process can start"), processes.processes(1) as pool:
        pool.submit(os.getpid).result()
    assert len(made) == 1 + processes.STARTS


def test_a_pool_whose_workers_can_start_only_says_that_one_died():
    with processes.processes(1) as pool:
        for _ in range(2 * processes.STARTS):
            with pytest.raises(BrokenExecutor):
                pool.submit(dies_at_once).result()
        assert pool.submit(os.getpid).result() != os.getpid()


def test_a_reader_undoes_what_a_killed_writer_began(tmp_path, capsys, here):
    """A transaction of a writer that was killed lies half written in the file: its journal says how it was before."""
    file, out = small(tmp_path, points=2), tmp_path / "out"
    assert status("sweep", file, "--out", out, "--quiet") == 0
    path, journal = out / "ledger.sqlite", out / "ledger.sqlite-journal"
    whole = path.read_bytes()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA cache_size = 1")  # pages are written before the transaction ends
        db.execute("BEGIN IMMEDIATE")
        db.execute("UPDATE runs SET payload = zeroblob(5000)")
        torn, saved = path.read_bytes(), journal.read_bytes()
        db.execute("ROLLBACK")
    assert torn != whole
    path.write_bytes(torn)
    journal.write_bytes(saved)
    capsys.readouterr()
    assert status("sweep", "--status", out) == 0
    assert "8 of 8 runs are there" in capsys.readouterr().out
    assert path.read_bytes() == whole


@pytest.mark.slow
def test_killed_at_twenty_random_moments_nothing_is_lost_or_repeated(tmp_path, here):
    """Ten at any time from the start on, seven after so many runs, three while tables and figures are written."""
    rng = random.Random(20)
    points = 150
    file, out = small(tmp_path, points=points), tmp_path / "out"
    assert status("sweep", file, "--out", tmp_path / "undisturbed", "--quiet") == 0
    moments = [(rng.uniform(0.0, 5.0), 20) for _ in range(10)] + [(PATIENCE, rng.randint(1, 20)) for _ in range(7)]
    rng.shuffle(moments)
    assert disturb(file, out, moments, rng) >= 7
    assert count(out / "ledger.sqlite") < 4 * points
    for k in range(3):  # when all runs are there, or nearly: tables, figures, the report
        process = started("sweep", file, "--out", out, "--workers", 1, "--quiet")
        live(process, out / "ledger.sqlite", PATIENCE if k == 0 else rng.uniform(2.0, 6.0), 4 * points - count(out / "ledger.sqlite"))
        time.sleep(rng.uniform(0.0, 1.0))
        kill(process)
        assert count(out / "ledger.sqlite") >= 4 * points - 4
    finish(file, out, 4 * points)
    assert left(out) == left(tmp_path / "undisturbed")


@pytest.mark.slow
def test_workers_end_with_a_command_that_is_killed_alone(tmp_path):
    process = started("sweep", small(tmp_path, points=100), "--out", tmp_path / "out", "--workers", 2, "--quiet")
    live(process, tmp_path / "out" / "ledger.sqlite", PATIENCE, 4)
    process.kill()
    process.wait(timeout=PATIENCE)
    wait_for_the_last_of(process)
    process.communicate(timeout=PATIENCE)
    with Ledger(tmp_path / "out" / "ledger.sqlite") as book:
        assert len(book) >= 4
