"""Groups that a network has: communities that anybody would see, and egos with their contacts."""

from __future__ import annotations

import random
import sys

import networkx as nx
import numpy as np
import pytest

from sim.errors import BadInput
from sim.population.clusters import LEAST_FREE, communities_of, egos_of, leiden_communities_of


def ties_of(graph):
    return np.array(sorted(tuple(sorted(edge)) for edge in graph.edges), np.int64).reshape(-1, 2)


def test_two_cliques_are_two_communities_and_whoever_knows_nobody_is_one():
    graph = nx.disjoint_union(nx.complete_graph(6), nx.complete_graph(4))
    graph.add_edge(0, 6)
    assert communities_of(12, ties_of(graph)).tolist() == [0] * 6 + [1] * 4 + [2, 3]


def test_without_ties_everybody_is_alone():
    none = np.zeros((0, 2), np.int64)
    assert communities_of(3, none).tolist() == [0, 1, 2]
    unit, ego = egos_of(3, none, np.ones(3, bool), np.array([0.3, 0.2, 0.1]))
    assert (unit.tolist(), ego.tolist()) == ([0, 1, 2], [0, 0, 0])


def test_the_first_asked_is_an_ego_and_takes_its_contacts():
    star = ties_of(nx.star_graph(4))  # 0 in the middle
    unit, ego = egos_of(6, star, np.ones(6, bool), np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]))
    assert (unit.tolist(), ego.tolist()) == ([0, 0, 0, 0, 0, 1], [1, 0, 0, 0, 0, 0])


def test_whoever_is_not_there_is_no_ego():
    star = ties_of(nx.star_graph(4))
    there = np.array([False, True, True, True, True])
    unit, ego = egos_of(5, star, there, np.array([0.1, 0.2, 0.3, 0.4, 0.5]))
    assert (unit.tolist(), ego.tolist()) == ([0, 0, 1, 2, 3], [0, 1, 0, 0, 0])


def test_clusters_do_not_overlap_and_egos_have_half_of_their_contacts():
    graph = nx.gnm_random_graph(300, 900, seed=1)
    unit, ego = egos_of(300, ties_of(graph), np.ones(300, bool), np.random.default_rng(1).random(300))
    assert 10 < ego.sum() < 150
    for i in np.flatnonzero(ego):
        own = [j for j in graph[i] if unit[j] == unit[i]]
        assert len(own) >= LEAST_FREE * graph.degree(i)
        assert ego[unit == unit[i]].sum() == 1
    assert len(np.unique(unit)) == unit.max() + 1


def test_leiden_finds_cliques_whatever_was_drawn_before_and_leaves_the_generator_of_others_alone():
    graph = nx.disjoint_union(nx.complete_graph(6), nx.complete_graph(4))
    graph.add_edge(0, 6)
    assert leiden_communities_of(12, ties_of(graph)).tolist() == [0] * 6 + [1] * 4 + [2, 3]
    assert leiden_communities_of(3, np.zeros((0, 2), np.int64)).tolist() == [0, 1, 2]
    ties = ties_of(nx.powerlaw_cluster_graph(400, 4, 0.3, seed=1))
    random.seed(5)
    one, after = leiden_communities_of(400, ties), random.random()
    random.seed(5)
    assert after == random.random()
    assert np.array_equal(one, leiden_communities_of(400, ties))
    groups = [{int(i) for i in np.flatnonzero(one == k)} for k in range(one.max() + 1)]
    whole = nx.Graph(ties.tolist())
    assert all(nx.is_connected(whole.subgraph(group)) for group in groups)  # which Louvain's need not be
    louvain = communities_of(400, ties)
    others = [{int(i) for i in np.flatnonzero(louvain == k)} for k in range(louvain.max() + 1)]
    assert nx.community.modularity(whole, groups) >= nx.community.modularity(whole, others) - 0.01


def test_leiden_without_its_package_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "igraph", None)
    with pytest.raises(BadInput, match="igraph is not installed"):
        leiden_communities_of(3, np.zeros((0, 2), np.int64))
