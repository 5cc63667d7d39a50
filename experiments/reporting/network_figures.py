"""Figures of single runs: two inboxes, the network under each arm, the network as it grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.reporting.palette import ARMS, EVEN, FAINT, GROUND, INK, SOFT, WORSE
from experiments.reporting.style import Axes, Drawn, Figure, Screen, arm_style, bar_style, smooth
from experiments.reporting.text import POINTS, counted, figure, listed, named
from experiments.runs.portrait import KINDS, SAMPLE, WHO, sample_of

if TYPE_CHECKING:
    from experiments.runs.portrait import Portrait
    from sim.results.history import History

LOOKS = dict(zip(KINDS, ((FAINT, ""), (EVEN, ""), (INK, ""), (WORSE, "...."), (WORSE, "////")), strict=True))  # colour, hatch


def draw_inboxes(portraits: Mapping[str, Sequence[Portrait]], size: str, screen: Screen) -> Drawn | None:
    """Draw what reaches the mean, the median and a busy member in four weeks, under each arm; `size` is that of the experiment."""
    arms = list(portraits)
    canvas = screen.blank((0.5 if screen.narrow else 0.34) * len(WHO) * len(arms) + 1.3)
    ax = canvas.subplots()
    y, totals, thick = 0.0, {}, 0.46 if screen.narrow else 0.66
    for who in WHO:
        for arm in arms:
            amounts = np.mean([one.inboxes[who] for one in portraits[arm]], axis=0)
            left = 0.0
            for (kind, (colour, hatch)), amount in zip(LOOKS.items(), amounts.tolist(), strict=True):
                ax.barh(
                    y,
                    amount,
                    left=left,
                    height=thick,
                    color=colour,
                    hatch=hatch,
                    edgecolor=GROUND,
                    lw=0.6,
                    label=kind if y == 0.0 else None,
                )
                left += amount
            totals[who, arm] = left
            ax.annotate(f"{left:.1f}", (left, y), (4, 0), textcoords="offset points", va="center")
            _name_bar(ax, y, f"{who}, {named(arm)}", narrow=screen.narrow)
            y += 1.0
        y += 0.5
    ax.set_yticks([])
    ax.set_ylim(y - 0.9, -0.9 if screen.narrow else -0.6)
    ax.margins(x=0.1)
    ax.grid(axis="y", visible=False)
    ax.set_xlabel("items delivered in four weeks")
    canvas.legend(loc="outside upper left", ncols=2 if screen.narrow else 3)
    pairs, (average, *_, busiest) = len(portraits[arms[0]]), WHO
    busy = [f"{totals[busiest, arm]:.0f} or more under {named(arm)}" for arm in arms]
    told = [f"{totals[average, arm]:.1f} items under {named(arm)}" for arm in arms]
    return Drawn(
        canvas,
        Figure(
            "inboxes",
            f"In four weeks the mean member gets {listed(told)}; one in twenty gets {listed(busy)}",
            "What reaches all members on average, and those around the median and the 95th percentile of items delivered (the mean of 2% of members "
            f"each), in four weeks after the switch: means of the first {pairs} pairs. {size}.",
            "Stacked bars of replies, messages, invitations, unwelcome messages and unwelcome invitations in four weeks for the mean, the median and a "
            f"95th-percentile member under each arm. {listed(told)} for the mean member.",
        ),
    )


def _name_bar(ax: Axes, y: float, text: str, *, narrow: bool) -> None:
    if narrow:
        ax.text(0.0, y - 0.25, text, transform=ax.get_yaxis_transform(), va="bottom")
    else:
        ax.annotate(text, (0.0, y), (-8, 0), ax.get_yaxis_transform(), "offset points", ha="right", va="center", annotation_clip=False)


def draw_networks(portraits: Mapping[str, Portrait], size: str, screen: Screen) -> Drawn:
    """Draw a sample of the network under each arm, with degrees and distances; `size` is that of the experiment."""
    arms = list(portraits)
    lines, columns = screen.grid(len(arms), 3)
    height = 2.9 if screen.narrow or columns < 3 else 2.4
    below = 5.4 if screen.narrow else 2.8
    canvas = screen.blank(height * lines + below)
    parts: Any = canvas.subfigures(2, 1, height_ratios=[height * lines, below])
    top, bottom = parts
    frames: Any = top.subplots(lines, columns, squeeze=False).ravel()
    made = {}
    for k, (ax, arm) in enumerate(zip(frames, arms, strict=False)):
        made[arm] = _draw_sample(ax, portraits[arm].sample, portraits[arm].ties, ARMS[k % len(ARMS)])
        ax.set_title(named(arm), fontsize=10)
    for ax in frames[len(arms) :]:
        ax.set_axis_off()
    left, right = bottom.subplots(*((2, 1) if screen.narrow else (1, 2)))
    width = 0.8 / len(arms)
    for k, arm in enumerate(arms):
        distances, look = portraits[arm].distances, arm_style(k)
        draw_degrees(left, portraits[arm].degrees, look | {"marker": "", "label": named(arm)})
        hops = np.arange(1, len(distances) + 1)
        offset = (k - (len(arms) - 1) / 2) * width
        share = POINTS * distances / max(distances.sum(), 1.0)
        right.bar(hops + offset, share, width, label=named(arm), lw=0.0, **bar_style(k))
    right.xaxis.get_major_locator().set_params(integer=True)
    left.set(xlabel="connections", ylabel="share of members\nwith as many or more", title="Degrees")
    right.set(xlabel="hops", ylabel="% of pairs of members", title="Distances")
    for ax in (left, right):
        ax.legend()
    told = [f"{made[arm]:,} under {named(arm)}" for arm in arms]
    return Drawn(
        canvas,
        Figure(
            "networks",
            f"Among the members drawn, ties made since the switch: {listed(told)}",
            f"Above: the connections made since the switch among {counted(len(portraits[arms[0]].sample), 'member')} who were there, the same in each arm and at the same place on the circle, in "
            f"the first pair; a dot is the larger the more of them a member has. Below: all connections at the horizon. {size}.",
            f"Drawn samples of the network under each arm, the distribution of degrees and of distances. Ties drawn: {listed(told)}.",
        ),
    )


def draw_degrees(ax: Axes, degrees: np.ndarray, look: Mapping[str, Any]) -> None:
    """Draw the share of members with as many connections or more, on logarithmic axes where there are any."""
    if len(degrees):
        ax.step(degrees, 1.0 - np.arange(len(degrees)) / len(degrees), **look)
    if len(degrees) and degrees[-1] > 0.0:
        ax.set(xscale="log", yscale="log")
        for axis in (ax.xaxis, ax.yaxis):  # written out: the exponents of powers are smaller than a figure's text may be
            axis.set_major_formatter(lambda x, _: f"{x:,g}")
            axis.set_minor_formatter(lambda x, _: f"{x:g}" if f"{x:e}"[0] in "25" else "")


def _draw_sample(ax: Axes, members: np.ndarray, ties: np.ndarray, colour: str) -> int:
    """Draw the ties (k, 2) among some members, who stand on a circle in the order of their ids, so at the same place in each arm; return how many there are."""
    import networkx as nx
    from matplotlib.collections import LineCollection

    graph = nx.Graph()
    graph.add_nodes_from(members.tolist())
    graph.add_edges_from(ties.tolist())
    position = nx.circular_layout(graph)
    ax.add_collection(LineCollection([(position[a], position[b]) for a, b in graph.edges], colors=colour, linewidths=0.8, alpha=0.55))
    points = np.array([position[n] for n in graph]) if len(graph) else np.zeros((0, 2))
    sizes = np.array([4.0 + 7.0 * graph.degree(n) for n in graph])
    ax.scatter(points[:, 0], points[:, 1], s=sizes, color=colour, edgecolor=GROUND, linewidth=0.4, zorder=2)
    ax.set_aspect("equal", adjustable="datalim")  # the panel keeps its place beside the others
    ax.set_axis_off()
    ties_made: int = graph.number_of_edges()
    return ties_made


def draw_growth(history: History, screen: Screen) -> Drawn | None:
    """Draw one run: connections, members and new ties by day, and a sample of the network; nothing of a run without days."""
    daily, switch = history.daily, history.scenario.warm_up
    if not len(daily["day"]):
        return None
    lines, columns = screen.grid(4, 2)
    canvas = screen.blank((2.5 if screen.narrow else 3.0) * lines)
    axes = canvas.subplots(lines, columns).ravel()
    layout: Any = canvas.get_layout_engine()
    if layout is not None:
        layout.set(h_pad=0.12)  # titles stand apart from the axis above them
    weekly = 7.0 * smooth(daily["new_ties"])
    panels = (
        (daily["mean_degree"], "Connections per member", "connections"),
        (daily["active"], "Active members", "members"),
        (weekly, "New ties, the mean of seven days", "ties a member and week"),
    )
    for ax, (values, title, unit) in zip(axes, panels, strict=False):
        ax.plot(daily["day"] - switch, values, color=ARMS[0])
        ax.axvline(0, color=SOFT, lw=1.0, ls=":")
        ax.set(title=title, xlabel="days since the switch", ylabel=unit)
        low, high = float(np.nanmin(values, initial=np.inf)), float(np.nanmax(values, initial=-np.inf))
        if low >= 0.0 and high > 0.0:
            ax.set_ylim(0.0, 1.08 * high)
    made = _draw_sample(axes[3], *sample_of(history), ARMS[0])
    axes[3].set_title("Ties made since the switch")
    among = min(SAMPLE, int(np.count_nonzero(history.members["at_switch"])))
    first, last = (figure(float(daily["mean_degree"][k]), "connections") for k in (max(switch - 1, 0), -1))
    return Drawn(
        canvas,
        Figure(
            "growth",
            f"Connections per member go from {first} at the switch to {last} at the end",
            "One run. The dotted line is the switch: what stands left of it is the warm-up. In the drawn network a dot is a member, the larger the "
            f"more ties it made: {counted(made, 'tie')} among {counted(among, 'member')} who were there at the switch.",
            f"Connections per member, active members and new ties by day. At the end there are {counted(int(daily['active'][-1]), 'active member')}; "
            f"a drawn sample of {counted(among, 'member')} made {counted(made, 'tie')}.",
        ),
    )


def draw_tail(history: History, screen: Screen) -> Drawn | None:
    """Draw how many connections members have at the horizon; nothing of a network without members."""
    degrees = np.sort(history.shape.degrees)
    if not len(degrees):
        return None
    canvas = screen.blank(3.6, part=0.8)
    ax = canvas.subplots()
    draw_degrees(ax, degrees, {"color": ARMS[0]})
    ax.set(xlabel="connections", ylabel="share of members with as many or more")
    half, most = (figure(float(x), "connections") for x in (degrees[len(degrees) // 2], degrees[-1]))
    return Drawn(
        canvas,
        Figure(
            "degrees",
            f"Half of the members have {half} connections or more, one has {most}",
            f"One run: the connections of {counted(len(degrees), 'active member')} at the end. A line that falls late says that few have very many.",
            f"A falling line: the share of members with as many connections or more. The median is {half}, the largest number {most}.",
        ),
    )
