"""What all figures share: their screens, their style, and bytes that depend on their numbers alone.

The one door to matplotlib: whoever draws imports this module before anything of it, or takes it from here.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from experiments.reporting.atomic_files import written_whole
from experiments.reporting.backend import load_matplotlib
from experiments.reporting.palette import ARMS, AXIS, DASHES, DOTS, GRID, GROUND, HATCHES, INK, MARKS, SOFT, TONES, VERDICTS, css, shades
from experiments.reporting.small_svg import smaller
from sim import garbage

load_matplotlib()

from matplotlib import rc_context  # noqa: E402  (once it is loaded as it must be)
from matplotlib.axes import Axes  # noqa: E402  (likewise)
from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: E402  (likewise)
from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: E402  (likewise)
from matplotlib.figure import Figure as Canvas  # noqa: E402  (likewise)
from matplotlib.lines import Line2D  # noqa: E402  (likewise)

__all__ = [
    "DPI",
    "NARROW",
    "NOTEBOOK",
    "SCREENS",
    "SMALLEST",
    "STYLE",
    "WIDE",
    "Axes",
    "Canvas",
    "Drawing",
    "Drawn",
    "Figure",
    "Files",
    "Line2D",
    "Render",
    "Screen",
    "arm_style",
    "bar_style",
    "both_screens",
    "draw",
    "draw_all",
    "for_page",
    "legend_columns",
    "mark_verdict",
    "rc_context",
    "rendered",
    "rendered_for",
    "rendered_here",
    "smooth",
    "verdict_legend",
]

SMALLEST = 9.5  # of text, in points: 11 pixels or more on a phone 390 pixels wide, and on a desktop
LETTER, HANDLE = 0.082, 0.6  # inches: a letter of that size, a little more than most, and a legend's mark with the space around it
DPI = 150
STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": SMALLEST,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.facecolor": GROUND,
    "axes.grid": True,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "axes.axisbelow": True,
    "figure.facecolor": GROUND,
    "legend.frameon": False,
    "legend.fontsize": SMALLEST,
    "legend.handletextpad": 0.5,
    "legend.columnspacing": 1.3,
    "axes.edgecolor": AXIS,
    "xtick.color": AXIS,
    "ytick.color": AXIS,
    "xtick.labelcolor": SOFT,
    "ytick.labelcolor": INK,
    "hatch.linewidth": 0.6,
    "figure.constrained_layout.use": True,
}


class Screen(NamedTuple):
    """What a figure is drawn for: its width in inches, and whether panels stand below one another."""

    width: float
    narrow: bool = False
    shown: bool = False  # in a notebook: pyplot knows it

    def blank(self, height: float, *, part: float = 1.0) -> Canvas:
        """Return an empty figure, its height in inches; on a wide screen of a part of the width."""
        size = (self.width if self.narrow else part * self.width, height)
        if not self.shown:
            return Canvas(figsize=size)
        from matplotlib import pyplot as plt

        return plt.figure(figsize=size)

    def grid(self, panels: int, columns: int) -> tuple[int, int]:
        """Return lines and columns of so many panels."""
        across = 1 if self.narrow else min(columns, panels)
        return -(-panels // across), across


WIDE, NARROW, NOTEBOOK = Screen(8.4), Screen(4.0, narrow=True), Screen(8.4, shown=True)
SCREENS = (WIDE, NARROW)  # for which every figure is written


class Figure(NamedTuple):
    """What to say about a figure: what it shows, how to read it, and what is in it for those who cannot see it."""

    name: str
    headline: str
    caption: str
    alt: str
    inside: tuple[str, str] = ("", "")  # what pages hold of it, for wide and for narrow screens; nothing if it is in files alone


class Drawn(NamedTuple):
    """A figure for one screen."""

    canvas: Canvas
    figure: Figure


Drawing = Callable[[Any, Screen], Drawn | None]  # of what was found; None where there is nothing to draw


def draw(drawing: Drawing, found: Any, screen: Screen) -> Drawn | None:
    """Draw what was found in the style of all figures."""
    with rc_context(STYLE):
        return drawing(found, screen)


class Files(NamedTuple):
    """A figure as it is written: what is said of it, and what stands in each file, by its name."""

    figure: Figure
    bodies: dict[str, bytes]


Render = Callable[[Sequence[Drawing], Any], Iterable[Files | None]]  # drawings of what was found, in their order


def rendered(drawing: Drawing, found: Any) -> Files | None:
    """Return a figure as PNG and SVG, and as SVG for narrow screens (`NAME-narrow.svg`); None where there is nothing to draw."""
    return both_screens(*(rendered_for(screen, drawing, found) for screen in SCREENS))


def rendered_for(screen: Screen, drawing: Drawing, found: Any) -> Files | None:
    """Return a figure as it is written for one of the screens; None where there is nothing to draw."""
    with garbage.not_looked_for():
        drawn = draw(drawing, found, screen)
        if drawn is None:
            return None
        name = f"{drawn.figure.name}-narrow" if screen.narrow else drawn.figure.name
        bodies = _bodies(drawn.canvas, name, png=not screen.narrow)
        inside = for_page(bodies[f"{name}.svg"].decode())
    return Files(drawn.figure._replace(inside=("", inside) if screen.narrow else (inside, "")), bodies)


def both_screens(wide: Files | None, narrow: Files | None) -> Files | None:
    """Return a figure of what was written for each screen."""
    if wide is None or narrow is None:
        return None
    return Files(wide.figure._replace(inside=(wide.figure.inside[0], narrow.figure.inside[1])), wide.bodies | narrow.bodies)


def rendered_here(drawings: Sequence[Drawing], found: Any) -> Iterator[Files | None]:
    """Yield the figures one by one, drawn in this process."""
    yield from (rendered(drawing, found) for drawing in drawings)


def draw_all(drawings: Iterable[Drawing], found: Any, folder: Path, render: Render = rendered_here) -> list[Figure]:
    """Write the figures that there are, as `rendered` has them; return them in order.

    Args:
        drawings: of the figures.
        found: what they are drawn of.
        folder: for the files.
        render: where they are drawn: in this process, unless worker processes are to do it.
    """
    figures = []
    for one in render(list(drawings), found):
        if one is not None:
            folder.mkdir(parents=True, exist_ok=True)
            for name, body in one.bodies.items():
                with written_whole(folder / name, binary=True) as file:
                    file.write(body)
            figures.append(one.figure)
    return figures


def _bodies(canvas: Canvas, name: str, *, png: bool) -> dict[str, bytes]:
    """Return a figure's files without dates or versions.

    It is laid out once and drawn once a format: `savefig` does each twice, which took half of the time of a report.
    """
    bodies = {}
    with rc_context(STYLE | {"svg.hashsalt": "first contact"}):
        canvas.dpi = DPI
        layout = canvas.get_layout_engine()
        if layout is not None:
            layout.execute(canvas)
            canvas.set_layout_engine("none")
        if png:
            FigureCanvasAgg(canvas).print_png(file := io.BytesIO(), metadata={"Software": None})
            bodies[f"{name}.png"] = file.getvalue()
        FigureCanvasSVG(canvas).print_svg(file := io.BytesIO(), metadata={"Date": None, "Creator": None})
        bodies[f"{name}.svg"] = file.getvalue()
    return bodies


COLOUR = re.compile(r"#[0-9a-f]{6}\b")


def for_page(svg: str) -> str:
    """Return a figure whose colours follow the reader's preference for light or dark, in few bytes."""
    names = {shade.light: name for name, shade in shades().items()}
    there: dict[str, None] = {}

    def variable(found: re.Match[str]) -> str:
        name = names.get(found[0])
        if name is None:
            return found[0]
        there[name] = None
        return f"var(--{name})"

    drawn = COLOUR.sub(variable, smaller(svg))
    light, dark = (css(there, dark=dark) for dark in (False, True))
    return drawn.replace("<style>", f"<style>svg{{{light}}}@media (prefers-color-scheme: dark){{svg{{{dark}}}}}", 1)


