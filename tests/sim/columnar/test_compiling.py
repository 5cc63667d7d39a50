"""Half of the kernels are compiled by a second process where that helps; whatever becomes of it, this one goes on."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from sim.columnar import compiling, engine

LARGE = {"outreach", "inbox"}
OTHERS = {
    "come_by",
    "deliver",
    "close_ranks",
    "sort_into_inboxes",
    "talk",
    "settle",
    "settle_acts",
    "make_ties",
    "enter_into_agendas",
    "moderate",
    "drift",
}


@pytest.fixture
def called(monkeypatch):
    """The names of the kernels that the engine calls, which are not run."""
    names = set()

    def recorder(name):
        def call(*args, **_named):
            names.add(name)
            return args[1] if name in ("outreach", "inbox") else 0  # the end of its range

        return call

    for name in LARGE | OTHERS:
        monkeypatch.setattr(engine, name, recorder(name))
    return names


def test_the_two_processes_share_the_phases(called):
    compiling.compile_largest()
    assert called == LARGE
    called.clear()
    compiling.compile_others()
    assert called == OTHERS


@pytest.fixture
def cold(tmp_path, monkeypatch):
    """An empty folder of this version, two cores."""
    folder = tmp_path / compiling.model_version()
    folder.mkdir()
    monkeypatch.setattr(compiling, "shared_cache_dir", lambda: folder)
    monkeypatch.setattr(compiling.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(compiling.config, "DISABLE_JIT", 0)
    return folder


def test_it_is_worth_a_process_where_there_is_a_core_and_nothing_is_compiled(cold, monkeypatch):
    assert compiling.is_worth_it()
    with monkeypatch.context() as one:
        one.setattr(compiling.os, "cpu_count", lambda: 1)
        assert not compiling.is_worth_it()
    with monkeypatch.context() as plain:
        plain.setattr(compiling.config, "DISABLE_JIT", 1)
        assert not compiling.is_worth_it()
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(compiling, "shared_cache_dir", lambda: cold.parent)  # a second process would not look there
        assert not compiling.is_worth_it()
    (cold / "phases").mkdir()
    (cold / "phases" / "outreach.outreach-307.py311.nbi").touch()
    assert not compiling.is_worth_it()


def test_what_numba_leaves_of_the_largest_kernel_has_the_name_that_is_looked_for():
    index = engine.outreach.asking._cache._impl.filename_base  # as numba names it
    assert compiling.Path(f"{index}.py311.nbi").match(compiling.LARGEST)


@pytest.mark.parametrize("command", ["import os; os._exit(9)", "import os; print(os.environ['FIRSTCONTACT_CACHE'])"])
def test_the_second_process_may_fail(cold, command, monkeypatch):
    monkeypatch.setattr(compiling, "COMMAND", command)
    monkeypatch.setattr(compiling, "compile_others", lambda: None)
    with compiling.in_two():
        pass


def test_the_second_process_ends_with_the_first(cold, monkeypatch):
    started = []

    class Kept(subprocess.Popen):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            started.append(self)

    monkeypatch.setattr(compiling.subprocess, "Popen", Kept)
    monkeypatch.setattr(compiling, "COMMAND", "import time; time.sleep(60)")

    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr(compiling, "compile_others", interrupted)
    before = time.monotonic()
    with pytest.raises(KeyboardInterrupt), compiling.in_two():
        pass
    assert started[0].poll() is not None
    assert time.monotonic() - before < 30.0


def test_what_the_second_process_does_works():
    done = subprocess.run(
        [sys.executable, "-c", compiling.COMMAND],
        env=compiling.os.environ | {"NUMBA_DISABLE_JIT": "1"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
