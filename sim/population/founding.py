"""The members of the start find their contacts one by one, as if they had joined over years; then all their pairs are written.

Whom somebody finds hangs on what all before have found, so it cannot be found for several at once, and nearly all that is looked up
lies outside of cache. Hence nobody's list changes while one member looks for contacts: these lists are written to once all of them are found. So
what a draw will look up is known some contacts before its turn, and is prefetched. Rows of pairs, which nobody asks for meanwhile, are
written at the end, in order. Compiled.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from sim.decisions.codes import BY_ATTACHMENT, BY_FRIEND
from sim.decisions.constants import MOST_CONTACTS, RACE, REDRAWS
from sim.decisions.joining import contact_draw, contact_route
from sim.jit import fetch, fetch_first, inlined, kernel
from sim.randomness import (
    CONTACT_FRIEND,
    CONTACT_OF_FRIEND,
    CONTACT_RACE,
    CONTACT_ROUTE,
    TIE_AGE,
    TIE_CONTACT,
    day_key,
    draw,
    jump,
    member_hash,
    pair_hash,
    pick,
    sub_hash,
    uniform,
)
from sim.state.acquaintances import (
    acquaintance_at,
    acquaintance_hash,
    acquaintance_place,
    enter_groups,
    fetch_acquaintance,
    known_count,
    most_known,
    race_winner,
)
from sim.state.columns import LONGEST, PAIRS, TIE, TIES, USED
from sim.state.memory import LEAST_ROOM, table, zeroes
from sim.state.network import flip_mark, is_marked, new_marks
from sim.state.pair_table import clear_pair
from sim.state.world import World

AHEAD = 2  # contacts between the two prefetches that each found through a friend needs, and its turn
LISTS_AHEAD = 8  # members: how far ahead of its use the beginning of a list is prefetched

# where a member's list stands: together, since a list is looked up for one entry
_SEAT = [("start", "i8"), ("length", "i4"), ("room", "i4")]

# a contact that a member looks for
_SEARCH = [
    ("hash", "u8"),  # that picks among friends
    ("place", "i8"),  # where the contact stands, in the pool or in the list of the group, or -1
    ("friend", "i4"),  # through whom, or -1 while that is not known
    ("route", "i1"),
]
SEAT, SEARCH = (np.dtype((np.record, np.dtype(columns, align=True))) for columns in (_SEAT, _SEARCH))


class Searches(NamedTuple):
    """What the draws of the joining member say, each at its own number."""

    rows: Any  # (MOST_CONTACTS,) SEARCH
    entrants: Any  # (MOST_CONTACTS, RACE) int64: the ids in a race
    luck: Any  # (MOST_CONTACTS, RACE) float64: their draws


def new_searches() -> Searches:
    """Return room for as many contacts as a member may look for."""
    most = int(MOST_CONTACTS)
    return Searches(table(SEARCH, most), np.empty((most, RACE), np.int64), np.empty((most, RACE)))


@inlined
def room_of(length):
    """Return for how many entries a list of this length has room: half as many more, so that few move and little is left behind."""
    return length + length // 2 + 4


@inlined
def line_up(g, searches, c, seed, i, h):
    """Draw the entrants of the race for the c-th contact, from all before i; their degrees are prefetched."""
    key = day_key(seed, CONTACT_RACE, 0, 0)
    entrants, luck = searches.entrants[c], searches.luck[c]
    for k in range(RACE):  # without branches, so that several are drawn at once
        j = pick(sub_hash(h, k), i)
        entrants[k] = j
        luck[k] = uniform(pair_hash(key, i, j))
    for k in range(RACE):
        fetch_first(g.degree, entrants[k])


@inlined
def begin_search(p, g, searches, seed, i, c, redraw):
    """Draw how i looks for the c-th contact, and prefetch what that hangs on."""
    search, count = searches.rows[c], contact_draw(c, redraw)
    route = contact_route(p, draw(seed, CONTACT_ROUTE, count, 0, i))
    search.route, search.friend, search.place = route, -1, -1
    if route == BY_FRIEND:
        search.hash = member_hash(day_key(seed, CONTACT_FRIEND, count, 0), i)
    elif route == BY_ATTACHMENT:
        line_up(g, searches, c, seed, i, h=acquaintance_hash(seed, 0, i, count))
    else:
        search.place = acquaintance_place(g, i, route, acquaintance_hash(seed, 0, i, count))
        fetch_acquaintance(g, route, search.place)


@inlined
def know_friend(search, pool, seats, own, found, length):
    """Note through which of the contacts found so far one is found once they are `length`, if that one is among them.

    A jump that stays below `found` is the same for all lengths from there on.
    """
    k = jump(search.hash, length)
    if k < found:
        search.friend = pool[own + k]
        fetch(seats, search.friend)


@inlined
def know_place(search, pool, seats, seed, i, count):
    """Note where in the friend's list the contact stands. Its last entry, yet to be written, is i: that gives none."""
    seat = seats[search.friend]
    k = jump(member_hash(day_key(seed, CONTACT_OF_FRIEND, count, 0), i), seat.length + 1)
    if k < seat.length:
        search.place = seat.start + k
        fetch_first(pool, search.place)


