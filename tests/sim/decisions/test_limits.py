"""What a design lets a member do, on both sides of each limit."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest

from sim import Distance, Kind
from sim.decisions import limits

DESIGN = SimpleNamespace(
    open_messages=1.0,
    messages_a_day=3.0,
    credits_a_month=5.0,
    credit_refund=1.0,
    invitations_a_week=10.0,
    connection_cap=100.0,
    repeat_days=21.0,
)
FREE = SimpleNamespace(credits_a_month=0.0, credit_refund=1.0)
RULES = SimpleNamespace(attention_sink_invitation=30.0)


def test_an_allowance_begins_anew_with_its_period():
    assert limits.used_so_far(4, 9, 9) == 4
    assert limits.used_so_far(4, 8, 9) == 0
    assert limits.used_so_far(2.5, 9, 9) == 2.5


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, True),
        ({"restricted": True}, False),
        ({"closed": True}, False),
        ({"closed": True, "connected": True}, True),
        ({"sent_today": 2}, True),
        ({"sent_today": 3}, False),
        ({"sent_today": 3, "connected": True}, True),
        ({"credits_used": 4.0}, True),
        ({"credits_used": 4.1}, False),
        ({"credits_used": 5.0}, False),
        ({"restricted": True, "connected": True}, False),
    ],
)
def test_messages(changed, expected):
    usual = {"connected": False, "closed": False, "restricted": False, "sent_today": 0, "credits_used": 0.0}
    assert limits.message_allowed(DESIGN, **{**usual, **changed}) is expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, True),
        ({"restricted": True}, False),
        ({"sent_this_week": 9}, True),
        ({"sent_this_week": 10}, False),
        ({"degree": 99}, True),
        ({"degree": 100}, False),
        ({"other_degree": 100}, False),
        ({"theirs": True, "days": 30}, False),
        ({"theirs": True, "days": 31}, True),
        ({"mine": True, "days": 51}, False),
        ({"mine": True, "days": 52}, True),
        ({"refused": True, "days": 20}, False),
        ({"refused": True, "days": 21}, True),
        ({"refused": True, "days": 0}, False),
        ({"other_degree": 99}, True),
        ({"theirs": True, "mine": True, "days": 31}, False),  # hers has sunk, his waits for another three weeks
        ({"theirs": True, "mine": True, "days": 52}, True),
    ],
)
def test_invitations(changed, expected):
    usual = {
        "restricted": False,
        "sent_this_week": 0,
        "degree": 5,
        "other_degree": 5,
        "mine": False,
        "theirs": False,
        "refused": False,
        "days": 0,
    }
    assert limits.invitation_allowed(RULES, DESIGN, **{**usual, **changed}) is expected


def test_an_answer_gives_back_what_a_message_to_a_stranger_has_cost():
    assert limits.costs_credits(DESIGN)
    assert not limits.costs_credits(FREE)
    assert limits.credits_after_reply(DESIGN, 3.0, Kind.MESSAGE, Distance.STRANGER) == 2.0
    assert limits.credits_after_reply(DESIGN, 0.5, Kind.MESSAGE, Distance.STRANGER) == 0.0
    assert limits.credits_after_reply(DESIGN, 0.0, Kind.MESSAGE, Distance.STRANGER) == 0.0
    assert limits.credits_after_reply(DESIGN, 3.0, Kind.MESSAGE, Distance.CONNECTED) == 3.0
    assert limits.credits_after_reply(DESIGN, 3.0, Kind.NOTE, Distance.STRANGER) == 3.0
    assert limits.credits_after_reply(FREE, 3.0, Kind.MESSAGE, Distance.STRANGER) == 3.0


@pytest.mark.parametrize(
    ("open_messages", "messages_a_day", "credits_a_month", "sent_today", "credits_used", "expected"),
    [
        (0.0, 3.0, 0.0, 0, 0.0, False),  # no message to strangers in this design
        (1.0, 3.0, 0.0, 2, 99.0, True),  # messages cost nothing
        (1.0, 3.0, 0.0, 3, 0.0, False),
        (1.0, 0.0, 0.0, 0, 0.0, False),
        (1.0, 3.0, 1.0, 0, 0.0, True),  # the only credit
        (1.0, 3.0, 1.0, 0, 1.0, False),
        (1.0, 3.0, 0.5, 0, 0.0, False),  # half a credit buys nothing
    ],
)
def test_messages_to_strangers_in_other_designs(open_messages, messages_a_day, credits_a_month, sent_today, credits_used, expected):
    design = SimpleNamespace(open_messages=open_messages, messages_a_day=messages_a_day, credits_a_month=credits_a_month)
    assert limits.message_allowed(design, False, False, False, sent_today, credits_used) is expected


def test_what_costs_credits_and_what_a_refund_leaves():
    cheap = SimpleNamespace(credits_a_month=0.5, credit_refund=0.25)
    assert limits.costs_credits(cheap)
    assert limits.credits_after_reply(cheap, 0.5, Kind.FOLLOW_UP, Distance.SECOND_DEGREE) == 0.25
    assert limits.credits_after_reply(cheap, 3.0, Kind.INVITATION, Distance.STRANGER) == 3.0
    assert limits.used_so_far(4, 10, 9) == 0


@pytest.mark.parametrize(
    ("day", "joined", "number"),
    [(0, 0, 0), (29, 0, 0), (30, 0, 1), (34, 5, 0), (35, 5, 1), (64, 5, 1), (65, 5, 2), (0, -29, 0), (0, -30, 1), (1, -30, 1)],
)
def test_a_month_counts_from_the_day_of_joining(day, joined, number):
    assert limits.period_of(day, joined, 30) == number


def test_credits_come_back_on_each_member_s_own_day():
    """Of two who have used up all on day 34, the one who joined on day 5 has them again on day 35, the other on day 60."""
    back = {
        joined: next(
            day
            for day in range(34, 99)
            if limits.used_so_far(5.0, limits.period_of(34, joined, 30), limits.period_of(day, joined, 30)) == 0
        )
        for joined in (5, 0)
    }
    assert back == {5: 35, 0: 60}


def test_shares_that_are_left():
    assert limits.share_left(4.0, 0.0) == 1.0
    assert limits.share_left(4.0, 1.0) == 0.75
    assert limits.share_left(4.0, 4.0) == 0.0
    assert limits.share_left(4.0, 5.0) == 0.0  # a design that was switched to may allow less than is used
    assert limits.share_left(0.0, 0.0) == 0.0


def test_messages_left_are_the_day_s_or_the_month_s_credits_if_that_is_less():
    assert limits.messages_left(DESIGN, 0, 0.0) == 1.0
    assert limits.messages_left(DESIGN, 0, 4.0) == pytest.approx(0.2)
    assert limits.messages_left(DESIGN, 2, 1.0) == pytest.approx(1.0 / 3.0)
    free = SimpleNamespace(messages_a_day=3.0, credits_a_month=0.0)
    assert limits.messages_left(free, 0, 99.0) == 1.0  # no credits, none that run out


def test_credits_left():
    assert limits.credits_left(DESIGN, 1.5) == 3.5
    assert limits.credits_left(DESIGN, 6.0) == 0.0
    assert limits.credits_left(FREE, 0.0) == limits.NO_CREDITS


# scarcity 2: of a share left the share left ** 2 of prospects is worth one; logistic of spread 1: scale ln((1 - w) / w)
@pytest.mark.parametrize(
    ("scarcity", "left", "expected"),
    [
        (2.0, 1.0, limits.ANYBODY),
        (2.0, math.sqrt(0.5), 0.0),  # half of all are worth it
        (2.0, 0.5, math.sqrt(3.0) / math.pi * math.log(3.0)),  # a quarter
        (1.0, 0.25, math.sqrt(3.0) / math.pi * math.log(3.0)),
        (1.0, 0.75, -math.sqrt(3.0) / math.pi * math.log(3.0)),
        (2.0, 0.0, limits.NOBODY_WORTH),
        (0.0, 0.0, limits.ANYBODY),  # nobody minds
        (0.0, 0.5, limits.ANYBODY),
        (1e-20, 0.5, limits.ANYBODY),  # hardly anybody: the share rounds to all
    ],
)
def test_what_relevance_a_prospect_must_have(scarcity, left, expected):
    assert limits.reservation(SimpleNamespace(outreach_scarcity=scarcity), left) == pytest.approx(expected, abs=1e-12)


def test_the_reservation_rises_as_what_is_left_falls_and_no_relevance_is_beyond_both_ends():
    rules = SimpleNamespace(outreach_scarcity=0.5)
    rising = [limits.reservation(rules, left) for left in (1.0, 0.99, 0.9, 0.5, 0.25, 0.1, 0.01, 0.0)]
    assert rising == sorted(rising)
    assert len(set(rising)) == len(rising)
    assert limits.ANYBODY < -100.0 < 100.0 < limits.NOBODY_WORTH


def test_of_what_is_half_used_up_only_the_better_half_is_worth_a_share():
    p = SimpleNamespace(outreach_scarcity=1.0)  # of the share that is left so many are worth it: of a half, those at or above the middle
    design = SimpleNamespace(messages_a_day=4.0, credits_a_month=0.0, invitations_a_week=10.0)
    assert limits.is_worth_message(p, design, False, 0.0, 2, 0.0)
    assert not limits.is_worth_message(p, design, False, -0.001, 2, 0.0)
    assert limits.is_worth_message(p, design, True, -9.0, 4, 0.0)  # messages to connections are not scarce
    assert limits.is_worth_invitation(p, design, 0.0, 5)
    assert not limits.is_worth_invitation(p, design, -0.001, 5)
    assert limits.is_worth_invitation(p, design, -9.0, 0)
