"""Communities of a network."""

from __future__ import annotations

import networkx as nx

from sim.population.networks.graphs import from_networkx
from sim.population.networks.source import communities


def test_communities_are_found_and_ordered_by_size():
    cliques = [(0, 6), (6, 10), (10, 18)]
    edges = [(a, b) for low, high in cliques for a in range(low, high) for b in range(a + 1, high)] + [(5, 6), (9, 10)]
    graph = nx.Graph(edges)
    graph.add_node(18)
    source = from_networkx(graph)
    found = communities(source)
    assert found.tolist() == [1] * 6 + [2] * 4 + [0] * 8 + [-1]
    assert (found == communities(from_networkx(nx.Graph(edges[::-1]).to_directed()))[[*range(18), 0]])[:18].all()
    assert communities(from_networkx(nx.empty_graph(3))).tolist() == [-1, -1, -1]
    assert communities(from_networkx(nx.Graph())).tolist() == []
