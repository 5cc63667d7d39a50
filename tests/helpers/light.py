"""What makes a command cheap for a test that looks at something else: no process of its own, no drawing."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from experiments.reporting import style
from experiments.runs import processes
from tests.helpers.executors import here

CANVASES = {name: getattr(style, name) for name in ("FigureCanvasAgg", "FigureCanvasSVG")}


class Blank:
    """A canvas that draws nothing; what is drawn on it is built up, and its file is there and empty: of SVG, an empty picture."""

    def __init__(self, figure):
        self.figure = figure

    def print_png(self, file, metadata=None):
        file.write(b"")

    def print_svg(self, file, metadata=None):
        nothing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'
        file.write(nothing.encode() if "b" in getattr(file, "mode", "") or not hasattr(file, "encoding") else nothing)


def run_here(patch):
    """Let runs be made in this process: a process of its own costs more than small runs."""
    patch.setattr(processes, "processes", here)


def draw_nothing(patch):
    """Let figures be made up but not drawn: drawing takes longer than small runs."""
    for name in CANVASES:
        patch.setattr(style, name, Blank)
    patch.setitem(style.STYLE, "figure.constrained_layout.use", False)


def draw_again(patch):
    """Let figures be drawn, within what draws nothing."""
    for name, canvas in CANVASES.items():
        patch.setattr(style, name, canvas)
    patch.setitem(style.STYLE, "figure.constrained_layout.use", True)


def ask_little(patch):
    """Let the analyses that look for something make as few runs as their methods can work with."""
    patch.setattr("experiments.analyses.tipping.analysis.LEAST", 14)
    for name, few in {"POPULATION": 12, "CONFIRMED": 2, "FEWEST": 3}.items():
        patch.setattr(f"experiments.analyses.pareto.analysis.{name}", few)


@contextmanager
def light(*, drawn=False):
    """Let commands run in this process, without drawing unless told otherwise; for fixtures that serve many tests."""
    with pytest.MonkeyPatch.context() as patch:
        run_here(patch)
        (draw_again if drawn else draw_nothing)(patch)
        yield
