"""What becomes of an item in an inbox, on both sides of each cut."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest

from sim import Distance, Kind, Outcome, Purpose
from sim.decisions import inbox
from sim.decisions.codes import Violation

RULES = SimpleNamespace(
    attention_sink_message=10.0,
    attention_sink_invitation=30.0,
    feed_fresh_days=3.0,
    reply_polite_no=0.5,
    invitation_obligation=0.2,
    invitation_dont_know=0.1,
    invitation_decline=0.3,
    invitation_too_forward_days=5.0,
    attention_budget=12.0,
    attention_per_connection=0.02,
    attention_filters=0.5,
    feed_cost=0.5,
    feed_obliged_cost=1.0,
    length_under_400=0.22,
    length_to_800=0.03,
    length_to_1200=-0.06,
    length_above=-0.11,
)


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
        (Kind.MESSAGE, 99, False, False, Outcome.GONE),
        (Kind.MESSAGE, 99, True, False, Outcome.TAKEN_BACK),
    ],
)
def test_unread_items_wait_until_they_sink_or_something_closes_them(kind, age, taken_back, here, expected):
    assert inbox.outcome_of_unread(RULES, kind, age, taken_back, here) == expected


def test_items_are_taken_back_the_morning_after():
    assert [day for day in range(6, 12) if inbox.is_taken_back(day, 9)] == [8]


def test_updates_stay_fresh_for_days():
    assert inbox.is_fresh(RULES, 3)
    assert not inbox.is_fresh(RULES, 4)


def test_one_draw_is_cut_into_what_becomes_of_a_message():
    found = [inbox.answer(RULES, 0.4, u) for u in (0.39, 0.4, 0.69, 0.71)]
    assert found == [Outcome.ANSWERED, Outcome.REFUSED_POLITELY, Outcome.REFUSED_POLITELY, Outcome.READ]
    assert set(found) == set(inbox.ANSWERS)


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
    [
        (4, 5, 1, 2.0),
        (4, 9, 1, 2.0),
        (4, 10, 1, 0.0),
        (4, 4, 1, 0.0),
        (4, 5, 2, 0.0),
        (0, 5, 0, 2.0),
        (0, 6, 0, 0.0),
        (-1, 2, 0, 0.0),
    ],  # day 0 is one in the run
)
def test_an_invitation_is_forward_within_days_of_the_approach(approach, sent, exchanges, expected):
    assert inbox.forwardness(RULES, SimpleNamespace(forwardness=2.0), approach, sent, exchanges) == expected


def test_only_a_note_has_a_note_s_quality():
    assert inbox.note_quality(Kind.NOTE, 1.5) == 1.5
    assert inbox.note_quality(Kind.INVITATION, 1.5) == 0.0


def test_ranks_are_drawn_under_ten_bits():
    assert [inbox.rank_count(n) for n in (0, 1023, 1024)] == [0, 1023, 0]


@pytest.mark.parametrize(
    ("characters", "effect"),
    [(0.0, 1.22), (399.0, 1.22), (400.0, 1.03), (799.0, 1.03), (800.0, 0.94), (1199.0, 0.94), (1200.0, 0.89), (9999.0, 0.89)],
)
def test_length_moves_the_odds(characters, effect):
    assert math.exp(inbox.length_effect(RULES, characters)) == pytest.approx(effect)


def logit(chance):
    return math.log(chance / (1.0 - chance))


@pytest.mark.parametrize(("kind", "days"), [(Kind.MESSAGE, 10.0), (Kind.PITCH, 10.0), (Kind.INVITATION, 30.0), (Kind.NOTE, 30.0)])
def test_messages_sink_sooner_than_invitations(kind, days):
    assert inbox.sinking_age(RULES, kind) == days


def test_cuts_of_draws_for_what_becomes_of_items():
    halves = SimpleNamespace(reply_polite_no=0.5, invitation_obligation=0.5, invitation_dont_know=0.25, invitation_decline=0.5)
    # of a message answered with chance 0.5: answered below 0.5, a polite no below 0.5 + 0.5 * 0.5
    found = {u: inbox.answer(halves, 0.5, u) for u in (0.4999, 0.5, 0.7499, 0.75)}
    assert list(found.values()) == [Outcome.ANSWERED, Outcome.REFUSED_POLITELY, Outcome.REFUSED_POLITELY, Outcome.READ]
    # of an invitation: gladly below 0.5, obliged below 0.75; of the last quarter 1/4 don't know, 1/2 decline, the rest leave it
    cuts = {0.5: Outcome.OBLIGED, 0.75: Outcome.DONT_KNOW, 0.8125: Outcome.DECLINED, 0.9375: Outcome.LEFT}
    assert {u: inbox.answer_invitation(halves, 0.5, u) for u in cuts} == cuts
    before = [inbox.answer_invitation(halves, 0.5, math.nextafter(u, 0.0)) for u in cuts]
    assert before == [Outcome.ACCEPTED, Outcome.OBLIGED, Outcome.DONT_KNOW, Outcome.DECLINED]


@pytest.mark.parametrize(
    ("days", "exchanges", "expected"),
    [(0, 0, False), (1, 0, True), (5, 0, True), (6, 0, False), (5, 1, True), (5, 2, False), (-1, 0, False)],
)
def test_too_forward_is_from_the_first_to_the_fifth_day_and_before_a_second_exchange(days, exchanges, expected):
    assert inbox.is_too_forward(RULES, days, exchanges) is expected


GRAVE = SimpleNamespace(unwelcome_harassment=4.0, unwelcome_misrepresentation=3.0, unwelcome_passwords=2.0, unwelcome_adult=1.0)


def test_how_grave_each_violation_is():
    assert [inbox.severity(GRAVE, violation) for violation in Violation] == [0.0, 4.0, 3.0, 2.0, 1.0]


SPAM = SimpleNamespace(
    **vars(GRAVE),
    unwelcome_base=-1.0,
    unwelcome_quality=-0.5,
    unwelcome_relevance=-0.25,
    unwelcome_violation=2.0,
    unwelcome_promotion=1.25,
    unwelcome_follow_up=0.75,
    unwelcome_unheeded=1.5,
    unwelcome_invitation=0.125,
)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, -1.0),
        ({"quality": 2.0}, -1.0 - 0.5 * 2.0),
        ({"relevance": 2.0}, -1.0 - 0.25 * 2.0),
        ({"violation": Violation.PASSWORDS}, -1.0 + 2.0 * 2.0),
        ({"purpose": Purpose.PROMOTION}, -1.0 + 1.25),
        ({"kind": Kind.FOLLOW_UP, "follow": 2}, -1.0 + 0.75 * 2),
        ({"kind": Kind.MESSAGE, "follow": 2}, -1.0),
        ({"unheeded": True}, -1.0 + 1.5),
        ({"kind": Kind.NOTE}, -1.0 + 0.125),
        ({"kind": Kind.INVITATION, "purpose": Purpose.PROMOTION, "unheeded": True}, -1.0 + 1.25 + 1.5 + 0.125),
    ],
)
def test_spamminess_term_by_term(changed, expected):
    usual = {
        "kind": Kind.MESSAGE,
        "purpose": Purpose.INQUIRY,
        "quality": 0.0,
        "relevance": 0.0,
        "follow": 0,
        "violation": Violation.NO_VIOLATION,
        "unheeded": False,
    }
    assert inbox.spamminess(SPAM, **{**usual, **changed}) == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize(
    ("selectivity", "distance", "exchanges", "known", "expected"),
    [
        (0.0, Distance.STRANGER, 0, False, 0.5),
        (2.0, Distance.STRANGER, 0, False, 0.5 + 2.0 * 0.75),  # the selective find more unwelcome
        (0.0, Distance.STRANGER, 3, False, 0.5 - math.log(4.0)),
        (0.0, Distance.CONNECTED, 0, False, 0.5 - 2.0),
        (0.0, Distance.SECOND_DEGREE, 1, False, 0.5 - math.log(2.0)),
        (0.0, Distance.SECOND_DEGREE, 0, True, 0.5 - 1.5),
        (0.0, Distance.CONNECTED, 0, True, 0.5 - 2.0 - 1.5),  # both: known before, and connected now
    ],
)
def test_unwelcome_term_by_term(selectivity, distance, exchanges, known, expected):
    rules = SimpleNamespace(unwelcome_selectivity=0.75, unwelcome_rapport=-1.0, unwelcome_connected=-2.0, unwelcome_known=-1.5)
    assert logit(inbox.unwelcome_chance(rules, 0.5, selectivity, distance, exchanges, known)) == pytest.approx(expected, abs=1e-12)


# logistic(2 + 1 - 3) = 1/2; a spammier or more automated message, or a lower threshold, is taken more often
@pytest.mark.parametrize(
    ("spam", "automated", "threshold", "odds"), [(2.0, 1.0, 3.0, 0.0), (3.0, 1.0, 3.0, 1.0), (2.0, 2.0, 3.0, 1.0), (2.0, 1.0, 4.0, -1.0)]
)
def test_the_filter_s_chance(spam, automated, threshold, odds):
    rule = SimpleNamespace(filter_strength=0.5, filter_threshold=threshold)
    assert inbox.filter_chance(rule, spam, automated) == pytest.approx(0.5 / (1.0 + math.exp(-odds)), rel=1e-12)


def test_attention_is_used_up_by_connections_and_updates_but_one_item_is_read():
    # 12 - 0.02 * 0.5 a connection, in whole items: 50 leave 11.5, and 1100 leave 1
    assert [inbox.attention_budget(RULES, degree, 0, 0) for degree in (0, 50, 900, 1100, 5000)] == [12, 11, 3, 1, 1]
    assert inbox.attention_budget(RULES, 100, 2, 1) == 9  # 12 - 0.02 * 0.5 * 100 - 2 * 0.5 - 1
    many = SimpleNamespace(
        attention_budget=2000.0, attention_per_connection=0.02, attention_filters=0.25, feed_cost=0.5, feed_obliged_cost=1.0
    )
    assert inbox.attention_budget(many, 0, 0, 0) == 1000
    assert inbox.attention_budget(many, 100_000, 0, 4) == 496  # 2000 - 0.02 * 0.75 * 100000 - 4


REPLY = SimpleNamespace(
    reply_base=-1.0,
    reply_quality=0.5,
    reply_relevance=0.25,
    reply_mutual=3.0,
    reply_mutual_half=2.0,
    reply_rapport=0.75,
    reply_load=-0.5,
    reply_annoyance=-0.25,
    reply_follow_up=-0.375,
    reply_disingenuous=-0.125,
    reply_reputation=-1.5,
    reply_connected=1.25,
    reply_introduced=0.625,
    reply_known=0.875,
    reply_backlog=-0.625,
    reply_note=-2.5,
    reply_promotion=-1.75,
    length_under_400=0.0,
    length_to_800=0.0,
    length_to_1200=1.0,
    length_above=0.0,
)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, -1.0),
        ({"receptiveness": 0.5}, -1.0 + 0.5),
        ({"quality": 2.0}, -1.0 + 0.5 * 2.0),
        ({"characters": 900.0}, -1.0 + math.log(2.0)),
        ({"relevance": 2.0}, -1.0 + 0.25 * 2.0),
        ({"mutual": 2}, -1.0 + 3.0 * 2 / (2 + 2)),
        ({"exchanges": 3}, -1.0 + 0.75 * math.log(4.0)),
        ({"load": 3.0}, -1.0 - 0.5 * math.log(4.0)),
        ({"annoyance": 3.0}, -1.0 - 0.25 * math.log(4.0)),
        ({"follow": 2}, -1.0 - 0.375 * 2),
        ({"backlog": 3}, -1.0 - 0.625 * math.log(4.0)),
        ({"backlog": 1}, -1.0 - 0.625 * math.log(2.0)),
        ({"known": True}, -1.0 + 0.875),
        ({"known": True, "distance": Distance.CONNECTED}, -1.0 + 0.875 + 1.25),
        ({"recent": 3.0}, -1.0 - 0.125 * math.log(4.0)),
        ({"reputation": 0.5}, -1.0 - 1.5 * 0.5),
        ({"distance": Distance.CONNECTED}, -1.0 + 1.25),
        ({"distance": Distance.SECOND_DEGREE}, -1.0),
        ({"kind": Kind.INTRODUCTION}, -1.0 + 0.625),
        ({"kind": Kind.NOTE}, -1.0 - 2.5),
        ({"purpose": Purpose.PROMOTION}, -1.0 - 1.75),
        ({"quality": 2.0, "load": 3.0, "mutual": 6, "exchanges": 1}, -1.0 + 1.0 - math.log(2.0) + 3.0 * 6 / 8 + 0.75 * math.log(2.0)),
    ],
)
def test_the_chance_of_a_reply_term_by_term(changed, expected):
    usual = {
        "kind": Kind.MESSAGE,
        "purpose": Purpose.INQUIRY,
        "quality": 0.0,
        "characters": 100.0,
        "relevance": 0.0,
        "mutual": 0,
        "distance": Distance.STRANGER,
        "exchanges": 0,
        "known": False,
        "follow": 0,
        "receptiveness": 0.0,
        "load": 0.0,
        "annoyance": 0.0,
        "backlog": 0,
        "recent": 0.0,
        "reputation": 0.0,
    }
    assert logit(inbox.reply_chance(REPLY, **{**usual, **changed})) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("relevance", "thanks", "characters", "continues", "turns", "expected"),
    [
        (0.0, 0.5, 0.0, 0.0, 0, -0.5),
        (2.0, 0.5, 0.0, 0.0, 0, -0.5 + 0.25 * 2.0),
        (0.0, 1.0, 0.0, 0.0, 0, -0.5 + 3.0 * 0.5),
        (0.0, 0.0, 0.0, 0.0, 0, -0.5 - 3.0 * 0.5),
        (0.0, 0.5, 500.0, 0.0, 0, -0.5 - 0.75 * 0.5),  # per thousand characters
        (0.0, 0.5, 0.0, 1.5, 0, -0.5 + 1.5),
        (0.0, 0.5, 0.0, 0.0, 1, -0.5 + 0.375 * math.log(2.0)),  # by habit
        (0.0, 0.5, 0.0, 0.0, 3, -0.5 + 0.375 * math.log(4.0)),
    ],
)
def test_the_chance_that_a_thread_goes_on_term_by_term(relevance, thanks, characters, continues, turns, expected):
    rules = SimpleNamespace(thread_base=-0.5, thread_relevance=0.25, thread_thanks=3.0, thread_length=-0.75, thread_habit=0.375)
    assert logit(inbox.continue_chance(rules, relevance, thanks, characters, continues, turns)) == pytest.approx(expected, abs=1e-12)


INVITATION = SimpleNamespace(
    invitation_base=-1.0,
    invitation_mutual=2.0,
    invitation_mutual_half=0.5,
    invitation_relevance=0.25,
    invitation_rapport=0.75,
    invitation_too_forward=-1.5,
    invitation_note=0.5,
    invitation_selectivity=-0.625,
    invitation_large_network=-0.375,
    invitation_annoyance=-0.125,
    invitation_disingenuous=-0.875,
    invitation_reputation=-2.5,
    invitation_competitor=-1.75,
    invitation_known=1.625,
)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, -1.0),
        ({"mutual": 1}, -1.0 + 2.0 * 1 / (1 + 0.5)),
        ({"relevance": 2.0}, -1.0 + 0.25 * 2.0),
        ({"exchanges": 3}, -1.0 + 0.75 * math.log(4.0)),
        ({"forward": 2.0}, -1.0 - 1.5 * 2.0),
        ({"note": 2.0}, -1.0 + 0.5 * 2.0),
        ({"selectivity": 2.0}, -1.0 - 0.625 * 2.0),  # the selective accept less
        ({"degree": 1500}, -1.0 - 0.375 * math.log(1.0 + 3.0)),  # three times 500
        ({"annoyance": 3.0}, -1.0 - 0.125 * math.log(4.0)),
        ({"recent": 3.0}, -1.0 - 0.875 * math.log(4.0)),
        ({"reputation": 0.5}, -1.0 - 2.5 * 0.5),
        ({"competitors": True}, -1.0 - 1.75),
        ({"known": True}, -1.0 + 1.625),
        ({"known": True, "competitors": True}, -1.0 + 1.625 - 1.75),
        ({"mutual": 1, "selectivity": -1.0, "note": 1.0}, -1.0 + 4.0 / 3.0 + 0.625 + 0.5),
    ],
)
def test_the_chance_that_an_invitation_is_accepted_term_by_term(changed, expected):
    usual = {
        "mutual": 0,
        "relevance": 0.0,
        "competitors": False,
        "exchanges": 0,
        "known": False,
        "forward": 0.0,
        "note": 0.0,
        "selectivity": 0.0,
        "degree": 0,
        "annoyance": 0.0,
        "recent": 0.0,
        "reputation": 0.0,
    }
    assert logit(inbox.accept_chance(INVITATION, **{**usual, **changed})) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("purpose", "violation", "unheeded", "expected"),
    [
        (Purpose.INQUIRY, Violation.NO_VIOLATION, False, 0.0625),
        (Purpose.PROMOTION, Violation.NO_VIOLATION, False, 0.125),
        (Purpose.INQUIRY, Violation.MISREPRESENTATION, False, 0.0625 + 0.03125 * 3.0),
        (Purpose.INQUIRY, Violation.NO_VIOLATION, True, 0.25),  # four times as often after a no
        (Purpose.INQUIRY, Violation.ADULT, True, 4.0 * (0.0625 + 0.03125)),
        (Purpose.PROMOTION, Violation.HARASSMENT, True, 1.0),  # 4 * (0.125 + 0.03125 * 4) is all
        (Purpose.PROMOTION, Violation.HARASSMENT, False, 0.25),
    ],
)
def test_the_chance_of_a_report(purpose, violation, unheeded, expected):
    rules = SimpleNamespace(
        **vars(GRAVE),
        unwelcome_reported=0.0625,
        unwelcome_reported_promotion=0.125,
        unwelcome_reported_violation=0.03125,
        unwelcome_reported_unheeded=4.0,
    )
    assert inbox.report_chance(rules, purpose, violation, unheeded) == expected


def test_a_report_is_never_surer_than_certain_nor_less_likely_than_never():
    rules = SimpleNamespace(**vars(GRAVE), unwelcome_reported=1.5, unwelcome_reported_promotion=-0.5)
    assert inbox.report_chance(rules, Purpose.INQUIRY, Violation.NO_VIOLATION, False) == 1.0
    assert inbox.report_chance(rules, Purpose.PROMOTION, Violation.NO_VIOLATION, False) == 0.0


def test_what_was_withdrawn_on_other_days_is_not_taken_back():
    assert not inbox.is_taken_back(10, 9)
    assert inbox.outcome_of_unread(RULES, Kind.MESSAGE, 99, False, False) == Outcome.GONE
    assert inbox.outcome_of_unread(RULES, Kind.MESSAGE, 99, True, False) == Outcome.TAKEN_BACK


def test_only_what_waits_to_be_read_or_answered_stays_in_an_inbox():
    assert [o for o in Outcome if inbox.is_open(o)] == [Outcome.WAITING, Outcome.LATER]


def test_a_share_of_answers_is_put_off():
    rules = SimpleNamespace(thread_later=0.25)
    assert inbox.is_put_off(rules, math.nextafter(0.25, 0.0))
    assert not inbox.is_put_off(rules, 0.25)
    assert not inbox.is_put_off(SimpleNamespace(thread_later=0.0), 0.0)  # nobody puts off


# u = later * v with v = k ** -tail is put off for k days: more than k have the chance k ** -tail
@pytest.mark.parametrize(
    ("tail", "v", "days"),
    [
        (1.0, 0.999, 1),
        (1.0, 0.5001, 1),
        (1.0, 0.4999, 2),
        (1.0, 0.1001, 9),
        (1.0, 0.0999, 10),
        (2.0, 0.2501, 1),  # 2 ** -2
        (2.0, 0.2499, 2),
        (0.5, 0.501, 3),  # 4 ** -0.5 is a half
        (0.5, 0.499, 4),
        (1.0, 1.0 / 59.5, 59),
        (1.0, 1.0 / 60.5, 60),
        (1.0, 1e-9, 60),  # nobody waits longer
    ],
)
def test_days_put_off_have_a_heavy_tail_of_the_same_draw(tail, v, days):
    rules = SimpleNamespace(thread_later=0.25, thread_later_tail=tail)
    assert inbox.days_put_off(rules, 0.25 * v) == days


@pytest.mark.parametrize(
    ("outcome", "due", "expected"),
    [
        (Outcome.LATER, 9, True),
        (Outcome.LATER, 8, True),  # the first visit may come later than the day
        (Outcome.LATER, 10, False),
        (Outcome.WAITING, 8, False),
        (Outcome.PUT_OFF, 8, False),  # put off today: tomorrow at the earliest
    ],
)
def test_what_was_put_off_is_due_from_its_day_on(outcome, due, expected):
    assert inbox.is_due(outcome, due, 9) is expected


@pytest.mark.parametrize(
    ("outcome", "age", "taken_back", "here", "expected"),
    [
        (Outcome.WAITING, 10, False, True, Outcome.WAITING),
        (Outcome.WAITING, 11, False, True, Outcome.SUNK),
        (Outcome.WAITING, 1, True, True, Outcome.TAKEN_BACK),
        (Outcome.WAITING, 1, False, False, Outcome.GONE),
        (Outcome.LATER, 11, True, True, Outcome.LATER),
        (Outcome.LATER, 1, False, False, Outcome.READ),
    ],
)
def test_what_was_read_to_be_answered_later_neither_sinks_nor_is_taken_back(outcome, age, taken_back, here, expected):
    assert inbox.outcome_of_open(RULES, outcome, Kind.MESSAGE, age, taken_back, here) == expected
