"""What brings members, on both sides of each boundary."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest

from sim.decisions import sessions
from sim.decisions.codes import Presence

RULES = SimpleNamespace(
    sessions_half_life=10.0,
    sessions_success=0.25,
    sessions_annoyance=-0.5,
    sessions_backlog=-0.125,
    attention_notification=0.8,
    attention_habituation=0.25,
    population_quiet_heed=0.1,
)
LN2 = math.log(2.0)


def test_pleasure_and_doubt_halve():
    assert sessions.pleasure_after(RULES, 4.0, 10) == pytest.approx(2.0)
    assert sessions.doubt_after(RULES, 4.0, 20) == pytest.approx(1.0)
    assert sessions.doubt_after(RULES, 4.0, 0) == 4.0


def test_doubt_grows_by_one_up_to_ten():
    assert sessions.doubted(RULES, 4.0, 10) == pytest.approx(3.0)
    assert sessions.doubted(RULES, 8.9, 0) == pytest.approx(9.9)
    assert sessions.doubted(RULES, 9.1, 0) == 10.0
    assert sessions.MOST_DOUBT == 10.0


@pytest.mark.parametrize(
    ("pleasure", "annoyance", "backlog", "expected"),
    [
        (0.0, 0.0, 0, 0.0),
        (3.0, 0.0, 0, 0.25 * 2.0 * LN2),
        (0.0, 3.0, 0, -0.5 * 2.0 * LN2),
        (0.0, 0.0, 3, -0.125 * 2.0 * LN2),
        (3.0, 3.0, 1, 0.25 * 2.0 * LN2 - 0.5 * 2.0 * LN2 - 0.125 * LN2),
        (math.exp(6.0) - 1.01, 0.0, 0, 0.25 * math.log(math.exp(6.0) - 0.01)),  # just below 1.5
        (math.exp(6.0) + 1.0, 0.0, 0, 1.5),
        (0.0, math.exp(4.0), 0, -1.5),
        (0.0, 1e12, 10**9, -1.5),
    ],
)
def test_moods_term_by_term_and_bounded(pleasure, annoyance, backlog, expected):
    assert sessions.mood(RULES, pleasure, annoyance, backlog) == pytest.approx(expected, abs=1e-12)


def test_a_mood_is_back_at_its_base_after_a_shock():
    """Fifty answers at once: the rate rises by less than a bound, and after a dozen half-lives is where it was, to a thousandth."""
    rates = [
        sessions.session_chance(0.25, sessions.mood(RULES, sessions.pleasure_after(RULES, 50.0, days), 0.0, 0), False)
        for days in (0, 60, 120)
    ]
    assert rates[0] > rates[1] > rates[2] > 0.25
    odds = 0.25 / 0.75 * math.exp(sessions.MOST_MOOD)
    assert rates[0] < odds / (1.0 + odds)
    assert rates[2] == pytest.approx(0.25, abs=1e-3)


@pytest.mark.parametrize(
    ("rate", "shift", "quiet", "expected"),
    [
        (0.25, 0.0, False, 0.25),
        (0.25, LN2, False, 2.0 / 5.0),  # odds 1:3 become 2:3
        (0.25, -LN2, False, 1.0 / 7.0),
        (0.0, 1.0, False, 0.0),
        (1.0, -1.0, False, 1.0),
        (0.25, 1.0, True, 0.0),
        (1.0, 0.0, True, 0.0),
    ],
)
def test_the_chance_of_a_session(rate, shift, quiet, expected):
    assert sessions.session_chance(rate, shift, quiet) == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize(("most", "kept"), [(0.0, 1.0), (0.25, 0.75), (1.0, math.exp(-1.5)), (100.0, math.exp(-1.5))])
def test_a_mood_leaves_a_share_of_the_odds_at_least(most, kept):
    assert sessions.odds_kept(most) == kept
    assert kept <= math.exp(-min(most, sessions.MOST_MOOD))


def test_answers_raise_the_odds_that_are_sure_to_be_too_few():
    # 0.25 * 2 logits at most: the odds 1:3 become at most 2:3, a chance of 2/5
    assert sessions.is_surely_away(RULES, 0.25, 2.0, 0.401)
    assert not sessions.is_surely_away(RULES, 0.25, 2.0, 0.399)
    # without an answer they stay 1:3
    assert sessions.is_surely_away(RULES, 0.25, 0.0, 0.251)
    assert not sessions.is_surely_away(RULES, 0.25, 0.0, 0.249)
    # however many answers, they become at most e^1.5:3, a chance of 0.599
    assert sessions.is_surely_away(RULES, 0.25, 1000.0, 0.6)
    assert not sessions.is_surely_away(RULES, 0.25, 1000.0, 0.598)


def test_annoyance_and_a_full_inbox_lower_the_odds_that_are_sure_to_be_enough():
    # 0.5 * 0.5 + 0.125 * 2 logits at most: the odds 1:3 become at least 1:6, a chance of 1/7
    assert sessions.is_surely_here(RULES, 0.25, 0.5, 2, 0.142)
    assert not sessions.is_surely_here(RULES, 0.25, 0.5, 2, 0.143)
    # with neither they stay 1:3
    assert sessions.is_surely_here(RULES, 0.25, 0.0, 0, 0.249)
    assert not sessions.is_surely_here(RULES, 0.25, 0.0, 0, 0.251)
    # however bad the mood, they become at least e^-1.5:3, a chance of 0.069
    assert sessions.is_surely_here(RULES, 0.25, 1000.0, 0, 0.069)
    assert not sessions.is_surely_here(RULES, 0.25, 1000.0, 0, 0.07)


@pytest.mark.parametrize("rate", [0.0, 1e-6, 0.03, 0.25, 0.9, 1.0])
@pytest.mark.parametrize("pleasure", [0.0, 0.3, 4.0, 50.0])
@pytest.mark.parametrize("annoyance", [0.0, 0.3, 4.0, 50.0])
@pytest.mark.parametrize("backlog", [0, 5])
def test_bounds_of_a_mood_tell_nothing_that_the_mood_does_not(rate, pleasure, annoyance, backlog):
    chance = sessions.session_chance(rate, sessions.mood(RULES, pleasure, annoyance, backlog), False)
    draws = [k / 512.0 for k in range(512)] + [chance * (1.0 + beyond) for beyond in (-1e-12, 0.0, 1e-12)]
    for u in [u for u in draws if 0.0 <= u < 1.0]:
        assert not (sessions.is_surely_away(RULES, rate, pleasure, u) and u < chance)
        assert not (sessions.is_surely_here(RULES, rate, annoyance, backlog, u) and u >= chance)


@pytest.mark.parametrize(
    ("beyond", "away", "here"), [(-2e-9, False, True), (-5e-10, False, False), (5e-10, False, False), (2e-9, True, False)]
)
def test_a_draw_that_rounding_could_bring_to_the_bound_is_not_surely_beyond_it(beyond, away, here):
    u = 0.25 * (1.0 + beyond)
    assert sessions.is_surely_away(RULES, 0.25, 0.0, u) == away
    assert sessions.is_surely_here(RULES, 0.25, 0.0, 0, u) == here


@pytest.mark.parametrize(("doubt", "quiet", "expected"), [(0.0, False, 0.8), (4.0, False, 0.4), (0.0, True, 0.08), (4.0, True, 0.04)])
def test_a_notification_is_heeded_the_less_the_more_unwelcome_items_were_announced(doubt, quiet, expected):
    assert sessions.heed_chance(RULES, doubt, quiet) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("notified", "muted", "visited", "expected"),
    [
        (8, False, False, True),
        (8, True, False, False),  # muted
        (8, False, True, False),  # it brought a visit on its own day
        (9, False, False, False),  # today's brings a look into the inbox, not a session
        (7, False, False, False),  # the day before yesterday's brings nobody any more
    ],
)
def test_yesterday_s_notification_may_bring_a_session(notified, muted, visited, expected):
    assert sessions.is_brought(notified, muted, visited, 9) is expected


def test_only_what_a_notification_has_announced_raises_doubts():
    assert [p for p in Presence if sessions.is_announced(p)] == [Presence.BROUGHT, Presence.LOOKS_IN]


def test_an_answer_adds_one_to_what_is_left_of_the_pleasure():
    assert sessions.pleased(RULES, 4.0, 10) == pytest.approx(3.0)
    assert sessions.pleased(RULES, 0.0, 10) == 1.0


def test_a_notification_of_today_may_bring_a_visit_to_who_is_there_and_hears_it():
    assert [day for day in range(7, 12) if sessions.is_notified(True, day, False, 9)] == [9]
    assert not sessions.is_notified(False, 9, False, 9)
    assert not sessions.is_notified(True, 9, True, 9)
