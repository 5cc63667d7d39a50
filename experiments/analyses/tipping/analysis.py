"""At which value of a number the sign of the difference changes."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.analyses.base import Analysis, differences
from experiments.analyses.time_budget import counted
from experiments.methods.root_finding import FEWEST, NONE, OPEN, Root, best_fit, find_root
from experiments.reporting import run_folder
from experiments.reporting.page import Page, Section, Table, write_findings
from experiments.reporting.style import ARMS, EVEN, STYLE, Figure, save
from experiments.reporting.text import POINTS, named
from experiments.runs.study import Point, Progress
from experiments.space.factors import MEMBERS, Factor
from sim.errors import BadInput
from sim.results.measures import MEASURES

if TYPE_CHECKING:
    from experiments.runs.study import Study

LEAST, MOST = 40, 400  # pairs: fewer find no root, more bring little
LEAST_PLACES = 4  # of a whole number: fewer are compared one by one
LEAST_MEMBERS = 3  # of a comparison
FILES = (
    ("tipping.csv", "every pair: the number's value and the difference that was seen"), ("scenario.toml", "the scenario, to run again"),
    ("budget.json", "how many pairs the time was enough for"), ("provenance.json", "versions, seeds, command, machine, times"), ("ledger.sqlite", "the runs themselves: the same command goes on from there"),
)  # fmt: skip


@dataclass(frozen=True)
class Tipping:
    """Where the winner changes along one number."""

    analysis: Analysis
    factor: Factor
    low: float
    high: float
    root: Root

    @property
    def answer(self) -> list[str]:
        """Return what was found in sentences."""
        r, who, what = self.root, named(self.analysis.arm), self.analysis.title
        where = f"{self.factor.path} from {self.low:g} to {self.high:g}"
        if r.kind == NONE:
            return [f"No change in this range: {who} has {_than(r.sign)} {what} than {named(self.analysis.reference)} all over {where}."]
        if r.kind == OPEN:
            return [
                f"It is not decided whether the sign changes over {where}{self._open}. More minutes (--budget), more members or another --range would help."
            ]
        first = (
            f"The sign changes at {self.factor.path} = {r.root:.3g} (95% interval {r.low:.3g} to {r.high:.3g}): below, {who} has "
            f"{_than(r.sign)} {what} than {named(self.analysis.reference)}, above {_than(-r.sign)}."
        )
        other = f" The first look suggests {r.others} further change{'s' * (r.others > 1)} in the range." if r.others else ""
        return [first, self._usual + other]

    @property
    def _open(self) -> str:
        """Return what is sure all the same: the sign on one side."""
        r = self.root
        if self.low < r.low and r.sign:
            return f": {named(self.analysis.arm)} surely has {_than(r.sign)} {self.analysis.title} below {r.low:.3g}, and above that the difference is not told from zero"
        if r.high < self.high:
            return f": the difference is told from zero above {r.high:.3g}, and not below"
        return ": the difference is not told from zero"

    @property
    def _usual(self) -> str:
        """Return on which side the scenario itself stands."""
        r, value = self.root, self.factor.default
        side = "within that interval" if r.low <= value <= r.high else "above that" if value > r.root else "below that"
        return f"The scenario has {value:g}, {side}; the unit is {self.factor.unit}."

    @property
    def data(self) -> dict[str, Any]:
        """Return the result for programs."""
        r = self.root
        return {
            "parameter": self.factor.path, "low": self.low, "high": self.high, "measure": self.analysis.measure, "kind": r.kind,
            "root": r.root if r.found else None, "ci_low": r.low, "ci_high": r.high, "sign_below": r.sign, "pairs": len(r.x),
        }  # fmt: skip


def _than(sign: int) -> str:
    return "more" if sign > 0 else "less"


def chosen_range(found: Factor, given: tuple[float, float] | None) -> tuple[float, float]:
    """Return the range asked for, or the schema's.

    Raises:
        BadInput: if it is empty or goes beyond the schema's.
    """
    if found.path == MEMBERS and (given is None or given[0] < LEAST_MEMBERS):
        told = "none" if given is None else f"{given[0]:g} {given[1]:g}"
        raise BadInput(f"--range: found {told}; members need one, from {LEAST_MEMBERS} or more: --range 300 3000, for instance, would do")
    low, high = given or (found.low, found.high)
    if not found.low <= low < high <= found.high:
        raise BadInput(f"--range: found {low:g} {high:g}; LOW below HIGH, within {found.low:g} to {found.high:g} of {found.path}, would do")
    if found.whole and math.floor(high) - math.ceil(low) < LEAST_PLACES - 1:
        raise BadInput(f"--range: found {low:g} {high:g}; {found.path} is a whole number, and {LEAST_PLACES} of them or more would do")
    return low, high


def tip(analysis: Analysis, path: str, given: tuple[float, float] | None, folder: Path, ledger: Path | None, progress: Progress) -> Tipping:
    """Find where the difference between the arms changes its sign along a number."""
    started = time.time()
    found = analysis.factor(path)
    low, high = chosen_range(found, given)
    budget = analysis.budget(folder)
    with analysis.study(folder, ledger) as study:
        ends = [Point(k, {path: value}) for k, value in enumerate((low, (low + high) / 2.0, high), 1)]  # volumes cost more at one end
        pairs = min(MOST, budget.pairs(study, ends, LEAST))
        seen = _Seen(analysis, study, path, pairs, progress)

        def closer(planned: int) -> int:
            """Return how many pairs near the root the time still allows."""
            return budget.decide("closer", lambda: max(LEAST - seen.done, min(planned, int(max(0.0, budget.left()) / seen.pace))))

        root = find_root(seen, low, high, pairs, found.default, whole=found.whole, more=closer)
    budget.save()
    result = Tipping(analysis, found, low, high, root)
    _write(result, folder)
    analysis.finish(folder, started)
    return result


class _Seen:
    """The difference at places along a number, each place with luck of its own."""

    def __init__(self, analysis: Analysis, study: Study, path: str, wanted: int, progress: Progress) -> None:
        self.analysis, self.study, self.path, self.wanted, self.progress, self.done = analysis, study, path, wanted, progress, 0
        self.pace = 1e-4  # seconds of a pair so far; of those that the ledger had, little

    def __call__(self, x: np.ndarray) -> np.ndarray:
        started = time.perf_counter()
        points = [Point(self.done + k, {self.path: float(value)}) for k, value in enumerate(x, 1)]
        found = self.study.evaluate(points, 1, counted(self.progress, self.done, self.wanted))
        self.done += len(points)
        self.pace = max(self.pace, (time.perf_counter() - started) / max(1, len(points)))
        return differences(self.analysis, found).reshape(-1)


def _write(t: Tipping, folder: Path) -> None:
    import pandas as pd

    order = np.argsort(t.root.x, kind="stable")
    run_folder.write_table(folder / "tipping.csv", pd.DataFrame({t.factor.path: t.root.x[order], "difference": t.root.y[order]}))
    figure = _drawn(t, folder / "figures")
    rows = [[t.factor.path, t.factor.unit, f"{t.factor.default:g}", f"{t.factor.low:g} to {t.factor.high:g}", t.factor.source]]
    rests = Section(
        "What it rests on",
        [
            (
                "Everything else is as in the scenario; another scenario may tip elsewhere. Each dot is a pair of runs with luck of its own. On functions whose "
                "root is known the interval covers it 93 to 97 times of a hundred."
            ),
        ],
        tables=[Table("The number", ["number", "unit", "in the scenario", "bounds", "source"], rows)],
    )
    page = Page(
        f"At which {t.factor.path} does the winner change, {t.analysis.against}?", t.answer, figure, [rests],
        how=t.analysis.how(f"{len(t.root.x)} pairs, each with luck of its own"), files=FILES,
    )  # fmt: skip
    write_findings(page, folder)


def _drawn(t: Tipping, folder: Path) -> Figure:
    from matplotlib import rc_context
    from matplotlib.figure import Figure as Canvas

    share = MEASURES[t.analysis.measure].unit == "share"
    scale = POINTS if share else 1.0
    x, y = t.root.x, t.root.y
    with rc_context(STYLE):
        canvas = Canvas(figsize=(7.6, 4.4))
        ax = canvas.subplots()
        ax.plot(x, scale * y, "o", ms=3.6, color=ARMS[0], alpha=0.65, label="a pair of runs")
        if len(x) >= FEWEST:
            grid = np.linspace(t.low, t.high, 200)
            ax.plot(grid, scale * np.polyval(best_fit(x, y).coefficients, grid), color="#222831", lw=1.3, label="fit to all")
        ax.axhline(0.0, color="#444a52", lw=0.9)
        if t.root.kind != NONE:
            label = "95% interval of the tipping point" if t.root.found else "not decided where, or whether"
            ax.axvspan(t.root.low, t.root.high, color="#f2e7c9" if t.root.found else "#eceef1", lw=0, zorder=0, label=label)
        if t.root.found:
            ax.axvline(t.root.root, color="#d9822b", lw=1.4)
        if t.low <= t.factor.default <= t.high:
            ax.axvline(t.factor.default, color=EVEN, lw=1.2, ls="--", label="in the scenario")
        ax.set_xlim(t.low, t.high)
        ax.set_xlabel(f"{t.factor.path}, {t.factor.unit}")
        ax.set_ylabel(f"difference in {t.analysis.title}" + (", points" if share else f", {MEASURES[t.analysis.measure].unit}"))
        canvas.legend(loc="outside lower center", ncols=3, fontsize=8.5)
        save(canvas, folder, "tipping")
    return Figure(
        "tipping", "The tipping point",
        f"Difference in {t.analysis.title}, {t.analysis.against}, in {len(x)} pairs of runs along {t.factor.path}. {t.analysis.size}.",
        f"Dots of differences against {t.factor.path}, a line through them, zero, and where they cross. " + " ".join(t.answer),
    )  # fmt: skip
