"""Streams of seeds: no two of a family have a number in common but those that are known to."""

from __future__ import annotations

import itertools

from experiments.inference import calibration
from experiments.runs.streams import CALIBRATION, IN_SEARCH, ROUND, SHARED, STEP, STUDIES, TAKEN_AGAIN, Stream


def test_only_the_streams_meet_that_are_known_to():
    meeting = {
        frozenset(pair)
        for family in (CALIBRATION, STUDIES)
        for pair in itertools.combinations(family, 2)
        if family[pair[0]].meets(family[pair[1]])
    }
    assert meeting == SHARED


def test_streams_meet_where_the_last_number_of_one_is_the_first_of_the_other():
    one = Stream(5, 3, "5, 6, 7")
    assert [one.meets(Stream(first, 2, "")) for first in (3, 4, 7, 8)] == [False, True, True, False]
    assert (one.first, one.last) == (5, 7)


def test_rounds_and_steps_stay_in_their_streams():
    rounds, steps = len(calibration.STARTS), calibration.STEPS
    assert rounds * ROUND <= STEP
    assert steps * STEP <= CALIBRATION["once more"].width
    assert rounds * ROUND <= CALIBRATION["again"].width
    assert max(calibration.REPEATED, calibration.HELD_RUNS) <= min(one.width for one in CALIBRATION.values())


def test_first_numbers_are_those_of_the_draws_that_are_shipped():
    assert {name: one.first for name, one in CALIBRATION.items()} == {
        "bank": 1,
        "again": 1_000_000,
        "twice": 2_000_000,
        "checked": 3_000_000,
        "shifted": 4_000_000,
        "screened": 4_000_000,
        "once more": 5_000_000,
        "conditioned": 6_000_000,
    }


def test_between_draws_that_are_taken_again_and_rounds_lie_as_many_numbers_as_ever():
    """Others would move what studies and calibrations of a seed have found."""
    assert (TAKEN_AGAIN, IN_SEARCH, STEP, ROUND) == (1_000_000, 1_000_000_000, 100_000, 10_000)
