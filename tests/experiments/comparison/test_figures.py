"""Figures of a comparison: every arm is in them, said by name; what an arm lacks is a dash."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.path import Path
from matplotlib.text import Text

from experiments.comparison.figures.assumptions import draw_assumptions
from experiments.comparison.figures.course import PANELS as COURSE
from experiments.comparison.figures.course import draw_days
from experiments.comparison.figures.differences import draw_differences, draw_goals, turned
from experiments.comparison.figures.differences import over_worlds as as_drawn
from experiments.comparison.figures.moves import draw_moves
from experiments.comparison.figures.styles import draw_styles
from experiments.comparison.figures.tradeoff import draw_tradeoff, ellipse
from experiments.comparison.outcome import goals
from experiments.comparison.report import _answer
from experiments.comparison.result import EXPLAIN_COLUMNS, LEVEL_COLUMNS, SUMMARY_COLUMNS, Comparison
from experiments.comparison.standing import range_of
from experiments.comparison.worlds import Worlds, with_worlds
from experiments.inference.conditions import Held
from experiments.methods import paired
from experiments.reporting.palette import ARM, DOTS
from experiments.reporting.style import NARROW, SMALLEST, WIDE, draw
from experiments.reporting.text import named
from sim import load_scenario
from sim.results.measures import MEASURES, PRIMARY
from tests.helpers.drawings import apart, cut_off, strays, unreadable, upon_one_another, written

ALL = ["connect_first", "message_first", "both_equal", "connect_to_message", "message_credits"]
SHOWN = [PRIMARY, "unwelcome_read", "mean_connections"]


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
        {},
        [],
        dict,
        pd.DataFrame(explain, columns=EXPLAIN_COLUMNS),
    )


MAKERS = {"goals": draw_goals, "differences": draw_differences, "styles": draw_styles, "assumptions": draw_assumptions}
DIRECTION = {PRIMARY: 1.0, "unwelcome_read": -1.0, "mean_connections": 1.0}  # right is better


def marks(canvas):
    """Return every difference that is drawn, by how often."""
    bars = [bar.get_width() for ax in canvas.axes for container in ax.containers for bar in container]
    marked = [line.get_xdata() for ax in canvas.axes for line in ax.lines if line.get_marker() in DOTS.values()]
    return Counter(round(float(x), 6) for x in [*bars, *(x[0] for x in marked if len(x) == 1)])


def expected(figure, number, *, last):
    """Return what arm `number` must have: a share is drawn in points, a change in per cent; the last of several lacks some."""
    points, plain = round(10.0 * number, 6), round(number / 10.0, 6)
    if figure in ("goals", "differences"):
        return Counter(DIRECTION[m] * points for m in SHOWN if not (last and m == SHOWN[1]))
    if figure == "styles":
        return Counter({points: 2 - last, plain: 2 - last})
    return Counter({points: 4, plain: 8})


@pytest.mark.parametrize("screen", [WIDE, NARROW])
@pytest.mark.parametrize("many", [2, 3, 5])
@pytest.mark.parametrize("figure", MAKERS)
def test_every_arm_is_drawn_and_named(figure, many, screen):
    arms = ALL[:many]
    canvas, told = draw(MAKERS[figure], comparison(arms), screen)
    wanted = sum((expected(figure, k, last=k == many - 1 > 1) for k in range(1, many)), Counter())
    assert marks(canvas) == wanted
    words = [text.get_text() for text in canvas.findobj(Text)]
    assert words.count("–") == (0 if many == 2 else {"goals": 1, "differences": 1, "styles": 2, "assumptions": 0}[figure])
    for arm in arms[1:]:
        assert named(arm) in " ".join(words).lower() + told.headline.lower() + told.caption.lower() * (many == 2)
        assert many == 2 or named(arm) in told.alt.lower()


@pytest.mark.parametrize("screen", [WIDE, NARROW])
@pytest.mark.parametrize("figure", MAKERS)
def test_no_text_is_too_small_to_be_read(figure, screen):
    canvas, _ = draw(MAKERS[figure], comparison(ALL[:3]), screen)
    written = [text for text in canvas.findobj(Text) if text.get_text() and text.get_visible()]
    assert min(text.get_fontsize() for text in written) >= SMALLEST
    assert canvas.get_size_inches()[0] == screen.width


@pytest.mark.parametrize(
    ("direction", "difference", "drawn"),
    [("higher better", 0.1, 10.0), ("lower better", 0.1, -10.0), ("lower better", -0.2, 20.0), ("neither", -0.1, -10.0)],
)
def test_right_is_better(direction, difference, drawn):
    name = {"higher better": PRIMARY, "lower better": "unwelcome_read", "neither": "message_share"}[direction]
    assert MEASURES[name].direction == direction
    found = turned(pd.Series(row(name, ALL[1], difference)), MEASURES)
    assert found.mid == pytest.approx(drawn)
    assert (found.low, found.high) == pytest.approx((drawn - 1.0, drawn + 1.0))
    assert found.margin == pytest.approx(100.0 * MEASURES[name].smallest_effect)


def test_a_change_from_nothing_is_not_drawn():
    assert all(math.isnan(x) for x in turned(pd.Series(row(PRIMARY, ALL[1], 0.1) | {"mean_reference": 0.0}), MEASURES))


def test_headlines_say_what_is_seen():
    one, three = comparison(ALL[:2]), comparison(ALL[:3])
    assert draw(draw_goals, one, WIDE).figure.headline == "Message-first is better on 3 of 3 goals and guardrails and worse on 0"
    open_ = dataclasses.replace(one, summary=one.summary.assign(verdict=paired.NOT_DECIDED))
    assert draw(draw_goals, open_, WIDE).figure.headline == "Message-first is neither better nor worse on any of 3 goals and guardrails"
    assert draw(draw_goals, three, WIDE).figure.headline == (
        "Better and worse, of 3 goals and guardrails: message-first 3 and 0 and both-equal 2 and 0"
    )
    assert (
        draw(draw_differences, one, WIDE).figure.headline
        == "Message-first against connect-first: of 3 differences, 3 are decided, 2 of them surely beyond the smallest effect of interest; 0 are not decided"
    )
    assert draw(draw_styles, one, WIDE).figure.headline.startswith("By intent success under message-first, ")
    assert draw(draw_assumptions, one, WIDE).figure.headline == (
        "Message-first changes intent success by +10.0 points without any assumption that favours a channel, and by +10.0 points with all of them"
    )


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_who_gains_least_is_named_whether_it_matters_or_not(sign):
    found = comparison(ALL[:2])
    told = [("seller", 0.03, paired.BETTER), ("recruiter", 0.02, paired.WORSE), ("bulk_sender", 0.004, paired.NO_DIFFERENCE)]
    told.append(("quiet_member", 0.003, paired.NOT_DECIDED))  # 0.003 -+ 0.0035 may be nothing
    rows = [
        {"dimension": "style", "level": style, **row(PRIMARY, ALL[1], sign * x)}
        | {"ci_low": sign * x - 0.0035, "ci_high": sign * x + 0.0035, "verdict": verdict}
        for style, x, verdict in told
    ]
    drawn = draw(draw_styles, dataclasses.replace(found, levels=pd.DataFrame(rows, columns=LEVEL_COLUMNS)), WIDE)
    most = "bulk senders (-0.40 points) lose least and sellers (-3.00 points) lose most"
    assert drawn.figure.headline == "By intent success under message-first, " + (
        "sellers (+3.00 points) gain most and bulk senders (+0.40 points) gain least" if sign > 0.0 else most
    )


# several arms --------------------------------------------------------------------------------------------------------

MANY = [*ALL, "connect_first_with_paid_messages", "message_first_with_paid_messages", "both_equal_with_paid_messages"]


def of_days(arms):
    """A comparison with runs and days, too: all arms on one line, as far as it goes."""
    days = np.arange(67)
    daily = [
        pd.DataFrame({"arm": arm, "day": days, "part": "after", "measure": panel[0], "mean": 0.5, "ci_low": 0.4, "ci_high": 0.6})
        for arm in arms
        for panel in COURSE
    ]
    runs = [(pair, arm, m, 0.1 * pair + 0.02 * k) for pair in (1, 2) for k, arm in enumerate(arms) for m in SHOWN]
    return dataclasses.replace(
        comparison(arms), daily=pd.concat(daily), runs=pd.DataFrame(runs, columns=["pair", "arm", "measure", "value"])
    )


EVERY = MAKERS | {"days": draw_days, "tradeoff": draw_tradeoff}
LAID = [("goals", many, WIDE) for many in range(2, 9)] + [
    (figure, 8, screen) for figure in EVERY for screen in (WIDE, NARROW) if (figure, screen) != ("goals", WIDE)
]


@pytest.mark.parametrize(("figure", "many", "screen"), LAID)
def test_no_two_texts_lie_on_one_another_and_all_can_be_read(figure, many, screen):
    canvas = draw(EVERY[figure], of_days(MANY[:many]), screen).canvas
    found = written(canvas)
    assert len(found) > many
    assert upon_one_another(found) == []
    assert cut_off(canvas, found) == []
    assert unreadable(found) == []


@pytest.mark.parametrize("figure", EVERY)
def test_no_colour_of_a_figure_stays_as_it_is_on_dark_ground(figure):
    assert strays(draw(EVERY[figure], of_days(MANY[:3]), WIDE).canvas) == set()


def test_lines_on_one_another_are_told_apart_by_dashes_and_marks_where_colours_do_not():
    lines = [line for line in draw(draw_days, of_days(MANY), WIDE).canvas.axes[0].lines if line.get_label() != "the switch"]
    assert len(lines) == len(ARM)
    for (a, one), (b, other) in combinations(enumerate(lines), 2):
        looks = [(line._unscaled_dash_pattern, line.get_marker()) for line in (one, other)]
        assert apart(ARM[a], ARM[b]) or all(x != y for x, y in zip(*looks, strict=True))
        assert one.get_markevery() != other.get_markevery()
    few = draw(draw_days, of_days(MANY[:2]), WIDE).canvas.axes[0].lines
    assert {line.get_marker() for line in few} <= {"None", ""}


def test_on_a_narrow_screen_every_panel_has_its_days_and_the_last_says_what_they_are():
    canvas = draw(draw_days, of_days(ALL[:2]), NARROW).canvas
    assert [ax.get_xlabel() for ax in canvas.axes] == [""] * (len(COURSE) - 1) + ["days since the switch"]
    assert all(ax.xaxis.get_tick_params()["labelbottom"] for ax in canvas.axes)
    below = [bool(ax.get_xlabel()) for ax in draw(draw_days, of_days(ALL[:2]), WIDE).canvas.axes]
    assert below == [False] * 4 + [True] * 2


def test_the_ellipse_holds_19_of_20_further_runs():
    rng = np.random.default_rng(1)
    spread = np.array([[2.0, 0.0], [1.0, 0.5]])  # of (x, y)
    inside = []
    for _ in range(200):
        known, further = rng.standard_normal((20, 2)) @ spread.T, rng.standard_normal((200, 2)) @ spread.T
        inside.append(Path(np.column_stack(ellipse(known[:, 0], known[:, 1]))).contains_points(further).mean())
    assert np.mean(inside) == pytest.approx(0.95, abs=0.01)


# over worlds ---------------------------------------------------------------------------------------------------------


def over_worlds(arms, name="range over calibrated worlds"):
    """A comparison with ranges from a tenth below to a fifth above each difference, and numbers that move the primary one."""
    found = comparison(arms)
    s = found.summary
    numbers = ["reply.base", "thread.base", "visibility.spread", "design.friction"]
    moves = [
        (arm, PRIMARY, "number", path, 0.6 - 0.15 * k, max(0.0, 0.4 - 0.15 * k), 0.8 - 0.15 * k, 0.3, ("constrained", "prior alone")[k % 2])
        for arm in arms[1:]
        for k, path in enumerate(numbers)
    ]
    return dataclasses.replace(
        found,
        summary=s.assign(worlds_low=s.difference - 0.1, worlds_high=s.difference + 0.2, sign_share=1.0, worlds=40),
        worlds=pd.DataFrame({"draw": [1]}),
        worlds_range=name,
        worlds_moves=pd.DataFrame(moves, columns=["arm", "measure", "kind", "number", "share", "low", "high", "chance", "data"]),
    )


@pytest.mark.parametrize("screen", [WIDE, NARROW])
def test_both_intervals_lie_in_one_bar(screen):
    canvas, told = draw(draw_goals, over_worlds(ALL[:2]), screen)
    thick = [line for line in canvas.axes[0].lines if len(line.get_xdata()) == 2 and line.get_linewidth() == 2.2]
    thin = [
        line
        for line in canvas.axes[0].lines
        if len(line.get_xdata()) == 2 and line.get_linewidth() == 1.0 and len(set(line.get_ydata())) == 1
    ]
    spans = {tuple(np.round(line.get_xdata(), 6)) for line in thin if len(set(line.get_xdata())) == 2}
    assert {tuple(np.round(line.get_xdata(), 6)) for line in thick} == {(9.0, 11.0), (-11.0, -9.0)}
    limit = max(abs(x) for ends in spans for x in ends)
    assert {(0.0, min(30.0, limit)), (max(-30.0, -limit), 0.0)} == {tuple(x + 0.0 for x in ends) for ends in spans}
    words = {text.get_text() for text in canvas.legends[0].get_texts()}
    assert {"95% confidence interval", "range over calibrated worlds"} <= words
    assert "as a thick line" in told.caption
    assert "The thin line with ends is the range over calibrated worlds" in told.caption
    plain = draw(draw_goals, comparison(ALL[:2]), screen)
    assert "thin line" not in plain.figure.caption
    assert "95% confidence interval" not in {text.get_text() for text in plain.canvas.legends[0].get_texts()}


def test_a_range_over_assumptions_is_called_so():
    canvas, told = draw(draw_goals, over_worlds(ALL[:2], "range over assumptions"), WIDE)
    assert "The thin line with ends is the range over assumptions" in told.caption
    assert "range over assumptions" in {text.get_text() for text in canvas.legends[0].get_texts()}
    assert "calibrated" not in told.caption


@pytest.mark.parametrize("many", [2, 3])
@pytest.mark.parametrize("screen", [WIDE, NARROW])
@pytest.mark.parametrize("drawing", [draw_goals, draw_moves])
def test_what_is_written_over_worlds_is_whole_and_apart(drawing, screen, many):
    canvas, _ = draw(drawing, over_worlds(ALL[:many]), screen)
    found = written(canvas)
    assert upon_one_another(found) == []
    assert cut_off(canvas, found) == []
    assert unreadable(found) == []


def test_the_number_that_moves_the_answer_is_named_or_it_cannot_be_told():
    found = over_worlds(ALL[:2])
    canvas, told = draw(draw_moves, found, WIDE)
    assert told.headline == (
        "Of what nobody has measured, the base chance of a reply moves message-first's difference most: 60% of the spread over worlds goes with it"
    )
    assert [round(bar.get_width()) for bar in canvas.axes[0].patches] == [60, 45, 30, 15]
    weak = dataclasses.replace(found, worlds_moves=found.worlds_moves.assign(chance=0.7))
    assert (
        draw(draw_moves, weak, WIDE).figure.headline
        == "Which unmeasured number moves message-first's difference most cannot be told from 40 draws"
    )
    assert draw(draw_moves, comparison(ALL[:2]), WIDE) is None
    assert draw(draw_moves, dataclasses.replace(found, worlds_moves=found.worlds_moves[:0]), WIDE) is None


def test_a_range_that_cannot_be_told_from_noise_is_no_range_in_any_table_or_picture():
    c = comparison(ALL[:2])
    names = SHOWN[:2]
    told = [(names[0], 0.01 * k, 0.01 * k + 0.001) for k in range(8)]  # worlds differ by far more than two pairs of one
    untold = [(names[1], 0.03, 0.01) for _ in range(8)]
    table = pd.DataFrame(
        [
            {"draw": k % 8, "measure": name, "arm": "message_first", "difference_1": one, "difference_2": two, "level": 0.2}
            for k, (name, one, two) in enumerate([*told, *untold])
        ]
    )
    found = with_worlds(c, table, Worlds([], "draws.csv", Held([], {}, (), unchecked=False, of=40)), "digest")
    first, second = (found.summary[found.summary.measure == name].iloc[0] for name in names)
    assert (first.worlds_low, first.worlds_high) == (pytest.approx(0.0005, abs=1e-3), pytest.approx(0.0705, abs=1e-3))
    assert np.isnan([second.worlds_low, second.worlds_high]).all()
    assert (second.worlds, second.sign_share) == (8, 1.0)
    assert range_of(second) == "cannot be told from noise"
    assert " to " in range_of(first)
    columns, rows = goals(found, "message_first")
    at = columns.index(found.worlds_range)
    assert {row[at] for row in rows if row[0] == found.catalogue[names[1]].title} == {"cannot be told from noise"}
    assert {row[at] for row in rows if row[0] not in [found.catalogue[name].title for name in names]} <= {"–"}
    assert np.isnan(as_drawn(second, found.catalogue)).all()


def test_what_worlds_say_of_an_arm_stands_behind_its_first_sentence_and_an_arm_is_a_paragraph():
    said = {"message_first": ["One.", "Against two."], "both_equal": ["No answer."], "message_credits": ["Three."]}
    over = {"message_first": ["Over worlds.", "It stands."], "message_credits": ["Nowhere."]}
    found = dataclasses.replace(comparison([ALL[0], *said]), answer=said, worlds_answer=over)
    assert found.answers == [["One.", "Over worlds.", "It stands.", "Against two."], ["No answer."], ["Three.", "Nowhere."]]
    assert found.first_answer == [line for lines in found.answers for line in lines]
    assert _answer(found) == ["One. Over worlds. It stands. Against two.", "No answer.", "Three. Nowhere."]
    two = dataclasses.replace(found, arms=ALL[:2], answer={"message_first": said["message_first"]})
    assert _answer(two) == found.answers[0]
