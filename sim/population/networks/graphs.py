"""Graphs as networkx holds them, from Python or from files of its formats."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import BadInput, must
from sim.population.networks.names import LONGEST_LABEL, is_missing, label, twins
from sim.population.networks.report import Report
from sim.population.networks.source import NetworkSource, Tie, source_from
from sim.population.networks.text import bare
from sim.population.networks.times import number
from sim.population.networks.words import is_time_name
from sim.scenario.validation import plain

if TYPE_CHECKING:
    import networkx as nx

ATTRIBUTES = ("style", "industry", "region", "seniority", "session_rate", "receptiveness", "selectivity")
NAME_KEYS = ("name", "label", "shared name")  # igraph and Cytoscape, Gephi and yEd, Cytoscape
SYNTHETIC = re.compile(  # n0, node12, v_3, 17, 1.0, n0::n1, and UUIDs
    r"([^\W\d]{0,12}[_:-]{0,2}\d+(\.0)?)(::[^\W\d]{0,12}\d+)*|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE
)


def from_networkx(graph: nx.Graph, name: str = "graph", where: str = "the networkx graph") -> NetworkSource:
    """Take a networkx graph; directed edges and multiples count once, loops are left out.

    Node attributes style, industry, region, seniority, session_rate, receptiveness and selectivity are kept, and edge
    attributes `age` and `last_contact` (days); None, NaN and empty text say nothing. Where all ids are numbers or such as n0, n1
    and each node has a name of its own (`name`, `label`, `shared name`), that is its name.

    Raises:
        BadInput: if the graph has odd names or attributes of the wrong kind.
    """
    return from_graph(graph, name=name, where=where, report=Report("networkx", "graph"))


def from_graph(graph: nx.Graph, *, name: str, where: str, report: Report) -> NetworkSource:
    """Take a graph as `from_networkx` does, with what is known about how it was read."""
    notes = list(report.notes)
    names = _names(_checked(graph), where, notes)
    notes += twins(where, names.values())
    if len(set(names.values())) != graph.number_of_nodes():
        raise BadInput(f"{where}: nodes must have different names once written as text")
    found: dict[tuple[str, str], Tie] = {}
    skipped: Counter[str] = Counter(report.skipped)
    for a, b, data in graph.edges(data=True):
        if a == b:
            skipped["edges joining a member to itself"] += 1
            continue
        lo, hi = sorted((names[a], names[b]))
        age, contact = (_days(where, data, key) for key in ("age", "last_contact"))
        if (lo, hi) in found:  # the other direction: the longer age, the later contact, whatever the order
            skipped["edges repeating a tie or giving its other direction"] += 1
            before = found[lo, hi]
            age, contact = float(np.fmax(age, before.age)), float(np.fmin(contact, before.contact))
        found[lo, hi] = Tie(lo, hi, age, contact)
    timed = next((key for *_, data in graph.edges(data=True) for key in data if isinstance(key, str) and is_time_name(key)), None)
    if timed is not None:
        notes.append(f"the edges' `{timed}` is not read: if each is a message, write them as a table of sender, recipient and time")
    attributes = {
        key: {names[node]: _attribute(where, key, data.get(key)) for node, data in graph.nodes(data=True)}
        for key in ATTRIBUTES
        if any(key in data for _, data in graph.nodes(data=True))
    }
    report = Report(report.format, "graph", rows=graph.number_of_edges(), skipped=dict(skipped), notes=tuple(notes))
    return source_from(found.values(), dict.fromkeys(names.values(), math.nan), name=name, report=report, attributes=attributes)


def _checked(graph: Any) -> nx.Graph:
    """Return a networkx graph.

    Raises:
        BadInput: if it is none; says what makes one of what was given.
    """
    import networkx as nx

    if isinstance(graph, nx.Graph):
        return graph
    kinds = {
        "str": "sim.population.read_network(path)",
        "PosixPath": "sim.population.read_network(path)",
        "WindowsPath": "sim.population.read_network(path)",
        "DataFrame": "networkx.from_pandas_edgelist(table)",
        "ndarray": "networkx.from_numpy_array(matrix)",
        "list": "networkx.Graph(pairs)",
    }
    kind = type(graph).__name__
    hint = f"; {kinds[kind]} makes one of it" if kind in kinds else ""
    found = repr(plain(graph)) if isinstance(graph, str) else f"an object of type {plain(kind)}"
    raise BadInput(must("network", "be a networkx graph, or what `sim.population.read_network` returns", found + hint))


def _names(graph: nx.Graph, where: str, notes: list[str]) -> dict[Any, str]:
    """Return each node's name: its id, or what it is called if ids only number the nodes."""
    ids = {node: label(where, f"node {k}", bare(str(node))) for k, node in enumerate(graph.nodes, 1)}
    if not ids or not all(SYNTHETIC.fullmatch(text) for text in ids.values()):
        return ids
    stems = {re.sub(r"\d+|[0-9a-f]{4,}-?", "", text.split("::")[-1], flags=re.IGNORECASE) for text in ids.values()}
    if len(stems) > 1:
        return ids
    keys = {key for _, data in graph.nodes(data=True) for key in data}
    for wanted in NAME_KEYS:
        for key in sorted(key for key in keys if isinstance(key, str) and key.casefold() == wanted):
            called = {node: "" if data.get(key) is None else bare(str(data[key])) for node, data in graph.nodes(data=True)}
            if all(called.values()) and len(set(called.values())) == len(called):
                said = {node: label(where, f"node {k}", text) for k, (node, text) in enumerate(called.items(), 1)}
                if said != ids:
                    notes.append(f"members are called by their `{key}`")
                return said
            if any(called.values()):
                notes.append(f"members are called by their ids: `{key}` is not there, or not different, for all of them")
    return ids


def _days(where: str, data: dict[str, Any], key: str) -> float:
    if is_missing(data.get(key)):
        return math.nan
    value = number(str(data[key]))
    if value is None or value < 0:
        raise BadInput(must(key, "be days, at least 0, at each edge", repr(str(data[key])[:40]), where=where))
    return value


def _attribute(where: str, key: str, value: Any) -> Any:
    if is_missing(value):
        return None
    if key in ("style", "industry", "region"):
        return str(value)[:LONGEST_LABEL]
    figure = number(str(value))
    low, high = {"seniority": (0, 4), "session_rate": (0, 1)}.get(key, (-20, 20))
    if figure is None or not low <= figure <= high:
        raise BadInput(must(key, f"be a number from {low} to {high} at each node", repr(str(value)[:40]), where=where))
    return figure
