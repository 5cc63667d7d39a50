"""What a visit reads: what is due, then known people, then the newest, and of one day by a draw; no more than attention allows."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from sim.columnar.reading_order import AT_LAST, FAMILIAR, NOT_YET, choose_to_read, comes_before, rank_of, take_up
from sim.decisions.codes import Kind, Outcome
from sim.randomness import RANK_KNOWN, draw
from sim.state.columns import ITEM, PAIR
from sim.state.memory import table

TODAY = SimpleNamespace(seed=3, day=9)
WAITING, READ, PUT_OFF = int(Outcome.WAITING), int(Outcome.READ), int(Outcome.LATER)


@pytest.fixture(autouse=True)
def _unsigned():
    """Plain NumPy warns where 64-bit hashes wrap around; compiled code does not, and neither is wrong."""
    with np.errstate(over="ignore"):
        yield


def inbox(*items):
    """Return items of member 0 as (day sent, whether a reply); all wait."""
    rows = table(ITEM, len(items))
    for k, (sent, reply) in enumerate(items):
        row = rows[k]
        row.sender, row.id, row.sent, row.outcome = 10 + k, k, sent, WAITING
        row.kind = int(Kind.REPLY) if reply else int(Kind.MESSAGE)
    return rows


def read(items, budget, known_first):
    """Return the places of the items that a visit reads; nobody but who replies is known."""
    u = draw(TODAY.seed, RANK_KNOWN, 0, TODAY.day, 0)
    p = SimpleNamespace(attention_rank_known=1.0 if known_first else u / 2.0)
    g = SimpleNamespace(index=np.zeros(4, np.uint32), pairs=table(PAIR, 1), sizes=np.zeros(10, np.int64))
    choose_to_read(p, g, items, 0, len(items), budget=budget, today=TODAY, i=0)
    assert not (items.outcome == FAMILIAR).any()
    return np.flatnonzero(items.outcome == NOT_YET).tolist()


def test_with_attention_for_just_as_many_all_are_read():
    assert read(inbox((1, False), (2, False)), 2, known_first=True) == [0, 1]


def test_known_people_come_first_and_then_the_newest():
    items = (3, False), (1, True), (5, False), (2, True)
    assert read(inbox(*items), 1, known_first=True) == [3]
    assert read(inbox(*items), 2, known_first=True) == [1, 3]
    assert read(inbox(*items), 3, known_first=True) == [1, 2, 3]
    assert read(inbox(*items), 2, known_first=False) == [0, 2]
    assert read(inbox(*items), 0, known_first=True) == []


def test_of_one_day_the_lower_draw_comes_first():
    items = inbox(*[(4, False)] * 5)
    order = sorted(range(5), key=lambda k: rank_of(items[k], TODAY, 0))
    assert order != [0, 1, 2, 3, 4]  # of this seed: so that the draw is seen to decide
    assert read(items.copy(), 1, known_first=True) == [order[0]]
    assert read(items.copy(), 2, known_first=True) == sorted(order[:2])
    assert comes_before(items[order[0]], items[order[1]], TODAY, 0)
    assert not comes_before(items[order[1]], items[order[0]], TODAY, 0)


def test_what_is_due_is_taken_up_first_as_far_as_attention_goes():
    items = inbox(*[(1, False)] * 5)
    items.outcome[:4] = PUT_OFF
    items.due = [9, 10, 8, 9, 0]
    assert take_up(items, 0, 5, 2, TODAY.day) == (2, 1)  # of three that are due two; one is unread
    assert items.outcome.tolist() == [AT_LAST, PUT_OFF, AT_LAST, PUT_OFF, WAITING]