@inlined
def look_ahead(searches, pool, seats, seed, i, c, wanted, own, found):
    """Prefetch for the contacts after the c-th that are found through friends: the friend's seat, then the entry of that list."""
    a, b = c + 2 * AHEAD, c + AHEAD
    if a < wanted and searches.rows[a].route == BY_FRIEND:
        know_friend(searches.rows[a], pool, seats, own, found, length=found + 2 * AHEAD)
    if 0 <= b < wanted and searches.rows[b].friend >= 0:
        know_place(searches.rows[b], pool, seats, seed, i, count=contact_draw(b, 0))


@inlined
def result(p, g, searches, seats, seed, i, c, redraw, own, found):
    """Return the id that the search for the c-th contact gives, or -1."""
    search, count = searches.rows[c], contact_draw(c, redraw)
    if search.route == BY_FRIEND and found > 0:
        if search.friend < 0:
            know_friend(search, g.pool, seats, own, found, length=found)
            know_place(search, g.pool, seats, seed, i, count=count)
        return np.int64(g.pool[search.place]) if search.place >= 0 else np.int64(-1)
    if search.route == BY_FRIEND:
        line_up(g, searches, c, seed, i, h=acquaintance_hash(seed, 0, i, count))
    if search.route in (BY_FRIEND, BY_ATTACHMENT):
        return np.int64(race_winner(p, g, searches.entrants[c], searches.luck[c]))
    return acquaintance_at(g, search.route, search.place) if search.place >= 0 else np.int64(-1)


@inlined
def write_back(g, seats, i, own, found, top):
    """Append i to the lists of the contacts found; a full one moves to the top of the pool. Return the new top."""
    pool = g.pool
    for k in range(own, own + found):
        seat = seats[pool[k]]
        fetch_first(pool, seat.start + min(seat.length, seat.room - 1))
    for k in range(own, own + found):
        seat = seats[pool[k]]
        length, before = seat.length, seat.start
        if length == seat.room:
            for e in range(length):
                pool[top + e] = pool[before + e]
            seat.start, seat.room = top, room_of(length)
            top += seat.room
        pool[seat.start + length] = i
        seat.length = length + 1
    return top


@kernel
def find_contacts(count, seed, mean_degree, rules, g, seats, marks, searches):
    """Let `count` members join, each with contacts among those before; return how many entries of the pool are used.

    They are found through friends of those already found, in groups, or anywhere by attachment. `seats` (n,) SEAT says where lists
    stand; `marks` as of `new_marks`. The pool must have room for all (`entries_at_most`).
    """
    p, pool, top = rules[0], g.pool, 0
    for i in range(count):
        wanted = known_count(p, m=g.members[i], seed=seed, day=0, mean_degree=mean_degree, i=i)
        own, found = top, 0
        top += room_of(wanted)
        for c in range(wanted):
            begin_search(p, g, searches, seed, i, c=c, redraw=0)
        for c in range(-2 * AHEAD, wanted):
            look_ahead(searches, pool, seats, seed, i, c=c, wanted=wanted, own=own, found=found)
            for redraw in range(REDRAWS if c >= 0 else 0):
                if redraw > 0:
                    begin_search(p, g, searches, seed, i, c=c, redraw=redraw)
                j = result(p, g, searches, seats, seed, i, c=c, redraw=redraw, own=own, found=found)
                if j < 0 or j == i or is_marked(marks, j) == 1:
                    continue
                flip_mark(marks, j)
                fetch(seats, j)
                g.degree[j] += 1
                pool[own + found] = j
                found += 1
                break
        for k in range(own, own + found):
            flip_mark(marks, pool[k])
        seats[i].start, seats[i].length, seats[i].room = own, found, room_of(wanted)
        top = write_back(g, seats, i, own=own, found=found, top=top)
        g.degree[i] = found
        enter_groups(g, i)
    return top


