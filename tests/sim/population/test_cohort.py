"""What a network says about its members is kept, and what it says wrong is refused."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pytest
from scipy import integrate, special, stats

from sim import BadInput, load_scenario, simulate
from sim.population.cohort import arrivals_by_day, cut, expected_sizes, falling, fill_ages, logit_location, make_cohort


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
    found = arrivals_by_day(expected_sizes(1000, 3650, 0.2), 0.0018, 0.2)
    grown = (1 + 0.2 / 365) ** 3650  # those who grow it are a constant share of it, those who replace others too
    assert found.sum() == pytest.approx(1000 * (0.0018 + 0.2 / 365) * (grown - 1) / (0.2 / 365), abs=1)
    assert found[:100].mean() == pytest.approx(2.41, abs=0.02)  # 1000 * 0.002348, and 50 days of growth
    assert arrivals_by_day(expected_sizes(1000, 4, 0.0), 0.0, 0.0).tolist() == [0, 0, 0, 0]
    assert arrivals_by_day(expected_sizes(100, 5, 0.0), 0.01, 0.0).tolist() == [1, 1, 1, 1, 1]
    assert arrivals_by_day(expected_sizes(100, 3, 365.0), 0.0, 365.0).tolist() == [100, 200, 400]  # twice as many each day


def test_more_have_joined_than_are_expected_to_be_there_the_longer_a_run_lasts():
    still = load_scenario(members=100, warm_up=0, days=4, **{"population.turnover": 0.01, "population.growth": 0.0})
    assert make_cohort(still, 1).crowds.tolist() == [1.0, 1.01, 1.02, 1.03]  # in the morning, before the newcomers of the day
    empty = load_scenario(members=100, warm_up=0, days=4, **{"population.turnover": 0.0, "population.growth": 0.0})
    assert make_cohort(empty, 1).crowds.tolist() == [1.0] * 4


def test_a_longer_run_begins_with_the_same_groups():
    short_run, long_run = (make_cohort(load_scenario(members=300, warm_up=0, days=days), 1) for days in (5, 700))
    assert short_run.employers.of[:300].tolist() == long_run.employers.of[:300].tolist()
    assert short_run.schools.of[:300].tolist() == long_run.schools.of[:300].tolist()


@pytest.mark.parametrize("sd", [0.0, 1.0, 1.8, 3.0])
def test_session_rates_have_the_mean_asked_for(sd):
    rng = np.random.default_rng(1)
    rates = 1.0 / (1.0 + np.exp(-(logit_location(0.25, sd) + sd * rng.normal(size=400_000))))
    assert rates.mean() == pytest.approx(0.25, abs=0.002)


@pytest.mark.parametrize("mean", [0.02, 0.25, 0.5, 0.9])
@pytest.mark.parametrize("sd", [0.0, 0.5, 1.75, 3.0])
def test_the_location_is_that_of_an_integral_by_another_method(mean, sd):
    location = logit_location(mean, sd)
    found = integrate.quad(
        lambda z: special.expit(location + sd * z) * stats.norm.pdf(z), -12.0, 12.0, epsabs=1e-14, epsrel=1e-13, limit=200
    )[0]
    assert found == pytest.approx(mean, abs=1e-13)


def test_shares_fall_by_zipfs_law_and_draws_are_cut_where_shares_end():
    assert falling(4, 1.0) == pytest.approx([1.0, 1 / 2, 1 / 3, 1 / 4], rel=1e-15)
    assert falling(3, 0.0) == [1.0, 1.0, 1.0]
    assert cut(np.array([0.0, 0.249, 0.25, 0.74, 0.75, 1.0]), [1.0, 2.0, 1.0]).tolist() == [0, 0, 1, 1, 2, 2]
    assert cut(np.array([0.0, 0.5, 1.0]), iter([0.0, 3.0, 0.0])).tolist() == [1, 1, 2]


def test_ages_are_those_of_members_replaced_at_a_rate_the_oldest_first():
    out = np.empty(4)
    fill_ages(0.01, out)
    assert out.tolist() == pytest.approx([100.0 * math.log(8.0 / k) for k in (1, 3, 5, 7)])
    fill_ages(1e-5, out)
    assert out[0] == 5000.0
    fill_ages(0.0, out)
    assert out.tolist() == [4375.0, 3125.0, 1875.0, 625.0]
