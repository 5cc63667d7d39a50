"""What a test measures, by hand: which items count, for whom, and that ends share what both are credited with."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.abtest.metrics import CREDITS, METRICS, WINDOW, credited, items_of, worth
from sim.decisions.codes import APPROACH, MEETING, NEW_TIE, NO_EXCHANGE, NO_ROLE, NO_TIE
from sim.decisions.constants import NEVER
from sim.state.columns import EVENT
from sim.state.memory import table
from tests.experiments.abtest.worlds_of import items


def events():
    e = table(EVENT, 5)
    e.day_sent, e.sender, e.recipient = [2, 10, 10, 11, 12], [0, 0, 1, 1, 2], [1, 1, 0, 2, 0]
    e.day_answered = [3, 10 + WINDOW, 11 + WINDOW, NEVER, 12]
    e.day_delivered = [2, 10, NEVER, 11, 12]
    e.role = [APPROACH, APPROACH, APPROACH, APPROACH, NO_ROLE]
    e.consequence, e.tie = [MEETING, MEETING, MEETING, NO_EXCHANGE, NO_EXCHANGE], [NO_TIE, NO_TIE, NO_TIE, NEW_TIE, NEW_TIE]
    e.unwelcome = [1, 1, 1, 0, 0]
    return e


def test_items_are_those_since_a_day_and_answers_count_within_the_window():
    found = items_of(events(), since=10)
    assert found.day.tolist() == [10, 10, 11, 12]
    assert found.answered.tolist() == [True, False, False, True]
    assert found.exchange.tolist() == [True, False, False, False]
    assert found.tie.tolist() == [False, False, True, True]  # the first of these crossed another: nobody answered it
    assert found.unwelcome.tolist() == [True, False, False, False]


@pytest.mark.parametrize(
    ("name", "x", "d"),
    [
        ("responses", [1, 0, 0, 0], None),
        ("response_rate", [1, 0, 0, 0], [1, 1, 1, 0]),
        ("connections", [0, 0, 1, 1], None),
        ("unwelcome", [1, 0, 0, 0], None),
        ("partners", [1, 0, 0, 0], None),
    ],
)
def test_an_item_is_worth_what_the_metric_says(name, x, d):
    worth_of, base = worth(items_of(events(), since=10), name, 10, 20)
    assert worth_of.tolist() == x
    assert (base if base is None else base.tolist()) == d


def test_two_are_partners_once_whoever_wrote():
    found = items([(1, 0, 1), (2, 1, 0), (3, 0, 2), (4, 2, 0), (5, 0, 1)])
    assert worth(found, "partners", 0, 9)[0].tolist() == [1, 0, 1, 0, 0]
    assert worth(found, "partners", 2, 4)[0].tolist() == [0, 1, 1, 0, 0]


def test_days_outside_do_not_count():
    found = items([(1, 0, 1), (2, 1, 0), (3, 0, 2)])
    assert worth(found, "responses", 2, 3)[0].tolist() == [0, 1, 0]


def test_each_credit_gives_the_same_in_all():
    found = items([(1, 0, 1), (1, 0, 2), (1, 2, 1)])
    x = np.array([1.0, 2.0, 4.0])
    assert credited(found, x, "initiator", 3).tolist() == [3, 0, 4]
    assert credited(found, x, "recipient", 3).tolist() == [0, 5, 2]
    assert credited(found, x, "both", 3).tolist() == [1.5, 2.5, 3.0]
    assert {credited(found, x, credit, 3).sum() for credit in CREDITS[:3]} == {7.0}


def test_margins_are_over_the_days_of_the_test():
    assert METRICS["unwelcome"].margin_over(28) == pytest.approx(4 * 0.02)
    assert METRICS["retention"].margin_over(28) == METRICS["retention"].margin == 0.005
