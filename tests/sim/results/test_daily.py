"""Figures of each day: undefined while a window has not closed, and where nothing happened."""

from __future__ import annotations

import numpy as np
import pytest

from sim.decisions.constants import WEEK
from sim.decisions.counters import Daily
from sim.results.daily import DAILY_MEASURES, daily_measures, measure_of_evening
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


def test_a_window_as_long_as_the_run_or_longer_leaves_nothing():
    for days in (29, 30, 31):
        tally = new_tally(1, 1, 5, days)
        tally.daily[Daily.INVITATIONS], tally.daily[Daily.ACCEPTED] = 4, 1
        assert np.flatnonzero(daily_measures(tally)["acceptance_rate"] == 0.25).tolist() == ([0] if days == 31 else [])


# Each count of a day is another number; active are 50. A window leaves out the last days: 7, 30 and 60 of 100.
COUNTS = {
    Daily.APPROACHES: 10,
    Daily.STRANGER_MESSAGES: 20,
    Daily.STRANGER_REPLIED: 4,
    Daily.INVITATIONS: 40,
    Daily.ACCEPTED: 12,
    Daily.INTENTS: 25,
    Daily.SUCCESS: 8,
    Daily.DELIVERED: 60,
    Daily.UNWELCOME_DELIVERED: 15,
    Daily.UNWELCOME_READ: 5,
    Daily.REPORTS: 1,
    Daily.NEW_TIES: 6,
    Daily.REPLIES: 30,
    Daily.ACTIVE: 50,
    Daily.DEGREES: 500,
    Daily.RESTRICTED: 2,
    Daily.SESSIONS: 35,
    Daily.FIRST_MESSAGES: 902,
    Daily.FOLLOW_UPS: 903,
    Daily.COLD_INVITATIONS: 904,
    Daily.READ: 905,
    Daily.ALL_INTENTS: 906,
    Daily.QUIET: 907,
    Daily.TURNS: 908,
    Daily.CUT_SHORT: 909,
}
BY_DAY = {
    "approaches": (0.2, 0),
    "stranger_messages": (0.4, 0),
    "stranger_reply_rate": (0.2, 7),
    "invitations": (0.8, 0),
    "acceptance_rate": (0.3, 30),
    "intents": (0.5, 60),
    "intent_success": (0.32, 60),
    "delivered": (1.2, 0),
    "unwelcome_delivered": (0.3, 0),
    "unwelcome_read": (0.1, 0),
    "reports": (0.02, 0),
    "new_ties": (0.12, 0),
    "replies": (0.6, 0),
    "sessions": (0.7, 0),
    "active": (50.0, 0),
    "mean_degree": (10.0, 0),
    "restricted": (0.04, 0),
}


@pytest.mark.parametrize("name", DAILY_MEASURES)
def test_the_value_of_a_day_worked_out_by_hand(name):
    tally = new_tally(1, 1, 5, 100)
    for count, number in COUNTS.items():
        tally.daily[count] = number
    value, window = BY_DAY[name]
    found = daily_measures(tally)[name]
    assert found[: 100 - window].tolist() == [value] * (100 - window)
    assert np.isnan(found[100 - window :]).all()


def test_every_count_of_a_day_has_a_number_of_its_own():
    assert set(COUNTS) == set(Daily)
    assert len(set(COUNTS.values())) == len(Daily)


def test_one_is_enough_for_a_rate():
    tally = new_tally(1, 1, 0, 10)
    tally.daily[Daily.ACTIVE], tally.daily[Daily.REPLIES] = 1, 3
    assert set(daily_measures(tally)["replies"]) == {3.0}


def test_of_an_evening_is_known_what_its_day_or_the_day_whose_window_closes_gave():
    tally = new_tally(1, 1, 0, 12)
    tally.daily[Daily.ACTIVE], tally.daily[Daily.REPLIES] = 4, np.arange(12)
    tally.daily[Daily.STRANGER_MESSAGES], tally.daily[Daily.STRANGER_REPLIED] = 8, np.arange(12)
    tally.daily[Daily.STRANGER_MESSAGES, 2] = 0
    assert measure_of_evening("active", tally, 5) == 4.0
    assert measure_of_evening("replies", tally, 6) == 1.5
    rates = [measure_of_evening("stranger_reply_rate", tally, day) for day in range(11)]  # a week later
    assert np.array_equal(rates, [np.nan] * 7 + [0.0, 0.125, np.nan, 0.375], equal_nan=True)
