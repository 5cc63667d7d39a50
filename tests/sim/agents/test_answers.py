"""What a member's decisions may return: codes by name, the old codes with a warning, nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from sim import Button, Outcome, Purpose
from sim.agents.answers import button_chosen, composed, decided, profile_chosen, purpose_chosen
from sim.agents.entities import Profile
from sim.decisions.inbox import ANSWERS, INVITATION_ANSWERS


@pytest.mark.parametrize("code", [Outcome.ACCEPTED, int(Outcome.ACCEPTED)])
def test_an_enum_or_its_number_is_taken_as_a_plain_code(code):
    found = decided("decide_invitation", code, INVITATION_ANSWERS)
    assert found == Outcome.ACCEPTED
    assert type(found) is int


@pytest.mark.parametrize(
    ("decision", "possible", "expected"),
    [
        ("decide_reply", ANSWERS, [Outcome.ANSWERED, Outcome.REFUSED_POLITELY, Outcome.READ]),
        ("decide_invitation", INVITATION_ANSWERS, [Outcome.ACCEPTED, Outcome.OBLIGED, Outcome.LEFT, Outcome.DECLINED, Outcome.DONT_KNOW]),
    ],
)
def test_the_old_codes_are_taken_with_a_warning(decision, possible, expected):
    for old, now in enumerate(expected):
        with pytest.warns(DeprecationWarning, match=f"{old} is taken for Outcome.{now.name}") as said:
            assert decided(decision, old, possible) == now
        assert [one.filename for one in said] == [__file__]  # Python shows a warning once a place: that is where it was asked


@pytest.mark.parametrize("wrong", [None, -1, 3, Outcome.ACCEPTED, "answered"])
def test_anything_else_is_refused(wrong):
    with pytest.raises(
        ValueError, match=r"`decide_reply` must return one of Outcome.ANSWERED, Outcome.REFUSED_POLITELY, Outcome.READ \(got "
    ):
        decided("decide_reply", wrong, ANSWERS)


@pytest.mark.parametrize("code", Purpose)
def test_a_purpose_is_taken_by_name_or_number(code):
    assert [purpose_chosen(found) for found in (code, int(code), np.int8(code))] == [code] * 3
    assert type(purpose_chosen(code)) is int


@pytest.mark.parametrize("wrong", [3, -1, None, "x", 0.5, [0]])
def test_what_is_no_purpose_is_refused(wrong):
    names = "Purpose.INQUIRY, Purpose.RELATIONSHIP, Purpose.PROMOTION"
    with pytest.raises(ValueError, match=rf"^`choose_purpose` must return one of {names} \(got "):
        purpose_chosen(wrong)


@pytest.mark.parametrize(
    ("button", "needed"),
    [
        (Button.PRESS_MESSAGE, "can_message"),
        (Button.PRESS_CONNECT, "can_connect"),
        (Button.PRESS_CONNECT_WITH_NOTE, "can_connect"),
    ],
)
def test_a_button_is_pressed_only_where_it_can_be(button, needed):
    can = {"can_message": True, "can_connect": True}
    assert button_chosen(button, **can) == button
    assert button_chosen(Button.WALK_AWAY, can_message=False, can_connect=False) == Button.WALK_AWAY
    alone = {one: one == needed for one in can}
    assert button_chosen(button, **alone) == button
    with pytest.raises(ValueError, match=f"`choose_button` must return Button.{button.name} only where `{needed}` is True"):
        button_chosen(button, **{one: not able for one, able in alone.items()})


@pytest.mark.parametrize("wrong", [-1, 4, 99, None, "message"])
def test_what_is_no_button_is_refused(wrong):
    with pytest.raises(ValueError, match=r"^`choose_button` must return one of Button.WALK_AWAY, .*PRESS_CONNECT_WITH_NOTE \(got "):
        button_chosen(wrong, can_message=True, can_connect=True)


def test_a_partner_is_one_of_the_profiles():
    profiles = [Profile(3, -1, 0.5), Profile(4, 1, 0.25)]
    assert profile_chosen(profiles[1], profiles) is profiles[1]
    assert profile_chosen(None, profiles) is None
    for wrong in (3, Profile(5, -1, 0.5), "Ada"):
        with pytest.raises(ValueError, match=r"^`choose_partner` must return one of the profiles that it was given, or None \(got "):
            profile_chosen(wrong, profiles)


def test_what_is_composed_is_three_numbers():
    assert composed((-1, 0, np.float64(0.5))) == (-1.0, 0.0, 0.5)
    for wrong in (1.0, (1.0, 2.0), (float("nan"), 100, 0), (1.0, -0.5, 0), (1.0, 10, float("inf")), (1.0, float("inf"), 0), None, "abc"):
        with pytest.raises(ValueError, match=r"^`compose` must return \(quality, length in characters, thanks\), three numbers"):
            composed(wrong)
