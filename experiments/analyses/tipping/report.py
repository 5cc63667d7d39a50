"""A tipping point in words, as files, a figure and a page."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.methods.root_finding import FEWEST, NONE, OPEN, best_fit
from experiments.reporting import run_folder
from experiments.reporting.page import Cell, Page, Section, Table, write_findings
from experiments.reporting.palette import AXIS, BAND, GROUND, INK, SOFT
from experiments.reporting.style import SMALLEST, Axes, Drawn, Figure, Screen, draw_all
from experiments.reporting.text import POINTS, UNTOLD, counted, decimals, listed, named, started, with_interval
from experiments.runs.draws import ASSUMED
from experiments.space.words import as_chance, axis_in_words, in_words, named_in_words, unit_in_words

if TYPE_CHECKING:
    import pandas as pd

    from experiments.analyses.tipping.analysis import Tipping, Worlds

FILES = (
    ("tipping.csv", "every pair: the parameter's value and the difference that was seen"),
    ("worlds.csv", "with --draws: every world, its tipping point and its parameters"),
    ("scenario.toml", "the scenario, to run again"),
    ("budget.json", "how many pairs the time was enough for"),
    ("provenance.json", "versions, seeds, command, machine, times"),
    ("ledger.sqlite", "the runs themselves: the same command continues from there"),
)


def answer(t: Tipping) -> list[str]:
    """Return what was found in sentences."""
    r, who, what = t.root, named(t.analysis.arm), t.analysis.title
    where = f"the range of {named_in_words(t.factor)}, from {t.low:g} to {t.high:g} {unit_in_words(t.factor)}"
    if r.kind == NONE:
        return [
            f"The winner does not change: {who} has {_than(r.sign)} {what} than {named(t.analysis.reference)} all over {where} (95% confidence).",
            _stands(t) + ".",
        ]
    if r.kind == OPEN:
        return [
            f"It is not decided whether the winner changes over {where}{_open(t)}. More minutes (--budget), more members or another --range would help.",
            _stands(t) + ".",
        ]
    first = (
        f"The winner changes where {named_in_words(t.factor)} is {_at(t)}: below that, {who} has {_than(r.sign)} {what} than "
        f"{named(t.analysis.reference)}, above it {_than(-r.sign)}."
    )
    other = f" The first look suggests {counted(r.others, 'further change')} in the range." if r.others else ""
    return [first, _usual(t) + other]


def over_worlds(t: Tipping) -> list[str]:
    """Return in sentences how the tipping point goes over worlds, and what these are; nothing where no draws were given."""
    w = t.worlds
    if w is None:
        return []
    who, against, what = named(t.analysis.arm), named(t.analysis.reference), t.analysis.title
    parts = [
        f"in {many} {said}"
        for many, said in (
            (len(w.changing), "the winner changes within the range"),
            (w.all_over(1), f"{who} has more {what} than {against} all over it"),
            (w.all_over(-1), f"{who} has less {what} than {against} all over it"),
            (w.undecided, "it is not decided"),
        )
        if many
    ]
    one = w.draws.called.one
    fewer = [f"The time (--budget) was enough for {len(w.found) or 'none'} of {counted(w.wanted, one)}."] if len(w.found) < w.wanted else []
    head = [f"Of {counted(len(w.found), one)} ({w.draws.source}), {listed(parts)}."] if parts else []
    return [*fewer, *head, *_spans(t, w), *w.draws.called.sentences]


def _spans(t: Tipping, w: Worlds) -> list[str]:
    """Return how far the tipping point goes over the worlds that have one."""
    span = w.span
    if span is None:
        return []
    places = decimals(span.low, span.high)
    low, middle, high = (f"{x:.3g}" if places is None else f"{round(x, places) + 0.0:.{places}f}" for x in span[:3])
    doubt = "" if span.told else f"; these worlds {UNTOLD}"
    return [
        f"Over those in which it changes, it does from {low} to {high} {unit_in_words(t.factor)}, in the middle one at {middle}{doubt}."
    ]


def _at(t: Tipping) -> str:
    """Return the root with its unit and its interval."""
    value = with_interval(t.root.root, t.root.low, t.root.high, unit=f" {unit_in_words(t.factor)}", sign="")
    return value + as_chance(t.factor, t.root.root)


def _place(t: Tipping, x: float) -> str:
    """Return a value of the parameter as finely as the interval can tell."""
    places = decimals(t.root.low, t.root.high)
    return f"{x:.3g}" if places is None else f"{round(x, places) + 0.0:.{places}f}"


def _open(t: Tipping) -> str:
    """Return what is sure all the same: the sign on one side."""
    told = _sure(t)
    if not told:
        return ": the difference is not distinguishable from zero"
    sign, side, at, other = told
    who, against = named(t.analysis.arm), named(t.analysis.reference)
    return f": {who} has {_than(sign)} {t.analysis.title} than {against} {side} {at}, and {other} that the difference is not distinguishable from zero"


def _sure(t: Tipping) -> tuple[int, str, str, str] | None:
    """Return where, of what is left open, the sign is sure: the sign, "below" or "above", which value, and the other side."""
    r = t.root
    if t.low < r.low and r.sign:
        return r.sign, "below", _place(t, r.low), "above"
    if r.high < t.high and (r.x > r.high).any():
        return (1 if float(r.y[r.x > r.high].mean()) > 0.0 else -1), "above", _place(t, r.high), "below"
    return None


def _usual(t: Tipping) -> str:
    """Return on which side the scenario itself stands."""
    r, value = t.root, t.factor.default
    side = "within that interval" if r.low <= value <= r.high else "above that" if value > r.root else "below that"
    return f"{_stands(t)}, {side}."


def _stands(t: Tipping) -> str:
    return f"The scenario itself has {t.factor.default:g} {unit_in_words(t.factor)}{as_chance(t.factor, t.factor.default)}"


def _than(sign: int) -> str:
    return "more" if sign > 0 else "less"


def question(t: Tipping) -> str:
    """Return the question that is answered."""
    return f"At which value of {in_words(t.factor)} does the winner change, {t.analysis.against}?"


def pairs_table(t: Tipping) -> pd.DataFrame:
    """Return a row a pair of runs: the parameter's value and the difference that was seen, in the order of the first."""
    import pandas as pd

    order = np.argsort(t.root.x, kind="stable")
    return pd.DataFrame({t.factor.path: t.root.x[order], "difference": t.root.y[order]})


