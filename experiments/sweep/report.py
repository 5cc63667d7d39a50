"""A sweep as figures and a page: how the difference between the arms varies with each parameter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.methods import paired
from experiments.reporting.page import Page, Section, Table, write_findings
from experiments.reporting.style import OPEN, STYLE, VERDICTS, Figure, blank, rc_context, save
from experiments.reporting.text import POINTS, figure, named, started
from experiments.runs.keys import size_in_words
from experiments.space.factors import factors
from experiments.sweep.tables import points_table
from sim.results.measures import PRIMARY, Measure
from sim.version import model_version

if TYPE_CHECKING:
    import pandas as pd

    from experiments.sweep.tables import Swept

PANELS = 6  # parameters that get a panel, those that matter most
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


class View(NamedTuple):
    """One arm's difference in one measure over the points."""

    arm: str
    measure: Measure
    rows: pd.DataFrame  # a row a point: the varied parameters, difference, bounds, verdict
    order: list[tuple[str, float]]  # parameters with their rank correlation, the strongest first


def view(s: Swept) -> View | None:
    """Return the primary measure (or the first that there is) of the first arm; None if there are no runs."""
    if s.summary.empty:
        return None
    from scipy.stats import spearmanr

    arm = next(name for name in s.sweep.arms if name != s.sweep.reference)
    measure = PRIMARY if PRIMARY in set(s.summary.measure) else str(s.summary.measure.iloc[0])
    part = s.summary[(s.summary.arm == arm) & (s.summary.measure == measure)]
    rows = points_table(s.points).merge(part[["point", "mean", "mean_reference", "difference", "ci_low", "ci_high", "verdict"]], on="point")
    strength = []
    for axis in s.sweep.axes:
        varies = len(rows) > 2 and rows[axis.path].min() < rows[axis.path].max() and rows.difference.min() < rows.difference.max()
        strength.append((axis.path, float(spearmanr(rows[axis.path], rows.difference).statistic) if varies else 0.0))
    return View(arm, s.sweep.catalogue[measure], rows, sorted(strength, key=lambda x: (-abs(x[1]), x[0])))


def question(s: Swept) -> str:
    """Return the question that a sweep answers."""
    arms = [name for name in s.sweep.arms if name != s.sweep.reference]
    return s.sweep.question or f"Where does {' or '.join(map(named, arms))} win against {named(s.sweep.reference)}?"


def answer(s: Swept, v: View | None) -> list[str]:
    """Return what was found in sentences."""
    if v is None:
        return ["No run of this sweep is complete: failures.csv says why."]
    m, have = v.measure, v.rows.verdict.value_counts()
    share = {
        word: POINTS * have.get(word, 0) / len(v.rows)
        for word in (paired.BETTER, paired.WORSE, paired.HIGHER, paired.LOWER, paired.NO_DIFFERENCE, paired.NOT_DECIDED)
    }
    told = ", ".join(
        f"{word} at {x:.0f}%" for word, x in share.items() if x or (word in (paired.BETTER, paired.WORSE) and m.direction != "neither")
    )
    scale, unit = (POINTS, " points") if m.unit == "share" else (1.0, "")
    d = scale * v.rows.difference
    first = f"Over {len(v.rows)} points, {named(v.arm)} against {named(s.sweep.reference)} in {m.title.lower()}: {told}."
    path, rho = v.order[0]
    second = f"The difference ranges from {d.min():+.2f} to {d.max():+.2f}{unit}, in the median {d.median():+.2f}"
    goes = "grows" if rho > 0.0 else "shrinks"
    return [first, second + (f"; it {goes} with {path} most (rank correlation {rho:+.2f})." if rho else ".")]


def write_report(s: Swept, folder: Path) -> list[str]:
    """Write figures and page; return the answer."""
    v = view(s)
    words = answer(s, v)
    figures = [draw(s, folder / "figures") for draw in drawings(v).values()]
    rests = Section(
        "Parameters that were varied", [f"Everything else is as in the scenario {s.sweep.scenario.name}."], tables=[_parameters(s, v)]
    )
    sections = [Section("How the difference varies with each parameter", figures=figures[1:])] if len(figures) > 1 else []
    write_findings(
        Page(
            question(s), words, figures[0] if figures else None, [*sections, rests, *_points(v)], notes=_notes(s), how=_how(s), files=FILES
        ),
        folder,
    )
    return words


def _notes(s: Swept) -> list[str]:
    return [f"{len(s.failed)} runs failed twice and are left out: failures.csv says which and why."] if s.failed else []


def _how(s: Swept) -> list[tuple[str, str]]:
    w = s.sweep
    seeds = "common random numbers at all points" if w.seeds == "common" else "new seeds at each point"
    return [
        ("Sweep", w.name),
        ("Size", size_in_words(w.scenario)),
        ("Points", f"{len(s.points)} ({w.sampler}), {w.pairs} pairs at each, {seeds}"),
        ("Arms", ", ".join(map(named, w.arms))),
        ("Seed", str(w.seed)),
        ("Intervals", "95% confidence intervals at each point; the primary measure's own, all others simultaneous"),
        ("Model version", model_version()),
    ]


def _parameters(s: Swept, v: View | None) -> Table:
    known, rho = factors(s.sweep.scenario), dict(v.order) if v else {}
    rows = [
        [
            axis.path,
            known[axis.path].unit,
            f"{axis.low:g} to {axis.high:g}",
            f"{known[axis.path].default:g}",
            f"{rho.get(axis.path, 0.0):+.2f}",
            known[axis.path].source,
        ]
        for axis in s.sweep.axes
    ]
    return Table("Parameters", ["parameter", "unit", "range", "in the scenario", "rank correlation", "source"], rows)


