"""A sweep as figures and a page: how the difference between the arms varies with each parameter."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.methods import paired
from experiments.reporting.page import Cell, Page, Section, Table, verdict_cell, write_findings
from experiments.reporting.palette import DOTS, GROUND, INK, SOFT, TONES, VERDICTS
from experiments.reporting.style import SMALLEST, Axes, Drawing, Drawn, Figure, Line2D, Screen, draw_all, verdict_legend
from experiments.reporting.text import POINTS, counted, decimals, figure, listed, named, scale_of, started, with_interval
from experiments.runs.keys import size_in_words
from experiments.space.factors import factors
from experiments.space.words import in_words, named_in_words, unit_in_words
from experiments.sweep import maps
from experiments.sweep.tables import few_members, points_table, world_a_point
from sim.results.measures import PRIMARY, Measure
from sim.version import model_version

if TYPE_CHECKING:
    import pandas as pd

    from experiments.space.factors import Factor
    from experiments.sweep.tables import Swept

PANELS = 6  # parameters that get a panel, those that matter most
ROWS = 200  # points in a table
MANY = 1000  # points, from which they are drawn as an image
FILES = (
    ("points.csv", "the points: every parameter that was varied"),
    ("summary.csv", "each measure at each point: means, difference, ratio, 95% confidence intervals, verdict"),
    ("runs.csv", "each measure of each run, numerators and denominators"),
    ("sweep.toml", "the sweep, to run or to extend"),
    ("scenario.toml", "the scenario that it departs from"),
    ("provenance.json", "versions, seeds, command, machine, times"),
    ("ledger.sqlite", "the runs themselves: the same command continues from there"),
    ("figures/", "every figure as PNG and SVG"),
)


OF_DRAWS = (
    ("worlds.csv", "the world of each point: what a draw says of the other parameters"),
    ("draws.csv", "the draws from which they are taken"),
    ("draws.json", "what these draws may be called, and why no more"),
)


class View(NamedTuple):
    """One arm's difference in one measure over the points."""

    arm: str
    number: int  # of the arm, counted from the control, 0
    control: str
    measure: Measure
    rows: pd.DataFrame  # a row a point: the varied parameters, difference, bounds, verdict
    order: list[tuple[str, float]]  # parameters with their rank correlation, the strongest first
    known: dict[str, Factor]  # parameters by their path

    @property
    def places(self) -> int:
        """Return the decimals of a difference as it is told: what the interval of half of the points can tell."""
        widths = scale_of(self.measure.unit)[0] * (self.rows.ci_high - self.rows.ci_low)
        found = decimals(0.0, float(widths.median())) if widths.notna().any() else None
        return 1 if found is None else found

    @property
    def shares(self) -> dict[str, float]:
        """Return at which share of the points each verdict stands; better and worse also where there are none."""
        have = self.rows.verdict.value_counts()
        asked = () if self.measure.direction == "neither" else (paired.BETTER, paired.WORSE)
        return {word: have.get(word, 0) / len(self.rows) for word in WORDS if word in have or word in asked}


WORDS = (paired.BETTER, paired.WORSE, paired.HIGHER, paired.LOWER, paired.NO_DIFFERENCE, paired.NOT_DECIDED)


def views(s: Swept) -> list[View]:
    """Return each arm in the primary measure, or in the first that there is; none if there are no runs."""
    if s.summary.empty:
        return []
    measure = PRIMARY if PRIMARY in set(s.summary.measure) else str(s.summary.measure.iloc[0])
    arms = [name for name in s.sweep.arms if name != s.sweep.reference]
    return [_view(s, arm, k, measure) for k, arm in enumerate(arms, 1)]


def _view(s: Swept, arm: str, number: int, measure: str) -> View:
    from scipy.stats import spearmanr

    part = s.summary[(s.summary.arm == arm) & (s.summary.measure == measure)]
    rows = points_table(s.points, s.sweep.varied).merge(
        part[["point", "mean", "mean_reference", "difference", "ci_low", "ci_high", "verdict"]], on="point"
    )
    strength = []
    for axis in s.sweep.axes:
        varies = len(rows) > 2 and rows[axis.path].min() < rows[axis.path].max() and rows.difference.min() < rows.difference.max()
        strength.append((axis.path, float(spearmanr(rows[axis.path], rows.difference).statistic) if varies else 0.0))
    order = sorted(strength, key=lambda x: (-abs(x[1]), x[0]))
    return View(arm, number, s.sweep.reference, measure=s.sweep.catalogue[measure], rows=rows, order=order, known=factors(s.sweep.scenario))


