"""Regions of a sweep in words, as files, a map and a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.analyses.regions.analysis import DOWN, SURE, UP, bounds_of, surface
from experiments.methods import paired
from experiments.methods.prim import DENSE
from experiments.reporting import run_folder
from experiments.reporting.page import Cell, Page, Section, Table, write_findings
from experiments.reporting.palette import ARMS, BAND, DOTS, GROUND, INK, SOFT, TONES, VERDICTS
from experiments.reporting.style import Axes, Canvas, Drawing, Drawn, Figure, Line2D, Screen, draw_all, rc_context
from experiments.reporting.text import POINTS, counted, named, started
from experiments.space.words import as_chance, in_words, named_in_words, unit_in_words
from experiments.sweep import maps
from sim.version import model_version

if TYPE_CHECKING:
    import pandas as pd

    from experiments.analyses.regions.analysis import Regions, Space
    from experiments.methods.prim import Box
    from experiments.space.factors import Factor

EDGE = 0.025  # of a range, beyond it on a map: points on its edge are whole
SLACK = 0.02  # of a range: a limit so near its end is none
FILES = (
    ("regions.csv", "the surface at every point: mean, bounds, verdict"),
    ("boxes.csv", "the boxes: parameters, limits, coverage, density"),
    ("peeling.csv", "coverage and density along the peeling"),
    ("importance.csv", "indices of the parameters over the swept space"),
    ("provenance.json", "versions, seeds, command, machine, times"),
)


def answer(r: Regions) -> list[str]:
    """Return what was found in sentences."""
    s, d = r.space, r.decided
    what = s.entry.title.lower()
    first = (
        f"Over the swept space, {named(s.arm)} has more {what} than {named(s.reference)} in {POINTS * d[UP]:.0f}% of it, less in "
        f"{POINTS * d[DOWN]:.0f}%; {POINTS * d[paired.NOT_DECIDED]:.0f}% are not decided."
    )
    out = [first, *(box_in_words(s, kind, box) if box else _without_box(s, kind) for kind, box in r.boxes.items()), *_overlap(r)]
    if not r.surrogate.trusted:
        out.append(
            f"The map is rough: on points held out its surface explains {_explained(r)} of what single points showed, noise included."
        )
    return out


def _overlap(r: Regions) -> list[str]:
    """Return where both boxes hold, and what to go by there."""
    boxes = [box for box in r.boxes.values() if box and box.limits]
    both = int(np.logical_and.reduce([_inside(r.space, r.space.x, box) for box in boxes]).sum()) if len(boxes) == len(r.boxes) else 0
    if not both:
        return []
    lie = f"{both} of {counted(len(r.space.y), 'point')} {'lies' if both == 1 else 'lie'} in both"
    why = "Each is a rule of thumb, found alone from single points with their noise"
    return [f"The two boxes overlap: {lie}. {why}; where they overlap, go by the map, whose surface weighs all points together."]


def _inside(s: Space, x: np.ndarray, box: Box) -> np.ndarray:
    """Tell which points lie in a box."""
    inside = np.ones(len(x), bool)
    for k, one in enumerate(s.axes):
        low, high = box.limits.get(one.path, (-np.inf, np.inf))
        inside &= (x[:, k] >= low) & (x[:, k] <= high)
    return inside


def beside_the_sweep(r: Regions) -> str:
    """Return why the surface decides another share than the single points, whose share the sweep's own page gives."""
    n, of = r.decided_at_points
    points = POINTS * n / max(of, 1)
    surface = POINTS * (1.0 - r.decided[paired.NOT_DECIDED])
    first = f"At single points, each from its own {counted(r.space.pairs, 'pair')}, {points:.0f}% are decided ({n} of {of})"
    if surface > points:
        return f"{first}; the surface pools neighbouring points, so it decides more: {surface:.0f}% of the space."
    return (
        f"{first}; the surface decides {surface:.0f}% of the space: it has to say which arm has more, and what does not vary smoothly "
        "with the parameters is noise to it."
    )


