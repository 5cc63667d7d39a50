"""What a network says about its members is kept, and what it says wrong is refused."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from sim import BadInput, load_scenario, simulate
from sim.population.cohort import arrivals_by_day, logit_location


def graph(**attributes):
    g = nx.gnm_random_graph(30, 60, seed=1)
    for name, value in attributes.items():
        nx.set_node_attributes(g, value, name)
    return g


def short():
    return load_scenario("baseline").with_(warm_up=2, days=5)


def test_attributes_of_a_graph_are_kept():
    history = simulate(short(), 1, network=graph(style="seller", seniority=3, session_rate=0.5))
    start = np.asarray(history.members["joined"]) < 0
    assert {history.members["style"][i] for i in np.flatnonzero(start)} == {"seller"}
    assert set(history.members["seniority"][:30]) == {3}
    assert set(history.members["session_rate"][:30]) == {0.5}
    assert history.members["label"][:3] == ["0", "1", "2"]


@pytest.mark.parametrize("name", ["industry", "region"])
def test_more_kinds_than_a_column_holds_are_refused_before_anything_runs(name):
    g = nx.gnm_random_graph(501, 600, seed=1)
    nx.set_node_attributes(g, {n: f"kind {n}" for n in g}, name)
    with pytest.raises(BadInput, match=rf"graph: `{name}` must be of at most 500 kinds \(got 501\)"):
        simulate(short(), 1, network=g)


def test_five_hundred_industries_are_told_apart():
    g = nx.gnm_random_graph(500, 900, seed=1)
    nx.set_node_attributes(g, {n: f"kind {n:03}" for n in g}, "industry")
    history = simulate(short(), 1, network=g)
    assert history.to_pandas("members").industry[:500].tolist() == [f"kind {n:03}" for n in range(500)]


def test_an_unknown_style_is_refused_with_the_nearest():
    with pytest.raises(BadInput, match=r"graph: `style` must be one of .* \(got 'sellr'; did you mean 'seller'\?\)"):
        simulate(short(), 1, network=graph(style="sellr"))


def test_arrivals_balance_leaving_and_add_growth():
    found = arrivals_by_day(1000, 3650, 0.0018, 0.2)
    assert found.sum() == pytest.approx(1000 * 3650 * (0.0018 + 0.2 / 365), abs=1)
    assert found.max() - found.min() <= 1


@pytest.mark.parametrize("sd", [0.0, 1.0, 1.8, 3.0])
def test_session_rates_have_the_mean_asked_for(sd):
    rng = np.random.default_rng(1)
    rates = 1.0 / (1.0 + np.exp(-(logit_location(0.25, sd) + sd * rng.normal(size=400_000))))
    assert rates.mean() == pytest.approx(0.25, abs=0.002)
