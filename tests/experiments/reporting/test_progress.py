"""Progress: a bar on stderr, or in a notebook a line that changes; nothing where it is to be quiet."""

from __future__ import annotations

import sys
import types

import pytest

from experiments.reporting import progress
from experiments.reporting.progress import Shown, in_notebook, say


class Shell:
    """A notebook as far as progress looks at it."""

    kernel = object()

    def __init__(self):
        self.lines = []

    def display(self, data, *, raw, display_id):
        assert raw
        assert display_id
        self.lines.append(data["text/plain"])
        return types.SimpleNamespace(update=lambda data, *, raw: self.lines.append(data["text/plain"]))


@pytest.fixture
def notebook(monkeypatch):
    """Return the lines that a notebook shows, one below the other, also those that were replaced."""
    shell = Shell()
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda: shell))
    monkeypatch.setitem(sys.modules, "IPython.display", types.SimpleNamespace(display=shell.display))  # found by import_module
    return shell.lines


def test_a_notebook_is_known_by_its_kernel(monkeypatch):
    for shell, told in ((None, False), (object(), False), (Shell(), True)):
        monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda shell=shell: shell))
        assert in_notebook() is told
    monkeypatch.delitem(sys.modules, "IPython")
    assert not in_notebook()


def test_a_notebook_gets_a_line_with_the_time_that_is_left(notebook, monkeypatch, capsys):
    now = iter([0.0, 0.0, 0.0, 10.0, 10.0, 10.0, 10.1, 10.1, 20.0, 20.0, 20.0, 20.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(now))
    with Shown(quiet=False).counted("pairs") as advance:
        advance(0, 4)
        advance(2, 4)
        advance(3, 4)  # too soon after the last
        advance(4, 4, "all told")
    assert notebook == ["pairs", "pairs: 0 of 4", "pairs: 2 of 4, about 10 s left", "pairs: 4 of 4 in 20 s; all told"]
    assert capsys.readouterr().err == ""


def test_a_notebook_says_what_is_done_without_an_end(notebook):
    with Shown(quiet=False).working("compiling") as tell:
        tell("phase 1")
    assert notebook == ["compiling", "compiling: phase 1"]


def test_elsewhere_it_stands_on_stderr(capsys):
    watch = Shown(quiet=False)
    with watch.counted("pairs") as advance:
        advance(4, 4)
    shown = capsys.readouterr()
    assert "pairs" in shown.err
    assert "4/4" in shown.err
    assert shown.out == ""


def test_who_is_to_be_quiet_says_only_what_must_be_read(notebook, capsys):
    watch = Shown(quiet=True)
    with watch.counted("pairs") as advance, watch.working("compiling") as tell:
        advance(1, 2)
        tell("phase 1")
    assert notebook == []
    watch.say("warning: careful")
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", "warning: careful\n")


def test_what_would_command_the_terminal_is_shown_as_an_escape(capsys):
    say("no \x1b[31mred\x07, one\ttab, \udc80 and \u00e9")
    assert capsys.readouterr().err == "no \\x1b[31mred\\x07, one\ttab, \\udc80 and \u00e9\n"
