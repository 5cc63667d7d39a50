"""GraphML as networkx, igraph, Gephi, Cytoscape and yEd write it.

networkx's own reader takes yEd's groups for members, loses what lies in folders, and refuses NA in a column of numbers and files
with both directed and undirected edges: only its graph is used here.
"""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from sim.errors import BadInput, must

if TYPE_CHECKING:
    import networkx as nx

MOST_ELEMENTS = 5_000_000
GROUPS = ("group", "folder")
TYPE = "yfiles.foldertype"


def root_of(path: Path, raw: bytes) -> str:
    """Return the name of the outermost element, in the encoding that the text itself names.

    Raises:
        BadInput: if it is no XML, has a document type (and so may have entities), or too many elements.
    """
    found: list[str] = []

    class _Enough(Exception):  # noqa: N818
        """Raised at the first element."""

    def element(name: str, _attributes: dict[str, str]) -> None:
        found.append(name)
        raise _Enough

    def doctype(*_: Any) -> None:
        raise BadInput(must("", "be plain XML", "a document type or entities", where=path))

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.StartDoctypeDeclHandler = element, doctype
    try:
        parser.Parse(raw, True)
    except BadInput:
        raise
    except _Enough:
        pass
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise BadInput(must("", "be well-formed XML", error, where=path)) from None
    if raw.count(b"<") > 2 * MOST_ELEMENTS:  # a tree of elements takes many times the room of its text
        raise BadInput(must("", f"have at most {MOST_ELEMENTS:,} elements", "more", where=path))
    return found[0].rpartition(":")[2]


def read_graphml(path: Path, raw: bytes, skipped: Counter[str]) -> nx.Graph:
    """Return the graph of a GraphML text; groups of yEd are counted in `skipped`.

    Raises:
        BadInput: if it is not GraphML, or has more than one graph, hyperedges or graphs in nodes.
    """
    try:
        tree = ET.parse(io.BytesIO(raw)).getroot()  # noqa: S314
    except (ET.ParseError, LookupError, ValueError) as error:
        raise BadInput(must("", "be well-formed GraphML", error, where=path)) from None
    graphs = [one for one in tree if _tag(one) == "graph"]
    if len(graphs) != 1:
        raise BadInput(must("", "have one graph", len(graphs) or "none", where=path))
    return _Reader(path, tree, skipped).read(graphs[0])


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


class _Reader:
    """Reads one graph."""

    def __init__(self, path: Path, tree: ET.Element, skipped: Counter[str]) -> None:
        import networkx as nx

        self.path, self.skipped = path, skipped
        self.graph = nx.MultiDiGraph()
        self.groups: set[str] = set()
        self.keys: dict[str | None, str] = {}
        self.defaults: dict[str, dict[str, str]] = {"node": {}, "edge": {}}
        for key in tree:
            if _tag(key) == "key":
                name = key.get("attr.name") or key.get("yfiles.type") or key.get("id") or ""
                self.keys[key.get("id")] = name
                default = next((one.text for one in key if _tag(one) == "default" and one.text and one.text.strip()), None)
                for kind in self.defaults:
                    if default is not None and key.get("for", "all") in (kind, "all"):
                        self.defaults[kind][name] = default

    def read(self, graph: ET.Element) -> nx.Graph:
        """Return all nodes, then all edges: either may come first."""
        self._nodes(graph)
        declared = set(self.graph)  # a file may have edges alone
        edges = [one for one in graph.iter() if _tag(one) == "edge"]
        for k, edge in enumerate(edges, 1):
            ends = [edge.get("source"), edge.get("target")]
            if None in ends:
                raise BadInput(must("", "have both ends of each edge", f"edge {k}", where=self.path))
            unknown = next((end for end in ends if end not in self.groups and end not in declared), None)
            if declared and unknown is not None:
                raise BadInput(must("", "declare both ends of each edge as nodes", f"edge {k} with {unknown[:40]!r}", where=self.path))
            if self.groups & set(ends):
                self.skipped["edges at groups"] += 1
            else:
                self.graph.add_edge(*ends, None, **self._data(edge, "edge"))
        return self.graph

    def _nodes(self, graph: ET.Element) -> None:
        """Take all nodes in their order. Groups may lie in groups thousands deep: no call lies in another."""
        waiting = [iter(graph)]
        while waiting:
            one = next(waiting[-1], None)
            if one is None:
                waiting.pop()
            elif (inner := self._node(one)) is not None:
                waiting.append(iter(inner))

    def _node(self, one: ET.Element) -> ET.Element | None:
        """Take a node; return the graph in it, if it is a group."""
        if _tag(one) == "hyperedge":
            raise BadInput(must("", "have edges between two nodes each", "a hyperedge", where=self.path))
        if _tag(one) != "node":
            return None
        name = one.get("id")
        inner = next((part for part in one if _tag(part) == "graph"), None)
        if name is None:
            raise BadInput(must("", "have an id for each node", "a node without", where=self.path))
        if one.get(TYPE) in GROUPS:
            self.groups.add(name)
            self.skipped["groups, which are no members"] += 1
        elif inner is not None:
            raise BadInput(must("", "have no graph in a node, but for yEd's groups", repr(name[:40]), where=self.path))
        elif name in self.graph:
            raise BadInput(must("", "have different ids for its nodes", f"{name[:40]!r} twice", where=self.path))
        else:
            self.graph.add_node(name, **self._data(one, "node"))
        return inner

    def _data(self, element: ET.Element, kind: str) -> dict[str, str]:
        """Return what an element says, by name; of several that say one thing, the first that says something."""
        said: dict[str, str] = {}
        for data in element:
            if _tag(data) != "data":
                continue
            if data.get("key") not in self.keys:
                raise BadInput(must("", "declare each key of its data", repr(str(data.get("key"))[:40]), where=self.path))
            name, text = self.keys[data.get("key")], (data.text or "").strip()
            for inner in data.iter():
                if _tag(inner) == "NodeLabel" and kind == "node" and (inner.text or "").strip():
                    name, text = "label", " ".join((inner.text or "").split())
                    break
            if text or name not in said:
                said[name] = text if not said.get(name) else said[name]
        return {**self.defaults[kind], **said}
