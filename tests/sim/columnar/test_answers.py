"""Answers that nobody hears are taken out of those of a talk."""

from __future__ import annotations

import pytest

from sim.columnar.answers import take_unheard
from sim.decisions.codes import ANSWERED, READ, WAITING
from sim.state.columns import ITEM
from sim.state.memory import table


def answers(*outcomes):
    rows = table(ITEM, len(outcomes))
    rows.outcome, rows.id = outcomes, range(len(outcomes))
    return rows


@pytest.mark.parametrize("taken_by", [take_unheard, take_unheard.py_func])
@pytest.mark.parametrize(
    ("outcomes", "unheard", "heard"),
    [
        ((), [], []),
        ((WAITING, WAITING), [0, 1], []),
        ((READ, ANSWERED), [], [0, 1]),
        ((READ, WAITING, ANSWERED, WAITING, READ), [1, 3], [0, 2, 4]),
    ],
)
def test_those_that_wait_are_taken_and_the_others_move_up(taken_by, outcomes, unheard, heard):
    rows, taken = answers(*outcomes), table(ITEM, len(outcomes))
    count = taken_by(rows, taken)
    assert taken.id[:count].tolist() == unheard
    assert rows.id[: len(rows) - count].tolist() == heard
