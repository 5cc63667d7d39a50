"""GEXF as Gephi, networkx and others write it, of any version.

networkx's own reader makes members of ends that are declared nowhere and of nodes that hold others, joins nodes of one id, and refuses
directed beside undirected edges and spells without an end: only its graph is used here.
"""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import BadInput, must

if TYPE_CHECKING:
    import networkx as nx


def read_gexf(path: Path, raw: bytes, skipped: Counter[str]) -> nx.Graph:
    """Return the graph of a GEXF text; nodes that hold others are counted in `skipped`.

    Raises:
        BadInput: if it is not GEXF, or joins nodes that it does not declare.
    """
    import networkx as nx

    try:
        tree = ET.parse(io.BytesIO(raw)).getroot()  # noqa: S314  (the document type is refused before)
    except (ET.ParseError, LookupError, ValueError) as error:
        raise BadInput(must("", "be well-formed GEXF", error, where=path)) from None
    graphs = [one for one in tree if _tag(one) == "graph"]
    if len(graphs) != 1:
        raise BadInput(must("", "have one graph", len(graphs) or "none", where=path))
    graph = nx.MultiDiGraph()
    names, defaults = _attributes(graphs[0])
    groups: set[str | None] = set()
    for one in graphs[0].iter():
        if _tag(one) == "node":
            name = one.get("id")
            if name is None or name in graph:
                right = "have an id for each node, all different"
                raise BadInput(must("", right, "a node without" if name is None else f"{name[:40]!r} twice", where=path))
            said = {"label": one.get("label", "")} | defaults["node"] | _values(one, names["node"])
            graph.add_node(name, **said)
            groups |= {one.get("pid")}
            if any(_tag(inner) == "node" for part in one if _tag(part) == "nodes" for inner in part):
                groups |= {name}
    edges = [one for one in graphs[0].iter() if _tag(one) == "edge"]
    for k, edge in enumerate(edges, 1):
        ends = [edge.get("source"), edge.get("target")]
        unknown = next((end for end in ends if end not in graph), "")
        if unknown != "":
            raise BadInput(must("", "declare both ends of each edge as nodes", f"edge {k} with {str(unknown)[:40]!r}", where=path))
        if groups & set(ends):
            skipped["edges at groups"] += 1
        else:
            graph.add_edge(*ends, **defaults["edge"] | _values(edge, names["edge"]))
    held = groups & set(graph)
    if held:
        skipped["groups, which are no members"] += len(held)
        graph.remove_nodes_from(held)
    return graph


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _attributes(graph: ET.Element) -> tuple[dict[str, dict[str | None, str]], dict[str, dict[str, str]]]:
    """Return what the attributes of nodes and of edges are called, by their ids, and what they say unless said otherwise."""
    names: dict[str, dict[str | None, str]] = {"node": {}, "edge": {}}
    defaults: dict[str, dict[str, str]] = {"node": {}, "edge": {}}
    for part in graph:
        kind = part.get("class", "") if _tag(part) == "attributes" else ""
        for one in part if kind in names else ():
            title = one.get("title") or one.get("id") or ""
            names[kind][one.get("id")] = title
            text = next((inner.text for inner in one if _tag(inner) == "default" and (inner.text or "").strip()), None)
            if text is not None:
                defaults[kind][title] = text.strip()
    return names, defaults


def _values(element: ET.Element, names: dict[str | None, str]) -> dict[str, str]:
    """Return what an element says of attributes that are declared; of several values in time, the last."""
    said: dict[str, str] = {}
    for part in element:
        for one in part if _tag(part) == "attvalues" else ():
            name = names.get(one.get("for", one.get("id")))
            if name:
                said[name] = one.get("value", "")
    return said
