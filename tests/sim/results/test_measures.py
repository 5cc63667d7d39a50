"""A measure is one entry: these try one of each way to compute, on a run made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim import load_scenario
from sim.decisions.codes import Distance, Purpose
from sim.decisions.counters import Counter, Daily
from sim.results import measures as catalogue
from sim.results.computations import CounterRatio, Figure, MemberMean
from sim.results.daily import DailyCounts
from sim.results.finished_run import FinalState, FinishedRun, dimensions_of
from sim.results.graph_metrics import shape_of
from sim.results.history import levels, make_history
from sim.results.measures import LOAD, LOWER, MEASURES, PRIMARY, SUCCESS_VARIANTS, Measure, by_name
from sim.results.values import Value, ratio
from sim.state.columns import EVENT, MEMBER, PAIR, TIE, Names
from sim.state.memory import table
from sim.state.tally import cell, new_tally

SCENARIO = load_scenario("baseline").with_(members=4, warm_up=0, days=70)
DAYS = SCENARIO.days


@pytest.fixture
def state():
    """Four members, of whom the last has left and the third came after the switch; the first two are connected."""
    members = table(MEMBER, 4)
    members.at_switch = [1, 1, 0, 1]
    members.style = [0, 0, 1, 1]
    members.got_unwelcome = [10, 20, 99, 0]
    members.got_unwelcome_invitations = [4, 0, 99, 0]
    pairs = table(PAIR, 1)
    pairs.lo, pairs.hi, pairs.state, pairs.strength, pairs.touched = 0, 1, TIE, 1.0, DAYS - 1
    tally = new_tally(len(SCENARIO.style_names), len(SCENARIO.design_names), 0, DAYS)
    for purpose, intents, successes in ((Purpose.INQUIRY, 8, 2), (Purpose.RELATIONSHIP, 2, 1), (Purpose.PROMOTION, 10, 9)):
        c = cell(tally, 1, purpose, Distance.STRANGER, 2, 3, 0)
        tally.counts[Counter.INTENTS, c], tally.counts[Counter.SUCCESS, c] = intents, successes
    return FinalState(members, np.array([1, 1, 1, 0], np.int8), np.array([1, 1, 0, 0]), pairs, tally, table(EVENT, 0), Names())


@pytest.fixture
def run(state):
    return FinishedRun(SCENARIO, state, state.pairs, shape_of(np.array([[0, 1]]), np.array([0, 1, 2])))


def dimension(name):
    return next(one for one in dimensions_of(SCENARIO) if one.name == name)


def test_counters_over_counters(run):
    success = MEASURES[PRIMARY].computed
    assert success.whole(run) == Value(3.0, 10.0, 0.3)  # promotion is left out
    assert success.level(run, dimension("style"), 1) == Value(3.0, 10.0, 0.3)
    assert success.level(run, dimension("style"), 0) == Value(0.0, 0.0, None)
    assert success.level(run, dimension("distance"), Distance.STRANGER).value == 0.3
    assert success.level(run, dimension("purpose"), Purpose.PROMOTION).value == 0.9  # the primary measure alone is told of it
    assert MEASURES[SUCCESS_VARIANTS[0]].computed.level(run, dimension("purpose"), Purpose.PROMOTION) is None
    assert MEASURES["inquiry_success"].computed.whole(run).value == 0.25


def test_a_mean_over_members_active_at_the_switch(run):
    mean = MemberMean("got_unwelcome", less="got_unwelcome_invitations", weekly=True)
    assert mean.whole(run) == Value(26.0, 30.0, 26.0 / 30.0)  # three members, ten weeks
    assert mean.level(run, dimension("style"), 0) == Value(26.0, 20.0, 1.3)
    assert mean.level(run, dimension("purpose"), 0) is None


def test_figures_of_the_whole_run(run):
    assert MEASURES["retention"].computed.whole(run) == Value(2.0, 3.0, 2.0 / 3.0)
    assert MEASURES["mean_connections"].computed.whole(run) == Value(2.0, 3.0, 2.0 / 3.0)
    assert MEASURES["living_ties"].computed.whole(run).numerator == 2.0
    assert MEASURES["unwelcome_gini"].computed.whole(run).value == pytest.approx(4.0 / 9.0)
    assert MEASURES["retention"].computed.level(run, dimension("style"), 0) is None
    assert {type(x) for m in MEASURES.values() for x in m.computed.whole(run)} <= {float, type(None)}


def test_a_new_measure_is_one_entry(state, monkeypatch):
    entry = Measure(
        "worst_inbox", "Worst inbox", group=LOAD, unit="items", direction=LOWER, smallest_effect=1.0, definition="The most that one had.",
        computed=Figure(lambda run: ratio(run.members.got_unwelcome.max(), 1.0)),
    )  # fmt: skip
    monkeypatch.setitem(catalogue.MEASURES, entry.name, entry)
    history = make_history(SCENARIO, 1, 1, SCENARIO.design, state, {})
    assert history.measures["worst_inbox"] == Value(99.0, 1.0, 99.0)
    assert "worst_inbox" in set(history.to_pandas("measures").measure)


def test_two_measures_of_one_name_are_refused():
    with pytest.raises(ValueError, match="called 'retention'"):
        by_name([MEASURES["retention"], MEASURES["retention"]])


def test_levels_are_those_with_a_denominator(run):
    found = levels(run, [MEASURES[PRIMARY], MEASURES["retention"]])
    styles = [level for name, level, _ in found if name == "style"]
    assert styles == [SCENARIO.style_names[1]]
    assert {name for _, _, name in found} == {PRIMARY}


def test_a_days_figure_is_undefined_until_its_window_has_closed(state):
    state.tally.daily[Daily.ACTIVE], state.tally.daily[Daily.INTENTS] = 4, 2
    counts = DailyCounts(state.tally)
    figure = counts.per_member(Daily.INTENTS, 60)
    assert figure[: DAYS - 60].tolist() == [0.5] * 10
    assert np.isnan(figure[DAYS - 60 :]).all()
    assert np.isnan(counts.share(Daily.SUCCESS, Daily.ACCEPTED, 0)).all()


def test_ways_to_compute_say_their_scale_and_whether_they_know_levels():
    assert (MEASURES["reports"].scale, MEASURES["reports"].has_levels) == (1000.0, True)
    assert not MEASURES["retention"].has_levels
    assert CounterRatio([Counter.READ], [Counter.DELIVERED]).purposes == tuple(Purpose)
