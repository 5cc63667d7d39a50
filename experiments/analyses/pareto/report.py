"""A search over designs in words, as files, a figure and a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.analyses.base import of_draws
from experiments.analyses.pareto import design_space
from experiments.analyses.pareto.analysis import GOALS, PAIRS, Pareto, Setting, judged_on
from experiments.reporting import run_folder
from experiments.reporting.page import Cell, Page, Section, Table, write_findings
from experiments.reporting.palette import ARMS, BETTER, FAINT, GROUND, INK, SOFT
from experiments.reporting.style import SMALLEST, Axes, Canvas, Drawn, Figure, Line2D, Screen, draw_all
from experiments.reporting.text import INTERVAL, POINTS, counted, listed, named, with_interval
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
    first = f"The most responsive setting has {one} of {_success(best)} with {_load(best)} {load} a member and week: {_words(best)}."
    alike = [named(name) for name in r.alike(best)]
    if alike:
        first += f" Its response is not distinguishable from that of {listed(alike)}."
    told = [(s.name, beaten[s.name]) for s in r.settings if s.shipped]
    lost = "; ".join(f"{named(name)} is dominated by {listed([named(o) for o in by])}" for name, by in told if by)
    free = [named(name) for name, by in told if not by]
    second = f"Of the shipped designs, {lost or 'none is dominated'}" + (
        f"; nothing dominates {listed(free)} with 95% confidence." if free and lost else "."
    )
    third = (
        f"{counted(len(r.tried), 'setting')} were tried; {len(r.settings)}, the shipped designs among them, were run again {_again(r)} with new seeds: "
        f"{_not_dominated(r, 'them').lower()} with 95% confidence."
    )
    return [first, second, third, *over_worlds(r)]


def over_worlds(r: Pareto) -> list[str]:
    """Return in a sentence what the worlds are, and in how many the most responsive setting and the shipped designs are on the front."""
    if r.draws is None:
        return []
    share, best = r.front_share, r.front[0]
    shown = [best, *(s for s in r.settings if s.shipped and s.name != best.name)]
    told = listed([f"{named(s.name)} in {round(r.pairs * share[s.name])}" for s in shown])
    heads = f"{of_draws(r.draws)} Means are over {counted(r.pairs, 'world')}, and intervals too."
    return [f"{heads} As far as {counted(r.each, 'pair')} in each can tell, no other setting has more response and less load than {told}."]


def _again(r: Pareto) -> str:
    """Return on what settings were confirmed."""
    if r.draws is None:
        return f"on {counted(r.pairs, 'pair')}"
    return f"on {counted(r.each, 'pair')} in each of {counted(r.pairs, 'world')}"


def _not_dominated(r: Pareto, whole: str) -> str:
    """Return how many settings are not dominated, of what is named."""
    many = len(r.front)
    if many == len(r.settings):
        return f"None of {whole} is dominated"
    return f"{many} of {whole} {'is' if many == 1 else 'are'} not dominated"


def _success(s: Setting, of: str = INTERVAL) -> str:
    """Return the intent success of a setting with its interval."""
    return with_interval(*(POINTS * x for x in s.interval(0)), unit="%", of=of, sign="")


def _load(s: Setting, of: str = INTERVAL) -> str:
    """Return the unwelcome items of a setting with their interval."""
    return with_interval(*s.interval(1), of=of, sign="")


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
    on_front, beaten, shares = {s.name for s in r.front}, r.beaten, r.front_share
    for s in r.settings:
        row: dict[str, Any] = {"setting": s.name, "shipped": s.shipped, "front": s.name in on_front, **s.numbers}
        for k, goal in enumerate(GOALS):
            row |= dict(zip((goal, f"{goal}_low", f"{goal}_high"), s.interval(k), strict=True))
        if r.draws is not None:
            row["front_share"] = shares[s.name]
        rows.append(row | {"dominated_by": "; ".join(beaten[s.name])})
    return pd.DataFrame(rows)


def write(r: Pareto, folder: Path) -> None:
    """Write tables, figure and page."""
    beaten = r.beaten
    run_folder.write_table(folder / "tried.csv", r.tried)
    run_folder.write_table(folder / "pareto.csv", settings_table(r))
    goals = [f"{MEASURES[name].title.lower()}, 95% confidence interval" for name in GOALS]
    names = [k.name for k in design_space.DESIGN_VARIABLES]
    ordered = sorted(r.settings, key=lambda s: -float(s.seen[:, 0].mean()))
    told = Table("Confirmed settings and shipped designs", ["setting", *goals, "dominated by"], [_row(s, beaten[s.name]) for s in ordered])
    made = Table("What each of them is", ["setting", *names], [[named(s.name), *design_space.in_words(s.numbers)] for s in ordered])
    lines = [
        (
            f"The search (NSGA-II, {r.generations} generations) judged a setting {_judged(r)}; what it chose was run again {_again(r)} that it had not "
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
        draw_all([draw], r, folder / "figures")[0],
        [Section("The settings", [*lines, told, made])],
        notes=[*(f"{MEASURES[name].title}: {MEASURES[name].definition}" for name in GOALS), *notes, *r.analysis.notes],
        how=_how(r),
        files=FILES,
    )
    write_findings(page, folder)


def _how(r: Pareto) -> list[tuple[str, str]]:
    runs = f"{len(r.tried)} settings tried {_judged(r)} each, {len(r.settings)} confirmed {_again(r)}"
    return [row for row in r.analysis.how(runs) if row[0] not in ("Arms", "Measure")]


def _judged(r: Pareto) -> str:
    """Return on what the search judged a setting."""
    return f"on {PAIRS} pairs" if r.draws is None else f"on a pair in each of {judged_on(r.pairs)} worlds"


def _row(s: Setting, by: list[str]) -> list[str | Cell]:
    return [
        Cell(named(s.name), "shipped design" if s.shipped else "found by the search"),
        _success(s, of=""),
        _load(s, of=""),
        ", ".join(map(named, by)) or "nothing",
    ]


# the figure ----------------------------------------------------------------------------------------------------------


def draw(r: Pareto, screen: Screen) -> Drawn:
    """Draw both goals of every setting."""
    canvas = screen.blank(6.4 if screen.narrow else 6.0)
    ax = canvas.subplots()
    ax.plot(r.tried[GOALS[1]], POINTS * r.tried[GOALS[0]], ".", ms=5, color=FAINT, zorder=1)
    on_front = {s.name for s in r.front}
    for s in r.settings:
        success, load = s.interval(0), s.interval(1)
        colour, mark = _look(s)
        ax.plot([load.low, load.high], [POINTS * success.estimate] * 2, color=colour, lw=1.1)
        ax.plot([load.estimate] * 2, [POINTS * success.low, POINTS * success.high], color=colour, lw=1.1)
        ax.plot(load.estimate, POINTS * success.estimate, mark, ms=7, color=colour, mew=1.3, mfc=colour if s.name in on_front else GROUND)
    one, load_title = (MEASURES[name] for name in GOALS)
    ax.set(xlabel=f"{load_title.title.lower()}, {load_title.unit}", ylabel=f"{one.title.lower()}, %")
    ax.margins(x=0.16 if screen.narrow else 0.06)  # room for labels
    ax.set_title("↖ better", fontsize=11, color=BETTER)
    canvas.legend(handles=_marks(r), loc="outside lower left", ncols=1 if screen.narrow else 3)
    canvas.draw_without_rendering()  # before that nobody knows where a dot will lie
    _label(canvas, ax, r.settings)
    best = r.front[0]
    return Drawn(
        canvas,
        Figure(
            "front",
            f"{_not_dominated(r, counted(len(r.settings), 'setting'))}; the most responsive, {named(best.name)}, has {_success(best)}",
            f"Better is up, more response, and to the left, less load. A number is that of a setting in the table. {_runs_of(r)} a setting. {r.analysis.size}.",
            "Scatter of intent success against unwelcome items read for settings tried, confirmed and shipped. " + answer(r)[0],
        ),
    )


def _runs_of(r: Pareto) -> str:
    many = counted(r.pairs, "pair") if r.draws is None else f"{counted(r.pairs, 'world')} with {counted(r.each, 'pair')} each,"
    return f"{many} of runs with new seeds"


def _look(s: Setting) -> tuple[str, str]:
    return (ARMS[1], "s") if s.shipped else (ARMS[0], "o")


def _marks(r: Pareto) -> list[Line2D]:
    """Return the legend: each mark that is drawn."""

    def mark(shape: str, colour: str, label: str, face: str = "") -> Line2D:
        return Line2D([], [], marker=shape, ls="", ms=7, color=colour, mew=1.3, mfc=face or colour, label=label)

    return [
        mark("o", ARMS[0], "setting found"),
        mark("s", ARMS[1], "shipped design"),
        mark("D", INK, "filled: nothing dominates it"),
        mark("D", INK, "hollow: dominated", GROUND),
        Line2D([], [], color=INK, lw=1.1, label="95% confidence intervals"),
        Line2D([], [], marker=".", ls="", ms=5, color=FAINT, label=f"tried by the search, {_judged(r)}"),
    ]


class _Box(NamedTuple):
    """A rectangle of the figure, in points."""

    left: float
    low: float
    right: float
    high: float

    def meets(self, other: _Box) -> bool:
        """Tell whether two lie upon one another."""
        return self.left < other.right and other.left < self.right and self.low < other.high and other.low < self.high


LETTER, LINE_HEIGHT, DOT = 0.62 * SMALLEST, 1.25 * SMALLEST, 5.0  # of a label, and half of a mark, in points
NEAR = (6, 14, 24, 36, 52, 72, 96)  # how far from a mark its label may begin


def _label(canvas: Canvas, ax: Axes, settings: list[Setting]) -> None:
    """Write names beside their marks, each where it lies on no other and on no mark, with a line to its mark where it is far."""
    from matplotlib.patheffects import withStroke

    inches = 72.0 / canvas.dpi
    inside = _Box(*(inches * x for x in ax.get_window_extent().extents))
    places = {s.name: (s.interval(1).estimate, POINTS * s.interval(0).estimate) for s in settings}
    dots = {name: tuple(inches * x for x in ax.transData.transform(at)) for name, at in places.items()}
    taken = [_Box(x - DOT, y - DOT, x + DOT, y + DOT) for x, y in dots.values()]
    for s in sorted(settings, key=lambda s: not s.shipped):
        label = named(s.name) if s.shipped else s.name.removeprefix("setting ")
        found = _free(dots[s.name], LETTER * len(label), taken, inside)
        if found is None:
            continue  # no room: the table has it
        box, near = found
        taken.append(box)
        x, y = dots[s.name]
        middle = (box.left + box.right) / 2.0 - x, (box.low + box.high) / 2.0 - y
        line = None if near else {"arrowstyle": "-", "color": SOFT, "lw": 0.8, "shrinkA": 0, "shrinkB": 4}
        told = ax.annotate(label, places[s.name], middle, textcoords="offset points", ha="center", va="center", arrowprops=line, zorder=6)
        told.set(color=INK, in_layout=False, path_effects=[withStroke(linewidth=2.5, foreground=GROUND)])  # legible upon lines too


def _free(dot: tuple[float, ...], wide: float, taken: list[_Box], inside: _Box) -> tuple[_Box, bool] | None:
    """Return the nearest place for a label of this width that is free and within the axes, and whether it lies beside its mark.

    It is to the right or left of the mark and above or below, so that it does not lie upon the lines that cross there.
    """
    x, y = dot
    for out in NEAR:
        for up in NEAR:
            for left in (x + out, x - out - wide):
                for low in (y + up / 2.0, y - up / 2.0 - LINE_HEIGHT):
                    box = _Box(left, low, left + wide, low + LINE_HEIGHT)
                    within = inside.left <= box.left and box.right <= inside.right and inside.low <= box.low and box.high <= inside.high
                    if within and not any(box.meets(other) for other in taken):
                        return box, max(out, up) <= NEAR[1]
    return None
