"""What a visit to the inbox takes in, on both sides of each boundary."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sim import Outcome
from sim.decisions import visits
from sim.decisions.constants import NEVER

RULES = SimpleNamespace(thread_stay=0.5)


@pytest.mark.parametrize(("unread", "budget", "left", "spare"), [(5, 3, 2, 0), (3, 3, 0, 0), (3, 4, 0, 1), (0, 4, 0, 4), (4, 0, 4, 0)])
def test_what_a_visit_cannot_read_stays_unread_and_what_it_need_not_is_left_for_later(unread, budget, left, spare):
    assert visits.left_unread(unread, budget) == left
    assert visits.attention_left(unread, budget) == spare


def test_an_item_counts_as_read_on_the_day_on_which_its_answer_was_put_off_and_not_once_more():
    assert visits.is_read_today(Outcome.READ, NEVER)
    assert visits.is_read_today(Outcome.ANSWERED, NEVER)
    assert visits.is_read_today(Outcome.PUT_OFF, 12)
    assert not visits.is_read_today(Outcome.ANSWERED, 12)
    assert not visits.is_read_today(Outcome.READ, 12)  # to answer has become pointless


def test_what_may_be_reported_is_unwelcome_and_gets_no_answer():
    answered = {Outcome.ANSWERED, Outcome.ACCEPTED, Outcome.OBLIGED, Outcome.PUT_OFF}
    assert {outcome for outcome in Outcome if not visits.may_be_reported(True, outcome)} == answered
    assert not any(visits.may_be_reported(False, outcome) for outcome in Outcome)


def test_an_answer_is_heard_by_whoever_is_there_with_attention_left():
    assert visits.can_hear(1, True)
    assert not visits.can_hear(0, True)
    assert not visits.can_hear(1, False)


def test_the_draw_says_who_stays_in_a_talk():
    assert visits.stays(RULES, 0.49)
    assert not visits.stays(RULES, 0.5)


def test_a_talk_has_sixteen_turns_a_day():
    assert [turn for turn in range(14, 19) if visits.is_cut_short(turn)] == [16, 17, 18]
