"""Which assumptions matter: to the difference between the arms, and to the level under the reference."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments import record
from experiments.answer import POINTS
from experiments.drawing import ARMS, EVEN, STYLE, Figure, save
from experiments.inquiry import Inquiry, differences, values_of
from experiments.levers import Lever, lever, levers
from experiments.methods import indices as sobol
from experiments.methods import screening
from experiments.page import Page, Section, Table, write_findings
from experiments.samplers import Axis
from experiments.samplers import sobol as spread
from experiments.study import COMMON, NEW, Point, Progress
from sim.errors import BadInput
from sim.measures import MEASURES

if TYPE_CHECKING:
    import pandas as pd

    from experiments.study import Found, Study

MORRIS, SOBOL = "morris", "sobol"
TRAJECTORIES = (4, 20)  # at least; as many as STATISTICS advises, if there is time
MOST_FACTORS = {MORRIS: 120, SOBOL: 12}
POINTS_EACH, LEAST_POINTS = 40, 256  # of a surrogate: a number, and at least
REACH = 4.0  # a positive number is turned from a quarter of its default to four times it, within its bounds
FIVE = 5
# not assumptions: the question itself, and the size of the network
LEFT_OUT = ("members", "design.primary")
DIFFERENCE, LEVEL = "difference", "level"


@dataclass(frozen=True)
class Result:
    """What a sensitivity analysis found; tables are over (output, factor)."""

    inquiry: Inquiry
    method: str
    factors: list[Lever]
    table: pd.DataFrame
    groups: pd.DataFrame | None = None
    pairs: int = 0
    noise: float = 0.0  # sd of the difference from luck alone
    quality: dict[str, float] = field(default_factory=dict)  # hold-out Q2 of the surrogates

    @property
    def trusted(self) -> bool:
        """Tell whether the indices of the difference mean anything."""
        return self.method == MORRIS or self.quality[DIFFERENCE] > sobol.ACCEPTED

    @property
    def top(self) -> list[Lever]:
        """Return the five numbers that matter most to the difference."""
        found = self.table[self.table.output == DIFFERENCE].factor.head(FIVE)
        by_path = {one.path: one for one in self.factors}
        return [by_path[path] for path in found]

    @property
    def answer(self) -> list[str]:
        """Return what was found in sentences."""
        i = self.inquiry
        if not self.trusted:
            return [
                (
                    f"The indices cannot be trusted: on points held out, the surrogate of the difference in {i.title} explains "
                    f"{self.quality[DIFFERENCE]:.2f} of the variance, and {sobol.ACCEPTED:g} is asked. More points (--budget) or fewer --parameters would help."
                )
            ]
        names = ", ".join(one.path for one in self.top)
        first = f"What {i.against} does to {i.title} hangs most on {names}."
        return [first, *(f"{one.path} ({one.default:g} {one.unit}): {one.source}." for one in self.top)]

    @property
    def data(self) -> dict[str, Any]:
        """Return the result for programs."""
        told = (
            [{"path": one.path, "default": one.default, "unit": one.unit, "source": one.source} for one in self.top] if self.trusted else []
        )
        return {"method": self.method, "pairs": self.pairs, "trusted": self.trusted, "quality": self.quality, "top": told}


def turned(one: Lever) -> tuple[float, float]:
    """Return how far an analysis turns a number: its bounds, or for a positive one a quarter to four times its default.

    Bounds are wide where nobody has measured; a count of fifty intents a session says nothing about the network that is meant.
    """
    if one.low >= 0.0 and one.default > 0.0:
        return max(one.low, one.default / REACH), min(one.high, one.default * REACH)
    if one.low >= 0.0 and one.high > 1.0:  # off by default, and counted: credits, follow-ups
        return one.low, min(one.high, REACH)
    return one.low, one.high


def factors_of(inquiry: Inquiry, paths: Sequence[str] | None) -> list[Lever]:
    """Return the numbers to turn: those named, or all that are assumptions.

    Raises:
        BadInput: for a path that is not one.
    """
    if paths:
        return [lever(inquiry.scenario, path) for path in dict.fromkeys(paths)]
    found = [one for one in levers(inquiry.scenario).values() if one.path not in LEFT_OUT]
    return [one for one in found if turned(one)[0] < turned(one)[1]]


def check_method(method: str, factors: Sequence[Lever], *, every: bool) -> None:
    """Refuse what a method cannot do.

    Raises:
        BadInput: with what would do.
    """
    if method not in (MORRIS, SOBOL):
        raise BadInput(f"--method: found {method!r}; morris or sobol would do")
    if every and method != MORRIS:
        raise BadInput("--all: goes with --method morris, which screens in groups; --parameters names a few for sobol")
    if not every and not 2 <= len(factors) <= MOST_FACTORS[method]:
        raise BadInput(f"--parameters: found {len(factors)}; 2 to {MOST_FACTORS[method]} for {method} would do, or --all")


def analyse(
    inquiry: Inquiry, method: str, paths: Sequence[str] | None, folder: Path, ledger: Path | None, progress: Progress
) -> Result:  # fmt: skip
    """Run the analysis and write its files."""
    started = time.time()
    factors = factors_of(inquiry, paths)
    with inquiry.study(folder, ledger, NEW if method == SOBOL else COMMON) as study:
        if method == SOBOL:
            result = _indices(inquiry, study, factors, folder, progress)
        elif paths:
            affordable = inquiry.affordable(study, folder, TRAJECTORIES[0] * (len(factors) + 1))
            result = _screened(inquiry, study, factors, affordable, 0, progress)
        else:
            result = _every(inquiry, study, factors, folder, progress)
    _write(result, folder)
    inquiry.finish(folder, started)
    return result


def _outputs(inquiry: Inquiry, found: Sequence[Found]) -> dict[str, np.ndarray]:
    level = np.array([values_of(f, inquiry.reference, inquiry.measure)[0] for f in found])
    return {DIFFERENCE: differences(inquiry, found)[:, 0], LEVEL: level}


def _noise(inquiry: Inquiry, study: Study) -> float:
    """Return the standard deviation of the difference from luck alone, at the scenario itself."""
    found = study.evaluate([Point(0, {})], 8)
    return float(np.nanstd(differences(inquiry, found), ddof=1))


def _screened(inquiry: Inquiry, study: Study, factors: Sequence[Lever], affordable: int, first: int, progress: Progress) -> Result:
    """Screen numbers one by one with the pairs that can be afforded."""
    import pandas as pd

    trajectories = max(TRAJECTORIES[0], min(TRAJECTORIES[1], affordable // (len(factors) + 1)))
    plan = screening.screen([one.path for one in factors], [turned(one) for one in factors], trajectories, inquiry.seed)
    points = [Point(first + k, {one.path: float(v) for one, v in zip(factors, row, strict=True)}) for k, row in enumerate(plan.points, 1)]
    outputs = _outputs(inquiry, study.evaluate(points, 1, progress))
    tables = [screening.effects(plan, y, inquiry.seed).assign(output=name) for name, y in outputs.items()]
    return Result(inquiry, MORRIS, list(factors), pd.concat(tables, ignore_index=True), None, len(points), _noise(inquiry, study))


def _every(inquiry: Inquiry, study: Study, factors: Sequence[Lever], folder: Path, progress: Progress) -> Result:
    """Screen everything in groups, then open the groups that matter most, as far as the time goes."""
    import dataclasses

    names = list(dict.fromkeys(one.section for one in factors))
    affordable = inquiry.affordable(study, folder, TRAJECTORIES[0] * (len(names) + 1))
    trajectories = max(TRAJECTORIES[0], min(TRAJECTORIES[1], affordable // 2 // (len(names) + 1)))
    plan = screening.screen(
        [one.path for one in factors], [turned(one) for one in factors], trajectories, inquiry.seed, [one.section for one in factors]
    )
    points = [Point(k, {one.path: float(v) for one, v in zip(factors, row, strict=True)}) for k, row in enumerate(plan.points, 1)]
    outputs = _outputs(inquiry, study.evaluate(points, 1, lambda done, _wanted: progress(done, affordable)))
    groups = screening.effects(plan, outputs[DIFFERENCE], inquiry.seed)
    left = max(0, affordable - len(points))
    opened: list[Lever] = []
    for name in groups.factor:
        part = [one for one in factors if one.section == name]
        if opened and TRAJECTORIES[0] * (len(opened) + len(part) + 1) > left:
            break
        opened += part
    found = _screened(inquiry, study, opened, left, len(points), lambda done, _wanted: progress(len(points) + done, affordable))
    return dataclasses.replace(found, groups=groups, pairs=found.pairs + len(points))


def _indices(inquiry: Inquiry, study: Study, factors: Sequence[Lever], folder: Path, progress: Progress) -> Result:
    """Fit a surrogate to spread points, each with luck of its own, and take its indices."""
    import pandas as pd

    affordable = inquiry.affordable(study, folder, 64)
    size = min(affordable, max(LEAST_POINTS, POINTS_EACH * len(factors)))
    names, bounds = [one.path for one in factors], [turned(one) for one in factors]
    rows = np.array(spread([Axis(one.path, *turned(one), one.whole) for one in factors], size, inquiry.seed), float)
    points = [Point(k, dict(zip(names, map(float, row), strict=True))) for k, row in enumerate(rows, 1)]
    tables, quality, noise = [], {}, 0.0
    for name, y in _outputs(inquiry, study.evaluate(points, 1, progress)).items():
        model = sobol.surrogate(rows, y, bounds, inquiry.seed)
        quality[name] = model.quality
        noise = float(np.sqrt(model.noise)) if name == DIFFERENCE else noise
        tables.append(sobol.indices(model, names, inquiry.seed).assign(output=name))
    return Result(inquiry, SOBOL, list(factors), pd.concat(tables, ignore_index=True), None, len(points), noise, quality)


# what it leaves ------------------------------------------------------------------------------------------------------

FILES = (
    ("sensitivity.csv", "every number: effects or indices with intervals, on the difference and on the level"),
    ("groups.csv", "with --all: the groups, screened first"), ("scenario.toml", "the scenario, to run again"),
    ("provenance.json", "versions, seeds, command, machine, times"), ("ledger.sqlite", "the runs themselves: the same command goes on from there"),
)  # fmt: skip


def _write(r: Result, folder: Path) -> None:
    sources = {one.path: (one.default, *turned(one), one.unit, one.source) for one in r.factors}
    table = r.table.assign(**{
        name: [sources[path][k] for path in r.table.factor] for k, name in enumerate(("default", "low", "high", "unit", "source"))
    })  # fmt: skip
    record.write_table(folder / "sensitivity.csv", table[["output", *[c for c in table.columns if c != "output"]]])
    sections = [
        Section(
            "The numbers that matter most", [_paragraph(r)], tables=[_table(r, DIFFERENCE), _table(r, LEVEL, folded=True)],
        ),
    ]  # fmt: skip
    if r.groups is not None:
        record.write_table(folder / "groups.csv", r.groups)
        rows = [[g.factor, _amount(r, g.mean_absolute_effect), f"{_amount(r, g.mean_absolute_low)} to {_amount(r, g.mean_absolute_high)}"]
                for g in r.groups.itertuples()]  # fmt: skip
        lines = ["All numbers of a group were turned together, each its own way; the groups with the largest effects were then opened."]
        sections.append(
            Section("Groups", lines, tables=[Table("Effects of groups on the difference", ["group", "mean absolute effect", "95%"], rows)])
        )
    page = Page(
        f"Which assumptions does the answer hang on, {r.inquiry.against}?", r.answer, _drawn(r, folder / "figures"), sections,
        how=r.inquiry.how(f"{r.pairs} pairs"), files=FILES,
    )  # fmt: skip
    write_findings(page, folder)


def _paragraph(r: Result) -> str:
    noise = f"Luck alone moves the difference of one pair by {_amount(r, r.noise)} (one standard deviation): effects below that are not told from it."
    if r.method == MORRIS:
        return (
            "Mean absolute effect: how much the difference moves when one number goes over its range, all others anywhere; spread: how "
            f"much that depends on the others. All points share their luck. {noise}"
        )
    told = ", ".join(f"{name} {q:.2f}" for name, q in r.quality.items())
    return (
        "First-order index: share of the variance that a number explains alone; total: with all others. They are of a Gaussian process "
        f"that foretold points held out with Q² of {told}. {noise}"
    )


def _amount(r: Result, x: float) -> str:
    return f"{POINTS * x:.2f} points" if MEASURES[r.inquiry.measure].unit == "share" else f"{x:.3g}"


def _table(r: Result, output: str, *, folded: bool = False) -> Table:
    part = r.table[r.table.output == output].head(30)
    by_path = {one.path: one for one in r.factors}
    if r.method == MORRIS:
        columns = ["number", "mean absolute effect", "95%", "mean effect", "spread", "turned", "source"]
        rows = [[t.factor, _amount(r, t.mean_absolute_effect), f"{_amount(r, t.mean_absolute_low)} to {_amount(r, t.mean_absolute_high)}",
                 _amount(r, t.mean_effect), _amount(r, t.spread), _range(by_path[t.factor]), by_path[t.factor].source] for t in part.itertuples()]  # fmt: skip
    else:
        columns = ["number", "first order", "95%", "total", "95%", "turned", "source"]
        rows = [[t.factor, f"{t.first:.2f}", f"{t.first_low:.2f} to {t.first_high:.2f}", f"{t.total:.2f}", f"{t.total_low:.2f} to {t.total_high:.2f}",
                 _range(by_path[t.factor]), by_path[t.factor].source] for t in part.itertuples()]  # fmt: skip
    title = "On the difference between the arms" if output == DIFFERENCE else f"On the level under {r.inquiry.reference.replace('_', '-')}"
    return Table(title, columns, rows, folded)


def _range(one: Lever) -> str:
    low, high = turned(one)
    return f"{low:g} to {high:g}"


def _drawn(r: Result, folder: Path) -> Figure:
    from matplotlib import rc_context
    from matplotlib.figure import Figure as Canvas

    part = r.table[r.table.output == DIFFERENCE].head(20)
    share = MEASURES[r.inquiry.measure].unit == "share"
    with rc_context(STYLE):
        if r.method == MORRIS:
            scale = POINTS if share else 1.0
            canvas = Canvas(figsize=(8.6, 5.2))
            ax = canvas.subplots()
            ax.axvspan(0.0, scale * r.noise, color="#eceef1", lw=0, zorder=0, label="luck of a pair, one sd")
            ax.plot(scale * part.mean_absolute_effect, scale * part.spread, "o", color=ARMS[0], ms=5)
            for k, t in enumerate(part.head(12).itertuples()):
                ax.annotate(t.factor, (scale * t.mean_absolute_effect, scale * t.spread), (5, 4 if k % 2 else -9), textcoords="offset points",
                            fontsize=8.5, fontweight="bold" if k < FIVE else "normal")  # fmt: skip
            unit = "points" if share else MEASURES[r.inquiry.measure].unit
            ax.set(
                xlabel=f"mean absolute effect on the difference in {r.inquiry.title}, {unit}",
                ylabel="spread of the effect",
                xlim=(0, None),
                ylim=(0, None),
            )
            ax.margins(x=0.18)
            ax.legend(fontsize=8.5)
        else:
            canvas = Canvas(figsize=(8.6, 0.42 * len(part) + 1.6))
            ax = canvas.subplots()
            for k, t in enumerate(part.itertuples()):
                ax.plot([t.total_low, t.total_high], [k - 0.12] * 2, color=ARMS[0], lw=2)
                ax.plot(t.total, k - 0.12, "o", color=ARMS[0], label="total" if k == 0 else None)
                ax.plot([t.first_low, t.first_high], [k + 0.12] * 2, color=EVEN, lw=2)
                ax.plot(t.first, k + 0.12, "o", color=EVEN, label="first order" if k == 0 else None)
            ax.set_yticks(range(len(part)), part.factor)
            ax.set_ylim(len(part) - 0.4, -0.6)
            ax.set_xlabel(f"share of the variance of the difference in {r.inquiry.title}")
            ax.legend()
        save(canvas, folder, "sensitivity")
    what = "mean absolute effect against spread" if r.method == MORRIS else "first-order and total indices with 95% intervals"
    return Figure(
        "sensitivity", "What the answer hangs on", f"Numbers of the model: {what}. {r.inquiry.size}.",
        f"A plot of {what} by number. Most important: {', '.join(part.factor.head(FIVE))}.",
    )  # fmt: skip
