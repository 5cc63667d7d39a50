"""Looking: whose profiles a member comes upon, and which of them is written to (MODEL 5)."""

from __future__ import annotations

import numpy as np
from sim.compiling import fetch, inlined
from sim.decisions.common import RELATIONSHIP
from sim.decisions.outreach import LOOK_CONNECTIONS, LOOK_FRIENDS, LOOK_INDUSTRY, choose_route
from sim.letters import contacted_today
from sim.network import REDRAWS, attachment_pick, fetch_place, known, neighbour, neighbour_place
from sim.randomness import (
    ANY_PICK, FRIEND, FRIEND_OF, HEED, INDUSTRY_PICK, OWN_PICK, RACE, ROUTE, day_key, draw, draw_pair, member_hash, pick,
)  # fmt: skip
from sim.relations import ITEMS, has, most_relevance_of, mutual_of, seen_relevance_of, side
from sim.state import AWAITS, OPTED_OUT, PENDING, RED_FLAG, TIE


@inlined
def friend_place(g, seed, day, i, count):
    """Return (where in the pool the friend of a friend stands whom i comes upon, the friend), or -1."""
    a = neighbour(g, i, member_hash(day_key(seed, FRIEND, count, day), i))
    return (neighbour_place(g, a, member_hash(day_key(seed, FRIEND_OF, count, day), i)) if a >= 0 else -1), a


@inlined
def find_candidate(p, g, seed, day, i, route, limit, count):
    """Return (the profile that i comes upon, the friend through whom), or -1."""
    if route == LOOK_FRIENDS:
        place, a = friend_place(g, seed, day, i, count)
        return (g.pool[place] if place >= 0 else -1), a
    if route == LOOK_CONNECTIONS:
        return neighbour(g, i, member_hash(day_key(seed, OWN_PICK, count, day), i)), -1
    if route == LOOK_INDUSTRY:
        k = g.industry[i]
        h = member_hash(day_key(seed, INDUSTRY_PICK, count, day), i)
        return g.by_industry[g.industry_start[k] + pick(h, g.industry_size[k])], -1
    key = day_key(seed, ANY_PICK, count, day)
    return attachment_pick(p, g, key, day_key(seed, RACE, 0, day), i, limit), -1


@inlined
def said_no(pairs, row, i, j):
    """Tell whether j has shown i a red flag or opted out of i."""
    flags = pairs[row].state
    return has(flags, RED_FLAG, side(i, j)) or has(flags, OPTED_OUT, side(j, i))


@inlined
def is_open_to(p, style, g, row, purpose, seed, day, i, j):
    """Tell whether i may approach j: nothing pending or lately unanswered, and no refusal that i heeds."""
    if row < 0:
        return True
    r = g.pairs[row]
    if r.state & TIE and purpose == RELATIONSHIP:
        return False
    waits = r.state & (AWAITS | (AWAITS << 1) | PENDING | (PENDING << 1)) != 0
    if waits and day - r.last < p.outreach_rest_days:
        return False
    return not said_no(g.pairs, row, i, j) or draw_pair(seed, HEED, 0, day, i, j) >= style.heeds


@inlined
def look_around(p, style, g, seed, lasting, day, i, purpose, c, limit, looks):
    """Look at a few profiles; return how many were found.

    Fills `looks` with who they are, through which friend, the most relevance that they can show, and -1 for mutual
    connections that nobody has counted yet.
    """
    n, alone = 0, int(style.candidates) == 1
    for k in range(int(style.candidates)):
        look, count = looks[k], (c * 8 + k) * 8
        look.route = choose_route(style, purpose, draw(seed, ROUTE, count, day, i))
        look.place, look.via = -1, -1
        if look.route == LOOK_FRIENDS:
            look.place, look.via = friend_place(g, seed, day, i, count)
            fetch(g.pool, max(look.place, 0))  # all are asked for before the first is read: the waits overlap
    for k in range(int(style.candidates)):
        route, place, friend, count = looks[k].route, looks[k].place, looks[k].via, (c * 8 + k) * 8
        for redraw in range(REDRAWS):
            if place >= 0 and redraw == 0:
                j, via = g.pool[place], friend
            else:
                j, via = find_candidate(p, g, seed, day, i, route, limit, count + redraw)
            if j >= 0 and j != i and g.active[j] != 0:
                look = looks[n]
                look.member, look.via, look.mutual = j, via, -1
                fetch_place(g, i, j)
                fetch(g.pool, g.start[j])
                look.score = 0.0 if alone else most_relevance_of(p, g, lasting, i, j)
                n += 1
                break
    return n


@inlined
def best_candidate(p, style, g, seed, lasting, day, i, purpose, c, limit, marks, scratch, items, first, looks):
    """Return the place in `looks` of the profile that looks most relevant and is open to i, or -1; of equals the first seen.

    Counting mutual connections is costly, so it is done only for a profile that may be the best: whose most possible
    relevance is above all others. Whether one is open to an approach is asked in the order of relevance.
    """
    n = look_around(p, style, g, seed, lasting, day, i, purpose, c, limit, looks)
    left = n
    while left > 0:
        best = 0
        for k in range(1, n):
            if looks[k].score > looks[best].score:
                best = k
        look = looks[best]
        if look.mutual < 0:
            fetch(g.members, look.member)
            look.mutual = mutual_of(g, marks, scratch, i, look.member)
            if n > 1:
                look.score = seen_relevance_of(p, g, lasting, marks, i, look.member, look.mutual)
            continue
        if not contacted_today(items, first, scratch[ITEMS], look.member):
            if is_open_to(p, style, g, known(g, i, look.member), purpose, seed, day, i, look.member):
                return best
        look.score = -np.inf
        left -= 1
    return -1
