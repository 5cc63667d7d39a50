"""Signals that end a command become exceptions, once; what was ignored from the start stays so."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from experiments.cli import signals
from experiments.cli.signals import Ended, Heard

ROOT = Path(__file__).parent.parent.parent.parent
NUMBERS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture(autouse=True)
def _as_before(monkeypatch):
    """Give the signals back as they were."""
    before = {number: signal.getsignal(number) for number in NUMBERS}
    monkeypatch.setattr(Heard, "ctrl_c", False)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_being_told_to_end_is_an_exception_the_first_time(number):
    signal.signal(number, signal.SIG_DFL)
    signals.listen()
    with pytest.raises(Ended) as ended:
        signal.raise_signal(number)
    assert ended.value.args == (number,)
    assert signal.getsignal(number) is signal.SIG_DFL


def test_the_second_ctrl_c_leaves_at_once(monkeypatch):
    left = []
    monkeypatch.setattr(signals, "leave", lambda: left.append(1))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signals.listen()
    for expected in ([], [1]):
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert left == expected


def test_what_was_ignored_from_the_start_stays_ignored():
    for number in NUMBERS:
        signal.signal(number, signal.SIG_IGN)
    signals.listen()
    assert [signal.getsignal(number) for number in NUMBERS] == [signal.SIG_IGN] * 3


DROPPED = """
import signal, sys, time
from experiments.cli import main as cli
from experiments.cli import signals

class Last:
    def __del__(self):
        signal.raise_signal(signal.{name})

def command():
    last = Last()
    del last  # Python drops what is raised here
    time.sleep(60)

signals.listen()
sys.exit(cli.status_of(command))
"""


@pytest.mark.parametrize(("name", "status", "said"), [("SIGTERM", 143, "ended by SIGTERM"), ("SIGINT", 130, "interrupted")])
def test_what_falls_into_a_clean_up_is_heard_a_moment_later(name, status, said, hears_ctrl_c):
    code = DROPPED.format(name=name)
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=50, check=False)
    assert (ended.returncode, ended.stderr) == (status, f"firstcontact: {said}\n")


LEAVES = """
import time
from experiments.cli import signals
from experiments.runs.processes import Processes

if __name__ == "__main__":
    pool = Processes(1)
    pool.submit(time.sleep, 0.1).result()
    signals.leave()
"""


def test_leaving_at_once_is_status_130_without_complaints_about_semaphores(tmp_path):
    (tmp_path / "program.py").write_text(LEAVES, encoding="utf-8")
    words = [sys.executable, str(tmp_path / "program.py")]
    ended = subprocess.run(words, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=50, check=False)
    assert (ended.returncode, ended.stderr) == (130, "")
