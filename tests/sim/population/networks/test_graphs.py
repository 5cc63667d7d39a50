"""networkx graphs, from Python and from files."""

from __future__ import annotations

import io
import math

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from sim import load_scenario, simulate
from sim.errors import BadInput
from sim.population.networks.graphs import from_networkx
from sim.population.networks.read import read_network
from tests.helpers.network_checks import check_form


def example_graph():
    graph = nx.DiGraph()
    graph.add_node("ann", style="seller", industry="3", region="north", seniority=2, session_rate=0.5, receptiveness=-0.5)
    graph.add_node("bob", selectivity=1.5, shoe_size=44)
    graph.add_node("cleo")
    graph.add_edge("bob", "ann", age=30.0, last_contact=2.5, weight=9)
    graph.add_edge("ann", "bob")
    return graph


@pytest.mark.parametrize("name", ["g.graphml", "g.graphml.gz", "g.xml"])
def test_graphml_keeps_what_it_says_about_members_and_ties(written, name):
    text = io.BytesIO()
    nx.write_graphml(example_graph(), text)
    source = read_network(written(text.getvalue().decode(), name))
    check_form(source)
    assert source.labels == ("ann", "bob", "cleo")
    assert source.ties.tolist() == [[0, 1]]  # both directions are one tie
    assert (source.tie_age.tolist(), source.last_contact.tolist()) == ([30.0], [2.5])
    assert source.attributes == {
        "style": ("seller", None, None),
        "industry": ("3", None, None),
        "region": ("north", None, None),
        "seniority": (2.0, None, None),
        "session_rate": (0.5, None, None),
        "receptiveness": (-0.5, None, None),
        "selectivity": (None, 1.5, None),
    }
    assert from_networkx(example_graph()).digest == source.digest
    assert (from_networkx(example_graph()).name, source.name) == ("graph", "g")


def test_words_of_a_file_stand_in_the_table_of_members():
    history = simulate(load_scenario("baseline").with_(warm_up=1, days=2), 1, network=example_graph())
    ann = history.to_pandas("members").iloc[0]
    assert (ann.label, ann["style"], ann.industry, ann.region, ann.seniority) == ("ann", "seller", "3", "north", 2)
    assert history.to_networkx().nodes[0]["region"] == "north"


def test_words_of_a_file_are_never_those_of_others():
    graph = nx.cycle_graph(200)
    nx.set_node_attributes(graph, {k: str((11, 21, 22, 31)[k % 4]) for k in graph}, "industry")
    growing = load_scenario("baseline").with_(warm_up=0, days=60, **{"population.growth": 1.0, "population.leaving": 0.01})
    members = simulate(growing, 1, network=graph).to_pandas("members")
    assert len(members) > 250
    assert members.label.is_unique
    codes = {row.industry: set() for row in members.itertuples()}
    assert {"11", "21", "22", "31", "industry 11"} <= set(codes)
    assert set(members.industry[:200]) == {"11", "21", "22", "31"}


def test_both_directions_of_a_tie_are_heard_in_any_order():
    there, back = ("a", "b", {"age": 30.0, "last_contact": 9.0}), ("b", "a", {"age": 12.0, "last_contact": 2.5})
    sources = [from_networkx(nx.DiGraph(edges)) for edges in ([there, back], [back, there], [there, back, ("a", "c", {})])]
    assert [(source.tie_age[0], source.last_contact[0]) for source in sources] == [(30.0, 2.5)] * 3
    assert sources[0].digest == sources[1].digest


def test_nodes_of_any_kind_and_multigraphs_are_taken():
    source = from_networkx(nx.MultiGraph([(10, 9), (9, 10), (9, 100)]))
    assert source.labels == ("9", "10", "100")
    assert source.ties.tolist() == [[0, 1], [0, 2]]
    assert from_networkx(nx.path_graph(3)).ties.tolist() == [[0, 1], [1, 2]]
    assert from_networkx(nx.Graph()).ties.shape == (0, 2)
    with pytest.raises(BadInput, match="nodes must have different names once written as text"):
        from_networkx(nx.Graph([(1, "1")]))


