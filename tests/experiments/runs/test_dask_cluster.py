"""A sweep on a real Dask cluster: the same bytes as on processes, whoever dies or comes later; other models are refused."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from experiments.runs import processes
from tests.experiments.test_interruption import count
from tests.helpers.sweeps import ROOT, ended, left, small, started, status

pytest.importorskip("distributed")
pytestmark = pytest.mark.slow

PATIENCE = 120.0


class Cluster:
    """A scheduler and workers, each a process of its own on this machine."""

    def __init__(self, folder):
        self.folder, self.processes = folder, []
        self._start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", "scheduler.json")
        self._until((folder / "scheduler.json").exists)
        self._until(lambda: (folder / "scheduler.json").stat().st_size > 0)
        self.address = json.loads((folder / "scheduler.json").read_text())["address"]

    def worker(self, package=ROOT):
        """Start a worker that imports the model from this folder."""
        return self._start("dask_worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard", package=package)

    def _start(self, module, *arguments, package=ROOT):
        process = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{module}", *arguments],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (package, ROOT))), "PYTHONWARNINGS": "ignore"},
        )
        self.processes.append(process)
        return process

    @staticmethod
    def _until(there):
        deadline = time.monotonic() + PATIENCE
        while not there():
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def close(self):
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait()


@pytest.fixture
def cluster(tmp_path):
    (tmp_path / "cluster").mkdir()
    found = Cluster(tmp_path / "cluster")
    yield found
    found.close()


@pytest.fixture
def undisturbed(tmp_path, monkeypatch):
    """Return a sweep's file and the folder that it leaves on this machine."""
    file = small(tmp_path, points=30)
    monkeypatch.setattr(processes, "processes", lambda workers: ThreadPoolExecutor(1))
    assert status("sweep", file, "--out", tmp_path / "undisturbed", "--quiet") == 0
    return file, tmp_path / "undisturbed"


@pytest.fixture
def other_model(tmp_path):
    """Return a folder with a model that differs in a comment."""
    folder = tmp_path / "other"
    shutil.copytree(ROOT / "sim", folder / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    with (folder / "sim" / "version.py").open("a") as file:
        file.write("# another\n")
    return folder


def test_one_of_three_workers_is_killed_and_the_bytes_are_the_same(cluster, undisturbed, tmp_path):
    file, before = undisturbed
    workers = [cluster.worker() for _ in range(3)]
    process = started("sweep", file, "--out", tmp_path / "out", "--dask", cluster.address, "--quiet")
    ledger, deadline = tmp_path / "out" / "ledger.sqlite", time.monotonic() + PATIENCE
    while process.poll() is None and count(ledger) < 12 and time.monotonic() < deadline:
        time.sleep(0.01)
    workers[0].send_signal(signal.SIGKILL)
    there = count(ledger)
    assert 12 <= there < 120
    error = ended(process, PATIENCE)
    assert process.returncode == 0, error
    assert left(tmp_path / "out") == left(before)
    assert count(ledger) == 120


def test_when_all_workers_are_replaced_the_later_ones_go_on(cluster, undisturbed, tmp_path):
    file, before = undisturbed
    first = [cluster.worker(), cluster.worker()]
    process = started("sweep", file, "--out", tmp_path / "out", "--dask", cluster.address, "--quiet")
    ledger, deadline = tmp_path / "out" / "ledger.sqlite", time.monotonic() + PATIENCE
    while process.poll() is None and count(ledger) < 4 and time.monotonic() < deadline:
        time.sleep(0.01)
    for worker in first:
        worker.send_signal(signal.SIGKILL)
    assert 4 <= count(ledger) < 120
    time.sleep(1.0)
    assert process.poll() is None
    cluster.worker()
    error = ended(process, PATIENCE)
    assert process.returncode == 0, error
    assert left(tmp_path / "out") == left(before)


def test_workers_of_another_model_version_are_refused(cluster, undisturbed, other_model, tmp_path):
    file, before = undisturbed
    cluster.worker(other_model)
    alone = started("sweep", file, "--out", tmp_path / "none", "--dask", cluster.address, "--quiet")
    error = ended(alone, PATIENCE)
    assert alone.returncode == 2
    assert "`--dask` must have workers with this version of the model, " in error
    assert len(error.strip().splitlines()) == 1
    cluster.worker()
    import distributed

    with distributed.Client(cluster.address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=PATIENCE)
    mixed = started("sweep", file, "--out", tmp_path / "out", "--dask", cluster.address, "--quiet")
    error = ended(mixed, PATIENCE)
    assert mixed.returncode == 0, error
    assert "are refused: tcp://" in error
    assert left(tmp_path / "out") == left(before)


@pytest.mark.parametrize("what", ["sim.py", "experiments.py"])
def test_what_hides_the_model_from_a_worker_is_named(what, cluster, tmp_path):
    culprit = tmp_path / "mine" / what
    culprit.parent.mkdir()
    culprit.write_text("", encoding="utf-8")
    cluster.worker(tmp_path / "mine")
    process = started("sweep", small(tmp_path), "--out", tmp_path / "out", "--dask", cluster.address, "--quiet")
    error = ended(process, PATIENCE)
    assert process.returncode == 2, error
    assert f"{culprit} must have another name or place: it hides the package `{culprit.stem}` of First Contact" in error
    assert len(error.strip().splitlines()) == 1


def test_a_worker_of_another_model_that_comes_later_is_refused(cluster, undisturbed, other_model, tmp_path):
    file, before = undisturbed
    cluster.worker()
    process = started("sweep", file, "--out", tmp_path / "out", "--dask", cluster.address, "--quiet")
    ledger, deadline = tmp_path / "out" / "ledger.sqlite", time.monotonic() + PATIENCE
    while process.poll() is None and count(ledger) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    cluster.worker(other_model)
    error = ended(process, PATIENCE)
    assert process.returncode == 0, error
    assert left(tmp_path / "out") == left(before)


def test_a_cluster_that_is_not_there_is_one_line_and_status_two(tmp_path):
    process = started("sweep", small(tmp_path), "--out", tmp_path / "out", "--dask", "tcp://127.0.0.1:9", "--quiet")
    error = ended(process, PATIENCE)
    assert process.returncode == 2
    assert "`--dask` must be the address of a scheduler, such as tcp://host:8786 (got tcp://127.0.0.1:9: " in error
    assert len(error.strip().splitlines()) == 1
