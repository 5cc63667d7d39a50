"""Where runs are made is chosen in one place: processes of this machine, or a cluster; twice the slots are handed out."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from experiments.runs import executors
from experiments.runs.watch import Watch


@pytest.fixture
def steps(monkeypatch):
    """What was done, in order; nothing is started."""
    found = []

    @contextmanager
    def processes(workers):
        found.append(f"{workers} processes")
        yield "pool"
        found.append("ended")

    @contextmanager
    def cluster(address, tell):
        found.append(address)
        tell("a worker has another model")
        yield "client", lambda: 7

    monkeypatch.setattr(executors, "compile_kernels", lambda _watch: found.append("compiled"))
    monkeypatch.setattr("experiments.runs.processes.processes", processes)
    monkeypatch.setattr(executors, "cluster", cluster)
    return found


def test_kernels_are_compiled_before_processes_start(steps):
    with executors.executor(3) as (pool, ahead):
        assert (pool, ahead()) == ("pool", 6)
    assert steps == ["compiled", "3 processes", "ended"]


def test_with_a_cluster_nothing_is_started_here_and_its_warnings_are_heard(steps):
    class Heard(Watch):
        def say(self, line):
            steps.append(line)

    with executors.executor(3, "tcp://there:8786", Heard()) as (pool, ahead):
        assert (pool, ahead()) == ("client", 14)
    assert steps == ["tcp://there:8786", "warning: a worker has another model"]