def worlds_table(w: Worlds) -> pd.DataFrame:
    """Return a row a world: the draw, what was found in it, its tipping point with its interval, and its parameters."""
    import pandas as pd

    rows = [
        {
            "draw": one.draw.number,
            "kind": one.root.kind,
            "root": one.root.root if one.root.found else None,
            "ci_low": one.root.low,
            "ci_high": one.root.high,
            "sign_below": one.root.sign,
            "pairs": len(one.root.x),
            **one.draw.values,  # noqa: PD011  (of no table)
        }
        for one in w.found
    ]
    return pd.DataFrame(rows, columns=None if rows else ["draw", "kind", "root", "ci_low", "ci_high", "sign_below", "pairs"])


def write(t: Tipping, folder: Path) -> None:
    """Write tables, figures and page."""
    run_folder.write_table(folder / "tipping.csv", pairs_table(t))
    if t.worlds is not None:
        run_folder.write_table(folder / "worlds.csv", worlds_table(t.worlds))
    figures = draw_all([draw] if t.worlds is None else [draw, draw_worlds], t, folder / "figures")
    f, entry = t.factor, t.analysis.entry
    rows: list[list[str | Cell]] = [
        [
            Cell(f"{f.path}: {in_words(f)}", f.source),
            unit_in_words(f),
            f"{f.default:g}",
            f"{t.low:g} to {t.high:g}",
            f"{f.low:g} to {f.high:g}",
        ]
    ]
    rests = Section(
        "Assumptions",
        [
            (
                "Everything else is as in the scenario; another scenario may tip elsewhere. Each dot is a pair of runs with seeds of its own. On functions whose "
                "root is known the interval covers it in 93% to 97% of cases."
            ),
            Table("The parameter", ["parameter", "unit", "in the scenario", "looked at", "bounds"], rows),
        ],
    )
    page = Page(
        question(t),
        [*answer(t), *over_worlds(t)],
        figures[0],
        [*(Section("Over worlds", [_worlds_told(t.worlds), one]) for one in figures[1:]), rests],
        notes=[f"{entry.title}: {entry.definition}", *t.analysis.notes],
        how=t.analysis.how(_runs(t)),
        files=FILES,
    )
    write_findings(page, folder)


