"""What measures read of a run that has ended, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim import load_scenario
from sim.decisions.counters import Counter
from sim.results.finished_run import FinalState, FinishedRun, dimensions_of
from sim.results.graph_metrics import shape_of
from sim.results.values import INBOX_AXIS, PURPOSE_AXIS, STYLE_AXIS, Value
from sim.state.columns import MEMBER, PAIR, Names
from sim.state.memory import table
from sim.state.tally import cell, new_tally

SCENARIO = load_scenario(members=5, warm_up=10, days=70)  # ten weeks


@pytest.fixture
def run():
    members = table(MEMBER, 5)
    members.at_switch, members.got = [1, 1, 1, 1, 0], [0, 0, 10, 30, 1000]
    tally = new_tally(len(SCENARIO.style_names), len(SCENARIO.design_names), 10, 80)
    for style, purpose, inbox, count in ((0, 0, 1, 3), (0, 2, 3, 4), (1, 2, 3, 5)):
        tally.counts[Counter.INTENTS, cell(tally, style, purpose, 3, 2, inbox, 0)] = count
    pairs = table(PAIR, 3)
    pairs.strength, pairs.touched = 8.0, [79, 79 - int(SCENARIO.tie.half_life), 79]
    state = FinalState(members, np.array([1, 1, 0, 1, 1]), np.zeros(5, int), pairs, tally, None, None, Names())
    return FinishedRun(SCENARIO, state, pairs, shape_of(np.array([[0, 1], [1, 2]]), np.arange(3)))


def test_who_was_there_at_the_switch_and_who_is_at_the_end(run):
    assert (run.base, run.active_count, run.last_day, run.weeks) == (4, 4, 79, 10.0)


def test_counters_are_summed_over_all_but_purpose_and_one_axis(run):
    assert run.total(Counter.INTENTS) == 12.0
    assert run.counted_by(PURPOSE_AXIS)[Counter.INTENTS].tolist() == [3, 0, 9]
    assert run.counted_by(STYLE_AXIS)[Counter.INTENTS][:, :2].tolist() == [[3, 0], [0, 0], [4, 5]]
    assert run.counted_by(INBOX_AXIS)[Counter.INTENTS].tolist() == [[0, 3, 0, 0], [0, 0, 0, 0], [0, 0, 0, 9]]


def test_amounts_are_per_week_and_member_at_the_switch(run):
    assert run.per_week(20.0) == Value(20.0, 40.0, 0.5)
    assert run.per_week(20.0, 1000.0) == Value(20.0, 40.0, 500.0)


def test_the_95th_percentile_is_of_those_at_the_switch(run):
    assert run.percentile_95("got").value == pytest.approx((10 + 0.85 * 20) / 10)  # between the third and the fourth of 0, 0, 10, 30
    run.there[:] = False
    assert run.percentile_95("got").value is None


def test_the_gini_index_of_known_shares(run):
    assert run.gini("got").value == pytest.approx(0.625)  # 2 * (3 * 10 + 4 * 30) / (4 * 40) - 5 / 4
    assert run.gini("read").value is None  # all have none
    run.members.got[:4] = 7
    assert run.gini("got").value == pytest.approx(0.0)


def test_strengths_halve_by_their_half_life(run):
    assert run.strengths.tolist() == pytest.approx([8.0, 8.0 * 2.0 ** (-int(SCENARIO.tie.half_life) / SCENARIO.tie.half_life), 8.0])


def test_distances_are_added_up(run):
    assert run.total_distance == 4 * 1 + 2 * 2  # a path of three


def test_designs_are_a_dimension_where_several_hold_at_once():
    assert [d.name for d in dimensions_of(SCENARIO)] == ["style", "purpose", "distance", "selectivity", "inbox"]
    mixed = SCENARIO.with_(design_shares={"message_first": 1.0, "connect_first": 1.0})
    assert dimensions_of(mixed)[-1].name == "design"


def test_a_run_without_weeks_or_members_has_no_percentile_and_no_promoters(run):
    run.weeks = 0.0
    assert run.percentile_95("got").value is None
    run.members = run.members[:0]
    assert run.promotes.tolist() == []


def test_who_promotes_is_said_by_the_style(run):
    names = list(SCENARIO.style_names)
    run.members.style = [names.index(name) for name in ("quiet_member", "seller", "expert", "connection_collector", "bulk_sender")]
    assert run.promotes.tolist() == [False, True, False, True, True]  # a collector a little


@pytest.mark.parametrize(("values", "gini"), [([0, 0, 0, 7], 0.75), ([5, 5, 5, 5], 0.0), ([1, 2, 3, 4], 0.25), ([0, 0, 1, 1], 0.5)])
def test_the_gini_index_of_four_members(values, gini, run):
    """Half the mean difference of two, by the mean: of 1, 2, 3, 4 it is 20 / 16 / (2 * 2.5)."""
    run.members.got[:4] = values[::-1]
    assert run.gini("got").value == pytest.approx(gini, abs=1e-15)


def test_everybody_gone_at_the_switch_has_no_gini_index(run):
    run.there[:] = False
    assert run.gini("got") == Value(None, None, None)


def test_a_strength_of_every_day(run):
    half = SCENARIO.tie.half_life
    run.ties.touched = [79, 78, 19]
    assert run.strengths.tolist() == pytest.approx([8.0, 8.0 * 2.0 ** (-1.0 / half), 8.0 * 2.0 ** (-60.0 / half)])


def test_levels_of_each_dimension_and_the_columns_that_say_them(run):
    found = {
        d.name: (d.axis, d.column, len(d.levels))
        for d in dimensions_of(SCENARIO.with_(design_shares={"message_first": 1.0, "connect_first": 1.0}))
    }
    assert found == {
        "style": (1, "style", 8),
        "purpose": (2, None, 3),
        "distance": (3, None, 4),
        "selectivity": (4, "selectivity_level", 4),
        "inbox": (5, "inbox_level", 4),
        "design": (6, "design", len(SCENARIO.with_(design_shares={"message_first": 1.0, "connect_first": 1.0}).design_names)),
    }
