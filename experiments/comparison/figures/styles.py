"""Who gains and who pays: differences by style."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from experiments.reporting.palette import AXIS, BAND, SOFT, VERDICTS
from experiments.reporting.style import SMALLEST, Axes, Drawn, Figure, Line2D, Screen, mark_verdict, verdict_legend
from experiments.reporting.text import POINTS, listed, named, per_cent, started
from sim.results.measures import PRIMARY

if TYPE_CHECKING:
    import pandas as pd

    from experiments.comparison.result import Comparison
    from sim.results.measures import Measure

PANELS = (  # measure, title, unit
    ("intent_success", "Intent success", "points"),
    ("positive_response", "Positive response", "points"),
    ("partners", "Two-way partners", "a member"),
    ("unwelcome_read", "Unwelcome items read", "a member and week"),
)
TITLE = 34  # characters a line of a panel's title


def draw_styles(c: Comparison, screen: Screen) -> Drawn | None:
    """Draw differences by style, a panel a measure and arm."""
    arms = c.arms[1:]
    rows = c.levels[c.levels.dimension == "style"]
    panels = [p for p in PANELS if (rows.measure == p[0]).any()]
    if not panels:
        return None
    shares = c.scenario.style_shares
    styles = sorted(rows.level.unique(), key=lambda s: -shares.get(s, 0.0))
    rows = rows[rows.measure.isin([p[0] for p in panels])]
    lines, across = screen.grid(len(panels), 2)
    canvas = screen.blank((0.25 * len(styles) + 1.0) * lines * len(arms) + 0.5)
    axes: Any = canvas.subplots(lines * len(arms), across, sharey=True, squeeze=False)
    spare = [ax for line in range(len(arms)) for ax in axes[lines * line : lines * (line + 1)].ravel()[len(panels) :]]
    for ax in spare:
        ax.set_axis_off()
    for k, arm in enumerate(arms):
        for ax, (measure, title, unit) in zip(axes[lines * k : lines * (k + 1)].ravel(), panels, strict=False):
            part = rows[(rows.arm == arm) & (rows.measure == measure)].set_index("level")
            _draw_panel(ax, part, styles, c.catalogue[measure])
            ax.set_title(
                textwrap.fill(f"{named(arm)}: {title.lower()}", TITLE) if len(arms) > 1 else title,
                fontsize=SMALLEST,
                weight="normal" if len(arms) > 1 else "bold",
            )
            ax.set_xlabel(f"{unit}; better ▶")
    total = sum(shares.values())
    axes[0, 0].set_yticks(range(len(styles)), [f"{s.replace('_', ' ')} ({POINTS * shares.get(s, 0.0) / total:.0f}%)" for s in styles])
    axes[0, 0].set_ylim(len(styles) - 0.4, -0.8)
    handles = [*verdict_legend(rows.verdict), Line2D([], [], color=BAND, lw=7, solid_capstyle="butt", label="smallest effect of interest")]
    canvas.legend(handles=handles, loc="outside upper left", ncols=1 if screen.narrow else 5)
    below = f"; {', '.join(map(named, arms))} from the top down" if len(arms) > 1 else ""
    figure = Figure(
        "styles",
        _headline(rows, arms[0]),
        f"{'Each arm' if len(arms) > 1 else started(arms[0])} less {named(c.reference)} by style (its share of members in brackets): success and response of what these "
        f"members send, partners that they gain, unwelcome items that they read{below}. Right is better in every panel: the axis of unwelcome items is reversed. "
        f"95% confidence intervals, simultaneous within a style. {c.size}.",
        "Marks with intervals by outreach style for " + listed([p[1].lower() for p in panels]) + f"{below}.",
    )
    return Drawn(canvas, figure)


def _draw_panel(ax: Axes, part: pd.DataFrame, styles: list[str], about: Measure) -> None:
    margin = (POINTS if about.unit == "share" else 1.0) * about.smallest_effect
    ax.axvspan(-margin, margin, color=BAND, lw=0, zorder=0)
    for y, style in enumerate(styles):
        if style not in part.index:
            ax.text(0.0, y, "–", ha="center", va="center", color=SOFT)
            continue
        row = part.loc[style]
        scale = POINTS if row.unit == "share" else 1.0
        ax.plot([scale * row.ci_low, scale * row.ci_high], [y, y], color=VERDICTS[row.verdict], lw=2.0)
        mark_verdict(ax, row.verdict, scale * row.difference, y, size=6.0)
    ax.axvline(0.0, color=AXIS, lw=1.0, zorder=0.8)
    ax.grid(axis="y", visible=False)
    ax.locator_params(axis="x", nbins=4)
    ax.margins(x=0.08)
    if about.direction == "lower better":
        ax.invert_xaxis()


def _headline(rows: pd.DataFrame, arm: str) -> str:
    """Say who gains most and who least in the primary measure, of all whose interval excludes zero: whether it matters or not."""
    found = rows[(rows.arm == arm) & (rows.measure == PRIMARY) & ((rows.ci_low > 0.0) | (rows.ci_high < 0.0))]
    if found.empty:
        return f"No style's intent success is decidedly changed by {named(arm)}"
    ordered = found.sort_values("difference")
    best, least = ordered.iloc[-1], ordered.iloc[0]
    words = [f"{r.level.replace('_', ' ')}s ({per_cent(r)})" for r in (best, least)]
    if len(ordered) == 1:
        return f"By intent success, only {words[0]} are decidedly changed by {named(arm)}"
    most = "gain most" if best.difference > 0.0 else "lose least"
    last = "gain least" if least.difference > 0.0 else "lose most"
    return f"By intent success under {named(arm)}, {words[0]} {most} and {words[1]} {last}"
