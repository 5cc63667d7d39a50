"""Figures of each day: undefined while a window has not closed, and where nothing happened."""

from __future__ import annotations

import numpy as np

from sim.decisions.constants import WEEK
from sim.decisions.counters import Daily
from sim.results.daily import DAILY_MEASURES, daily_measures
from sim.state.tally import new_tally

DAYS = 20


def figures():
    tally = new_tally(1, 1, 5, DAYS)
    tally.daily[Daily.ACTIVE] = 50
    tally.daily[Daily.ACTIVE, 3] = 0
    tally.daily[Daily.APPROACHES] = 25
    tally.daily[Daily.STRANGER_MESSAGES] = 10
    tally.daily[Daily.STRANGER_MESSAGES, 4] = 0
    tally.daily[Daily.STRANGER_REPLIED] = 2
    return daily_measures(tally)


def test_each_figure_has_an_entry_and_a_value_a_day():
    found = figures()
    assert set(found) == {"day", *DAILY_MEASURES}
    assert all(len(values) == DAYS for values in found.values())
    assert found["day"].tolist() == list(range(DAYS))


def test_a_figure_a_member_is_undefined_when_nobody_is_there():
    approaches = figures()["approaches"]
    assert np.flatnonzero(np.isnan(approaches)).tolist() == [3]
    assert set(approaches[~np.isnan(approaches)]) == {0.5}


def test_a_rate_is_undefined_for_the_last_days_whose_window_is_open():
    rate = figures()["stranger_reply_rate"]
    assert np.flatnonzero(np.isnan(rate)).tolist() == [4, *range(DAYS - WEEK, DAYS)]
    assert rate[DAYS - WEEK - 1] == 0.2


def test_a_window_longer_than_the_run_leaves_nothing():
    assert np.isnan(figures()["acceptance_rate"]).all()
