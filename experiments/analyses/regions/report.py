"""Regions of a sweep in words, as files, a map and a page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.analyses.regions.analysis import DOWN, SURE, UP, bounds_of, surface
from experiments.methods import paired
from experiments.methods.prim import DENSE
from experiments.reporting import run_folder
from experiments.reporting.page import Page, Section, Table, write_findings
from experiments.reporting.style import ARMS, BAD, GOOD, STYLE, Figure, blank, rc_context, save
from experiments.reporting.text import POINTS, named, started

if TYPE_CHECKING:
    import pandas as pd

    from experiments.analyses.regions.analysis import Regions, Space
    from experiments.methods.prim import Box
    from experiments.space.factors import Factor

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
    out = [first, *(box_in_words(s, kind, box) for kind, box in r.boxes.items() if box is not None)]
    if not r.surrogate.trusted:
        out.append(
            f"The map is rough: on points held out its surface explains {r.surrogate.quality:.2f} of the variance of what single points showed, noise included."
        )
    return out


def verb(s: Space, kind: str) -> str:
    """Return what the arm does where it has more, or less: wins or loses, if the measure has a direction."""
    direction = s.entry.direction
    if direction == "neither":
        return f"has {kind} {s.entry.title.lower()}"
    return "wins" if (kind == UP) == (direction == "higher better") else "loses"


def box_in_words(s: Space, kind: str, box: Box) -> str:
    """Return a box as a sentence: its rule, and how good it is where it was made and on points held out."""
    units = {one.path: one.unit for one in s.axes}
    edges = {one.path: (low, high) for one, (low, high) in zip(s.axes, bounds_of(s.x), strict=True)}
    parts = [_limit(path, limits, edges[path], units[path]) for path, limits in box.limits.items()]
    does = verb(s, kind)
    such = f"the points at which it {does}"
    rule = "" if box.density >= DENSE else " most often, though not as a rule,"
    if not parts:
        return f"{started(s.arm)} {does} at {POINTS * box.density:.0f}% of all points ({_percent(box.held_density)} of those held out); no box says it better."
    return (
        f"{started(s.arm)} {does}{rule} where {' and '.join(parts)}: {POINTS * box.density:.0f}% of the points in this box are such, and it holds "
        f"{POINTS * box.coverage:.0f}% of {such} (on points held out, {_percent(box.held_density)} and {_percent(box.held_coverage)})."
    )


def _limit(path: str, limits: tuple[float, float], edges: tuple[float, float], unit: str) -> str:
    (low, high), slack = limits, SLACK * (edges[1] - edges[0])
    if low <= edges[0] + slack:
        return f"{path} is below {high:.3g} ({unit})"
    if high >= edges[1] - slack:
        return f"{path} is above {low:.3g} ({unit})"
    return f"{path} is from {low:.3g} to {high:.3g} ({unit})"


def _percent(x: float) -> str:
    return f"{POINTS * x:.0f}%" if np.isfinite(x) else "none to count"


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
    page = Page(
        question(r),
        answer(r),
        draw_map(r, folder / "figures"),
        _sections(r, folder / "figures"),
        notes=_notes(r),
        how=[
            ("Sweep", s.sweep),
            ("Scenario", s.scenario_name),
            ("Size", s.size),
            ("Points", f"{len(s.y)}, {s.pairs} pairs at each"),
            ("Measure", s.entry.definition),
            ("Seed", str(s.seed)),
        ],
        files=FILES,
    )
    write_findings(page, folder)
    run_folder.write_provenance(folder, s.seed, started, s.network | (facts or {}))


def has_peeling(r: Regions) -> bool:
    """Tell whether there is a peeling to draw."""
    return any(b and len(b.peeling) > 1 for b in r.boxes.values())


def _notes(r: Regions) -> list[str]:
    return [f"{r.space.missing} points are left out: their runs failed, or the measure was undefined."] if r.space.missing else []


def _sections(r: Regions, figures: Path) -> list[Section]:
    s = r.space
    words = [box_in_words(s, k, b) for k, b in r.boxes.items() if b] or ["There is no difference at any point."]
    held = "A point counts by what its own pairs showed, so noise is in it. Boxes were made from the first three quarters of the points; the others were held out."
    rests = (
        f"A Gaussian process through {len(s.y)} points; on points held out it explains {r.surrogate.quality:.2f} of the variance of what single "
        "points showed, noise included. Parameters that are not on the map are there as in the scenario."
    )
    return [
        Section("Boxes in words", [*words, held], [draw_peeling(r, figures)] if has_peeling(r) else []),
        Section("What the map rests on", [rests], tables=[_importance(r)]),
    ]


def _importance(r: Regions) -> Table:
    sources: Mapping[str, Factor] = {one.path: one for one in r.space.axes}
    rows = [[t.factor, f"{t.first:.2f}", f"{t.total:.2f}", sources[t.factor].source] for t in r.importance.itertuples()]
    return Table("How much of the surface each parameter explains", ["parameter", "first order", "total", "source"], rows)


def draw_map(r: Regions, folder: Path) -> Figure:
    """Draw where each arm wins over the two parameters that matter most."""
    from matplotlib.colors import TwoSlopeNorm
    from matplotlib.ticker import MaxNLocator

    s = r.space
    top = list(r.importance.factor[:2])
    path, other = top[0], top[1] if len(top) > 1 else None
    a, b, mean, error = surface(r, path, other)
    share = s.entry.unit == "share"
    scale = POINTS if share else 1.0
    label = f"difference in {s.entry.title.lower()}, {'points' if share else s.entry.unit}"
    units = {one.path: one.unit for one in s.axes}
    names = [one.path for one in s.axes]
    usual = {one.path: one.default for one in s.axes}
    with rc_context(STYLE):
        canvas = blank(figsize=(7.6, 5.4))
        ax = canvas.subplots()
        if other is None:
            ax.plot(s.x[:, 0], scale * s.y, ".", color="#8a8f98")
            ax.fill_between(a, scale * (mean - SURE * error)[0], scale * (mean + SURE * error)[0], color="#3b6fb6", alpha=0.25, lw=0)
            ax.plot(a, scale * mean[0], color="#3b6fb6")
            ax.axhline(0.0, color="#444a52", lw=0.9)
            ax.set_ylabel(label)
        else:
            reach = max(float(np.abs(scale * mean).max()), 1e-12)
            shown = ax.contourf(
                a, b, scale * mean, levels=np.linspace(-reach, reach, 21), cmap="BrBG", norm=TwoSlopeNorm(0.0, -reach, reach)
            )
            ax.contour(a, b, mean, levels=[0.0], colors="#222831", linewidths=1.4)
            undecided = (np.abs(mean) < SURE * error).astype(float)
            ax.contourf(a, b, undecided, levels=[0.5, 1.5], colors="none", hatches=["////"])
            ax.plot(s.x[:, names.index(path)], s.x[:, names.index(other)], ".", ms=2.5, color="#222831", alpha=0.45)
            if a[0] <= usual[path] <= a[-1] and b[0] <= usual[other] <= b[-1]:
                ax.plot(usual[path], usual[other], "*", ms=13, mfc="white", mec="#222831", label="the scenario")
                canvas.legend(loc="outside upper left", fontsize=8.5)
            ax.set_ylabel(f"{other}, {units[other]}")
            bar = canvas.colorbar(shown, ax=ax, ticks=MaxNLocator(7))
            bar.set_label(label)
            ax.grid(visible=False)
        ax.set_xlabel(f"{path}, {units[path]}")
        save(canvas, folder, "map")
    line = "; the line is no difference" if mean.min() < 0.0 < mean.max() else ""
    return Figure(
        "map",
        "Where each wins",
        f"Green: {named(s.arm)} has more; brown: {named(s.reference)} has more; hatched: not decided (95% confidence){line}. "
        f"{len(s.y)} points (dots), {s.pairs} pairs at each; {s.size}. Other parameters are as in the scenario.",
        f"A map of the difference over {path}{' and ' + other if other else ''}. " + answer(r)[0],
    )


def draw_peeling(r: Regions, folder: Path) -> Figure:
    """Draw coverage and density along the peeling."""
    with rc_context(STYLE):
        canvas = blank(figsize=(6.2, 4.0))
        ax = canvas.subplots()
        for kind, box in r.boxes.items():
            colour = BAD if verb(r.space, kind) == "loses" else GOOD if verb(r.space, kind) == "wins" else ARMS[kind == UP]
            if box is not None:
                ax.plot(
                    box.peeling.coverage, box.peeling.density, "o-", ms=3, color=colour, label=f"{named(r.space.arm)} {verb(r.space, kind)}"
                )
                ax.plot(box.coverage, box.density, "o", ms=9, mfc="none", mec=colour)
        ax.set(xlabel="coverage: share of all such points in the box", ylabel="density: share in the box", xlim=(0, 1.03), ylim=(0, 1.03))
        canvas.legend(loc="outside upper left", ncols=2, fontsize=8.5)
        save(canvas, folder, "peeling")
    return Figure(
        "peeling",
        "The peeling",
        f"Each dot is a box, from the whole space (right) to the smallest; the circle is the one in words. {r.space.size}.",
        "Curves of coverage against density along the peeling of the boxes.",
    )