@pytest.mark.parametrize(
    ("node", "edge", "said"),
    [
        ({"seniority": "boss"}, {}, "`seniority` must be a number from 0 to 4 at each node (got 'boss')"),
        ({"session_rate": 1.5}, {}, "`session_rate` must be a number from 0 to 1 at each node (got '1.5')"),
        ({"selectivity": 21}, {}, "`selectivity` must be a number from -20 to 20 at each node (got '21')"),
        ({"receptiveness": math.inf}, {}, "`receptiveness` must be a number from -20 to 20 at each node (got 'inf')"),
        ({}, {"age": -1}, "`age` must be days, at least 0, at each edge (got '-1')"),
        ({}, {"last_contact": "lately"}, "`last_contact` must be days, at least 0, at each edge (got 'lately')"),
    ],
)
def test_attributes_of_the_wrong_kind_are_refused(node, edge, said):
    graph = nx.Graph()
    graph.add_node(1, **node)
    graph.add_edge(1, 2, **edge)
    with pytest.raises(BadInput, match=" must be ") as caught:
        from_networkx(graph)
    assert said in str(caught.value)


def test_the_name_a_node_has_is_checked():
    for node in ("", "a\x00b", "x" * 201, "a\u2028b"):
        with pytest.raises(BadInput, match=r"node 2 must have a printable member name of 1 to 200 characters"):
            from_networkx(nx.Graph([(1, node)]))
    assert from_networkx(nx.Graph([(-1, 2**70), (2**70, 3)])).labels == ("-1", "3", str(2**70))
    assert from_networkx(nx.Graph([("Nan", "a\u00a0b")])).labels == ("Nan", "a\u00a0b")


def test_loops_and_repeated_edges_are_counted():
    source = from_networkx(nx.MultiDiGraph([("a", "b"), ("b", "a"), ("a", "a"), ("c", "c")]))
    assert source.labels == ("a", "b", "c")
    assert source.ties.tolist() == [[0, 1]]
    assert source.report.skipped == {"edges repeating a tie or giving its other direction": 1, "edges joining a member to itself": 2}


@pytest.mark.parametrize("nothing", [None, math.nan, np.nan, pd.NA, pd.NaT, "", "NaN", "NA", "None", "null", " <NA> "])
def test_what_says_nothing_is_missing(nothing):
    graph = nx.Graph()
    graph.add_node("a", industry=nothing, seniority=nothing, style=nothing)
    graph.add_node("b", industry="law", seniority=2, style="seller")
    graph.add_edge("a", "b", age=nothing, last_contact=nothing)
    source = from_networkx(graph)
    assert source.attributes == {"style": (None, "seller"), "industry": (None, "law"), "seniority": (None, 2.0)}
    assert np.isnan([source.tie_age[0], source.last_contact[0]]).all()


@pytest.mark.parametrize("key", ["name", "label", "Label", "shared name"])
@pytest.mark.parametrize("ids", [("n0", "n1"), (7, 8), ("node_1", "node_2"), ("n0::n0", "n0::n1")])
def test_names_take_the_place_of_ids_that_only_number(key, ids):
    graph = nx.Graph([ids])
    nx.set_node_attributes(graph, dict(zip(ids, ("Ann", "Nan"), strict=True)), key)
    source = from_networkx(graph)
    assert source.labels == ("Ann", "Nan")
    assert source.report.notes == (f"members are called by their `{key}`",)


@pytest.mark.parametrize(
    ("ids", "names"),
    [(("n0", "n1"), ("Ann", "Ann")), (("n0", "n1"), ("Ann", "")), (("ann", "bob"), ("x", "y")), (("n0", "m0"), ("x", "y"))],
)
def test_ids_stay_where_names_are_not_different_or_ids_are_names(ids, names):
    graph = nx.Graph([ids])
    nx.set_node_attributes(graph, dict(zip(ids, names, strict=True)), "name")
    assert set(from_networkx(graph).labels) == set(ids)
