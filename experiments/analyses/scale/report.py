"""A comparison at growing sizes in words, as files, a figure and a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.analyses.scale.analysis import LEVEL, RELATIVE, AtSize, Scale
from experiments.methods.size_laws import GROWS, LIMIT, STEADY, WIDE
from experiments.reporting import run_folder
from experiments.reporting.page import Page, Section, Table, write_findings
from experiments.reporting.palette import BAND, INK, SOFT
from experiments.reporting.style import Axes, Drawn, Figure, Screen, draw_all
from experiments.reporting.text import INTERVAL, POINTS, counted, decimals, listed, named, scale_of, with_interval

if TYPE_CHECKING:
    import pandas as pd

    from experiments.methods.size_laws import Law, Verdict

DIFFERENCE = "difference"
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
    name, rows = s.analysis.measure, s.seen[s.analysis.measure]
    first, last = rows[0], rows[-1]
    head = (
        f"From {first.size:,} to {last.size:,} members, {s.analysis.title} under {named(s.analysis.reference)} goes from {_level(s, name, first)} "
        f"to {_level(s, name, last)}, and the relative effect of {named(s.analysis.arm)} from {_relative(first)} to {_relative(last)}."
    )
    return [head, _said(s, name, LEVEL), _said(s, name, RELATIVE), *_others(s)]


def _said(s: Scale, name: str, what: str) -> str:
    """Return in a sentence what can be said of a level or relative effect by size."""
    v = s.verdicts.get((name, what))
    begun = f"How the {what} of {s.analysis.catalogue[name].title.lower()} goes on with size"
    if v is None:
        return f"{begun} cannot be said: it is undefined, or the same in all pairs, at some size."
    if v.kind == LIMIT:
        least, most = v.left(s.own)
        where = f"within {_amount(s, name, what, most)} of its limit, {_limit(s, name, what, v)}"
        return f"At {s.own:,} members the {what} is {where} (by a + b / members, by which it is {_amount(s, name, what, abs(least))} off)."
    if v.kind == GROWS:
        change, low, high = v.tenfold
        told = _with_unit(s, name, what, (change, low, high))
        return f"The {what} goes on with size, without a limit within these: by {told} for ten times the members."
    if v.kind == STEADY:
        _, low, high = v.tenfold
        return f"The {what} does not change with size as far as can be told: by no more than {_amount(s, name, what, max(-low, high))} for ten times the members."
    return f"{begun} cannot be said: {_why(v)}. More --sizes further apart, or more --pairs, would help."


def _why(v: Verdict) -> str:
    if v.levels.holds:
        return "a law that levels off and one that goes on both predict the largest size"
    return "neither a law that levels off nor one that goes on predicts the largest size"


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


def _unit(s: Scale, name: str, what: str) -> tuple[float, str]:
    """Return the scale and the unit in which a figure is told: relative effects and shares in per cent, differences of these in points."""
    share = s.analysis.catalogue[name].unit == "share"
    return (POINTS, "%") if what == RELATIVE or (what == LEVEL and share) else scale_of(s.analysis.catalogue[name].unit)


def _with_unit(s: Scale, name: str, what: str, values: tuple[float, float, float], sign: str = "+") -> str:
    times, unit = _unit(s, name, what)
    return with_interval(*(times * x for x in values), unit=unit, of=INTERVAL, sign=sign)


def _amount(s: Scale, name: str, what: str, x: float) -> str:
    times, unit = _unit(s, name, what)
    return f"{times * x:.2g}{unit}"


def _limit(s: Scale, name: str, what: str, v: Verdict) -> str:
    a, half = float(v.levels.law.coefficients[0]), WIDE * float(np.sqrt(v.levels.law.covariance[0, 0]))
    return _with_unit(s, name, what, (a, a - half, a + half), sign="+" if what == RELATIVE else "")


def _level(s: Scale, name: str, row: AtSize) -> str:
    times, unit = _unit(s, name, LEVEL)
    places = decimals(times * row.level.low, times * row.level.high)
    return f"{times * row.level.estimate:.3g}{unit}" if places is None else f"{times * row.level.estimate:.{places}f}{unit}"


def _relative(row: AtSize) -> str:
    if not np.isfinite(row.relative.estimate):
        return "an undefined one"
    places = decimals(POINTS * row.relative.low, POINTS * row.relative.high)
    return f"{POINTS * row.relative.estimate:+.3g}%" if places is None else f"{POINTS * row.relative.estimate:+.{places}f}%"


# tables ---------------------------------------------------------------------------------------------------------------


def sizes_table(s: Scale) -> pd.DataFrame:
    """Return a row a measure and size: level, difference and relative effect with their bounds."""
    import pandas as pd

    columns = [f"{name}{end}" for name in ("level", "difference", "relative") for end in ("", "_low", "_high")]
    rows = [
        {"measure": name, "size": one.size, "pairs": one.pairs}
        | dict(zip(columns, (*one.level, *one.difference, *one.relative), strict=True))
        for name, found in s.seen.items()
        for one in found
    ]
    return pd.DataFrame(rows)


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
    run_folder.write_table(folder / "scale.csv", sizes_table(s))
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
    rows = [
        [
            f"{one.size:,}",
            str(one.pairs),
            _told(s, name, LEVEL, one.level),
            _told(s, name, DIFFERENCE, one.difference, "+"),
            _told(s, name, RELATIVE, one.relative, "+"),
        ]
        for one in s.seen[name]
    ]
    columns = ["members", "pairs", f"level under {named(s.analysis.reference)}", "difference", "relative effect"]
    return Table(s.analysis.catalogue[name].title, columns, rows, folded=name != s.analysis.measure)


def _told(s: Scale, name: str, what: str, interval: tuple[float, float, float], sign: str = "") -> str:
    if not np.isfinite(interval).all():
        return "undefined"
    times, unit = _unit(s, name, what)
    return with_interval(*(times * x for x in interval), unit=unit, of="", sign=sign)


# the figure ----------------------------------------------------------------------------------------------------------


def draw(s: Scale, screen: Screen) -> Drawn:
    """Draw the relative effect and the level of the primary measure by size, with the laws that hold."""
    canvas = screen.blank(7.0 if screen.narrow else 6.0)
    upper, lower = canvas.subplots(2, 1, sharex=True)
    name = s.analysis.measure
    for ax, what in ((upper, RELATIVE), (lower, LEVEL)):
        _draw_part(s, ax, name=name, what=what)
        ax.set_ylabel(f"{what}, {_unit(s, name, what)[1].strip() or s.analysis.entry.unit}")
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
    times, _ = _unit(s, name, what)
    rows = [(one.size, one.relative if what == RELATIVE else one.level) for one in s.seen[name]]
    for k, (size, (_, low, high)) in enumerate(rows):
        ax.plot([size, size], [times * low, times * high], color=INK, lw=1.6, label=None if k else INTERVAL.strip())
    ax.plot([size for size, _ in rows], [times * one.estimate for _, one in rows], "o", ms=6, color=INK, label="seen")
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