def _runs(t: Tipping) -> str:
    more = sum(len(one.root.x) for one in t.worlds.found) if t.worlds else 0
    return f"{len(t.root.x)} pairs, each with seeds of its own" + (
        f"; {more} more in {counted(len(t.worlds.found), 'world')}" if t.worlds else ""
    )


def _worlds_told(w: Worlds | None) -> str:
    one = f"an {ASSUMED}" if w is None or not w.draws.called.fit else f"a {w.draws.called.one}"
    return (
        f"Each world has the parameters of {one}, but for the one that is varied, and is asked the same with as many pairs. How far the "
        "tipping point goes over worlds is without the spread that the noise of each alone makes; worlds without one are counted, and have no part in it."
    )


def draw_worlds(t: Tipping, screen: Screen) -> Drawn | None:
    """Draw the tipping point of each world that has one, the lowest first, with its interval and the scenario's own."""
    w = t.worlds
    changing = sorted(w.changing, key=lambda one: one.root) if w is not None else []
    if w is None or not changing:
        return None
    canvas = screen.blank(0.24 * len(changing) + 2.2)
    ax = canvas.subplots()
    if (span := w.span) is not None:
        ax.axvspan(span.low, span.high, color=BAND, lw=0, zorder=0, label="range over worlds, noise taken out")
    for k, one in enumerate(changing):
        ax.plot([one.low, one.high], [k, k], color=SOFT, lw=1.6, label=None if k else "95% confidence interval")
        ax.plot(one.root, k, "o", ms=6, color=INK, label=None if k else "tipping point in a world")
    if t.root.found:
        ax.axvline(t.root.root, color=INK, lw=1.0, ls=(0, (4, 2)), label="tipping point at the scenario")
    ax.set(xlim=(t.low, t.high), xlabel=textwrap.fill(axis_in_words(t.factor), 44 if screen.narrow else 80), yticks=[])
    ax.grid(visible=False, axis="y")
    canvas.legend(loc="outside lower left", ncols=1 if screen.narrow else 2)
    told = " ".join(over_worlds(t))
    headline = f"In {len(changing)} of {counted(len(w.found), 'world')} the winner changes with {in_words(t.factor)}"
    return Drawn(
        canvas,
        Figure(
            "worlds", headline, f"A row a world, the lowest tipping point below. {t.analysis.size}.", f"Tipping points of worlds. {told}"
        ),
    )


