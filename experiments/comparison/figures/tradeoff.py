"""Response against spam load: where each arm's runs lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.reporting.palette import SOFT
from experiments.reporting.style import Axes, Drawn, Figure, Screen, arm_style
from experiments.reporting.text import POINTS, difference, named, started
from sim.results.measures import PRIMARY

if TYPE_CHECKING:
    from experiments.comparison.result import Comparison

LOAD = "unwelcome_read"
FEWEST = 10  # runs, from which an ellipse says something


def draw_tradeoff(c: Comparison, screen: Screen) -> Drawn | None:
    """Draw each arm's mean, the ellipse that holds 95% of its runs, and the runs."""
    if not {PRIMARY, LOAD} <= set(c.summary.measure):
        return None
    canvas = screen.blank(3.9)
    ax = canvas.subplots()
    table = c.runs[c.runs.measure.isin([PRIMARY, LOAD])].pivot_table(index=["pair", "arm"], columns="measure", values="value").dropna()
    for k, arm in enumerate(c.arms):
        look = arm_style(k)
        part = table[table.index.get_level_values("arm") == arm]
        x, y = part[LOAD].to_numpy(), POINTS * part[PRIMARY].to_numpy()
        if not len(x):
            continue
        ax.plot(x, y, look["marker"], ls="", color=look["color"], ms=3.2, alpha=0.4, mec="none")
        ax.plot(x.mean(), y.mean(), look["marker"], ls="", color=look["color"], ms=9, label=f"{named(arm)}: mean", zorder=4)
        if len(x) >= FEWEST:
            ax.plot(*ellipse(x, y), color=look["color"], ls=look["linestyle"], lw=1.3, label=f"{named(arm)}: 95% of runs")
    ax.set_xlabel("unwelcome items read, a member and week")
    ax.set_ylabel("intent success, %")
    ax.margins(0.12)
    _point_to_better(ax)
    canvas.legend(loc="outside upper left", ncols=1 if screen.narrow else 2)
    headline = _headline(c)
    figure = Figure(
        "tradeoff",
        headline,
        f"Small marks are runs, large ones their means; an ellipse holds 95% of the runs that are to be expected. Better is up and to the left. {c.size}.",
        f"Intent success against unwelcome items read. {headline}.",
    )
    return Drawn(canvas, figure)


def _headline(c: Comparison) -> str:
    """Say what an arm gains in response and pays in load; of several, which has most of the one and least of the other."""
    rows = c.summary.set_index(["arm", "measure"])
    if len(c.arms) == 2:
        gain, load = (difference(rows.loc[(c.arms[1], measure)]) for measure in (PRIMARY, LOAD))
        return f"Against {named(c.reference)}, {named(c.arms[1])} has {gain} of intent success, and {load} unwelcome items read a week"
    means = {(c.reference, m): rows.loc[(c.arms[1], m)].mean_reference for m in (PRIMARY, LOAD)}
    means |= {(arm, m): rows.loc[(arm, m)]["mean"] for arm in c.arms[1:] for m in (PRIMARY, LOAD) if (arm, m) in rows.index}
    most = max((x, arm) for (arm, m), x in means.items() if m == PRIMARY)[1]
    least = min((x, arm) for (arm, m), x in means.items() if m == LOAD)[1]
    if most == least:
        return f"{started(most)} has most intent success and fewest unwelcome items"
    return f"{started(most)} has most intent success, {named(least)} fewest unwelcome items"


def ellipse(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the outline of the region that a further run lies in with 95%, runs being about normal (Hotelling)."""
    from scipy import special  # `stats` takes a second to load

    n = len(x)
    reach = np.sqrt(2.0 * (n - 1) * (n + 1) / (n * (n - 2)) * special.fdtri(2, n - 2, 0.95))
    values, vectors = np.linalg.eigh(np.cov(x, y))
    angle = np.linspace(0.0, 2.0 * np.pi, 121)
    circle = np.array([np.cos(angle), np.sin(angle)]) * reach * np.sqrt(np.maximum(values, 0.0))[:, None]
    outline = vectors @ circle
    return x.mean() + outline[0], y.mean() + outline[1]


def _point_to_better(ax: Axes) -> None:
    arrow = {"arrowstyle": "-|>", "color": SOFT, "lw": 1.4, "relpos": (0.0, 1.0)}
    ax.annotate("better", (0.02, 0.98), (0.12, 0.86), "axes fraction", "axes fraction", ha="left", va="top", color=SOFT, arrowprops=arrow)
