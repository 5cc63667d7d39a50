"""Where each arm wins over the space of a sweep: a map with its undecided band, and boxes in words."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments import record
from experiments import statistics as stat
from experiments.answer import POINTS
from experiments.drawing import STYLE, Figure, named, save
from experiments.levers import levers
from experiments.methods import boxes, indices
from experiments.page import Page, Section, Table, write_findings
from sim.errors import BadInput, nearest
from sim.measures import MEASURES
from sim.scenario import load_scenario

if TYPE_CHECKING:
    import pandas as pd

    from experiments.levers import Lever

HELD_OUT = 0.25  # share of the points, the last ones: the first of a Sobol sequence are as even without them
LEAST = 20  # points
GRID = 60  # of the map, each way
SURE = 1.96
WINS, LOSES = "wins", "loses"


@dataclass(frozen=True)
class Space:
    """What a sweep has seen of a measure."""

    folder: Path
    arm: str
    reference: str
    measure: str
    axes: list[Lever]
    scenario_name: str
    x: np.ndarray  # (points, numbers)
    y: np.ndarray  # (points,) mean difference
    pairs: int
    seed: int


@dataclass(frozen=True)
class Regions:
    """What was found."""

    space: Space
    surrogate: indices.Surrogate
    importance: pd.DataFrame
    boxes: dict[str, boxes.Box | None]  # for wins and loses

    @property
    def decided(self) -> dict[str, float]:
        """Return the share of the space in which the arm surely wins, surely loses, and neither."""
        mean, error = self.surrogate.band(self.space.x)
        wins, loses = float(np.mean(mean - SURE * error > 0.0)), float(np.mean(mean + SURE * error < 0.0))
        return {WINS: wins, LOSES: loses, stat.NOT_DECIDED: 1.0 - wins - loses}

    @property
    def answer(self) -> list[str]:
        """Return what was found in sentences."""
        s, d = self.space, self.decided
        what = MEASURES[s.measure].title.lower()
        first = (
            f"Over the swept space, {named(s.arm)} has more {what} than {named(s.reference)} in {POINTS * d[WINS]:.0f}% of it, less in "
            f"{POINTS * d[LOSES]:.0f}%; {POINTS * d[stat.NOT_DECIDED]:.0f}% are not decided."
        )
        out = [first]
        for kind, box in self.boxes.items():
            if box is not None:
                out.append(box_in_words(self.space, kind, box))
        if not self.surrogate.trusted:
            out.append(
                f"The map is rough: on points held out its surface explains {self.surrogate.quality:.2f} of the variance of single "
                "differences, noise included."
            )
        return out

    @property
    def data(self) -> dict[str, Any]:
        """Return the result for programs."""
        found = {kind: None if box is None else {**box._asdict(), "peeling": None} for kind, box in self.boxes.items()}
        return {"measure": self.space.measure, "decided": self.decided, "boxes": found, "quality": self.surrogate.quality}


def box_in_words(space: Space, kind: str, box: boxes.Box) -> str:
    """Return a box as a sentence: its rule, and how good it is where it was made and on points held out."""
    units = {one.path: one.unit for one in space.axes}
    edges = {one.path: (low, high) for one, (low, high) in zip(space.axes, bounds_of(space.x), strict=True)}
    parts = [_limit(path, limits, edges[path], units[path]) for path, limits in box.limits.items()]
    rule = " and ".join(parts) if parts else "everywhere"
    return (
        f"{named(space.arm)} {kind} where {rule}: this holds {POINTS * box.coverage:.0f}% of all such points, and {POINTS * box.density:.0f}% of what it "
        f"holds are such points ({_percent(box.held_coverage)} and {_percent(box.held_density)} on points held out)."
    )


def _limit(path: str, limits: tuple[float, float], edges: tuple[float, float], unit: str) -> str:
    low, high = limits
    slack = 0.02 * (edges[1] - edges[0])
    if low <= edges[0] + slack:
        return f"{path} is below {high:.3g} {unit}"
    if high >= edges[1] - slack:
        return f"{path} is above {low:.3g} {unit}"
    return f"{path} is from {low:.3g} to {high:.3g} {unit}"


def _percent(x: float) -> str:
    return f"{POINTS * x:.0f}%" if np.isfinite(x) else "none"


def bounds_of(x: np.ndarray) -> list[tuple[float, float]]:
    """Return the range of each column."""
    return [(float(column.min()), float(column.max())) for column in x.T]


def load_space(folder: Path, measure: str, arm: str | None = None) -> Space:
    """Return what a sweep's run folder holds on a measure.

    Raises:
        BadInput: if it is none, or has no such measure.
    """
    import pandas as pd

    try:
        plan = json.loads((folder / record.PLAN).read_text(encoding="utf-8"))
        points = pd.read_csv(folder / "points.csv").set_index("point")
        runs = pd.read_csv(folder / "runs.csv")
    except (OSError, ValueError) as error:
        raise BadInput(f"{folder}: found no finished sweep ({error}); the folder of `firstcontact sweep` would do") from None
    known = list(dict.fromkeys(runs.measure))
    if measure not in known:
        raise BadInput(f"--measure: found {measure!r}; a measure of this sweep would do{nearest(measure, known)}")
    reference, others = plan["reference"], [name for name in plan["arms"] if name != plan["reference"]]
    other = others[0] if arm is None else arm
    if other not in others:
        raise BadInput(f"--arm: found {other!r}; one of {', '.join(others)} would do")
    table = runs[runs.measure == measure].pivot_table(index=["point", "pair"], columns="arm", values="value")
    y = (table[other] - table[reference]).groupby("point").mean().reindex(points.index)
    there = y.notna()
    scenario = load_scenario(folder / record.SCENARIO)
    every = levers(scenario)
    axes = [every[name] for name in points.columns if points[name].min() < points[name].max()]
    if there.sum() < LEAST or not axes:
        raise BadInput(
            f"{folder}: found {int(there.sum())} points of {len(axes)} numbers; {LEAST} points or more of one number or more would do"
        )
    x = points.loc[there, [one.path for one in axes]].to_numpy(float)
    return Space(
        folder, other, reference, measure, axes, scenario.name, x, y[there].to_numpy(float), int(runs.pair.max()), int(plan["seed"])
    )


def find_regions(space: Space) -> Regions:
    """Fit the surface, rank the numbers, and find the boxes."""
    import pandas as pd

    names = [one.path for one in space.axes]
    model = indices.surrogate(space.x, space.y, bounds_of(space.x), space.seed)
    importance = indices.indices(model, names, space.seed)
    cut = len(space.y) - round(HELD_OUT * len(space.y))
    frame = pd.DataFrame(space.x, columns=names)
    found = {}
    for kind, cases in ((WINS, space.y > 0.0), (LOSES, space.y < 0.0)):
        found[kind] = boxes.find_box(frame[:cut], cases[:cut], frame[cut:], cases[cut:])
    return Regions(space, model, importance, found)


def surface(r: Regions, path: str, other: str | None) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return (grid of one number, grid of the other, mean, standard error), all others as in the scenario."""
    names = [one.path for one in r.space.axes]
    edges = bounds_of(r.space.x)
    usual = [min(max(one.default, low), high) for one, (low, high) in zip(r.space.axes, edges, strict=True)]
    k = names.index(path)
    a = np.linspace(*edges[k], GRID)
    b = np.linspace(*edges[names.index(other)], GRID) if other else np.zeros(1)
    rows = np.tile(usual, (len(b) * len(a), 1))
    rows[:, k] = np.tile(a, len(b))
    if other:
        rows[:, names.index(other)] = np.repeat(b, len(a))
    mean, error = r.surrogate.band(rows)
    return a, b, mean.reshape(len(b), len(a)), error.reshape(len(b), len(a))