def draw(t: Tipping, screen: Screen) -> Drawn:
    """Draw the difference along the parameter, and where its sign changes."""
    share = t.analysis.entry.unit == "share"
    scale, unit = (POINTS, "percentage points") if share else (1.0, t.analysis.entry.unit)
    x, y = t.root.x, t.root.y
    canvas = screen.blank(5.0)
    ax = canvas.subplots()
    if t.root.kind != NONE:
        label = "95% confidence interval of the tipping point" if t.root.found else "not decided where, or whether"
        ax.axvspan(t.root.low, t.root.high, color=BAND, lw=0, zorder=0, label=label)
    ax.axhline(0.0, color=AXIS, lw=1.1, label="no difference")
    ax.plot(x, scale * y, "o", ms=4, color=SOFT, alpha=0.7, mew=0, label="a pair of runs")
    fit = best_fit(x, y).coefficients if len(x) >= FEWEST else np.zeros(1)
    if len(x) >= FEWEST:
        grid = np.linspace(t.low, t.high, 200)
        ax.plot(grid, scale * np.polyval(fit, grid), color=INK, lw=1.6, label="fit to all pairs")
    if t.root.found:
        ax.axvline(t.root.root, color=INK, lw=1.0, ls=(0, (4, 2)))
        ax.plot([t.root.low, t.root.high], [0.0, 0.0], "|-", color=INK, lw=2.2, ms=11, mew=1.6, zorder=5)
        ax.plot(t.root.root, 0.0, "D", ms=7, color=INK, mec=GROUND, mew=0.8, label="tipping point", zorder=6)
    if t.low <= t.factor.default <= t.high:
        own = scale * float(np.polyval(fit, t.factor.default))
        ax.plot(t.factor.default, own, "*", ms=14, mfc=GROUND, mec=INK, mew=1.2, label="the scenario's own value", clip_on=False, zorder=5)
    ax.set(
        xlim=(t.low, t.high),
        xlabel=textwrap.fill(axis_in_words(t.factor), 44 if screen.narrow else 80),
        ylabel=f"difference in {t.analysis.title}, {unit}",
    )
    _say_sides(t, ax, screen)
    canvas.legend(loc="outside lower left", ncols=1 if screen.narrow else 3)
    return Drawn(
        canvas,
        Figure(
            "tipping",
            _headline(t),
            f"Above zero {named(t.analysis.arm)} has more {t.analysis.title}, below it {named(t.analysis.reference)} has. {len(x)} pairs of runs along the range. {t.analysis.size}.",
            f"Dots of differences against {in_words(t.factor)}, a line through them, zero, and where they cross. " + " ".join(answer(t)),
        ),
    )


def _say_sides(t: Tipping, ax: Axes, screen: Screen) -> None:
    """Write over the axes which arm has more on either side, or all over the range."""
    between = "\n" if screen.narrow else " "
    for side, (sign, where) in _sides(t).items():
        told = f"{_more(t, sign)}{between}{where}" if sign else where
        arrow = {"below": "◀ {}", "above": "{} ▶"}.get(where.partition(" ")[0], "{}")
        ax.set_title(arrow.format(told), loc=side, fontsize=SMALLEST, fontweight="normal")


def _sides(t: Tipping) -> dict[Any, tuple[int, str]]:
    """Return what is sure at the left and at the right of the range: a sign, 0 where none is, and where it is that."""
    r = t.root
    if r.kind == NONE:
        return {"left": (r.sign, "all over the range")}
    if r.found:
        at = _place(t, r.root)
        return {"left": (r.sign, f"below {at}"), "right": (-r.sign, f"above {at}")}
    told = _sure(t)
    if not told:
        return {"left": (0, "not decided anywhere")}
    sign, side, at, _ = told
    sure, rest = ("left", "right") if side == "below" else ("right", "left")
    return {sure: (sign, f"{side} {at}"), rest: (0, "not decided")}


def _more(t: Tipping, sign: int) -> str:
    """Return who has more where the difference has a sign."""
    return f"{named(t.analysis.arm if sign > 0 else t.analysis.reference)} has more"


def _headline(t: Tipping) -> str:
    r, path, what = t.root, in_words(t.factor), t.analysis.title
    if r.kind == NONE:
        return f"{started(t.analysis.arm)} has {_than(r.sign)} {what} all over the range of {path}, from {t.low:g} to {t.high:g} {unit_in_words(t.factor)}"
    if r.kind == OPEN:
        told = _sure(t)
        rest = f"; {told[1]} {told[2]} {_more(t, told[0])}" if told else ""
        return f"Whether the winner changes with {path}, from {t.low:g} to {t.high:g} {unit_in_words(t.factor)}, is not decided{rest}"
    below, above = (named(t.analysis.arm if sign > 0 else t.analysis.reference) for sign in (r.sign, -r.sign))
    return f"Where {path} is below {_at(t)}, {below} has more {what}; above that, {above} has"
