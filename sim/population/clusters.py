"""Groups that a network itself has: communities, and egos with their contacts."""

from __future__ import annotations

import functools
import importlib
import random
from collections.abc import Collection, Iterable

import numpy as np

from sim.errors import BadInput

LEAST_FREE = 0.5  # of an ego's contacts must be in no other's cluster


def communities_of(n: int, ties: np.ndarray) -> np.ndarray:
    """Return each member's community by Louvain's method (Blondel et al. 2008), the largest first; whoever has no tie is one alone.

    Args:
        n: members.
        ties: (m, 2) ids, sorted.

    Returns:
        (n,) int32, numbers from 0 on without a gap.
    """
    return _louvain(n, ties.astype(np.int64).tobytes()).copy()


@functools.lru_cache(maxsize=1)  # several tests on one population ask for the same communities, which take seconds
def _louvain(n: int, ties: bytes) -> np.ndarray:
    import networkx as nx

    graph = nx.Graph()
    graph.add_edges_from(np.frombuffer(ties, np.int64).reshape(-1, 2).tolist())
    return _numbered(n, nx.community.louvain_communities(graph, seed=0) if ties else [])


def leiden_communities_of(n: int, ties: np.ndarray) -> np.ndarray:
    """Return each member's community by the method of Leiden (Traag, Waltman and van Eck 2019), by modularity, until it is stable.

    Arguments and result as of `communities_of`; the draws of igraph are those of a generator of its own.

    Raises:
        BadInput: if igraph is not installed; says how to.
    """
    try:
        igraph = importlib.import_module("igraph")  # an extra, which `sim` must not need
    except ImportError:
        raise BadInput("igraph is not installed: pip install 'firstcontact[communities]' installs it") from None
    igraph.set_random_number_generator(random.Random(0))  # noqa: S311  (nothing is secret)
    try:
        found = igraph.Graph(n=n, edges=ties.tolist()).community_leiden(objective_function="modularity", n_iterations=-1)
    finally:
        igraph.set_random_number_generator(random)
    tied = np.bincount(ties.ravel(), minlength=n) > 0
    return _numbered(n, [{i for i in group if tied[i]} for group in found if any(tied[i] for i in group)])


def _numbered(n: int, groups: Iterable[Collection[int]]) -> np.ndarray:
    """Return each member's group, the largest first; whoever is in none is one alone."""
    found = sorted(groups, key=lambda g: (-len(g), min(g)))
    unit = np.full(n, -1, np.int32)
    for k, group in enumerate(found):
        unit[sorted(group)] = k
    return _others_alone(unit, len(found))


def egos_of(n: int, ties: np.ndarray, there: np.ndarray, u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return (each member's ego cluster, 1 for the egos): members who have at least half of their contacts to themselves.

    Clusters do not overlap. Members are asked in the order of their draws, so that egos are not chosen by who they are; those with many
    contacts are less often left with half of them, which is why egos have fewer contacts than others (Saint-Jacques et al. 2019,
    arXiv 1903.08755).

    Args:
        n: members.
        ties: (m, 2) ids, sorted.
        there: (n,) bool, who can be an ego.
        u: (n,) draws.

    Returns:
        (n,) int32 numbers from 0 on, whoever is in no cluster alone; (n,) int8.
    """
    both = np.concatenate([ties, ties[:, ::-1]]) if len(ties) else np.zeros((0, 2), np.int64)
    both = both[np.lexsort((both[:, 1], both[:, 0]))]
    start = np.searchsorted(both[:, 0], np.arange(n + 1))
    unit, ego, k = np.full(n, -1, np.int32), np.zeros(n, np.int8), 0
    for i in np.argsort(u, kind="stable").tolist():
        contacts = both[start[i] : start[i + 1], 1]
        free = contacts[unit[contacts] < 0]
        if unit[i] >= 0 or not there[i] or not len(contacts) or len(free) < LEAST_FREE * len(contacts):
            continue
        unit[i], ego[i] = k, 1
        unit[free] = k
        k += 1
    return _others_alone(unit, k), ego


def _others_alone(unit: np.ndarray, used: int) -> np.ndarray:
    """Give those without a number one each, from `used` on."""
    alone = unit < 0
    unit[alone] = used + np.arange(int(alone.sum()), dtype=np.int32)
    return unit
