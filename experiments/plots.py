"""Table to figure: what a comparison shows, drawn so that its bytes depend on its numbers alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from experiments import statistics as stat
from sim.measures import GOAL, GUARDRAIL, LOAD, MEASURES, PLATFORM, PRIMARY, REACH, RESPONSE

if TYPE_CHECKING:
    import pandas as pd

    from experiments.comparison import Comparison
    from sim.history import History

GOOD, BAD, EVEN, OPEN = "#1b7f5c", "#c2452d", "#8a8f98", "#b9bec7"  # told apart by colour-blind readers and in grey
ARMS = ("#3b6fb6", "#d9822b", "#7a4fa3", "#3d8f8f", "#a0522d")
VERDICTS = {
    stat.BETTER: GOOD,
    stat.WORSE: BAD,
    stat.NO_DIFFERENCE: EVEN,
    stat.NOT_DECIDED: OPEN,
    stat.HIGHER: "#54688a",
    stat.LOWER: "#54688a",
}
STYLE: Any = {
    "font.family": "DejaVu Sans", "font.size": 9.5, "axes.spines.top": False, "axes.spines.right": False, "axes.titlesize": 11,
    "axes.titlelocation": "left", "axes.titleweight": "bold", "axes.grid": True, "grid.color": "#e6e8eb", "grid.linewidth": 0.7,
    "axes.axisbelow": True, "figure.facecolor": "white", "svg.hashsalt": "first contact", "legend.frameon": False,
    "axes.edgecolor": "#9aa0a8", "xtick.color": "#444a52", "ytick.color": "#444a52", "figure.constrained_layout.use": True,
}  # fmt: skip
DPI = 150
POINTS = 100.0
SAMPLE = 220  # members in a drawn network


class Figure(NamedTuple):
    """A figure on disk: its name without ending, and what to say about it."""

    name: str
    title: str
    caption: str
    alt: str


def named(arm: str) -> str:
    """Return an arm as readers call it."""
    return arm.replace("_", "-")


def save(canvas: Canvas, folder: Path, name: str) -> None:
    """Write a figure as PNG and SVG without dates or versions."""
    folder.mkdir(parents=True, exist_ok=True)
    canvas.savefig(folder / f"{name}.png", dpi=DPI, metadata={"Software": None})
    canvas.savefig(folder / f"{name}.svg", metadata={"Date": None, "Creator": None})


def write_figures(c: Comparison, folder: Path) -> list[Figure]:
    """Write all figures of a comparison; return them in the order in which the report shows them."""
    drawn: list[Figure] = []
    makers: list[Callable[[Comparison, Path], Figure | None]] = [
        draw_differences, draw_days, draw_styles, draw_tradeoff, draw_inboxes, draw_networks, draw_assumptions,
    ]  # fmt: skip
    with rc_context(STYLE):
        for make in makers:
            figure = make(c, folder)
            if figure is not None:
                drawn.append(figure)
    return drawn


def relative(row: pd.Series) -> tuple[float, float, float]:
    """Return a difference and its bounds in per cent of the reference arm."""
    base = abs(row.mean_reference)
    if base == 0.0 or not np.isfinite(base):
        return (np.nan, np.nan, np.nan)
    return tuple(POINTS * row[k] / base for k in ("difference", "ci_low", "ci_high"))


def draw_differences(c: Comparison, folder: Path) -> Figure | None:
    """Draw all differences with intervals by group, in per cent of the reference."""
    arms = c.arms[1:]
    rows = c.summary[c.summary.arm == arms[0]]
    if rows.empty:
        return None
    groups = [g for g in (RESPONSE, LOAD, REACH, PLATFORM) if (rows.group == g).any()]
    heights = [int((rows.group == g).sum()) + 1.2 for g in groups]
    canvas = Canvas(figsize=(9.0, 0.25 * sum(heights) + 1.4))
    axes = canvas.subplots(len(groups), 1, height_ratios=heights, sharex=True, squeeze=False)[:, 0]
    shown = rows.apply(lambda r: abs(relative(r)[0]), axis=1)
    limit = float(np.nanpercentile(shown[np.isfinite(shown)], 94)) * 1.25 if np.isfinite(shown).any() else 1.0
    limit = max(limit, 5.0)
    for ax, group in zip(axes, groups, strict=True):
        part = rows[rows.group == group]
        for y, (_, row) in enumerate(part.iterrows()):
            mid, low, high = relative(row)
            colour = VERDICTS[row.verdict]
            role = row.role in (GOAL, GUARDRAIL)
            ax.plot(np.clip([low, high], -limit, limit), [y, y], color=colour, lw=2.4 if role else 1.4, solid_capstyle="butt")
            inside = abs(mid) <= limit
            mark = "o" if inside else (">" if mid > 0 else "<")
            ax.plot(np.clip(mid, -limit, limit), y, mark, color=colour, ms=6 if role else 4.5, clip_on=False)
            if not inside:
                ax.annotate(f"{mid:+.0f}%", (np.clip(mid, -limit, limit), y), (-8 if mid > 0 else 8, 0), textcoords="offset points",
                            ha="right" if mid > 0 else "left", va="center", fontsize=8, color=colour)  # fmt: skip
        ax.set_yticks(range(len(part)), [_label(r) for _, r in part.iterrows()])
        for tick, (_, row) in zip(ax.get_yticklabels(), part.iterrows(), strict=True):
            tick.set_fontweight("bold" if row.role in (GOAL, GUARDRAIL) else "normal")
        ax.axvline(0.0, color="#444a52", lw=0.9)
        ax.set_ylim(len(part) - 0.4, -0.6)
        ax.set_title(group.capitalize())
        ax.set_xlim(-limit * 1.03, limit * 1.03)
        ax.grid(axis="y", visible=False)
    axes[-1].set_xlabel(f"{named(arms[0])} against {named(c.reference)}: change in % of {named(c.reference)}, 95% intervals")
    marks = [canvas.axes[0].plot([], [], "o-", color=colour, label=word)[0] for word, colour in list(VERDICTS.items())[:4]]
    canvas.legend(handles=marks, loc="outside upper right", ncols=4, fontsize=8.5)
    save(canvas, folder, "differences")
    return Figure(
        "differences", "Everything that changes",
        f"Difference of each measure with its 95% interval, in per cent of {named(c.reference)}; all but the primary measure have "
        f"simultaneous intervals. Bold: goals and guardrails. {c.size}.",
        _alt_differences(rows, arms[0]),
    )  # fmt: skip


def _label(row: pd.Series) -> str:
    star = " (primary)" if row.measure == PRIMARY else ""
    return MEASURES[row.measure].title + star


def _alt_differences(rows: pd.DataFrame, arm: str) -> str:
    def listed(verdict: str) -> str:
        return ", ".join(MEASURES[m].title for m in rows.measure[rows.verdict == verdict]) or "none"

    return f"Dots with intervals. {named(arm)} is better on: {listed(stat.BETTER)}. Worse on: {listed(stat.WORSE)}."


DAILY_PANELS = (
    ("intent_success", "Intent success", POINTS, "% of intents"), ("stranger_reply_rate", "Reply rate of strangers, 7 days", POINTS, "% of messages"),
    ("delivered", "Items delivered", 7.0, "a member and week"), ("unwelcome_delivered", "Unwelcome items delivered", 7.0, "a member and week"),
    ("mean_degree", "Connections", 1.0, "per member"), ("replies", "Replies written", 7.0, "a member and week"),
)  # fmt: skip


def smooth(values: np.ndarray, days: int = 7) -> np.ndarray:
    """Return the mean of each day and the six before, so that weeks can be compared by eye."""
    if not len(values):
        return values
    padded = np.concatenate([np.full(days - 1, np.nan), values])
    windows = np.lib.stride_tricks.sliding_window_view(padded, days)
    there = np.isfinite(windows)
    total = np.where(there, windows, 0.0).sum(axis=1)
    return np.divide(total, there.sum(axis=1), out=np.full(len(values), np.nan), where=np.isfinite(values))


def draw_days(c: Comparison, folder: Path) -> Figure:
    """Draw response, load and reach by day with bands, the switch and the launch marked."""
    canvas = Canvas(figsize=(9.5, 8.4))
    axes = canvas.subplots(3, 2, sharex=True)
    switch = c.scenario.warm_up
    for ax, (measure, title, scale, unit) in zip(axes.ravel(), DAILY_PANELS, strict=True):
        for arm, colour in zip(c.arms, ARMS, strict=False):
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
        "days", "How it unfolds",
        f"Seven-day means by day sent, with 95% bands over pairs; the line is the switch, the shaded month the launch. A curve "
        f"ends where its window no longer fits. {c.size}.",
        "Six panels by day for " + " and ".join(named(a) for a in c.arms) + ": intent success, replies, items, unwelcome items, "
        "connections. The arms coincide during the warm-up and part at the switch.",
    )  # fmt: skip


STYLE_PANELS = (
    ("intent_success", "Intent success\n(points)", POINTS), ("partners", "Two-way\npartners", 1.0),
    ("unwelcome_read", "Unwelcome items\nread a week", 1.0), ("positive_response", "Positive response\n(points)", POINTS),
)  # fmt: skip


def draw_styles(c: Comparison, folder: Path) -> Figure | None:
    """Draw who gains and who pays: differences by style."""
    arm = c.arms[1]
    rows = c.levels[(c.levels.arm == arm) & (c.levels.dimension == "style")]
    panels = [p for p in STYLE_PANELS if (rows.measure == p[0]).any()]
    if not panels:
        return None
    styles = sorted(rows.level.unique(), key=lambda s: -c.scenario.style_shares.get(s, 0.0))
    canvas = Canvas(figsize=(10.5, 0.42 * len(styles) + 2.0))
    axes = canvas.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for ax, (measure, title, scale) in zip(axes, panels, strict=True):
        for y, style in enumerate(styles):
            found = rows[(rows.measure == measure) & (rows.level == style)]
            if found.empty:
                ax.text(0.0, y, "–", ha="center", va="center", color=EVEN)
                continue
            row = found.iloc[0]
            colour = VERDICTS[row.verdict]
            ax.plot([scale * row.ci_low, scale * row.ci_high], [y, y], color=colour, lw=2.0)
            ax.plot(scale * row.difference, y, "o", color=colour, ms=5.5)
        ax.axvline(0.0, color="#444a52", lw=0.9)
        ax.set_title(title, fontsize=9.5)
        ax.grid(axis="y", visible=False)
    shares = c.scenario.style_shares
    total = sum(shares.values())
    axes[0].set_yticks(range(len(styles)), [f"{s.replace('_', ' ')} ({POINTS * shares.get(s, 0.0) / total:.0f}%)" for s in styles])
    axes[0].set_ylim(len(styles) - 0.4, -0.6)
    canvas.supxlabel(f"{named(arm)} less {named(c.reference)}, 95% intervals, simultaneous within a style", fontsize=9)
    save(canvas, folder, "styles")
    return Figure(
        "styles", "Who gains and who pays",
        f"Differences by style (share of members in brackets): success and response of what these members send, partners they "
        f"gain, unwelcome items that they read. Green better, red worse, grey no difference that matters or not decided. {c.size}.",
        "Dots with intervals by outreach style for " + ", ".join(p[1].replace("\n", " ") for p in panels) + ".",
    )  # fmt: skip


def draw_tradeoff(c: Comparison, folder: Path) -> Figure | None:
    """Draw response against spam load, a dot a pair and arm."""
    if PRIMARY not in set(c.summary.measure):
        return None
    canvas = Canvas(figsize=(6.6, 4.8))
    ax = canvas.subplots()
    table = c.runs.pivot_table(index=["pair", "arm"], columns="measure", values="value").reset_index()
    for _, pair in table.groupby("pair"):
        ordered = pair.set_index("arm").reindex(c.arms)
        ax.plot(ordered.unwelcome_read, POINTS * ordered.intent_success, color="#d4d7dc", lw=0.7, zorder=1)
    for arm, colour in zip(c.arms, ARMS, strict=False):
        part = table[table.arm == arm]
        ax.plot(part.unwelcome_read, POINTS * part.intent_success, "o", color=colour, ms=5, alpha=0.85, label=named(arm))
    ax.set_xlabel("unwelcome items read, a member and week")
    ax.set_ylabel("intent success, %")
    ax.legend()
    save(canvas, folder, "tradeoff")
    return Figure(
        "tradeoff", "Response against spam load",
        f"Each dot is a run; a thin line joins the arms of a pair, which share their luck. Better is up and to the left. {c.size}.",
        "Scatter of intent success against unwelcome items read, one dot a run, coloured by arm.",
    )  # fmt: skip


def draw_inboxes(c: Comparison, folder: Path) -> Figure | None:
    """Draw what reaches a median and a 95th-percentile member in four weeks, under each arm."""
    cuts = (("median member", 50), ("95th-percentile member", 95))
    canvas = Canvas(figsize=(8.6, 1.1 * len(cuts) * len(c.arms) + 1.2))
    ax = canvas.subplots()
    kinds = (
        ("replies and talk", "#7fa7d8"),
        ("messages", "#3b6fb6"),
        ("invitations", "#e6b980"),
        ("unwelcome messages", BAD),
        ("unwelcome invitations", "#e39a86"),
    )
    y, ticks, labels = 0.0, [], []
    for title, percent in cuts:
        for arm in c.arms:
            amounts = inbox_of(c.examples[arm], percent)
            left = 0.0
            for (kind, colour), amount in zip(kinds, amounts, strict=True):
                ax.barh(y, amount, left=left, color=colour, height=0.72, label=kind if y == 0.0 else None)
                left += amount
            ax.text(left + 0.02 * max(left, 1.0), y, f"{left:.1f}", va="center", fontsize=9)
            ticks.append(y)
            labels.append(f"{title}\n{named(arm)}")
            y += 1.0
        y += 0.5
    ax.set_yticks(ticks, labels)
    ax.invert_yaxis()
    ax.grid(axis="y", visible=False)
    ax.set_xlabel("items delivered in four weeks")
    canvas.legend(loc="outside upper right", ncols=3, fontsize=8.5)
    save(canvas, folder, "inboxes")
    return Figure(
        "inboxes", "The inbox of two members",
        "What reaches members around the median, and around the 95th percentile of items delivered (the mean of 2% of members "
        f"each), in four weeks after the switch, in the first pair. {c.size}.",
        "Stacked bars: replies, messages, invitations, unwelcome messages and invitations in four weeks for a median and a "
        "95th-percentile member under each arm.",
    )  # fmt: skip


def inbox_of(history: History, percent: float) -> list[float]:
    """Return items in four weeks by kind, for members around this percentile of items delivered."""
    events = history.to_pandas("events")
    switch, days = history.scenario.warm_up, history.scenario.days
    got = events[events.day_delivered >= switch]
    there = np.flatnonzero(np.asarray(history.members["at_switch"]) == 1)
    counts = got.groupby("recipient").size().reindex(there, fill_value=0).sort_values(kind="stable")
    if not len(counts):
        return [0.0] * 5
    at, half = percent / POINTS * (len(counts) - 1), max(0.01 * len(counts), 0.5)
    chosen = counts.index[int(max(0, at - half)) : int(at + half) + 1]
    mine = got[got.recipient.isin(chosen)]
    invited = mine.kind.str.startswith("invitation")
    bad = mine.unwelcome == 1
    talk = (mine.kind == "reply") | ((mine.distance == "connected") & ~invited & ~bad)
    groups = [talk & ~bad, ~talk & ~invited & ~bad, invited & ~bad, ~invited & bad, invited & bad]
    return [float(g.sum()) / len(chosen) * 28.0 / max(days, 1) for g in groups]


def draw_networks(c: Comparison, folder: Path) -> Figure:
    """Draw a sample of the network under each arm, with degrees and distances."""
    canvas = Canvas(figsize=(9.5, 3.6 * 1 + 3.2))
    parts: Any = canvas.subfigures(2, 1, height_ratios=[1.25, 1.0])
    top, bottom = parts
    frames = top.subplots(1, len(c.arms), squeeze=False)[0]
    for ax, arm, colour in zip(frames, c.arms, ARMS, strict=False):
        _draw_sample(ax, c.examples[arm], colour)
        ax.set_title(f"{named(arm)}: ties made since the switch", fontsize=9.5)
    left, right = bottom.subplots(1, 2)
    for arm, colour in zip(c.arms, ARMS, strict=False):
        shape = c.examples[arm].shape
        draw_degrees(left, np.sort(shape.degrees), colour, named(arm))
        hops = np.arange(1, len(shape.distances) + 1)
        width = 0.8 / len(c.arms)
        offset = (c.arms.index(arm) - (len(c.arms) - 1) / 2) * width
        right.bar(hops + offset, POINTS * shape.distances / max(shape.distances.sum(), 1.0), width, color=colour)
    left.set(xlabel="connections", ylabel="share of members with as many or more", title="Degrees")
    right.xaxis.get_major_locator().set_params(integer=True)
    right.set(xlabel="hops", ylabel="% of pairs of members", title="Distances")
    left.legend()
    save(canvas, folder, "networks")
    return Figure(
        "networks", "The network",
        f"Above: the connections made since the switch among {SAMPLE} members who were there, the same in each arm, in the first pair. "
        f"Below: all connections at the horizon. {c.size}.",
        "Drawn samples of the network under each arm, the distribution of degrees and of distances.",
    )  # fmt: skip


def draw_degrees(ax: Axes, degrees: np.ndarray, colour: str, label: str | None = None) -> None:
    """Draw the share of members with as many connections or more, on logarithmic axes where there are any."""
    if len(degrees):
        ax.step(degrees, 1.0 - np.arange(len(degrees)) / len(degrees), color=colour, label=label)
    if len(degrees) and degrees[-1] > 0.0:
        ax.set(xscale="log", yscale="log")


def _draw_sample(ax: Axes, history: History, colour: str) -> None:
    """Draw the new ties among the members with the smallest ids that were there at the switch."""
    import networkx as nx

    switch = history.scenario.warm_up
    there = np.flatnonzero(np.asarray(history.members["at_switch"]) == 1)
    chosen = set(there[np.linspace(0, len(there) - 1, min(SAMPLE, len(there))).astype(int)].tolist()) if len(there) else set()
    graph = nx.Graph()
    graph.add_nodes_from(sorted(chosen))
    ties = history.ties
    for a, b, since in zip(ties["a"].tolist(), ties["b"].tolist(), ties["since"].tolist(), strict=True):
        if since >= switch and a in chosen and b in chosen:
            graph.add_edge(a, b)
    position = nx.spring_layout(graph, seed=1, k=0.16, iterations=60) if len(graph) else {}
    edges = [(position[a], position[b]) for a, b in graph.edges]
    from matplotlib.collections import LineCollection

    ax.add_collection(LineCollection(edges, colors=colour, linewidths=0.8, alpha=0.55))
    points = np.array([position[n] for n in graph]) if len(graph) else np.zeros((0, 2))
    sizes = np.array([6.0 + 7.0 * graph.degree(n) for n in graph])
    ax.scatter(points[:, 0], points[:, 1], s=sizes, color=colour, edgecolor="white", linewidth=0.4, zorder=2)
    ax.set_axis_off()
    ax.text(0.5, -0.03, f"{graph.number_of_edges()} ties", transform=ax.transAxes, ha="center", fontsize=9, color="#444a52")


def draw_assumptions(c: Comparison, folder: Path) -> Figure | None:
    """Draw how much of the primary difference each assumption adds."""
    if c.explain is None or c.explain.empty:
        return None
    arm = c.arms[1]
    measures = [m for m in (PRIMARY, "unwelcome_read", "mean_connections") if (c.explain.measure == m).any()]
    rows = c.explain[c.explain.arm == arm]
    first = rows[rows.measure == measures[0]]
    canvas = Canvas(figsize=(10.5, 0.36 * len(first) + 1.5))
    axes = canvas.subplots(1, len(measures), sharey=True, squeeze=False)[0]
    colours = {"neutral": "#3b6fb6", "assumption": "#d9822b", "interaction": "#8a8f98", "all": "#222831"}
    for ax, measure in zip(axes, measures, strict=True):
        scale = POINTS if MEASURES[measure].unit == "share" else 1.0
        part = rows[rows.measure == measure]
        for y, row in enumerate(part.itertuples()):
            colour = colours[row.kind]
            ax.barh(y, scale * row.difference, color=colour, height=0.62, alpha=0.85)
            ax.plot([scale * row.ci_low, scale * row.ci_high], [y, y], color="#222831", lw=1.1)
        ax.axvline(0.0, color="#444a52", lw=0.9)
        unit = "points" if MEASURES[measure].unit == "share" else MEASURES[measure].unit
        ax.set_title(f"{MEASURES[measure].title}\n({unit})", fontsize=9.5)
        ax.grid(axis="y", visible=False)
    axes[0].set_yticks(range(len(first)), [_wrapped(t) for t in first.title])
    axes[0].set_ylim(len(first) - 0.4, -0.6)
    save(canvas, folder, "assumptions")
    return Figure(
        "assumptions", "What is assumed",
        f"{named(arm)} less {named(c.reference)}: what remains without any assumption that favours a channel (blue), what each adds "
        f"alone (orange), what they do together beyond their sum (grey), and the whole (black), with 95% intervals over "
        f"{int(first.pairs.max())} pairs. {c.size}.",
        "Bars: the neutral difference, each assumption's addition, the interaction and the whole.",
    )  # fmt: skip


def _wrapped(text: str, width: int = 46) -> str:
    import textwrap

    return "\n".join(textwrap.wrap(text, width))


def growth_figures(history: History, folder: Path) -> list[Figure]:
    """Write figures of one run: the network as it grows, degrees, a drawn sample."""
    with rc_context(STYLE):
        canvas = Canvas(figsize=(9.5, 6.4))
        axes: Any = canvas.subplots(2, 2)
        day = history.daily["day"] - history.scenario.warm_up
        panels = (
            ("mean_degree", "Connections per member", 1.0),
            ("active", "Active members", 1.0),
            ("new_ties", "New ties a member and week", 7.0),
        )
        for ax, (name, title, scale) in zip(axes.ravel(), panels, strict=False):
            ax.plot(day, scale * (smooth(history.daily[name]) if name == "new_ties" else history.daily[name]), color=ARMS[0])
            ax.axvline(0, color="#444a52", lw=0.9)
            ax.set_title(title)
            ax.set_xlabel("days since the switch")
        _draw_sample(axes[1, 1], history, ARMS[0])
        axes[1, 1].set_title("Ties made since the switch, a sample")
        save(canvas, folder, "growth")
        canvas = Canvas(figsize=(6.4, 4.2))
        ax = canvas.subplots()
        degrees = np.sort(history.shape.degrees)
        draw_degrees(ax, degrees, ARMS[0])
        ax.set(xlabel="connections", ylabel="share of members with as many or more", title="Degrees at the horizon")
        save(canvas, folder, "degrees")
    who = f"{len(degrees):,} active members under {named(history.design)}"
    return [
        Figure("growth", "The network as it grows", f"One run, {who}.", "Connections, members and new ties by day; a drawn sample."),
        Figure("degrees", "Degrees", f"One run, {who}.", "The distribution of degrees."),
    ]
