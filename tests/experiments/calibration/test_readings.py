"""What targets ask of a run besides patterns of messages: invitations, notes, days; both sides of each boundary."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.calibration import readings
from experiments.calibration.readings import READINGS
from sim.decisions.codes import Distance
from sim.results.values import Value
from tests.experiments.calibration.worlds import Invitations, asked, world


def invited(*rows, messages=(), selling=()):
    """Return a run with invitations (sender, recipient, day, accepted, noted, distance, approach), watched from day 5 to 100."""
    made = Invitations(*(np.array(column) for column in zip(*rows, strict=True)))
    return world(messages, begin=5.0, invitations=made, selling=selling)


STRANGER, SECOND = Distance.STRANGER, Distance.SECOND_DEGREE


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ((1, 2, 10, 40.0, False, STRANGER, True), (1.0, 1.0)),
        ((1, 2, 10, 40.5, False, STRANGER, True), (0.0, 1.0)),  # more than a month later
        ((1, 2, 10, math.inf, False, STRANGER, True), (0.0, 1.0)),
        ((1, 2, 5, 5.0, False, STRANGER, True), (1.0, 1.0)),  # on the first day that is looked at
        ((1, 2, 4, 5.0, False, STRANGER, True), None),
        ((1, 2, 70, 71.0, False, STRANGER, True), (1.0, 1.0)),  # a month before the end
        ((1, 2, 71, 71.0, False, STRANGER, True), None),
        ((1, 2, 10, 11.0, False, SECOND, True), None),
        ((1, 2, 10, 11.0, False, STRANGER, False), None),  # they had been in touch
    ],
)
def test_acceptance_is_of_first_contacts_watched_for_a_month(row, found):
    got = readings.acceptance(invited(row), "stranger")
    assert got == found if found else math.isnan(got.value)


def test_acceptance_with_a_connection_in_common():
    run = invited((1, 2, 10, 11.0, False, SECOND, True), (1, 3, 10, math.inf, True, SECOND, True), (1, 4, 10, 11.0, True, STRANGER, True))
    assert readings.acceptance(run, "second degree") == (0.5, 2.0)


def test_a_note_is_compared_over_styles_that_sell():
    """With a note 2 of 4 accept, without 1 of 4; whoever does not sell is not asked."""
    rows = [(1, 10 + k, 10, 11.0 if k in (0, 1, 4) else math.inf, k < 4, STRANGER, True) for k in range(8)]
    others = [(2, 20 + k, 10, 11.0, False, STRANGER, True) for k in range(5)]
    assert readings.note_ratio(invited(*rows, *others, selling=[1]), "accepted") == (2.0, 4.0)
    assert math.isnan(readings.note_ratio(invited(*others, selling=[1]), "accepted").value)
    assert math.isnan(readings.note_ratio(invited(*rows[:4], *rows[5:], selling=[1]), "accepted").value)  # nothing without a note


@pytest.mark.parametrize(
    ("message", "counts"), [((10, 1, 10.0), 1), ((10, 1, 40.0), 1), ((10, 1, 41.0), 0), ((10, 1, 9.0), 0), ((1, 10, 12.0), 0)]
)
def test_a_reply_comes_back_within_a_month_of_the_invitation(message, counts):
    rows = [(1, 10, 10, math.inf, True, STRANGER, True), (1, 11, 10, math.inf, False, STRANGER, True)]
    got = readings.note_ratio(invited(*rows, messages=[message, (11, 1, 12.0)], selling=[1]), "replied")
    assert got == (float(counts), 1.0)


def test_follow_ups_leave_out_pairs_begun_by_who_sells():
    rows = [(1, 2, 10.0), (1, 2, 11.0), (1, 2, 12.0), (3, 4, 10.0), (3, 4, 11.0)]
    assert readings.follow_ups(world(rows, selling=[1])) == (1.0, 1.0)
    assert readings.follow_ups(world(rows)) == (1.5, 2.0)


def test_degree_at_the_end_is_that_of_thirty_days():
    run = world(daily={"mean_degree": np.array([50.0, 10.0, *[60.0] * 30])})
    assert readings.degree_drift(run).value == pytest.approx(0.2)
    assert math.isnan(readings.degree_drift(world(daily={"mean_degree": np.zeros(40)})).value)


def test_volumes_are_per_active_member_after_the_warm_up():
    run = world(daily={"active": np.array([9.0, 10.0, 30.0])}, counted={"read": np.array([99, 3, 5])})
    assert readings.volume(run, "read") == (0.2, 40.0)
    assert math.isnan(readings.volume(world(daily={"active": np.zeros(3)}, counted={"read": np.zeros(3)}), "read").value)


def test_measures_are_those_of_the_run():
    run = world(measures={"x": Value(2.0, 8.0, 0.25), "y": Value(None, None, 0.5), "z": Value(0.0, 0.0, None)})
    assert readings.measure(run, "x") == (0.25, 8.0)
    assert readings.measure(run, "y").value == 0.5
    assert math.isnan(readings.measure(run, "z").value)
    assert math.isnan(readings.measure(run, "none").value)


def test_readings_go_by_their_names():
    assert all(name == one.__name__ == getattr(readings, name).__name__ for name, one in READINGS.items())
    assert READINGS["acceptance"](asked((False, 25, 0)), distance="stranger").value == 0.25
