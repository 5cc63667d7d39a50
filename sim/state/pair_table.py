"""Pair table: open-addressing hash index over unordered member pairs, and dropping pairs that no later day can ask for.

The index is probed linearly and holds a pair's row beside a part of its hash (a tag), so that most misses are told without
reading the row. A dropped pair leaves its row free for another and a tombstone in the index, past which a probe sequence
goes on. Dropping changes no history: nothing asks for these pairs again.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.decisions.constants import NEVER
from sim.decisions.threads import is_of_earlier_account
from sim.jit import fetch, inlined, kernel
from sim.randomness import mix
from sim.state.columns import DROPPED, FREE, NEEDED, PAIRS, ROW_BITS, TAKEN, TIE, TWO_WAY

FULL = 0.75  # load factor of the index at most: beyond it probe sequences become long
AHEAD = 16  # rows: how far ahead of its use the index entry of a row is prefetched
DROP_AHEAD = 48  # likewise, where most rows are only looked at
FREE_AHEAD = 8  # free rows: how far ahead of its use one is prefetched


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
def place_before(k, size):
    """Return the place in an index of this size that comes before place k."""
    return k - np.uint64(1) if k > np.uint64(0) else np.uint64(size) - np.uint64(1)


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
def find_from(g, row, i, j):
    """Return the row of the pair {i, j}, or -1; a row of the table is looked at first, in which it may stand."""
    r = g.pairs[row]
    return np.int64(row) if r.lo == min(i, j) and r.hi == max(i, j) else find(g, i, j)


@inlined
def fetch_place(g, i, j):
    """Prefetch the index entry at which the probe sequence of the pair {i, j} begins."""
    fetch(g.index, home_of(pair_code(i, j), g.index.size))


@inlined
def fetch_pair(g, i, j):
    """Prefetch the row of the pair {i, j} into cache; its index entry should be in cache already (`fetch_place`).

    Returns the row in which the pair mostly stands, for `find_from`, or -1 if it is not in the table.
    """
    index, bits = g.index, g.sizes[ROW_BITS]
    code = pair_code(i, j)
    tag, k = tag_of(code, bits), home_of(code, index.size)
    while index[k] != 0:
        entry = np.int64(index[k]) - tag
        if 0 < entry < 1 << bits:
            fetch(g.pairs, entry - 1)
            return entry - 1
        k = next_place(k, index.size)
    return -1


@inlined
def enter_row(g, i, j, row):
    """Enter the pair's row at the first empty place or tombstone of its probe sequence."""
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
    fetch(g.pairs, -1 - g.pairs[row].lo)
    return row


@inlined
def drop_row(g, row):
    """Drop a pair: its row is nobody's, its index entry becomes a tombstone.

    Before an empty place it becomes empty, and so do tombstones before it: nothing is sought past them.
    """
    index, bits, r = g.index, g.sizes[ROW_BITS], g.pairs[row]
    k, tombstone = home_of(pair_code(r.lo, r.hi), index.size), np.uint32(1 << bits)
    while np.int64(index[k]) & ((1 << bits) - 1) != row + 1:
        k = next_place(k, index.size)
    index[k] = tombstone
    if index[next_place(k, index.size)] == 0:
        while index[k] == tombstone:
            index[k] = 0
            g.sizes[TAKEN] -= 1
            k = place_before(k, index.size)
    r.lo, r.state = -1, 0


@inlined
def list_free_row(g, row, last, before):
    """Put a row that is nobody's behind the `last` in the list of free rows; `before` is the row FREE_AHEAD places before it. Return `before` anew.

    In a free row `hi` is the next free one + 1, and `lo`, below zero, -1 - one that comes later: it is prefetched when the first is taken.
    """
    pairs, sizes = g.pairs, g.sizes
    pairs[row].hi, pairs[row].lo = 0, -1 - row
    if sizes[DROPPED] == 0:
        sizes[FREE] = row + 1
    else:
        pairs[last].hi = row + 1
    sizes[DROPPED] += 1
    if sizes[DROPPED] <= FREE_AHEAD:
        return sizes[FREE] - 1
    pairs[before].lo = -1 - row
    return pairs[before].hi - 1


@inlined
def clear_pair(pairs, row):
    """Reset a pair's row."""
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
    r.opened_lo = NEVER
    r.opened_hi = NEVER
    r.asks = 0
    r.about = 0
    r.thread_lo = 0
    r.thread_hi = 0
    r.met = 0
    r.strength = 0.0


@inlined
def begin_anew(pairs, row):
    """Forget what a pair had under an earlier account of either, but for what the same two persons count once.

    That they have been partners, how often they had an exchange, and when each last answered: measures ask for these, and
    nobody decides by them.
    """
    r = pairs[row]
    partners, met, answered_lo, answered_hi = r.state & TWO_WAY, r.met, r.answered_lo, r.answered_hi
    clear_pair(pairs, row)
    r.state, r.met, r.answered_lo, r.answered_hi = partners, met, answered_lo, answered_hi


