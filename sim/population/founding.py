"""The members of the start find their contacts one by one, as if they had joined over years; their pairs are written behind them.

Whom somebody finds hangs on what all before have found, so it cannot be found for several at once, and nearly all that is looked up
lies outside of cache. Hence nobody's list changes while one member looks for contacts: these lists are written to once all of them are
found. So what a draw will look up is known some contacts before its turn, and is prefetched. Nobody asks for pairs meanwhile: these are
written for many members at once, in order, by a second thread. Compiled.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
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
from sim.state.columns import LONGEST, PAIRS, TIE, TIES, USED, Columns
from sim.state.memory import LEAST_ROOM, table, zeroes
from sim.state.network import flip_mark, is_marked, new_marks
from sim.state.pair_table import clear_pair, enter_rows
from sim.state.world import World

AHEAD = 2  # contacts between the two prefetches that each found through a friend needs, and its turn
STRETCH = 20_000  # members whose pairs are written at once: fewer are done before a second thread has begun

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
    """Note through whom a contact is found, if that is one of those `found` so far and would still be with `length` of them.

    The jump to it is then the same for all lengths between the two.
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
def find_contacts(first, last, top, seed, mean_degree, rules, g, seats, own, marks, searches):
    """Let members first..last-1 join, each with contacts among those before; return how many entries of the pool are used then.

    They are found through friends of those already found, in groups, or anywhere by attachment. `top` entries are used so far, and the
    pool must have room for all (`entries_at_most`). `seats` (n,) SEAT says where lists stand, `own` (last - first,) SEAT is filled with where
    each stood with nobody in it but the contacts found; `marks` as of `new_marks`.
    """
    p, pool = rules[0], g.pool
    for i in range(first, last):
        wanted = known_count(p, m=g.members[i], seed=seed, day=0, mean_degree=mean_degree, i=i)
        start, found = top, 0
        top += room_of(wanted)
        for c in range(wanted):
            begin_search(p, g, searches, seed, i, c=c, redraw=0)
        for c in range(-2 * AHEAD, wanted):
            look_ahead(searches, pool, seats, seed, i, c=c, wanted=wanted, own=start, found=found)
            for redraw in range(REDRAWS if c >= 0 else 0):
                if redraw > 0:
                    begin_search(p, g, searches, seed, i, c=c, redraw=redraw)
                j = result(p, g, searches, seats, seed, i, c=c, redraw=redraw, own=start, found=found)
                if j < 0 or j == i or is_marked(marks, j) == 1:
                    continue
                flip_mark(marks, j)
                fetch(seats, j)
                g.degree[j] += 1
                pool[start + found] = j
                found += 1
                break
        for k in range(start, start + found):
            flip_mark(marks, pool[k])
        seats[i].start, seats[i].length, seats[i].room = start, found, room_of(wanted)
        own[i - first] = seats[i]
        top = write_back(g, seats, i, own=start, found=found, top=top)
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
def write_pairs(first, own, seed, contact_age, strength, g):
    """Write the pairs of members from `first` on with their contacts, in the order in which these were found; `own` of `find_contacts`.

    Each pair has its age. Of the graph, only what belongs to pairs is written, and only these entries of the pool are read.
    """
    age_key, contact_key = day_key(seed, TIE_AGE, 0, 0), day_key(seed, TIE_CONTACT, 0, 0)
    pool, row = g.pool, g.sizes[PAIRS]
    for n in range(own.size):
        i = first + n
        oldest = -np.int64(g.members[i].joined)  # i is the younger: members stand in the order in which they joined
        for k in range(own[n].start, own[n].start + own[n].length):
            r = g.pairs[row]
            clear_pair(g.pairs, row)
            r.lo, r.hi, r.state = pool[k], i, TIE
            age_tie(r, oldest, age_key, contact_key=contact_key, contact_age=contact_age, strength=strength)
            row += 1
    g.sizes[PAIRS] = g.sizes[TIES] = row


def entries_at_most(wanted: int, members: int) -> int:
    """Return how many entries of the pool so many members take at most, who want so many contacts in all; room costs nothing until it is written.

    A list of n entries that has moved has room for 1.5 n + 2.5 at most, and what it left behind is no more than twice that.
    """
    return 11 * wanted + 12 * members


def connect_all(world: World, count: int, *, mean_degree: float, contact_age: float, strength: float) -> None:
    """Let the first `count` members join with their contacts, scaled to this mean degree; ties are as if they had lived.

    Pairs are written beside those who still look for contacts: nearly half of all time goes into memory that is written for the first time.
    """
    rules, members = world.book.rules, world.graph.members
    wanted = int(most_known(0, count, 0, seed=world.population_seed, mean_degree=mean_degree, rules=rules, members=members))
    world.reserve_pairs(wanted)
    world.graph = world.graph._replace(pool=zeroes(np.int32, entries_at_most(wanted, count) + LEAST_ROOM))
    write = partial(_enter_pairs, world.graph, seed=world.population_seed, contact_age=contact_age, strength=strength)
    if count <= STRETCH:
        for found in _stretches(world, count, mean_degree):
            write(*found)
        return
    with ThreadPoolExecutor(1) as second:
        written = [second.submit(write, *found) for found in _stretches(world, count, mean_degree)]
    for one in written:
        one.result()


def _enter_pairs(g: Columns, first: int, own: Any, *, seed: int, contact_age: float, strength: float) -> None:
    """Write pairs as `write_pairs` does, and enter them into the index."""
    begin = int(g.sizes[PAIRS])
    write_pairs(first, own, seed=seed, contact_age=contact_age, strength=strength, g=g)
    enter_rows(begin, int(g.sizes[PAIRS]), g)


def _stretches(world: World, count: int, mean_degree: float) -> Iterator[tuple[int, Any]]:
    """Let members join; yield the first of each stretch of them, and where their lists stood (members of the stretch,)."""
    g, seats, marks, searches, top = world.graph, table(SEAT, count), new_marks(count), new_searches(), 0
    for first in range(0, count, STRETCH):
        own = table(SEAT, min(STRETCH, count - first))
        top = int(
            find_contacts(
                first,
                first + len(own),
                top,
                seed=world.population_seed,
                mean_degree=mean_degree,
                rules=world.book.rules,
                g=g,
                seats=seats,
                own=own,
                marks=marks,
                searches=searches,
            )
        )
        yield first, own
    for name, column in (("start", g.start), ("length", g.length), ("room", g.room)):
        column[:count] = seats[name]
    g.sizes[USED], g.sizes[LONGEST] = top, g.room.max(initial=0)
    g.active[:count] = 1
    world.present = count
