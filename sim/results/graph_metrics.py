"""The shape of a finished network, by scipy: components, distances, clustering. Large networks are sampled."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

SAMPLE = 600  # members, evenly spread, for clustering and two hops; all of them in smaller networks
CHUNK = 100  # of them at a time: what lies within two hops takes much room
SOURCES = 128  # of distances
SMALL_SOURCES = 32  # from a million entries up
BITS = 64  # of a word
PART = 1 << 16  # words whose bits are counted at a time


class Errors(NamedTuple):
    """Standard errors of what is estimated from a sample; 0 where all members are looked at."""

    two_hop: float
    distance: float  # of the mean distance of pairs
    clustering: float


class Shape(NamedTuple):
    """What a network looks like."""

    degrees: np.ndarray  # (n,) of active members
    largest: int  # members in the largest component
    two_hop: float  # mean number of others within two hops
    distances: np.ndarray  # (hops,) sampled pairs by distance, from 1 up
    clustering: float
    errors: Errors


def adjacency(ties: np.ndarray, members: np.ndarray) -> Any:
    """Return the symmetric matrix of the ties (m, 2) among the given ids, in their order."""
    place = np.full(int(members.max(initial=-1)) + 1, -1, np.int32)
    place[members] = np.arange(len(members))
    a, b = (place[ties[:, 0]], place[ties[:, 1]]) if len(ties) else (np.zeros(0, np.int32), np.zeros(0, np.int32))
    ones = np.ones(2 * len(ties), np.float32)
    n = len(members)
    return sparse.csr_matrix((ones, (np.concatenate([a, b]), np.concatenate([b, a]))), shape=(n, n))


def spread_out(n: int, wanted: int) -> np.ndarray:
    """Return up to `wanted` places evenly spread over n."""
    return np.arange(n) if n <= wanted else np.linspace(0, n - 1, wanted).astype(int)


def distances_from(matrix: Any, sources: np.ndarray) -> np.ndarray:
    """Return (hops, sources) how many members lie at distance 1, 2, ... of each source."""
    parts = [np.array(hops_from(matrix, sources[k : k + BITS])) for k in range(0, len(sources), BITS)]
    found = np.zeros((max(map(len, parts), default=0), len(sources)))
    for k, part in enumerate(parts):
        found[: len(part), k * BITS : k * BITS + BITS] = part if len(part) else 0.0
    return found


def hops_from(matrix: Any, sources: np.ndarray) -> list[np.ndarray]:
    """Return how many members lie at distance 1, 2, ... of each of up to 64 sources, a bit of each member's word for each source."""
    reached = np.zeros(matrix.shape[0], np.uint64)
    reached[sources] = np.uint64(1) << np.arange(len(sources), dtype=np.uint64)
    linked = np.flatnonzero(np.diff(matrix.indptr))
    starts = matrix.indptr[linked]
    frontier, found = reached.copy(), list[np.ndarray]()
    while True:
        seen = np.zeros_like(reached)
        seen[linked] = np.bitwise_or.reduceat(frontier[matrix.indices], starts) if len(linked) else 0
        frontier = seen & ~reached
        if not frontier.any():
            return found
        found.append(bits_set(frontier)[: len(sources)])
        reached |= frontier


def bits_set(words: np.ndarray) -> np.ndarray:
    """Return (64,) in how many of the words each bit is set."""
    found = np.zeros(BITS, np.int64)
    for k in range(0, len(words), PART):  # in parts: a byte a bit takes much room
        octets = words[k : k + PART].astype("<u8").view(np.uint8).reshape(-1, BITS // 8)
        found += np.unpackbits(octets, axis=1, bitorder="little").sum(axis=0, dtype=np.int64)
    return found


def around(matrix: Any, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return (the closed walks of three steps, the others within two hops) of each of these members."""
    linked = matrix[rows]
    two_steps = linked @ matrix
    triangles = np.asarray(two_steps.multiply(linked).sum(axis=1)).ravel()
    within = np.diff((two_steps + linked).indptr)  # an entry for each who is reached: nothing that is summed is below one
    return triangles, within - (np.diff(linked.indptr) > 0)  # whoever has a neighbour is back with oneself in two steps


def shape_of(ties: np.ndarray, members: np.ndarray) -> Shape:
    """Return the shape of the network of these ties among these members."""
    n = len(members)
    if n == 0:
        return Shape(degrees=np.zeros(0), largest=0, two_hop=0.0, distances=np.zeros(0), clustering=0.0, errors=Errors(0.0, 0.0, 0.0))
    matrix = adjacency(ties, members)
    degrees = np.diff(matrix.indptr).astype(np.float64)
    _, labels = csgraph.connected_components(matrix, directed=True, connection="strong")  # the same in a symmetric matrix, without a copy
    rows = spread_out(n, SAMPLE)
    parts = [around(matrix, rows[k : k + CHUNK]) for k in range(0, len(rows), CHUNK)]
    triangles, two_hop = (np.concatenate(column) for column in zip(*parts, strict=True))
    possible = degrees[rows] * (degrees[rows] - 1.0)
    clustering = np.divide(triangles, possible, out=np.zeros(len(rows)), where=possible > 0.0)
    found = distances_from(matrix, spread_out(n, SOURCES if matrix.nnz < 1_000_000 else SMALL_SOURCES))
    return Shape(
        degrees,
        largest=int(np.bincount(labels).max()),
        two_hop=float(two_hop.sum()) / len(rows),
        distances=found.sum(axis=1),
        clustering=math.fsum(clustering) / len(rows),
        errors=Errors(standard_error(two_hop, n), distance_error(found, n), standard_error(clustering, n)),
    )


def standard_error(values: np.ndarray, n: int) -> float:
    """Return the standard error of the mean of a sample from n members, drawn without replacement (Cochran 1977, section 2.6)."""
    m = len(values)
    if m >= n or m < 2:
        return 0.0
    mean = math.fsum(values) / m
    variance = math.fsum((values - mean) * (values - mean)) / (m - 1)
    return math.sqrt(variance / m * (1.0 - m / n))


def distance_error(distances: np.ndarray, n: int) -> float:
    """Return the standard error of the mean distance, a ratio over sampled sources (likewise, section 6.3); (hops, sources) of n."""
    reached = distances.sum(axis=0)
    if not reached.sum():
        return 0.0
    total = (distances * np.arange(1.0, len(distances) + 1.0).reshape(-1, 1)).sum(axis=0)
    mean = float(total.sum()) / float(reached.sum())
    return standard_error((total - mean * reached) / (float(reached.sum()) / len(reached)), n)
