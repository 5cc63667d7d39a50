"""Partner search: candidate sampling and selection."""

from __future__ import annotations

import numpy as np

from sim.columnar.derived import has, most_relevance, mutual_of, profile_of, rule_of, side, strikes_of
from sim.columnar.items import contacted_today
from sim.decisions.codes import LOOK_ANYWHERE, LOOK_CONNECTIONS, LOOK_FRIENDS, LOOK_INDUSTRY
from sim.decisions.common import seen_relevance
from sim.decisions.constants import REDRAWS
from sim.decisions.joining import bounded_count
from sim.decisions.outreach import (
    MOST_CANDIDATES,
    MOST_INTENTS,
    choose_purpose,
    choose_route,
    intent_of,
    intent_rate,
    look_count,
    profiles_looked_at,
)
from sim.decisions.threads import is_left_alone
from sim.decisions.visibility import comes_up
from sim.jit import fetch, fetch_first, inlined
from sim.randomness import (
    ANY_PICK,
    COME_UP,
    FRIEND,
    FRIEND_OF,
    HEED,
    INDUSTRY_PICK,
    INTENTS,
    OWN_PICK,
    PURPOSE,
    ROUTE,
    day_key,
    draw,
    draw_pair,
    member_hash,
)
from sim.state.alias import alias_pick, alias_place
from sim.state.columns import AWAITS, LISTED, OPTED_OUT, PENDING, RED_FLAG, TIE
from sim.state.network import fetch_list, fetch_traits, is_marked, neighbour_place
from sim.state.pair_table import fetch_pair, fetch_place, find, find_from, unless_stale

BLOCK = 256  # looks: so many at least are taken through each step together
MOST_LOOKS = BLOCK + MOST_INTENTS * MOST_CANDIDATES
AHEAD = 8  # members
UNKNOWN = -2  # row of a pair that has not been looked up
ROUTES = (LOOK_FRIENDS, LOOK_INDUSTRY, LOOK_ANYWHERE, LOOK_CONNECTIONS)


@inlined
def decision_of(route):
    """Return the decision whose draws say whom a look that goes this way samples first."""
    if route == LOOK_INDUSTRY:
        return INDUSTRY_PICK
    if route == LOOK_ANYWHERE:
        return ANY_PICK
    return FRIEND if route == LOOK_FRIENDS else OWN_PICK


@inlined
def first_hash(today, i, route, count):
    """Return the bits by which a look of i samples: a friend, a contact, or who is listed."""
    return member_hash(day_key(today.seed, decision_of(route), count, today.day), i)


@inlined
def first_place(g, i, route, h):
    """Return where the first step of a look reads, or -1: in the pool of lists, or of those who are listed in the industry or anywhere."""
    if route == LOOK_INDUSTRY:
        k = g.industry[i]
        return alias_place(h, g.industry_start[k], g.industry_listed[k])
    if route == LOOK_ANYWHERE:
        return alias_place(h, 0, g.sizes[LISTED])
    return neighbour_place(g, i, h)


@inlined
def friend_at(g, route, place):
    """Return the friend through whom a look goes, or -1."""
    return np.int64(g.pool[place]) if route == LOOK_FRIENDS and place >= 0 else -1


@inlined
def second_place(g, today, i, route, place, friend, count):
    """Return where the last step of a look reads: beyond the friend there is one more place in the pool; -1 for nowhere."""
    if route != LOOK_FRIENDS:
        return place
    return neighbour_place(g, friend, member_hash(day_key(today.seed, FRIEND_OF, count, today.day), i)) if friend >= 0 else -1


@inlined
def profile_at(g, place, route, h):
    """Return the candidate that the last step of a look samples, or -1."""
    if place < 0:
        return np.int64(-1)
    if route == LOOK_ANYWHERE:
        return np.int64(alias_pick(g.listed, place, h))
    if route == LOOK_INDUSTRY:
        return np.int64(alias_pick(g.listed_by_industry, place, h))
    return np.int64(g.pool[place])


@inlined
def is_shown(p, g, today, i, j, route, count):
    """Tell whether j, whom a look of i has sampled, is shown: own contacts always, others by how much they were about lately."""
    return route == LOOK_CONNECTIONS or comes_up(p, g.about[j], draw_pair(today.seed, COME_UP, count, today.day, i, j))


@inlined
def said_no(pairs, row, i, j):
    """Tell whether j has shown i a red flag or opted out of i."""
    flags = pairs[row].state
    return has(flags, RED_FLAG, side(i, j)) or has(flags, OPTED_OUT, side(j, i))


