"""Figures of a comparison, drawn from its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.methods import paired
from experiments.reporting.network_figures import draw_inboxes, draw_networks
from experiments.reporting.style import ARMS, EVEN, STYLE, VERDICTS, Axes, Figure, blank, rc_context, save, smooth
from experiments.reporting.text import POINTS, named
from sim.results.measures import GOAL, GROUPS, GUARDRAIL, PRIMARY, Catalogue

if TYPE_CHECKING:
    import pandas as pd

    from experiments.comparison.result import Comparison
    from sim.results.history import History


def write_figures(c: Comparison, folder: Path) -> list[Figure]:
    """Write all figures of a comparison; return them in the order in which the report shows them."""
    with rc_context(STYLE):
        drawn = [draw(c, folder) for draw in DRAWINGS.values()]
    return [figure for figure in drawn if figure is not None]


def draw_examples(c: Comparison, folder: Path) -> Figure | None:
    """Draw the inboxes of single members under each arm, in the first pair."""
    return draw_inboxes(_by_arm(c), c.size, folder)


def draw_samples(c: Comparison, folder: Path) -> Figure:
    """Draw the network under each arm, in the first pair."""
    return draw_networks(_by_arm(c), c.size, folder)


def _by_arm(c: Comparison) -> dict[str, History]:
    return {arm: c.examples[arm] for arm in c.arms}


def relative(row: pd.Series) -> tuple[float, float, float]:
    """Return a difference and its bounds in per cent of the reference arm."""
    base = abs(row.mean_reference)
    if base == 0.0 or not np.isfinite(base):
        return (np.nan, np.nan, np.nan)
    return tuple(POINTS * row[k] / base for k in ("difference", "ci_low", "ci_high"))


def draw_differences(c: Comparison, folder: Path) -> Figure | None:
    """Draw all differences with intervals by group, in per cent of the reference, a column an arm."""
    arms, rows = c.arms[1:], c.summary
    if rows.empty:
        return None
    about = c.catalogue
    groups = {g: [m for m in about if ((rows.measure == m) & (rows.group == g)).any()] for g in GROUPS}
    groups = {g: measures for g, measures in groups.items() if measures}
    heights = [len(measures) + 1.2 for measures in groups.values()]
    canvas = blank(figsize=(9.0 if len(arms) == 1 else 3.4 + max(2.0, 3.3 - 0.3 * len(arms)) * len(arms), 0.25 * sum(heights) + 1.4))
    axes = canvas.subplots(len(groups), len(arms), height_ratios=heights, sharex=True, sharey="row", squeeze=False)
    shown = rows.apply(lambda r: abs(relative(r)[0]), axis=1)
    limit = float(np.nanpercentile(shown[np.isfinite(shown)], 94)) * 1.25 if np.isfinite(shown).any() else 1.0
    limit = max(limit, 5.0)
    for line, (group, measures) in zip(axes, groups.items(), strict=True):
        for ax, arm in zip(line, arms, strict=True):
            _draw_changes(ax, rows[rows.arm == arm].set_index("measure"), measures, limit, narrow=len(arms) > 1)
            ax.set_title(group.capitalize()) if len(arms) == 1 else ax.set_title(named(arm), fontsize=9.5, fontweight="normal")
        line[0].set_yticks(range(len(measures)), [about[m].title + " (primary)" * (m == PRIMARY) for m in measures])
        for tick, m in zip(line[0].get_yticklabels(), measures, strict=True):
            tick.set_fontweight("bold" if about[m].role in (GOAL, GUARDRAIL) else "normal")
        if len(arms) > 1:  # above the names of the measures, since the panels' titles are the arms
            line[0].annotate(group.capitalize(), (0, 1), (-8, 6), "axes fraction", "offset points", ha="right", fontsize=11, weight="bold")
    change = f"change in % of {named(c.reference)}, 95% confidence intervals"
    if len(arms) == 1:
        axes[-1, 0].set_xlabel(f"{named(arms[0])} against {named(c.reference)}: {change}")
    else:
        canvas.supxlabel(change, fontsize=9.5)
    marks = [canvas.axes[0].plot([], [], "o-", color=colour, label=word)[0] for word, colour in list(VERDICTS.items())[:4]]
    canvas.legend(handles=marks, loc="outside upper right", ncols=4, fontsize=8.5)
    save(canvas, folder, "differences")
    columns = "" if len(arms) == 1 else ", a column an arm"
    return Figure(
        "differences",
        "Everything that changes",
        f"Difference of each measure with its 95% confidence interval, in per cent of {named(c.reference)}{columns}; all but the primary measure have "
        f"simultaneous intervals. Bold: goals and guardrails. {c.size}.",
        f"Dots with intervals{columns}. " + " ".join(_told(rows[rows.arm == arm], arm, about) for arm in arms),
    )


def _draw_changes(ax: Axes, rows: pd.DataFrame, measures: list[str], limit: float, *, narrow: bool) -> None:
    """Draw an arm's differences in a group of measures; `rows` by measure. What lies beyond the limit is an arrow with its number."""
    for y, measure in enumerate(measures):
        if measure not in rows.index:
            ax.text(0.0, y, "–", ha="center", va="center", color=EVEN)
            continue
        row = rows.loc[measure]
        mid, low, high = relative(row)
        colour = VERDICTS[row.verdict]
        role = row.role in (GOAL, GUARDRAIL)
        ax.plot(np.clip([low, high], -limit, limit), [y, y], color=colour, lw=2.4 if role else 1.4, solid_capstyle="butt")
        inside = abs(mid) <= limit
        mark = "o" if inside else (">" if mid > 0 else "<")
        ax.plot(np.clip(mid, -limit, limit), y, mark, color=colour, ms=6 if role else 4.5, clip_on=False)
        if not inside:
            ax.annotate(
                f"{mid:+.0f}%",
                (np.clip(mid, -limit, limit), y),
                (-8 if mid > 0 else 8, 0),
                textcoords="offset points",
                ha="right" if mid > 0 else "left",
                va="center",
                fontsize=8,
                color=colour,
                bbox={"fc": "white", "ec": "none", "pad": 0.6} if narrow else None,
            )
    ax.axvline(0.0, color="#444a52", lw=0.9)
    ax.set_ylim(len(measures) - 0.4, -0.6)
    ax.set_xlim(-limit * 1.03, limit * 1.03)
    ax.grid(axis="y", visible=False)


