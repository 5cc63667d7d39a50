"""Figures of single runs: two inboxes, the network under each arm, the network as it grows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.reporting.style import ARMS, BAD, STYLE, Axes, Figure, blank, rc_context, save, smooth
from experiments.reporting.text import POINTS, named

if TYPE_CHECKING:
    from sim.results.history import History

SAMPLE = 220  # members in a drawn network


def draw_inboxes(examples: Mapping[str, History], size: str, folder: Path) -> Figure | None:
    """Draw what reaches a median and a 95th-percentile member in four weeks, under each arm; `size` is that of the experiment."""
    cuts = (("median member", 50), ("95th-percentile member", 95))
    canvas = blank(figsize=(8.6, 1.1 * len(cuts) * len(examples) + 1.2))
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
        for arm, history in examples.items():
            amounts = inbox_of(history, percent)
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
        "inboxes",
        "The inbox of two members",
        "What reaches members around the median, and around the 95th percentile of items delivered (the mean of 2% of members "
        f"each), in four weeks after the switch, in the first pair. {size}.",
        "Stacked bars: replies, messages, invitations, unwelcome messages and invitations in four weeks for a median and a "
        "95th-percentile member under each arm.",
    )


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


def draw_networks(examples: Mapping[str, History], size: str, folder: Path) -> Figure:
    """Draw a sample of the network under each arm, with degrees and distances; `size` is that of the experiment."""
    arms = list(examples)
    canvas = blank(figsize=(9.5, 3.6 * 1 + 3.2))
    parts: Any = canvas.subfigures(2, 1, height_ratios=[1.25, 1.0])
    top, bottom = parts
    frames = top.subplots(1, len(arms), squeeze=False)[0]
    for ax, arm, colour in zip(frames, arms, ARMS, strict=False):
        _draw_sample(ax, examples[arm], colour)
        ax.set_title(f"{named(arm)}: ties made since the switch", fontsize=9.5)
    left, right = bottom.subplots(1, 2)
    for arm, colour in zip(arms, ARMS, strict=False):
        shape = examples[arm].shape
        draw_degrees(left, np.sort(shape.degrees), colour, named(arm))
        hops = np.arange(1, len(shape.distances) + 1)
        width = 0.8 / len(arms)
        offset = (arms.index(arm) - (len(arms) - 1) / 2) * width
        right.bar(hops + offset, POINTS * shape.distances / max(shape.distances.sum(), 1.0), width, color=colour)
    left.set(xlabel="connections", ylabel="share of members with as many or more", title="Degrees")
    right.xaxis.get_major_locator().set_params(integer=True)
    right.set(xlabel="hops", ylabel="% of pairs of members", title="Distances")
    left.legend()
    save(canvas, folder, "networks")
    return Figure(
        "networks",
        "The network",
        f"Above: the connections made since the switch among {SAMPLE} members who were there, the same in each arm, in the first pair. "
        f"Below: all connections at the horizon. {size}.",
        "Drawn samples of the network under each arm, the distribution of degrees and of distances.",
    )


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


def growth_figures(history: History, folder: Path) -> list[Figure]:
    """Write figures of one run: the network as it grows, degrees, a drawn sample."""
    with rc_context(STYLE):
        canvas = blank(figsize=(9.5, 6.4))
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
        canvas = blank(figsize=(6.4, 4.2))
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
