"""A tipping point in words, as files, a figure and a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.methods.root_finding import FEWEST, NONE, OPEN, best_fit
from experiments.reporting import run_folder
from experiments.reporting.page import Page, Section, Table, write_findings
from experiments.reporting.style import ARMS, EVEN, STYLE, Figure, blank, rc_context, save
from experiments.reporting.text import POINTS, named

if TYPE_CHECKING:
    import pandas as pd

    from experiments.analyses.tipping.analysis import Tipping

FILES = (
    ("tipping.csv", "every pair: the parameter's value and the difference that was seen"),
    ("scenario.toml", "the scenario, to run again"),
    ("budget.json", "how many pairs the time was enough for"),
    ("provenance.json", "versions, seeds, command, machine, times"),
    ("ledger.sqlite", "the runs themselves: the same command continues from there"),
)


def answer(t: Tipping) -> list[str]:
    """Return what was found in sentences."""
    r, who, what = t.root, named(t.analysis.arm), t.analysis.title
    where = f"{t.factor.path} from {t.low:g} to {t.high:g}"
    if r.kind == NONE:
        return [f"No change in this range: {who} has {_than(r.sign)} {what} than {named(t.analysis.reference)} all over {where}."]
    if r.kind == OPEN:
        return [
            f"It is not decided whether the sign changes over {where}{_open(t)}. More minutes (--budget), more members or another --range would help."
        ]
    first = (
        f"The sign changes at {t.factor.path} = {r.root:.3g} (95% confidence interval {r.low:.3g} to {r.high:.3g}): below, {who} has "
        f"{_than(r.sign)} {what} than {named(t.analysis.reference)}, above {_than(-r.sign)}."
    )
    other = f" The first look suggests {r.others} further change{'s' * (r.others > 1)} in the range." if r.others else ""
    return [first, _usual(t) + other]


def _open(t: Tipping) -> str:
    """Return what is sure all the same: the sign on one side."""
    r = t.root
    if t.low < r.low and r.sign:
        return f": {named(t.analysis.arm)} has {_than(r.sign)} {t.analysis.title} below {r.low:.3g}, and above that the difference is not distinguishable from zero"
    if r.high < t.high:
        return f": the difference is distinguishable from zero above {r.high:.3g}, and not below"
    return ": the difference is not distinguishable from zero"


def _usual(t: Tipping) -> str:
    """Return on which side the scenario itself stands."""
    r, value = t.root, t.factor.default
    side = "within that interval" if r.low <= value <= r.high else "above that" if value > r.root else "below that"
    return f"The scenario has {value:g}, {side}; the unit is {t.factor.unit}."


def _than(sign: int) -> str:
    return "more" if sign > 0 else "less"


def question(t: Tipping) -> str:
    """Return the question that is answered."""
    return f"At which {t.factor.path} does the winner change, {t.analysis.against}?"


def pairs_table(t: Tipping) -> pd.DataFrame:
    """Return a row a pair of runs: the parameter's value and the difference that was seen, in the order of the first."""
    import pandas as pd

    order = np.argsort(t.root.x, kind="stable")
    return pd.DataFrame({t.factor.path: t.root.x[order], "difference": t.root.y[order]})


def write(t: Tipping, folder: Path) -> None:
    """Write table, figure and page."""
    run_folder.write_table(folder / "tipping.csv", pairs_table(t))
    figure = draw(t, folder / "figures")
    rows = [[t.factor.path, t.factor.unit, f"{t.factor.default:g}", f"{t.factor.low:g} to {t.factor.high:g}", t.factor.source]]
    rests = Section(
        "Assumptions",
        [
            (
                "Everything else is as in the scenario; another scenario may tip elsewhere. Each dot is a pair of runs with seeds of its own. On functions whose "
                "root is known the interval covers it in 93% to 97% of cases."
            ),
        ],
        tables=[Table("The parameter", ["parameter", "unit", "in the scenario", "bounds", "source"], rows)],
    )
    page = Page(
        question(t),
        answer(t),
        figure,
        [rests],
        how=t.analysis.how(f"{len(t.root.x)} pairs, each with seeds of its own"),
        files=FILES,
    )
    write_findings(page, folder)


def draw(t: Tipping, folder: Path) -> Figure:
    """Draw the difference along the parameter, and where its sign changes."""
    share = t.analysis.entry.unit == "share"
    scale = POINTS if share else 1.0
    x, y = t.root.x, t.root.y
    with rc_context(STYLE):
        canvas = blank(figsize=(7.6, 4.4))
        ax = canvas.subplots()
        ax.plot(x, scale * y, "o", ms=3.6, color=ARMS[0], alpha=0.65, label="a pair of runs")
        if len(x) >= FEWEST:
            grid = np.linspace(t.low, t.high, 200)
            ax.plot(grid, scale * np.polyval(best_fit(x, y).coefficients, grid), color="#222831", lw=1.3, label="fit to all")
        ax.axhline(0.0, color="#444a52", lw=0.9)
        if t.root.kind != NONE:
            label = "95% confidence interval of the tipping point" if t.root.found else "not decided where, or whether"
            ax.axvspan(t.root.low, t.root.high, color="#f2e7c9" if t.root.found else "#eceef1", lw=0, zorder=0, label=label)
        if t.root.found:
            ax.axvline(t.root.root, color="#d9822b", lw=1.4)
        if t.low <= t.factor.default <= t.high:
            ax.axvline(t.factor.default, color=EVEN, lw=1.2, ls="--", label="in the scenario")
        ax.set_xlim(t.low, t.high)
        ax.set_xlabel(f"{t.factor.path}, {t.factor.unit}")
        ax.set_ylabel(f"difference in {t.analysis.title}" + (", points" if share else f", {t.analysis.entry.unit}"))
        canvas.legend(loc="outside lower center", ncols=3, fontsize=8.5)
        save(canvas, folder, "tipping")
    return Figure(
        "tipping",
        "The tipping point",
        f"Difference in {t.analysis.title}, {t.analysis.against}, in {len(x)} pairs of runs along {t.factor.path}. {t.analysis.size}.",
        f"Dots of differences against {t.factor.path}, a line through them, zero, and where they cross. " + " ".join(answer(t)),
    )
