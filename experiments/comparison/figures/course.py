"""How a comparison unfolds by day, an arm a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from experiments.reporting.palette import AXIS, LAUNCH
from experiments.reporting.style import Drawn, Figure, Screen, arm_style, legend_columns, smooth
from experiments.reporting.text import POINTS, listed, named, started

if TYPE_CHECKING:
    from experiments.comparison.result import Comparison

PANELS = (
    ("intent_success", "Intent success", POINTS, "% of intents"),
    ("stranger_reply_rate", "Reply rate of strangers, 7 days", POINTS, "% of messages"),
    ("delivered", "Items delivered", 7.0, "an active member and week"),
    ("unwelcome_delivered", "Unwelcome items delivered", 7.0, "an active member and week"),
    ("mean_degree", "Connections", 1.0, "an active member"),
    ("replies", "Replies written", 7.0, "an active member and week"),
)
MONTH = 30  # days
APART = 5  # arms whose colours are far enough apart for every reader: lines of more have their marks, too


def draw_days(c: Comparison, screen: Screen) -> Drawn:
    """Draw response, load and reach by day with bands, the switch and the launch marked."""
    lines, columns = screen.grid(len(PANELS), 2)
    canvas = screen.blank(2.15 * lines + 0.6)
    axes: Any = canvas.subplots(lines, columns, sharex=True, squeeze=False)
    switch = c.scenario.warm_up
    for ax, (measure, title, scale, unit) in zip(axes.ravel(), PANELS, strict=True):
        for k, arm in enumerate(c.arms):
            rows = c.daily[(c.daily.arm == arm) & (c.daily.measure == measure)]
            day = rows.day.to_numpy() - switch
            mean, low, high = (scale * smooth(rows[name].to_numpy()) for name in ("mean", "ci_low", "ci_high"))
            look = arm_style(k) | _marks(k, len(c.arms))
            ax.fill_between(day, low, high, color=look["color"], alpha=0.22, lw=0)
            ax.plot(day, mean, lw=1.7, label=named(arm), **look)
        ax.axvspan(0, min(MONTH, c.scenario.days), color=LAUNCH, lw=0, zorder=0, label="first month after the switch")
        ax.axvline(0, color=AXIS, lw=1.2, label="the switch")
        ax.set_title(title)
        ax.set_ylabel(unit)
        ax.set_ylim(bottom=0.0 if measure != "mean_degree" else None)
        ax.tick_params(labelbottom=screen.narrow or ax in axes[-1])  # on a narrow screen the last panel is far away
    for ax in axes[-1]:
        ax.set_xlabel("days since the switch")
    handles, labels = axes.ravel()[0].get_legend_handles_labels()
    canvas.legend(handles, labels, loc="outside upper left", ncols=legend_columns(labels, screen, 4))
    return Drawn(
        canvas,
        Figure(
            "days",
            _headline(c),
            f"Means of seven days by the day on which something is sent, with 95% confidence bands over pairs. A curve ends where its window no longer fits. Figures are per active member of the day; tables count those who were there at the switch. {c.size}.",
            "Six panels by day for "
            + listed([named(a) for a in c.arms])
            + ": intent success, replies of strangers, items, unwelcome items, "
            "connections, replies written. The arms coincide during the warm-up and part at the switch.",
        ),
    )


def _marks(k: int, arms: int) -> dict[str, Any]:
    """Return how a line is marked: each at days of its own, so that lines that lie on one another are told apart; not at all among few."""
    return {"markevery": (k * MONTH // arms, MONTH), "ms": 4.5} if arms > APART else {"marker": ""}


def _headline(c: Comparison) -> str:
    """Say what the first arm's difference is in the first month, and in the last that is known."""
    measure, title, scale, _ = PANELS[0]
    arm = c.arms[1]
    table = c.daily[c.daily.measure == measure].pivot_table(index="day", columns="arm", values="mean")
    if not {arm, c.reference} <= set(table.columns):
        return "How the arms unfold by day"
    difference = scale * (table[arm] - table[c.reference])
    after = difference[difference.index >= c.scenario.warm_up].dropna()
    if len(after) < 2 * MONTH:
        return "How the arms unfold by day"
    first, last = after.iloc[:MONTH].mean(), after.iloc[-MONTH:].mean()
    return (
        f"{started(arm)} changes {title.lower()} by {first:+.1f} points in the first month and {last:+.1f} in the last that can be judged"
    )
