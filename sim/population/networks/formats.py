"""Other formats: Matrix Market, Pajek, GML and JSON are read; of the rest, a line says how to convert them."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import BadInput, must
from sim.population.networks.text import MOST_ROWS
from sim.population.networks.words import is_time_name

if TYPE_CHECKING:
    import networkx as nx

MOST_ITEMS = 3_000_000  # objects and lists of a JSON text, which take many times the room of their text
GRAPHML = "write it as GraphML with networkx, igraph or Gephi"
# What is not read, by the first words, and what to do.
FOREIGN = (
    (r"(strict\s+)?(di)?graph\b[^\[{]*\{", "Graphviz DOT", GRAPHML),
    (r"nodedef\s*>", "GDF", GRAPHML),
    (r"dl\s+n\s*=|dl\s*\n", "UCINET DL", GRAPHML),
    (r">>(graph6|sparse6|digraph6)<<", "graph6", GRAPHML),
    (r"LEDA\.GRAPH", "LEDA", GRAPHML),
    (r"\*node\s+(data|properties)", "VNA", GRAPHML),
    (
        r"(Return-Path|Received|From|Message-ID): \S|From \S+ +[A-Z][a-z]{2} [A-Z][a-z]{2} ",
        "a mailbox",
        "write its From, To and Date as CSV",
    ),
    (r"@\w+\s*\{", "BibTeX", "write its edges as CSV"),
    (r"(c\b[^\n]*\n\s*)*p\s+[a-z]+\s+[0-9]+\s+[0-9]+", "DIMACS", GRAPHML),
    (r"version https://git-lfs", "what Git LFS keeps in place of a file", "fetch it with `git lfs pull`"),
)
GML_ABOVE = r"(?:Creator|Version|comment)\s[^\n]*(?:\n|\Z)|#[^\n]*(?:\n|\Z)"
PAJEK_ABOVE = r"%[^\n]*(?:\n|\Z)|/\*.*?\*/"
JSON_SHAPE = "have `nodes` with an id each and `edges` or `links` with source and target, as networkx.node_link_data writes them"


def reader_of(text: str) -> tuple[str, Callable[[Path, bytes, Counter[str]], nx.Graph]] | None:
    """Return the name of a text's format and its reader, by its first words; None for a table."""
    if re.match(r"%{1,2}MatrixMarket\s", text, re.IGNORECASE):
        return "Matrix Market", read_matrix
    if re.match(r"\*(vertices|network)\b", _below(text, PAJEK_ABOVE), re.IGNORECASE):
        return "Pajek", read_pajek
    if re.match(r"graph\s*\[", _below(text, GML_ABOVE), re.IGNORECASE):
        return "GML", read_gml
    if re.match(r"\s*(\{\s*[\"}]|\[\s*[\[{])", text):
        return "JSON", read_json
    return None


def _below(text: str, above: str) -> str:
    """Return a text from its first line that is neither blank nor begins with what may stand above.

    One pattern over all such lines tries each way to part the blanks between them: 30 comments took hours.
    """
    rest = text.lstrip()
    while found := re.match(above, rest, re.IGNORECASE | re.DOTALL):
        rest = rest[found.end() :].lstrip()
    return rest


def refuse_foreign(path: Path, text: str) -> None:
    """Refuse a format that is known and not read.

    Raises:
        BadInput: naming it, and how to convert it.
    """
    for pattern, name, remedy in FOREIGN:
        if re.match(rf"\s*(?:{pattern})", text, re.IGNORECASE):
            raise BadInput(must("", f"be a format that is read: {remedy}", name, where=path))
    if re.search(r"^#\s*$", text, re.MULTILINE) and re.match(r"[^#,;\t]", text):
        raise BadInput(
            must("", f"be a format that is read: {GRAPHML}", "Trivial Graph Format, or a comment below the first row", where=path)
        )


