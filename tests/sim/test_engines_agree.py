"""Two engines, one history: the columns and the Mesa agents do the same, item by item and bit by bit."""

from __future__ import annotations

import numpy as np
import pytest

from sim import Outcome
from sim.agents import Member, OutreachModel
from sim.agents.conversion import final_state_of, rows_of
from sim.columnar.engine import Engine, enter, live
from sim.columnar.engine import final_state_of as columns_outcome
from sim.population.initialization import begin, source_of
from tests.helpers.generators import case, first_difference, from_file

NUMBERS = [*range(24), *(pytest.param(n, marks=pytest.mark.slow) for n in range(24, 200))]


def by_columns(c):
    source = source_of(c.scenario, c.network)
    world = begin(c.scenario, c.seed, c.seed + 1, source, events=True)
    live(Engine(world), c.scenario.warm_up, None)
    enter(world, c.scenario)
    live(Engine(world), c.scenario.warm_up + c.scenario.days, None)
    return columns_outcome(world)


def by_agents(c, member_class=Member):
    model = OutreachModel(c.scenario, c.seed, c.seed + 1, member_class, network=c.network)
    while model.day < c.scenario.warm_up + c.scenario.days:
        model.step()
    if not model.switched:
        model.switch()
    outcome = final_state_of(model, events=True)
    model.close()
    return outcome


def tie_set(outcome):
    rows = outcome.pairs[(outcome.pairs.state & 1) == 1]
    return sorted((int(r.lo), int(r.hi), int(r.since), float(r.strength), int(r.touched)) for r in rows)


@pytest.mark.parametrize("number", NUMBERS)
def test_both_engines_live_the_same_history(number, tmp_path):
    c = from_file(case(number), tmp_path)
    a, b = by_columns(c), by_agents(c)
    difference = first_difference(a.events, b.events)
    assert difference is None, f"case {number}: {difference}"
    assert np.array_equal(a.intents, b.intents)
    assert np.array_equal(a.tally.counts, b.tally.counts)
    assert np.array_equal(a.tally.daily, b.tally.daily)
    assert np.array_equal(a.tally.delays, b.tally.delays)
    assert np.array_equal(a.active, b.active)
    assert np.array_equal(a.degree, b.degree)
    for column in rows_of():
        assert np.array_equal(a.members[column], b.members[column]), column
    assert tie_set(a) == tie_set(b)


TWO = {"connect_to_message": 0.5, "message_first": 0.5}
MIXTURES = {
    "viewer": {},
    "profile": {"design_pair": "profile"},
    "both": {"design_pair": "both"},
    "either": {"design_pair": "either", "design_draw": 7},
    "industry": {"design_assignment": "community"},
    "region": {"design_assignment": "region", "design_pair": "profile"},
    "network": {"design_assignment": "network"},
    "leiden": {"design_assignment": "leiden"},
    "strata": {"design_strata": "style", "design_pair": "both"},
    "ego": {"design_assignment": "ego", "design_pair": "profile"},
    "day": {"design_assignment": "day", "design_block": 3},
    "ramp": {"design_ramp": [0.2, 0.6, 1.0], "design_block": 4},
}


@pytest.mark.parametrize("scheme", MIXTURES)
def test_both_engines_mix_designs_alike(scheme):
    c = case(21)
    scenario = c.scenario.with_(members=50, warm_up=8, days=20, design="message_first", design_shares=TWO, **MIXTURES[scheme])
    c = c._replace(scenario=scenario.with_(**{"designs.connect_to_message.notes": 0.0, "designs.connect_to_message.repeat_days": 2.0}))
    a, b = by_columns(c), by_agents(c)
    assert first_difference(a.events, b.events) is None
    for column in rows_of():
        assert np.array_equal(a.members[column], b.members[column]), column
    assert np.array_equal(a.tally.counts, b.tally.counts)
    for one, other in zip(a.assignment, b.assignment, strict=True):
        assert np.array_equal(one, other)
    late = a.events[a.events.day_sent >= scenario.warm_up]
    assert len({*late.sender_design.tolist()}) == 2
    assert {*late.sender_design.tolist()} == {*late.recipient_design.tolist()}


class Stubborn(Member):
    """Never answers anybody."""

    def decide_reply(self, item, pair, u):
        return Outcome.READ


def test_the_comparison_notices_one_other_decision():
    c = case(9)
    a, b = by_columns(c), by_agents(c, Stubborn)
    assert "event" in str(first_difference(a.events, b.events))