def _explained(r: Regions) -> str:
    q = r.surrogate.quality
    return f"{POINTS * q:.0f}% of the variance" if q > 0.0 else "none of the variance"


def verb(s: Space, kind: str) -> str:
    """Return what the arm does where it has more, or less: wins or loses, if the measure has a direction."""
    direction = s.entry.direction
    if direction == "neither":
        return f"has {kind} {s.entry.title.lower()}"
    return "wins" if (kind == UP) == (direction == "higher better") else "loses"


def box_in_words(s: Space, kind: str, box: Box) -> str:
    """Return a box as a sentence: its rule, and how good it is where it was made and on points held out."""
    axes = {one.path: (one, edges) for one, edges in zip(s.axes, bounds_of(s.x), strict=True)}
    parts = [_limit(*axes[path], limits) for path, limits in box.limits.items()]
    does = verb(s, kind)
    made = f"the {s.made_from} points it was made from"
    if not parts:
        return f"{started(s.arm)} {does} at {POINTS * box.density:.0f}% of {made}, decided or not, and no part of the space says better where. {_checked(s, kind, box)}"
    held = _held(s, kind, box)
    dense = box.density >= DENSE and (not held.inside or held.density >= DENSE)
    rule = "" if dense else " most often, though not as a rule,"
    return (
        f"{started(s.arm)} {does}{rule} where {' and '.join(parts)}. Of {made}, it {does} at {POINTS * box.density:.0f}% of those there, decided or not; they are "
        f"{POINTS * box.coverage:.0f}% of those at which it {does}. {_checked(s, kind, box)}"
    )


class _Held(NamedTuple):
    """Points that were held out."""

    points: int
    cases: int  # such as the box is about
    inside: int
    both: int

    @property
    def density(self) -> float:
        """Return the share of such cases among what lies in the box; there must be some."""
        return self.both / self.inside

    @property
    def bears_out(self) -> bool:
        """Tell whether more in the box are cases than not, and a larger share than of all, unless all are."""
        return self.density > 0.5 and (self.density > self.cases / self.points or self.cases == self.points)


def _held(s: Space, kind: str, box: Box) -> _Held:
    x, y = s.x[s.made_from :], s.y[s.made_from :]
    cases = y > 0.0 if kind == UP else y < 0.0
    inside = _inside(s, x, box)
    return _Held(len(x), int(cases.sum()), inside=int(inside.sum()), both=int((cases & inside).sum()))


def _checked(s: Space, kind: str, box: Box) -> str:
    """Return what points that the box was not made from say of it: counts, since they are few."""
    held, does = _held(s, kind, box), verb(s, kind)
    of = f"Checked on {counted(held.points, 'point')} held out: "
    if not box.limits:
        return f"{of}it {does} at {held.both or 'none'}."
    if not held.inside:
        return f"It could not be checked: none of the {counted(held.points, 'point')} held out lies there."
    there = f"{held.inside} of them {'lies' if held.inside == 1 else 'lie'} there"
    if not held.cases:
        return f"{of}{there}, but it {does} at none of them all, there or elsewhere."
    end = "" if held.density >= DENSE or box.density < DENSE else ", too few for a rule"
    end = end if held.bears_out else ". They do not bear it out"
    return f"{of}{there}, and it {does} at {held.both or 'none'} of these; of all held out it {does} at {held.cases}{end}."


def _without_box(s: Space, kind: str) -> str:
    """Return what it means that no box was found."""
    return f"There is no box for where {named(s.arm)} {verb(s, kind)}, decided or not: it does so at none of the {s.made_from} points from which boxes are made."


def _limit(one: Factor, edges: tuple[float, float], limits: tuple[float, float]) -> str:
    (low, high), slack = limits, SLACK * (edges[1] - edges[0])
    what, unit = named_in_words(one), unit_in_words(one)
    if low <= edges[0] + slack:
        return f"{what} is below {high:.3g} {unit}{as_chance(one, high)}"
    if high >= edges[1] - slack:
        return f"{what} is above {low:.3g} {unit}{as_chance(one, low)}"
    return f"{what} is from {low:.3g} to {high:.3g} {unit}"


