"""The table of pairs, kept small: pairs that no later day can ask for are dropped. No history changes by it."""

from __future__ import annotations

from sim.jit import inlined, kernel
from sim.state.pair_table import drop_row, enter_row, fetch_place, find, is_stale
from sim.state.columns import NEEDED, PAIRS, TAKEN, TIE

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
    """Drop the pairs that are over: their rows are free for others."""
    pairs, count = g.pairs, g.sizes[PAIRS]
    for row in range(count):
        a = row + AHEAD
        if a < count and pairs[a].lo >= 0 and is_over(g, a, gone):
            fetch_place(g, pairs[a].lo, pairs[a].hi)
        if pairs[row].lo >= 0:
            if is_over(g, row, gone):
                drop_row(g, row)
            else:
                pairs[row].state &= ~NEEDED


@kernel
def rehash(g):
    """Fill an empty index with all pairs."""
    pairs, count = g.pairs, g.sizes[PAIRS]
    g.sizes[TAKEN] = 0
    for row in range(count):
        a = row + AHEAD
        if a < count:
            fetch_place(g, pairs[a].lo, pairs[a].hi)
        if pairs[row].lo >= 0:
            enter_row(g, pairs[row].lo, pairs[row].hi, row)


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
