"""Pairs by hand: first message, answer, delay, turns, follow-ups, and who could be watched for long enough; and the public log's figures."""

from __future__ import annotations

import math

import pytest

from experiments.calibration.patterns.messages import messages_of
from experiments.calibration.patterns.pairs import (
    answered_by,
    answered_within,
    follow_ups,
    goes_on,
    median_delay,
    messages_quantile,
    pairs_of,
    talkative,
)


def pairs(*rows, begin=None, end=None):
    """Return the pairs of messages (sender, recipient, day)."""
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    return pairs_of(messages_of(*columns, begin=begin, end=end))


def test_a_pair_is_unordered_and_its_answer_is_the_first_message_back():
    p = pairs((5, 2, 1.0), (5, 2, 2.0), (2, 5, 3.5), (5, 2, 4.0), (2, 9, 1.5), end=10.0)
    assert p.sender.tolist() == [5, 2]
    assert p.recipient.tolist() == [2, 9]
    assert p.day.tolist() == [1.0, 1.5]
    assert p.delay.tolist() == [2.5, math.inf]
    assert p.messages.tolist() == [4, 1]
    assert p.turns.tolist() == [3, 1]


def test_a_pair_that_wrote_before_is_left_out():
    p = pairs((1, 2, 0.9), (2, 1, 5.0), (1, 3, 1.0), begin=1.0, end=10.0)
    assert p.sender.tolist() == [1]
    assert p.recipient.tolist() == [3]


def test_no_messages_are_no_pairs():
    assert len(pairs().day) == 0
    assert math.isnan(answered_within(pairs(), 7).value)
    assert math.isnan(messages_quantile(pairs(), 0.5).value)
    assert math.isnan(follow_ups(pairs()).value)


def test_within_so_many_days_holds_on_the_day_itself():
    p = pairs((1, 2, 0.0), (2, 1, 7.0), (1, 3, 0.0), (3, 1, 7.1), (1, 4, 0.0), end=20.0)
    assert answered_within(p, 7.0) == (pytest.approx(1 / 3), 3.0)
    assert answered_within(p, 7.1) == (pytest.approx(2 / 3), 3.0)


def test_who_could_not_be_watched_for_so_long_is_not_asked():
    p = pairs((1, 2, 3.0), (1, 3, 3.25), end=10.0)
    assert answered_within(p, 7.0).out_of == 1.0  # day 3 has seven days behind it, 3.25 has not
    assert answered_within(p, 6.75).out_of == 2.0


def test_delays_go_by_the_clock_and_ask_for_answers_alone():
    """Sent at 23:30: an answer an hour later is one of the next day, one after 24 hours and a half one of the day after it."""
    late = 23.5 / 24.0
    p = pairs(
        (1, 2, late), (2, 1, late + 1 / 24), (1, 3, late), (3, 1, late + 24.6 / 24), (1, 4, late), (4, 1, 0.99), (1, 5, late), end=60.98
    )
    assert answered_by(p, 0) == (pytest.approx(1 / 3), 3.0)
    assert answered_by(p, 1) == (pytest.approx(2 / 3), 3.0)
    assert answered_by(p, 2) == (1.0, 3.0)
    assert answered_by(p, 0, watched=60.1).out_of == 0.0


def test_median_of_delays_is_in_hours():
    p = pairs((1, 2, 0.0), (2, 1, 0.5), (1, 3, 0.0), (3, 1, 1.0), (1, 4, 0.0), end=30.0)
    assert median_delay(p) == (18.0, 2.0)
    assert median_delay(p._replace(end=29.9)).out_of == 0.0


def test_messages_a_pair():
    rows = [(1, 2, float(k)) for k in range(11)] + [(1, 3, 0.0)] * 10 + [(1, 4, 0.0)]
    p = pairs(*rows, end=30.0)
    assert messages_quantile(p, 0.5) == (10.0, 3.0)
    assert messages_quantile(p, 1.0) == (11.0, 3.0)
    assert talkative(p) == (pytest.approx(1 / 3), 3.0)  # more than ten: ten are not
    assert talkative(p, above=9) == (pytest.approx(2 / 3), 3.0)
    assert talkative(p._replace(end=29.9)).out_of == 0.0


def test_a_talk_goes_on_by_turns_not_by_messages():
    """Turns: 1-2 has three (two messages of 1 are one turn), 1-3 two, 1-4 one."""
    p = pairs((1, 2, 0), (1, 2, 1), (2, 1, 2), (1, 2, 3), (1, 3, 0), (3, 1, 1), (3, 1, 2), (1, 4, 0), end=30.0)
    assert p.turns.tolist() == [3, 2, 1]
    assert goes_on(p, 1) == (pytest.approx(2 / 3), 3.0)
    assert goes_on(p, 2) == (0.5, 2.0)
    assert goes_on(p, 3) == (0.0, 1.0)
    assert math.isnan(goes_on(p, 4).value)
    assert goes_on(p._replace(end=29.9), 1).out_of == 0.0


def test_follow_ups_are_on_later_days_before_the_answer_and_count_once_a_day():
    rows = [
        (1, 2, 0.1),
        (1, 2, 0.9),  # of the same day: no follow-up
        (1, 2, 1.0),  # one
        (1, 2, 1.5),  # of one day with it
        (1, 2, 3.2),  # two
        (2, 1, 3.3),
        (1, 2, 4.0),  # after the answer: the talk goes on
        (1, 3, 0.0),
    ]
    p = pairs(*rows)
    assert p.followed.tolist() == [2, 0]
    assert follow_ups(p) == (1.0, 2.0)
    assert follow_ups(p, all_of_a_day=True) == (1.5, 2.0)
    assert follow_ups(p, p.recipient == 3) == (0.0, 1.0)


def test_two_pairs_on_one_day_do_not_lend_each_other_follow_ups():
    """Rows of a pair come after those of another: the first follow-up of 1-3 falls on the day of the last of 1-2."""
    p = pairs((1, 2, 0.0), (1, 2, 5.0), (1, 3, 0.0), (1, 3, 5.0))
    assert p.followed.tolist() == [1, 1]


def test_what_the_public_log_gives(log):
    """The figures of its published summary; follow-ups are .17 only if those of one day count once."""
    _, p = log
    assert len(p.day) == 13838
    for days, wanted in ((1, 0.341), (7, 0.424), (30, 0.458)):
        assert answered_within(p, days).value == pytest.approx(wanted, abs=5e-4)
    assert median_delay(p).value == pytest.approx(3.8, abs=0.05)
    for nights, wanted in ((0, 0.59), (1, 0.77), (7, 0.91), (14, 0.95)):
        assert answered_by(p, nights).value == pytest.approx(wanted, abs=6e-3)
    assert (messages_quantile(p, 0.5).value, messages_quantile(p, 0.99).value) == (2.0, 36.0)
    assert talkative(p).value == pytest.approx(0.085, abs=5e-4)
    for turns, wanted in ((2, 0.68), (4, 0.78), (6, 0.81), (10, 0.90)):
        assert goes_on(p, turns).value == pytest.approx(wanted, abs=5e-3)
    assert follow_ups(p).value == pytest.approx(0.171, abs=5e-4)
    assert follow_ups(p, all_of_a_day=True).value == pytest.approx(0.316, abs=5e-4)
