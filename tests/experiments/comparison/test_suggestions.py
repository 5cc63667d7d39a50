"""Runs at the bounds of what goes through suggestions: the same arms, the share alone moved, on the first pairs."""

from __future__ import annotations

import pytest

from experiments.comparison import suggestions
from experiments.comparison.suggestions import at_bounds, steps_of
from experiments.runs.keys import arms_of
from experiments.runs.request import Request
from sim import load_scenario
from tests.helpers.summaries import ARM, REFERENCE, record

SCENARIO = load_scenario(members=60, days=90, warm_up=5, **{"network.suggestions": 0.3})
REQUEST = Request(SCENARIO, arms_of(SCENARIO, [REFERENCE, ARM]), REFERENCE, pairs=9, until="precise")


def test_both_arms_have_the_share_at_its_bounds_and_nothing_else_moved():
    steps = steps_of(REQUEST)
    assert list(steps) == [0.0, 1.0]
    for at, arms in steps.items():
        assert {name: arm.with_(**{"network.suggestions": 0.3}) for name, arm in arms.items()} == REQUEST.arms
        assert {arm.network.suggestions for arm in arms.values()} == {at}


def test_the_first_pairs_are_run_at_each_bound_and_progress_counts_all(monkeypatch):
    asked, told = [], []

    def gather(part, scheduler, progress):
        asked.append((part.arms[ARM].network.suggestions, part.pairs, part.until, scheduler))
        progress(2, 99)
        more = part.arms[ARM].network.suggestions
        return [{REFERENCE: record({"partners": 1.0}), ARM: record({"partners": 2.0 + more})} for _ in range(part.pairs)]

    monkeypatch.setattr(suggestions, "gather", gather)
    (row,) = at_bounds(REQUEST, 4, "scheduler", lambda *at: told.append(at)).itertuples()
    assert asked == [(0.0, 4, None, "scheduler"), (1.0, 4, None, "scheduler")]
    assert told == [(2, 8), (6, 8)]
    assert (row.at_low, row.at_high, row.move) == (pytest.approx(1.0), pytest.approx(2.0), pytest.approx(1.0))
