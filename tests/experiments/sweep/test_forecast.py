"""What a sweep would take, from a pilot whose time is made up."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from experiments.runs import cost
from experiments.runs.cost import memory_of
from experiments.runs.pilot import PILOT_MEMBERS, Pilot
from experiments.sweep import forecast as forecasts
from sim import load_scenario


def sweep(members):
    scenario = load_scenario(members=members, days=70, warm_up=10)
    return SimpleNamespace(scenario=scenario, size=5, pairs=4, arms=dict.fromkeys("ab"), request=lambda: SimpleNamespace(scenario=scenario))


@pytest.fixture(autouse=True)
def _seen(monkeypatch):
    monkeypatch.setattr(cost, "small_pilot", lambda _request, _pairs, _points: Pilot(3.0, [], []))


@pytest.mark.parametrize(("members", "seconds"), [(PILOT_MEMBERS // 2, 60.0), (PILOT_MEMBERS, 60.0), (3 * PILOT_MEMBERS, 120.0)])
def test_time_is_that_of_all_pairs_at_all_points_and_grows_with_members(members, seconds):
    found = forecasts.forecast(sweep(members), 1)
    assert (found["points"], found["runs"], found["seconds"]) == (5, 40, seconds)
    assert found["hours"] == pytest.approx(seconds / 3600.0)
    assert found["bytes"] == memory_of(sweep(members).scenario)


def test_workers_share_the_time_and_take_memory_each():
    one, four = (forecasts.forecast(sweep(900), workers) for workers in (1, 4))
    assert four["seconds"] == pytest.approx(one["seconds"] / 4)
    assert four["bytes"] == 4 * one["bytes"]
    assert "5 points with 4 pairs of 2 arms: 40 runs of 80 days on 4 workers" in four["lines"][0]