def question(s: Swept) -> str:
    """Return the question that a sweep answers."""
    arms = [name for name in s.sweep.arms if name != s.sweep.reference]
    return s.sweep.question or f"Where does {' or '.join(map(named, arms))} win against {named(s.sweep.reference)}?"


def answer(found: Sequence[View]) -> list[str]:
    """Return what was found in sentences, two an arm."""
    return [line for v in found for line in _told(v)] or ["No run of this sweep is complete: failures.csv says why."]


def _told(v: View) -> list[str]:
    first = f"Over {counted(len(v.rows), 'point')}, {named(v.arm)} against {named(v.control)} in {v.measure.title.lower()}: {_verdicts(v)}."
    scale, unit = scale_of(v.measure.unit)
    d, of = scale * v.rows.difference, v.places
    path, rho = v.order[0]
    low, middle, high = (f"{round(x, of) + 0.0:+.{of}f}" for x in (d.min(), d.median(), d.max()))
    second = f"The difference ranges from {low} to {high}{unit}, in the median {middle}"
    return [first, second + (f"; it {_goes(rho)} most with {named_in_words(v.known[path])}, rank correlation {rho:+.2f}." if rho else ".")]


def _verdicts(v: View) -> str:
    return ", ".join(f"{word} at {POINTS * x:.0f}%" for word, x in v.shares.items())


def _goes(rho: float) -> str:
    return "grows" if rho > 0.0 else "shrinks"


def write_report(s: Swept, folder: Path) -> list[str]:
    """Write figures and page; return the answer."""
    found = views(s)
    words = answer(found)
    figures = {one.name: one for one in draw_all(drawings(found).values(), s, folder / "figures")}
    first = next(iter(figures.values()), None)
    arms = [Section(_heading(v, len(found)), parts) for v in found if (parts := [f for f in _of_arm(v, figures) if f is not first])]
    rests = Section(
        "Parameters that were varied", [f"Everything else is as in the scenario {s.sweep.scenario.name}.", _parameters(s, found)]
    )
    page = Page(
        question(s),
        words,
        first,
        [*arms, rests, *_points(found)],
        notes=_notes(s, found),
        how=_how(s),
        files=[*FILES, *(OF_DRAWS if s.sweep.draws else ())],
    )
    write_findings(page, folder)
    return words


def _heading(v: View, arms: int) -> str:
    return "How the difference varies with each parameter" if arms == 1 else f"{started(v.arm)} against {named(v.control)}"


def _of_arm(v: View, figures: dict[str, Figure]) -> list[Figure]:
    return [figures[name] for name in (_name("points", v), _name("numbers", v)) if name in figures]


def _notes(s: Swept, found: Sequence[View]) -> list[str]:
    defined = [f"{v.measure.title}: {v.measure.definition}" for v in found[:1]]
    if s.failed:
        defined.append(f"Left out: {counted(len(s.failed), 'run')} that failed twice; failures.csv says which and why.")
    return [*defined, *notes_of(s)]


def notes_of(s: Swept) -> list[str]:
    """Return what a reader must know of all that is found: what the draws are, if there are some, and that nothing follows from few members."""
    worlds = [] if s.sweep.draws is None else [world_a_point(s.sweep.draws.called)]
    return [*worlds, *few_members_of(s)]


def few_members_of(s: Swept) -> list[str]:
    """Return a note on a sweep whose smallest runs are of few members."""
    return few_members(s.sweep.scenario, {axis.path: axis.low for axis in s.sweep.axes})


def _how(s: Swept) -> list[tuple[str, str]]:
    w = s.sweep
    seeds = "common random numbers at all points" if w.seeds == "common" else "new seeds at each point"
    return [
        ("Sweep", w.name),
        ("Size", size_in_words(w.scenario)),
        ("Points", f"{len(s.points)} ({w.sampler}), {counted(w.pairs, 'pair')} at each, {seeds}"),
        ("Arms", f"{listed([named(arm) for arm in w.arms])}; the control is {named(w.reference)}"),
        ("Seed", str(w.seed)),
        ("Intervals", "95% confidence intervals at each point; the primary measure's own, all others simultaneous"),
        ("Model version", model_version()),
    ]


