"""What lies between two members: each answer worked out by hand, on both sides of each boundary."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sim import Distance, Kind, Outcome, Purpose
from sim.decisions import threads
from sim.decisions.codes import NewTie, Role
from sim.decisions.constants import NEVER

STYLE = SimpleNamespace(follow_ups=2.0, patience=7.9, rapport_exchanges=3.0)
RULES = SimpleNamespace(tie_weak=0.25, tie_exchange=1.0, thread_strong=0.5, outreach_rest_days=45.0)


@pytest.mark.parametrize(
    ("kind", "connected", "known", "approach", "expected"),
    [
        (Kind.MESSAGE, False, False, NEVER, True),
        (Kind.MESSAGE, False, False, 9, True),  # the second of two that cross on day 9
        (Kind.MESSAGE, False, False, 8, False),
        (Kind.MESSAGE, True, False, NEVER, False),
        (Kind.FOLLOW_UP, False, False, NEVER, False),
        (Kind.INVITATION, False, False, NEVER, True),
        (Kind.INVITATION, False, True, NEVER, False),  # whom one knows one does not approach
        (Kind.MESSAGE, False, True, NEVER, False),
    ],
)
def test_the_approach_is_what_first_goes_between_two_who_are_not_connected(kind, connected, known, approach, expected):
    assert threads.is_approach(kind, connected, known, approach, 9) is expected


def test_the_day_of_the_approach_is_kept_and_connections_have_none():
    assert threads.approach_day(False, False, NEVER, 9) == 9
    assert threads.approach_day(False, False, 4, 9) == 4
    assert threads.approach_day(True, False, NEVER, 9) == NEVER
    assert threads.approach_day(False, True, NEVER, 9) == NEVER  # nor do acquaintances
    assert threads.approach_day(False, True, 4, 9) == 4


def test_the_distance_of_the_approach_outlives_later_contacts():
    assert threads.approach_distance(True, 0, Distance.STRANGER) == Distance.STRANGER
    assert threads.approach_distance(False, Distance.STRANGER, Distance.SECOND_DEGREE) == Distance.STRANGER
    assert threads.approach_distance(False, Distance.STRANGER, Distance.CONNECTED) == Distance.STRANGER
    assert threads.approach_distance(False, 0, Distance.CONNECTED) == 0  # connected from the start: there was none


def test_of_two_openings_on_one_day_neither_comes_before_the_other():
    assert threads.opened_before(3, 9, Role.OPENING, 9) == 3
    assert threads.opened_before(3, 8, Role.OPENING, 9) == 8
    assert threads.opened_before(3, 9, Role.NO_ROLE, 9) == 9
    assert threads.opened_before(7, 4, Role.NO_ROLE, 9) == 7
    assert threads.opened_before(NEVER, NEVER, Role.NO_ROLE, 9) == NEVER


def test_an_item_has_one_role():
    assert threads.role_of(True, False) == Role.APPROACH
    assert threads.role_of(False, True) == Role.OPENING
    assert threads.role_of(False, False) == Role.NO_ROLE


@pytest.mark.parametrize(
    ("connected", "exchanges", "approach", "since", "expected"),
    [
        (True, 0, 5, 5, True),
        (True, 0, 5, 6, True),
        (True, 0, 6, 5, False),  # approached only after they had connected
        (True, 0, NEVER, 5, False),
        (True, 1, 5, 6, False),
        (False, 0, 5, 6, False),
    ],
)
def test_two_have_yet_to_talk_from_acceptance_to_the_first_exchange(connected, exchanges, approach, since, expected):
    assert threads.has_yet_to_talk(connected, exchanges, approach, since) is expected


@pytest.mark.parametrize(
    ("kind", "yet_to_talk", "opened", "expected"),
    [
        (Kind.MESSAGE, True, 4, True),
        (Kind.PITCH, True, 4, True),
        (Kind.MESSAGE, True, 5, False),  # something was sent since day 5, when they connected
        (Kind.MESSAGE, False, 4, False),
        (Kind.INVITATION, True, 4, False),
    ],
)
def test_an_opening_is_the_first_message_after_acceptance(kind, yet_to_talk, opened, expected):
    assert threads.is_opening(kind, yet_to_talk, opened, 5) is expected


def test_invitations_cross_on_one_day_alone():
    assert threads.invitations_cross(True, 9, 9)
    assert not threads.invitations_cross(True, 8, 9)
    assert not threads.invitations_cross(False, 9, 9)


@pytest.mark.parametrize(
    ("kind", "awaits", "opened", "last", "expected"),
    [
        (Kind.MESSAGE, True, 9, 9, True),
        (Kind.INTRODUCTION, True, 9, 9, True),
        (Kind.PITCH, True, 9, 9, True),
        (Kind.FOLLOW_UP, True, 9, 9, False),
        (Kind.MESSAGE, False, 9, 9, False),
        (Kind.MESSAGE, True, 8, 9, False),
        (Kind.MESSAGE, True, 9, 8, False),
    ],
)
def test_first_messages_cross_on_one_day_alone(kind, awaits, opened, last, expected):
    assert threads.messages_cross(kind, awaits, opened, last, 9) is expected


def test_requests_after_rapport_are_counted_up_to_fifteen():
    assert threads.counts_as_ask(1, 14)
    assert not threads.counts_as_ask(1, 15)
    assert not threads.counts_as_ask(0, 0)


def test_follow_ups_come_up_to_the_style_s_number_and_after_its_patience():
    assert threads.follow_ups_after(Kind.FOLLOW_UP, 1) == 2
    assert threads.follow_ups_after(Kind.MESSAGE, 2) == 0
    assert threads.is_followed_up(STYLE, 1)
    assert not threads.is_followed_up(STYLE, 2)
    assert threads.follow_up_day(STYLE, 10) == 17  # whole days


def test_exchanges_are_counted_up_to_two_hundred():
    assert threads.exchanges_after(0) == 1
    assert threads.exchanges_after(199) == 200
    assert threads.exchanges_after(200) == 200


def test_an_invitation_that_is_no_longer_open_is_accepted_only_if_it_made_the_connection():
    assert threads.crossed_outcome(True, True, 9, 9) == Outcome.ACCEPTED
    assert threads.crossed_outcome(True, True, 9, 8) == Outcome.VOID
    assert threads.crossed_outcome(True, False, 9, 9) == Outcome.VOID
    assert threads.crossed_outcome(False, True, 9, 9) == Outcome.VOID


def test_what_is_left_to_say_after_acceptance():
    assert threads.opens_after_acceptance(False, Purpose.INQUIRY, 4)
    assert threads.opens_after_acceptance(False, Purpose.RELATIONSHIP, 0)
    assert not threads.opens_after_acceptance(False, Purpose.RELATIONSHIP, 1)
    assert not threads.opens_after_acceptance(True, Purpose.INQUIRY, 0)


@pytest.mark.parametrize(
    ("kind", "role", "expected"),
    [
        (Kind.MESSAGE, Role.APPROACH, True),
        (Kind.FOLLOW_UP, Role.APPROACH, True),
        (Kind.MESSAGE, Role.OPENING, False),
        (Kind.REPLY, Role.NO_ROLE, False),
        (Kind.NOTE, Role.APPROACH, False),  # its acceptance is the response
    ],
)
def test_an_answer_to_an_approach_by_message(kind, role, expected):
    assert threads.answers_approach(kind, role) is expected


def test_rapport_takes_the_style_s_exchanges_with_somebody_not_connected():
    assert threads.has_rapport(STYLE, False, Kind.REPLY, 3)
    assert not threads.has_rapport(STYLE, False, Kind.REPLY, 2)
    assert not threads.has_rapport(STYLE, True, Kind.REPLY, 3)
    assert not threads.has_rapport(STYLE, False, Kind.NOTE, 3)


def test_a_tie_from_obligation_begins_weak():
    assert threads.tie_gain(RULES, True) == 0.25
    assert threads.tie_gain(RULES, False) == 1.0


def test_strong_and_dormant_ties():
    assert threads.is_strong(RULES, 0.5)
    assert not threads.is_strong(RULES, 0.4999)
    assert threads.is_dormant(0.1249)
    assert not threads.is_dormant(0.125)


def test_a_connection_without_use():
    assert not threads.only_costs(False, False, False)
    assert all(threads.only_costs(*(k == n for k in range(3))) for n in range(3))


def test_who_is_familiar():
    assert threads.is_familiar(Kind.REPLY, False, 0)
    assert threads.is_familiar(Kind.MESSAGE, True, 0)
    assert threads.is_familiar(Kind.MESSAGE, False, 1)
    assert not threads.is_familiar(Kind.MESSAGE, False, 0)


def test_who_is_left_alone():
    assert threads.is_left_alone(RULES, Purpose.RELATIONSHIP, True, False, 400)
    assert not threads.is_left_alone(RULES, Purpose.INQUIRY, True, False, 0)
    assert threads.is_left_alone(RULES, Purpose.INQUIRY, False, True, 44)
    assert not threads.is_left_alone(RULES, Purpose.INQUIRY, False, True, 45)
    assert not threads.is_left_alone(RULES, Purpose.INQUIRY, False, False, 44)


def test_a_bridge_is_a_tie_between_industries():
    assert threads.is_bridging(True, False)
    assert not threads.is_bridging(True, True)
    assert not threads.is_bridging(False, False)


def test_an_approach_in_the_run_is_on_day_0_or_later():
    assert threads.is_approach(Kind.NOTE, False, False, 0, 0)
    assert not threads.is_approach(Kind.NOTE, False, False, 10, 9)
    assert threads.approach_day(True, False, 4, 9) == 4
    assert not threads.answers_approach(Kind.INVITATION, Role.APPROACH)
    assert threads.answers_approach(Kind.FOLLOW_UP, Role.APPROACH)
    assert not threads.answers_approach(Kind.FOLLOW_UP, Role.OPENING)


def test_a_message_of_the_day_after_is_no_opening():
    assert not threads.is_opening(Kind.MESSAGE, True, 6, 5)
    assert not threads.is_opening(Kind.FOLLOW_UP, True, 4, 5)
    assert not threads.messages_cross(Kind.MESSAGE, True, 10, 10, 9)
    assert not threads.messages_cross(Kind.PITCH, True, 8, 9, 9)
    assert threads.messages_cross(Kind.PITCH, True, 9, 9, 9)
    assert not threads.invitations_cross(True, 10, 9)


def test_requests_and_follow_ups_on_their_cuts():
    assert threads.counts_as_ask(1, 0)
    assert not threads.counts_as_ask(1, 16)
    assert threads.counts_as_ask(200, 14)
    assert threads.follow_ups_after(Kind.FOLLOW_UP, 0) == 1
    assert threads.is_followed_up(STYLE, 0)
    assert not threads.is_followed_up(STYLE, 3)
    assert not threads.is_followed_up(SimpleNamespace(follow_ups=0.0), 0)
    assert threads.exchanges_after(198) == 199


def test_rapport_beyond_what_the_style_asks_for():
    assert threads.has_rapport(STYLE, False, Kind.REPLY, 4)
    assert not threads.has_rapport(STYLE, False, Kind.INVITATION, 4)


def test_each_reason_makes_a_connection_useless():
    assert [threads.only_costs(*flags) for flags in ((True, False, False), (False, True, False), (False, False, True))] == [True] * 3


def test_an_inquiry_is_asked_after_acceptance_whatever_went_before():
    assert threads.opens_after_acceptance(False, Purpose.PROMOTION, 0)
    assert not threads.opens_after_acceptance(False, Purpose.PROMOTION, 2)
    assert not threads.opens_after_acceptance(True, Purpose.RELATIONSHIP, 0)


def test_who_is_left_alone_on_other_terms():
    assert not threads.is_left_alone(RULES, Purpose.PROMOTION, True, False, 0)
    assert threads.is_left_alone(RULES, Purpose.RELATIONSHIP, False, True, 0)
    assert not threads.is_left_alone(RULES, Purpose.RELATIONSHIP, False, True, 46)
    assert not threads.is_left_alone(RULES, Purpose.RELATIONSHIP, False, False, 0)


def test_a_connection_closes_a_triangle_where_the_two_had_one_in_common():
    assert threads.new_tie(True) == NewTie.CLOSING_TIE
    assert threads.new_tie(False) == NewTie.NEW_TIE


def test_what_a_pair_had_before_either_began_a_new_account_is_of_an_earlier_one():
    assert not threads.is_of_earlier_account(9, NEVER, NEVER)
    assert not threads.is_of_earlier_account(9, 9, 9)
    assert threads.is_of_earlier_account(8, 9, NEVER)
    assert threads.is_of_earlier_account(8, NEVER, 9)


def test_a_friend_may_put_in_a_word_for_a_message_to_their_connection_that_was_found_through_them():
    assert threads.may_be_introduced(Kind.MESSAGE, Distance.SECOND_DEGREE, 0)
    assert not threads.may_be_introduced(Kind.MESSAGE, Distance.SECOND_DEGREE, -1)
    assert not threads.may_be_introduced(Kind.MESSAGE, Distance.STRANGER, 0)
    assert not threads.may_be_introduced(Kind.INVITATION, Distance.SECOND_DEGREE, 0)


def test_a_friend_does_put_in_a_word_over_a_strong_tie_if_the_draw_says_so():
    p = SimpleNamespace(thread_strong=0.5, thread_introduction=0.3)
    assert threads.is_introduced(p, 0.5, 0.29)
    assert not threads.is_introduced(p, 0.49, 0.29)
    assert not threads.is_introduced(p, 0.5, 0.3)
