"""Differences of measures in per cent of the control, a row a measure: better lies to the right, whichever way a measure is better."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.comparison.answer import within
from experiments.comparison.split import CO_PRIMARY, FIRST, place
from experiments.methods import paired
from experiments.reporting.palette import AXIS, BAND, GROUND, INK, SIGNS, SOFT, TONES, VERDICTS, WRITTEN
from experiments.reporting.style import Axes, Canvas, Drawn, Figure, Line2D, Screen, mark_verdict, verdict_legend
from experiments.reporting.text import POINTS, counted, difference, listed, named, started
from sim.results.measures import CONTEXT, GROUPS, PRIMARY

if TYPE_CHECKING:
    import pandas as pd

    from experiments.comparison.result import Comparison
    from sim.results.measures import Catalogue

LEAST_LIMIT, SHOWN, ROOM = 5.0, 94, 1.25  # per cent; of the differences that lie within the axis, and room beyond
ROW, NARROW_ROW, HEAD = 0.27, 0.46, 0.62  # inches
TITLE = 60  # characters above all panels of a row together
ACROSS = 3  # panels in a row, at most: of more, their axes and titles lie on one another
THICK, THIN = 2.2, 1.0  # points: of a confidence interval, and of a range over worlds
GAP = 1.4  # of rows, above a group's name


class Turned(NamedTuple):
    """A difference with its bounds in per cent of the control, above zero where it is better, or higher if neither is better."""

    mid: float
    low: float
    high: float
    margin: float  # the smallest effect of interest


def turned(row: pd.Series, about: Catalogue) -> Turned:
    """Return a row of the summary as it is drawn; undefined where the control has nothing of it."""
    m, base = about[str(row.measure)], abs(row.mean_reference)
    if base == 0.0 or not np.isfinite(base):
        return Turned(np.nan, np.nan, np.nan, np.nan)
    sign = -1.0 if m.direction == "lower better" else 1.0
    low, high = sorted((sign * row.ci_low, sign * row.ci_high))
    return Turned(*(POINTS * x / base for x in (sign * row.difference, low, high, m.smallest_effect)))


def over_worlds(row: pd.Series, about: Catalogue) -> tuple[float, float]:
    """Return the range over worlds of a row of the summary as it is drawn; undefined where there is none."""
    base = abs(row.mean_reference)
    if "worlds_low" not in row.index or base == 0.0:
        return np.nan, np.nan
    sign = -1.0 if about[str(row.measure)].direction == "lower better" else 1.0
    low, high = sorted((sign * row.worlds_low, sign * row.worlds_high))
    return POINTS * low / base, POINTS * high / base


def draw_goals(c: Comparison, screen: Screen) -> Drawn | None:
    """Draw the goals and guardrails, the primary measure first: what one would look at first."""
    rows = c.summary[c.summary.role != CONTEXT]
    if rows.empty:
        return None
    drawn = _draw(c, screen, rows, {"": _in_order(rows)})
    better, worse = (int((rows.verdict == word).sum()) for word in (paired.BETTER, paired.WORSE))
    arms = c.arms[1:]
    if len(arms) == 1:
        many = f"{len(rows)} goals and guardrails"
        headline = f"{started(arms[0])} is better on {better} of {many} and worse on {worse}"
        if not better + worse:
            headline = f"{started(arms[0])} is neither better nor worse on any of {many}"
    else:
        scores = [f"{named(a)} {_score(rows[rows.arm == a])}" for a in arms]
        headline = f"Better and worse, of {len(_in_order(rows))} goals and guardrails: {listed(scores)}"
    return Drawn(drawn, Figure("goals", headline, _caption(c), _told(c, rows)))


def _score(rows: pd.DataFrame) -> str:
    return f"{int((rows.verdict == paired.BETTER).sum())} and {int((rows.verdict == paired.WORSE).sum())}"


def draw_differences(c: Comparison, screen: Screen) -> Drawn | None:
    """Draw all measures by group."""
    rows = c.summary
    if rows.empty:
        return None
    groups = {g.capitalize(): [m for m in c.catalogue if ((rows.measure == m) & (rows.group == g)).any()] for g in GROUPS}
    drawn = _draw(c, screen, rows, {group: measures for group, measures in groups.items() if measures})
    found = rows[~rows.verdict.isin([paired.NOT_DECIDED, paired.NO_DIFFERENCE])]
    sure = sum(not within(r, c.catalogue[r.measure].smallest_effect) for _, r in found.iterrows())
    decided, undecided = len(found), int((rows.verdict == paired.NOT_DECIDED).sum())
    headline = (
        f"{listed([started(c.arms[1]), *map(named, c.arms[2:])])} against {named(c.reference)}: of {counted(len(rows), 'difference')}, {decided} {'is' if decided == 1 else 'are'} decided"
        f"{f', {sure} of them surely beyond the smallest effect of interest' * (decided > 0)}; {undecided} {'is' if undecided == 1 else 'are'} not decided"
    )
    return Drawn(drawn, Figure("differences", headline, _caption(c) + " Bold: goals and guardrails.", _told(c, rows)))


def _caption(c: Comparison) -> str:
    several = " simultaneous," if len(c.summary) > 1 else ""
    which = "below one another, " if len(c.arms) > 2 else ""
    thick, thin = "with its 95% confidence interval", ""
    if c.worlds_range:
        thick = "with its 95% confidence interval, the noise of simulation at the defaults, as a thick line"
        thin = f" The thin line with ends is the {c.worlds_range}: how far the change goes over what nobody has measured."
    return (
        f"Each row is a measure: its change against {named(c.reference)}, in per cent of it, {thick} (all but the primary measure's are"
        f"{several} over {c.pairs} pairs).{thin} Right is better, whether more or less of it is wanted; where neither is better (◆), right is more. The "
        f"grey bar is the smallest effect of interest; an arrow lies beyond the axis. Beside it {which}the difference in its own unit: its sign says more or less, its mark better (▲) or worse (▼). {c.size}."
    )


def _in_order(rows: pd.DataFrame) -> list[str]:
    """Return the measures that are there, the primary one first."""
    return sorted(dict.fromkeys(rows.measure), key=place)


def _draw(c: Comparison, screen: Screen, rows: pd.DataFrame, groups: dict[str, list[str]]) -> Canvas:
    arms, about = c.arms[1:], c.catalogue
    several = len(arms) > 1
    changes = {(r.arm, r.measure): turned(r, about) for _, r in rows.iterrows()}
    reach = {(r.arm, r.measure): over_worlds(r, about) for _, r in rows.iterrows()}
    limit = _limit([*(t.mid for t in changes.values()), *(x for ends in reach.values() for x in ends)])
    lines, places = _lines(groups)
    row = (NARROW_ROW if screen.narrow else ROW) + (0.11 if screen.narrow else 0.0)
    down, across = _grid(len(arms), screen)
    canvas = screen.blank(down * (row * lines + 0.75) + HEAD)
    axes: Any = canvas.subplots(down, across, sharex=True, sharey=True, squeeze=False).ravel()
    for spare in axes[len(arms) :]:
        spare.set_axis_off()
    for k, (ax, arm) in enumerate(zip(axes, arms, strict=False)):
        part = rows[rows.arm == arm].set_index("measure", drop=False)
        written = screen.narrow or len(arms) == 1
        for group, measures in groups.items():
            for m in measures:
                here = changes.get((arm, m))
                _draw_reach(ax, places[group, m], reach.get((arm, m)), limit)
                _draw_row(ax, y=places[group, m], t=here, row=part.loc[m] if here else None, limit=limit)
                if written and here:
                    _write_difference(ax, places[group, m], part.loc[m], narrow=screen.narrow)
        _label(ax, groups, places, about, named_here=k % across == 0, narrow=screen.narrow)
        _frame(ax, lines, limit)
        if several:
            ax.set_title("\n".join(textwrap.wrap(named(arm), TITLE // across)), pad=16, fontsize=10)
        ax.tick_params(labelbottom=k + across >= len(arms))  # of each column, the lowest that is there
        if k == len(arms) - 1 or not screen.narrow:
            ax.set_xlabel(f"change in % of {named(c.reference)}" if screen.narrow or len(arms) < 3 else "")
    if several and not screen.narrow and len(arms) > 2:
        canvas.supxlabel(f"change in % of {named(c.reference)}", fontsize=9.5)
    handles = [*verdict_legend(rows.verdict), Line2D([], [], color=BAND, lw=7, solid_capstyle="butt", label="smallest effect of interest")]
    if c.worlds_range:
        handles += [
            Line2D([], [], color=SOFT, lw=THICK, solid_capstyle="butt", label="95% confidence interval"),
            Line2D([], [], color=INK, lw=THIN, marker="|", ms=7, label=c.worlds_range),
        ]
    canvas.legend(handles=handles, loc="outside upper left", ncols=_legend_columns(handles, screen, over_worlds=bool(c.worlds_range)))
    return canvas


def _legend_columns(handles: list[Line2D], screen: Screen, *, over_worlds: bool) -> int:
    if over_worlds:
        return 1 if screen.narrow else 3
    return (2 if len(handles) < 5 else 1) if screen.narrow else 4


def _grid(panels: int, screen: Screen) -> tuple[int, int]:
    """Return lines and columns of so many panels, the lines as even as they can be."""
    lines, _ = screen.grid(panels, ACROSS)
    return lines, -(-panels // lines)


def _limit(shown: Sequence[float]) -> float:
    """Return how far the axis reaches, in per cent: a few differences may be many times the others."""
    there = np.abs([x for x in shown if np.isfinite(x)])
    return max(LEAST_LIMIT, float(np.percentile(there, SHOWN)) * ROOM) if len(there) else LEAST_LIMIT


def _lines(groups: dict[str, list[str]]) -> tuple[float, dict[tuple[str, str], float]]:
    """Return how many rows there are, and where each measure stands, from the top down."""
    y, places = 0.0, {}
    for group, measures in groups.items():
        y += GAP if group else 0.0
        for m in measures:
            places[group, m] = y
            y += 1.0
    return y, places


def _draw_row(ax: Axes, y: float, t: Turned | None, row: pd.Series | None, limit: float) -> None:
    """Draw a measure's change; what lies beyond the limit is an arrow."""
    if t is None or row is None or not np.isfinite(t.mid):
        ax.text(0.0, y, "–", ha="center", va="center", color=SOFT)
        return
    margin = min(t.margin, limit)
    ax.fill_between([-margin, margin], y - 0.3, y + 0.3, color=BAND, lw=0, zorder=0.5)
    colour = VERDICTS[row.verdict]
    if np.isfinite(t.low) and np.isfinite(t.high):
        ax.plot(np.clip([t.low, t.high], -limit, limit), [y, y], color=colour, lw=THICK, solid_capstyle="butt")
    if abs(t.mid) <= limit:
        mark_verdict(ax, row.verdict, t.mid, y)
    else:
        side = np.sign(t.mid)
        ax.annotate(
            "", (side * limit * 1.03, y), (side * limit * 0.86, y), arrowprops={"arrowstyle": "-|>", "color": colour, "lw": 2.2}, zorder=3
        )