def _parameters(s: Swept, found: Sequence[View]) -> Table:
    known, several = factors(s.sweep.scenario), len(found) > 1
    strength = [dict(v.order) for v in found]
    rows: list[list[str | Cell]] = [
        [
            Cell(f"{axis.path}: {in_words(known[axis.path])}", known[axis.path].source),
            f"{axis.low:g} to {axis.high:g} ({unit_in_words(known[axis.path])})",
            f"{known[axis.path].default:g}",
            *(f"{rho[axis.path]:+.2f}" for rho in strength),
        ]
        for axis in s.sweep.axes
    ]
    heads = [f"rank correlation, {named(v.arm)}" if several else "rank correlation" for v in found]
    return Table("Parameters, and how the difference goes with each", ["parameter", "range", "in the scenario", *heads], rows)


def _points(found: Sequence[View]) -> list[Section]:
    if not found:
        return []
    less = [f"The first {ROWS} of {len(found[0].rows):,} points; summary.csv has all."] if len(found[0].rows) > ROWS else []
    return [Section("Every point", [*less, *map(_table, found)])]


def _table(v: View) -> Table:
    unit = v.measure.unit
    scale, word = scale_of(unit)
    paths = [path for path, _ in sorted(v.order)]
    rows: list[list[str | Cell]] = [
        [
            str(r["point"]),
            *(f"{r[path]:.3g}" for path in paths),
            *(figure(r[name], unit, decimals(scale * r["ci_low"], scale * r["ci_high"])) for name in ("mean", "mean_reference")),
            with_interval(*(scale * r[name] for name in ("difference", "ci_low", "ci_high")), unit=word, of=""),
            verdict_cell(str(r["verdict"])),
        ]
        for _, r in v.rows.head(ROWS).iterrows()
    ]
    columns = ["point", *paths, named(v.arm), f"{named(v.control)} (control)", "difference, 95% confidence interval", "verdict"]
    return Table(f"{v.measure.title} at each point, {named(v.arm)} against {named(v.control)}", columns, rows, folded=True)


# figures -------------------------------------------------------------------------------------------------------------


def drawings(found: Sequence[View]) -> dict[str, Drawing]:
    """Return what draws each figure, by name, arm by arm; the first is what one would look at first. There are none without runs."""
    makers: dict[str, Drawing] = {}
    for v in found:
        if len(v.order) > 1:
            makers[_name("points", v)] = partial(_draw_points, v)
        makers[_name("numbers", v)] = partial(_draw_parameters, v)
    return makers


def _name(kind: str, v: View) -> str:
    """Return the name of an arm's figure; the first arm's is the kind alone."""
    return kind if v.number == 1 else f"{kind}-{v.arm}"


def _draw_parameters(v: View, s: Swept, screen: Screen) -> Drawn:
    """Draw the difference against each parameter, with its confidence intervals."""
    shown = v.order[:PANELS]
    scale, label = maps.axis_of_difference(v.measure)
    lines, columns = screen.grid(len(shown), 3)
    canvas = screen.blank((2.4 if screen.narrow else 2.9) * lines + 1.0)
    axes: Any = canvas.subplots(lines, columns, sharey=True, squeeze=False)
    reach, cut = _reach(v, scale)
    for ax, (path, rho) in zip(axes.ravel(), shown, strict=False):
        ax.axhline(0.0, color=INK, lw=0.9)
        for verdict, part in v.rows.groupby("verdict"):
            _draw_verdict(ax, str(verdict), part, path=path, scale=scale)
        ax.set(xlabel=maps.axis_of(v.known[path], 40 if columns < 3 else 30), ylim=(-reach, reach))
        ax.set_title(f"rank correlation {rho:+.2f}", fontsize=SMALLEST, fontweight="normal")
    for ax in axes.ravel()[len(shown) :]:
        ax.set_axis_off()
    canvas.supylabel(label, fontsize=SMALLEST, color=INK)
    bounded = np.isfinite(v.rows.ci_low).any()
    marks = [
        *verdict_legend(v.rows.verdict),
        *([Line2D([], [], color=SOFT, lw=0.9, label="95% confidence interval")] if bounded else []),
        Line2D([], [], color=INK, lw=0.9, label="no difference"),
    ]
    canvas.legend(handles=marks, loc="outside upper left", ncols=2 if screen.narrow else 4)
    path, rho = v.order[0]
    most = f" {_goes(rho)} most with {in_words(v.known[path])}" if rho else " at each point"
    frame = " Intervals that reach beyond the frame are cut off at it." if cut else ""
    return Drawn(
        canvas,
        Figure(
            _name("numbers", v),
            f"The difference between {named(v.arm)} and {named(v.control)}{most}",
            f"Above the line {named(v.arm)} has more {v.measure.title.lower()}, below it {named(v.control)} has. Each mark is a point of the sweep, {counted(s.sweep.pairs, 'pair')} of runs. "
            f"Rank correlation: +1 where the difference always grows with the parameter, −1 where it always shrinks.{frame} {size_in_words(s.sweep.scenario)}.",
            f"Marks of the difference against {listed([path for path, _ in shown])}. " + " ".join(_told(v)),
        ),
    )


