"""Which button is pressed, what it writes, and what is due, on both sides of each boundary."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest

from sim import Button, Kind, Purpose
from sim.decisions import outreach
from sim.decisions.codes import PRESS_CONNECT, PRESS_CONNECT_WITH_NOTE, PRESS_MESSAGE, WALK_AWAY, LookRoute, Violation
from sim.decisions.outreach import choose_button
from sim.randomness import quarters, sub_hash
from sim.scenario.rows import weighed


def taste(*, nest=0.5, walk_away=0.0, **numbers):
    """Return a style of these numbers, with what its choices have in common."""
    return SimpleNamespace(**weighed(numbers | {"walk_away": walk_away}, nest))


STYLE = taste(rapport_asks=2.0, note=0.0, opens=0.4, pitches=0.7)  # notes on half of the invitations


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
    assert outreach.kind_of_request(STYLE, SimpleNamespace(notes=notes), asks, allowed, u) == expected


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
        outreach_intimidation=0.0,
        **{f"outreach_{c}_{w}": 0.0 for c in ("message", "connect") for w in ("inquiry", "relationship", "promotion")},
    )
    style = style or taste(like_message=0.0, like_connect=0.0, walk_away=0.0, note=0.0)
    design = SimpleNamespace(friction=friction, primary=primary, notes=notes)
    pressed = [choose_button(p, style, design, 0, True, False, False, True, True, (k + 0.5) / steps) for k in range(steps)]
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


@pytest.mark.parametrize(("strikes", "rate"), [(0.0, 1.5), (0.4999, 1.5), (0.5, 1.125), (3.0, 1.125)])
def test_a_warning_lowers_the_rate_of_intents_while_its_strikes_last(strikes, rate):
    rule = SimpleNamespace(warning=0.5, warning_effect=0.25)
    assert outreach.intent_rate(SimpleNamespace(intents=2.0), rule, 0.75, strikes) == rate  # 2 * 0.75, and three quarters of it


# of weights 1, 2 and 5 a draw below 1/8 is the first, below 3/8 the second
@pytest.mark.parametrize(
    ("u", "purpose"),
    [
        (0.0, Purpose.INQUIRY),
        (0.1249, Purpose.INQUIRY),
        (0.125, Purpose.RELATIONSHIP),
        (0.3749, Purpose.RELATIONSHIP),
        (0.375, Purpose.PROMOTION),
        (0.9999, Purpose.PROMOTION),
    ],
)
def test_one_draw_is_cut_into_purposes(u, purpose):
    assert outreach.choose_purpose(SimpleNamespace(inquiry=1.0, relationship=2.0, promotion=5.0), u) == purpose


LOOKS = SimpleNamespace(look_friends=1.0, look_industry=2.0, look_anywhere=4.0, look_connections=1.0)


@pytest.mark.parametrize(
    ("purpose", "u", "route"),
    [
        (Purpose.INQUIRY, 0.1249, LookRoute.LOOK_FRIENDS),
        (Purpose.INQUIRY, 0.125, LookRoute.LOOK_INDUSTRY),
        (Purpose.INQUIRY, 0.3749, LookRoute.LOOK_INDUSTRY),
        (Purpose.INQUIRY, 0.375, LookRoute.LOOK_ANYWHERE),
        (Purpose.INQUIRY, 0.8749, LookRoute.LOOK_ANYWHERE),
        (Purpose.INQUIRY, 0.875, LookRoute.LOOK_CONNECTIONS),
        (Purpose.PROMOTION, 0.99, LookRoute.LOOK_CONNECTIONS),
        (Purpose.RELATIONSHIP, 0.99, LookRoute.LOOK_ANYWHERE),  # who wants a relationship has no need of connections
        (Purpose.RELATIONSHIP, 0.1428, LookRoute.LOOK_FRIENDS),  # of 7: below 1/7 = 0.14286
        (Purpose.RELATIONSHIP, 0.1429, LookRoute.LOOK_INDUSTRY),
    ],
)
def test_one_draw_is_cut_into_where_a_partner_is_looked_for(purpose, u, route):
    assert outreach.choose_route(LOOKS, purpose, u) == route


def test_who_looks_nowhere_looks_anywhere():
    nowhere = SimpleNamespace(look_friends=0.0, look_industry=0.0, look_anywhere=0.0, look_connections=0.0)
    assert outreach.choose_route(nowhere, Purpose.INQUIRY, 0.5) == LookRoute.LOOK_ANYWHERE
    few = SimpleNamespace(look_friends=0.5, look_industry=0.25, look_anywhere=0.0, look_connections=1.0)
    assert outreach.choose_route(few, Purpose.RELATIONSHIP, 0.1) == LookRoute.LOOK_FRIENDS  # 0.75 in all is enough
    own = SimpleNamespace(look_friends=0.0, look_industry=0.0, look_anywhere=0.0, look_connections=1.0)
    assert outreach.choose_route(own, Purpose.RELATIONSHIP, 0.5) == LookRoute.LOOK_ANYWHERE
    assert outreach.choose_route(own, Purpose.INQUIRY, 0.0) == LookRoute.LOOK_CONNECTIONS


def test_looks_and_their_redraws_have_counts_of_their_own():
    counts = [outreach.look_count(c, k) + redraw for c in range(3) for k in range(outreach.MOST_CANDIDATES) for redraw in range(8)]
    assert counts == list(range(3 * 8 * 8))
    assert (outreach.PARTS, outreach.MOST_INTENTS, outreach.MOST_CANDIDATES, outreach.NOTHING_DUE) == (14, 64, 8, -1)


FITS = SimpleNamespace(
    outreach_message_inquiry=1.0,
    outreach_connect_inquiry=2.0,
    outreach_message_relationship=3.0,
    outreach_connect_relationship=4.0,
    outreach_message_promotion=5.0,
    outreach_connect_promotion=6.0,
)


def test_how_well_each_way_serves_each_purpose():
    assert [outreach.purpose_fit(FITS, purpose) for purpose in Purpose] == [(1.0, 2.0), (3.0, 4.0), (5.0, 6.0)]


LN2, LN3 = math.log(2.0), math.log(3.0)
# Weights of the buttons before the design moves them: walking away 1, a message 2 * 3 = 6, connecting 3 * 4 = 12.
FIT = SimpleNamespace(outreach_message_inquiry=LN2, outreach_connect_inquiry=LN3, outreach_intimidation=LN2, outreach_connect_known=LN2)
LIKES = taste(walk_away=0.0, like_message=LN3, like_connect=2.0 * LN2, note=2.0 * LN3, nest=2.0)
FULL = {
    "stranger": False,
    "connected": False,
    "known": False,
    "can_message": True,
    "can_connect": True,
    "friction": 0.0,
    "primary": 1.0,
    "notes": 0.0,
}


@pytest.mark.parametrize(
    ("changed", "weights"),  # of walking away, a message, connecting without a note, connecting with one
    [
        ({}, (1, 6, 12, 0)),
        ({"stranger": True}, (1, 6, 6, 0)),  # intimidation halves it
        ({"known": True}, (1, 6, 24, 0)),  # one connects with people one knows
        ({"stranger": True, "known": True}, (1, 6, 24, 0)),  # whom one knows does not intimidate
        ({"friction": 2.0 * LN2}, (1, 12, 6, 0)),  # half the friction, ln 2, doubles the primary and halves the secondary
        ({"friction": 2.0 * LN2, "primary": -1.0}, (1, 3, 24, 0)),
        ({"friction": 2.0 * LN2, "connected": True, "can_connect": False}, (1, 6, 0, 0)),  # nothing that it is put before
        ({"can_message": False}, (1, 0, 12, 0)),
        ({"can_connect": False}, (1, 6, 0, 0)),
        ({"can_message": False, "can_connect": False}, (1, 0, 0, 0)),
        # e^(note / nest) = 3: the mean of 1 and 3 is 2, to the power of the nest 4; three quarters carry a note
        ({"notes": 1.0}, (1, 6, 12, 36)),
        ({"notes": 0.5}, (1, 6, 12, 36)),
    ],
)
def test_weights_of_the_buttons(changed, weights):
    given = {**FULL, **changed}
    design = SimpleNamespace(**{name: given.pop(name) for name in ("friction", "primary", "notes")})
    total, below = sum(weights), 0.0
    for button, weight in zip((WALK_AWAY, PRESS_MESSAGE, PRESS_CONNECT, PRESS_CONNECT_WITH_NOTE), weights, strict=True):
        if weight:
            for u in (below + 1e-9, below + weight / total - 1e-9):
                assert choose_button(FIT, LIKES, design, Purpose.INQUIRY, **given, u=u) == button
        below += weight / total


def test_a_draw_on_a_cut_presses_the_next_button():
    even = taste(walk_away=0.0, like_message=0.0, like_connect=0.0, note=0.0, nest=1.0)
    p = SimpleNamespace(outreach_message_inquiry=0.0, outreach_connect_inquiry=0.0, outreach_intimidation=0.0)
    design = SimpleNamespace(friction=0.0, primary=1.0, notes=1.0)
    pressed = [choose_button(p, even, design, Purpose.INQUIRY, False, False, False, False, True, u) for u in (0.5, 0.75)]
    assert pressed == [PRESS_CONNECT, PRESS_CONNECT_WITH_NOTE]  # walking away 1/2, the two invitations 1/4 each
    assert choose_button(p, even, design, Purpose.INQUIRY, False, False, False, True, False, 0.5) == PRESS_MESSAGE


def test_who_likes_notes_writes_them():
    style, design = taste(note=0.5 * LN3), SimpleNamespace(notes=1.0)
    assert outreach.chooses_note(style, design, 0.7499)  # 3 / (1 + 3)
    assert not outreach.chooses_note(style, design, 0.7501)
    assert not outreach.chooses_note(taste(note=0.0), design, 0.5)
    assert outreach.chooses_note(style, SimpleNamespace(notes=0.5), 0.7499)
    assert not outreach.chooses_note(style, SimpleNamespace(notes=0.0), 0.0)


@pytest.mark.parametrize(
    ("mean", "u", "expected"), [(0.5, 0.5, 0.5), (0.5, 1.0, 0.75), (0.5, 0.0, 0.25), (0.9, 1.0, 1.0), (0.1, 0.0, 0.0), (0.5, 0.75, 0.625)]
)
def test_a_component_of_quality_varies_within_0_and_1(mean, u, expected):
    assert outreach.part(SimpleNamespace(quality_noise=0.25), mean, u) == expected


PARTS = (
    "personalised",
    "introduced",
    "purpose_clear",
    "direct",
    "courteous",
    "brief",
    "professional",
    "clean",
    "humour",
    "on_topic",
    "next_steps",
    "sourced",
    "proofread",
    "thanks",
)
WRITING = SimpleNamespace(
    quality_average=0.5,
    quality_noise=0.0,
    quality_tone_upward=0.25,
    quality_hidden_profile=0.5,
    quality_scale=2.0,
    length_longest=1000.0,
    **{f"quality_{name}": 0.5 + 0.25 * k for k, name in enumerate(PARTS)},
)


def style_with(**parts):
    return SimpleNamespace(**(dict.fromkeys(PARTS, 0.5) | parts))


@pytest.mark.parametrize(("place", "name"), list(enumerate(PARTS)))
def test_each_component_counts_by_its_weight(place, name):
    quality, length, thanks = outreach.compose(WRITING, style_with(**{name: 0.75}), 5, 0.0, 0.0, 0, 1.0)
    assert quality == pytest.approx(3.0 * 2.0 * (0.5 + 0.25 * place) * 0.25 / 14)  # 3 * scale * weight * (0.75 - 0.5) / parts
    assert length == (250.0 if name == "brief" else 500.0)  # 1000 * (1 - brief)
    assert thanks == (0.75 if name == "thanks" else 0.5)


@pytest.mark.parametrize(
    ("style", "learned", "hidden", "upward", "care", "total"),
    [
        ({}, 0.25, 0.0, 0, 1.0, 0.5 * 0.25),  # what experience adds to personalising
        ({}, 0.0, 0.5, 0, 1.0, -0.5 * 0.25),  # half of the profile is hidden: 0.5 * 0.5 less
        ({"courteous": 0.75}, 0.0, 0.0, 2, 1.0, 1.5 * 1.5 * 0.25),  # tone counts 1 + 2 * 0.25
        ({"professional": 0.25}, 0.0, 0.0, 2, 1.0, -2.0 * 1.5 * 0.25),
        ({"direct": 0.75}, 0.0, 0.0, 2, 1.0, 1.25 * 0.25),  # not of tone
        ({}, 0.0, 0.0, 0, 0.5, -0.5 * 0.25),  # half the care: half the personalising, 0.25 less
        ({}, 0.25, 0.0, 0, 0.5, -0.5 * 0.125),  # of what was learned too
        ({"direct": 0.75}, 0.0, 0.0, 0, 0.0, 1.25 * 0.25 - 0.5 * 0.5),  # and nothing but personalising
    ],
)
def test_what_moves_quality_besides_the_style(style, learned, hidden, upward, care, total):
    quality, _, _ = outreach.compose(WRITING, style_with(**style), 5, learned, hidden, upward, care)
    assert quality == pytest.approx(3.0 * 2.0 * total / 14)


def test_components_vary_by_draws_of_their_own():
    rules = SimpleNamespace(**{**vars(WRITING), "quality_noise": 0.25})
    drawn = [u for k in range(4) for u in quarters(sub_hash(99, k))]
    # in the order of the bits: personalised to direct, courteous to clean, humour to sourced, proofread and thanks
    values = dict(zip(PARTS, (0.5 + 0.25 * (2.0 * u - 1.0) for u in drawn), strict=False))
    total = sum((0.5 + 0.25 * k) * (values[name] - 0.5) for k, name in enumerate(PARTS))
    quality, length, thanks = outreach.compose(rules, style_with(), 99, 0.0, 0.0, 0, 1.0)
    assert quality == pytest.approx(3.0 * 2.0 * total / 14)
    assert length == pytest.approx(1000.0 * (1.0 - values["brief"]))
    assert thanks == pytest.approx(values["thanks"])


# rates 1/8, 1/16, 1/32, 1/32 and half of the violations kept: cuts at 1/16, 3/32, 7/64, 1/8
@pytest.mark.parametrize(
    ("u", "violation"),
    [
        (0.0624, Violation.HARASSMENT),
        (0.0625, Violation.MISREPRESENTATION),
        (0.0937, Violation.MISREPRESENTATION),
        (0.09375, Violation.PASSWORDS),
        (0.1093, Violation.PASSWORDS),
        (0.109375, Violation.ADULT),
        (0.1249, Violation.ADULT),
        (0.125, Violation.NO_VIOLATION),
    ],
)
def test_one_draw_is_cut_into_violations(u, violation):
    style = SimpleNamespace(harassment=0.125, misrepresentation=0.0625, passwords=0.03125, adult=0.03125)
    assert outreach.choose_violation(style, 0.5, u) == violation
    assert outreach.choose_violation(style, 0.0, 0.0) == Violation.NO_VIOLATION


def test_the_chance_of_an_opening():
    assert [outreach.opening_chance(STYLE, purpose) for purpose in Purpose] == [1.0, 0.4, 0.7]
    assert outreach.kind_of_follow_up(SimpleNamespace(open_messages=0.5), True, False, False) == Kind.FOLLOW_UP


def test_the_care_of_an_approach_falls_with_those_before_it():
    tired = SimpleNamespace(outreach_fatigue=0.25)
    assert [outreach.effort(tired, before) for before in (0, 1, 4, 12)] == [1.0, 0.8, 0.5, 0.25]
    assert outreach.effort(SimpleNamespace(outreach_fatigue=0.0), 50) == 1.0


@pytest.mark.parametrize(
    ("candidates", "fatigue", "intent", "looks"),
    [
        (4, 0.0, 9, 4),
        (4, 0.25, 0, 4),
        (4, 0.25, 1, 3),  # 3.2
        (4, 0.25, 2, 3),  # 2.67
        (4, 0.25, 4, 2),
        (5, 1.0, 1, 3),  # 2.5 is rounded up
        (5, 1.0, 2, 2),  # 1.67
        (4, 1.0, 9, 1),  # 0.4: one at least
        (1, 1.0, 63, 1),
    ],
)
def test_later_intents_of_a_session_look_at_fewer_profiles(candidates, fatigue, intent, looks):
    rules, style = SimpleNamespace(outreach_fatigue=fatigue), SimpleNamespace(candidates=candidates)
    assert outreach.profiles_looked_at(rules, style, intent) == looks


def test_a_look_says_of_which_intent_it_is():
    for intent in (0, 1, outreach.MOST_INTENTS - 1):
        counts = [outreach.look_count(intent, k) + redraw for k in range(outreach.MOST_CANDIDATES) for redraw in range(8)]
        assert {outreach.intent_of(count) for count in counts} == {intent}


def test_a_reply_gets_all_the_care_whatever_was_sent_before():
    p = SimpleNamespace(outreach_fatigue=0.5)
    assert outreach.care(p, Kind.REPLY, 2) == 1.0
    assert outreach.care(p, Kind.MESSAGE, 2) == 0.5
    assert outreach.care(p, Kind.NOTE, 0) == 1.0