def _draw_reach(ax: Axes, y: float, ends: tuple[float, float] | None, limit: float) -> None:
    """Draw the range over worlds, thin, with an end on either side; an end beyond the limit is an arrow."""
    if ends is None or not np.isfinite(ends).all():
        return
    ax.plot(np.clip(ends, -limit, limit), [y, y], color=INK, lw=THIN, solid_capstyle="butt", zorder=1.9)
    for x in ends:
        marker = "|" if abs(x) <= limit else 5 if x > 0.0 else 4  # carets that point right and left, their tips at the place
        ax.plot(np.clip([x, x], -limit, limit), [y, y], color=INK, ls="", marker=marker, ms=7, mew=THIN, zorder=1.9)


def _write_difference(ax: Axes, y: float, row: pd.Series, *, narrow: bool) -> None:
    """Write the difference in its own unit: beside the row, or above it on a narrow screen."""
    text = f"{SIGNS[TONES[row.verdict]]} {difference(row)}"  # the mark says what the colour says
    if narrow:
        _over_lines(ax, 1.0, y, text, ha="right", color=WRITTEN[row.verdict])
    else:
        ax.text(1.015, y, text, transform=ax.get_yaxis_transform(), ha="left", va="center", color=WRITTEN[row.verdict])


def _over_lines(ax: Axes, x: float, y: float, text: str, **look: Any) -> None:
    """Write above a row, upon the lines that run down there."""
    ground = {"facecolor": GROUND, "edgecolor": "none", "pad": 0.5}
    ax.text(x, y - 0.42, text, transform=ax.get_yaxis_transform(), va="center", bbox=ground, zorder=0.9, **look)


