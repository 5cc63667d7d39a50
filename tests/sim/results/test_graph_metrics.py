"""Shapes of small graphs, counted by hand, and of random ones against networkx."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from sim.results import graph_metrics
from sim.results.graph_metrics import adjacency, bits_set, distance_error, distances_from, shape_of, spread_out, standard_error

LOLLIPOP = np.array([[10, 20], [20, 30], [10, 30], [30, 40]])  # a triangle with a tail; 50 stands alone
MEMBERS = np.array([10, 20, 30, 40, 50])


def test_a_triangle_with_a_tail_and_somebody_alone():
    found = shape_of(LOLLIPOP, MEMBERS)
    assert found.degrees.tolist() == [2, 2, 3, 1, 0]
    assert found.largest == 4
    assert found.two_hop == pytest.approx((3 + 3 + 3 + 3 + 0) / 5)
    assert found.distances.tolist() == [8, 4]  # ordered pairs one and two steps apart
    assert found.clustering == pytest.approx((1.0 + 1.0 + 1.0 / 3.0 + 0.0 + 0.0) / 5)


def test_a_path_has_no_clustering_and_all_its_distances():
    found = shape_of(np.array([[0, 1], [1, 2], [2, 3]]), np.arange(4))
    assert found.distances.tolist() == [6, 4, 2]
    assert found.two_hop == pytest.approx((2 + 3 + 3 + 2) / 4)
    assert found.clustering == 0.0


def test_nobody_and_nobody_connected():
    none = shape_of(np.zeros((0, 2), int), np.zeros(0, int))
    assert (len(none.degrees), none.largest, none.two_hop, len(none.distances), none.clustering) == (0, 0, 0.0, 0, 0.0)
    alone = shape_of(np.zeros((0, 2), int), np.array([4, 7]))
    assert (alone.degrees.tolist(), alone.largest, alone.two_hop, len(alone.distances), alone.clustering) == ([0, 0], 1, 0.0, 0, 0.0)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_agrees_with_networkx(seed):
    graph = nx.gnm_random_graph(70, 150, seed=seed)  # more sources than a word has bits
    found = shape_of(np.array(graph.edges), np.arange(70))
    assert found.degrees.tolist() == [graph.degree[k] for k in range(70)]
    assert found.largest == max(map(len, nx.connected_components(graph)))
    assert found.clustering == pytest.approx(nx.average_clustering(graph))
    lengths = [d for _, there in nx.all_pairs_shortest_path_length(graph) for d in there.values() if d]
    assert found.distances.tolist() == np.bincount(lengths)[1:].tolist()
    assert found.two_hop == pytest.approx(sum(d <= 2 for d in lengths) / 70)


def test_distances_are_from_the_sources_alone():
    matrix = adjacency(LOLLIPOP, MEMBERS)
    assert distances_from(matrix, np.array([3])).tolist() == [[1], [2]]
    assert distances_from(matrix, np.array([4])).tolist() == []
    assert distances_from(matrix, np.array([3, 4, 2])).tolist() == [[1, 0, 3], [2, 0, 0]]


@pytest.mark.parametrize(("n", "wanted", "places"), [(3, 5, [0, 1, 2]), (5, 5, [0, 1, 2, 3, 4]), (9, 3, [0, 4, 8])])
def test_samples_are_spread_from_end_to_end(n, wanted, places):
    assert spread_out(n, wanted).tolist() == places


def test_a_path_of_a_thousand_is_looked_at_from_600_and_128_places():
    found = shape_of(np.column_stack([np.arange(999), np.arange(1, 1000)]), np.arange(1000))
    # four others within two hops, but two for each end and three for the second; the last but one, 998, is not looked at
    assert found.two_hop == pytest.approx((4 * 600 - 2 - 2 - 1) / 600)
    assert found.distances[0] == 2 * 128 - 2
    assert (found.clustering, found.largest, len(found.degrees)) == (0.0, 1000, 1000)


def test_triangles_of_seven_hundred_are_looked_at_from_600():
    """Every second of a row of triangles, joined at nothing: all have a coefficient of one."""
    a = np.arange(0, 702, 3)
    found = shape_of(np.concatenate([np.column_stack([a + i, a + j]) for i, j in ((0, 1), (1, 2), (0, 2))]), np.arange(702))
    assert (found.clustering, found.two_hop, found.largest, found.distances.tolist()) == (1.0, 2.0, 3, [256.0])


@pytest.mark.parametrize(("without", "sources"), [(0, 32), (1, 128)])
def test_from_a_million_entries_on_there_are_fewer_sources(without, sources):
    steps = np.random.default_rng(1).choice(np.arange(1, 10_000), 25, replace=False)
    n = 20_000
    ties = np.concatenate([np.column_stack([np.arange(n), (np.arange(n) + step) % n]) for step in steps])
    assert 2 * len(ties) == 1_000_000
    found = shape_of(ties[without:], np.arange(n))
    gone = {0, int(steps[0])} if without else set()  # the members of the tie that is left out
    assert found.distances[0] == 50 * sources - len(gone & set(spread_out(n, sources).tolist()))
    assert found.distances.sum() == sources * (n - 1)


def test_of_nobody_the_largest_component_is_a_whole_number():
    none = shape_of(np.zeros((0, 2), int), np.zeros(0, int))
    assert (type(none.largest), type(none.two_hop)) == (int, float)


def test_bits_are_counted_by_place(monkeypatch):
    monkeypatch.setattr(graph_metrics, "PART", 2)  # more than one part
    found = bits_set(np.array([1, 3, 1 << 63, (1 << 63) + 2, 8], np.uint64))
    assert {int(k): int(found[k]) for k in np.flatnonzero(found)} == {0: 2, 1: 2, 3: 1, 63: 2}


def test_the_error_of_a_mean_is_that_of_a_sample_without_replacement():
    # variance 1 of three values from twelve members: a third of it, and three quarters were not looked at
    assert standard_error(np.array([1.0, 2.0, 3.0]), 12) == pytest.approx(0.5)
    assert standard_error(np.array([1.0, 2.0, 3.0]), 3) == 0.0
    assert standard_error(np.array([1.0]), 9) == 0.0


def test_the_error_of_a_mean_distance_is_that_of_a_ratio():
    # sources that reach 2, 1 and 3 members: 5 of 6 are one hop away, one is two: mean 7 / 6. Totals less the mean times those
    # reached: 3 - 14/6, 1 - 7/6, 3 - 21/6, over the 2 that are reached on average: 1/3, -1/12, -1/4
    found = np.array([[1.0, 1.0, 3.0], [1.0, 0.0, 0.0]])
    variance = (1 / 9 + 1 / 144 + 1 / 16) / 2
    assert distance_error(found, 12) == pytest.approx(np.sqrt(variance / 3 * 0.75))
    assert distance_error(np.zeros((1, 3)), 12) == 0.0


def test_nothing_is_estimated_where_all_are_looked_at():
    assert shape_of(LOLLIPOP, MEMBERS).errors == (0.0, 0.0, 0.0)


def test_estimates_lie_within_their_errors_of_what_is_exact(monkeypatch):
    """Forty graphs whose members differ much: exact values by looking at all of them, and at a tenth."""
    misses = []
    for seed in range(40):
        graph = nx.convert_node_labels_to_integers(nx.powerlaw_cluster_graph(500, 3, 0.4, seed=seed), ordering="default")
        places = np.random.default_rng(seed).permutation(500)  # the oldest have the most ties: what is spread evenly must not follow age
        ties = places[np.array(graph.edges)]
        with monkeypatch.context() as more:
            more.setattr(graph_metrics, "SOURCES", 500)
            exact = shape_of(ties, np.arange(500))
        with monkeypatch.context() as fewer:
            fewer.setattr(graph_metrics, "SAMPLE", 50)
            fewer.setattr(graph_metrics, "SOURCES", 50)
            found = shape_of(ties, np.arange(500))
        assert exact.errors == (0.0, 0.0, 0.0)
        differences = (found.two_hop - exact.two_hop, mean_distance(found) - mean_distance(exact), found.clustering - exact.clustering)
        misses.append([d / e for d, e in zip(differences, found.errors, strict=True)])
    spread = np.sqrt(np.mean(np.square(misses), axis=0))
    assert np.all((spread > 0.7) & (spread < 1.35)), spread  # one, but for the chance of forty


def mean_distance(shape):
    return float((shape.distances * np.arange(1, len(shape.distances) + 1)).sum() / shape.distances.sum())