def read_matrix(path: Path, raw: bytes, _skipped: Counter[str]) -> nx.Graph:
    """Return the graph of a square matrix in Matrix Market's form; its rows are the members."""
    import networkx as nx
    from scipy.io import mmread

    lines = raw.decode("latin-1").splitlines()
    first = "%" * (2 - len(lines[0]) + len(lines[0].lstrip("%"))) + lines[0]  # Network Repository writes one % of two
    sizes = next((line.split() for line in lines[1:] if line.strip() and not line.startswith("%")), [])
    if len(sizes) not in (2, 3) or not all(re.fullmatch("[0-9]{1,9}", size) for size in sizes):
        raise BadInput(must("", "have a line of sizes below its comments", " ".join(sizes)[:40] or "none", where=path))
    n, m, entries = int(sizes[0]), int(sizes[1]), int(sizes[2]) if len(sizes) > 2 else int(sizes[0]) * int(sizes[1])
    if n != m:
        right = "be a square matrix; if it has one kind of member, delete its lines up to the sizes to make it an edge list"
        raise BadInput(must("", right, f"Matrix Market, {n} by {m}", where=path))
    if n > MOST_ROWS or entries > len(raw):
        raise BadInput(
            must("", f"have at most {MOST_ROWS:,} members, and as many entries as it says", f"{n:,} and {entries:,}", where=path)
        )
    try:
        found = mmread(io.BytesIO("\n".join([first, *lines[1:]]).encode("latin-1") + b"\n"))
    except (ValueError, TypeError, OverflowError, IndexError) as error:
        raise BadInput(must("", "be well-formed Matrix Market", _first_line(error), where=path)) from None
    if hasattr(found, "tocoo"):
        coo = found.tocoo()
        if not coo.data.all():
            right = "have entries other than 0: delete the lines of those, or the lines up to the sizes to make it an edge list"
            raise BadInput(must("", right, "entries of 0", where=path))
        pairs = list(zip(coo.row.tolist(), coo.col.tolist(), strict=True))
    else:
        pairs = list(zip(*(axis.tolist() for axis in found.nonzero()), strict=True))
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(1, n + 1))
    symmetric = "general" not in lines[0].lower()  # scipy gives the other half, too
    graph.add_edges_from((i + 1, j + 1) for i, j in pairs if not symmetric or i >= j)
    return graph


def read_pajek(path: Path, raw: bytes, _skipped: Counter[str]) -> nx.Graph:
    """Return the graph of a Pajek file. networkx's reader merges vertices of one name and takes *Arcslist for *Arcs."""
    import networkx as nx

    graph = nx.MultiDiGraph()
    section, declared = "", 0
    for n, content in enumerate(raw.decode().split("\n"), 1):
        line = content.strip()
        if not line or line.startswith("%"):
            continue
        if line.startswith("*"):
            section = line.split()[0].lower().rstrip(":")
            if section == "*vertices":
                sizes = line.split()[1:]
                if len(sizes) != 1 or not re.fullmatch("[0-9]{1,8}", sizes[0]) or int(sizes[0]) > MOST_ROWS or declared:
                    raise BadInput(must(f"line {n}", "say once how many vertices there are, of one kind", repr(line[:40]), where=path))
                declared = int(sizes[0])
                graph.add_nodes_from(str(k) for k in range(1, declared + 1))
            elif section not in ("*network", "*arcs", "*edges", "*arcslist", "*edgeslist"):
                raise BadInput(must(f"line {n}", f"be *Vertices, *Arcs or *Edges; else {GRAPHML}", repr(line[:40]), where=path))
            continue
        cells = line.split()
        if section == "*vertices":
            found = re.match(r"([0-9]+)(?:\s+(?:\"([^\"]*)\"|'([^']*)'|(\S+)))?", line)
            if not found or found[1] not in graph:
                raise BadInput(must(f"line {n}", f"have a number from 1 to {declared} and a name", repr(line[:40]), where=path))
            graph.nodes[found[1]]["label"] = next((text for text in found.groups()[1:] if text), found[1])
            continue
        ends = [re.sub("^-", "", cell) for cell in (cells if section.endswith("list") else cells[:2])]
        if len(ends) < 2 or not all(end in graph for end in ends):
            raise BadInput(must(f"line {n}", f"join two vertices from 1 to {declared}", repr(line[:40]), where=path))
        graph.add_edges_from((ends[0], end) for end in ends[1:])
    return graph