def _reach(v: View, scale: float) -> tuple[float, bool]:
    """Return how far up and down a frame goes, and whether an interval goes beyond it: those of few pairs would leave no room for the marks."""
    bounds = scale * v.rows[["ci_low", "ci_high"]].abs().max(axis=1).dropna()
    marks = 1.3 * scale * float(v.rows.difference.abs().max())
    whole = 1.05 * float(bounds.max()) if len(bounds) else 0.0
    chosen = max(marks, min(whole, 2.0 * marks), 1e-9)
    return chosen, whole > chosen


def _draw_verdict(ax: Axes, verdict: str, part: pd.DataFrame, *, path: str, scale: float) -> None:
    """Draw the points of a verdict against a parameter."""
    tone, colour = TONES[verdict], VERDICTS[verdict]
    x = part[path].to_numpy(float)
    ax.vlines(x, scale * part.ci_low.to_numpy(float), scale * part.ci_high.to_numpy(float), color=colour, lw=0.9, alpha=0.6)
    face = GROUND if tone == "open" else colour
    ax.plot(x, scale * part.difference, DOTS[tone], ms=5, color=colour, mfc=face, mew=1.1, rasterized=len(x) > MANY)


def _draw_points(v: View, s: Swept, screen: Screen) -> Drawn:
    """Draw the points over the two parameters that matter most: their colour says by how much which arm has more, their shape the verdict."""
    (one, _), (other, _) = v.order[:2]
    scale, label = maps.axis_of_difference(v.measure)
    found = maps.scale(scale * v.rows.difference.to_numpy(float), v.number)
    canvas = screen.blank(5.4 if screen.narrow else 5.6)
    ax = canvas.subplots()
    there = [word for word in WORDS if word in set(v.rows.verdict)]
    for verdict in there:
        part = v.rows[v.rows.verdict == verdict]
        dots = ax.scatter(
            part[one],
            part[other],
            c=scale * part.difference,
            cmap=found.colours,
            norm=found.norm,
            marker=DOTS[TONES[verdict]],
            s=72,
            edgecolor=INK,
            linewidth=0.8,
            rasterized=len(part) > MANY,
        )
    maps.star(ax, v.known[one], v.known[other])
    ax.set(xlabel=maps.axis_of(v.known[one], 40 if screen.narrow else 80), ylabel=maps.axis_of(v.known[other]))
    maps.draw_bar(canvas, ax, dots, found.edges, label=label, ends=(v.control, v.arm), screen=screen)
    shapes = [Line2D([], [], marker=DOTS[TONES[word]], ls="", ms=8, mfc=GROUND, mec=INK, mew=0.9, label=word) for word in there]
    canvas.legend(handles=[*shapes, *ax.get_legend_handles_labels()[0]], loc="outside upper left", ncols=2 if screen.narrow else 4)
    return Drawn(
        canvas,
        Figure(
            _name("points", v),
            f"{started(v.arm)} against {named(v.control)}: {_verdicts(v)} of {counted(len(v.rows), 'point')}",
            f"Each mark is a point of the sweep, over the two parameters with which the difference goes most. The colour says by how much which arm has more {v.measure.title.lower()}, "
            f"the shape whether that is decided at the point alone, with 95% confidence, from {counted(s.sweep.pairs, 'pair')} of runs. {size_in_words(s.sweep.scenario)}.",
            f"Coloured marks over {one} and {other}. " + " ".join(_told(v)),
        ),
    )
