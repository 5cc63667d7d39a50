"""What items are worth, by hand: rows are those that count, between units, and credited to either end."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.abtest.counts import Counts, Rows
from tests.experiments.abtest.worlds_of import items

THERE = np.array([True, True, False])  # of three members, the last is no unit


@pytest.fixture
def counts():
    """Return items on days 1, 2, 2 and 5, the third of which nobody answered."""
    found = items([(1, 0, 1), (2, 0, 2), (2, 1, 0), (5, 0, 1)])
    return Counts(found._replace(answered=np.array([True, True, False, True])), THERE)


def test_rows_are_the_items_that_are_worth_something(counts):
    rows = counts.rows("responses", 2, 9)
    assert (rows.day.tolist(), rows.sender.tolist(), rows.recipient.tolist()) == ([2, 5], [0, 0], [2, 1])
    assert (rows.x.tolist(), rows.x.dtype, rows.d) == ([1.0, 1.0], np.float64, None)


def test_of_a_ratio_they_are_the_items_of_its_denominator(counts):
    rows = counts.rows("response_rate", 2, 5)
    assert (rows.sender.tolist(), rows.x.tolist(), rows.d.tolist()) == ([0, 1], [1.0, 0.0], [1.0, 1.0])


def test_between_units_both_ends_are_units(counts):
    assert counts.between("responses", 0, 9).recipient.tolist() == [1, 1]


def test_sums_go_to_the_end_that_is_credited(counts):
    assert [counts.sums("responses", credit, 0, 9)[0].tolist() for credit in ("initiator", "recipient", "both")] == [
        [3.0, 0.0, 0.0],
        [0.0, 2.0, 1.0],
        [1.5, 1.0, 0.5],
    ]
    y, d = counts.sums("response_rate", "initiator", 0, 9)
    assert (y.tolist(), d.tolist()) == ([3.0, 0.0, 0.0], [3.0, 1.0, 0.0])


def test_times_and_metrics_are_told_apart(counts):
    assert counts.sums("responses", "initiator", 0, 2)[0].tolist() == [1.0, 0.0, 0.0]
    assert counts.sums("responses", "initiator", 0, 3)[0].tolist() == [2.0, 0.0, 0.0]
    assert counts.sums("connections", "initiator", 0, 2)[0].tolist() == [1.0, 0.0, 0.0]


def test_contacts_are_pairs_of_whom_one_wrote_to_the_other_before(counts):
    assert counts.contacts(2).tolist() == [[0, 1]]
    assert counts.contacts(3).tolist() == [[0, 1], [0, 2]]
    with_intents = counts.items._replace(intent=np.array([False, True, False, False]))
    assert Counts(with_intents, THERE).contacts(3).tolist() == [[0, 1]]


def test_rows_one_after_another_keep_their_columns():
    one = Rows(*(np.array([k]) for k in range(4)), d=None)
    other = Rows(*(np.array([k, 10 + k]) for k in range(4)), d=None)
    assert [column.tolist() for column in one.joined(other)[:4]] == [[k, k, 10 + k] for k in range(4)]
    assert one.joined(other).d is None
    ratio = one._replace(d=np.array([9.0]))
    assert ratio.joined(ratio).where(np.array([False, True])).d.tolist() == [9.0]
