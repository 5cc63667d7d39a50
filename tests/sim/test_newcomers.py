"""Newcomers: whom they know from before, and how they contact them."""

from __future__ import annotations

import numpy as np
import pytest

from sim import load_scenario, simulate
from sim.columnar.engine import Engine, enter
from sim.population.initialization import begin

MANY = {
    "members": 300,
    "warm_up": 10,
    "days": 60,
    "population.growth": 1.0,
    "population.turnover": 0.01,
    "network.contacts_median": 60.0,
    "network.greeting_days": 5.0,
    "network.employer_share": 0.3,
    "network.school_share": 0.2,
}


def history(**changes):
    """Return (events, members) of a world into which many come."""
    h = simulate(load_scenario("baseline").with_(**{**MANY, **changes}), seed=4, events=True)
    return h.to_pandas("events"), h.to_pandas("members")


def lists(design, days=40, **changes):
    """Return whom newcomers of each day know, under one design."""
    scenario = load_scenario("baseline").with_(**{**MANY, **changes}).with_design(design)
    world = begin(scenario, 4, 8, None, events=False)
    enter(world, scenario)
    engine, found = Engine(world), []
    for _ in range(days):
        engine.step()
        found.append(world.greetings.copy())
    return np.concatenate(found).view(np.recarray), world


def test_whom_newcomers_know_is_the_same_under_every_design():
    one, a = lists("message_first")
    other, b = lists("connect_first")
    assert len(one) > 200
    for name in ("owner", "other", "due", "what"):  # where their pairs stand hangs on what has been dropped in each
        assert np.array_equal(one[name], other[name]), name
    assert not np.array_equal(a.tally.counts, b.tally.counts)  # though what happens is not


@pytest.mark.parametrize(
    ("shares", "group"),
    [
        ({"network.employer_share": 1.0, "network.school_share": 0.0}, "employers"),
        ({"network.employer_share": 0.0, "network.school_share": 1.0}, "schools"),
        ({"network.employer_share": 0.0, "network.school_share": 0.0, "network.industry_share": 1.0}, "industry"),
    ],
)
def test_people_know_colleagues_fellow_students_and_their_trade(shares, group):
    found, world = lists("message_first", **shares)
    of = world.graph.members.industry if group == "industry" else getattr(world.graph, group).of
    assert len(found) > 50
    assert (of[found.owner] == of[found.other]).all()
    assert (found.owner > found.other).all()  # those who were there before
    pairs = list(zip(found.owner.tolist(), found.other.tolist(), strict=True))
    assert len(set(pairs)) == len(pairs)


def test_nobody_thinks_of_people_before_joining_and_without_delays_all_on_the_first_day():
    found, world = lists("message_first")
    waited = found.due - world.graph.members.joined[found.owner]
    assert waited.min() == 0
    assert waited.mean() == pytest.approx(4.5, abs=0.6)  # exponential of mean 5, in whole days: 1 / (e^0.2 - 1)
    at_once, world = lists("message_first", **{"network.greeting_days": 0.0})
    assert (at_once.due == world.graph.members.joined[at_once.owner]).all()


def test_acquaintances_are_told_apart_and_are_no_approaches():
    events, _ = history()
    known = events[events.acquainted == 1]
    assert len(known) > 200
    assert np.maximum(known.sender, known.recipient).min() >= MANY["members"]  # one of the two was not here at first
    assert (known.role != "approach").all()
    assert (events.role == "approach").any()
    pairs = events.groupby([np.minimum(events.sender, events.recipient), np.maximum(events.sender, events.recipient)]).acquainted
    assert (pairs.nunique() == 1).mean() > 0.999  # a new account is another acquaintance


@pytest.mark.parametrize(("share", "low", "high"), [(0.0, 0.0, 0.0), (0.3, 0.2, 0.4), (1.0, 1.0, 1.0)])
def test_a_share_of_first_contacts_goes_through_suggestions(share, low, high):
    """Of the first items that newcomers send to people they know; what is written later, from intents, is from profiles."""
    events, _ = history(**{"network.suggestions": share, "outreach.connect_known": 3.0, "style.like_connect": 3.0, "style.intents": 0.0})
    known = events[(events.acquainted == 1) & (events.sender > events.recipient) & (events.turn == 0)]
    first = known.sort_values("item").drop_duplicates(["sender", "recipient"])
    assert len(first) > 200
    assert low <= (first.surface == "suggestion").mean() <= high
    suggested = events[events.surface == "suggestion"]
    assert (suggested.kind == "invitation").all()
    assert (suggested.acquainted == 1).all()


def test_no_design_touches_suggestions():
    """With messages alone on profiles, those who are suggested are asked to connect as before."""
    events, _ = history(
        **{"network.suggestions": 0.5, "design.invitations_a_week": 1000.0, "outreach.connect_known": -3.0, "style.like_connect": -3.0}
    )
    known = events[(events.acquainted == 1) & (events.turn == 0) & (events.distance != "connected")]
    assert (known[known.surface == "suggestion"].kind == "invitation").all()
    assert (known[known.surface == "profile"].kind == "message").mean() > 0.8
