"""A sensitivity analysis in words, as files, a figure and a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.analyses.base import of_draws
from experiments.analyses.sensitivity.analysis import DIFFERENCE, EDGE, FIVE, LEVEL, MORRIS
from experiments.methods import sobol_indices
from experiments.reporting import run_folder
from experiments.reporting.page import Cell, Page, Section, Table, Terms, write_findings
from experiments.reporting.palette import AXIS, BAND, EVEN, GROUND, INK
from experiments.reporting.style import SMALLEST, Axes, Canvas, Drawn, Figure, Line2D, Screen, draw_all
from experiments.reporting.text import POINTS, counted, decimals, listed, named, scale_of, with_interval
from experiments.space.words import in_words, named_in_words, unit_in_words

if TYPE_CHECKING:
    import pandas as pd

    from experiments.analyses.sensitivity.analysis import Sensitivity
    from experiments.space.factors import Factor

ONE_WAY = 0.6  # mean effect over mean absolute effect, from which a parameter works one way
GROWS, SHRINKS, EITHER, NOT_AT_ALL = "grows with it", "shrinks with it", "either way, by what else holds", "no effect at all"
SHAPES = {GROWS: "^", SHRINKS: "v", EITHER: "D", NOT_AT_ALL: "o"}
ROWS, RANKED = 30, 12  # parameters in the table; in the figure
TOGETHER = 0.3  # a rank correlation worth a word
TINY = 1e-9  # an effect that is none but for rounding
TOTAL, FIRST = "o", "s"  # marks of the indices
FILES = (
    ("sensitivity.csv", "every parameter: effects or indices with 95% confidence intervals, on the difference and on the level"),
    ("groups.csv", "with --all: the groups, screened first"),
    ("scenario.toml", "the scenario, to run again"),
    ("budget.json", "how many pairs the time was enough for"),
    ("provenance.json", "versions, seeds, command, machine, times"),
    ("ledger.sqlite", "the runs themselves: the same command continues from there"),
)


def answer(r: Sensitivity) -> list[str]:
    """Return what was found in sentences: the parameters to which the answer is most sensitive, with their sources."""
    i = r.analysis
    if not r.trusted and r.method == MORRIS:
        return [f"Nothing can be said: {i.title} was undefined, or runs failed, at nearly all points. More members or days would help."]
    if not r.trusted:
        return [
            (
                f"The indices cannot be trusted: on points held out, the surrogate of the difference in {i.title} explains {r.quality[DIFFERENCE]:.2f} of "
                f"the variance, and more than {sobol_indices.ACCEPTED:g} is asked. Noise alone is about {r.noise_share:.2f} of it: more --members reduce it; more points "
                "(--budget) or fewer --parameters help with the rest."
            )
        ]
    top = r.top
    if not top:
        return [
            f"None of the {len(r.factors)} parameters moves the difference in {i.title} more than noise alone. More --members would help."
        ]
    names = listed([named_in_words(one) for one in top])
    first = f"What {i.against} does to {i.title} is most sensitive to {names}."
    if len(top) < FIVE:
        first += f" No other of the {len(r.factors)} parameters is distinguishable from noise."
    return [first, *(_reason(r, one) for one in top)]


def _reason(r: Sensitivity, one: Factor) -> str:
    """Return what a parameter does to the difference, where it stands, and who says so."""
    row = r.table[(r.table.output == DIFFERENCE) & (r.table.factor == one.path)].iloc[0]
    low, high = r.range_of(one)
    if r.method == MORRIS:
        way = _way(row.mean_effect, row.mean_absolute_effect)
        does = f"it moves the difference by {_effect(r, row)} from {low:g} to {high:g}, {f'the difference {way}' if way in (GROWS, SHRINKS) else way}"
    else:
        does = f"it explains {_index(row.total, row.total_low, row.total_high)} of the variance, {POINTS * row['first']:.0f}% alone"
    words = in_words(one)
    return f"{words[0].upper()}{words[1:]}: {does}. The scenario has {one.default:g} {unit_in_words(one)}; source: {one.source}."


def prior(r: Sensitivity) -> list[str]:
    """Return whence the parameters have their values, where that is not their bounds."""
    if r.draws is None:
        return []
    span = f"the middle {100.0 * (1.0 - 2.0 * EDGE):.0f}% of its draws" if r.method == MORRIS else "its draws"
    lines = [
        f"{of_draws(r.draws)} Each parameter goes over {span}, independently of the others; those that are not varied are as in one draw or another."
    ]
    if r.draws.called.fit:
        lines.append("A mixture of worlds is none of them: nobody held it to the figures.")
    if (pair := r.draws.together()) is not None and abs(pair[0]) >= TOGETHER:
        lines.append(
            f"What the draws say of two parameters together is lost: most of {pair[1]} and {pair[2]}, whose rank correlation is {pair[0]:+.2f}."
        )
    return lines


def _way(mean: float, absolute: float) -> str:
    """Return which way the difference goes as a parameter grows."""
    if not absolute > TINY:
        return NOT_AT_ALL
    share = mean / absolute
    return GROWS if share > ONE_WAY else SHRINKS if share < -ONE_WAY else EITHER


def question(r: Sensitivity) -> str:
    """Return the question that is answered."""
    return f"To which assumptions is the answer most sensitive, {r.analysis.against}?"


def with_sources(r: Sensitivity) -> pd.DataFrame:
    """Return a row an output and parameter: effects or indices, and where the parameter stands, with its source."""
    sources = {one.path: (one.default, *r.range_of(one), one.unit, one.source) for one in r.factors}
    table = r.table.assign(
        **{name: [sources[path][k] for path in r.table.factor] for k, name in enumerate(("default", "low", "high", "unit", "source"))}
    )
    return table[["output", *[c for c in table.columns if c != "output"]]]


def write(r: Sensitivity, folder: Path) -> None:
    """Write tables, figure and page."""
    run_folder.write_table(folder / "sensitivity.csv", with_sources(r))
    lines = [line for line in (_noise(r), r.lost) if line]
    sections = [Section("The parameters that matter most", [_how_to_read(r), *lines, _table(r, DIFFERENCE), _table(r, LEVEL, folded=True)])]
    if r.groups is not None:
        run_folder.write_table(folder / "groups.csv", r.groups.table)
        sections.append(_groups(r))
    entry = r.analysis.entry
    page = Page(
        question(r),
        answer(r),
        draw_all([draw], r, folder / "figures")[0],
        sections,
        notes=[f"{entry.title}: {entry.definition}", *prior(r), *r.analysis.notes],
        how=r.analysis.how(_runs(r)),
        files=FILES,
    )
    write_findings(page, folder)


def _runs(r: Sensitivity) -> str:
    groups = f", {r.groups.pairs} of them on groups" if r.groups else ""
    return f"{r.pairs} pairs{groups}; " + ("common random numbers at all points" if r.method == MORRIS else "new seeds at each point")


def _groups(r: Sensitivity) -> Section:
    g = r.groups
    assert g is not None  # noqa: S101  (only called with groups)
    rows = [
        [Cell(t.group, counted(t.numbers, "parameter")), _effect(r, t, of=""), "opened" if t.opened else "not opened"]
        for t in g.table.itertuples()
    ]
    shut = [str(t.group) for t in g.table.itertuples() if not t.opened and t.mean_absolute_low > g.floor]
    lines = [
        (
            f"All {g.numbers} parameters were screened in {len(g.table)} groups, by section and style: the parameters of a group are varied together, each its own "
            f"way, all others anywhere. Noise alone shows {_amount(r, g.floor)}. The largest groups were then opened, as far as the time went, with "
            "all other parameters as in the scenario."
        )
    ]
    if shut:
        lines.append(f"Distinguishable from noise, but not opened: {listed(shut)}. A larger --budget opens them.")
    columns = ["group", "mean absolute effect, 95% confidence interval", "then"]
    return Section("Groups", [*lines, Table("Effects of groups on the difference", columns, rows)])


def _how_to_read(r: Sensitivity) -> Terms:
    if r.method == MORRIS:
        return Terms(
            [
                (
                    "Mean absolute effect",
                    "How much the difference moves when one parameter goes over its range, all others that are varied anywhere in theirs.",
                ),
                ("Direction", "Whether the difference grows or shrinks with the parameter, or either way, by what else holds."),
                ("Spread", "How much the effect depends on the other parameters: its standard deviation over them."),
            ]
        )
    told = ", ".join(f"{name} {q:.2f}" for name, q in r.quality.items())
    return Terms(
        [
            ("First-order index", "The share of the variance that a parameter explains alone."),
            ("Total index", "The share that it explains alone and together with all others."),
            (
                "Trust",
                f"The indices are of a Gaussian process that predicted held-out points with Q² of {told}; up to {sobol_indices.ACCEPTED:g} it is not trusted.",
            ),
        ]
    )


def _noise(r: Sensitivity) -> str:
    one = f"Noise alone moves the difference of one pair by {_amount(r, r.noise)} (one standard deviation)"
    if r.method == MORRIS:
        return f"{one}: a parameter that does nothing but draw new random numbers shows an effect of {_amount(r, r.floor[DIFFERENCE])}. What is not above that is not distinguishable from noise."
    return f"{one}, which is {r.noise_share:.2f} of its variance over the points: of that the indices are free."


def _amount(r: Sensitivity, x: float, places: int | None = None) -> str:
    """Return an effect with its unit, with these decimals or three digits."""
    scale, unit = scale_of(r.analysis.entry.unit)
    if x != x:  # noqa: PLR0124  (nan)
        return "undefined"
    return f"{scale * x:.3g}{unit}" if places is None else f"{round(scale * x, places) + 0.0:.{places}f}{unit}"


def _places(r: Sensitivity, t: Any) -> int | None:
    """Return the decimals that the interval of an effect can tell."""
    scale = scale_of(r.analysis.entry.unit)[0]
    if t.mean_absolute_high <= TINY:
        return 0
    return decimals(scale * t.mean_absolute_low, scale * t.mean_absolute_high)


def _effect(r: Sensitivity, t: Any, of: str = "95% confidence interval ") -> str:
    """Return a mean absolute effect with its interval."""
    scale, unit = scale_of(r.analysis.entry.unit)
    if t.mean_absolute_high <= TINY:
        return f"0{unit}"
    values = (scale * x for x in (t.mean_absolute_effect, t.mean_absolute_low, t.mean_absolute_high))
    return with_interval(*values, unit=unit, of=of, sign="")


def _index(x: float, low: float, high: float, of: str = "95% confidence interval ") -> str:
    """Return an index with its interval, in per cent."""
    return with_interval(POINTS * x, POINTS * low, POINTS * high, unit="%", of=of, sign="")


def _table(r: Sensitivity, output: str, *, folded: bool = False) -> Table:
    part = r.table[r.table.output == output].head(ROWS)
    by_path = {one.path: one for one in r.factors}
    if r.method == MORRIS:
        columns = [
            "parameter",
            "mean absolute effect, 95% confidence interval",
            "above noise",
            "direction",
            "mean effect",
            "spread",
            "range",
        ]
        rows = [
            [
                Cell(f"{t.factor}: {in_words(by_path[t.factor])}", by_path[t.factor].source),
                _effect(r, t, of=""),
                "yes" if t.mean_absolute_low > r.floor[output] else "no",
                _way(t.mean_effect, t.mean_absolute_effect),
                *(_amount(r, x, _places(r, t)) for x in (t.mean_effect, t.spread)),
                _range(r, by_path[t.factor]),
            ]
            for t in part.itertuples()
        ]
    else:
        columns = ["parameter", "total index, 95% confidence interval", "first-order index, 95% confidence interval", "range"]
        rows = [
            [
                Cell(f"{t.factor}: {in_words(by_path[t.factor])}", by_path[t.factor].source),
                _index(t.total, t.total_low, t.total_high, of=""),
                _index(t.first, t.first_low, t.first_high, of=""),
                _range(r, by_path[t.factor]),
            ]
            for t in part.itertuples()
        ]
    title = "On the difference between the arms" if output == DIFFERENCE else f"On the level under {named(r.analysis.reference)}"
    if r.method != MORRIS and not r.quality[output] > sobol_indices.ACCEPTED:
        title += f" (not trusted: Q² {r.quality[output]:.2f})"
    return Table(title, columns, rows, folded)


def _range(r: Sensitivity, one: Factor) -> str:
    low, high = r.range_of(one)
    return f"{low:.4g} to {high:.4g} ({unit_in_words(one)})"


# the figure ----------------------------------------------------------------------------------------------------------


def draw(r: Sensitivity, screen: Screen) -> Drawn:
    """Draw the parameters below one another, the largest effect or index first."""
    part = r.table[r.table.output == DIFFERENCE]
    shown = part[part.mean_absolute_effect > TINY] if r.method == MORRIS else part.dropna(subset=["total"])
    idle = len(part.dropna(subset=["mean_absolute_effect"])) - len(shown) if r.method == MORRIS else 0
    more = "".join(
        [
            f" The largest {RANKED} of {len(shown)} are drawn; the table has more." if len(shown) > RANKED else "",
            f" {counted(idle, 'other parameter')} did not move it at all." if idle else "",
        ]
    )
    shown = shown.head(RANKED)
    canvas = screen.blank((0.52 if screen.narrow else 0.36) * len(shown) + 1.9)
    ax = canvas.subplots()
    _name_rows(ax, list(shown.factor), screen)
    caption = (_draw_effects if r.method == MORRIS else _draw_indices)(r, shown, canvas, ax=ax, screen=screen)
    best = ", ".join(shown.factor.head(FIVE)) or "none"
    return Drawn(
        canvas,
        Figure("sensitivity", _headline(r, shown), f"{caption}{more} {r.analysis.size}.", f"Parameters ranked. {caption} Largest: {best}."),
    )


def _headline(r: Sensitivity, shown: pd.DataFrame) -> str:
    """Return what moves the answer most, and by how much."""
    if not r.trusted:
        return (
            "Nothing can be said: the effects are undefined"
            if r.method == MORRIS
            else "These indices are not to be trusted: the surrogate predicts points held out too poorly"
        )
    best, standing = shown.iloc[0], len(r.standing_out)
    if not standing:
        return f"None of {counted(len(r.factors), 'parameter')} is distinguishable from noise"
    if r.method == MORRIS:
        return (
            f"{_begun(r, best.factor)} moves the difference in {r.analysis.title} most: by {_effect(r, best)} over its range; "
            f"{standing} of {counted(len(r.factors), 'parameter')} {'is' if standing == 1 else 'are'} distinguishable from noise"
        )
    return f"{_begun(r, best.factor)} explains most of how the difference in {r.analysis.title} varies: {_index(best.total, best.total_low, best.total_high)}"


def _begun(r: Sensitivity, path: str) -> str:
    """Return a parameter in words as it begins a sentence."""
    words = next(in_words(one) for one in r.factors if one.path == path)
    return words[0].upper() + words[1:]


def _name_rows(ax: Axes, names: list[str], screen: Screen) -> None:
    """Name the rows: beside them, or on a narrow screen above each."""
    ax.set_ylim(len(names) - 0.4, -0.8 if screen.narrow else -0.6)
    ax.grid(visible=False, axis="y")
    if screen.narrow:
        ax.set_yticks([])
        for k, name in enumerate(names):
            ax.text(0.015, k - 0.28, name, transform=ax.get_yaxis_transform(), va="bottom", fontsize=SMALLEST, color=INK)
    else:
        ax.set_yticks(range(len(names)), names)
        ax.tick_params(axis="y", length=0)


def _draw_effects(r: Sensitivity, shown: pd.DataFrame, canvas: Canvas, ax: Axes, screen: Screen) -> str:
    """Draw mean absolute effects with their intervals, and what noise alone shows; return how to read it."""
    scale, floor = scale_of(r.analysis.entry.unit)[0], r.floor[DIFFERENCE]
    noise = ax.axvspan(0.0, scale * floor, color=BAND, lw=0, zorder=0, label="what noise alone shows")
    ways = set()
    for k, t in enumerate(shown.itertuples()):
        sure, way = t.mean_absolute_low > floor, _way(t.mean_effect, t.mean_absolute_effect)
        colour = INK if sure else EVEN
        ax.plot([scale * t.mean_absolute_low, scale * t.mean_absolute_high], [k, k], color=colour, lw=1.6)
        ax.plot(
            scale * t.mean_absolute_effect,
            k,
            SHAPES[way],
            ms=7,
            color=colour,
            mfc=colour if sure else GROUND,
            mew=1.3,
            clip_on=False,
            zorder=3,
        )
        ways.add(way)
    unit = "percentage points" if r.analysis.entry.unit == "share" else r.analysis.entry.unit
    between = "\n" if screen.narrow else " "
    ax.set(xlim=(0, None), xlabel=f"how far a parameter moves the difference in{between}{r.analysis.title}, {unit}")
    marks = [
        *(
            Line2D([], [], marker=SHAPES[way], ls="", ms=7, color=INK, label=f"the difference {way}" if way in (GROWS, SHRINKS) else way)
            for way in SHAPES
            if way in ways
        ),
        Line2D([], [], marker="s", ls="", ms=7, color=EVEN, mfc=GROUND, mew=1.3, label="any hollow mark: not distinguishable from noise"),
        Line2D([], [], color=INK, lw=1.6, label="95% confidence interval"),
        noise,
    ]
    canvas.legend(handles=marks, loc="outside lower left", ncols=1 if screen.narrow else 3)
    return "Mean absolute effect of each parameter over its range, all others that are varied anywhere in theirs."


def _draw_indices(r: Sensitivity, shown: pd.DataFrame, canvas: Canvas, ax: Axes, screen: Screen) -> str:
    """Draw total and first-order indices with their intervals; return how to read it."""
    ax.axvline(0.0, color=AXIS, lw=0.9)
    for k, t in enumerate(shown.itertuples()):
        for shift, colour, mark, label, value, low, high in (
            (-0.12, INK, TOTAL, "total index: alone and with others", t.total, t.total_low, t.total_high),
            (0.14, EVEN, FIRST, "first-order index: alone", t.first, t.first_low, t.first_high),
        ):
            ax.plot([POINTS * low, POINTS * high], [k + shift] * 2, color=colour, lw=1.6)
            ax.plot(POINTS * value, k + shift, mark, color=colour, ms=6.5, label=label if k == 0 else None)
    between = "\n" if screen.narrow else " "
    ax.set_xlabel(f"share of the variance of the difference{between}in {r.analysis.title}, %")
    marks = [*ax.get_legend_handles_labels()[0], Line2D([], [], color=INK, lw=1.6, label="95% confidence interval")]
    canvas.legend(handles=marks, loc="outside lower left", ncols=1 if screen.narrow else 3)
    doubt = "" if r.trusted else " They are not to be trusted."
    return f"How much of the variation of the difference over the whole space each parameter explains.{doubt}"
