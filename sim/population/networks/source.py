"""A network as the model takes it: members by number, ties with their ages, and how it was read."""

from __future__ import annotations

import functools
import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.population.networks.names import in_order
from sim.population.networks.report import Report
from sim.state.columns import Names


@dataclass(frozen=True, eq=False)
class NetworkSource:
    """A network as it was read: members 0 to n - 1 in the order of `labels`, ties with lo < hi, sorted."""

    labels: tuple[str, ...]
    ties: np.ndarray  # (m, 2) int32
    tie_age: np.ndarray  # (m,) days before day 0 at which the tie began, nan if unknown
    last_contact: np.ndarray  # (m,) days before day 0, nan if unknown
    exchanges: np.ndarray  # (m,) int32, how often the turn changed hands
    member_age: np.ndarray  # (n,) days since a member was first seen, nan if unknown
    attributes: dict[str, tuple[Any, ...]]  # one entry a member, None where nothing is said
    digest: str  # of the content, for keys
    name: str
    report: Report  # how it was read

    @property
    def names(self) -> Names:
        """Return what the file calls things: the industry or region of number k is the k-th of its words."""
        kinds = {kind: tuple(sorted({str(v) for v in self.attributes.get(kind, ()) if v is not None})) for kind in ("industry", "region")}
        return Names(self.labels, **kinds)


@dataclass(frozen=True)
class Tie:
    """A tie between two members by name."""

    one: str
    other: str
    age: float = math.nan  # days before day 0
    contact: float = math.nan  # days before day 0
    exchanges: int = 0


def source_from(
    ties: Iterable[Tie], ages: dict[str, float], *, name: str, report: Report, attributes: dict[str, dict[str, Any]] | None = None
) -> NetworkSource:
    """Return a network with its members in order.

    Args:
        ties: each pair once.
        ages: of all members by name, days since they were first seen; nan if unknown.
        name: what the network is called in messages.
        report: how it was read; members and ties are filled in.
        attributes: of members: attribute, then name of the member.
    """
    labels = in_order(ages)
    place = {text: i for i, text in enumerate(labels)}
    ordered = sorted((min(place[t.one], place[t.other]), max(place[t.one], place[t.other]), t.age, t.contact, t.exchanges) for t in ties)
    pairs = np.array([t[:2] for t in ordered], np.int32).reshape(-1, 2)
    age, contact = (np.array([t[k] for t in ordered], float) for k in (2, 3))
    exchanges = np.array([t[4] for t in ordered], np.int32)
    member_age = np.array([ages[text] for text in labels], float)
    kept = {key: tuple(values.get(text) for text in labels) for key, values in (attributes or {}).items()}
    digest = hashlib.sha256(repr((labels, sorted(kept.items()))).encode("utf-8", "surrogatepass"))
    for array in (pairs, age, contact, exchanges, member_age):
        digest.update(array.tobytes())
    report = replace(report, members=len(labels), ties=len(pairs))
    return NetworkSource(
        labels=tuple(labels),
        ties=pairs,
        tie_age=age,
        last_contact=contact,
        exchanges=exchanges,
        member_age=member_age,
        attributes=kept,
        digest=digest.hexdigest(),
        name=name,
        report=report,
    )


@functools.lru_cache(maxsize=1)
def communities(source: NetworkSource) -> np.ndarray:
    """Return each member's community by Louvain's method, the largest first; -1 for members without a tie."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_edges_from(source.ties.tolist())
    out = np.full(len(source.labels), -1)
    found = nx.community.louvain_communities(graph, seed=0) if len(source.ties) else []
    for k, group in enumerate(sorted(found, key=lambda g: (-len(g), min(g)))):
        out[sorted(group)] = k
    out.setflags(write=False)  # others will be given the same
    return out