def _label(
    ax: Axes, groups: dict[str, list[str]], places: dict[tuple[str, str], float], about: Catalogue, *, named_here: bool, narrow: bool
) -> None:
    """Write names of measures and groups: beside the rows, or above each on a narrow screen."""
    ax.set_yticks([])
    if not named_here:
        return
    whole = ax.get_yaxis_transform()
    for group, measures in groups.items():
        if group:
            ax.text(
                0.0,
                places[group, measures[0]] - (1.05 if narrow else 0.95),
                group,
                transform=whole,
                fontsize=11,
                weight="bold",
                va="center",
            )
        for m in measures:
            title = about[m].title + {PRIMARY: " (primary)", CO_PRIMARY: " (co-primary)"}.get(m, "")
            bold = "bold" if m in FIRST or (group and about[m].role != CONTEXT) else "normal"
            if narrow:
                _over_lines(ax, 0.0, places[group, m], title, weight=bold)
            else:
                ax.annotate(
                    title,
                    (0.0, places[group, m]),
                    (-8, 0),
                    whole,
                    "offset points",
                    ha="right",
                    va="center",
                    weight=bold,
                    annotation_clip=False,
                )


def _frame(ax: Axes, lines: float, limit: float) -> None:
    ax.axvline(0.0, color=AXIS, lw=1.0, zorder=0.8)
    ax.set_ylim(lines - 0.4, -0.75)
    ax.set_xlim(-limit * 1.05, limit * 1.05)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="y", visible=False)
    ax.xaxis.set_major_formatter(lambda x, _: f"{abs(x):g}%")
    ax.text(0.0, 1.0, "◀ worse", transform=ax.transAxes, ha="left", va="bottom", color=SOFT)
    ax.text(1.0, 1.0, "better ▶", transform=ax.transAxes, ha="right", va="bottom", color=SOFT)


def _told(c: Comparison, rows: pd.DataFrame) -> str:
    def titles(part: pd.DataFrame, verdict: str) -> str:
        return ", ".join(c.catalogue[m].title for m in part.measure[part.verdict == verdict]) or "none"

    parts = {arm: rows[rows.arm == arm] for arm in c.arms[1:]}
    return "Marks with intervals, a row a measure. " + " ".join(
        f"{started(arm)} is better on: {titles(part, paired.BETTER)}. Worse on: {titles(part, paired.WORSE)}. Not decided: {titles(part, paired.NOT_DECIDED)}."
        for arm, part in parts.items()
    )
