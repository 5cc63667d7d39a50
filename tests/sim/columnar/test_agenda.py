"""Agendas: what is due is taken out by day, in order of age; who has left for good does nothing any more."""

import types

import numpy as np

from sim.columnar.agenda import enter_into_agendas, number, strike_off, take_due, who_is_gone
from sim.decisions.constants import FAR
from sim.state.columns import AGENDA, MEMBER
from sim.state.memory import table
from sim.state.sorting import stable_order


def entries(*rows):
    """Return entries, each (owner, other, due)."""
    found = table(AGENDA, len(rows))
    for k, (owner, other, due) in enumerate(rows):
        found[k].owner, found[k].other, found[k].due = owner, other, due
    return found


def gone_of(count, *, away=(), gone=()):
    """Return who has left for good, of so many members of whom some are away under a ban, and some have left."""
    members = table(MEMBER, count)
    members.left = FAR
    members.left[list(gone)] = 3
    active = np.ones(count, np.int8)
    active[[*away, *gone]] = 0
    found = np.zeros(count, np.uint8)
    plain(who_is_gone)(count, types.SimpleNamespace(members=members, active=active), found)
    return found


def plain(kernel):
    """Return a kernel as Python runs it."""
    return getattr(kernel, "py_func", kernel)


def others(rows):
    return rows.other.tolist()


def test_who_left_for_good_is_gone_and_who_is_banned_is_not():
    assert gone_of(4, away=[0], gone=[2]).tolist() == [0, 0, 1, 0]


def test_who_was_gone_yesterday_is_not_asked_again_and_who_has_not_joined_is_not_asked():
    g = types.SimpleNamespace(members=table(MEMBER, 4), active=np.array([1, 0, 0, 0], np.int8))
    g.members.left = [FAR, 3, FAR, 3]
    found = np.array([0, 0, 1, 0], np.uint8)
    plain(who_is_gone)(3, g, found)
    assert found.tolist() == [0, 1, 1, 0]


def test_what_is_due_before_the_day_is_taken_and_the_rest_moves_up_both_in_their_order():
    rows, taken = entries((0, 1, 5), (1, 2, 7), (0, 3, 6), (2, 4, 8), (1, 5, 6)), table(AGENDA, 5)
    due, left = plain(take_due)(rows, 7, gone_of(3), taken)
    assert (due, left) == (3, 2)
    assert others(taken[:3]) == [1, 3, 5]
    assert others(rows[:2]) == [2, 4]


def test_what_somebody_who_left_was_to_do_goes_and_what_the_banned_were_to_do_waits_for_them():
    rows, taken = entries((0, 1, 5), (1, 2, 5), (2, 3, 5), (1, 4, 9)), table(AGENDA, 4)
    due, left = plain(take_due)(rows, 6, gone_of(3, away=[0], gone=[1]), taken)
    assert (due, left) == (2, 1)
    assert others(taken[:2]) == [1, 3]
    assert others(rows[:1]) == [4]  # it goes when it is due


def test_what_was_done_is_struck_off_and_so_is_what_nobody_will_do():
    rows = entries((0, 1, 1), (0, 2, 1), (1, 3, 1), (2, 4, 1), (2, 5, 1))
    left = plain(strike_off)(rows, np.array([1, 0, 0, 0, 1], np.uint8), gone_of(3, away=[2], gone=[1]))
    assert others(rows[:left]) == [2, 4]


def test_an_agenda_is_in_the_order_in_which_its_entries_were_planned_whenever_they_became_due():
    planned = entries((1, 10, 9), (0, 11, 2), (1, 12, 2), (1, 13, 5))
    plain(number)(planned, 100)
    assert planned.born.tolist() == [100, 101, 102, 103]
    gone, starts, agenda, old = gone_of(2), np.zeros(3, np.int64), table(AGENDA, 0), 0
    for day in (3, 6, 10):
        taken = table(AGENDA, len(planned))
        due, left = plain(take_due)(planned, day, gone, taken)
        planned, due = planned[:left], taken[:due]
        longer = table(AGENDA, old + len(due))
        longer[:old] = agenda[:old]
        agenda, order = longer, stable_order(due["owner"], 2)
        enter_into_agendas(agenda, old, due[order], starts)
        old = len(agenda)
    assert others(agenda) == [11, 10, 12, 13]  # the first of member 1 was planned first, and due last
    assert starts.tolist() == [0, 1, 4]
