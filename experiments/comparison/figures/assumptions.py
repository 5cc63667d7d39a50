"""How much of a difference each assumption adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from experiments.comparison.result import pairs_in_words
from experiments.reporting.palette import ARMS, AXIS, BAND, EVEN, GROUND, INK, LINE
from experiments.reporting.style import Drawn, Figure, Screen, bar_style, legend_columns
from experiments.reporting.text import difference, listed, named, scale_of, started
from sim.results.measures import PRIMARY

if TYPE_CHECKING:
    import pandas as pd

    from experiments.comparison.result import Comparison

MEASURES = (PRIMARY, "unwelcome_read", "mean_connections")
BESIDE, ABOVE = 36, 50  # characters a line of a label, beside a bar and above it
LINE_HEIGHT = 0.15  # inches of a line of a label
KINDS = {  # of a bar: colour, hatch, word
    "neutral": (ARMS[0], "", "without any such assumption"),
    "assumption": (ARMS[1], "", "what one adds alone"),
    "interaction": (EVEN, "////", "together beyond their sum"),
    "all": (INK, "", "all together"),
}


def draw_assumptions(c: Comparison, screen: Screen) -> Drawn | None:
    """Draw what each assumption adds to the difference; of one arm coloured by kind, of several by arm."""
    if c.explain is None or c.explain.empty:
        return None
    from matplotlib.patches import Patch

    arms = c.arms[1:]
    measures = [m for m in MEASURES if (c.explain.measure == m).any()]
    first = c.explain[(c.explain.measure == measures[0]) & (c.explain.arm == arms[0])]
    down, across = (len(measures), 1) if screen.narrow else (1, len(measures))
    thick = (0.36 if screen.narrow else 0.62) if len(arms) == 1 else (0.5 if screen.narrow else 0.78) / len(arms)
    most = max(_wrapped(title, ABOVE if screen.narrow else BESIDE).count("\n") + 1 for title in first.title)  # lines of a label
    row = (0.43 if len(arms) == 1 else 0.26 + 0.12 * len(arms)) + (0.3 if screen.narrow else 0.0) + LINE_HEIGHT * max(0, most - 2)
    canvas = screen.blank(down * (row * len(first) + 0.8) + 0.7)
    axes: Any = canvas.subplots(down, across, sharey=not screen.narrow, squeeze=False).ravel()
    for ax, measure in zip(axes, measures, strict=True):
        _draw_panel(ax, c=c, measure=measure, arms=arms, thick=thick)
        _label(ax, list(first.title), narrow=screen.narrow, named_here=ax is axes[0] or screen.narrow)
    if len(arms) == 1:
        handles = [Patch(**_look(kind), label=word) for kind, (_, _, word) in KINDS.items()]
    else:
        handles = [Patch(**bar_style(k), label=named(arm)) for k, arm in enumerate(arms, 1)]
    canvas.legend(handles=handles, loc="outside upper left", ncols=legend_columns([str(h.get_label()) for h in handles], screen, 4))
    over = pairs_in_words(int(first.pairs.max()), c.pairs)
    figure = Figure(
        "assumptions",
        _headline(first, arms[0]),
        f"{'Each arm' if len(arms) > 1 else started(arms[0])} less {named(c.reference)}: at the top what remains without any assumption that favours a channel, then what each adds "
        f"alone, what they do together beyond their sum, and at the bottom all together; lines are 95% confidence intervals over {over}. {c.size}.",
        f"Bars for {listed([named(a) for a in arms])}: the difference without assumptions, each assumption's addition, the interaction and the whole.",
    )
    return Drawn(canvas, figure)


def _headline(rows: pd.DataFrame, arm: str) -> str:
    parts = {kind: rows[rows.kind == kind].iloc[0] for kind in ("neutral", "all")}
    bare, whole = (difference(_with_unit(parts[kind])) for kind in ("neutral", "all"))
    return f"{started(arm)} changes intent success by {bare} without any assumption that favours a channel, and by {whole} with all of them"


def _with_unit(row: pd.Series) -> pd.Series:
    return row.to_frame().T.assign(unit="share").iloc[0]


def _draw_panel(ax: Any, c: Comparison, measure: str, arms: list[str], thick: float) -> None:
    about = c.catalogue[measure]
    scale, _ = scale_of(about.unit)
    assert c.explain is not None  # noqa: S101  (only called with it)
    for k, arm in enumerate(arms):
        part = c.explain[(c.explain.measure == measure) & (c.explain.arm == arm)]
        for line, row in enumerate(part.itertuples()):
            y = line + (k - (len(arms) - 1) / 2.0) * thick
            look = _look(row.kind) if len(arms) == 1 else bar_style(k + 1)
            ax.barh(y, scale * row.difference, height=thick, lw=0.0, **look)
            ax.plot([scale * row.ci_low, scale * row.ci_high], [y, y], color=AXIS, lw=1.6 if len(arms) < 3 else 1.0)
    ax.axvline(0.0, color=AXIS, lw=1.0, zorder=0.8)
    ax.set_title(_wrapped(about.title, 20), fontsize=10)
    ax.set_xlabel("points" if about.unit == "share" else about.unit)
    ax.grid(axis="y", visible=False)
    ax.locator_params(axis="x", nbins=4)
    if len(arms) > 1:
        for line in range(0, int(part.shape[0]), 2):  # bands tell which bars belong together
            ax.axhspan(line - 0.5, line + 0.5, color=BAND, lw=0, zorder=0)


def _look(kind: str) -> dict[str, Any]:
    colour, hatch, _ = KINDS[kind]
    return {"facecolor": colour, "hatch": hatch, "edgecolor": LINE}


def _label(ax: Any, titles: list[str], *, narrow: bool, named_here: bool) -> None:
    """Write what each bar is: beside it, or above it on a narrow screen."""
    ax.set_ylim(len(titles) - 0.4, -0.7)
    if not narrow:
        if named_here:
            ax.set_yticks(range(len(titles)), [_wrapped(t, BESIDE) for t in titles])
        return
    ax.set_yticks([])
    for y, title in enumerate(titles):
        ground = {"facecolor": GROUND, "edgecolor": "none", "pad": 0.5}  # upon the lines that run down there
        label = {"transform": ax.get_yaxis_transform(), "va": "bottom", "linespacing": 0.95, "bbox": ground, "zorder": 0.9}
        ax.text(0.0, y - 0.28, _wrapped(title, ABOVE), **label)
    ax.set_ylim(len(titles) - 0.4, -1.2)


def _wrapped(text: str, width: int) -> str:
    """Return a text in as few lines as it takes, as even as they can be: none is left with a lone word."""
    import textwrap

    lines = textwrap.wrap(text, width)
    fits = (w for w in range(len(text) // max(len(lines), 1), width) if len(textwrap.wrap(text, w)) == len(lines)) if text else iter(())
    return "\n".join(textwrap.wrap(text, next(fits, width)))
