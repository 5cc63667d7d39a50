"""Arms of one warm-up: a world each, and no more worlds in memory than are needed."""

from __future__ import annotations

import pytest

from sim import load_scenario
from sim.population.initialization import begin, source_of
from sim.simulation import arm_of, branches, lived_until, simulate, simulate_arms
from sim.state.world import World

SMALL = load_scenario(members=60, warm_up=8, days=12)


def warm():
    return lived_until(begin(SMALL, 3, 3, source_of(SMALL, None), events=True), SMALL.warm_up)


@pytest.mark.parametrize("many", [1, 3])
def test_the_last_arm_lives_in_the_world_itself_and_the_others_in_copies(many, monkeypatch):
    copies, copy = [], World.copy
    monkeypatch.setattr(World, "copy", lambda world: copies.append(1) or copy(world))
    world = warm()
    found = list(branches([world], SMALL, [SMALL] * many))
    assert len(copies) == many - 1
    assert [one is world for one in found] == [False] * (many - 1) + [True]
    assert {one.day for one in found} == {20}


def test_the_one_world_is_handed_over():
    held = [warm()]
    worlds = branches(held, SMALL, [SMALL, SMALL])
    next(worlds)
    assert len(held) == 1
    next(worlds)
    assert held == []


def test_every_morning_of_every_arm_is_seen():
    days = []
    list(branches([warm()], SMALL, [SMALL] * 2, morning=lambda world: days.append(world.day)))
    assert days == 2 * list(range(9, 21))


def test_arms_are_runs_of_their_own():
    several = simulate_arms(SMALL, ["connect_first", "message_first"], 3, events=True)
    for history in several:
        alone = simulate(SMALL, 3, design=history.design, events=True)
        assert alone.measures == history.measures
        assert alone.events["sender"].tolist() == history.events["sender"].tolist()
        assert set(history.timings) == {"generation", "days", "measures"}
        assert all(seconds > 0.0 for seconds in history.timings.values())
    assert arm_of(SMALL, None) is SMALL
