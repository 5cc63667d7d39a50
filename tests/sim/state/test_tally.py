"""What is counted when: on both sides of the switch, of the horizon and of each window."""

from __future__ import annotations

import numpy as np
import pytest

from sim.decisions.codes import Consequence, Distance, Kind, NewTie, Purpose
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
        for style in range(2) for purpose in purposes for distance in distances for selectivity in levels for inbox in levels
        for design in range(3)
    ]  # fmt: skip
    assert cells == list(range(t.counts.shape[1]))


@pytest.mark.parametrize(
    ("sent", "window", "expected"), [(99, 7, False), (100, 7, True), (192, 7, True), (193, 7, False), (169, 30, True), (170, 30, False)]
)
def test_a_window_begins_at_the_switch_and_ends_before_the_horizon(t, sent, window, expected):
    assert tally.counted(t, sent, window) == expected


def sent(t, day, kind, *, purpose=Purpose.INQUIRY, distance=Distance.STRANGER, approach=True, opening=False):
    tally.record_sent(t, C, day, kind, purpose, distance, approach, opening)


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
    ("delay", "counters"), [(7, {"EXCHANGES", "STRANGER_REPLIED_7", "STRANGER_REPLIED_30", "MESSAGE_POSITIVE_30"}), (8, {"EXCHANGES", "STRANGER_REPLIED_30", "MESSAGE_POSITIVE_30"}), (30, {"EXCHANGES", "STRANGER_REPLIED_30", "MESSAGE_POSITIVE_30"}), (31, {"EXCHANGES"})],
)  # fmt: skip
def test_an_answer_counts_within_a_week_and_within_a_month(t, delay, counters):
    tally.record_answer(t, C, 110 + delay, 110, 110, Kind.MESSAGE, Purpose.INQUIRY, Distance.STRANGER, True, False)
    assert seen(t) == dict.fromkeys(counters, 1)
    assert t.daily[Daily.REPLIES, 110 + delay] == 1
    assert t.daily[Daily.STRANGER_REPLIED].sum() == (1 if delay <= 7 else 0)
    assert t.delays[delay] == 1


def test_an_answer_to_a_follow_up_is_late_by_the_message_that_opened(t):
    tally.record_answer(t, C, 121, 112, 120, Kind.FOLLOW_UP, Purpose.INQUIRY, Distance.STRANGER, False, False)
    assert "STRANGER_REPLIED_7" not in seen(t)
    assert t.delays[1] == 1  # since the item itself


def test_answers_to_replies_and_notes_are_exchanges_alone_and_long_delays_share_a_place(t):
    tally.record_answer(t, C, 199, 110, 100, Kind.REPLY, Purpose.INQUIRY, Distance.STRANGER, False, False)
    tally.record_answer(t, C, 120, 119, 119, Kind.NOTE, Purpose.INQUIRY, Distance.STRANGER, True, False)
    tally.record_answer(t, C, 120, -1, 119, Kind.MESSAGE, Purpose.INQUIRY, Distance.STRANGER, True, False)
    assert seen(t) == {"EXCHANGES": 3}
    assert t.delays[MOST_DELAY - 1] == 1


@pytest.mark.parametrize(("delay", "counts"), [(30, 1), (31, 0)])
def test_an_acceptance_counts_within_a_month(t, delay, counts):
    tally.record_acceptance(t, C, 110 + delay, 110, Purpose.PROMOTION, True)
    assert seen(t) == ({"ACCEPTED_30": 1, "INVITATION_POSITIVE_30": 1, "PROMOTION_INTERESTED_30": 1} if counts else {})
    assert t.daily[Daily.ACCEPTED, 110] == counts


@pytest.mark.parametrize(
    ("day", "tie", "counters"),
    [(99, NewTie.CLOSING_TIE, {}), (100, NewTie.NEW_TIE, {"NEW_TIES": 1}), (100, NewTie.CLOSING_TIE, {"NEW_TIES": 1, "CLOSING_TIES": 1})],
)
def test_a_new_connection_counts_from_the_switch_on_and_on_its_day_in_any_case(t, day, tie, counters):
    tally.record_new_tie(t, C, day, tie)
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
