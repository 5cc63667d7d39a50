"""A search over designs in words, as files, a figure and a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.analyses.pareto import design_space
from experiments.analyses.pareto.analysis import GOALS, PAIRS, Pareto, Setting
from experiments.reporting import run_folder
from experiments.reporting.page import Page, Section, Table, write_findings
from experiments.reporting.style import ARMS, STYLE, Figure, blank, rc_context, save
from experiments.reporting.text import POINTS, figure, listed, named
from sim.results.measures import MEASURES

if TYPE_CHECKING:
    import pandas as pd

FILES = (
    (
        "pareto.csv",
        "the confirmed settings and the shipped designs: parameters, both goals with 95% confidence intervals, what dominates what",
    ),
    ("tried.csv", "every setting that the search tried, on the pairs of the search"),
    ("scenario.toml", "the scenario, to run again"),
    ("budget.json", "how much the time was enough for"),
    ("provenance.json", "versions, seeds, command, machine, times"),
    ("ledger.sqlite", "the runs themselves: the same command continues from there"),
)


def answer(r: Pareto) -> list[str]:
    """Return what was found in sentences."""
    best, beaten = r.front[0], r.beaten
    one, load = (MEASURES[name].title.lower() for name in GOALS)
    success = best.interval(0)
    first = (
        f"The most responsive setting has {one} of {figure(success.estimate, 'share')} ({POINTS * success.low:.1f} to {POINTS * success.high:.1f}) with "
        f"{_load(best)} {load} a member and week: {_words(best)}."
    )
    alike = [named(name) for name in r.alike(best)]
    if alike:
        first += f" Its response is not distinguishable from that of {listed(alike)}."
    told = [(s.name, beaten[s.name]) for s in r.settings if s.shipped]
    lost = "; ".join(f"{named(name)} is dominated by {listed([named(o) for o in by])}" for name, by in told if by)
    free = [named(name) for name, by in told if not by]
    second = f"Of the shipped designs, {lost or 'none is dominated'}" + (
        f"; nothing dominates {listed(free)} with 95% confidence." if free and lost else "."
    )
    third = f"{len(r.tried)} settings were tried; {len(r.settings)} were run again on {r.pairs} pairs with new seeds, and {len(r.front)} of them are not dominated with 95% confidence."
    return [first, second, third]


def _load(s: Setting) -> str:
    return f"{s.interval(1).estimate:.2f}"


def _words(s: Setting) -> str:
    if s.shipped:
        return f"the shipped {named(s.name)}"
    return f"{s.name}, with " + ", ".join(
        f"{variable.name}: {word}" for variable, word in zip(design_space.DESIGN_VARIABLES, design_space.in_words(s.numbers), strict=True)
    )


QUESTION = "Which designs and limits bring response without load?"


def settings_table(r: Pareto) -> pd.DataFrame:
    """Return a row a setting that was confirmed, or a shipped design: its parameters, both goals with intervals, what dominates it."""
    import pandas as pd

    rows = []
    on_front, beaten = {s.name for s in r.front}, r.beaten
    for s in r.settings:
        row: dict[str, Any] = {"setting": s.name, "shipped": s.shipped, "front": s.name in on_front, **s.numbers}
        for k, goal in enumerate(GOALS):
            row |= dict(zip((goal, f"{goal}_low", f"{goal}_high"), s.interval(k), strict=True))
        rows.append(row | {"dominated_by": "; ".join(beaten[s.name])})
    return pd.DataFrame(rows)


def write(r: Pareto, folder: Path) -> None:
    """Write tables, figure and page."""
    beaten = r.beaten
    run_folder.write_table(folder / "tried.csv", r.tried)
    run_folder.write_table(folder / "pareto.csv", settings_table(r))
    columns = ["setting", "intent success, 95%", "unwelcome read, 95%", "dominated by", *(k.name for k in design_space.DESIGN_VARIABLES)]
    ordered = sorted(r.settings, key=lambda s: -float(s.seen[:, 0].mean()))
    table = Table("Confirmed settings and shipped designs", columns, [_row(s, beaten[s.name]) for s in ordered])
    lines = [
        (
            f"The search (NSGA-II, {r.generations} generations) judged a setting on {PAIRS} pairs; what it chose was run again on {r.pairs} pairs that it had not "
            "seen, together with the shipped designs: selection by chance (the winner's curse) does not affect them."
        ),
        (
            "A setting dominates another if it is better on one goal with 95% confidence, and on the other better or within the non-inferiority margin, its smallest effect of interest; what is said "
            "of all the others against one holds together in 95% of cases. What is not dominated may still be equal, or worse by less than the pairs can tell."
        ),
        "Limits hold from the switch on, the filter's strength from the first day.",
    ]
    notes = (
        [f"Left out, since their runs failed or a goal was undefined: {listed([named(name) for name in r.failed])}."] if r.failed else []
    )
    page = Page(
        QUESTION,
        answer(r),
        draw(r, folder / "figures"),
        [Section("The settings", lines, tables=[table])],
        notes=notes,
        how=_how(r),
        files=FILES,
    )
    write_findings(page, folder)


def _how(r: Pareto) -> list[tuple[str, str]]:
    runs = f"{len(r.tried)} settings tried on {PAIRS} pairs each, {len(r.settings)} confirmed on {r.pairs}"
    rows = [row for row in r.analysis.how(runs) if row[0] not in ("Arms", "Measure")]
    return [*rows, *((MEASURES[name].title, MEASURES[name].definition) for name in GOALS)]


def _row(s: Setting, by: list[str]) -> list[str]:
    success, load = s.interval(0), s.interval(1)
    return [
        named(s.name),
        f"{POINTS * success.estimate:.1f}% ({POINTS * success.low:.1f} to {POINTS * success.high:.1f})",
        f"{load.estimate:.2f} ({load.low:.2f} to {load.high:.2f})",
        ", ".join(map(named, by)) or "nothing",
        *design_space.in_words(s.numbers),
    ]


def draw(r: Pareto, folder: Path) -> Figure:
    """Draw both goals of every setting."""
    with rc_context(STYLE):
        canvas = blank(figsize=(7.8, 5.2))
        ax = canvas.subplots()
        ax.plot(r.tried[GOALS[1]], POINTS * r.tried[GOALS[0]], ".", ms=4, color="#c9cdd3", label="tried by the search")
        on_front = {s.name for s in r.front}
        for s in r.settings:
            success, load = s.interval(0), s.interval(1)
            colour = ARMS[1] if s.shipped else ARMS[0]
            ax.plot([load.low, load.high], [POINTS * success.estimate] * 2, color=colour, lw=1.2)
            ax.plot([load.estimate] * 2, [POINTS * success.low, POINTS * success.high], color=colour, lw=1.2)
            ax.plot(
                load.estimate,
                POINTS * success.estimate,
                "s" if s.shipped else "o",
                ms=6,
                color=colour,
                mfc=colour if s.name in on_front else "white",
            )
        ax.plot([], [], "o", color=ARMS[0], label="setting found (its number), with new seeds")
        ax.plot([], [], "s", color=ARMS[1], label="shipped design")
        ax.set(xlabel="unwelcome items read, a member and week", ylabel="intent success, %")
        canvas.legend(loc="outside upper left", ncols=3, fontsize=8.5)
        canvas.draw_without_rendering()  # before that nobody knows where a dot will lie
        _label(ax, r.settings)
        save(canvas, folder, "front")
    return Figure(
        "front",
        "Response against load",
        f"Better is up and to the left. Filled: nothing dominates it with 95% confidence. Crosses are 95% confidence intervals over {r.pairs} pairs with new seeds. {r.analysis.size}.",
        "Scatter of intent success against unwelcome items read for settings tried, confirmed and shipped. " + answer(r)[0],
    )


def _label(ax: Any, settings: list[Setting]) -> None:
    """Write names beside their dots, each where it lies on no other, as far as there is room."""
    taken: list[tuple[float, float, float, float]] = []
    for s in sorted(settings, key=lambda s: not s.shipped):
        label = named(s.name) if s.shipped else s.name.removeprefix("setting ")
        at = (s.interval(1).estimate, POINTS * s.interval(0).estimate)
        x, y = ax.transData.transform(at) / ax.figure.dpi * 72.0  # in points, as offsets are
        wide = 4.9 * len(label)
        places = [(dx, dy) for dy in (5, -12, 16, -23) for dx in (6, -6 - wide)]
        boxes = [(x + dx, y + dy, x + dx + wide, y + dy + 10) for dx, dy in places]
        free = [k for k, box in enumerate(boxes) if not any(_overlap(box, other) for other in taken)]
        best = free[0] if free else 0
        taken.append(boxes[best])
        ax.annotate(label, at, places[best], textcoords="offset points", fontsize=8.5, color="#222831")


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
