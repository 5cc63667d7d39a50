"""A sensitivity analysis in words, as files, a figure and a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.analyses.sensitivity.analysis import DIFFERENCE, FIVE, LEVEL, MORRIS, varied_range
from experiments.methods import sobol_indices
from experiments.reporting import run_folder
from experiments.reporting.page import Page, Section, Table, write_findings
from experiments.reporting.style import ARMS, EVEN, STYLE, Figure, blank, rc_context, save
from experiments.reporting.text import POINTS, listed, named

if TYPE_CHECKING:
    import pandas as pd

    from experiments.analyses.sensitivity.analysis import Sensitivity
    from experiments.space.factors import Factor

ONE_WAY = 0.6  # mean effect over mean absolute effect, from which a parameter works one way
ROWS, DOTS, NAMES = 30, 60, 10  # in the table; in the figure; of them with a name
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
    names = listed([one.path for one in top])
    first = f"What {i.against} does to {i.title} is most sensitive to {names}."
    if len(top) < FIVE:
        first += f" No other of the {len(r.factors)} parameters is distinguishable from noise."
    return [first, *(_reason(r, one) for one in top)]


def _reason(r: Sensitivity, one: Factor) -> str:
    """Return what a parameter does to the difference, where it stands, and who says so."""
    row = r.table[(r.table.output == DIFFERENCE) & (r.table.factor == one.path)].iloc[0]
    low, high = varied_range(one)
    if r.method == MORRIS:
        share = row.mean_effect / row.mean_absolute_effect
        way = (
            "the difference grows with it"
            if share > ONE_WAY
            else "the difference shrinks with it"
            if share < -ONE_WAY
            else "either way, by what else holds"
        )
        does = f"{_amount(r, row.mean_absolute_effect)} from {low:g} to {high:g}, {way}"
    else:
        does = f"{POINTS * row.total:.0f}% of the variance, {POINTS * row['first']:.0f}% of it alone"
    return f"{one.path}: {does}; {one.default:g} ({one.unit}) here. Source: {one.source}."


def question(r: Sensitivity) -> str:
    """Return the question that is answered."""
    return f"To which assumptions is the answer most sensitive, {r.analysis.against}?"


def with_sources(r: Sensitivity) -> pd.DataFrame:
    """Return a row an output and parameter: effects or indices, and where the parameter stands, with its source."""
    sources = {one.path: (one.default, *varied_range(one), one.unit, one.source) for one in r.factors}
    table = r.table.assign(
        **{name: [sources[path][k] for path in r.table.factor] for k, name in enumerate(("default", "low", "high", "unit", "source"))}
    )
    return table[["output", *[c for c in table.columns if c != "output"]]]


def write(r: Sensitivity, folder: Path) -> None:
    """Write tables, figure and page."""
    run_folder.write_table(folder / "sensitivity.csv", with_sources(r))
    lines = [line for line in (_how_to_read(r), _noise(r), r.lost) if line]
    sections = [Section("The parameters that matter most", lines, tables=[_table(r, DIFFERENCE), _table(r, LEVEL, folded=True)])]
    if r.groups is not None:
        run_folder.write_table(folder / "groups.csv", r.groups.table)
        sections.append(_groups(r))
    page = Page(
        question(r),
        answer(r),
        draw(r, folder / "figures"),
        sections,
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
        [t.group, str(t.numbers), _amount(r, t.mean_absolute_effect), _interval(r, t), "opened" if t.opened else "not opened"]
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
    return Section(
        "Groups",
        lines,
        tables=[Table("Effects of groups on the difference", ["group", "parameters", "mean absolute effect", "95%", ""], rows)],
    )


def _how_to_read(r: Sensitivity) -> str:
    if r.method == MORRIS:
        return (
            "Mean absolute effect: how much the difference moves when one parameter goes over its range, all others that are varied anywhere in theirs; "
            "spread: how much that depends on the others."
        )
    told = ", ".join(f"{name} {q:.2f}" for name, q in r.quality.items())
    return (
        "First-order index: share of the variance that a parameter explains alone; total: with all others. They are of a Gaussian process "
        f"that predicted held-out points with Q² of {told}; up to {sobol_indices.ACCEPTED:g} it is not trusted."
    )


def _noise(r: Sensitivity) -> str:
    one = f"Noise alone moves the difference of one pair by {_amount(r, r.noise)} (one standard deviation)"
    if r.method == MORRIS:
        return f"{one}: a parameter that does nothing but draw new random numbers shows an effect of {_amount(r, r.floor[DIFFERENCE])}. What is not above that is not distinguishable from noise."
    return f"{one}, which is {r.noise_share:.2f} of its variance over the points: of that the indices are free."


def _amount(r: Sensitivity, x: float) -> str:
    if x != x:  # noqa: PLR0124  (nan)
        return "undefined"
    return f"{POINTS * x:.2f} points" if r.analysis.entry.unit == "share" else f"{x:.3g}"


def _interval(r: Sensitivity, t: Any) -> str:
    """Return an interval without its unit: that stands beside it."""
    words = [_amount(r, x).removesuffix(" points") for x in (t.mean_absolute_low, t.mean_absolute_high)]
    return " to ".join(words)


def _table(r: Sensitivity, output: str, *, folded: bool = False) -> Table:
    part = r.table[r.table.output == output].head(ROWS)
    by_path = {one.path: one for one in r.factors}
    if r.method == MORRIS:
        columns = ["parameter", "mean absolute effect", "95%", "above noise", "mean effect", "spread", "range", "source"]
        rows = [
            [
                t.factor,
                _amount(r, t.mean_absolute_effect),
                _interval(r, t),
                "yes" if t.mean_absolute_low > r.floor[output] else "no",
                _amount(r, t.mean_effect),
                _amount(r, t.spread),
                _range(by_path[t.factor]),
                by_path[t.factor].source,
            ]
            for t in part.itertuples()
        ]
    else:
        columns = ["parameter", "total", "95%", "first order", "95%", "range", "source"]
        rows = [
            [
                t.factor,
                f"{t.total:.2f}",
                f"{t.total_low:.2f} to {t.total_high:.2f}",
                f"{t.first:.2f}",
                f"{t.first_low:.2f} to {t.first_high:.2f}",
                _range(by_path[t.factor]),
                by_path[t.factor].source,
            ]
            for t in part.itertuples()
        ]
    title = "On the difference between the arms" if output == DIFFERENCE else f"On the level under {named(r.analysis.reference)}"
    if r.method != MORRIS and not r.quality[output] > sobol_indices.ACCEPTED:
        title += f" (not trusted: Q² {r.quality[output]:.2f})"
    return Table(title, columns, rows, folded)


def _range(one: Factor) -> str:
    low, high = varied_range(one)
    return f"{low:.4g} to {high:.4g} {one.unit}"


def draw(r: Sensitivity, folder: Path) -> Figure:
    """Draw effects against their spread, or indices."""
    part = r.table[r.table.output == DIFFERENCE]
    with rc_context(STYLE):
        many = min(len(part), NAMES if r.method == MORRIS else ROWS)
        canvas = blank(figsize=(7.4, 0.36 * many + 1.7) if r.method != MORRIS else (7.4, 5.2))
        (_draw_effects if r.method == MORRIS else _draw_indices)(r, part, canvas)
        save(canvas, folder, "sensitivity")
    what = "mean absolute effect against spread" if r.method == MORRIS else "first-order and total indices with 95% confidence intervals"
    doubt = "" if r.trusted else " They are not to be trusted."
    key = " Numbers are those of the table; grey: not distinguishable from noise." if r.method == MORRIS else ""
    return Figure(
        "sensitivity",
        "What the answer is sensitive to",
        f"Parameters of the model: {what}.{doubt}{key} {r.analysis.size}.",
        f"A plot of {what} by parameter. Largest: {', '.join(part.factor.head(FIVE))}.",
    )


def _draw_effects(r: Sensitivity, part: Any, canvas: Any) -> None:
    """Draw mean absolute effect against spread; the largest carry their rank, and a list beside says their names."""
    share = r.analysis.entry.unit == "share"
    scale = POINTS if share else 1.0
    ax, names = canvas.subplots(1, 2, width_ratios=[1.9, 1.0])
    names.set_axis_off()
    shown = part.dropna(subset=["mean_absolute_effect"]).head(DOTS)
    sure = (shown.mean_absolute_low > r.floor[DIFFERENCE]).to_numpy()
    x, y = scale * shown.mean_absolute_effect.to_numpy(), scale * shown.spread.to_numpy()
    ax.axvspan(0.0, scale * r.floor[DIFFERENCE], color="#eceef1", lw=0, zorder=0, label="what noise alone shows")
    ax.hlines(y[sure], scale * shown.mean_absolute_low[sure], scale * shown.mean_absolute_high[sure], color=ARMS[0], lw=0.9, alpha=0.6)
    for mask, colour in ((sure, ARMS[0]), (~sure, EVEN)):
        ax.plot(x[mask], y[mask], "o", color=colour, ms=5)
    for k, t in enumerate(shown.head(NAMES).itertuples()):
        if sure[k] or k < FIVE:  # the others lie upon one another
            ax.annotate(
                str(k + 1), (x[k], y[k]), (4, 4), textcoords="offset points", fontsize=8.5, fontweight="bold" if sure[k] else "normal"
            )
        weight = "bold" if k < FIVE and sure[k] else "normal"
        names.text(
            0.0, 0.97 - 0.065 * k, f"{k + 1}  {t.factor}", fontsize=8.5, fontweight=weight, color="#222831" if sure[k] else EVEN, va="top"
        )
    unit = "points" if share else r.analysis.entry.unit
    ax.set(
        xlabel=f"mean absolute effect on the difference\nin {r.analysis.title}, {unit}",
        ylabel=f"spread of the effect, {unit}",
        xlim=(0, None),
        ylim=(0, None),
    )
    canvas.legend(loc="outside upper left", fontsize=8.5)


def _draw_indices(r: Sensitivity, part: Any, canvas: Any) -> None:
    ax = canvas.subplots()
    for k, t in enumerate(part.itertuples()):
        for shift, colour, label, value, low, high in (
            (-0.12, ARMS[0], "total", t.total, t.total_low, t.total_high),
            (0.12, EVEN, "first order", t.first, t.first_low, t.first_high),
        ):
            ax.plot([low, high], [k + shift] * 2, color=colour, lw=2)
            ax.plot(value, k + shift, "o", color=colour, label=label if k == 0 else None)
    ax.set_yticks(range(len(part)), part.factor)
    ax.set_ylim(len(part) - 0.4, -0.6)
    ax.axvline(0.0, color="#444a52", lw=0.9)
    ax.set_xlabel(f"share of the variance of the difference in {r.analysis.title}")
    canvas.legend(loc="outside upper right", ncols=2, fontsize=8.5)
