"""A table of messages: its order, its end, and how many somebody had received in the days before a moment."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.calibration.patterns.messages import in_the_days_before, messages_of, share


def test_messages_stand_by_day_then_by_their_order_within_it():
    m = messages_of([1, 2, 3, 4], [5, 5, 5, 5], [2, 1, 1, 3], order=[0, 9, 8, 0])
    assert m.sender.tolist() == [3, 2, 1, 4]
    assert (m.begin, m.end) == (1.0, 3.0)
    assert messages_of([1, 2], [5, 5], [1, 1]).sender.tolist() == [1, 2]  # without an order, rows stand as they came


def test_what_was_sent_after_the_end_is_not_known_and_nobody_writes_to_themselves():
    m = messages_of([1, 2, 3], [5, 5, 3], [3.0, 3.1, 1.0], end=3.0)
    assert m.sender.tolist() == [1]
    assert messages_of([], [], []).end == 0.0


# Member 7 has events on days 1, 3 and 8; asked is about day 8 and 10, seven days back.
@pytest.mark.parametrize(
    ("at", "many"),
    [
        (8.0, 2),  # from day 1 on, which is seven days before; that of the moment itself is not before it
        (8.5, 2),  # days 3 and 8: day 1 is more than seven days before
        (10.0, 2),  # day 3 is just seven days before
        (10.1, 1),
        (1.0, 0),
        (15.0, 1),
        (15.1, 0),
    ],
)
def test_the_days_before_begin_seven_days_back_and_end_before_the_moment(at, many):
    who, when = np.array([7, 7, 7, 6]), np.array([1.0, 3.0, 8.0, 7.9])
    assert in_the_days_before(who, when, np.array([7]), np.array([at])).tolist() == [many]


def test_nobody_has_the_events_of_another():
    who, when = np.array([1, 2, 2]), np.array([100.0, 0.0, 1.0])
    assert in_the_days_before(who, when, np.array([1, 2, 3]), np.array([1.5, 1.5, 1.5])).tolist() == [0, 2, 0]
    assert in_the_days_before(np.zeros(0, int), np.zeros(0), np.zeros(0, int), np.zeros(0)).tolist() == []


def test_a_share_is_of_those_asked():
    found = share(np.array([True, True, False]), np.array([True, False, True]))
    assert found == (0.5, 2.0)
    assert math.isnan(share(np.array([True]), np.array([False])).value)