# what it leaves ------------------------------------------------------------------------------------------------------

FILES = (
    ("regions.csv", "the surface at every point: mean, bounds, verdict"), ("boxes.csv", "the boxes: numbers, limits, coverage, density"),
    ("peeling.csv", "coverage and density along the peeling"), ("importance.csv", "indices of the numbers over the swept space"),
    ("provenance.json", "versions, seeds, command, machine, times"),
)  # fmt: skip


def write_regions(r: Regions, folder: Path, started: float) -> None:
    """Write tables, figures and the page."""
    import pandas as pd

    s = r.space
    names = [one.path for one in s.axes]
    mean, error = r.surrogate.band(s.x)
    verdicts = np.where(mean - SURE * error > 0.0, WINS, np.where(mean + SURE * error < 0.0, LOSES, stat.NOT_DECIDED))
    table = pd.DataFrame(s.x, columns=names).assign(
        difference=s.y, mean=mean, ci_low=mean - SURE * error, ci_high=mean + SURE * error, verdict=verdicts
    )
    record.write_table(folder / "regions.csv", table)
    record.write_table(folder / "importance.csv", r.importance)
    rows = [(kind, path, *limits, b.coverage, b.density, b.held_coverage, b.held_density)
            for kind, b in r.boxes.items() if b for path, limits in (b.limits or {"": (np.nan, np.nan)}).items()]  # fmt: skip
    columns = ["kind", "number", "low", "high", "coverage", "density", "held_coverage", "held_density"]
    record.write_table(folder / "boxes.csv", pd.DataFrame(rows, columns=columns))
    paths = [b.peeling.assign(kind=kind) for kind, b in r.boxes.items() if b]
    record.write_table(
        folder / "peeling.csv", pd.concat(paths) if paths else pd.DataFrame(columns=["coverage", "density", "restricted", "kind"])
    )
    map_ = draw_map(r, folder / "figures")
    sections = [
        Section("Boxes in words", [box_in_words(s, k, b) for k, b in r.boxes.items() if b], [draw_peeling(r, folder / "figures")]),
        Section(
            "What the map rests on",
            [(f"A Gaussian process through {len(s.y)} points; on points held out it explains {r.surrogate.quality:.2f} of the variance of what single "
             "points showed, noise included. Numbers that are not on the map are as in the scenario.")],
            tables=[_importance(r)],
        ),
    ]  # fmt: skip
    page = Page(
        f"Where does {named(s.arm)} win against {named(s.reference)}?", r.answer, map_, sections,
        how=[("Sweep", s.folder.name), ("Scenario", s.scenario_name), ("Points", f"{len(s.y)}, {s.pairs} pairs at each"),
             ("Measure", MEASURES[s.measure].definition), ("Seed", str(s.seed))], files=FILES,
    )  # fmt: skip
    write_findings(page, folder)
    text = json.dumps(record.provenance(s.seed, started), indent=2)
    record.write_text(folder / record.PROVENANCE, text + "\n")


