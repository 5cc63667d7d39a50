"""The bootstrap by sender, on logs whose spread is known."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.calibration.bootstrap import centred, draws_of, intervals, of_pairs, resampled
from experiments.calibration.described import DESCRIBED, described
from experiments.calibration.patterns.messages import messages_of
from experiments.calibration.seen import Asked, seen_of

NAMES = list(DESCRIBED)


def log_of(answered, each):
    """Return a log in which sender k writes `each` first messages, all of which are answered if `answered[k]`."""
    rows = []
    for k, yes in enumerate(answered):
        for j in range(each):
            other = len(answered) + k * each + j
            rows.append((k, other, float(j % 10)))
            if yes:
                rows.append((other, k, float(j % 10) + 1.0))
    rows.append((0, 10**4, 60.0))
    sender, recipient, day = zip(*sorted(rows, key=lambda row: row[2]), strict=True)
    messages = messages_of(sender, recipient, day)
    return seen_of(messages, messages, None)


def test_who_is_drawn_brings_all_that_they_sent_and_twice_is_two_people():
    seen = log_of([True, False, True], each=2)
    again = resampled(seen, np.array([0, 0] + [2] * (seen.people - 2)))
    assert np.bincount(again.pairs.sender)[:2].tolist() == [3, 3]  # two, and the last row
    assert np.bincount(again.pairs.sender)[2:].tolist() == [2] * (seen.people - 2)
    assert len(again.written) == seen.people


def test_drawing_everybody_once_changes_no_figure():
    seen = log_of([True, False, True, True], each=9)
    asked = Asked(np.array([0, 1, 1]), np.array([1.0, 2.0, 3.0]), np.array([1.0, 0.0, 1.0]), np.array([True, False, False]))
    seen = seen._replace(asked=asked)
    same = described(resampled(seen, np.arange(seen.people)))
    for name, one in described(seen).items():
        assert same[name].value == pytest.approx(one.value, nan_ok=True), name


def test_the_spread_is_that_of_senders_and_not_of_messages():
    """20 senders, of 50 messages each, half of whom are always answered: the error is sqrt(.25 / 20), not sqrt(.25 / 1000)."""
    seen = log_of([k % 2 == 0 for k in range(20)], each=50)
    column = draws_of(seen, 600, seed=3)[:, NAMES.index("reply_7")]
    known = column[np.isfinite(column)]
    # who sent nothing is drawn too: the number of senders varies, which adds little
    assert known.std() == pytest.approx(np.sqrt(0.25 / 20), rel=0.15)


def test_of_one_member_pairs_are_drawn():
    seen = log_of([True] + [False] * 3, each=100)
    one = of_pairs(seen, np.flatnonzero(seen.pairs.sender == 0))
    half = one._replace(pairs=one.pairs._replace(answered=np.where(np.arange(101) % 2 == 0, np.inf, one.pairs.answered)))
    column = draws_of(half, 400, seed=1, alone=True)[:, NAMES.index("reply_7")]
    assert column.std() == pytest.approx(np.sqrt(0.25 / 100), rel=0.15)


def test_the_bias_of_the_draws_is_taken_out_and_the_interval_is_of_percentiles():
    draws = np.arange(101.0)[:, None] * np.array([1.0, np.nan])
    moved = centred(draws, np.array([7.0, np.nan]))
    assert moved[:, 0].mean() == pytest.approx(7.0)
    low, high = intervals(moved)
    assert (low[0], high[0]) == pytest.approx((-43.0 + 2.5, 57.0 - 2.5))
    assert np.isnan(low[1])


def test_draws_are_the_same_for_the_same_seed():
    seen = log_of([True, False] * 6, each=5)
    assert np.array_equal(draws_of(seen, 5, 4), draws_of(seen, 5, 4), equal_nan=True)
    assert not np.array_equal(draws_of(seen, 5, 4), draws_of(seen, 5, 5), equal_nan=True)
