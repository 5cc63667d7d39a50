"""Worlds of a test: they are the runs that anybody else makes, and periods leave time for answers."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.abtest.metrics import WINDOW, items_of
from experiments.abtest.schemes import mixed
from experiments.abtest.worlds import Periods, lived, periods_of
from sim import BadInput, simulate
from tests.experiments.abtest.worlds_of import ARMS, base


def test_the_test_ends_before_its_answers_and_the_time_before_it_has_all_of_them():
    found = periods_of(base(warm_up=60, days=42))
    assert found == Periods(begin=60, end=88, before=60 - WINDOW - 28, until=60 - WINDOW)
    assert found.days == 28
    assert periods_of(base(warm_up=10, days=42))[2:] == (0, 0)


def test_worlds_are_the_runs_of_the_same_seeds():
    scenario = base(members=80, warm_up=20, days=25)
    test = mixed(scenario, ARMS, "pair", share=0.5, draw=3, days=11)
    for arm, world in zip((scenario, test), lived(scenario, [scenario, test], 5, 6), strict=True):
        history = simulate(arm, 6, 5, events=True)
        since = np.asarray(history.events["day_sent"]) >= periods_of(scenario).before
        sent = ~world.items.intent
        assert world.items.sender[sent].tolist() == history.events["sender"][since].tolist()
        assert world.items.day[sent].tolist() == history.events["day_sent"][since].tolist()
        wanted = (np.asarray(history.intents["arose"]) >= periods_of(scenario).before) & (
            np.asarray(history.intents["purpose"]) != "promotion"
        )
        assert world.items.sender[~sent].tolist() == history.intents["member"][wanted].tolist()
        assert world.there.tolist() == [bool(x) for x in history.members["at_switch"]]
        assert world.n == len(history.members["id"])
        gone = [not active or quiet for active, quiet in zip(history.members["active"], history.members["quiet"], strict=True)]
        assert world.stayed.tolist() == [0.0 if away else 1.0 for away in gone]
        assert np.array_equal(world.dealt.viewer, history.assignment.viewer)


def test_an_arm_of_another_warm_up_is_refused():
    scenario = base(members=20, warm_up=5, days=20)
    with pytest.raises(BadInput, match="`warm_up` must be the same in all arms"):
        list(lived(scenario, [scenario.with_(warm_up=6)], 5, 6))


def test_without_items_there_is_nothing():
    from sim.state.columns import EVENT
    from sim.state.memory import table

    assert len(items_of(table(EVENT, 0)).day) == 0


def test_connections_are_those_at_the_switch_of_all_arms():
    scenario = base(members=80, warm_up=20, days=25)
    one, other = lived(scenario, [scenario, scenario.with_design(ARMS[1])], 5, 6)
    at_switch = simulate(scenario.with_(days=0), 6, 5)
    assert np.array_equal(one.ties, other.ties)
    assert len(one.ties) == len(at_switch.ties["source" if "source" in at_switch.ties else next(iter(at_switch.ties))])