def _importance(r: Regions) -> Table:
    sources: Mapping[str, Lever] = {one.path: one for one in r.space.axes}
    rows = [[t.factor, f"{t.first:.2f}", f"{t.total:.2f}", sources[t.factor].source] for t in r.importance.itertuples()]
    return Table("How much of the surface each number explains", ["number", "first order", "total", "source"], rows)


def draw_map(r: Regions, folder: Path) -> Figure:
    """Draw where each arm wins over the two numbers that matter most."""
    from matplotlib import rc_context
    from matplotlib.colors import TwoSlopeNorm
    from matplotlib.figure import Figure as Canvas

    s = r.space
    top: Sequence[str] = list(r.importance.factor[:2])
    path, other = top[0], top[1] if len(top) > 1 else None
    a, b, mean, error = surface(r, path, other)
    share = MEASURES[s.measure].unit == "share"
    scale = POINTS if share else 1.0
    label = f"difference in {MEASURES[s.measure].title.lower()}, {'points' if share else MEASURES[s.measure].unit}"
    units = {one.path: one.unit for one in s.axes}
    names = [one.path for one in s.axes]
    usual = {one.path: one.default for one in s.axes}
    with rc_context(STYLE):
        canvas = Canvas(figsize=(7.6, 5.4))
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
                ax.legend(loc="upper right", frameon=True)
            ax.set_ylabel(f"{other}, {units[other]}")
            bar = canvas.colorbar(shown, ax=ax)
            bar.set_label(label)
            ax.grid(visible=False)
        ax.set_xlabel(f"{path}, {units[path]}")
        save(canvas, folder, "map")
    return Figure(
        "map", "Where each wins",
        f"Green: {named(s.arm)} has more; brown: {named(s.reference)} has more; hatched: not decided (95%); the line is no difference. "
        f"{len(s.y)} points, {s.pairs} pairs at each.",
        f"A map of the difference over {path}{' and ' + other if other else ''}. " + r.answer[0],
    )  # fmt: skip


def draw_peeling(r: Regions, folder: Path) -> Figure:
    """Draw coverage and density along the peeling."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure as Canvas

    with rc_context(STYLE):
        canvas = Canvas(figsize=(6.2, 4.0))
        ax = canvas.subplots()
        for (kind, box), colour in zip(r.boxes.items(), ("#1b7f5c", "#a0522d"), strict=True):
            if box is not None:
                ax.plot(box.peeling.coverage, box.peeling.density, "o-", ms=3, color=colour, label=f"{named(r.space.arm)} {kind}")
                ax.plot(box.coverage, box.density, "o", ms=9, mfc="none", mec=colour)
        ax.set(xlabel="coverage: share of all such points in the box", ylabel="density: share in the box", xlim=(0, 1.03), ylim=(0, 1.03))
        if any(r.boxes.values()):
            ax.legend(fontsize=8.5)
        save(canvas, folder, "peeling")
    return Figure(
        "peeling", "The peeling", "Each dot is a box, from the whole space to the smallest; the circle is the one in words.",
        "Curves of coverage against density along the peeling of the boxes.",
    )  # fmt: skip


def regions(folder: Path, measure: str, arm: str | None, out: Path | None) -> tuple[Regions, Path]:
    """Find where each arm wins over a finished sweep, and write it into a folder of its own."""
    started = time.time()
    space = load_space(folder, measure, arm)
    target = out or folder / f"regions-{measure}"
    target.mkdir(parents=True, exist_ok=True)
    found = find_regions(space)
    write_regions(found, target, started)
    return found, target
