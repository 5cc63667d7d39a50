"""A budget of minutes: what the clock decided is kept, and the clock can only cut what is planned."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from experiments.analyses import time_budget
from experiments.analyses.time_budget import BUDGET, Budget, sample
from experiments.runs.study import Point


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands unless it is moved."""
    at = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(time_budget.time, "perf_counter", lambda: at.now)
    return at


def test_time_goes_by_and_is_handed_on(clock, tmp_path):
    budget = Budget(tmp_path, 2.0)
    clock.now += 30.0
    assert (budget.spent, budget.left(1.0), budget.left(0.5)) == (30.0, 90.0, 30.0)
    budget.save()
    clock.now += 1000.0  # between two commands
    again = Budget(tmp_path, 2.0)
    assert again.spent == 30.0
    assert Budget(tmp_path, 3.0).spent == 0.0  # each number of minutes has its own


def test_what_was_decided_once_stays(clock, tmp_path):
    assert Budget(tmp_path, 2.0).decide("pairs", lambda: 7) == 7
    assert Budget(tmp_path, 2.0).decide("pairs", lambda: 9) == 7
    assert Budget(tmp_path, 3.0).decide("pairs", lambda: 9) == 9
    assert json.loads((tmp_path / BUDGET).read_text())["2"]["decided"] == {"pairs": 7}


@pytest.mark.parametrize(("pace", "pairs"), [(1.0, 54), (2.0, 27), (6.0, 9), (50.0, 8)])
def test_pairs_are_nine_tenths_of_the_time_by_the_pace_and_the_least_in_any_case(pace, pairs, clock, tmp_path, monkeypatch):
    monkeypatch.setattr(time_budget, "pace", lambda *_: pace)
    assert Budget(tmp_path, 1.0).pairs(None, [], 8) == pairs


def rounds(clock, folder, *, takes, wanted=10, least=2, block=3):
    done = []

    def work(first, last):
        done.append((first, last))
        clock.now += takes * (last - first)

    return Budget(folder, 1.0).through("rounds", wanted, least, work, block), done


def test_all_rounds_are_done_in_blocks_if_there_is_time(clock, tmp_path):
    assert rounds(clock, tmp_path, takes=1.0) == (10, [(0, 3), (3, 6), (6, 9), (9, 10)])


def test_the_clock_cuts_between_blocks_and_never_below_the_least(clock, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    assert rounds(clock, tmp_path / "a", takes=17.9) == (6, [(0, 3), (3, 6)])
    assert rounds(clock, tmp_path / "b", takes=1000.0, least=5) == (5, [(0, 5)])


def test_who_goes_on_does_as_many_rounds_as_were_done(clock, tmp_path):
    (tmp_path / "a").mkdir()
    assert rounds(clock, tmp_path / "a", takes=18.1)[0] == 3
    assert rounds(clock, tmp_path / "a", takes=0.0)[0] == 3
    assert rounds(clock, tmp_path / "a", takes=1000.0)[0] == 3


def test_a_sample_is_from_all_over():
    points = [Point(k, {}) for k in range(100)]
    assert [point.number for point in sample(points, 1)] == [0, 25, 50, 75]
    assert len(sample(points, 5)) == 20
    assert len(sample(points[:3], 1)) == 3
