"""A measure is one entry: these try one of each way to compute, on a run made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim import load_scenario
from sim.decisions.codes import Distance, Purpose
from sim.decisions.counters import Counter, Daily
from sim.results.computations import CounterRatio, MemberMean
from sim.results.daily import DailyCounts
from sim.results.finished_run import FinalState, FinishedRun, dimensions_of
from sim.results.graph_metrics import Errors, Shape, shape_of
from sim.results.history import levels
from sim.results.measures import MEASURES, PRIMARY, SUCCESS_VARIANTS, by_name, fitting
from sim.results.values import Value
from sim.state.columns import MEMBER, PAIR, TIE, Names
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
    return FinalState(members, np.array([1, 1, 1, 0], np.int8), np.array([1, 1, 0, 0]), pairs, tally, None, None, Names())


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


# One run by hand, for all measures. Six members, of whom four were there at the switch (the base), three are at the end, and
# two both times; warm-up of 10 days and ten weeks, so the last day is 79 and amounts are by 4 * 10 members and weeks.
LONG = load_scenario(members=6, warm_up=10, days=70)
# each counter for inquiries, relationships and promotion
COUNTED = {
    Counter.INTENTS: (8, 12, 20),
    Counter.SUCCESS: (2, 3, 9),
    Counter.SUCCESS_2: (1, 3, 5),
    Counter.SUCCESS_3: (1, 1, 4),
    Counter.CONTACT_60: (2, 4, 6),
    Counter.CONNECTED_60: (3, 4, 7),
    Counter.WALKED: (2, 3, 5),
    Counter.NOBODY: (900, 901, 902),
    Counter.STRANGER_SENT_7: (10, 20, 30),
    Counter.STRANGER_REPLIED_7: (3, 4, 5),
    Counter.STRANGER_SENT_30: (8, 16, 24),
    Counter.STRANGER_REPLIED_30: (2, 4, 6),
    Counter.INVITED_30: (5, 10, 25),
    Counter.ACCEPTED_30: (1, 4, 11),
    Counter.OPENED_30: (4, 6, 10),
    Counter.OPENED_REPLIED_30: (1, 2, 2),
    Counter.RESPONSE_DAYS: (10, 20, 30),
    Counter.RESPONSES: (4, 8, 12),
    Counter.MESSAGE_APPROACHES_30: (10, 10, 20),
    Counter.MESSAGE_POSITIVE_30: (2, 3, 3),
    Counter.INVITATION_APPROACHES_30: (20, 20, 20),
    Counter.INVITATION_POSITIVE_30: (5, 10, 15),
    Counter.PROMOTION_SENT_30: (0, 0, 50),
    Counter.PROMOTION_INTERESTED_30: (0, 0, 5),
    Counter.DELIVERED: (100, 60, 40),
    Counter.UNSOLICITED: (50, 40, 30),
    Counter.UNWELCOME: (10, 10, 30),
    Counter.READ: (903, 904, 905),
    Counter.UNWELCOME_READ: (906, 907, 908),
    Counter.REPORTS: (1, 0, 2),
    Counter.APPROACHES: (100, 50, 50),
    Counter.VIOLATIONS_THROUGH: (1, 1, 6),
    Counter.FILTERED: (909, 910, 911),
    Counter.NEW_TIES: (3, 5, 8),
    Counter.CLOSING_TIES: (1, 2, 3),
    Counter.SUGGESTED_TIES: (1, 1, 2),
    Counter.KNOWN_TIES: (2, 3, 5),
    Counter.EXCHANGES: (10, 14, 6),
    Counter.MEETINGS: (1, 1, 0),
    Counter.COLLABORATIONS: (0, 1, 2),
    Counter.DEALS: (0, 0, 1),
    Counter.OFF_PLATFORM: (912, 913, 914),
}


@pytest.fixture
def whole():
    members = table(MEMBER, 6)
    members.at_switch = [1, 1, 1, 1, 0, 0]
    members.style = [LONG.style_names.index(name) for name in ("seller", "expert", "expert", "recruiter", "seller", "expert")]
    members.got_unwelcome, members.got_unwelcome_invitations = [10, 60, 30, 20, 500, 500], [1, 2, 3, 4, 90, 90]
    members.read_unwelcome, members.read_unwelcome_invitations = [4, 16, 12, 8, 200, 200], [0, 1, 1, 2, 50, 50]
    members.partners, members.far_partners = [3, 1, 0, 2, 9, 9], [1, 0, 0, 1, 5, 5]
    members.intents, members.successes, members.restrictions = [2, 3, 1, 2, 7, 7], [1, 1, 0, 1, 6, 6], [2, 0, 1, 0, 5, 5]
    members.opted_until = [80, 79, 99, 0, 81, 99]
    members.industry = [0, 0, 1, 1, 2, 2]
    members.quiet = [0, 1, 0, 0, 0, 0]
    ties = table(PAIR, 5)
    ties.lo, ties.hi = [0, 1, 0, 2, 3], [1, 4, 2, 3, 5]
    ties.strength, ties.touched = [1.0, 1.0, 0.125, 0.2499, 0.1249], [79, -10, 79, 49, 79]
    tally = new_tally(len(LONG.style_names), len(LONG.design_names), 10, 80)
    for counter, counts in COUNTED.items():
        for purpose, count in zip(Purpose, counts, strict=True):
            tally.counts[counter, cell(tally, 1, purpose, Distance.STRANGER, 2, 3, 0)] = count
    tally.daily[Daily.SESSIONS, :10], tally.daily[Daily.ACTIVE, :10] = 900, 901  # before the switch
    tally.daily[Daily.SESSIONS, 10:20], tally.daily[Daily.ACTIVE, 10:20] = 3, 6
    tally.daily[Daily.SESSIONS, 20:], tally.daily[Daily.ACTIVE, 20:] = 902, 903  # of days whose intents are not judged
    state = FinalState(members, np.array([1, 1, 0, 0, 1, 0], np.int8), np.zeros(6, int), ties, tally, None, None, Names())
    return FinishedRun(LONG, state, ties, Shape(np.array([1.0, 2.0, 1.0]), 2, 1.0, np.array([4.0, 2.0]), 0.25, Errors(0.0, 0.0, 0.0)))


# numerator, denominator, value; then the smallest effect that matters and the days for which an item is watched
EXPECTED = {
    "intent_success": (5, 20, 0.25, 0.005, 60),
    "inquiry_success": (2, 8, 0.25, 0.005, 60),
    "relationship_success": (3, 12, 0.25, 0.005, 60),
    "success_two_exchanges": (4, 20, 0.2, 0.005, 60),
    "success_three_exchanges": (2, 20, 0.1, 0.005, 60),
    "still_in_contact": (6, 20, 0.3, 0.005, 60),
    "connected_on_day_60": (7, 20, 0.35, 0.005, 60),
    "died_at_button": (10, 40, 0.25, 0.005, 60),  # promotion included
    "stranger_reply_rate_7": (12, 60, 0.2, 0.005, 7),
    "stranger_reply_rate_30": (12, 48, 0.25, 0.005, 30),
    "acceptance_rate": (16, 40, 0.4, 0.01, 30),
    "reply_after_acceptance": (5, 20, 0.25, 0.01, 30),
    "days_to_first_response": (60, 24, 2.5, 0.1, 30),
    "positive_response": (38, 100, 0.38, 0.005, 30),  # 8 + 30 of 40 + 60
    "message_share": (40, 100, 0.4, 0.01, 30),
    "positive_to_messages": (8, 40, 0.2, 0.005, 30),
    "positive_to_invitations": (30, 60, 0.5, 0.01, 30),
    "promotion_interest": (5, 50, 0.1, 0.005, 30),
    "unwelcome_delivered": (120, 40, 3.0, 0.02, 0),  # 10 + 60 + 30 + 20
    "unwelcome_read": (40, 40, 1.0, 0.02, 0),
    "unwelcome_messages": (110, 40, 2.75, 0.02, 0),
    "unwelcome_invitations": (10, 40, 0.25, 0.02, 0),
    "unwelcome_messages_read": (36, 40, 0.9, 0.02, 0),
    "unwelcome_invitations_read": (4, 40, 0.1, 0.02, 0),
    "unwelcome_share": (50, 200, 0.25, 0.01, 0),
    "unwelcome_p95": (None, None, 5.55, 0.05, 0),  # of 10, 20, 30, 60: 0.95 * 3 = 2.85 steps up, 30 + 0.85 * 30, in ten weeks
    "unwelcome_gini": (None, None, 1.0 / 3.0, 0.01, 0),  # differences 10, 20, 50, 10, 40, 30 are 160: 160 / (4 * 120)
    "unwelcome_read_p95": (None, None, 1.54, 0.05, 0),  # of 4, 8, 12, 16: 12 + 0.85 * 4
    "unwelcome_read_gini": (None, None, 0.25, 0.01, 0),  # differences 4, 8, 12, 4, 8, 4 are 40: 40 / (4 * 40)
    "unsolicited_share": (120, 200, 0.6, 0.01, 0),
    "reports": (3, 200, 15.0, 1.0, 0),  # per 1,000 approaches
    "opted_out_share": (2, 3, 2.0 / 3.0, 0.002, 0),  # until day 80 and 81; one until 79, the last day, is open again tomorrow
    "restricted_members": (2, 4, 500.0, 1.0, 0),
    "restricted_not_promoting": (1, 4, 250.0, 0.5, 0),  # the seller promotes
    "violations_through": (8, 40, 200.0, 0.1, 0),
    "mean_connections": (4, 3, 4.0 / 3.0, 0.25, 0),
    "largest_component": (2, 3, 2.0 / 3.0, 0.005, 0),
    "two_hop_reach": (None, None, 0.5, 0.005, 0),  # one of two others
    "mean_distance": (8, 6, 4.0 / 3.0, 0.01, 0),  # 4 at one hop, 2 at two
    "clustering": (None, None, 0.25, 0.005, 0),
    "cross_industry_ties": (3, 5, 0.6, 0.002, 0),  # 1-4, 0-2 and 3-5
    "partners": (6, 4, 1.5, 0.05, 0),
    "far_partners": (2, 4, 0.5, 0.02, 0),
    # on the last day 1, 1 * 2^(-89/30) = 0.128 and 0.125 are alive; 0.2499 / 2 and 0.1249 are not; a tie is two members'
    "living_ties": (6, 3, 2.0, 0.05, 0),
    "dormant_ties": (4, 3, 4.0 / 3.0, 0.25, 0),
    "suggested_ties": (4, 16, 0.25, 0.01, 0),
    "known_ties": (10, 16, 0.625, 0.01, 0),
    "closing_ties": (6, 16, 0.375, 0.01, 0),
    "active_members": (2, 4, 50.0, 0.5, 0),  # 1 has gone quiet
    "retention": (1, 4, 0.25, 0.005, 0),  # 0 alone, of 0 to 3
    "conversations": (30, 4, 7.5, 0.1, 0),
    "meetings": (2, 4, 50.0, 0.2, 0),
    "collaborations": (3, 4, 75.0, 0.2, 0),
    "deals": (1, 4, 25.0, 0.2, 0),
    "sessions_per_member": (30, 60, 3.5, 0.02, 60),  # a week
    "intents_per_member": (8, 4, 2.0, 0.1, 60),
    "successes_per_member": (3, 4, 0.75, 0.05, 60),
}


def test_every_measure_has_a_known_answer():
    assert set(EXPECTED) == set(MEASURES)
    assert set(COUNTED) == set(Counter)


@pytest.mark.parametrize("name", MEASURES)
def test_the_value_of_a_measure_worked_out_by_hand(name, whole):
    top, bottom, value, smallest, window = EXPECTED[name]
    found = MEASURES[name].computed.whole(whole)
    assert (found.numerator, found.denominator) == (top, bottom)
    assert found.value == pytest.approx(value, rel=1e-14)
    assert (MEASURES[name].smallest_effect, MEASURES[name].window) == (smallest, window)


@pytest.mark.parametrize(
    ("name", "value"),
    [("unwelcome_share", 0.25), ("retention", None), ("unwelcome_delivered", None), ("reports", 15.0), ("days_to_first_response", 2.5)],
)
def test_the_value_within_the_distance_of_strangers_where_all_is_counted(name, value, whole):
    found = MEASURES[name].computed.level(whole, dimension("distance"), Distance.STRANGER)
    assert (found and found.value) == value


@pytest.mark.parametrize(("level", "expected"), [(Purpose.INQUIRY, 0.1), (Purpose.RELATIONSHIP, 1.0 / 6.0), (Purpose.PROMOTION, 0.75)])
def test_the_value_within_a_purpose(level, expected, whole):
    assert MEASURES["unwelcome_share"].computed.level(whole, dimension("purpose"), level).value == pytest.approx(expected)


@pytest.mark.parametrize(
    ("active", "two_hop", "clustering"), [([0] * 6, None, None), ([1, 0, 0, 0, 0, 0], None, 0.25), ([1, 1, 0, 0, 0, 0], 1.0, 0.25)]
)
def test_reach_among_nobody_one_and_two(active, two_hop, clustering, whole):
    few = FinishedRun(LONG, whole.state._replace(active=np.array(active, np.int8)), whole.ties, whole.shape)
    assert MEASURES["two_hop_reach"].computed.whole(few).value == two_hop
    assert MEASURES["clustering"].computed.whole(few).value == clustering


@pytest.mark.parametrize("days", [7, 8, 30, 31, 60, 61])
def test_measures_whose_window_is_shorter_than_the_horizon_fit(days):
    fit, left_out = fitting(LONG.with_(days=days))
    assert {measure.name for measure in fit} == {name for name, row in EXPECTED.items() if row[4] < days}
    assert len(fit) + len(left_out) == len(MEASURES)
    if days == 60:
        assert left_out[0] == (
            "Intent success (intent_success) is left out: it watches each item for 60 days, and 60 days after the switch leave none to "
            "watch: days must be at least 61"
        )


def test_variants_of_success_and_the_primary_measure():
    assert SUCCESS_VARIANTS == ("success_two_exchanges", "success_three_exchanges", "still_in_contact", "connected_on_day_60")
    assert [name for name, measure in MEASURES.items() if measure.primary] == ["intent_success"]
