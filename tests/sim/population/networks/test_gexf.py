"""GEXF as programs write it, and what networkx's own reader made of it."""

from __future__ import annotations

import networkx as nx
import pytest

from sim.population.networks.read import read_network
from tests.helpers.network_checks import check_form, named_ties, refusal

GEXF = '<?xml version="1.0" encoding="UTF-8"?><gexf xmlns="{}" version="{}"><graph mode="dynamic" {}>{}</graph></gexf>'
TWO = '<nodes><node id="0" label="Ada"/><node id="1" label="Bo"/></nodes>'
TIE = '<edges><edge id="0" source="0" target="1"/></edges>'
ADA_AND_BO = {frozenset(("Ada", "Bo"))}


def gexf(inside, version="1.2draft", space="http://www.gexf.net/1.2draft", kind='defaultedgetype="directed"'):
    return GEXF.format(space, version, kind, inside)


@pytest.mark.parametrize(
    ("version", "space"),
    [("1.1", "http://www.gexf.net/1.1draft"), ("1.2draft", "http://www.gexf.net/1.2draft"), ("1.3", "http://gexf.net/1.3"), ("9", "")],
)
def test_any_version_is_read(written, version, space):
    assert named_ties(read_network(written(gexf(TWO + TIE, version, space)))) == ADA_AND_BO


@pytest.mark.parametrize(
    "edges",
    [
        '<edge source="0" target="1" type="undirected"/>',
        '<edge source="0" target="1" type="mutual"/><edge source="1" target="0" type="directed"/>',
        '<edge source="0" target="1" start="2009-03-01"/><edge source="0" target="0"/>',
    ],
)
def test_any_kind_of_edge_is_a_tie(written, edges):
    assert named_ties(read_network(written(gexf(f"{TWO}<edges>{edges}</edges>")))) == ADA_AND_BO


def test_spells_without_an_end_are_read(written):
    nodes = TWO.replace('label="Ada"/>', 'label="Ada"><spells><spell start="2009-01-01"/></spells></node>')
    assert named_ties(read_network(written(gexf(nodes + TIE)))) == ADA_AND_BO


@pytest.mark.parametrize(
    "nodes",
    [
        f'<nodes><node id="7" label="Group">{TWO}</node></nodes>',
        TWO.replace("<nodes>", '<nodes><node id="7" label="Group"/>').replace('label="Bo"', 'label="Bo" pid="7"'),
    ],
)
def test_nodes_that_hold_others_are_no_members(written, nodes):
    source = read_network(written(gexf(nodes + TIE.replace("</edges>", '<edge source="7" target="1"/></edges>'))))
    assert source.labels == ("Ada", "Bo")
    assert source.report.skipped == {"edges at groups": 1, "groups, which are no members": 1}


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        (TWO + TIE.replace('target="1"', 'target="7"'), "must declare both ends of each edge as nodes (got edge 1 with '7')"),
        (TWO + '<edges><edge source="0"/></edges>', "(got edge 1 with 'None')"),
        (TWO.replace('id="1"', 'id="0"'), "must have an id for each node, all different (got '0' twice)"),
        ("<nodes><node/></nodes>", "(got a node without)"),
        ("</graph><graph>", "must have one graph (got 2)"),
        ("<nodes>", "must be well-formed GEXF"),
    ],
)
def test_what_is_not_declared_is_refused(written, inside, said):
    assert said in refusal(written(gexf(inside)))


def test_attributes_are_kept_as_networkx_writes_them(written):
    graph = nx.Graph([("a", "b"), ("b", "c")])
    graph.nodes["a"]["industry"] = "law"
    graph.edges["a", "b"]["age"] = 3.5
    source = read_network(written("\n".join(nx.generate_gexf(graph))))
    check_form(source)
    assert source.labels == ("a", "b", "c")
    assert source.attributes == {"industry": ("law", None, None)}
    assert source.tie_age.tolist()[0] == 3.5


def test_a_default_is_said_of_all_who_say_nothing_else(written):
    key = '<attributes class="node"><attribute id="k" title="industry" type="string"><default>law</default></attribute></attributes>'
    nodes = TWO.replace('label="Bo"/>', 'label="Bo"><attvalues><attvalue for="k" value="art"/></attvalues></node>')
    assert read_network(written(gexf(key + nodes + TIE))).attributes == {"industry": ("law", "art")}
