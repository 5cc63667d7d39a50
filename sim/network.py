"""The growing graph: who remembers whom (a hash table of pairs) and who is connected (neighbour lists in a pool).

Neighbour lists keep the order of acceptance and only grow; an entry that dies becomes -1 and goes at the next
compaction, so that a choice by jump hashing changes only where the list did. Compiled; knows arrays and scalars.
"""

from __future__ import annotations

import numpy as np
from sim.compiling import fetch, inlined, kernel
from sim.decisions.joining import BY_FRIEND, BY_INDUSTRY, bounded_count, contact_count, contact_route, race_time, race_weight
from sim.randomness import (
    CONTACT_ANY, CONTACT_FRIEND, CONTACT_OF_FRIEND, CONTACT_RACE, CONTACT_ROUTE, CONTACTS, day_key, draw, jump,
    member_hash, mix, pair_hash, pick, sub_hash, uniform,
)  # fmt: skip
from sim.state import LONGEST, NEVER, PAIRS, PENDING, ROW_BITS, TIE, TIES, USED

RACE = 16  # entrants of an attachment race (STATISTICS.md: realises 0.56 of 0.6)
FULL = 0.75  # share of the index that may be taken: beyond, a search takes many steps
SURELY = 1.0 + 1e-9  # room for rounding
REDRAWS = 5  # the first draw and four more
MOST_CONTACTS = 2000.0
ENTRIES, MOST_FETCHED = 16, 128  # neighbours that a cache line holds, and how many are asked for


@inlined
def pair_code(i, j):
    """Return the hash of the pair {i, j}: its upper half says where to look, of its lower half the index keeps a part."""
    lo, hi = (i, j) if i < j else (j, i)
    return mix(int(lo) * 4294967296 + int(hi))


@inlined
def home_of(code, size):
    """Return where the probe sequence of a pair begins in an index of this size."""
    return np.int64((code >> np.uint64(32)) * np.uint64(size) >> np.uint64(32))


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
            row = entry - 1
            if pairs[row].lo == lo and pairs[row].hi == hi:
                return row
        k = k + 1 if k + 1 < index.size else 0
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
        k = k + 1 if k + 1 < index.size else 0


@inlined
def fetch_list(g, i):
    """Ask for the beginning of i's neighbour list."""
    for k in range(g.start[i], g.start[i] + min(g.length[i], MOST_FETCHED), ENTRIES):
        fetch(g.pool, k)


@inlined
def enter_row(index, bits, i, j, row):
    """Put the pair's row into the first free place of its probe sequence."""
    code = pair_code(i, j)
    k = home_of(code, index.size)
    while index[k] != 0:
        k = k + 1 if k + 1 < index.size else 0
    index[k] = np.uint32(tag_of(code, bits) + row + 1)


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
    """Return the row of {i, j}, made or cleared if need be. The table must have room (see `Store.reserve`)."""
    row = find(g, i, j)
    pairs = g.pairs
    if row >= 0:
        if is_stale(g, row, i, j):
            clear_pair(pairs, row)
        return row
    row = g.sizes[PAIRS]
    g.sizes[PAIRS] += 1
    enter_row(g.index, g.sizes[ROW_BITS], i, j, row)
    pairs[row].lo = min(i, j)
    pairs[row].hi = max(i, j)
    clear_pair(pairs, row)
    return row


