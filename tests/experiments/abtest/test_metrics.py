"""What a test measures, by hand: which items count, for whom, and that ends share what both are credited with."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.abtest.metrics import CREDITS, METRICS, WINDOW, credited, exchanges_of, intents_of, items_of, worth
from sim.decisions.codes import (
    APPROACH,
    INQUIRY,
    MEETING,
    NEW_TIE,
    NO_EXCHANGE,
    NO_ROLE,
    NO_TIE,
    PRESS_MESSAGE,
    PROMOTION,
    RELATIONSHIP,
    WALK_AWAY,
)
from sim.decisions.constants import NEVER
from sim.state.columns import EVENT, JUDGED
from sim.state.memory import table
from tests.experiments.abtest.worlds_of import base, items


def events():
    e = table(EVENT, 5)
    e.day_sent, e.sender, e.recipient = [2, 10, 10, 11, 12], [0, 0, 1, 1, 2], [1, 1, 0, 2, 0]
    e.day_answered = [3, 10 + WINDOW, 11 + WINDOW, NEVER, 12]
    e.day_delivered = [2, 10, NEVER, 11, 12]
    e.role = [APPROACH, APPROACH, APPROACH, APPROACH, NO_ROLE]
    e.consequence, e.tie = [MEETING, MEETING, MEETING, NO_EXCHANGE, NO_EXCHANGE], [NO_TIE, NO_TIE, NO_TIE, NEW_TIE, NEW_TIE]
    e.unwelcome = [1, 1, 1, 0, 0]
    return e


def test_answers_of_items_count_within_the_window():
    found = items_of(events()[1:])
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
        ("intent_success", [0, 0, 0, 0], [0, 0, 0, 0]),
    ],
)
def test_an_item_is_worth_what_the_metric_says(name, x, d):
    worth_of, base = worth(items_of(events()[1:]), name, 10, 20)
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


def intents(rows):
    made = table(JUDGED, len(rows))
    made.arose, made.member, made.other, made.purpose, made.button = zip(*rows, strict=True)
    return made


def test_an_intent_succeeds_by_an_exchange_of_the_two_within_the_window():
    e = events()  # exchanges: 0 and 1 on days 3, 10 + WINDOW, and 11 + WINDOW
    rows = [
        (10, 0, 1, INQUIRY, PRESS_MESSAGE),  # on the last day of the window
        (9, 1, 0, RELATIONSHIP, PRESS_MESSAGE),  # a day too late
        (11 + WINDOW, 0, 1, INQUIRY, PRESS_MESSAGE),  # on the day itself
        (12 + WINDOW, 0, 1, INQUIRY, PRESS_MESSAGE),  # before it
        (10, 0, 1, INQUIRY, WALK_AWAY),
        (10, 0, 1, PROMOTION, PRESS_MESSAGE),
        (10, 2, -1, INQUIRY, PRESS_MESSAGE),
        (10, 1, 2, INQUIRY, PRESS_MESSAGE),
    ]
    found = intents_of(intents(rows), exchanges_of(e))
    assert found.success.tolist() == [True, False, True, False, False, False, False]
    assert found.recipient.tolist() == [1, 0, 1, 1, 1, 2, 2]
    assert found.intent.all()
    both = items_of(e).joined(found)
    x, d = worth(both, "intent_success", 9, 11)
    assert (x.sum(), d.sum()) == (1, 5)
    assert worth(both, "responses", 9, 40)[0].sum() == worth(items_of(e), "responses", 9, 40)[0].sum()
    halves = exchanges_of(e[:2]).joined(exchanges_of(e[2:]))
    assert intents_of(intents(rows), halves).success.tolist() == found.success.tolist()
    assert intents_of(intents(rows), exchanges_of(table(EVENT, 0))).success.sum() == 0


def test_questions_succeed_in_a_run_as_the_model_judges_them():
    from sim.columnar.engine import final_state_of
    from sim.population.initialization import begin, source_of
    from sim.simulation import lived_until

    scenario = base(members=150, warm_up=75, days=14)
    state = final_state_of(lived_until(begin(scenario, 3, 3, source_of(scenario, None), events=True), 75))
    rows = state.intents[state.intents["purpose"] != PROMOTION]
    judged = (rows["judged"] >= 0) & (rows["purpose"] == INQUIRY)
    mine, models = intents_of(state.intents, exchanges_of(state.events)).success[judged], rows["success"][judged] == 1
    assert models.sum() > 20
    assert (mine == models).mean() > 0.99  # but for a question that was answered by an acceptance alone
