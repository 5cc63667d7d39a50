"""Rows of items are found by number; what is taken out of the record while a run goes on is the whole record in the end."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim import load_scenario, simulate
from sim.results.tables import event_table, intent_table
from sim.state.columns import EVENT
from sim.state.memory import table
from sim.state.record import Record, is_kept, numbers_of, row_of

SMALL = load_scenario(members=60, warm_up=20, days=65)


def test_old_items_are_found_among_those_carried_and_new_ones_behind_them():
    record = Record(table(EVENT, 9), np.array([3, 7, 20]), 40)
    assert [row_of(record, number) for number in (3, 7, 20, 40, 41, 45)] == [0, 1, 2, 3, 4, 8]
    assert numbers_of(record, 43).tolist() == [3, 7, 20, 40, 41, 42]
    plain = Record(table(EVENT, 9), np.zeros(0, np.int64), 0)
    assert [row_of(plain, number) for number in (0, 5)] == [0, 5]
    assert is_kept(plain)
    assert not is_kept(plain._replace(rows=table(EVENT, 0)))


class Taker:
    """Takes the record on some mornings."""

    def __init__(self, every, days):
        self.every, self.days, self.items, self.intents, self.left = every, days, [], [], []

    def last(self, _scenario, _arm):
        return None

    def passed(self, world):
        ended = world.day == self.days
        if ended or world.day % self.every == 0:
            numbers, items, intents = world.take_record(ended=ended)
            assert np.all(np.diff(numbers) > 0)
            self.items.append(pd.DataFrame(event_table(items, numbers, SMALL)))
            self.intents.append(pd.DataFrame(intent_table(intents)))
            self.left.append((world.recorded, len(world.waiting)))


@pytest.mark.parametrize("every", [1, 7, 1000])
def test_what_is_taken_away_is_the_whole_record(every):
    whole, days = simulate(SMALL, 3, events=True), SMALL.warm_up + SMALL.days
    taker = Taker(every, days)
    taken = simulate(SMALL, 3, events=True, moments=taker)
    items = pd.concat(taker.items).sort_values("item", ignore_index=True)
    pd.testing.assert_frame_equal(items, whole.to_pandas("events"), check_dtype=False)
    pd.testing.assert_frame_equal(pd.concat(taker.intents, ignore_index=True), whole.to_pandas("intents"), check_dtype=False)
    assert taken.events is None
    assert taken.intents is None
    assert taken.measures == whole.measures
    assert taker.left[-1][0] == 0
    assert all(rows <= waiting for rows, waiting in taker.left[:-1])  # what waits is all that is carried
