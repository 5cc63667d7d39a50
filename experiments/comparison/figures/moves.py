"""Which of the numbers that nobody has measured moves the answer across worlds."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.comparison.moves import CONSTRAINED, ONE, SILENT
from experiments.reporting.palette import ARMS, AXIS, EVEN, GROUND, INK
from experiments.reporting.style import Axes, Drawn, Figure, Line2D, Screen, legend_columns
from experiments.reporting.text import POINTS, counted, named, started
from experiments.space.factors import factors
from experiments.space.words import in_words
from sim.results.measures import PRIMARY

if TYPE_CHECKING:
    import pandas as pd

    from experiments.comparison.result import Comparison

MOST = 8  # numbers that are shown
BESIDE, ABOVE = 44, 52  # characters a line of a label, beside a bar and above it
ROW, TALL_ROW = 0.42, 0.62  # inches
LOOKS = {  # of a bar: colour, hatch, word
    CONSTRAINED: (ARMS[0], "", "the data constrain it"),
    SILENT: (ARMS[1], "////", "the data say nothing: its range alone bounds it"),
    "": (EVEN, "", "a number that was drawn"),
}


def draw_moves(c: Comparison, screen: Screen) -> Drawn | None:
    """Draw each number's share of the spread of the primary difference over worlds, the largest on top; a panel an arm."""
    if c.worlds_moves is None:
        return None
    rows = c.worlds_moves[(c.worlds_moves.measure == PRIMARY) & (c.worlds_moves.kind == ONE)].assign(data=lambda t: t.data.fillna(""))
    arms = [arm for arm in c.arms[1:] if (rows.arm == arm).any()]
    if not arms:
        return None
    from matplotlib.patches import Patch

    parts = {arm: rows[rows.arm == arm].head(MOST) for arm in arms}
    lines = max(map(len, parts.values()))
    canvas = screen.blank(len(arms) * ((TALL_ROW if screen.narrow else ROW) * lines + 0.8) + 0.8)
    axes: Any = canvas.subplots(len(arms), 1, sharex=True, squeeze=False).ravel()
    for ax, arm in zip(axes, arms, strict=True):
        _draw_panel(ax, c, parts[arm], narrow=screen.narrow)
        if len(arms) > 1:
            ax.set_title(named(arm), fontsize=10, pad=12 if screen.narrow else 6)
    axes[-1].set_xlabel(
        "share of the spread over worlds" if screen.narrow else "share of the spread over worlds that goes with a number alone"
    )
    there = [word for word in LOOKS if any((part.data == word).any() for part in parts.values())]
    handles: list[Any] = [Patch(facecolor=LOOKS[word][0], hatch=LOOKS[word][1], edgecolor=GROUND, label=LOOKS[word][2]) for word in there]
    handles += [
        Line2D([], [], color=INK, lw=1.6, label="its 95% interval"),
        Line2D([], [], color=INK, lw=1.2, ls=":", label="what chance gives at most"),
    ]
    labels = [str(handle.get_label()) for handle in handles]
    canvas.legend(handles=handles, loc="outside upper left", ncols=legend_columns(labels, screen, 2))
    first = parts[arms[0]]
    worlds = int(c.summary.worlds.max())
    figure = Figure(
        "moves",
        _headline(c, first, arms[0], worlds),
        f"{'Each arm' if len(arms) > 1 else started(arms[0])} less {named(c.reference)} in intent success, over {counted(worlds, 'draw')}: each bar is the squared correlation of a number with "
        f"the difference, as a share of what worlds differ in, that is what the spread would lose if it were measured. Left of the dotted line the largest of all may be chance. "
        f"Shares need not add up to all. The first {len(first)} of {counted(int((rows.arm == arms[0]).sum()), 'number')}. {c.size}.",
        "; ".join(
            f"{row.number}: {POINTS * row.share:.0f}% ({POINTS * row.low:.0f} to {POINTS * row.high:.0f}%)" for row in first.itertuples()
        ),
    )
    return Drawn(canvas, figure)


def _headline(c: Comparison, rows: pd.DataFrame, arm: str, worlds: int) -> str:
    first = rows.iloc[0]
    name = in_words(factors(c.scenario)[first.number])
    if first.share > first.chance:
        return f"Of what nobody has measured, {name} moves {named(arm)}'s difference most: {POINTS * first.share:.0f}% of the spread over worlds goes with it"
    return f"Which unmeasured number moves {named(arm)}'s difference most cannot be told from {worlds} draws"


def _draw_panel(ax: Axes, c: Comparison, rows: pd.DataFrame, *, narrow: bool) -> None:
    known = factors(c.scenario)
    places = np.arange(len(rows))
    for y, row in zip(places, rows.itertuples(), strict=True):
        colour, hatch, _ = LOOKS[row.data]
        ax.barh(y, POINTS * row.share, height=0.34 if narrow else 0.56, facecolor=colour, hatch=hatch, edgecolor=GROUND, lw=0.0)
        ax.plot([POINTS * row.low, POINTS * row.high], [y, y], color=INK, lw=1.6, solid_capstyle="butt")
    ax.axvline(POINTS * float(rows.chance.iloc[0]), color=INK, lw=1.2, ls=":", zorder=0.8)
    ax.axvline(0.0, color=AXIS, lw=1.0)
    ax.set_xlim(0.0, 100.0)
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:g}%")
    ax.grid(axis="y", visible=False)
    words = [in_words(known[path]) for path in rows.number]
    if narrow:
        ax.set_yticks([])
        ax.set_ylim(len(rows) - 0.6, -0.95)
        for y, word in zip(places, words, strict=True):
            ground = {"facecolor": GROUND, "edgecolor": "none", "pad": 0.5}  # upon the lines that run down there
            told = "\n".join(textwrap.wrap(word, ABOVE))
            ax.text(0.0, y - 0.24, told, transform=ax.get_yaxis_transform(), va="bottom", linespacing=0.95, bbox=ground, zorder=0.9)
    else:
        ax.set_ylim(len(rows) - 0.5, -0.5)
        ax.set_yticks(places, ["\n".join(textwrap.wrap(word, BESIDE)) for word in words])
