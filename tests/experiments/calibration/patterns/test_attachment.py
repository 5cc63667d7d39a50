"""Attachment by hand: time at degrees, degree at a moment, and a slope that was put there; and what the public log gives."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.calibration.patterns.attachment import Degrees, degree_at, of_first_messages, realised, time_at
from experiments.calibration.patterns.messages import messages_of
from experiments.calibration.patterns.pairs import pairs_of


def degrees(steps, there, begin=0.0, end=10.0):
    member, day = (np.array(column) for column in zip(*steps, strict=True)) if steps else (np.zeros(0, int), np.zeros(0))
    return Degrees(member, day, np.array(there), begin, end)


def test_days_at_each_degree():
    """Member 0 has degree 0 for 2 days, 1 for 3, 2 for 5; member 1 is there from day 4 on with degree 1; member 2 never."""
    d = degrees([(0, 2.0), (0, 5.0), (1, 3.0), (2, 1.0)], [0.0, 4.0, math.inf])
    assert time_at(d).tolist() == [2.0, 9.0, 5.0]


def test_days_count_between_begin_and_end():
    d = degrees([(0, -3.0), (0, 2.0), (0, 12.0)], [-9.0], begin=1.0, end=10.0)
    assert time_at(d).tolist()[:3] == [0.0, 1.0, 8.0]
    assert time_at(degrees([], [3.0])).tolist() == [7.0]


def test_the_degree_is_that_just_before():
    d = degrees([(0, 2.0), (0, 5.0), (1, 3.0)], [0.0, 0.0])
    at = [(0, 2.0), (0, 2.1), (0, 5.0), (0, 5.1), (1, 3.0), (1, 9.0), (0, 40.0)]
    assert degree_at(d, *map(np.array, zip(*at, strict=True))).tolist() == [0, 1, 1, 2, 0, 1, 2]


@pytest.mark.parametrize("exponent", [0.0, 1.0, 2.0])
def test_a_slope_that_was_put_there_is_found(exponent):
    """Members of degree 0, 1, 3 and 7 for all the time: those of degree d are chosen in proportion to (d + 1) to the exponent."""
    levels = (0, 1, 3, 7)
    steps = [(k, -1.0) for k, level in enumerate(levels) for _ in range(level)]
    chosen = np.concatenate([np.full(int(20 * (level + 1) ** exponent), k) for k, level in enumerate(levels)])
    found = realised(degrees(steps, [0.0] * 4), chosen, np.full(len(chosen), 5.0))
    assert found == (pytest.approx(exponent, abs=1e-9), float(len(chosen)))


def test_who_is_not_there_is_not_chosen_and_few_choices_say_nothing():
    steps, many = [(1, -1.0)], 20
    chosen = np.repeat([0, 1], many)
    when = np.full(2 * many, 5.0)
    assert realised(degrees(steps, [0.0, 0.0]), chosen, when).out_of == 2.0 * many
    assert math.isnan(realised(degrees(steps, [0.0, 5.1]), chosen, when).value)  # chosen before she was there
    assert realised(degrees(steps, [0.0, 5.0]), chosen, when).out_of == 2.0 * many
    assert math.isnan(realised(degrees(steps, [0.0, 0.0]), chosen, np.full(2 * many, 10.1)).value)  # after the end
    assert math.isnan(realised(degrees(steps, [0.0, 0.0]), chosen[1:], when[1:]).value)  # nineteen at degree 0
    assert math.isnan(realised(degrees(steps, [0.0, 0.0]), chosen, when, least=1).value)  # degree 0 is not looked at


def test_of_messages_the_degree_is_how_many_one_knew_before():
    """Hubs 0 to 19 knew four before the table's time and get five more; those that knew one get one: more go to those who knew more."""
    rows, other = [], 1000
    for hub in range(40):
        knew, gets = (4, 5) if hub < 20 else (1, 1)
        for _ in range(knew):
            rows.append((other, hub, 0.0))
            other += 1
        for k in range(gets):
            rows.append((other, hub, 10.0 + k))
            other += 1
    m = messages_of(*zip(*rows, strict=True), begin=5.0, end=20.0)
    found = of_first_messages(m, pairs_of(m))
    assert found.value > 0.5
    assert found.out_of == 120.0
    assert math.isnan(of_first_messages(messages_of([], [], []), pairs_of(messages_of([], [], []))).value)


def test_what_the_public_log_gives(log):
    assert of_first_messages(*log).value == pytest.approx(0.41, abs=0.01)
