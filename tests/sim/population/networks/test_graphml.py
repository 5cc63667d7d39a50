"""GraphML."""

from __future__ import annotations

import pytest

from sim.population.networks.read import read_network
from tests.helpers.network_checks import refusal

XML = '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">{}</graphml>\n'


@pytest.mark.parametrize(
    "content",
    [
        "<graphml",
        "<graphml/>",
        XML.format("<graph"),
        "<html><body/></html>",
        "<?xml version='1.0'?>",
        "\x00<graphml/>",
        XML.format('<graph edgedefault="directed"><edge source="1"/></graph>'),
        XML.format('<graph edgedefault="directed"><node/><node id="1"/></graph>'),
        XML.format('<graph edgedefault="undirected"><node id="1"/><node id="1"/><edge source="1" target="1"/></graph>'),
        XML.format(
            '<key id="k" for="node" attr.name="seniority" attr.type="int"/><graph edgedefault="directed">'
            '<node id="1"><data key="k">high</data></node></graph>'
        ),
        XML.format('<graph edgedefault="directed"><node id="1"><data key="none">3</data></node></graph>'),
    ],
)
def test_malformed_graphml_is_refused(written, content):
    refusal(written(content, "g.graphml"))


@pytest.mark.parametrize("pad", [0, 50_000])
def test_entities_are_not_expanded(written, pad):
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><graphml>&b;</graphml>'
    assert "must be plain XML (got a document type or entities)" in refusal(
        written('<?xml version="1.0"?><!--' + "-x" * pad + "-->" + bomb, "g.graphml")
    )
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><graphml>&a;</graphml>'
    assert "must be plain XML (got a document type or entities)" in refusal(written('<?xml version="1.0"?>' + outside, "g.xml"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
def test_entities_are_seen_in_any_encoding(written, encoding):
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><graphml>&a;</graphml>'
    assert "must be plain XML (got a document type or entities)" in refusal(written(bomb.encode(encoding), "net"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_xml_is_read_in_its_own_encoding(written, encoding):
    text = XML.format('<graph edgedefault="directed"><edge source="Zoë" target="Åsa"/></graph>')
    text = text.replace('encoding="UTF-8"', f'encoding="{encoding.removesuffix("-sig")}"')
    assert read_network(written(text.encode(encoding), "net")).labels == ("Zoë", "Åsa")


def test_directed_and_undirected_edges_may_stand_together(written):
    text = '<graph edgedefault="directed"><edge source="a" target="b" directed="false"/><edge source="b" target="c"/></graph>'
    assert read_network(written(XML.format(text), "net")).ties.tolist() == [[0, 1], [1, 2]]


def test_a_default_holds_for_nodes_that_say_nothing(written):
    key = '<key id="i" for="node" attr.name="industry" attr.type="string"><default>law</default></key>'
    nodes = '<node id="a"/><node id="b"><data key="i">art</data></node>'
    source = read_network(written(XML.format(f'{key}<graph edgedefault="directed">{nodes}</graph>'), "net"))
    assert source.attributes == {"industry": ("law", "art")}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('<graph edgedefault="directed"/><graph edgedefault="directed"/>', "must have one graph (got 2)"),
        ("<graph><hyperedge/></graph>", "must have edges between two nodes each (got a hyperedge)"),
        ('<graph><node id="a"><graph/></node></graph>', "must have no graph in a node, but for yEd's groups (got 'a')"),
        ('<graph><node id="a"/><edge source="a"/></graph>', "must have both ends of each edge (got edge 1)"),
    ],
)
def test_what_would_be_lost_is_refused(written, content, said):
    assert said in refusal(written(XML.format(content), "net"))


def test_groups_may_lie_in_groups_as_deep_as_one_likes(written):
    depth = 3000
    above = "".join(f'<node id="g{k}" yfiles.foldertype="group"><graph>' for k in range(depth))
    inside = '<node id="a"/><node id="b"/><edge source="a" target="b"/>'
    source = read_network(written(XML.format(f"<graph>{above}{inside}{'</graph></node>' * depth}</graph>"), "net"))
    assert (source.labels, source.ties.tolist()) == (("a", "b"), [[0, 1]])
    assert source.report.skipped == {"groups, which are no members": depth}


def test_members_in_groups_stand_in_the_order_of_the_file(written):
    """So do their attributes: `b` lies in a group before `a`."""
    key = '<key id="i" for="node" attr.name="industry" attr.type="string"/>'
    group = '<node id="g" yfiles.foldertype="folder"><graph><node id="b"><data key="i">law</data></node></graph></node>'
    after = '<node id="a"><data key="i">art</data></node>'
    source = read_network(written(XML.format(f"{key}<graph>{group}{after}</graph>"), "net"))
    assert source.attributes == {"industry": ("art", "law")}
