"""Which button is pressed, what it writes, and what is due, on both sides of each boundary."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest

from sim import Button, Kind, Purpose
from sim.decisions import outreach
from sim.decisions.codes import PRESS_CONNECT, PRESS_CONNECT_WITH_NOTE, PRESS_MESSAGE, WALK_AWAY
from sim.decisions.outreach import choose_button

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


def button_shares(notes, *, style=None, friction=0.0, primary=0.0, rules=None, steps=20_000):
    """Return the share of each button over an even sweep of the draw."""
    p = rules or SimpleNamespace(
        outreach_nest=0.5, outreach_intimidation=0.0,
        **{f"outreach_{c}_{w}": 0.0 for c in ("message", "connect") for w in ("inquiry", "relationship", "promotion")},
    )  # fmt: skip
    style = style or SimpleNamespace(like_message=0.0, like_connect=0.0, walk_away=0.0, note=0.0)
    design = SimpleNamespace(friction=friction, primary=primary, notes=notes)
    pressed = [choose_button(p, style, design, 0, True, False, True, True, (k + 0.5) / steps) for k in range(steps)]
    return {button: pressed.count(button) / steps for button in (WALK_AWAY, PRESS_MESSAGE, PRESS_CONNECT, PRESS_CONNECT_WITH_NOTE)}


@pytest.mark.parametrize("notes", [0.0, 1.0])
def test_with_equal_utilities_message_and_connect_are_equally_likely_however_many_kinds_of_connect(notes):
    shares = button_shares(notes)
    connect = shares[PRESS_CONNECT] + shares[PRESS_CONNECT_WITH_NOTE]
    assert shares[PRESS_MESSAGE] == pytest.approx(connect, abs=1e-3)
    assert shares[WALK_AWAY] == pytest.approx(1.0 / 3.0, abs=1e-3)
    assert (shares[PRESS_CONNECT_WITH_NOTE] > 0.0) == (notes > 0.0)


def test_friction_moves_log_odds_by_its_amount_from_the_secondary_to_the_primary_button():
    for primary in (1.0, -1.0):
        shares = button_shares(0.0, friction=1.5, primary=primary)
        assert math.log(shares[PRESS_MESSAGE] / shares[PRESS_CONNECT]) == pytest.approx(1.5 * primary, abs=2e-3)
