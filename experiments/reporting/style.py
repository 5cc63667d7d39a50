"""What all figures share: colours, style, and bytes that depend on their numbers alone.

The one door to matplotlib: whoever draws imports this module before anything of it, or takes it from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from experiments.methods import paired
from experiments.reporting.atomic_files import written_whole
from experiments.reporting.backend import load_matplotlib

load_matplotlib()

from matplotlib import rc_context  # noqa: E402  (once it is loaded as it must be)
from matplotlib.axes import Axes  # noqa: E402
from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: E402
from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: E402
from matplotlib.figure import Figure as Canvas  # noqa: E402

__all__ = [
    "ARMS",
    "BAD",
    "DPI",
    "EVEN",
    "GOOD",
    "OPEN",
    "STYLE",
    "VERDICTS",
    "Axes",
    "Canvas",
    "Figure",
    "blank",
    "kept",
    "rc_context",
    "save",
    "smooth",
]

GOOD, BAD, EVEN, OPEN = "#1b7f5c", "#c2452d", "#8a8f98", "#b9bec7"  # distinguishable for colour-blind readers and in grey
ARMS = ("#3b6fb6", "#d9822b", "#7a4fa3", "#3d8f8f", "#a0522d")
VERDICTS = {
    paired.BETTER: GOOD,
    paired.WORSE: BAD,
    paired.NO_DIFFERENCE: EVEN,
    paired.NOT_DECIDED: OPEN,
    paired.HIGHER: "#54688a",
    paired.LOWER: "#54688a",
}
STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.grid": True,
    "grid.color": "#e6e8eb",
    "grid.linewidth": 0.7,
    "axes.axisbelow": True,
    "figure.facecolor": "white",
    "legend.frameon": False,
    "axes.edgecolor": "#9aa0a8",
    "xtick.color": "#444a52",
    "ytick.color": "#444a52",
    "figure.constrained_layout.use": True,
}
DPI = 150


class Figure(NamedTuple):
    """A figure on disk: its name without ending, and what to say about it."""

    name: str
    title: str
    caption: str
    alt: str


_kept: ContextVar[list[Canvas] | None] = ContextVar("figures that are shown, not written", default=None)


@contextmanager
def kept() -> Iterator[list[Canvas]]:
    """Give a list that gets the figures drawn meanwhile: they are not written, and pyplot knows them, so that notebooks show them."""
    found: list[Canvas] = []
    token = _kept.set(found)
    try:
        with rc_context(STYLE):
            yield found
    finally:
        _kept.reset(token)


def blank(figsize: tuple[float, float]) -> Canvas:
    """Return an empty figure, width and height in inches."""
    if _kept.get() is None:
        return Canvas(figsize=figsize)
    from matplotlib import pyplot as plt

    return plt.figure(figsize=figsize)


def save(canvas: Canvas, folder: Path, name: str) -> None:
    """Write a figure as PNG and SVG without dates or versions, unless it is `kept`.

    It is laid out once and drawn once a format: `savefig` does each twice, which took half of the time of a report.
    """
    found = _kept.get()
    if found is not None:
        canvas.draw_without_rendering()  # ticks take their style when they are first drawn
        found.append(canvas)
        return
    folder.mkdir(parents=True, exist_ok=True)
    canvas.dpi = DPI
    layout = canvas.get_layout_engine()
    if layout is not None:
        layout.execute(canvas)
        canvas.set_layout_engine("none")
    with written_whole(folder / f"{name}.png", binary=True) as file:
        FigureCanvasAgg(canvas).print_png(file, metadata={"Software": None})
    with rc_context({"svg.hashsalt": "first contact"}), written_whole(folder / f"{name}.svg", binary=True) as file:
        FigureCanvasSVG(canvas).print_svg(file, metadata={"Date": None, "Creator": None})


def smooth(values: np.ndarray, days: int = 7) -> np.ndarray:
    """Return the mean of each day and the six before, so that weeks can be compared by eye."""
    if not len(values):
        return values
    padded = np.concatenate([np.full(days - 1, np.nan), values])
    windows = np.lib.stride_tricks.sliding_window_view(padded, days)
    there = np.isfinite(windows)
    total = np.where(there, windows, 0.0).sum(axis=1)
    return np.divide(total, there.sum(axis=1), out=np.full(len(values), np.nan), where=np.isfinite(values))