@inlined
def age_tie(r, oldest, age_key, contact_key, contact_age, strength):
    """Give a tie an age, below `oldest` days, and a last contact, as if it had lived."""
    age = math.floor(uniform(pair_hash(age_key, r.lo, r.hi)) * oldest)
    silent = min(age, math.floor(-math.log(uniform(pair_hash(contact_key, r.lo, r.hi))) * contact_age))
    r.since, r.last, r.touched, r.strength = -age, -silent, -silent, strength


@kernel
def age_ties(members, pairs, first, last, seed, contact_age, strength):
    """Spread the ages and last contacts of ties as if they had lived: no tie is older than its younger member."""
    age_key, contact_key = day_key(seed, TIE_AGE, 0, 0), day_key(seed, TIE_CONTACT, 0, 0)
    for row in range(first, last):
        r = pairs[row]
        oldest = -max(members[r.lo].joined, members[r.hi].joined)
        age_tie(r, oldest, age_key, contact_key=contact_key, contact_age=contact_age, strength=strength)


@kernel
def write_pairs(count, seed, contact_age, strength, g):
    """Write the rows of all pairs that `find_contacts` connected, in the order in which they were found; each has its age."""
    age_key, contact_key = day_key(seed, TIE_AGE, 0, 0), day_key(seed, TIE_CONTACT, 0, 0)
    pool, row = g.pool, 0
    for i in range(count):
        fetch(pool, g.start[min(i + LISTS_AHEAD, count - 1)])
        oldest = -np.int64(g.members[i].joined)  # i is the younger: members stand in the order in which they joined
        for k in range(g.start[i], g.start[i] + g.length[i]):
            if pool[k] > i:  # who found i later
                break
            r = g.pairs[row]
            clear_pair(g.pairs, row)
            r.lo, r.hi, r.state = pool[k], i, TIE
            age_tie(r, oldest, age_key, contact_key=contact_key, contact_age=contact_age, strength=strength)
            row += 1
    g.sizes[PAIRS] = g.sizes[TIES] = row


def entries_at_most(wanted: int, members: int) -> int:
    """Return how many entries of the pool so many members take at most, who want so many contacts in all; none is written for nothing.

    A list of n entries that has moved has room for 1.5 n + 2.5 at most, and what it left behind is no more than twice that.
    """
    return 11 * wanted + 12 * members


def bring_together(world: World, count: int, mean_degree: float) -> None:
    """Let the first `count` members join with their contacts, scaled to this mean degree; the rows of their pairs are yet to be written."""
    g, seed, rules = world.graph, world.population_seed, world.book.rules
    wanted = int(most_known(0, count, 0, seed=seed, mean_degree=mean_degree, rules=rules, members=g.members))
    world.graph = g = g._replace(pool=zeroes(np.int32, entries_at_most(wanted, count) + LEAST_ROOM))
    seats, marks = table(SEAT, count), new_marks(count)
    g.sizes[USED] = find_contacts(
        count, seed=seed, mean_degree=mean_degree, rules=rules, g=g, seats=seats, marks=marks, searches=new_searches()
    )
    for name, column in (("start", g.start), ("length", g.length), ("room", g.room)):
        column[:count] = seats[name]
    g.sizes[LONGEST] = g.room.max(initial=0)
    g.active[:count] = 1
    world.present = count
    world.reserve_pairs(wanted)