# marks ---------------------------------------------------------------------------------------------------------------


def arm_style(k: int) -> dict[str, Any]:
    """Return the colour, mark and line of the arm with this number, counted from the control, 0."""
    return {"color": ARMS[k % len(ARMS)], "marker": MARKS[k % len(MARKS)], "linestyle": DASHES[k % len(DASHES)]}


def bar_style(k: int) -> dict[str, Any]:
    """Return the colour and hatch of a bar of the arm with this number, counted from the control, 0."""
    return {"facecolor": ARMS[k % len(ARMS)], "hatch": HATCHES[k % len(HATCHES)], "edgecolor": GROUND}


def mark_verdict(ax: Axes, verdict: str, x: float, y: float, size: float = 6.5, **more: Any) -> Line2D:
    """Draw the mark of a verdict: its shape says what its colour says, and what is not decided is hollow."""
    tone, colour = TONES[verdict], VERDICTS[verdict]
    face = GROUND if tone == "open" else colour
    return ax.plot(x, y, DOTS[tone], ms=size, color=colour, mfc=face, mec=colour, mew=1.3, **more)[0]


def legend_columns(labels: Sequence[str], screen: Screen, most: int) -> int:
    """Return how many columns of these labels, `most` or fewer, fit beside one another."""
    widest = LETTER * max(map(len, labels), default=0) + HANDLE
    return max(1, min(most, len(labels), int(screen.width / widest)))


def verdict_legend(verdicts: Iterable[str]) -> list[Line2D]:
    """Return the marks of the verdicts that are there, each once, in the order of the palette."""
    there = set(verdicts)
    tones = {TONES[word]: word for word in VERDICTS if word in there}
    words = {tone: "higher or lower" if tone == "moved" else word for tone, word in tones.items()}
    return [
        Line2D(
            [],
            [],
            marker=DOTS[tone],
            ls="",
            ms=6.5,
            color=VERDICTS[tones[tone]],
            label=word,
            mew=1.3,
            mfc=GROUND if tone == "open" else None,
        )
        for tone, word in words.items()
    ]


def smooth(values: np.ndarray, days: int = 7) -> np.ndarray:
    """Return the mean of each day and the six before, so that weeks can be compared by eye."""
    if not len(values):
        return values
    padded = np.concatenate([np.full(days - 1, np.nan), values])
    windows = np.lib.stride_tricks.sliding_window_view(padded, days)
    there = np.isfinite(windows)
    total = np.where(there, windows, 0.0).sum(axis=1)
    return np.divide(total, there.sum(axis=1), out=np.full(len(values), np.nan), where=np.isfinite(values))