@inlined
def has_room(g, ties):
    """Tell whether the pool surely holds `ties` more ties."""
    longest = g.sizes[LONGEST]
    return g.sizes[USED] + 2 * ties * (longest + longest // 4 + 16) <= g.pool.size


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
    pool, start = g.pool, g.start[i]
    for k in range(start, start + g.length[i]):
        if pool[k] == j:
            pool[k] = -1
            g.degree[i] -= 1
            return


@inlined
def connect(g, i, j, day, strength):
    """Make a connection; both lists must have room."""
    row = claim(g, i, j)
    r = g.pairs[row]
    r.state = (r.state | TIE) & ~(PENDING | (PENDING << 1))
    r.since = day
    r.last = day
    r.touched = day
    r.strength = strength
    add_neighbour(g, i, j)
    add_neighbour(g, j, i)
    g.sizes[TIES] += 1
    return row


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
def drop_ties(g, i):
    """Take a member's connections away (leaving, ban)."""
    pool, start = g.pool, g.start[i]
    for k in range(start, start + g.length[i]):
        j = pool[k]
        if j >= 0:
            row = find(g, i, j)
            g.pairs[row].state = g.pairs[row].state & ~TIE
            cut_neighbour(g, j, i)
            g.sizes[TIES] -= 1
    g.length[i] = 0
    g.degree[i] = 0


@kernel
def repack(start, length, room, old, new, compact):
    """Copy all lists into `new`, an eighth of room behind each; `compact` drops dead entries. Return entries used."""
    top = 0
    for i in range(start.size):
        first, kept = start[i], 0
        for k in range(first, first + length[i]):
            if old[k] >= 0 or not compact:
                new[top + kept] = old[k]
                kept += 1
        start[i] = top
        length[i] = kept
        room[i] = kept + kept // 8 + 2
        top += room[i]
    return top


@kernel
def fill_weights(rules, weights):
    """Fill the weights of an attachment race by degree."""
    p = rules[0]
    for degree in range(weights.size):
        weights[degree] = race_weight(p, degree)


@inlined
def flip_marks(g, marks, i):
    """Flip the bits of i's neighbours in `marks`: once to mark them, once more to clear.

    A dead entry (-1) flips the last bit of the first word, which stands for nobody and is kept clear: no branch needed.
    """
    pool, start = g.pool, g.start[i]
    for k in range(start, start + g.length[i]):
        j = np.uint64(pool[k] + 64)
        marks[j >> np.uint64(6)] ^= np.uint64(1) << (j & np.uint64(63))
    marks[0] = np.uint64(0)


@inlined
def is_marked(marks, j):
    """Return 1 if member j is marked, else 0."""
    at = np.uint64(j + 64)
    return np.int64((marks[at >> np.uint64(6)] >> (at & np.uint64(63))) & np.uint64(1))


@inlined
def mutual_marked(g, marks, j):
    """Return how many of j's neighbours are marked."""
    pool, start, count = g.pool, g.start[j], 0
    for k in range(start, start + g.length[j]):
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


@inlined
def attachment_pick(p, g, key, pair_key, i, limit):
    """Return the winner of a race among ids below `limit`, weighted by degree."""
    h = member_hash(key, i)
    best, best_time = -1, 0.0
    for k in range(RACE):
        j = pick(sub_hash(h, k), limit)
        if g.active[j] == 0 or j == i:
            continue
        u = uniform(pair_hash(pair_key, i, j))
        weight = g.weights[g.degree[j]] if g.degree[j] < g.weights.size else race_weight(p, g.degree[j])
        if best >= 0 and 1.0 - u > best_time * weight * SURELY:
            continue  # -ln(u) is at least 1 - u, so this entrant is late whatever its logarithm
        time = race_time(u, weight)
        if best < 0 or time < best_time:
            best, best_time = j, time
    return best


@inlined
def pick_contact(p, g, seed, day, i, count):
    """Return the id that newcomer i meets at this count, or -1."""
    route = contact_route(p, draw(seed, CONTACT_ROUTE, count, day, i))
    m = g.members[i]
    if route == BY_FRIEND and g.length[i] > 0:
        a = neighbour(g, i, member_hash(day_key(seed, CONTACT_FRIEND, count, day), i))
        if a < 0:
            return -1
        return neighbour(g, a, member_hash(day_key(seed, CONTACT_OF_FRIEND, count, day), i))
    if route == BY_INDUSTRY:
        size = g.industry_size[m.industry]
        if size == 0:
            return -1
        h = member_hash(day_key(seed, CONTACT_ANY, count, day), i)
        return g.by_industry[g.industry_start[m.industry] + pick(h, size)]
    key = day_key(seed, CONTACT_ANY, count, day)
    return attachment_pick(p, g, key, day_key(seed, CONTACT_RACE, 0, day), i, i)


@kernel
def bring_contacts(first, last, day, seed, mean_degree, rules, g):
    """Let members first..last-1 join with their contacts; return the member at which room ran out, or `last`.

    Members join one by one: each finds contacts among all smaller ids, through friends of those already found, in the
    industry, or anywhere by attachment.
    """
    p = rules[0]
    for i in range(first, last):
        m = g.members[i]
        wanted = bounded_count(contact_count(p, m.contact_normal, mean_degree), draw(seed, CONTACTS, 0, day, i), MOST_CONTACTS)
        wanted = min(wanted, i)
        if not has_room(g, wanted) or g.sizes[PAIRS] + wanted > min(g.pairs.size, int(g.index.size * FULL)):
            return i
        g.active[i] = 1
        for c in range(wanted):
            for redraw in range(REDRAWS):
                j = pick_contact(p, g, seed, day, i, c * REDRAWS + redraw)
                if j < 0 or j == i or g.active[j] == 0:
                    continue
                row = find(g, i, j)
                if row >= 0 and g.pairs[row].state & TIE:
                    continue
                connect(g, i, j, day, p.tie_exchange)
                break
        g.industry_size[m.industry] += 1
    return last