@inlined
def is_open_to(p, style, g, row, purpose, today, i, j):
    """Tell whether i may approach j: nothing pending or lately unanswered, and no refusal that i heeds."""
    if row < 0:
        return True
    r = g.pairs[row]
    waits = r.state & (AWAITS | (AWAITS << 1) | PENDING | (PENDING << 1)) != 0
    if is_left_alone(p, purpose, connected=r.state & TIE != 0, waits=waits, days=today.day - r.last):
        return False
    return not said_no(g.pairs, row, i, j) or draw_pair(today.seed, HEED, 0, today.day, i, j) >= style.heeds


@inlined
def plan_looks(p, book, g, today, acting, first, last, looks):
    """Plan the looks of acting[first..last-1] until there are some hundreds; return (where in the list to go on, how many looks).

    Each intent of a session has as many looks, one after another, as its member takes the trouble for.
    """
    seed, day, n, at = today.seed, today.day, 0, first
    while at < last and n < BLOCK:
        if at + AHEAD < last:
            fetch(g.members, acting[at + AHEAD])
        i = acting[at]
        m = g.members[i]
        style = book.styles[m.style]
        rule = rule_of(book, m)
        rate = intent_rate(style, rule, m.volume, strikes_of(rule, m, day))
        for c in range(bounded_count(rate, draw(seed, INTENTS, 0, day, i), MOST_INTENTS)):
            purpose = choose_purpose(style, draw(seed, PURPOSE, c, day, i))
            for k in range(profiles_looked_at(p, style, c)):
                look, count = looks[n], look_count(c, k)
                look.looker, look.count, look.purpose = i, count, purpose
                look.route = choose_route(style, purpose, draw(seed, ROUTE, count, day, i))
                look.member, look.via = -1, -1
                n += 1
        at += 1
    return at, n


@inlined
def by_route(looks, n, route, open_looks):
    """List the looks of the first n that go this way; return how many."""
    count = 0
    for k in range(n):
        open_looks[count] = k
        count += 1 if looks[k].route == route else 0
    return count


@inlined
def go(g, today, looks, open_looks, n, route, redraw):
    """Take the first n open looks, all of one route, to whom they sample, at this redraw: their `member`, or -1 for nobody."""
    for x in range(n):
        look = looks[open_looks[x]]
        look.hash = first_hash(today, look.looker, route, look.count + redraw)
        look.place = first_place(g, look.looker, route, look.hash)
        if route == LOOK_INDUSTRY:
            fetch(g.listed_by_industry, max(look.place, 0))
        elif route == LOOK_ANYWHERE:
            fetch(g.listed, max(look.place, 0))
        else:
            fetch(g.pool, max(look.place, 0))
    if route == LOOK_FRIENDS:
        for x in range(n):
            look = looks[open_looks[x]]
            look.via = friend_at(g, route, look.place)
            fetch(g.start, max(look.via, 0))
            fetch(g.length, max(look.via, 0))
        for x in range(n):
            look = looks[open_looks[x]]
            look.place = second_place(g, today, i=look.looker, route=route, place=look.place, friend=look.via, count=look.count + redraw)
            fetch(g.pool, max(look.place, 0))
    for x in range(n):
        look = looks[open_looks[x]]
        look.member = profile_at(g, look.place, route, look.hash)
        fetch(g.active, max(look.member, 0))
        fetch(g.about, max(look.member, 0))


@inlined
def keep_open(p, g, today, looks, open_looks, n, route, redraw):
    """Keep those of the first n open looks open that have not sampled somebody else who is there and is shown; return how many."""
    kept = 0
    for x in range(n):
        k = open_looks[x]
        look = looks[k]
        i, j = look.looker, max(look.member, 0)
        # asked of all at once: what of it will turn out cannot be foreseen, and a wrong guess costs more than the draw
        found = (look.member >= 0) & (i != j) & (g.active[j] != 0) & is_shown(p, g, today, i, j=j, route=route, count=look.count + redraw)
        look.member = j if found else -1
        fetch_place(g, i, j)
        fetch(g.start, j)
        fetch(g.length, j)
        fetch_traits(g, j)
        open_looks[kept] = k
        kept += 0 if found else 1
    return kept


