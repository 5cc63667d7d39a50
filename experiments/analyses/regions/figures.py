"""Figures of regions: the map of the surface with the boxes, and how the boxes were peeled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.analyses.regions.analysis import DOWN, SURE, UP, surface
from experiments.analyses.regions.words import answer, verb
from experiments.methods import paired
from experiments.reporting.palette import ARMS, BAND, DOTS, GROUND, INK, SOFT, TONES, VERDICTS
from experiments.reporting.style import Axes, Canvas, Drawing, Drawn, Figure, Line2D, Screen, rc_context
from experiments.reporting.text import POINTS, counted, named, started
from experiments.sweep import maps

if TYPE_CHECKING:
    from experiments.analyses.regions.analysis import Regions

EDGE = 0.025  # of a range, beyond it on a map: points on its edge are whole


def drawings(r: Regions) -> dict[str, Drawing]:
    """Return what draws each figure, by name."""
    makers: dict[str, Drawing] = {"map": draw_map}
    if any(b and len(b.peeling) > 1 for b in r.boxes.values()):
        makers["peeling"] = draw_peeling
    return makers


def draw_map(r: Regions, screen: Screen) -> Drawn:
    """Draw where each arm wins over the two parameters that matter most, or along the only one."""
    s = r.space
    names = list(r.importance.factor[:2])
    canvas = screen.blank(6.8 if screen.narrow else 5.6)
    ax = canvas.subplots()
    read = _draw_curve(r, ax, names[0], screen) if len(names) < 2 else _draw_surface(r, canvas=canvas, ax=ax, names=names, screen=screen)
    canvas.legend(loc="outside upper left", ncols=1 if screen.narrow else 2)
    d = r.decided
    rest = " All other parameters are as in the scenario there; the percentages are of the whole space." if len(s.axes) > len(names) else ""
    headline = (
        f"{started(s.arm)} {verb(s, UP)} in {POINTS * d[UP]:.0f}% of the swept space and {verb(s, DOWN)} in {POINTS * d[DOWN]:.0f}%; "
        f"{POINTS * d[paired.NOT_DECIDED]:.0f}% are not decided"
    )
    caption = f"{read} {len(s.y)} points, {counted(s.pairs, 'pair')} of runs at each.{rest} {s.size}."
    return Drawn(canvas, Figure("map", headline, caption, f"A map of the difference over {' and '.join(names)}. {answer(r)[0]}"))


def _draw_curve(r: Regions, ax: Axes, path: str, screen: Screen) -> str:
    """Draw the difference along the only parameter, and return how to read it."""
    s = r.space
    a, _, mean, error = surface(r, path, None)
    scale, label = maps.axis_of_difference(s.entry)
    ax.axhline(0.0, color=INK, lw=0.9, label="no difference")
    ax.fill_between(
        a, scale * (mean - SURE * error)[0], scale * (mean + SURE * error)[0], color=BAND, lw=0, label="its 95% confidence band"
    )
    ax.plot(a, scale * mean[0], color=ARMS[s.number % len(ARMS)], lw=1.8, label="the surface")
    ax.plot(s.x[:, 0], scale * s.y, "o", ms=3.5, color=SOFT, label="a point of the sweep")
    ax.set(xlabel=maps.axis_of(s.axes[0], 40 if screen.narrow else 80), ylabel=label)
    return f"Above zero {named(s.arm)} has more, below it {named(s.reference)}; where the band holds zero, it is not decided."


def _draw_surface(r: Regions, canvas: Canvas, ax: Axes, names: list[str], screen: Screen) -> str:
    """Draw the difference over two parameters, and return how to read it."""
    from matplotlib.patheffects import withStroke

    s, paths = r.space, [one.path for one in r.space.axes]
    one, other = (s.axes[paths.index(name)] for name in names)
    a, b, mean, error = surface(r, *names)
    scale, label = maps.axis_of_difference(s.entry)
    bands = maps.scale(scale * mean, s.number)
    shown = ax.contourf(a, b, scale * mean, levels=bands.edges, cmap=bands.colours, norm=bands.norm)
    maps.draw_bar(canvas, ax, shown, bands.edges, label=label, ends=(s.reference, s.arm), screen=screen)
    undecided = np.abs(mean) < SURE * error
    if undecided.any():
        with rc_context({"hatch.color": SOFT}):  # the one way to colour it that every matplotlib has
            ax.contourf(a, b, undecided.astype(float), levels=[0.5, 1.5], colors="none", hatches=["////"])
        ax.fill([], [], fc="none", ec=SOFT, hatch="////", lw=0.8, label="not decided")
    if mean.min() < 0.0 < mean.max():
        lines = ax.contour(a, b, mean, levels=[0.0], colors=INK, linewidths=1.6)
        lines.set_path_effects([withStroke(linewidth=3.2, foreground=GROUND)])
        ax.plot([], [], color=INK, lw=1.6, label="no difference")
    x, y = (s.x[:, paths.index(name)] for name in names)
    ax.plot(x, y, "o", ms=3.6, color=INK, mec=GROUND, mew=0.6, label="a point of the sweep")
    ax.set(xlabel=maps.axis_of(one, 40 if screen.narrow else 80), ylabel=maps.axis_of(other), xlim=_beyond(a), ylim=_beyond(b))
    maps.star(ax, one, other)
    ax.grid(visible=False)
    outlined = _draw_boxes(r, ax, names, [(a[0], a[-1]), (b[0], b[-1])])
    return (
        "The colour says by how much which arm has more, by a surface through all points; where it is hatched, its 95% confidence band holds zero."
        + outlined
    )


def _beyond(grid: np.ndarray) -> tuple[float, float]:
    """Return the limits of a map's axis: a little beyond its range."""
    edge = EDGE * (grid[-1] - grid[0])
    return float(grid[0] - edge), float(grid[-1] + edge)


