"""At which value of a number the sign of the difference changes."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments import record
from experiments.answer import POINTS
from experiments.drawing import ARMS, EVEN, STYLE, Figure, named, save
from experiments.inquiry import Inquiry, differences
from experiments.levers import Lever, lever
from experiments.methods.roots import Root, best_fit, find_root, fitted
from experiments.page import Page, Section, Table, write_findings
from experiments.study import Point, Progress
from sim.errors import BadInput
from sim.measures import MEASURES

if TYPE_CHECKING:
    from experiments.study import Study

LEAST, MOST = 40, 400  # pairs: fewer find no root, more bring little
FILES = (
    ("tipping.csv", "every pair: the number's value and the difference that was seen"), ("scenario.toml", "the scenario, to run again"),
    ("provenance.json", "versions, seeds, command, machine, times"), ("ledger.sqlite", "the runs themselves: the same command goes on from there"),
)  # fmt: skip


@dataclass(frozen=True)
class Tipping:
    """Where the winner changes along one number."""

    inquiry: Inquiry
    lever: Lever
    low: float
    high: float
    root: Root

    @property
    def answer(self) -> list[str]:
        """Return what was found in sentences."""
        who, what = named(self.inquiry.arm), self.inquiry.title
        where = f"{self.lever.path} from {self.low:g} to {self.high:g}"
        if not self.root.found:
            if self.root.sign == 0:
                return [
                    f"No change of sign was found over {where}, but the difference in {what} is not told from zero everywhere: a larger --budget would do."
                ]
            more = "more" if self.root.sign > 0 else "less"
            return [f"No change in this range: {who} has {more} {what} all over {where}."]
        below, above = ("more", "less") if self.root.sign > 0 else ("less", "more")
        first = (
            f"The sign changes at {self.lever.path} = {self.root.root:.3g} (95% interval {self.root.low:.3g} to {self.root.high:.3g}): "
            f"below, {who} has {below} {what} than {named(self.inquiry.reference)}, above {above}."
        )
        side = "above" if self.lever.default > self.root.root else "below"
        second = f"The scenario has {self.lever.default:g}, {side} that; the unit is {self.lever.unit}."
        other = f" {self.root.others} further change(s) of sign may lie in the range." if self.root.others else ""
        return [first, second + other]

    @property
    def data(self) -> dict[str, Any]:
        """Return the result for programs."""
        r = self.root
        told = {"root": r.root, "ci_low": r.low, "ci_high": r.high} if r.found else {"root": None, "ci_low": None, "ci_high": None}
        bounded = {k: v if v is None or math.isfinite(v) else None for k, v in told.items()}
        return {
            "parameter": self.lever.path,
            "low": self.low,
            "high": self.high,
            "measure": self.inquiry.measure,
            "sign_below": r.sign,
            **bounded,
        }


def chosen_range(found: Lever, given: tuple[float, float] | None) -> tuple[float, float]:
    """Return the range asked for, or the schema's.

    Raises:
        BadInput: if it is empty or goes beyond the schema's.
    """
    low, high = given or (found.low, found.high)
    if not found.low <= low < high <= found.high:
        raise BadInput(f"--range: found {low:g} {high:g}; LOW below HIGH, within {found.low:g} to {found.high:g} of {found.path}, would do")
    return low, high


def tip(inquiry: Inquiry, path: str, given: tuple[float, float] | None, folder: Path, ledger: Path | None, progress: Progress) -> Tipping:
    """Find where the difference between the arms changes its sign along a number."""
    started = time.time()
    found = lever(inquiry.scenario, path)
    low, high = chosen_range(found, given)
    with inquiry.study(folder, ledger) as study:
        pairs = min(MOST, inquiry.affordable(study, folder, LEAST))
        root = find_root(_Seen(inquiry, study, path, pairs, progress), low, high, pairs, found.default)
    result = Tipping(inquiry, found, low, high, root)
    _write(result, folder)
    inquiry.finish(folder, started)
    return result


class _Seen:
    """The difference at places along a number, each place with luck of its own."""

    def __init__(self, inquiry: Inquiry, study: Study, path: str, wanted: int, progress: Progress) -> None:
        self.inquiry, self.study, self.path, self.wanted, self.progress, self.done = inquiry, study, path, wanted, progress, 0

    def __call__(self, x: np.ndarray) -> np.ndarray:
        points = [Point(self.done + k, {self.path: float(value)}) for k, value in enumerate(x, 1)]
        before = self.done
        found = self.study.evaluate(points, 1, lambda done, _wanted: self.progress(before + done, self.wanted))
        self.done += len(points)
        return differences(self.inquiry, found)[:, 0]


def _write(t: Tipping, folder: Path) -> None:
    import pandas as pd

    order = np.argsort(t.root.x, kind="stable")
    record.write_table(folder / "tipping.csv", pd.DataFrame({t.lever.path: t.root.x[order], "difference": t.root.y[order]}))
    figure = _drawn(t, folder / "figures")
    rows = [[t.lever.path, t.lever.unit, f"{t.lever.default:g}", f"{t.lever.low:g} to {t.lever.high:g}", t.lever.source]]
    rests = Section(
        "What it rests on",
        [
            (
                "Everything else is as in the scenario; another scenario may tip elsewhere. Each dot is a pair of runs with luck of its own. The interval "
                "covers the true value 93 to 97 times of a hundred on functions whose root is known."
            ),
        ],
        tables=[Table("The number", ["number", "unit", "in the scenario", "bounds", "source"], rows)],
    )
    page = Page(
        f"At which {t.lever.path} does the winner change, {t.inquiry.against}?", t.answer, figure, [rests],
        how=t.inquiry.how(f"{len(t.root.x)} pairs, each with luck of its own"), files=FILES,
    )  # fmt: skip
    write_findings(page, folder)


def _drawn(t: Tipping, folder: Path) -> Figure:
    from matplotlib import rc_context
    from matplotlib.figure import Figure as Canvas

    share = MEASURES[t.inquiry.measure].unit == "share"
    scale = POINTS if share else 1.0
    x, y = t.root.x, t.root.y
    with rc_context(STYLE):
        canvas = Canvas(figsize=(7.6, 4.4))
        ax = canvas.subplots()
        ax.plot(x, scale * y, "o", ms=3.6, color=ARMS[0], alpha=0.65, label="a pair of runs")
        fit = best_fit(x, y)
        grid = np.linspace(t.low, t.high, 200)
        ax.plot(
            grid,
            scale * np.polyval(fitted(x, y, len(fit.coefficients) - 1).coefficients, grid),
            color="#222831",
            lw=1.3,
            label="fit to all",
        )
        ax.axhline(0.0, color="#444a52", lw=0.9)
        if t.root.found:
            ax.axvspan(
                max(t.low, t.root.low), min(t.high, t.root.high), color="#f2e7c9", lw=0, zorder=0, label="95% interval of the tipping point"
            )
            ax.axvline(t.root.root, color="#d9822b", lw=1.4)
        ax.axvline(t.lever.default, color=EVEN, lw=1.0, ls="--", label="in the scenario")
        ax.set_xlabel(f"{t.lever.path}, {t.lever.unit}")
        ax.set_ylabel(f"difference in {t.inquiry.title}" + (", points" if share else f", {MEASURES[t.inquiry.measure].unit}"))
        ax.legend(fontsize=8.5)
        save(canvas, folder, "tipping")
    return Figure(
        "tipping", "The tipping point",
        f"Difference in {t.inquiry.title}, {t.inquiry.against}, at {len(x)} values of {t.lever.path}. {t.inquiry.size}.",
        f"Dots of differences against {t.lever.path}, a line through them, zero, and where they cross. " + " ".join(t.answer),
    )  # fmt: skip
