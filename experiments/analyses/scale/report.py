"""A comparison at growing sizes in words, as files, a figure and a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.analyses.scale.analysis import Scale
from experiments.methods.size_laws import GROWS, LEVEL, LIMIT, RELATIVE, STEADY, WIDE
from experiments.reporting import by_size, run_folder
from experiments.reporting.page import Page, Section, Table, write_findings
from experiments.reporting.palette import BAND, INK, SOFT
from experiments.reporting.style import Axes, Drawn, Figure, Screen, draw_all
from experiments.reporting.text import INTERVAL, counted, listed, named

if TYPE_CHECKING:
    import pandas as pd

    from experiments.methods.size_laws import Law

DIFFERENCE = "difference"
REMEDY = " More --sizes further apart, or more --pairs, would help."
FILES = (
    ("scale.csv", "every goal and guardrail at every size: level, difference and relative effect with 95% confidence intervals"),
    ("laws.csv", "what can be said of each by size: limits, changes, and how the largest size was predicted"),
    ("scenario.toml", "the scenario, to run again"),
    ("budget.json", "how many pairs the time was enough for"),
    ("provenance.json", "versions, seeds, command, machine, times"),
    ("ledger.sqlite", "the runs themselves: the same command continues from there"),
)


def question(s: Scale) -> str:
    """Return the question that is answered."""
    return f"Are {s.own:,} members enough, {s.analysis.against}?"


def answer(s: Scale) -> list[str]:
    """Return in sentences how the primary measure goes with size, and what of the other goals and guardrails."""
    name, arms = s.analysis.measure, (s.analysis.reference, s.analysis.arm)
    parts = [
        by_size.said(s.analysis.entry, what, own=s.own, verdict=s.verdicts.get((name, what)), remedy=REMEDY) for what in (LEVEL, RELATIVE)
    ]
    return [by_size.course(s.analysis.entry, arms, s.seen[name]), *parts, *_others(s)]


def _others(s: Scale) -> list[str]:
    """Return which of the other goals and guardrails change with size in their relative effect, and of which that cannot be said."""
    kinds: dict[str, list[str]] = {}
    for name in s.seen:
        if name != s.analysis.measure:
            v = s.verdicts.get((name, RELATIVE))
            kinds.setdefault(v.kind if v else "", []).append(s.analysis.catalogue[name].title.lower())
    told = {LIMIT: "levels off", GROWS: "goes on with size", STEADY: "shows no change with size"}
    lines = [f"it {told[kind]} for {listed(kinds[kind])}" for kind in told if kind in kinds]
    rest = [name for kind, names in kinds.items() if kind not in told for name in names]
    lines += [f"it cannot be said for {listed(rest)}"] if rest else []
    return [f"Of the relative effect on the other goals and guardrails, {'; '.join(lines)}."] if lines else []


# tables ---------------------------------------------------------------------------------------------------------------


def laws_table(s: Scale) -> pd.DataFrame:
    """Return a row a measure, and level or relative effect, of which something can be asked: what can be said, and how that was checked."""
    import pandas as pd

    rows = []
    for (name, what), v in s.verdicts.items():
        row: dict[str, Any] = {"measure": name, "of": what, "said": v.kind, "members": s.own}
        limit = v.kind == LIMIT
        row |= {"limit": float(v.levels.law.coefficients[0]) if limit else None, "within": v.left(s.own)[1] if limit else None}
        row |= dict(zip(("tenfold", "tenfold_low", "tenfold_high"), v.tenfold, strict=True))
        for key, one in (("levels", v.levels), ("goes_on", v.goes_on)):
            row |= {f"{key}_predicted": one.predicted, f"{key}_low": one.low, f"{key}_high": one.high}
            row |= {f"{key}_chance": one.law.chance, f"{key}_holds": one.holds}
        rows.append(row | {"seen": v.levels.seen})
    return pd.DataFrame(rows)


def write(s: Scale, folder: Path) -> None:
    """Write tables, figure and page."""
    run_folder.write_table(folder / "scale.csv", by_size.table_of(s.seen))
    run_folder.write_table(folder / "laws.csv", laws_table(s))
    told = (
        "Each size has pairs of its own, fewer where runs take longer. Both laws are fitted to all sizes but the largest by weighted least squares, and asked "
        "what is to be seen there: y = a + b / members levels off, y = a + b log10 members goes on. A limit is told where the first holds and the second does not; "
        "where both hold, or neither, nothing is extrapolated."
    )
    page = Page(
        question(s),
        answer(s),
        draw_all([draw], s, folder / "figures")[0],
        [Section("By size", [told, *(_table(s, name) for name in s.seen)])],
        notes=[f"{s.analysis.entry.title}: {s.analysis.entry.definition}", *s.analysis.notes],
        how=s.analysis.how(f"{s.pairs} pairs at {counted(len(s.sizes), 'size')}, each with seeds of its own"),
        files=FILES,
    )
    write_findings(page, folder)


def _table(s: Scale, name: str) -> Table:
    measure = s.analysis.catalogue[name]
    rows = [
        [
            f"{one.size:,}",
            str(one.pairs),
            by_size.told_of(measure, LEVEL, one.level, of=""),
            by_size.told_of(measure, DIFFERENCE, one.difference, "+", of=""),
            by_size.told_of(measure, RELATIVE, one.relative, "+", of=""),
        ]
        for one in s.seen[name]
    ]
    columns = ["members", "pairs", f"level under {named(s.analysis.reference)}", "difference", "relative effect"]
    return Table(measure.title, columns, rows, folded=name != s.analysis.measure)


# the figure ----------------------------------------------------------------------------------------------------------


def draw(s: Scale, screen: Screen) -> Drawn:
    """Draw the relative effect and the level of the primary measure by size, with the laws that hold."""
    canvas = screen.blank(7.0 if screen.narrow else 6.0)
    upper, lower = canvas.subplots(2, 1, sharex=True)
    name = s.analysis.measure
    for ax, what in ((upper, RELATIVE), (lower, LEVEL)):
        _draw_part(s, ax, name=name, what=what)
        ax.set_ylabel(f"{what}, {by_size.unit_of(s.analysis.entry, what)[1].strip() or s.analysis.entry.unit}")
    lower.set_xscale("log")
    lower.set_xticks(s.sizes, [f"{size:,}" for size in s.sizes])
    lower.minorticks_off()
    lower.set_xlabel("members")
    canvas.legend(*upper.get_legend_handles_labels(), loc="outside lower left", ncols=1 if screen.narrow else 3)
    v = s.verdicts.get((name, RELATIVE))
    headline = f"The relative effect on {s.analysis.title} by size: {v.kind if v else 'cannot be said'}"
    days = f"{s.analysis.scenario.warm_up} days of warm-up and {s.analysis.scenario.days} after the switch"
    caption = f"{named(s.analysis.arm).capitalize()} against {named(s.analysis.reference)}. The largest size was held out when laws were checked. Runs of {days}."
    return Drawn(canvas, Figure("scale", headline, caption, " ".join(answer(s))))


def _draw_part(s: Scale, ax: Axes, *, name: str, what: str) -> None:
    times, _ = by_size.unit_of(s.analysis.entry, what)
    rows = [(one.size, one.relative if what == RELATIVE else one.level) for one in s.seen[name]]
    for k, (size, (_, low, high)) in enumerate(rows):
        ax.plot([size, size], [times * low, times * high], color=INK, lw=1.6, label=None if k else INTERVAL.strip())
    ax.plot([size for size, _ in rows], [times * one[0] for _, one in rows], "o", ms=6, color=INK, label="seen")
    ax.axvline(s.own, color=SOFT, lw=1.0, ls=(0, (4, 2)), label="the scenario's own size")
    v = s.verdicts.get((name, what))
    if v is None:
        return
    grid = np.geomspace(s.sizes[0], s.sizes[-1], 80)
    for one, style, label in ((v.levels, "-", "levels off: a + b / members"), (v.goes_on, ":", "goes on: a + b log members")):
        if one.holds:
            _draw_law(ax, one.law, grid, times=times, style=style, label=label)


def _draw_law(ax: Axes, law: Law, grid: np.ndarray, *, times: float, style: str, label: str) -> None:
    mean, error = law.at(grid)
    ax.fill_between(grid, times * (mean - WIDE * error), times * (mean + WIDE * error), color=BAND, lw=0, zorder=0)
    ax.plot(grid, times * mean, ls=style, color=SOFT, lw=1.6, label=label)
