"""The page of one run: what it says, and that it says so of few members and of none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from experiments.reporting.network_figures import draw_growth, draw_tail
from experiments.reporting.style import NARROW, SMALLEST, WIDE, draw
from experiments.reporting.text import FEWEST, too_small
from experiments.single_run.report import answer, estimated, members_at_switch, page_of
from experiments.single_run.run import run_single
from sim import load_scenario, simulate
from sim.results.values import Value

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


def test_what_is_estimated_is_said_with_its_error(history):
    others = len(history.shape.degrees) - 1
    errors = history.shape.errors._replace(two_hop=0.0123 * others, distance=0.02, clustering=0.0)
    measures = TOLD | {name: Value(None, None, 0.5) for name in ("two_hop_reach", "mean_distance", "clustering")}
    many = replace(history, measures=measures, shape=history.shape._replace(errors=errors))
    told = "members within two hops (standard error 1.2 points) and mean distance (standard error 0.02)"
    assert estimated(many) == f"Estimated from a sample of the members, since there are many: {told}."
    assert estimated(history) == ""
    assert estimated(many) in page_of(many, [], events=False).notes


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


def test_a_mixture_is_split_by_design(tmp_path, light_commands):
    shares = {"connect_first": 0.5, "message_first": 0.5}
    scenario = load_scenario(members=80, warm_up=10, days=65, design_shares=shares)
    history, folder = run_single(scenario, "columns", 1, out=tmp_path / "mixed")
    table = pd.read_csv(folder / "by_design.csv")
    assert set(table.design) == set(shares)
    for name in ("intent_success", "unwelcome_share"):
        assert table[table.measure == name].numerator.sum() == pytest.approx(history.measures[name].numerator)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Goals and guardrails by design" in page
    assert "firstcontact abtest" in page
    assert "by_design.csv" in page


def test_one_design_is_not_split(tmp_path, light_commands):
    _, folder = run_single(load_scenario(members=40, warm_up=5, days=20), "columns", 1, out=tmp_path / "one")
    assert not (folder / "by_design.csv").exists()
    assert "by_design.csv" not in (folder / "report.html").read_text(encoding="utf-8")