def question(r: Regions) -> str:
    """Return the question that is answered."""
    return f"Where does {named(r.space.arm)} win against {named(r.space.reference)}?"


def points_table(r: Regions) -> pd.DataFrame:
    """Return a row a point: its parameters, the difference seen, the surface with its bounds, the verdict."""
    import pandas as pd

    s = r.space
    mean, error = r.surrogate.band(s.x)
    return pd.DataFrame(s.x, columns=[one.path for one in s.axes]).assign(
        difference=s.y, mean=mean, ci_low=mean - SURE * error, ci_high=mean + SURE * error, verdict=r.verdicts
    )


def boxes_table(r: Regions) -> pd.DataFrame:
    """Return a row a box and parameter that limits it: limits, coverage and density, also on points held out."""
    import pandas as pd

    rows = [
        (kind, path, *limits, b.coverage, b.density, b.held_coverage, b.held_density)
        for kind, b in r.boxes.items()
        if b
        for path, limits in (b.limits or {"": (np.nan, np.nan)}).items()
    ]
    return pd.DataFrame(rows, columns=["kind", "number", "low", "high", "coverage", "density", "held_coverage", "held_density"])


def write(r: Regions, folder: Path, started: float, facts: dict[str, Any] | None = None) -> None:
    """Write tables, figures and the page."""
    import pandas as pd

    s = r.space
    run_folder.write_table(folder / "regions.csv", points_table(r))
    run_folder.write_table(folder / "importance.csv", r.importance)
    run_folder.write_table(folder / "boxes.csv", boxes_table(r))
    paths = [b.peeling.assign(kind=kind) for kind, b in r.boxes.items() if b]
    run_folder.write_table(
        folder / "peeling.csv", pd.concat(paths) if paths else pd.DataFrame(columns=["coverage", "density", "restricted", "kind"])
    )
    first, *others = draw_all(drawings(r).values(), r, folder / "figures")
    page = Page(
        question(r),
        answer(r),
        first,
        _sections(r, others),
        notes=_notes(r),
        how=[
            ("Sweep", s.sweep),
            ("Scenario", s.scenario_name),
            ("Size", s.size),
            ("Points", f"{len(s.y)}, {counted(s.pairs, 'pair')} at each"),
            ("Arms", f"{named(s.arm)} against {named(s.reference)}, the control"),
            ("Seed", str(s.seed)),
            ("Model version", model_version()),
        ],
        files=FILES,
    )
    write_findings(page, folder)
    run_folder.write_provenance(folder, s.seed, started, s.network | (facts or {}))


def _notes(r: Regions) -> list[str]:
    s = r.space
    lost = [f"Left out: {counted(s.missing, 'point')} where runs failed or the measure was undefined."] if s.missing else []
    return [f"{s.entry.title}: {s.entry.definition}", beside_the_sweep(r), *lost, *s.notes]


def _sections(r: Regions, figures: list[Figure]) -> list[Section]:
    s = r.space
    held = (
        f"A box is a range for each of a few parameters, found by peeling (PRIM). A point counts by what its own pairs showed, so noise is in it. Boxes are made from {s.made_from} points, "
        f"the first of the sweep; the other {len(s.y) - s.made_from} are held out."
    )
    rests = f"A Gaussian process through {len(s.y)} points; on points held out it explains {_explained(r)} of what single points showed, noise included."
    indices = "First-order index: the share of the surface's variance that a parameter explains alone; total index: with all that it does together with others."
    return [
        Section("How the boxes were found", [held, *figures]),
        Section("What the map rests on", [rests, indices, _importance(r)]),
    ]


def _importance(r: Regions) -> Table:
    by_path = {one.path: one for one in r.space.axes}
    rows: list[list[str | Cell]] = [
        [Cell(f"{t.factor}: {in_words(by_path[t.factor])}", by_path[t.factor].source), f"{t.first:.2f}", f"{t.total:.2f}"]
        for t in r.importance.itertuples()
    ]
    return Table("How much of the surface each parameter explains", ["parameter", "first-order index", "total index"], rows)


# figures -------------------------------------------------------------------------------------------------------------


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