def _told(rows: pd.DataFrame, arm: str, about: Catalogue) -> str:
    def listed(verdict: str) -> str:
        return ", ".join(about[m].title for m in rows.measure[rows.verdict == verdict]) or "none"

    return f"{named(arm)} is better on: {listed(paired.BETTER)}. Worse on: {listed(paired.WORSE)}."


DAILY_PANELS = (
    ("intent_success", "Intent success", POINTS, "% of intents"),
    ("stranger_reply_rate", "Reply rate of strangers, 7 days", POINTS, "% of messages"),
    ("delivered", "Items delivered", 7.0, "a member and week"),
    ("unwelcome_delivered", "Unwelcome items delivered", 7.0, "a member and week"),
    ("mean_degree", "Connections", 1.0, "per member"),
    ("replies", "Replies written", 7.0, "a member and week"),
)


def draw_days(c: Comparison, folder: Path) -> Figure:
    """Draw response, load and reach by day with bands, the switch and the launch marked."""
    canvas = blank(figsize=(9.5, 8.4))
    axes = canvas.subplots(3, 2, sharex=True)
    switch = c.scenario.warm_up
    for ax, (measure, title, scale, unit) in zip(axes.ravel(), DAILY_PANELS, strict=True):
        for arm, colour in zip(c.arms, cycle(ARMS), strict=False):
            rows = c.daily[(c.daily.arm == arm) & (c.daily.measure == measure)]
            day = rows.day.to_numpy() - switch
            mean, low, high = (scale * smooth(rows[k].to_numpy()) for k in ("mean", "ci_low", "ci_high"))
            ax.fill_between(day, low, high, color=colour, alpha=0.22, lw=0)
            ax.plot(day, mean, color=colour, lw=1.6, label=named(arm))
        ax.axvspan(0, min(30, c.scenario.days), color="#f2e7c9", alpha=0.55, lw=0, zorder=0)
        ax.axvline(0, color="#444a52", lw=0.9)
        ax.set_title(title)
        ax.set_ylabel(unit)
        ax.set_ylim(bottom=0.0 if measure != "mean_degree" else None)
    for ax in axes[-1]:
        ax.set_xlabel("days since the switch")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    canvas.legend(handles, labels, loc="outside upper right", ncols=len(c.arms))
    save(canvas, folder, "days")
    return Figure(
        "days",
        "How it unfolds",
        f"Seven-day means by day sent, with 95% confidence bands over pairs; the line is the switch, the shaded month the launch. A curve "
        f"ends where its window no longer fits. {c.size}.",
        "Six panels by day for " + " and ".join(named(a) for a in c.arms) + ": intent success, replies, items, unwelcome items, "
        "connections. The arms coincide during the warm-up and part at the switch.",
    )


