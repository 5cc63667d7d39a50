"""What is counted when: on both sides of the switch, of the horizon and of each window."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from sim.decisions.codes import Consequence, Distance, Kind, NewTie, Purpose, Role, Surface
from sim.decisions.counters import Counter, Daily
from sim.state import tally
from sim.state.tally import MOST_DELAY, new_tally, terciles

SWITCH, DAYS, C = 100, 200, 3


@pytest.fixture
def t():
    return new_tally(2, 1, SWITCH, DAYS)


def seen(t):
    """The counters that are not zero, by name; all in one cell."""
    assert t.counts.sum() == t.counts[:, C].sum()
    return {counter.name: int(t.counts[counter, C]) for counter in Counter if t.counts[counter, C]}


def by_day(t):
    return {(count.name, int(day)): int(t.daily[count, day]) for count in Daily for day in t.daily[count].nonzero()[0]}


def test_cells_are_told_apart_and_fill_the_table():
    t = new_tally(2, 3, SWITCH, DAYS)
    purposes, distances, levels = range(tally.PURPOSES), range(tally.DISTANCES), range(tally.LEVELS)
    cells = [
        tally.cell(t, np.int8(style), purpose, distance, selectivity, inbox, design)
        for style in range(2)
        for purpose in purposes
        for distance in distances
        for selectivity in levels
        for inbox in levels
        for design in range(3)
    ]
    assert cells == list(range(t.counts.shape[1]))


@pytest.mark.parametrize(
    ("sent", "window", "expected"), [(99, 7, False), (100, 7, True), (192, 7, True), (193, 7, False), (169, 30, True), (170, 30, False)]
)
def test_a_window_begins_at_the_switch_and_ends_before_the_horizon(t, sent, window, expected):
    assert tally.counted(t, sent, window) == expected


def sent(t, day, kind, *, purpose=Purpose.INQUIRY, distance=Distance.STRANGER, approach=True, opening=False):
    tally.record_sent(t, C, day, kind, purpose, distance, approach, opening)


def answered(t, day, kind, *, opened, sent, purpose=Purpose.INQUIRY, distance=Distance.STRANGER, approach, role=Role.NO_ROLE):
    item = SimpleNamespace(kind=kind, opened=opened, sent=sent, purpose=purpose, thread_distance=distance, role=role)
    tally.record_answer(t, C, day, item, approach)


def test_before_the_switch_only_days_count(t):
    sent(t, 99, Kind.MESSAGE)
    assert seen(t) == {}
    assert by_day(t) == {("STRANGER_MESSAGES", 99): 1, ("APPROACHES", 99): 1, ("FIRST_MESSAGES", 99): 1}


@pytest.mark.parametrize(
    ("day", "counters"),
    [
        (100, {"APPROACHES", "STRANGER_SENT_7", "STRANGER_SENT_30", "MESSAGE_APPROACHES_30"}),
        (170, {"APPROACHES", "STRANGER_SENT_7"}),  # the month would end at the horizon
        (193, {"APPROACHES"}),
    ],
)
def test_a_first_message_counts_in_each_window_that_is_whole(t, day, counters):
    sent(t, day, Kind.MESSAGE)
    assert seen(t) == dict.fromkeys(counters, 1)


def test_an_invitation_is_no_message_to_a_stranger(t):
    sent(t, 120, Kind.INVITATION)
    assert set(seen(t)) == {"APPROACHES", "INVITED_30", "INVITATION_APPROACHES_30"}
    assert {name for name, _ in by_day(t)} == {"INVITATIONS", "APPROACHES", "COLD_INVITATIONS"}


def test_promotion_counts_when_first_sent_and_an_opening_when_it_opens(t):
    sent(t, 120, Kind.MESSAGE, purpose=Purpose.PROMOTION, distance=Distance.CONNECTED, approach=False, opening=True)
    assert seen(t) == {"OPENED_30": 1, "PROMOTION_SENT_30": 1}
    sent(t, 121, Kind.FOLLOW_UP, purpose=Purpose.PROMOTION, approach=False)
    assert seen(t)["PROMOTION_SENT_30"] == 1
    assert by_day(t) == {("FOLLOW_UPS", 121): 1}


@pytest.mark.parametrize(
    ("delay", "counters"),
    [
        (7, {"EXCHANGES", "STRANGER_REPLIED_7", "STRANGER_REPLIED_30", "MESSAGE_POSITIVE_30"}),
        (8, {"EXCHANGES", "STRANGER_REPLIED_30", "MESSAGE_POSITIVE_30"}),
        (30, {"EXCHANGES", "STRANGER_REPLIED_30", "MESSAGE_POSITIVE_30"}),
        (31, {"EXCHANGES"}),
    ],
)
def test_an_answer_counts_within_a_week_and_within_a_month(t, delay, counters):
    answered(t, 110 + delay, Kind.MESSAGE, opened=110, sent=110, approach=True)
    assert seen(t) == dict.fromkeys(counters, 1)
    assert t.daily[Daily.REPLIES, 110 + delay] == 1
    assert t.daily[Daily.STRANGER_REPLIED].sum() == (1 if delay <= 7 else 0)
    assert t.delays[delay] == 1


def test_an_answer_to_a_follow_up_is_late_by_the_message_that_opened(t):
    answered(t, 121, Kind.FOLLOW_UP, opened=112, sent=120, approach=False)
    assert "STRANGER_REPLIED_7" not in seen(t)
    assert t.delays[1] == 1  # since the item itself


def test_answers_to_replies_and_notes_are_exchanges_alone_and_long_delays_share_a_place(t):
    answered(t, 199, Kind.REPLY, opened=110, sent=100, approach=False)
    answered(t, 120, Kind.NOTE, opened=119, sent=119, approach=True)
    answered(t, 120, Kind.MESSAGE, opened=-1, sent=119, approach=True)
    assert seen(t) == {"EXCHANGES": 3}
    assert t.delays[MOST_DELAY - 1] == 1


@pytest.mark.parametrize(("delay", "counts"), [(30, 1), (31, 0)])
def test_an_acceptance_counts_within_a_month(t, delay, counts):
    tally.record_acceptance(t, C, 110 + delay, 110, Purpose.PROMOTION, True)
    assert seen(t) == ({"ACCEPTED_30": 1, "INVITATION_POSITIVE_30": 1, "PROMOTION_INTERESTED_30": 1} if counts else {})
    assert t.daily[Daily.ACCEPTED, 110] == counts


@pytest.mark.parametrize(
    ("day", "tie", "surface", "known", "counters"),
    [
        (99, NewTie.CLOSING_TIE, Surface.SUGGESTION, True, {}),
        (100, NewTie.NEW_TIE, Surface.PROFILE, False, {"NEW_TIES": 1}),
        (100, NewTie.CLOSING_TIE, Surface.PROFILE, False, {"NEW_TIES": 1, "CLOSING_TIES": 1}),
        (100, NewTie.NEW_TIE, Surface.SUGGESTION, False, {"NEW_TIES": 1, "SUGGESTED_TIES": 1}),
        (100, NewTie.NEW_TIE, Surface.PROFILE, True, {"NEW_TIES": 1, "KNOWN_TIES": 1}),
    ],
)
def test_a_new_connection_counts_from_the_switch_on_and_on_its_day_in_any_case(t, day, tie, surface, known, counters):
    tally.record_new_tie(t, C, day, tie, surface=surface, known=known)
    assert seen(t) == counters
    assert by_day(t) == {("NEW_TIES", day): 1}


@pytest.mark.parametrize(
    ("day", "approached", "first", "days"), [(140, 110, True, 30), (141, 110, True, 0), (112, 110, False, 0), (112, 99, True, 0)]
)
def test_the_first_response_within_a_month_gives_its_days(t, day, approached, first, days):
    tally.record_response(t, C, day, approached, first)
    assert seen(t) == ({"RESPONSE_DAYS": days, "RESPONSES": 1} if days else {})


@pytest.mark.parametrize(("day", "expected"), [(99, {}), (100, {"READ": 1, "UNWELCOME_READ": 1, "REPORTS": 1})])
def test_what_is_read_counts_from_the_switch_on(t, day, expected):
    tally.record_read(t, C, day, True, True)
    assert seen(t) == expected
    assert by_day(t) == {("READ", day): 1, ("UNWELCOME_READ", day): 1, ("REPORTS", day): 1}


def test_consequences_have_a_counter_each(t):
    for consequence in Consequence:
        tally.record_consequence(t, C, 150, consequence)
    assert seen(t) == {"OFF_PLATFORM": 1, "MEETINGS": 1, "COLLABORATIONS": 1, "DEALS": 1}


def test_levels_are_terciles_of_those_who_are_there():
    values = np.array([0.0, 1.0, 2.0, 3.0, 100.0, -5.0])
    there = np.array([True, True, True, True, False, False])
    assert terciles(values, there).tolist() == [1, 2, 3, 3, 3, 1]  # cut at 1 and 2: a value on a cut is above it
    assert terciles(values, np.zeros(6, bool)).tolist() == [1] * 6


def test_what_goes_out_is_counted_once(t):
    sent(t, 120, Kind.NOTE)
    sent(t, 120, Kind.MESSAGE)
    sent(t, 120, Kind.INTRODUCTION, approach=False)
    sent(t, 120, Kind.MESSAGE, distance=Distance.CONNECTED, approach=False)
    sent(t, 120, Kind.PITCH, purpose=Purpose.PROMOTION, distance=Distance.CONNECTED, approach=False)
    assert seen(t) == {
        "APPROACHES": 2,
        "STRANGER_SENT_7": 2,
        "STRANGER_SENT_30": 2,
        "INVITED_30": 1,
        "INVITATION_APPROACHES_30": 1,
        "MESSAGE_APPROACHES_30": 1,
        "PROMOTION_SENT_30": 1,
    }
    assert by_day(t) == {
        ("APPROACHES", 120): 2,
        ("STRANGER_MESSAGES", 120): 2,
        ("INVITATIONS", 120): 1,
        ("FIRST_MESSAGES", 120): 1,
        ("COLD_INVITATIONS", 120): 1,
    }


@pytest.mark.parametrize(("day", "counts"), [(99, 0), (100, 1)])
def test_what_is_delivered_counts_from_the_switch_on(t, day, counts):
    tally.record_delivered(t, C, day, Kind.PITCH, Purpose.INQUIRY, Distance.CONNECTED, True, True)
    names = ("DELIVERED", "UNSOLICITED", "UNWELCOME", "VIOLATIONS_THROUGH")
    assert seen(t) == (dict.fromkeys(names, 1) if counts else {})
    assert by_day(t) == {("DELIVERED", day): 1, ("UNWELCOME_DELIVERED", day): 1}


def test_what_is_asked_for_and_welcome_is_delivered_alone(t):
    tally.record_delivered(t, C, 150, Kind.MESSAGE, Purpose.RELATIONSHIP, Distance.CONNECTED, False, False)
    assert (seen(t), by_day(t)) == ({"DELIVERED": 1}, {("DELIVERED", 150): 1})
    tally.record_delivered(t, C, 150, Kind.MESSAGE, Purpose.RELATIONSHIP, Distance.STRANGER, False, False)
    tally.record_delivered(t, C, 150, Kind.MESSAGE, Purpose.PROMOTION, Distance.CONNECTED, False, False)
    assert seen(t) == {"DELIVERED": 3, "UNSOLICITED": 2}


def test_what_is_read_welcome_and_not_reported_counts_as_read(t):
    tally.record_read(t, C, 150, False, False)
    assert (seen(t), by_day(t)) == ({"READ": 1}, {("READ", 150): 1})


@pytest.mark.parametrize(("day", "expected"), [(99, {}), (100, {"FILTERED": 1})])
def test_what_the_filter_takes_counts_from_the_switch_on(t, day, expected):
    tally.record_filtered(t, C, day)
    assert seen(t) == expected
    tally.record_consequence(t, C, 99, Consequence.DEAL)
    assert "DEALS" not in seen(t)


def test_an_answer_to_an_opening_or_to_a_promotion_within_a_month(t):
    answered(
        t, 140, Kind.PITCH, opened=110, sent=110, purpose=Purpose.PROMOTION, distance=Distance.CONNECTED, approach=False, role=Role.OPENING
    )
    assert seen(t) == {"EXCHANGES": 1, "OPENED_REPLIED_30": 1, "PROMOTION_INTERESTED_30": 1}
    answered(
        t, 141, Kind.PITCH, opened=110, sent=110, purpose=Purpose.PROMOTION, distance=Distance.CONNECTED, approach=False, role=Role.OPENING
    )
    assert seen(t) == {"EXCHANGES": 2, "OPENED_REPLIED_30": 1, "PROMOTION_INTERESTED_30": 1}
    assert by_day(t) == {("REPLIES", 140): 1, ("REPLIES", 141): 1}


@pytest.mark.parametrize(("opened", "counts"), [(0, True), (-1, False)])
def test_a_message_of_day_0_is_answered_in_the_run(opened, counts):
    t = new_tally(2, 1, 0, 50)
    answered(t, 3, Kind.MESSAGE, opened=opened, sent=2, approach=True)
    assert ("STRANGER_REPLIED_7" in seen(t)) is counts
    assert t.daily[Daily.STRANGER_REPLIED].sum() == counts


def test_delays_share_the_last_of_64_places(t):
    for delay in (0, 62, 63, 64, 90):
        answered(t, 105 + delay, Kind.REPLY, opened=-1, sent=105, approach=False)
    assert len(t.delays) == 64
    assert [t.delays[k] for k in (0, 62, 63)] == [1, 1, 3]


@pytest.mark.parametrize(
    ("exchanges", "success", "counters"),
    [
        (0, False, {}),
        (1, True, {"SUCCESS": 1}),
        (2, True, {"SUCCESS": 1, "SUCCESS_2": 1}),
        (3, True, {"SUCCESS": 1, "SUCCESS_2": 1, "SUCCESS_3": 1}),
        (2, False, {"SUCCESS_2": 1}),
    ],
)
def test_a_judged_intent(t, exchanges, success, counters):
    assert tally.record_intent(t, C, 120, Purpose.INQUIRY, True, True, success, exchanges)
    assert seen(t) == {"INTENTS": 1} | counters
    assert by_day(t) == {("INTENTS", 120): 1} | ({("SUCCESS", 120): 1} if success else {})


@pytest.mark.parametrize(
    ("found", "tried", "counter"),
    [(False, False, {"NOBODY": 1}), (True, False, {"WALKED": 1}), (True, True, {}), (False, True, {"NOBODY": 1})],
)
def test_an_intent_without_a_partner_or_dropped_at_the_button(t, found, tried, counter):
    tally.record_intent(t, C, 120, Purpose.RELATIONSHIP, found, tried, False, 0)
    assert seen(t) == {"INTENTS": 1} | counter


@pytest.mark.parametrize(("arose", "counts"), [(99, False), (100, True), (139, True), (140, False)])  # 140 + 60 is the horizon
def test_an_intent_counts_with_its_sixty_days(t, arose, counts):
    assert tally.record_intent(t, C, arose, Purpose.INQUIRY, True, True, True, 1) is counts
    tally.record_still(t, C, arose, True, True)
    assert seen(t) == (dict.fromkeys(("INTENTS", "SUCCESS", "CONTACT_60", "CONNECTED_60"), 1) if counts else {})
    assert by_day(t) == {("INTENTS", arose): 1, ("SUCCESS", arose): 1}


def test_a_promotion_is_judged_but_counts_for_nobody(t):
    assert not tally.record_intent(t, C, 120, Purpose.PROMOTION, True, True, True, 1)
    assert (seen(t), by_day(t)) == ({"INTENTS": 1, "SUCCESS": 1}, {})


@pytest.mark.parametrize(
    ("in_touch", "connected", "expected"), [(True, False, {"CONTACT_60": 1}), (False, True, {"CONNECTED_60": 1}), (False, False, {})]
)
def test_what_is_left_on_day_60(t, in_touch, connected, expected):
    tally.record_still(t, C, 120, in_touch, connected)
    assert seen(t) == expected


def test_terciles_of_thirteen_are_cut_at_a_third_and_two_thirds():
    values = np.arange(13.0)  # quantiles 4 and 8
    assert terciles(values, np.ones(13, bool)).tolist() == [1] * 4 + [2] * 4 + [3] * 5


def test_an_acceptance_before_the_switch_and_its_window(t):
    tally.record_acceptance(t, C, 99, 98, Purpose.INQUIRY, True)
    assert (seen(t), by_day(t)) == ({}, {("ACCEPTED", 98): 1})
    tally.record_acceptance(t, C, 175, 170, Purpose.INQUIRY, True)  # the month would end at the horizon
    assert seen(t) == {}
    tally.record_acceptance(t, C, 170, 169, Purpose.INQUIRY, False)
    assert seen(t) == {"ACCEPTED_30": 1}
