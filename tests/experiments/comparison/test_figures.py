"""Figures of a comparison: every arm is in them, said by name; what an arm lacks is a dash."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest
from matplotlib import rc_context
from matplotlib.text import Text

from experiments.comparison import figures
from experiments.comparison.result import EXPLAIN_COLUMNS, LEVEL_COLUMNS, SUMMARY_COLUMNS, Comparison
from experiments.reporting.style import STYLE
from experiments.reporting.text import named
from sim import load_scenario
from sim.results.measures import MEASURES, PRIMARY

ALL = ["connect_first", "message_first", "both_equal", "connect_to_message", "message_credits"]
SHOWN = [PRIMARY, "unwelcome_read", "mean_connections"]
MAKERS = {"differences": figures.draw_differences, "styles": figures.draw_styles, "assumptions": figures.draw_assumptions}


def row(measure, arm, difference):
    m = MEASURES[measure]
    told = {
        "measure": measure,
        "group": m.group,
        "unit": m.unit,
        "role": m.role,
        "arm": arm,
        "reference": ALL[0],
        "mean": 1.0 + difference,
        "mean_reference": 1.0,
        "difference": difference,
        "ci_low": difference - 0.01,
        "ci_high": difference + 0.01,
        "pairs": 4,
        "verdict": "better",
    }
    return told | {name: 1.0 for name in SUMMARY_COLUMNS if name not in told}


def comparison(arms):
    """Arm k differs by k tenths in all that is shown; the last arm has no second measure and no sellers."""
    found = {arm: k / 10.0 for k, arm in enumerate(arms) if k}
    summary = [row(m, arm, d) for arm, d in found.items() for m in SHOWN if not (arm == arms[-1] and m == SHOWN[1] and len(arms) > 2)]
    levels = [
        {"dimension": "style", "level": style, **row(m, arm, d)}
        for arm, d in found.items()
        for style in ("quiet_member", "seller")
        if arm != arms[-1] or style != "seller" or len(arms) == 2
        for m in SHOWN[:2]
    ]
    explain = [
        (m, kind, kind, kind, arm, d, d - 0.01, d + 0.01, 4)
        for arm, d in found.items()
        for m in SHOWN
        for kind in ("neutral", "assumption", "interaction", "all")
    ]
    return Comparison(
        load_scenario(members=60, days=62, warm_up=5),
        arms,
        arms[0],
        1,
        4,
        None,
        pd.DataFrame(),
        pd.DataFrame(summary, columns=SUMMARY_COLUMNS),
        pd.DataFrame(levels, columns=LEVEL_COLUMNS),
        pd.DataFrame(),
        [],
        [],
        [],
        {},
        pd.DataFrame(explain, columns=EXPLAIN_COLUMNS),
    )


def marks(canvas):
    """Return every difference that is drawn, by how often."""
    bars = [bar.get_width() for ax in canvas.axes for container in ax.containers for bar in container]
    dots = [line.get_xdata() for ax in canvas.axes for line in ax.lines if line.get_marker() == "o"]
    return Counter(round(float(x), 6) for x in [*bars, *(x[0] for x in dots if len(x) == 1)])


def expected(figure, number, *, last):
    """Return what arm `number` must have: a share is drawn in points, a change in per cent; the last of several lacks some."""
    points, plain = round(10.0 * number, 6), round(number / 10.0, 6)
    if figure == "differences":
        return Counter({points: 3 - last})
    if figure == "styles":
        return Counter({points: 2 - last, plain: 2 - last})
    return Counter({points: 4, plain: 8})


@pytest.mark.parametrize("many", [2, 3, 5])
@pytest.mark.parametrize("figure", MAKERS)
def test_every_arm_is_drawn_and_named(figure, many, monkeypatch, tmp_path):
    canvases, arms = [], ALL[:many]
    monkeypatch.setattr(figures, "save", lambda canvas, *_: canvases.append(canvas))
    with rc_context(STYLE):
        told = MAKERS[figure](comparison(arms), tmp_path)
        canvases[0].draw_without_rendering()
    wanted = sum((expected(figure, k, last=k == many - 1 > 1) for k in range(1, many)), Counter())
    assert marks(canvases[0]) == wanted
    words = [text.get_text() for text in canvases[0].findobj(Text)]
    assert words.count("–") == (0 if many == 2 else {"differences": 1, "styles": 2, "assumptions": 0}[figure])
    for arm in arms[1:]:
        assert named(arm) in " ".join(words) + told.caption * (many == 2)
        assert many == 2 or named(arm) in told.alt
