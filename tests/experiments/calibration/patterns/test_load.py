"""Answers by load, by hand: both ends of each span, who was as busy, ratios, and the fall a doubling; and the public log's figures."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.calibration.patterns.load import answered_at, answered_of_all, fall_per_doubling, ratio_at
from experiments.calibration.patterns.messages import Messages, messages_of
from experiments.calibration.patterns.pairs import pairs_of


def table(*rows, begin=0.0, end=100.0):
    m = messages_of(*zip(*rows, strict=True), begin=begin, end=end)
    return m, pairs_of(m)


def received(many, at=50.0, answered=None):
    """Member 1 gets so many messages on the six days before a first message of 99, which may be answered."""
    rows = [(10, 1, at - 6.0)] * many + [(99, 1, at)]
    return [*rows, *([(1, 99, answered)] if answered is not None else [])]


def only(m, p, span, sent=(0, 10**9)):
    """Return what is asked of the pair 99-1 alone."""
    return answered_at(m, p._replace(**{name: getattr(p, name)[p.sender == 99] for name in p._fields if name != "end"}), span, sent)


@pytest.mark.parametrize(("many", "inside"), [(0, False), (1, True), (4, True), (5, False)])
def test_a_span_holds_both_its_ends(many, inside):
    assert only(*table(*received(many)), (1, 4)).out_of == inside


def test_an_answer_within_seven_days_counts_one_later_does_not():
    assert only(*table(*received(2, answered=57.0)), (1, 4)) == (1.0, 1.0)
    assert only(*table(*received(2, answered=57.1)), (1, 4)) == (0.0, 1.0)


def test_who_could_not_be_watched_for_a_week_is_not_asked():
    rows = received(2)
    assert only(*table(*rows, end=57.0), (1, 4)).out_of == 1.0
    assert only(*table(*rows, end=56.9), (1, 4)).out_of == 0.0


@pytest.mark.parametrize(("wrote", "inside"), [(4, False), (5, True), (19, True), (20, False)])
def test_the_as_busy_are_those_who_sent_as_much_in_those_days(wrote, inside):
    rows = [*received(2), *[(1, 20, 45.0)] * wrote, *[(1, 20, 42.9)] * 9]  # nine more than seven days before
    assert only(*table(*rows), (1, 4), (5, 19)).out_of == inside


def load_table(low, high):
    """A hundred first messages to recipients with nothing in their inbox, and a hundred to such with one item; so many are answered."""
    rows = []
    for k in range(100):
        a, b, c = 1000 + k, 2000 + k, 3000 + k
        rows += [(a, b, 50.0), *([(b, a, 51.0)] if k < low else [])]
        rows += [(1, c, 10.0), (c, 1, 10.0), (1, c, 49.0), (4000 + k, c, 50.0), *([(c, 4000 + k, 51.0)] if k < high else [])]
    return table(*rows, begin=20.0)


def test_a_ratio_is_of_two_shares_and_wants_enough_of_both():
    m, p = load_table(40, 50)
    assert answered_at(m, p, (0, 0)) == (pytest.approx(0.4), 100.0)
    assert answered_at(m, p, (1, 4)) == (pytest.approx(0.5), 100.0)
    assert ratio_at(m, p, (1, 4), (0, 0)) == (pytest.approx(1.25), 100.0)
    assert ratio_at(m, p, (1, 4), (0, 0), least=100).value == pytest.approx(1.25)
    assert math.isnan(ratio_at(m, p, (1, 4), (0, 0), least=101).value)
    assert math.isnan(ratio_at(*load_table(0, 50), (1, 4), (0, 0)).value)


def test_a_message_is_answered_by_the_next_between_the_two():
    m, _ = table((1, 2, 10.0), (1, 2, 11.0), (2, 1, 12.0), (1, 2, 45.0), begin=0.0)
    # the first is followed by another of its own, the second answered, the third answered after 33 days, the last never
    assert answered_of_all(m, (0, 9), 30.0) == (0.25, 4.0)
    assert answered_of_all(m, (0, 9), 33.0) == (0.5, 4.0)
    assert answered_of_all(m, (1, 1), 30.0) == (1.0, 1.0)  # 2 had received one in the 7 days before the second message
    assert answered_of_all(m._replace(begin=10.5), (0, 9), 30.0).out_of == 3.0
    assert answered_of_all(m._replace(end=74.9), (0, 9), 30.0).out_of == 3.0


def falling(shares):
    """Return messages of which recipients with a load of 1, 2 and 4 answer these shares of 1,000 each.

    Each recipient has a load of its own by day 50, from one who never gets an answer; what is asked is sent on day 50.
    """
    sender, recipient, day = [], [], []
    for load, part in zip((1, 2, 4), shares, strict=True):
        for k in range(1000):
            who = 10_000 * load + k
            sender += [1] * load + [100_000 + who]
            recipient += [who] * (load + 1)
            day += [49.0] * load + [50.0]
            if k < 1000 * part:
                sender.append(who)
                recipient.append(100_000 + who)
                day.append(51.0)
    m = messages_of(np.array(sender), np.array(recipient), np.array(day))
    return Messages(m.sender, m.recipient, m.day, 50.0, 81.0)


def test_the_fall_a_doubling_is_that_of_the_share():
    """Shares of .4, .3 and .225: a quarter less at each doubling. Answers go to members with no load, which is not asked for."""
    assert fall_per_doubling(falling((0.4, 0.3, 0.225)), 30.0) == (pytest.approx(0.25), 3000.0)
    assert fall_per_doubling(falling((0.3, 0.3, 0.3)), 30.0).value == pytest.approx(0.0, abs=1e-9)
    assert fall_per_doubling(falling((0.2, 0.3, 0.45)), 30.0).value == pytest.approx(-0.5)


def test_loads_that_hardly_occur_are_not_asked_for():
    m = falling((0.4, 0.3, 0.225))
    assert fall_per_doubling(m, 30.0, least=1000).out_of == 3000.0
    assert math.isnan(fall_per_doubling(m, 30.0, least=1001).value)
    assert math.isnan(fall_per_doubling(messages_of([], [], []), 30.0).value)


def test_what_the_public_log_gives(log):
    spans = ((0, 0), (1, 4), (5, 19), (20, 49))
    raw = [answered_at(*log, span).value for span in spans]
    assert raw == pytest.approx([0.30, 0.40, 0.46, 0.50], abs=5e-3)
    matched = [answered_at(*log, span, (5, 19)).value for span in ((5, 9), (10, 19), (20, 49))]
    assert matched == pytest.approx([0.52, 0.48, 0.43], abs=5e-3)
    assert [ratio_at(*log, span, (0, 0)).value for span in spans[1:]] == pytest.approx([1.34, 1.53, 1.65], abs=6e-3)
    assert [ratio_at(*log, span, (5, 9), (5, 19)).value for span in ((10, 19), (20, 49))] == pytest.approx([0.91, 0.83], abs=6e-3)
    assert fall_per_doubling(log[0], 30.0).value == pytest.approx(-0.03, abs=5e-3)  # students: it does not fall
