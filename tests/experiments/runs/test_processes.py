"""Jobs in this process: done at once, their errors kept with them."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import BrokenExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from experiments.runs.processes import InProcess, Processes, _begin_worker, _undisturbed, processes, usable_cores, workers_of
from sim.errors import BadInput


def test_a_job_is_done_at_once_and_in_order():
    done = []
    pool = InProcess()
    futures = [pool.submit(done.append, k) for k in range(3)]
    assert done == [0, 1, 2]
    assert all(future.done() for future in futures)
    assert pool.submit(divmod, 7, 2).result() == (3, 1)


def test_an_error_belongs_to_its_job_but_an_interruption_to_everybody():
    pool = InProcess()
    with pytest.raises(ZeroDivisionError):
        pool.submit(divmod, 1, 0).result()

    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pool.submit(interrupted)


def in_a_pool(_):
    """Return whether a job of a process that may have no processes was done by itself."""
    with processes(1) as pool:
        return pool.submit(os.getpid).result() == os.getpid()


def test_a_process_of_a_pool_does_the_work_itself():
    with get_context("spawn").Pool(1) as pool:
        assert pool.map(in_a_pool, [0]) == [True]


def test_a_worker_that_dies_beside_a_cancelled_job_leaves_nobody_waiting(monkeypatch):
    stumbled = []
    monkeypatch.setattr(threading, "excepthook", stumbled.append)
    pool = Processes(1)
    running, *waiting = [pool.submit(time.sleep, 60.0) for _ in range(6)]
    while not running.running():
        time.sleep(0.01)
    assert waiting[-1].cancel()  # as when a stopping rule is met
    for worker in pool._pool._processes.values():
        worker.kill()
    clears_up = pool._pool._executor_manager_thread
    for future in (running, *waiting[:-1]):
        with pytest.raises(BrokenExecutor):
            future.result(timeout=60.0)
    pool.shutdown()
    clears_up.join(60.0)
    assert not clears_up.is_alive()
    assert stumbled == []


TRACKED = """
from multiprocessing import resource_tracker
from experiments.runs.processes import processes

if __name__ == "__main__":
    with processes(1):
        with open(f"/proc/{resource_tracker._resource_tracker._pid}/status", encoding="utf-8") as file:
            print(next(line.split()[1] for line in file if line.startswith("SigBlk:")))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system does not show what a process hears")
def test_what_looks_after_semaphores_is_deaf_to_a_terminal_that_hangs_up(tmp_path):
    (tmp_path / "tracked.py").write_text(TRACKED, encoding="utf-8")
    found = subprocess.run([sys.executable, "tracked.py"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert int(found.stdout, 16) >> (signal.SIGHUP - 1) & 1


KILLED = """
import atexit
import gc
import os
import signal

from experiments.runs.processes import processes

if __name__ == "__main__":
    with processes(1) as pool:
        pool.submit(os.getpid).result()
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system kills otherwise")
def test_what_looks_after_semaphores_says_nothing_of_those_that_a_killed_process_leaves(tmp_path):
    (tmp_path / "killed.py").write_text(KILLED, encoding="utf-8")
    found = subprocess.run([sys.executable, "killed.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr) == (-signal.SIGKILL, "")


def test_a_signal_waits_until_a_worker_that_begins_knows_what_to_do():
    """Else the worker complains that what it was to read had ended."""
    before, told = signal.getsignal(signal.SIGINT), []

    def begin():
        with _undisturbed():
            signal.raise_signal(signal.SIGINT)
            told.append("what to do")

    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            begin()
        assert told == ["what to do"]
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)


def test_all_workers_begin_with_the_first_job():
    """One that begins while another dies would break the table that Python looks through."""
    with processes(2) as pool:
        pool.submit(os.getpid).result()
        assert len(pool._pool._processes) == 2
        table = pool._pool._processes
        pool.submit(os.getpid).result()
        assert pool._pool._processes is table
        assert len(table) == 2


def test_as_a_worker_ends_no_garbage_is_looked_for_in_what_it_loaded(monkeypatch):
    done = []
    monkeypatch.setattr(atexit, "register", done.append)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    _begin_worker()
    assert done == [gc.freeze]


def test_cores_are_those_that_this_process_may_use(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 3, 5}, raising=False)
    assert usable_cores() == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert usable_cores() == 1


def test_there_are_as_many_workers_as_are_asked_for_and_at_most_as_many_as_cores(monkeypatch):
    said = []
    monkeypatch.setattr("experiments.runs.processes.usable_cores", lambda: 2)
    assert [workers_of(asked, said.append) for asked in (None, 1, 2)] == [2, 1, 2]
    assert said == []
    assert workers_of(10_000, said.append) == 2
    assert said == ["warning: 10000 workers asked for, 2 cores there; 2 are used"]
    for wrong in (0, -1, 1.5, "2", True):
        with pytest.raises(BadInput, match="`--workers` must be at least 1"):
            workers_of(wrong, said.append)
