"""What is told while something is at work: nothing unless somebody shows it, and kernels are compiled under a title."""

from __future__ import annotations

from contextlib import contextmanager

from experiments.runs.watch import SILENT, Watch, compile_kernels


def test_the_silent_one_takes_everything_and_says_nothing(capsys):
    with SILENT.counted("pairs") as advance, SILENT.working("long") as line:
        advance(1, 2)
        line("still")
    SILENT.say("a warning")
    assert capsys.readouterr() == ("", "")


def test_compiling_is_told_and_what_is_compiled_goes_to_the_one_who_shows_it(monkeypatch):
    told = []

    class Told(Watch):
        @contextmanager
        def working(self, title):
            told.append(title)
            yield told.append

    monkeypatch.setattr("sim.simulation.warm_kernels", lambda line: line("kernel"))
    compile_kernels(Told())
    assert len(told) == 2
    assert told[0].startswith("compiling the model")
    assert told[1] == "kernel"