STYLE_PANELS = (
    ("intent_success", "Intent success\n(points)", POINTS),
    ("partners", "Two-way\npartners", 1.0),
    ("unwelcome_read", "Unwelcome items\nread a week", 1.0),
    ("positive_response", "Positive response\n(points)", POINTS),
)


def draw_styles(c: Comparison, folder: Path) -> Figure | None:
    """Draw who gains and who pays: differences by style, a line of panels an arm."""
    arms = c.arms[1:]
    rows = c.levels[c.levels.dimension == "style"]
    panels = [p for p in STYLE_PANELS if (rows.measure == p[0]).any()]
    if not panels:
        return None
    shares = c.scenario.style_shares
    total = sum(shares.values())
    styles = sorted(rows.level.unique(), key=lambda s: -shares.get(s, 0.0))
    height = 0.42 * len(styles) + 2.0 if len(arms) == 1 else (0.32 * len(styles) + 0.5) * len(arms) + 1.0
    canvas = blank(figsize=(10.5, height))
    axes = canvas.subplots(len(arms), len(panels), sharex="col", sharey=True, squeeze=False)
    for line, arm in zip(axes, arms, strict=True):
        for ax, (measure, title, scale) in zip(line, panels, strict=True):
            part = rows[(rows.arm == arm) & (rows.measure == measure)].set_index("level")
            for y, style in enumerate(styles):
                if style not in part.index:
                    ax.text(0.0, y, "–", ha="center", va="center", color=EVEN)
                    continue
                row = part.loc[style]
                colour = VERDICTS[row.verdict]
                ax.plot([scale * row.ci_low, scale * row.ci_high], [y, y], color=colour, lw=2.0)
                ax.plot(scale * row.difference, y, "o", color=colour, ms=5.5)
            ax.axvline(0.0, color="#444a52", lw=0.9)
            if ax in axes[0]:
                ax.set_title(title, fontsize=9.5)
            ax.grid(axis="y", visible=False)
        if len(arms) > 1:
            line[0].annotate(named(arm), (0, 1), (-8, 3), "axes fraction", "offset points", ha="right", fontsize=11, weight="bold")
    axes[0, 0].set_yticks(range(len(styles)), [f"{s.replace('_', ' ')} ({POINTS * shares.get(s, 0.0) / total:.0f}%)" for s in styles])
    axes[0, 0].set_ylim(len(styles) - 0.4, -0.6)
    less = f"{named(arms[0]) if len(arms) == 1 else 'each arm'} less {named(c.reference)}"
    canvas.supxlabel(f"{less}, 95% confidence intervals, simultaneous within a style", fontsize=9)
    save(canvas, folder, "styles")
    lines = "" if len(arms) == 1 else f"; {', '.join(map(named, arms))} from the top down"
    return Figure(
        "styles",
        "Who gains and who pays",
        f"Differences by style (share of members in brackets): success and response of what these members send, partners they "
        f"gain, unwelcome items that they read{lines}. Green better, red worse, grey no difference that matters or not decided. {c.size}.",
        "Dots with intervals by outreach style for " + ", ".join(p[1].replace("\n", " ") for p in panels) + f"{lines}.",
    )


def draw_tradeoff(c: Comparison, folder: Path) -> Figure | None:
    """Draw response against spam load, a dot a pair and arm."""
    if PRIMARY not in set(c.summary.measure):
        return None
    canvas = blank(figsize=(6.6, 4.8))
    ax = canvas.subplots()
    table = c.runs.pivot_table(index=["pair", "arm"], columns="measure", values="value").reset_index()
    for _, pair in table.groupby("pair"):
        ordered = pair.set_index("arm").reindex(c.arms)
        ax.plot(ordered.unwelcome_read, POINTS * ordered.intent_success, color="#d4d7dc", lw=0.7, zorder=1)
    for arm, colour in zip(c.arms, cycle(ARMS), strict=False):
        part = table[table.arm == arm]
        ax.plot(part.unwelcome_read, POINTS * part.intent_success, "o", color=colour, ms=5, alpha=0.85, label=named(arm))
    ax.set_xlabel("unwelcome items read, a member and week")
    ax.set_ylabel("intent success, %")
    ax.legend()
    save(canvas, folder, "tradeoff")
    return Figure(
        "tradeoff",
        "Response against spam load",
        f"Each dot is a run; a thin line joins the arms of a pair, which share their random numbers. Better is up and to the left. {c.size}.",
        "Scatter of intent success against unwelcome items read, one dot a run, coloured by arm.",
    )