@inlined
def sample_candidates(p, g, today, looks, n, open_looks):
    """Sample a candidate for each of the first n looks: somebody else who is there; nobody after some tries.

    Looks of one route go together, since which route one takes cannot be foreseen.
    """
    for route in ROUTES:
        left = by_route(looks, n, route, open_looks)
        for redraw in range(REDRAWS):
            go(g, today, looks, open_looks, n=left, route=route, redraw=redraw)
            left = keep_open(p, g, today, looks, open_looks=open_looks, n=left, route=route, redraw=redraw)


@inlined
def end_of_intent(looks, start, n):
    """Return where the looks end that belong to the intent of the look at `start`, of n in all."""
    looker, intent, end = looks[start].looker, intent_of(looks[start].count), start + 1
    while end < n and looks[end].looker == looker and intent_of(looks[end].count) == intent:
        end += 1
    return end


@inlined
def fetch_best(g, look):
    """Prefetch what approaching the candidate of a look needs: connections, the pair, and where the tie to the friend between them is sought."""
    fetch_list(g, look.member)
    look.place = fetch_pair(g, look.looker, look.member)
    fetch_first(g.members, look.member)
    fetch(g.degree, look.member)
    if look.via >= 0:
        fetch_place(g, look.looker, look.via)


@inlined
def weigh(p, g, lasting, looks, n, open_looks):
    """Give the first n looks the most relevance that the profile can show, and prefetch what the best of each intent needs."""
    start, through = 0, 0
    while start < n:
        end = end_of_intent(looks, start, n)
        for k in range(start, end):
            look = looks[k]
            look.mutual, look.score = -1, -np.inf
            if look.member >= 0:
                look.true, look.noise = profile_of(p, g, lasting, i=look.looker, j=look.member)
                look.score = most_relevance(p, look.true, look.noise) if end - start > 1 else 0.0
                look.place = UNKNOWN
        best = best_of(looks, start, end)
        if looks[best].member >= 0:
            fetch_best(g, looks[best])
            open_looks[through] = best
            through += 1 if looks[best].via >= 0 else 0
        start = end
    for x in range(through):  # ties to friends who may put in a word
        look = looks[open_looks[x]]
        fetch_pair(g, look.looker, look.via)


@inlined
def look_around(p, book, g, today, acting, first, last, out):
    """Let acting[first..last-1] look at profiles, some hundreds in all; return (where in the list to go on, how many looks).

    Fills `out.looks` with the candidate of each intent (-1 for nobody), through which friend, the most relevance that the
    profile can show, and -1 for mutual connections that nobody has counted yet. All do one step before any does the
    next, and prefetches what the next will read: so the waits for memory overlap.
    """
    at, n = plan_looks(p, book, g, today, acting=acting, first=first, last=last, looks=out.looks)
    sample_candidates(p, g, today, out.looks, n=n, open_looks=out.open_looks)
    weigh(p, g, today.lasting, out.looks, n=n, open_looks=out.open_looks)
    return at, n


@inlined
def best_of(looks, start, end):
    """Return which of the looks start..end-1 has the highest score; of equals the first."""
    best, highest = start, looks[start].score
    for k in range(start + 1, end):
        score = looks[k].score
        best = k if score > highest else best  # no branch: nothing foretells who is best
        highest = max(highest, score)
    return best


@inlined
def row_of(g, look):
    """Return the row of the pair of a look, or -1: what was prefetched tells where it stands."""
    if look.place == UNKNOWN:
        return find(g, look.looker, look.member)
    return find_from(g, look.place, look.looker, look.member) if look.place >= 0 else np.int64(-1)


@inlined
def best_candidate(p, style, g, today, i, first, out, start, end):
    """Return the place in `looks` of the profile that looks most relevant and is open to i, or -1; of equals the first seen.

    The looks of the intent are start..end-1. Counting mutual connections is costly, so it is done only for a profile
    that may be the best: whose most possible relevance is above all others. Whether one is open to an approach is asked
    in the order of relevance.
    """
    looks = out.looks
    while True:
        best = best_of(looks, start, end)
        look = looks[best]
        if look.score == -np.inf:
            return -1
        if look.mutual < 0:
            look.mutual = mutual_of(g, out.marks, i, look.member)
            connected = is_marked(out.marks.bits, look.member) == 1
            look.score = seen_relevance(p, look.true, connected=connected, mutual=look.mutual, noise=look.noise)
            continue
        if not contacted_today(out, first, look.member):
            look.place = row_of(g, look)
            if is_open_to(
                p, style, g, row=unless_stale(g, look.place, i, look.member), purpose=look.purpose, today=today, i=i, j=look.member
            ):
                return best
        look.score = -np.inf
