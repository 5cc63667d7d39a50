"""The page of one run: what it says, and that it says so of few members and of none."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from experiments.cli import main as cli
from experiments.reporting.network_figures import draw_growth, draw_tail
from experiments.reporting.style import NARROW, SMALLEST, WIDE, draw
from experiments.reporting.text import FEWEST, too_small
from experiments.single_run import Followed, answer, members_at_switch, page_of, used_memory
from sim import load_scenario, simulate
from sim.results.values import Value
from tests.helpers.light import draw_nothing
from tests.helpers.reports import assert_stands_alone, read

TOLD = {  # numerator, denominator, value
    "intent_success": Value(3.0, 12.0, 0.25),
    "unwelcome_delivered": Value(1.0, 1.0, 0.5),
    "unwelcome_read": Value(1.0, 1.0, 0.125),
    "reports": Value(0.0, 0.0, None),
    "mean_connections": Value(90.0, 60.0, 1.5),
    "successes_per_member": Value(6.0, 60.0, 0.1),
    "retention": Value(30.0, 60.0, 0.5),
    "clustering": Value(1.0, 4.0, 0.25),
}


@pytest.fixture(scope="module")
def history():
    return simulate(load_scenario("baseline", members=60, warm_up=3, days=64), seed=2)


def test_the_answer_is_the_primary_measure_with_its_meaning_then_goals_and_guardrails(history):
    first, goals, guardrails, last = answer(replace(history, measures=TOLD))
    assert first.startswith("Intent success is 25.0%: of all inquiries and relationship intents that arose, those dropped")
    assert goals == "The other goals: connections per member 1.5 and successes per member 0.1."
    assert guardrails == (
        "The guardrails: unwelcome items read 0.125 items a member and week, reports undefined (nothing to count) and retention 50.0%."
    )
    assert last.startswith("One run has no interval: the command “firstcontact compare”")


def test_each_measure_stands_in_the_table_of_its_group_with_unit_and_definition(history):
    tables = {part.title: part for part in page_of(replace(history, measures=TOLD), [], events=False).sections[0].parts}
    assert list(tables) == ["Response", "Spam load", "Reach", "Platform"]
    rows = {row[0].text: row for table in tables.values() for row in table.rows}
    assert len(rows) == len(TOLD)
    assert rows["Unwelcome items read"][1:] == ["0.125 items a member and week", "guardrail", "lower"]
    assert rows["Clustering"][1:] == ["0.25 coefficient", "context", "neither"]
    assert rows["Connections per member"][0].small == "Mean connections of active members at the horizon."


def test_a_run_too_short_for_the_primary_measure_says_so_and_names_what_is_left_out():
    short = simulate(load_scenario("baseline", members=60, warm_up=1, days=20), seed=2)
    page = page_of(short, [], events=False)
    assert page.answer[0] == "Intent success, the primary measure, needs 61 days or more after the switch."
    [left_out] = [section for section in page.sections if section.title == "Measures left out"]
    assert left_out.parts[0].lines[0].startswith("Intent success (intent_success) is left out")


@pytest.mark.parametrize(("members", "told"), [(0, "0 members"), (1, "1 member:"), (FEWEST - 1, "49 members"), (FEWEST, ""), (2000, "")])
def test_few_members_allow_no_conclusion(members, told):
    line = too_small(members)
    assert bool(line) == bool(told)
    assert told in line


def test_the_page_says_that_there_are_few_members(history):
    few = {**history.members, "at_switch": np.arange(len(history.members["id"])) < 49}
    enough = {**few, "at_switch": np.arange(len(history.members["id"])) < 50}
    assert members_at_switch(replace(history, members=few)) == 49
    assert [len(page_of(replace(history, members=one), [], events=False).notes) for one in (few, enough)] == [1, 0]


def test_the_command_writes_the_report_says_where_and_warns_of_few_members(tmp_path, capsys, monkeypatch):
    draw_nothing(monkeypatch)
    words = ["run", "--members", "30", "--warm-up", "2", "--days", "5", "--quiet", "--out", str(tmp_path / "o")]
    assert cli.perform(words) == 0
    printed = capsys.readouterr()
    assert printed.out.endswith(f"The files: {tmp_path / 'o'}\nThe report: {tmp_path / 'o' / 'report.html'}\n")
    assert printed.err.startswith("Nothing can be concluded from a network of ")
    page = read(tmp_path / "o")
    assert_stands_alone(page)
    assert "What happens under message-first in one run?" in page.words
    assert "ties.csv" in page.words
    assert "events.csv" not in page.words
    told = json.loads((tmp_path / "o" / "findings.json").read_text(encoding="utf-8"))
    assert told["question"] == "What happens under message-first in one run?"
    assert len(told["answer"]) == 4


def test_enough_members_are_not_warned_of(tmp_path, capsys, monkeypatch):
    draw_nothing(monkeypatch)
    assert cli.perform(["run", "--members", "80", "--warm-up", "2", "--days", "3", "--quiet", "--out", str(tmp_path / "o")]) == 0
    assert "concluded" not in capsys.readouterr().err


# figures --------------------------------------------------------------------------------------------------------------


def with_degrees(history, degrees):
    return replace(history, shape=history.shape._replace(degrees=np.array(degrees, float)))


def test_the_figures_say_what_they_show(history):
    daily = {**history.daily, "mean_degree": np.linspace(1.0, 7.6, 67)}  # the last day of warm-up, 2, has 1.2
    assert draw(draw_growth, replace(history, daily=daily), WIDE).figure.headline == (
        "Connections per member go from 1.2 at the switch to 7.6 at the end"
    )
    assert (
        draw(draw_tail, with_degrees(history, [9, 1, 4, 2]), WIDE).figure.headline
        == "Half of the members have 4 connections or more, one has 9"
    )


def test_figures_of_nobody_and_of_no_days_are_left_out():
    nothing = simulate(load_scenario("baseline", members=0, warm_up=0, days=0), seed=1)
    assert draw(draw_growth, nothing, WIDE) is None
    assert draw(draw_tail, nothing, WIDE) is None


def test_on_a_narrow_screen_panels_stand_below_one_another_and_no_text_is_small(history):
    wide, narrow = (draw(draw_growth, history, screen).canvas for screen in (WIDE, NARROW))
    assert len({round(ax.get_position().x0, 1) for ax in wide.axes}) == 2
    narrow.draw_without_rendering()
    assert narrow.get_size_inches()[0] == NARROW.width
    assert len({ax.get_subplotspec().colspan.start for ax in narrow.axes}) == 1
    canvas = draw(draw_tail, history, NARROW).canvas
    canvas.draw_without_rendering()
    sizes = [text.get_fontsize() for ax in canvas.axes for text in (*ax.texts, *ax.get_xticklabels(which="both"), ax.xaxis.label, ax.title)]
    assert min(sizes) >= SMALLEST
    assert not any(
        "$" in text.get_text() for ax in canvas.axes for text in (*ax.get_xticklabels(which="both"), *ax.get_yticklabels(which="both"))
    )


def test_a_run_tells_the_day_and_what_there_is():
    told = []

    class Kept:
        def last(self, *_):
            return None

        def passed(self, world):
            told.append(world.day)

    follow = Followed(Kept(), lambda *said: told.append(said), 30)
    assert follow.last(None, None) is None
    world = SimpleNamespace(day=3, present=1200, items_sent=500, graph=SimpleNamespace(sizes=np.arange(10)))
    follow.passed(world)
    (day, days, words), kept = told
    assert (day, days, kept) == (3, 30, 3)
    assert words.startswith("1,200 members joined, 3 ties, ")
    assert " items/s" in words
    assert words.endswith(" GB") == (used_memory() != "")