def _points(v: View | None) -> list[Section]:
    if v is None:
        return []
    unit = v.measure.unit
    columns = [path for path, _ in sorted(v.order)]
    rows = [
        [
            str(r["point"]),
            *(f"{r[path]:.3g}" for path in columns),
            figure(r["mean"], unit),
            figure(r["mean_reference"], unit),
            str(r["verdict"]),
        ]
        for _, r in v.rows.head(200).iterrows()
    ]
    table = Table(f"{v.measure.title} at each point", ["point", *columns, named(v.arm), "control", "verdict"], rows, folded=True)
    return [Section("Every point", [] if len(v.rows) <= 200 else ["The first 200; summary.csv has all."], tables=[table])]


def drawings(v: View | None) -> dict[str, Callable[[Swept, Path], Figure]]:
    """Return what draws each figure, by name; the first is what one would look at first. There are none without runs."""
    if v is None:
        return {}
    one: dict[str, Callable[[Swept, Path], Figure]] = {"numbers": lambda s, folder: draw_parameters(s, v, folder)}
    return ({"points": lambda s, folder: draw_pairs_of_parameters(s, v, folder)} if len(v.order) > 1 else {}) | one


def _scale(v: View) -> tuple[float, str]:
    m = v.measure
    return (
        (POINTS, f"difference in {m.title.lower()}, points") if m.unit == "share" else (1.0, f"difference in {m.title.lower()}, {m.unit}")
    )


def draw_parameters(s: Swept, v: View, folder: Path) -> Figure:
    """Draw the difference against each parameter, with confidence intervals where there are enough pairs."""
    shown = v.order[:PANELS]
    scale, label = _scale(v)
    columns = min(3, len(shown))
    lines = -(-len(shown) // columns)
    with rc_context(STYLE):
        canvas = blank(figsize=(3.4 * columns + 0.8, 3.1 * lines + 0.4))
        axes: Any = canvas.subplots(lines, columns, sharey=True, squeeze=False)
        for ax, (path, rho) in zip(axes.ravel(), shown, strict=False):
            for verdict, part in v.rows.groupby("verdict"):
                colour = VERDICTS.get(str(verdict), OPEN)
                x = part[path].to_numpy(float)
                ax.vlines(x, scale * part.ci_low.to_numpy(float), scale * part.ci_high.to_numpy(float), color=colour, lw=0.9, alpha=0.6)
                ax.plot(x, scale * part.difference, "o", ms=4, color=colour)
            ax.axhline(0.0, color="#444a52", lw=0.9)
            ax.set_xlabel(path)
            ax.set_title(f"rank correlation {rho:+.2f}", fontsize=9, fontweight="normal")
        for ax in axes.ravel()[len(shown) :]:
            ax.set_axis_off()
        canvas.supylabel(label, fontsize=9.5)
        marks = [axes[0, 0].plot([], [], "o", color=VERDICTS[word], label=word)[0] for word in dict.fromkeys(v.rows.verdict)]
        canvas.legend(handles=marks, loc="outside upper right", ncols=4, fontsize=8.5)
        save(canvas, folder, "numbers")
    return Figure(
        "numbers",
        "Difference by parameter",
        f"{started(v.arm)} less {named(s.sweep.reference)} at {len(v.rows)} points, each with its 95% confidence interval over {s.sweep.pairs} pairs; coloured by verdict. {size_in_words(s.sweep.scenario)}.",
        f"Dots of the difference against {', '.join(path for path, _ in shown)}.",
    )


def draw_pairs_of_parameters(s: Swept, v: View, folder: Path) -> Figure:
    """Draw the points over the two parameters that matter most, coloured by the difference; hollow where it is not decided."""
    from matplotlib.colors import TwoSlopeNorm

    (one, _), (other, _) = v.order[:2]
    scale, label = _scale(v)
    d = scale * v.rows.difference.to_numpy(float)
    reach = max(float(np.abs(d).max()), 1e-12)
    sure = (v.rows.verdict != paired.NOT_DECIDED).to_numpy()
    with rc_context(STYLE):
        canvas = blank(figsize=(7.0, 5.0))
        ax = canvas.subplots()
        norm = TwoSlopeNorm(0.0, -reach, reach)
        dots = ax.scatter(v.rows[one], v.rows[other], c=d, cmap="BrBG", norm=norm, s=58, edgecolor="#5b636e", linewidth=0.5)
        ax.scatter(
            v.rows[one][~sure], v.rows[other][~sure], s=110, facecolor="none", edgecolor="#222831", linewidth=1.0, label="not decided"
        )
        usual = factors(s.sweep.scenario)
        ax.plot(usual[one].default, usual[other].default, "*", ms=13, mfc="white", mec="#222831", label="the scenario")
        ax.set(xlabel=f"{one}, {usual[one].unit}", ylabel=f"{other}, {usual[other].unit}")
        canvas.colorbar(dots, ax=ax).set_label(label)
        canvas.legend(loc="outside upper right", ncols=2, fontsize=8.5)
        save(canvas, folder, "points")
    return Figure(
        "points",
        "Where each wins",
        f"Each dot is a point of the sweep: green where {named(v.arm)} has more, brown where {named(s.sweep.reference)} has; a ring means that it is not decided. {size_in_words(s.sweep.scenario)}.",
        f"Coloured dots over {one} and {other}.",
    )
