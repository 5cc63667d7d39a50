"""The table of pairs, kept small: rows that no later day can ask for are dropped. No history changes by it."""

from __future__ import annotations

from sim.compiling import inlined, kernel
from sim.network import enter_row, fetch_place, find, is_stale
from sim.state import NEEDED, PAIRS, ROW_BITS, TIE

AHEAD = 16  # rows: the place of one is asked for so many before it is entered


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
    """Tell whether nothing will ask for a pair again: one of the two left for good, or it belongs to an earlier account."""
    r = g.pairs[row]
    if gone[r.lo] != 0 or gone[r.hi] != 0:
        return r.state & NEEDED == 0
    return is_stale(g, row, r.lo, r.hi)


@kernel
def drop_over(gone, g):
    """Drop the pairs that are over; the others close ranks in their order."""
    kept, pairs = 0, g.pairs
    for row in range(g.sizes[PAIRS]):
        if not is_over(g, row, gone):
            if kept != row:
                pairs[kept] = pairs[row]
            pairs[kept].state &= ~NEEDED
            kept += 1
    g.sizes[PAIRS] = kept


@kernel
def rehash(g):
    """Fill an empty index with all pairs."""
    index, pairs, bits, count = g.index, g.pairs, g.sizes[ROW_BITS], g.sizes[PAIRS]
    for row in range(count):
        if row + AHEAD < count:
            r = pairs[row + AHEAD]
            fetch_place(g, r.lo, r.hi)
        enter_row(index, bits, pairs[row].lo, pairs[row].hi, row)


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
