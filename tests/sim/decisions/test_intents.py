"""What counts as the success of an intent, on both sides of each boundary."""

from __future__ import annotations

from sim import Button, Purpose
from sim.decisions import intents


def test_an_intent_was_tried_if_somebody_was_found_and_a_button_pressed():
    assert intents.was_tried(0, Button.PRESS_MESSAGE)
    assert not intents.was_tried(-1, Button.PRESS_MESSAGE)
    assert not intents.was_tried(0, Button.WALK_AWAY)


def test_a_relationship_succeeds_by_an_exchange_and_the_rest_by_an_answer():
    assert intents.has_success(Purpose.RELATIONSHIP, False, 1)
    assert not intents.has_success(Purpose.RELATIONSHIP, True, 0)
    assert intents.has_success(Purpose.INQUIRY, True, 0)
    assert not intents.has_success(Purpose.INQUIRY, False, 1)
    assert intents.has_success(Purpose.PROMOTION, True, 0)


def test_sales_do_not_count_for_their_member():
    assert [intents.is_wished_for(purpose) for purpose in Purpose] == [True, True, False]


def test_in_touch_is_a_contact_in_the_last_fortnight():
    assert intents.is_in_touch(1, 14)
    assert not intents.is_in_touch(1, 15)
    assert not intents.is_in_touch(0, 0)


def test_success_on_other_terms():
    assert intents.has_success(Purpose.RELATIONSHIP, False, 2)
    assert not intents.has_success(Purpose.PROMOTION, False, 5)
    assert intents.was_tried(7, Button.PRESS_CONNECT_WITH_NOTE)
    assert intents.is_in_touch(2, 0)
    assert not intents.is_in_touch(-1, 0)
