"""Threads that share a day's work: ranges end where each takes as long, and two works stand beside one another."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from sim.columnar.crew import LEAST_RANGE, Crew, evened


@pytest.fixture
def two():
    crew = Crew(2, 2 * LEAST_RANGE)
    yield crew
    crew.close()


def test_there_are_no_more_threads_than_members_are_worth():
    for threads, members, size in ((1, 10**6, 1), (4, LEAST_RANGE - 1, 1), (4, 3 * LEAST_RANGE, 3), (4, 0, 1), (2, 10**6, 2)):
        crew = Crew(threads, members)
        assert crew.size == size
        crew.close()


def test_ranges_meet_and_hold_all_members_and_what_is_found_is_in_their_order(two):
    for members in (4001, 7, 1, 0):
        ranges = two.share("a work", members, lambda k, begin, end: (k, begin, end))
        assert [k for k, _, _ in ranges] == [0, 1]
        assert ranges[0][1] == 0
        assert ranges[0][2] == ranges[1][1]
        assert ranges[1][2] == members
    alone = Crew(1, 4000)
    assert alone.share("a work", 4000, lambda *at: at) == [(0, 0, 4000)]


def test_ends_go_half_way_to_where_each_would_have_taken_as_long():
    """Of ends 0, 0.5, 1 the second range took three times as long: two thirds into it is half of the time."""
    assert evened([0.0, 0.5, 1.0], [1.0, 3.0]) == pytest.approx([0.0, 0.5 + 0.5 * (0.5 + 0.5 / 3 - 0.5), 1.0])
    assert evened([0.0, 0.2, 1.0], [2.0, 2.0]) == pytest.approx([0.0, 0.2, 1.0])
    assert evened([0.0, 0.5, 1.0], [0.0, 0.0]) == pytest.approx([0.0, 0.5, 1.0])
    ends = [0.0, 0.5, 1.0]
    for _ in range(20):  # the second half of the members costs twice as much as the first
        cost = np.interp(ends, [0.0, 0.5, 1.0], [0.0, 1.0, 3.0])
        ends = evened(ends, np.diff(cost))
    assert ends == pytest.approx([0.0, 0.625, 1.0], abs=0.01)


@pytest.mark.parametrize("seconds", [[0.0, 0.0156], [0.0156, 0.0], [0.0, 0.0156, 0.0], [0.0, 0.0, 0.0156]])
def test_a_coarse_clock_leaves_nobody_out(seconds):
    ends = np.linspace(0.0, 1.0, len(seconds) + 1).tolist()
    for _ in range(500):
        ends = evened(ends, seconds)
        assert (ends[0], ends[-1]) == (0.0, 1.0)
        assert (np.diff(ends) >= 0.0).all()


def test_each_work_has_ends_of_its_own(two):
    def heavy_at_the_end(_, begin, end):
        return sum(k * k for k in range(200 * max(begin, 3000), 200 * end))

    for _ in range(3):
        two.share("heavy", 4000, heavy_at_the_end)
    [_, (_, begin, _)] = two.share("heavy", 4000, lambda *at: at)
    assert begin > 2400
    assert two.share("other", 4000, lambda *at: at)[1][1] == 2000


def test_two_works_stand_beside_one_another_where_there_is_a_thread(two):
    meet = threading.Barrier(2, timeout=20)
    assert two.beside(lambda: (meet.wait(), "one")[1], lambda: (meet.wait(), "other")[1]) == ("one", "other")
    done = []
    alone = Crew(1, 4000)
    assert alone.beside(lambda: done.append(1), lambda: done.append(2)) == (None, None)
    assert done == [1, 2]


@pytest.mark.parametrize("failing", [0, 1])
def test_what_fails_in_any_thread_is_raised(two, failing):
    def work(k, *_):
        if k == failing:
            raise ValueError("too much")

    with pytest.raises(ValueError, match="too much"):
        two.share("a work", 4000, work)
    with pytest.raises(ValueError, match="too much"):
        two.beside(*(lambda k=k: work(k) for k in (0, 1)))
