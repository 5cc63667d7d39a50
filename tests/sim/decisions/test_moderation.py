"""Strikes and their consequences, worked out by hand on both sides of each threshold."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sim import Purpose
from sim.decisions import moderation
from sim.decisions.codes import HARASSMENT, NO_VIOLATION
from sim.decisions.constants import FAR

RULE = SimpleNamespace(
    report_strike=0.25,
    burst_threshold=20.0,
    burst_strike=0.5,
    automation_detection=0.1,
    strike_half_life=30.0,
    restriction=3.0,
    ban=6.0,
    restriction_days=7.0,
    return_days=14.0,
)


def test_what_breaks_the_rules():
    assert not moderation.breaks_rules(NO_VIOLATION, False)
    assert moderation.breaks_rules(HARASSMENT, False)
    assert moderation.breaks_rules(NO_VIOLATION, True)


def test_a_report_weighs_one_for_a_violation_and_less_for_a_complaint():
    assert moderation.report_weight(RULE, True) == 1.0
    assert moderation.report_weight(RULE, False) == 0.25


def test_a_report_is_wrong_where_nothing_was_broken_and_nothing_sold():
    assert moderation.is_wrong_report(Purpose.INQUIRY, False)
    assert not moderation.is_wrong_report(Purpose.PROMOTION, False)
    assert not moderation.is_wrong_report(Purpose.INQUIRY, True)


def test_a_burst_is_more_than_the_threshold():
    assert moderation.burst_strikes(RULE, 20) == 0.0
    assert moderation.burst_strikes(RULE, 21) == 0.5


def test_automation_is_detected_by_chance():
    bot, person = SimpleNamespace(automated=1.0), SimpleNamespace(automated=0.0)
    assert moderation.detection_strikes(RULE, bot, 0.0999) == 1.0
    assert moderation.detection_strikes(RULE, bot, 0.1) == 0.0
    assert moderation.detection_strikes(RULE, person, 0.0) == 0.0


def test_an_appeal_needs_a_day_of_wrong_reports_alone():
    assert moderation.are_all_wrong(0.5, 0.5)
    assert not moderation.are_all_wrong(0.5, 0.75)
    assert not moderation.are_all_wrong(0.0, 0.0)


def test_strikes_halve_by_half_life():
    assert moderation.strikes_after(RULE, 2.0, 0) == 2.0
    assert moderation.strikes_after(RULE, 2.0, 30) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("strikes", "restricted", "expected"),
    [
        (2.99, False, moderation.NO_SANCTION),
        (3.0, False, moderation.RESTRICTION),
        (3.0, True, moderation.NO_SANCTION),
        (5.99, False, moderation.RESTRICTION),
        (6.0, False, moderation.BAN),
        (6.0, True, moderation.BAN),
    ],
)
def test_strikes_lead_to_a_restriction_then_a_ban(strikes, restricted, expected):
    assert moderation.sanction(RULE, strikes, restricted) == expected


def test_restrictions_and_bans_end():
    assert moderation.restriction_end(RULE, 10) == 17
    assert moderation.return_day(RULE, 10) == 24


def test_a_restricted_member_stops_or_reads_the_rules_or_neither():
    rules, style = SimpleNamespace(learning_review=0.5), SimpleNamespace(stops=0.2, reviews=0.3)
    assert moderation.violating_after_restriction(rules, style, 0.8, 0.19, 0.0) == 0.0
    assert moderation.violating_after_restriction(rules, style, 0.8, 0.2, 0.29) == 0.4
    assert moderation.violating_after_restriction(rules, style, 0.8, 0.2, 0.3) == 0.8


def test_promoters_and_bots_return_after_a_ban():
    assert moderation.returns_after_ban(SimpleNamespace(automated=1.0, promotion=0.0))
    assert moderation.returns_after_ban(SimpleNamespace(automated=0.0, promotion=0.1))
    assert not moderation.returns_after_ban(SimpleNamespace(automated=0.0, promotion=0.0))


def test_codes_of_sanctions_are_told_apart():
    assert (moderation.NO_SANCTION, moderation.RESTRICTION, moderation.BAN) == (0, 1, 2)


def test_an_appeal_is_not_worth_while_where_one_report_was_right():
    assert moderation.are_all_wrong(1.0, 1.0)
    assert moderation.are_all_wrong(1.0, 0.5)
    assert moderation.are_all_wrong(0.25, 0.25)
    assert not moderation.are_all_wrong(1.0, 1.25)
    assert not moderation.are_all_wrong(0.0, -1.0)


def test_whole_days_of_restrictions_and_bans():
    rule = SimpleNamespace(restriction_days=7.9, return_days=14.9)
    assert (moderation.restriction_end(rule, 0), moderation.return_day(rule, 0)) == (7, 14)


def test_a_little_automation_is_automation():
    little = SimpleNamespace(automated=0.5, promotion=0.0)
    assert moderation.detection_strikes(RULE, little, 0.05) == 1.0
    assert moderation.returns_after_ban(little)


def test_a_new_account_has_no_record_and_the_person_keeps_what_was_learned():
    record = {"strikes": 2.0, "restricted_until": 90, "lost_reputation": 0.5, "recent_invitations": 7.0, "load": 3.0}
    person = {"volume": 1.5, "personal": 0.25, "violating": 0.0, "annoyance": 4.0}
    member = SimpleNamespace(**record, **person, account=1, back_day=80)
    moderation.open_account(member)
    assert vars(member) == dict.fromkeys(record, 0) | person | {"account": 2, "back_day": FAR}
