"""What is due and what a button writes, on both sides of each boundary."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sim import Button, Kind, Purpose
from sim.decisions import outreach

RULES = SimpleNamespace(outreach_nest=0.5)
STYLE = SimpleNamespace(rapport_asks=2.0, note=0.0, opens=0.4, pitches=0.7)  # notes on half of the invitations


def test_buttons_write_kinds():
    kinds = [outreach.kind_of_button(button) for button in Button if button != Button.WALK_AWAY]
    assert kinds == [Kind.MESSAGE, Kind.INVITATION, Kind.NOTE]


@pytest.mark.parametrize(
    ("asks", "allowed", "notes", "u", "expected"),
    [
        (1, True, 1.0, 0.49, Kind.NOTE),
        (1, True, 1.0, 0.51, Kind.INVITATION),
        (1, True, 0.0, 0.0, Kind.INVITATION),
        (2, True, 1.0, 0.0, outreach.NOTHING_DUE),
        (1, False, 1.0, 0.0, outreach.NOTHING_DUE),
    ],
)
def test_requests_after_rapport(asks, allowed, notes, u, expected):
    assert outreach.kind_of_request(RULES, STYLE, SimpleNamespace(notes=notes), asks, allowed, u) == expected


@pytest.mark.parametrize(
    ("awaits", "connected", "open_messages", "closed", "expected"),
    [
        (True, True, 0.0, True, Kind.FOLLOW_UP),
        (True, False, 1.0, False, Kind.FOLLOW_UP),
        (True, False, 1.0, True, outreach.NOTHING_DUE),
        (True, False, 0.0, False, outreach.NOTHING_DUE),
        (False, True, 1.0, False, outreach.NOTHING_DUE),
    ],
)
def test_follow_ups_need_an_unanswered_message_and_a_way_through(awaits, connected, open_messages, closed, expected):
    assert outreach.kind_of_follow_up(SimpleNamespace(open_messages=open_messages), awaits, connected, closed) == expected


@pytest.mark.parametrize(
    ("purpose", "u", "expected"),
    [
        (Purpose.INQUIRY, 0.999, Kind.MESSAGE),
        (Purpose.RELATIONSHIP, 0.39, Kind.MESSAGE),
        (Purpose.RELATIONSHIP, 0.4, outreach.NOTHING_DUE),
        (Purpose.PROMOTION, 0.69, Kind.PITCH),
        (Purpose.PROMOTION, 0.7, outreach.NOTHING_DUE),
    ],
)
def test_openings_after_acceptance(purpose, u, expected):
    assert outreach.kind_of_opening(STYLE, purpose, u) == expected
