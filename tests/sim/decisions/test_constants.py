"""Constants that ODD and the definitions of measures state in words: a week of seven days, windows, bounds."""

from __future__ import annotations

import re
import sys

from sim.decisions import constants, counters
from sim.decisions.common import decayed
from sim.state.columns import PAIR


def test_the_calendar_is_weeks_of_seven_days_and_months_of_thirty():
    assert (constants.WEEK, constants.MONTH) == (7, 30)


def test_windows_are_a_fortnight_for_an_answer_and_sixty_days_for_a_conversation():
    assert (constants.ANSWER_WINDOW, constants.STILL_IN_TOUCH, constants.TALK_WINDOW) == (14, 14, 60)


def test_names_of_counters_say_their_windows():
    numbers = {int(found[1]) for name in counters.COUNTERS if (found := re.search(r"_(\d+)$", name))}
    assert numbers == {2, 3, constants.WEEK, constants.MONTH, constants.TALK_WINDOW}  # 2 and 3 are exchanges


def test_a_day_before_every_other_and_one_after_fit_a_day_s_column():
    assert (constants.NEVER, constants.FAR) == (-30_000, 32_000)


def test_a_tie_of_one_exchange_is_dormant_after_three_half_lives():
    assert constants.DORMANT == 1.0 / 8.0
    assert abs(decayed(1.0, 90.0, 30.0) - constants.DORMANT) < 1e-15


def test_what_is_counted_of_a_pair_fits_its_column():
    assert (constants.MOST_EXCHANGES, constants.MOST_ASKS) == (200, 15)
    assert 2 ** (8 * PAIR["exchanges"].itemsize) > constants.MOST_EXCHANGES
    assert constants.MOST_ASKS == 2**4 - 1  # four bits


def test_how_far_a_search_goes():
    assert (constants.MOST_CONTACTS, constants.RACE, constants.REDRAWS, constants.COMPACTION_DAYS) == (2000.0, 16, 5, 90)


def test_a_profile_hides_half_of_itself_at_second_degree_and_all_beyond():
    assert constants.HIDDEN == (0.0, 0.0, 0.5, 1.0)


def test_what_is_surely_beyond_a_bound_lies_above_it_by_more_than_some_roundings():
    assert 1.0 + 100 * sys.float_info.epsilon < constants.SURELY < 1.0 + 1e-6