KINDS = {"neutral": "#3b6fb6", "assumption": "#d9822b", "interaction": "#8a8f98", "all": "#222831"}


def draw_assumptions(c: Comparison, folder: Path) -> Figure | None:
    """Draw how much of the primary difference each assumption adds; of one arm coloured by kind, of several by arm."""
    if c.explain is None or c.explain.empty:
        return None
    arms = c.arms[1:]
    measures = [m for m in (PRIMARY, "unwelcome_read", "mean_connections") if (c.explain.measure == m).any()]
    first = c.explain[(c.explain.measure == measures[0]) & (c.explain.arm == arms[0])]
    canvas = blank(figsize=(10.5, (0.36 if len(arms) == 1 else 0.24 + 0.11 * len(arms)) * len(first) + 1.5))
    axes = canvas.subplots(1, len(measures), sharey=True, squeeze=False)[0]
    thick = 0.62 if len(arms) == 1 else 0.78 / len(arms)
    for ax, measure in zip(axes, measures, strict=True):
        about = c.catalogue[measure]
        scale = POINTS if about.unit == "share" else 1.0
        for k, arm in enumerate(arms):
            part = c.explain[(c.explain.measure == measure) & (c.explain.arm == arm)]
            for line, row in enumerate(part.itertuples()):
                y = line + (k - (len(arms) - 1) / 2.0) * thick
                colour = KINDS[row.kind] if len(arms) == 1 else ARMS[(k + 1) % len(ARMS)]
                ax.barh(y, scale * row.difference, color=colour, height=thick, alpha=0.85)
                ax.plot([scale * row.ci_low, scale * row.ci_high], [y, y], color="#222831", lw=1.1 if len(arms) < 3 else 0.8)
        ax.axvline(0.0, color="#444a52", lw=0.9)
        ax.set_title(f"{about.title}\n({'points' if about.unit == 'share' else about.unit})", fontsize=9.5)
        ax.grid(axis="y", visible=False)
        if len(arms) > 1:
            ax.locator_params(axis="x", nbins=5)
            for line in range(0, len(first), 2):  # bands tell which bars belong together
                ax.axhspan(line - 0.5, line + 0.5, color="#f4f5f7", lw=0, zorder=0)
    axes[0].set_yticks(range(len(first)), [_wrapped(t) for t in first.title])
    axes[0].set_ylim(len(first) - 0.4, -0.6)
    if len(arms) > 1:
        from matplotlib.patches import Patch

        marks = [Patch(color=ARMS[k % len(ARMS)], alpha=0.85, label=named(arm)) for k, arm in enumerate(arms, 1)]
        canvas.legend(handles=marks, loc="outside upper right", ncols=len(arms), fontsize=8.5)
    save(canvas, folder, "assumptions")
    return _assumed(c, arms, int(first.pairs.max()))


def _assumed(c: Comparison, arms: list[str], pairs: int) -> Figure:
    """Return what is said of the figure: colours mean a kind of bar where there is one arm, an arm where there are several."""
    one = len(arms) == 1
    blue, orange, grey, black = (" (blue)", " (orange)", " (grey)", " (black)") if one else (" (at the top)", "", "", " (at the bottom)")
    return Figure(
        "assumptions",
        "What is assumed",
        f"{named(arms[0]) if one else 'Each arm'} less {named(c.reference)}: what remains without any assumption that favours a channel{blue}, what each adds "
        f"alone{orange}, what they do together beyond their sum{grey}, and the whole{black}, with 95% confidence intervals over "
        f"{pairs} pairs. {c.size}.",
        f"Bars{'' if one else ' for ' + ', '.join(map(named, arms))}: the neutral difference, each assumption's addition, the interaction and the whole.",
    )


def _wrapped(text: str, width: int = 46) -> str:
    import textwrap

    return "\n".join(textwrap.wrap(text, width))


# in the order of the report, which begins with the first
DRAWINGS: Mapping[str, Callable[[Comparison, Path], Figure | None]] = {
    "differences": draw_differences,
    "days": draw_days,
    "styles": draw_styles,
    "tradeoff": draw_tradeoff,
    "inboxes": draw_examples,
    "networks": draw_samples,
    "assumptions": draw_assumptions,
}
