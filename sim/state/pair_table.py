"""Who remembers whom: a table of pairs, and an index that finds a pair's row by its two ids.

The index is a hash table with open addressing. A dropped pair leaves its row free for another, and in the index a place
that still leads on to those behind it.
"""

from __future__ import annotations

import numpy as np
from sim.jit import fetch, inlined
from sim.randomness import mix
from sim.state.columns import DROPPED, FREE, NEVER, PAIRS, ROW_BITS, TAKEN

FULL = 0.75  # share of the index that may be taken: beyond, a search takes many steps


@inlined
def pair_code(i, j):
    """Return the hash of the pair {i, j}: its upper half says where to look, of its lower half the index keeps a part."""
    lo, hi = (i, j) if i < j else (j, i)
    return mix(int(lo) * 4294967296 + int(hi))


@inlined
def home_of(code, size):
    """Return where the probe sequence of a pair begins in an index of this size."""
    return (code >> np.uint64(32)) * np.uint64(size) >> np.uint64(32)


@inlined
def next_place(k, size):
    """Return the place in an index of this size that follows place k. Places are unsigned, see `entries_of`."""
    return k + np.uint64(1) if k + np.uint64(1) < np.uint64(size) else np.uint64(0)


@inlined
def tag_of(code, bits):
    """Return the part of a hash that an entry keeps, above the `bits` that hold its row."""
    return np.int64(code & np.uint64(0xFFFFFFFF)) >> bits << bits


@inlined
def find(g, i, j):
    """Return the row of the pair {i, j}, or -1."""
    index, pairs, bits = g.index, g.pairs, g.sizes[ROW_BITS]
    lo, hi = (i, j) if i < j else (j, i)
    code = pair_code(i, j)
    tag, k = tag_of(code, bits), home_of(code, index.size)
    while index[k] != 0:
        entry = np.int64(index[k]) - tag
        if 0 < entry < 1 << bits:
            row = np.uint64(entry - 1)
            if pairs[row].lo == lo and pairs[row].hi == hi:
                return entry - 1
        k = next_place(k, index.size)
    return -1


@inlined
def fetch_place(g, i, j):
    """Ask for the place in the index where a search for the pair {i, j} will begin."""
    fetch(g.index, home_of(pair_code(i, j), g.index.size))


@inlined
def fetch_pair(g, i, j):
    """Ask for the row that a search for the pair {i, j} will find; the index should be near by now."""
    index, bits = g.index, g.sizes[ROW_BITS]
    code = pair_code(i, j)
    tag, k = tag_of(code, bits), home_of(code, index.size)
    while index[k] != 0:
        entry = np.int64(index[k]) - tag
        if 0 < entry < 1 << bits:
            fetch(g.pairs, entry - 1)
            return
        k = next_place(k, index.size)


@inlined
def enter_row(g, i, j, row):
    """Put the pair's row into the first place of its probe sequence that is empty or whose pair was dropped."""
    index, bits, code = g.index, g.sizes[ROW_BITS], pair_code(i, j)
    k = home_of(code, index.size)
    while np.int64(index[k]) & ((1 << bits) - 1) != 0:
        k = next_place(k, index.size)
    if index[k] == 0:
        g.sizes[TAKEN] += 1
    index[k] = np.uint32(tag_of(code, bits) + row + 1)


@inlined
def take_row(g):
    """Return a row for a new pair: one that is free again, or the next."""
    sizes = g.sizes
    row = sizes[FREE] - 1
    if row < 0:
        sizes[PAIRS] += 1
        return sizes[PAIRS] - 1
    sizes[FREE] = g.pairs[row].hi
    sizes[DROPPED] -= 1
    return row


@inlined
def drop_row(g, row):
    """Drop a pair: its row is free again, and its place in the index still leads on to those behind it."""
    index, bits, r = g.index, g.sizes[ROW_BITS], g.pairs[row]
    k = home_of(pair_code(r.lo, r.hi), index.size)
    while np.int64(index[k]) & ((1 << bits) - 1) != row + 1:
        k = next_place(k, index.size)
    index[k] = np.uint32(1 << bits)
    clear_pair(g.pairs, row)
    r.lo, r.hi = -1, g.sizes[FREE]
    g.sizes[FREE] = row + 1
    g.sizes[DROPPED] += 1


@inlined
def has_rows(g, more):
    """Tell whether the table of pairs and its index hold so many more pairs."""
    sizes = g.sizes
    return sizes[PAIRS] + more - sizes[DROPPED] <= g.pairs.size and sizes[TAKEN] + more <= int(g.index.size * FULL)


@inlined
def clear_pair(pairs, row):
    """Forget everything about a pair."""
    r = pairs[row]
    r.state = 0
    r.approach = NEVER
    r.last = NEVER
    r.invited = NEVER
    r.answered_lo = NEVER
    r.answered_hi = NEVER
    r.touched = NEVER
    r.since = NEVER
    r.exchanges = 0
    r.follow = 0
    r.opened = NEVER
    r.asks = 0
    r.about = 0
    r.strength = 0.0


@inlined
def is_stale(g, row, i, j):
    """Tell whether what the pair remembers belongs to an earlier account of either."""
    last = g.pairs[row].last
    return last < g.account_day[i] or last < g.account_day[j]


@inlined
def known(g, i, j):
    """Return the row of {i, j} if they have a history under their present accounts, else -1."""
    row = find(g, i, j)
    if row >= 0 and is_stale(g, row, i, j):
        return -1
    return row


@inlined
def claim(g, i, j):
    """Return the row of {i, j}, made or cleared if need be. The table must have room (see `World.reserve_pairs`)."""
    row = find(g, i, j)
    pairs = g.pairs
    if row >= 0:
        if is_stale(g, row, i, j):
            clear_pair(pairs, row)
        return row
    row = take_row(g)
    enter_row(g, i, j, row)
    pairs[row].lo = min(i, j)
    pairs[row].hi = max(i, j)
    clear_pair(pairs, row)
    return row
