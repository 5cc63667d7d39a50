"""How maps over parameters show which arm has more: in its colour, the stronger the more, the same in sweeps and regions.

Between the colours lies the ground itself: so a map is as legible on dark ground as on light.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.reporting.palette import ARMS, GROUND, INK
from experiments.reporting.style import SMALLEST, Axes, Canvas, Screen
from experiments.reporting.text import POINTS, named
from experiments.space.words import axis_in_words

if TYPE_CHECKING:
    from matplotlib.colors import BoundaryNorm, ListedColormap

    from experiments.space.factors import Factor
    from sim.results.measures import Measure

BANDS = 12  # of a scale, at most
PALEST = 0.06  # opacity of the band beside zero
STAR: Any = {"marker": "*", "ms": 14, "ls": "", "mfc": GROUND, "mec": INK, "mew": 1.2}


class Scale(NamedTuple):
    """Bands of differences from the control's colour to the treatment's."""

    edges: np.ndarray
    colours: ListedColormap
    norm: BoundaryNorm


def scale(differences: np.ndarray, treatment: int) -> Scale:
    """Return bands for these differences, as wide below zero as above it.

    Args:
        differences: as they are drawn.
        treatment: the number of the arm, counted from the control, 0.
    """
    from matplotlib.colors import BoundaryNorm, ListedColormap, to_rgba
    from matplotlib.ticker import MaxNLocator

    reach = max(float(np.abs(differences).max()), 1e-9)
    edges = np.asarray(MaxNLocator(BANDS, symmetric=True).tick_values(-reach, reach))
    middles = (edges[1:] + edges[:-1]) / 2.0
    strength = PALEST + (1.0 - PALEST) * (np.abs(middles) - np.abs(middles).min()) / max(np.ptp(np.abs(middles)), 1e-300)
    colours = [to_rgba(ARMS[treatment % len(ARMS) if m > 0.0 else 0], float(a)) for m, a in zip(middles, strength, strict=True)]
    return Scale(edges, ListedColormap(colours), BoundaryNorm(edges, len(colours)))


def draw_bar(canvas: Canvas, ax: Axes, drawn: Any, edges: np.ndarray, *, label: str, ends: tuple[str, str], screen: Screen) -> None:
    """Draw a colour bar below a map, with these edges of its bands, whose ends say which arm has more: control and treatment."""
    bar = canvas.colorbar(drawn, ax=ax, location="bottom", aspect=34, pad=0.03)
    bar.set_label(label)
    step = 2 if len(edges) < 10 else 4
    middle = len(edges) // 2
    bar.set_ticks([edges[k] for k in range(middle % step, len(edges), step)])
    bar.outline.set_edgecolor(INK)
    bar.outline.set_linewidth(0.5)
    between = "\n" if screen.narrow else " "
    style: Any = {"fontsize": SMALLEST, "fontweight": "normal", "pad": 4}
    bar.ax.set_title(f"◀ {named(ends[0])}{between}has more", loc="left", **style)
    bar.ax.set_title(f"{named(ends[1])}{between}has more ▶", loc="right", **style)


def star(ax: Axes, one: Factor, other: Factor) -> None:
    """Mark where the scenario itself stands, if that is on the map."""
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    if left <= one.default <= right and low <= other.default <= high:
        ax.plot(one.default, other.default, label="the scenario's own values", zorder=5, **STAR)


def axis_of(one: Factor, letters: int = 44) -> str:
    """Return the label of a parameter's axis, in lines of so many letters: what it is, its path and its unit."""
    return textwrap.fill(axis_in_words(one), letters, break_long_words=False)


def axis_of_difference(measure: Measure) -> tuple[float, str]:
    """Return what differences in a measure are multiplied by to be drawn, and the label of their axis."""
    share = measure.unit == "share"
    return (POINTS if share else 1.0), f"difference in {measure.title.lower()}, {'percentage points' if share else measure.unit}"