def read_gml(path: Path, raw: bytes, skipped: Counter[str]) -> nx.Graph:
    """Return the graph of a GML file by networkx."""
    import networkx as nx

    text = raw.decode()
    if text.count("[") > MOST_ITEMS:
        raise BadInput(must("", f"have at most {MOST_ITEMS:,} nodes and edges", "more", where=path))
    if not re.search(r"\bmultigraph\s+1", text):  # repeated edges are merged afterwards, not refused
        text = re.sub(r"^(\s*)graph\s*\[", r"\1graph [ multigraph 1 ", text, count=1, flags=re.MULTILINE)
    try:
        graph = nx.parse_gml(text.splitlines(), label="id")
    except Exception as error:  # noqa: BLE001  (networkx raises many kinds)
        raise BadInput(must("", "be well-formed GML", _first_line(error), where=path)) from None
    leave_groups(graph, {node for node, said in graph.nodes(data="isGroup") if said == 1}, skipped)  # as yEd writes them
    return graph


def leave_groups(graph: nx.Graph, groups: set[Any], skipped: Counter[str]) -> None:
    """Take nodes that hold others out of a graph, with their edges, and count both."""
    if groups:
        at = len({(a, b, k) for a, b, k in graph.edges(groups, keys=True)} | {(a, b, k) for a, b, k in _into(graph, groups)})
        skipped["groups, which are no members"] += len(groups)
        if at:
            skipped["edges at groups"] += at
        graph.remove_nodes_from(groups)


def _into(graph: nx.Graph, groups: set[Any]) -> list[tuple[Any, Any, Any]]:
    return list(graph.in_edges(groups, keys=True)) if graph.is_directed() else []


def read_json(path: Path, raw: bytes, skipped: Counter[str]) -> nx.Graph:
    """Return the graph of JSON in node-link form, or as Cytoscape and graphology write it."""
    import networkx as nx

    if raw.count(b"{") + raw.count(b"[") > MOST_ITEMS:
        raise BadInput(must("", f"have at most {MOST_ITEMS:,} objects", "more", where=path))
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise BadInput(must("", "be well-formed JSON", _first_line(error) or "nested too deeply", where=path)) from None
    table = data.get("elements", data) if isinstance(data, dict) else {}
    nodes, edges = (table.get("nodes"), table.get("edges", table.get("links"))) if isinstance(table, dict) else (None, None)
    if not isinstance(nodes, list) or not isinstance(edges, list) or ("edges" in table and "links" in table):
        raise BadInput(must("", JSON_SHAPE, "other JSON", where=path))
    if nodes and all(isinstance(one, str) for one in nodes):  # names alone; ends are names, or places in the list
        nodes = [{"name": one} for one in nodes]
    inside = [_inside(one) for one in nodes]
    ids = [_id(one.get("id", one.get("key"))) for one in inside]
    if nodes and not any(ids):  # d3's older form: ends are places in the list, or names
        ends_ = [_inside(edge).get(side) for edge in edges for side in ("source", "target")]
        named = bool(ends_) and all(isinstance(end, str) for end in ends_)
        ids = [_id(one.get("name")) for one in inside] if named else [str(k) for k in range(len(nodes))]
    graph = nx.MultiDiGraph()
    for k, (name, one) in enumerate(zip(ids, inside, strict=True), 1):
        if not name or name in graph:
            raise BadInput(must("", f"{JSON_SHAPE}, all different", f"node {k}", where=path))
        graph.add_node(name)
        graph.nodes[name].update({key: value for key, value in one.items() if not isinstance(value, list | dict)})
    for k, edge in enumerate(map(_inside, edges), 1):
        ends = [_id(edge.get(side)) for side in ("source", "target")]
        if not all(end in graph for end in ends):
            raise BadInput(must("", JSON_SHAPE, f"edge {k} with an end that is no node", where=path))
        graph.add_edge(*ends)
        said = {key: value for key, value in edge.items() if key in ("age", "last_contact") or is_time_name(key)}
        graph.edges[(*ends, graph.number_of_edges(*ends) - 1)].update(said)
    if "elements" in data:  # Cytoscape's compound nodes
        leave_groups(graph, {_id(one.get("parent")) for one in inside} & set(graph), skipped)
    return graph


def _inside(one: Any) -> dict[str, Any]:
    """Return what an object says: Cytoscape puts it into `data`, graphology into `attributes`."""
    if not isinstance(one, dict):
        return {}
    inner = one.get("data", one.get("attributes"))
    return {**one, **inner} if isinstance(inner, dict) else one


def _id(value: Any) -> str:
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0][:120] if str(error) else type(error).__name__