@inlined
def is_stale(g, row, i, j):
    """Tell whether what the pair remembers belongs to an earlier account of either."""
    last = g.pairs[row].last
    return is_of_earlier_account(last, g.account_day[i], g.account_day[j])


@inlined
def unless_stale(g, row, i, j):
    """Return the row of {i, j}, which may be -1, if they have a history under their present accounts, else -1."""
    if row >= 0 and is_stale(g, row, i, j):
        return -1
    return row


@inlined
def known(g, i, j):
    """Return the row of {i, j} if they have a history under their present accounts, else -1."""
    return unless_stale(g, find(g, i, j), i, j=j)


@inlined
def known_from(g, row, i, j):
    """Return the row of {i, j} as `known` does; looked for first is where it once stood: only a pair that was dropped since is elsewhere."""
    return unless_stale(g, find_from(g, row, i, j), i, j=j)


@inlined
def known_of(g, item):
    """Return the row of an item's two members if they have a history under their present accounts, else -1."""
    return known_from(g, item.row, item.recipient, item.sender)


@inlined
def begin_pair(g, i, j):
    """Return a row for {i, j}, of whom nothing is remembered. The table must have room."""
    row = take_row(g)
    enter_row(g, i, j, row)
    g.pairs[row].lo = min(i, j)
    g.pairs[row].hi = max(i, j)
    clear_pair(g.pairs, row)
    return row


@inlined
def made_ready(g, row, i, j):
    """Return the row of {i, j}, which is -1 if they have none yet, made or cleared if need be."""
    if row < 0:
        return begin_pair(g, i, j)
    if is_stale(g, row, i, j):
        begin_anew(g.pairs, row)
    return row


@inlined
def claim(g, i, j):
    """Return the row of {i, j}, made or cleared if need be. The table must have room (see `World.reserve_pairs`)."""
    return made_ready(g, find(g, i, j), i, j=j)


@inlined
def claim_from(g, row, i, j):
    """Return the row of {i, j} as `claim` does; a row is looked at first, in which it may stand."""
    return made_ready(g, find_from(g, row, i, j), i, j=j)


@kernel
def mark_needed(owners, others, gone, g):
    """Mark the pairs of a list that somebody who is gone belongs to: what is still to be read or judged may ask for them."""
    for n in range(owners.size):
        i, j = owners[n], others[n]
        if j >= 0 and (gone[i] != 0 or gone[j] != 0):
            row = find(g, i, j)
            if row >= 0:
                g.pairs[row].state |= NEEDED


@inlined
def is_over(g, row, gone):
    """Tell whether nothing will ask for a pair again.

    One of the two left for good, or it belongs to an earlier account and the two never had an exchange.
    """
    r = g.pairs[row]
    if gone[r.lo] | gone[r.hi] != 0:
        return r.state & NEEDED == 0
    return is_stale(g, row, r.lo, r.hi) and r.met == 0  # in this order, as few are stale: whether two had an exchange, nothing foretells


@kernel
def drop_over(gone, g):
    """Drop the pairs that are over: their rows are free for others, and all free rows are listed anew in their order."""
    pairs, count = g.pairs, g.sizes[PAIRS]
    g.sizes[FREE], g.sizes[DROPPED] = 0, 0
    last, before = 0, 0
    over = 0  # a bit for each row from the present one on, the last the lowest: each is asked once, ahead of its turn
    for row in range(-DROP_AHEAD, count):
        a = row + DROP_AHEAD
        over = (over << 1) & ((2 << DROP_AHEAD) - 1)
        if a < count and pairs[a].lo >= 0 and is_over(g, a, gone):
            over |= 1
            fetch_place(g, pairs[a].lo, pairs[a].hi)
        if row >= 0:
            if over >> DROP_AHEAD:
                drop_row(g, row)
            if pairs[row].lo < 0:
                before = list_free_row(g, row, last, before=before)
                last = row
            elif pairs[row].state & NEEDED:  # few; the others' lines need not go back to memory
                pairs[row].state &= ~NEEDED


@kernel
def enter_rows(first, last, g):
    """Enter the rows first..last-1 into the index, but for those that are free."""
    pairs = g.pairs
    for row in range(first, last):
        a = row + AHEAD
        if a < last:
            fetch_place(g, pairs[a].lo, pairs[a].hi)
        if pairs[row].lo >= 0:
            enter_row(g, pairs[row].lo, pairs[row].hi, row)


def rehash(g: Any) -> None:
    """Fill an empty index with all pairs."""
    g.sizes[TAKEN] = 0
    enter_rows(0, int(g.sizes[PAIRS]), g)


@kernel
def ties_first(pairs, count):
    """Move the connected of the first `count` pairs to the front, in their order; return how many they are."""
    ties = 0
    for row in range(count):
        if pairs[row].state & TIE:
            if ties != row:
                pairs[ties] = pairs[row]
            ties += 1
    return ties
