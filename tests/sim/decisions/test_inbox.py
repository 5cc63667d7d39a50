"""What becomes of an item in an inbox, on both sides of each cut."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest

from sim import Kind, Outcome
from sim.decisions import inbox

RULES = SimpleNamespace(
    attention_sink_message=10.0, attention_sink_invitation=30.0, feed_fresh_days=3.0, reply_polite_no=0.5, invitation_obligation=0.2,
    invitation_dont_know=0.1, invitation_decline=0.3, invitation_too_forward_days=5.0, attention_budget=12.0,
    attention_per_connection=0.02, attention_filters=0.5, feed_cost=0.5, feed_obliged_cost=1.0, length_under_400=0.22,
    length_to_800=0.03, length_to_1200=-0.06, length_above=-0.11,
)  # fmt: skip


def test_groups_of_outcomes():
    assert [o for o in Outcome if inbox.is_accepted(o)] == [Outcome.ACCEPTED, Outcome.OBLIGED]
    assert [o for o in Outcome if inbox.is_refused(o)] == [Outcome.DECLINED, Outcome.DONT_KNOW]
    assert [o for o in Outcome if inbox.is_positive(o)] == [Outcome.ANSWERED, Outcome.ACCEPTED, Outcome.OBLIGED]


@pytest.mark.parametrize(
    ("kind", "age", "taken_back", "here", "expected"),
    [
        (Kind.MESSAGE, 10, False, True, Outcome.WAITING),
        (Kind.MESSAGE, 11, False, True, Outcome.SUNK),
        (Kind.INVITATION, 30, False, True, Outcome.WAITING),
        (Kind.NOTE, 31, False, True, Outcome.SUNK),
        (Kind.MESSAGE, 1, False, False, Outcome.GONE),
        (Kind.MESSAGE, 99, True, False, Outcome.TAKEN_BACK),
    ],
)
def test_unread_items_wait_until_they_sink_or_something_closes_them(kind, age, taken_back, here, expected):
    assert inbox.outcome_of_unread(RULES, kind, age, taken_back, here) == expected


def test_items_are_taken_back_the_morning_after():
    assert inbox.is_taken_back(8, 9)
    assert not inbox.is_taken_back(9, 9)
    assert not inbox.is_taken_back(7, 9)


def test_yesterday_s_notification_is_heard_unless_muted():
    assert inbox.was_notified(8, False, 9)
    assert not inbox.was_notified(8, True, 9)
    assert not inbox.was_notified(9, False, 9)


def test_updates_stay_fresh_for_days():
    assert inbox.is_fresh(RULES, 3)
    assert not inbox.is_fresh(RULES, 4)


@pytest.mark.parametrize(
    ("u", "expected"), [(0.39, Outcome.ANSWERED), (0.4, Outcome.REFUSED_POLITELY), (0.69, Outcome.REFUSED_POLITELY), (0.71, Outcome.READ)]
)
def test_one_draw_is_cut_into_what_becomes_of_a_message(u, expected):
    assert inbox.answer(RULES, 0.4, u) == expected
    assert expected in inbox.ANSWERS


@pytest.mark.parametrize(
    ("rest", "expected"),  # of the draw, once it is known that the invitation is not accepted gladly
    [
        (0.19, Outcome.OBLIGED),
        (0.2 + 0.8 * 0.09, Outcome.DONT_KNOW),
        (0.2 + 0.8 * 0.11, Outcome.DECLINED),
        (0.2 + 0.8 * 0.39, Outcome.DECLINED),
        (0.2 + 0.8 * 0.41, Outcome.LEFT),
    ],
)
def test_one_draw_is_cut_into_what_becomes_of_an_invitation(rest, expected):
    assert inbox.answer_invitation(RULES, 0.5, 0.499) == Outcome.ACCEPTED
    assert inbox.answer_invitation(RULES, 0.5, 0.5 + 0.5 * rest) == expected
    assert expected in inbox.INVITATION_ANSWERS


@pytest.mark.parametrize(
    ("approach", "sent", "exchanges", "expected"),
    [(4, 5, 1, 2.0), (4, 9, 1, 2.0), (4, 10, 1, 0.0), (4, 4, 1, 0.0), (4, 5, 2, 0.0), (-1, 2, 0, 0.0)],
)
def test_an_invitation_is_forward_within_days_of_the_approach(approach, sent, exchanges, expected):
    assert inbox.forwardness(RULES, SimpleNamespace(forwardness=2.0), approach, sent, exchanges) == expected


def test_only_a_note_has_a_note_s_quality():
    assert inbox.note_quality(Kind.NOTE, 1.5) == 1.5
    assert inbox.note_quality(Kind.INVITATION, 1.5) == 0.0


def test_ranks_are_drawn_under_ten_bits():
    assert [inbox.rank_count(n) for n in (0, 1023, 1024)] == [0, 1023, 0]


def test_attention_is_used_up_by_connections_and_updates_but_one_item_is_read():
    assert inbox.attention_budget(RULES, 0, 0, 0) == 12
    assert inbox.attention_budget(RULES, 100, 2, 1) == 9  # 12 - 0.02 * 0.5 * 100 - 2 * 0.5 - 1
    assert inbox.attention_budget(RULES, 5000, 0, 0) == 1


@pytest.mark.parametrize(("characters", "effect"), [(399.0, 1.22), (400.0, 1.03), (800.0, 0.94), (1200.0, 0.89)])
def test_length_moves_the_odds(characters, effect):
    assert math.exp(inbox.length_effect(RULES, characters)) == pytest.approx(effect)
