"""What a design lets a member do, on both sides of each limit."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sim import Distance, Kind
from sim.decisions import limits

DESIGN = SimpleNamespace(
    open_messages=1.0, messages_a_day=3.0, credits_a_month=5.0, credit_refund=1.0, invitations_a_week=10.0, connection_cap=100.0,
    repeat_days=21.0,
)  # fmt: skip
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
    ],
)
def test_invitations(changed, expected):
    usual = {
        "restricted": False, "sent_this_week": 0, "degree": 5, "other_degree": 5, "mine": False, "theirs": False, "refused": False,
        "days": 0,
    }  # fmt: skip
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
