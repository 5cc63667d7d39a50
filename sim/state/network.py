"""The growing graph: who is connected, as neighbour lists in a pool.

Neighbour lists keep the order of acceptance and only grow; an entry that dies becomes -1 and goes at the next
compaction, so that a choice by jump hashing changes only where the list did. Compiled; takes arrays and scalars.
"""

from __future__ import annotations

import numpy as np

from sim.jit import fetch, inlined, kernel
from sim.randomness import jump
from sim.state.columns import LONGEST, PENDING, TIE, TIES, USED
from sim.state.pair_table import fetch_pair, fetch_place, find

AHEAD = 6  # entries of a list between the two prefetches that each needs, and its use
ENTRIES, USUAL, MOST_FETCHED = 16, 64, 128  # neighbours that a cache line holds, that a list has, and that are prefetched at most


@inlined
def fetch_list(g, i):
    """Prefetch the beginning of i's neighbour list into cache."""
    start = g.start[i]
    for k in range(0, USUAL, ENTRIES):  # whether or not there are so many: asking costs more than a line too many
        fetch(g.pool, start + k)
    for k in range(USUAL, min(g.length[i], MOST_FETCHED), ENTRIES):
        fetch(g.pool, start + k)


@inlined
def fetch_traits(g, i):
    """Prefetch what tells how well somebody fits i, and under which account i is here."""
    fetch(g.industry, i)
    fetch(g.seniority, i)
    fetch(g.account_day, i)


@inlined
def room_for(longest, ties):
    """Return how many entries of the pool so many more ties may take, if each moves two lists as long as the longest."""
    return 2 * ties * (longest + longest // 4 + 16)


@inlined
def has_room(g, ties):
    """Tell whether the pool surely holds `ties` more ties."""
    return g.sizes[USED] + room_for(g.sizes[LONGEST], ties) <= g.pool.size


@inlined
def entries_of(g, i):
    """Return the places of i's list in the pool; unsigned, so that compiled code need not ask whether they count from the end."""
    return range(np.uint64(g.start[i]), np.uint64(g.start[i] + g.length[i]))


@inlined
def add_neighbour(g, i, j):
    """Append j to i's list, which moves to the end of the pool when it is full."""
    pool, sizes, length = g.pool, g.sizes, g.length[i]
    if length == g.room[i]:
        room = length + length // 4 + 4
        start, before = sizes[USED], g.start[i]
        for k in range(length):
            pool[start + k] = pool[before + k]
        g.start[i] = start
        g.room[i] = room
        sizes[USED] += room
        sizes[LONGEST] = max(sizes[LONGEST], room)
    pool[g.start[i] + length] = j
    g.length[i] = length + 1
    g.degree[i] += 1


@inlined
def cut_neighbour(g, i, j):
    """Mark j's entry in i's list as dead."""
    pool = g.pool
    for k in entries_of(g, i):
        if pool[k] == j:
            pool[k] = -1
            g.degree[i] -= 1
            return


@inlined
def note_tie(g, row, day, strength):
    """Note in a pair's row that the two are connected from this day on."""
    r = g.pairs[row]
    r.state = (r.state | TIE) & ~(PENDING | (PENDING << 1))
    r.since = day
    r.last = day
    r.touched = day
    r.strength = strength
    g.sizes[TIES] += 1


@inlined
def connect(g, row, i, j, day, strength):
    """Make a connection of the two whose row this is; both lists must have room."""
    note_tie(g, row, day, strength=strength)
    add_neighbour(g, i, j)
    add_neighbour(g, j, i)


@inlined
def disconnect(g, i, j):
    """Undo a connection; the pair is remembered."""
    row = find(g, i, j)
    if row >= 0 and g.pairs[row].state & TIE:
        g.pairs[row].state = g.pairs[row].state & ~TIE
        cut_neighbour(g, i, j)
        cut_neighbour(g, j, i)
        g.sizes[TIES] -= 1


@inlined
def look_ahead(g, i, k, start, end):
    """Prefetch what the entries of i's list after the k-th will need: index entries, then pairs and the others' lists."""
    pool, a, b = g.pool, k + 2 * AHEAD, k + AHEAD
    if a < end and pool[a] >= 0:
        fetch_place(g, i, pool[a])
        fetch(g.start, pool[a])
        fetch(g.length, pool[a])
    if start <= b < end and pool[b] >= 0:
        fetch_pair(g, i, pool[b])
        fetch_list(g, pool[b])


@inlined
def drop_ties(g, i):
    """Take a member's connections away (leaving, ban)."""
    pool, start = g.pool, g.start[i]
    end = start + g.length[i]
    for k in range(start - 2 * AHEAD, end):
        look_ahead(g, i, k, start, end=end)
        j = pool[k] if k >= start else -1
        if j >= 0:
            row = find(g, i, j)
            g.pairs[row].state = g.pairs[row].state & ~TIE
            cut_neighbour(g, j, i)
            g.sizes[TIES] -= 1
    g.length[i] = 0
    g.degree[i] = 0


@kernel
def close_gaps(order, start, length, room, pool, compact):
    """Move lists to the front of their pool, an eighth of room behind each where there is as much; return entries used.

    `order` holds the owners of all lists in the order in which these stand. `compact` drops dead entries.
    """
    top = 0
    for n in range(order.size):
        i, end = order[n], start[order[n + 1]] if n + 1 < order.size else pool.size
        first, kept = start[i], 0
        for k in range(first, first + length[i]):
            if pool[k] >= 0 or not compact:
                pool[top + kept] = pool[k]
                kept += 1
        start[i] = top
        length[i] = kept
        room[i] = min(kept + kept // 8 + 2, end - top)
        top += room[i]
    return top


def new_marks(members: int) -> np.ndarray:
    """Return a bit for each of so many members, none of which is set; the first word is nobody's."""
    return np.zeros((members >> 6) + 2, np.uint64)


@inlined
def word_of(j):
    """Return the word in which the bit of member j stands; -1 has the last of the first."""
    return np.uint64((j >> 6) + 1)


@inlined
def flip_mark(marks, j):
    """Flip the bit of member j."""
    marks[word_of(j)] ^= np.uint64(1) << np.uint64(j & 63)


@inlined
def flip_marks(g, marks, i):
    """Flip the bits of i's neighbours in `marks`: once to mark them, once more to clear.

    A dead entry (-1) flips the last bit of the first word, which stands for nobody and is kept clear: no branch needed.
    """
    pool = g.pool
    for k in entries_of(g, i):
        flip_mark(marks, pool[k])
    marks[0] = np.uint64(0)


@inlined
def is_marked(marks, j):
    """Return 1 if member j is marked, else 0."""
    return np.int64((marks[word_of(j)] >> np.uint64(j & 63)) & np.uint64(1))


@inlined
def mutual_marked(g, marks, j):
    """Return how many of j's neighbours are marked."""
    pool, count = g.pool, 0
    for k in entries_of(g, j):
        count += is_marked(marks, pool[k])
    return count


@inlined
def neighbour_place(g, i, h):
    """Return where in the pool the neighbour stands that hash `h` picks from i's list, or -1."""
    length = g.length[i]
    return g.start[i] + jump(h, length) if length > 0 else -1


@inlined
def neighbour(g, i, h):
    """Return the neighbour that hash `h` picks from i's list; -1 for none or a dead entry."""
    place = neighbour_place(g, i, h)
    return g.pool[place] if place >= 0 else -1
