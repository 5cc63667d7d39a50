"""First contacts: how members of the start find theirs, and whom newcomers know and are to contact.

Whom newcomers know depends on the population alone, so that it is the same in every arm. Compiled; takes arrays and scalars.
"""

from __future__ import annotations

import numpy as np

from sim.decisions.codes import BY_ATTACHMENT, BY_EMPLOYER, BY_INDUSTRY, DO_GREET
from sim.decisions.constants import FAR, RACE, REDRAWS, SURELY
from sim.decisions.joining import (
    acquaintance_route,
    contact_draw,
    contacts_wanted,
    greeting_day,
    race_time,
    race_weight,
)
from sim.jit import fetch, inlined, kernel
from sim.randomness import (
    CONTACT_ANY,
    CONTACT_ROUTE,
    CONTACTS,
    GREET_DAY,
    day_key,
    draw,
    draw_pair,
    member_hash,
    pick,
)
from sim.state.alias import alias_pick, alias_place
from sim.state.columns import KNOWN, LISTED
from sim.state.network import flip_mark, is_marked
from sim.state.pair_table import begin_pair, fetch_place


@kernel
def fill_weights(rules, weights):
    """Fill the weights of an attachment race by degree."""
    p = rules[0]
    for degree in range(weights.size):
        weights[degree] = race_weight(p, degree)


@inlined
def race_winner(p, g, entrants, luck):
    """Return the winner of a race, weighted by degree; `entrants` are ids, `luck` their draws."""
    best, best_time = np.int64(-1), 0.0
    for k in range(RACE):
        j, u = entrants[k], luck[k]
        degree = g.degree[np.uint64(j)]
        weight = g.weights[np.uint64(degree)] if degree < g.weights.size else race_weight(p, degree)
        if best >= 0 and 1.0 - u > best_time * weight * SURELY:
            continue  # -ln(u) is at least 1 - u, so this entrant is late whatever its logarithm
        time = race_time(u, weight)
        if best < 0 or time < best_time:
            best, best_time = j, time
    return best


@inlined
def acquaintance_hash(seed, day, i, count):
    """Return the bits by which i meets somebody at the employer, the school, in the industry or anywhere."""
    return member_hash(day_key(seed, CONTACT_ANY, count, day), i)


@inlined
def place_among(start, size, h):
    """Return the place that hash `h` picks of so many from `start` on, or -1."""
    return start + pick(h, size) if size > 0 else -1


@inlined
def acquaintance_place(g, i, route, h):
    """Return where in the list of this route (employers, schools or industries) stands who has joined and whom `h` picks, or -1."""
    if route == BY_INDUSTRY:
        k = g.industry[i]
        return place_among(g.industry_start[k], g.industry_size[k], h)
    groups = g.employers if route == BY_EMPLOYER else g.schools
    k = groups.of[i]
    return place_among(groups.start[k], groups.size[k], h)


@inlined
def acquaintance_at(g, route, place):
    """Return the id at this place of the list of this route."""
    if route == BY_INDUSTRY:
        return np.int64(g.by_industry[place])
    groups = g.employers if route == BY_EMPLOYER else g.schools
    return np.int64(groups.ids[place])


@inlined
def fetch_acquaintance(g, route, place):
    """Prefetch this place of the list of this route; -1 is no place."""
    if route == BY_INDUSTRY:
        fetch(g.by_industry, max(place, 0))
    else:
        fetch(g.employers.ids if route == BY_EMPLOYER else g.schools.ids, max(place, 0))


@inlined
def enter_groups(g, i):
    """Let i be found in the industry, at the employer and among those of the school."""
    g.industry_size[g.industry[i]] += 1
    g.employers.size[g.employers.of[i]] += 1
    g.schools.size[g.schools.of[i]] += 1


@inlined
def known_count(p, m, seed, day, mean_degree, i):
    """Return how many people newcomer i, whose row is m, knows among those who are there."""
    return contacts_wanted(p, normal=m.contact_normal, mean_degree=mean_degree, u=draw(seed, CONTACTS, 0, day, i), present=i)


@inlined
def known_place(p, g, seed, day, i, count):
    """Return (the route by which newcomer i knows somebody, where in its list they stand, or -1): by the population alone, in every arm."""
    route, h = acquaintance_route(p, draw(seed, CONTACT_ROUTE, count, day, i)), acquaintance_hash(seed, day, i, count)
    return route, alias_place(h, 0, g.sizes[LISTED]) if route == BY_ATTACHMENT else acquaintance_place(g, i, route, h)


@inlined
def known_at(g, seed, day, i, count, route, place):
    """Return the id of the one who stands at this place of the list of a route, or -1 for nowhere."""
    if place < 0:
        return np.int64(-1)
    if route == BY_ATTACHMENT:
        return np.int64(alias_pick(g.listed, place, acquaintance_hash(seed, day, i, count)))
    return acquaintance_at(g, route, place)


@inlined
def fetch_known(g, route, place):
    """Prefetch where `known_at` will look."""
    if route == BY_ATTACHMENT:
        fetch(g.listed, max(place, 0))
    else:
        fetch_acquaintance(g, route, place)


@kernel
def most_known(first, last, day, seed, mean_degree, rules, members):
    """Return how many people members first..last-1 know in all."""
    total = 0
    for i in range(first, last):
        total += known_count(p=rules[0], m=members[i], seed=seed, day=day, mean_degree=mean_degree, i=i)
    return total


@kernel
def know(first, last, day, seed, mean_degree, rules, g, rows, marks):
    """Let members first..last-1 join; write into `rows` whom each knows and is to contact, and from which day on; return how many.

    There must be room for all of them (`most_known`), and for as many pairs; `marks` as in `Marks`. Who is known is the same in every arm; who of
    them has left is not, and is not to be contacted.
    """
    p, kept = rules[0], 0
    for i in range(first, last):
        begin = found = kept
        wanted = known_count(p, m=g.members[i], seed=seed, day=day, mean_degree=mean_degree, i=i)
        for c in range(wanted):
            route, place = known_place(p, g, seed, day, i, count=contact_draw(c, 0))
            fetch_known(g, route, place)
            rows[begin + c].what, rows[begin + c].other = route, place  # until who stands there is asked for
        for c in range(wanted):
            route, place = np.int64(rows[begin + c].what), np.int64(rows[begin + c].other)
            for redraw in range(REDRAWS):
                count = contact_draw(c, redraw)
                if redraw > 0:
                    route, place = known_place(p, g, seed, day, i, count=count)
                j = known_at(g, seed, day, i, count=count, route=route, place=place)
                if j < 0 or j == i or is_marked(marks, j) == 1:
                    continue
                flip_mark(marks, j)
                row = rows[found]
                row.owner, row.other, row.what = i, j, DO_GREET
                row.due = min(FAR, greeting_day(p, day, draw_pair(seed, GREET_DAY, 0, day, i, j)))
                fetch_place(g, i, j)
                fetch(g.active, j)
                found += 1
                break
        for k in range(begin, found):
            flip_mark(marks, rows[k].other)
            j = rows[k].other
            if g.active[j] != 0 or g.members[j].left == FAR:  # the first, a byte, is mostly enough
                rows[k].row = begin_pair(g, i, j)
                g.pairs[rows[k].row].state = KNOWN  # whoever joins is new to all
                rows[kept] = rows[k]
                kept += 1
        g.active[i] = 1
        enter_groups(g, i)
    return kept