def _draw_boxes(r: Regions, ax: Axes, names: list[str], ranges: list[tuple[float, float]]) -> str:
    """Outline the boxes in words as far as they limit the two parameters of the map, and return how to read it."""
    from matplotlib.patches import Rectangle
    from matplotlib.patheffects import withStroke

    s, ((left, right), (low, high)) = r.space, ranges
    drawn, others = 0, False
    for kind, box in r.boxes.items():
        if box is None or not set(names) & set(box.limits):
            continue
        others |= bool(set(box.limits) - set(names))
        (a, b), (c, d) = (box.limits.get(name, edges) for name, edges in zip(names, ((left, right), (low, high)), strict=True))
        a, b, c, d = max(a, left), min(b, right), max(c, low), min(d, high)
        dashes = "-" if kind == UP else (0, (4, 2.5))
        edge = Rectangle(
            (a, c), b - a, d - c, fill=False, ec=INK, lw=2.0, ls=dashes, label=f"box: {named(s.arm)} {verb(s, kind)}", zorder=4
        )
        edge.set_path_effects([withStroke(linewidth=4.0, foreground=GROUND)])
        ax.add_patch(edge)
        drawn += 1
    if not drawn:
        return ""
    more = "; its limits on other parameters are not drawn" if others else ""
    return (
        f" A box is where its rule in words holds{more}: it counts single points over the whole space, so it may differ from the surface."
    )


def draw_peeling(r: Regions, screen: Screen) -> Drawn:
    """Draw coverage and density along the peeling."""
    s = r.space
    canvas = screen.blank(4.4)
    ax = canvas.subplots()
    told = []
    for kind, box in r.boxes.items():
        if box is None:
            continue
        word = {"wins": paired.BETTER, "loses": paired.WORSE}.get(verb(s, kind))
        colour, mark = (
            (VERDICTS[word], DOTS[TONES[word]]) if word else (ARMS[s.number % len(ARMS) if kind == UP else 0], "D" if kind == UP else "d")
        )
        ax.plot(
            POINTS * box.peeling.coverage,
            POINTS * box.peeling.density,
            ls="-",
            lw=1.1,
            marker=mark,
            ms=4.5,
            color=colour,
            label=f"{named(s.arm)} {verb(s, kind)}",
        )
        ax.plot(POINTS * box.coverage, POINTS * box.density, "o", ms=12, mfc="none", mec=INK, mew=1.3, clip_on=False)
        told.append(
            f"where it {verb(s, kind)}, {POINTS * box.density:.0f}% of the points in the box are such, {POINTS * box.coverage:.0f}% of all of them"
        )
    ring = Line2D([], [], marker="o", ls="", ms=12, mfc="none", mec=INK, mew=1.3, label="the box in words")
    ax.set(
        xlabel="coverage: of all such points, those in the box, %",
        ylabel="density: of the points in the box, such ones, %",
        xlim=(-3, 103),
        ylim=(-3, 103),
    )
    canvas.legend(handles=[*ax.get_legend_handles_labels()[0], ring], loc="outside upper left", ncols=1 if screen.narrow else 3)
    caption = (
        "Each mark is a box: the whole space (right), then with ever more cut off, down to the smallest (left). The higher, the surer the rule; the further right, the more of the cases it holds. "
        f"{s.size}."
    )
    headline = f"How good the boxes are for {named(s.arm)}: {'; '.join(told)}"
    return Drawn(
        canvas, Figure("peeling", headline, caption, f"Curves of coverage against density along the peeling of the boxes. {headline}.")
    )
