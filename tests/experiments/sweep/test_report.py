"""A sweep's report of figures made by hand: sentences, drawings and tables, an arm each."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pandas as pd
import pytest

from experiments.reporting.text import FEWEST, too_small
from experiments.sweep import report as sweep_report
from tests.helpers.drawings import both, legend, titles


def swept_by_hand(arms):
    """Return a sweep of six points in which each arm's share is higher by these amounts, the interval half a point each way."""
    from experiments.runs.study import Point
    from experiments.sweep.plan import sweep_of
    from experiments.sweep.tables import Swept

    parameters = {"reply.base": [-4.0, -2.0], "design.friction": [0.0, 4.0]}
    table = {"arms": ["connect_first", *arms], "sweep": {"parameters": parameters, "points": 6, "pairs": 2}}
    sweep = sweep_of(table, Path.cwd(), "", usual_name="by hand")
    points = [Point(k + 1, {"reply.base": -4.0 + 0.4 * k, "design.friction": 3.0 * (k % 2)}) for k in range(6)]
    rows = [
        (k + 1, "intent_success", arm, 0.2 + d, 0.2, d, d - 0.005, d + 0.005, word(d))
        for arm, all_d in arms.items()
        for k, d in enumerate(all_d)
    ]
    columns = ["point", "measure", "arm", "mean", "mean_reference", "difference", "ci_low", "ci_high", "verdict"]
    return Swept(sweep, points, pd.DataFrame(rows, columns=columns), {})


def word(d):
    return "better" if d > 0.005 else "worse" if d < -0.005 else "not decided"


RISING, FALLING = (-0.02, -0.01, 0.0, 0.01, 0.02, 0.03), (0.03, 0.02, 0.01, 0.002, 0.001, -0.001)


def test_every_arm_has_its_sentences_figures_and_table(tmp_path):
    found = swept_by_hand({"message_first": RISING, "message_credits": FALLING})
    words = sweep_report.write_report(found, tmp_path)
    assert words == [
        "Over 6 points, message-first against connect-first in intent success: better at 50%, worse at 33%, not decided at 17%.",
        "The difference ranges from -2.0 to +3.0 points, in the median +0.5; it grows most with the base chance of a reply (reply.base), rank correlation +1.00.",
        "Over 6 points, message-credits against connect-first in intent success: better at 50%, worse at 0%, not decided at 50%.",
        "The difference ranges from -0.1 to +3.0 points, in the median +0.6; it shrinks most with the base chance of a reply (reply.base), rank correlation -1.00.",
    ]
    names = ["points", "numbers", "points-message_credits", "numbers-message_credits"]
    assert list(sweep_report.drawings(sweep_report.views(found))) == names
    page = (tmp_path / "report.html").read_text()
    assert [page.count(f'<figure id="{name}">') for name in names] == [1, 1, 1, 1]
    for arm in ("message-first", "message-credits"):
        assert page.count(f"<summary>Intent success at each point, {arm} against connect-first</summary>") == 1
    assert "+2.0 points (+1.5 to +2.5)" in page
    assert "the share that succeeded" in page.partition("<main")[0]  # what intent success is, where it first stands


def test_of_few_members_the_page_says_that_nothing_follows():
    found = swept_by_hand({"message_first": RISING})
    few = dataclasses.replace(found, sweep=dataclasses.replace(found.sweep, scenario=found.sweep.scenario.with_(members=FEWEST - 1)))
    (note,) = set(sweep_report._notes(few, [])) - set(sweep_report._notes(found, []))
    assert note == too_small(FEWEST - 1)


def test_every_mark_of_a_sweeps_figures_is_in_the_legend():
    found = swept_by_hand({"message_first": RISING, "message_credits": FALLING})
    makers = sweep_report.drawings(sweep_report.views(found))
    for one in both(makers["points"], found):
        assert legend(one) == {"better", "worse", "not decided", "the scenario's own values"}
        assert one.canvas.axes[0].get_xlabel().replace("\n", " ") == "the base chance of a reply (reply.base), log-odds"
    for one in both(makers["points-message_credits"], found):
        assert titles(one.canvas.axes[1]) == ("◀ connect-first has more", "message-credits has more ▶")
    for one in both(makers["numbers"], found):
        assert legend(one) == {"better", "worse", "not decided", "95% confidence interval", "no difference"}
        assert "cut off" not in one.figure.caption
    wide, narrow = both(makers["numbers"], found)
    assert wide.canvas.axes[0].get_position().y0 == pytest.approx(wide.canvas.axes[1].get_position().y0)
    assert narrow.canvas.axes[0].get_position().y0 > narrow.canvas.axes[1].get_position().y0
    assert wide.figure.headline == "The difference between message-first and connect-first grows most with the base chance of a reply"


def test_intervals_that_would_leave_no_room_for_the_marks_are_cut_off_and_that_is_said():
    found = swept_by_hand({"message_first": RISING})
    found.summary["ci_high"] += 0.5
    drawing = sweep_report.drawings(sweep_report.views(found))["numbers"]
    for one in both(drawing, found):
        assert "Intervals that reach beyond the frame are cut off" in one.figure.caption
        assert one.canvas.axes[0].get_ylim() == pytest.approx((-7.8, 7.8))  # twice 1.3 times the largest difference, 3 points
