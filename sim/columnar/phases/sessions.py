"""Sessions: who comes by today."""

from __future__ import annotations

from sim.columnar.derived import annoyance_of, doubt_of, pleasure_of
from sim.decisions.codes import AWAY, BROUGHT, HERE
from sim.decisions.sessions import heed_chance, is_brought, is_surely_away, is_surely_here, mood, session_chance
from sim.decisions.visibility import about_after, about_kept
from sim.jit import fetch, inlined, kernel
from sim.randomness import SESSION, VISIT, day_key, member_hash, uniform

AHEAD = 8  # members: whose rows are prefetched, since whom the processor would ask for hangs on draws


@inlined
def has_session(p, g, m, i, u, day):
    """Tell whether their own rate brings a member today, against which `u` is held; mostly bounds of what their mood may be tell."""
    if m.quiet != 0 or is_surely_away(p, g.rate[i], m.pleasure, u):
        return False
    if is_surely_here(p, g.rate[i], m.annoyance, m.backlog, u):
        return True
    shift = mood(p, pleasure_of(p, m, day), annoyance_of(p, m, day), m.backlog)
    return u < session_chance(g.rate[i], shift, m.quiet != 0)


@inlined
def presence_of(p, g, today, i, u, visit_key):
    """Return what brings a member who is there today: their own rate, which `u` is held against, yesterday's notification, or nothing."""
    m, day = g.members[i], today.day
    if has_session(p, g, m, i, u, day=day):
        return HERE
    if is_brought(m.notified_day, m.muted != 0, g.here[i] != AWAY, day):
        if uniform(member_hash(visit_key, i)) < heed_chance(p, doubt_of(p, m, day), m.quiet != 0):
            return BROUGHT
    return AWAY


@kernel
def come_by(begin, end, today, book, g):
    """Draw which of members begin..end-1 have a session today; return how many have. Writes each member's own columns alone."""
    p, sessions = book.rules[0], 0
    kept = about_kept(p)  # one exponential for all: compiled code cannot know that no write changes the rules
    key, visit_key = day_key(today.seed, SESSION, 0, today.day), day_key(today.seed, VISIT, 1, today.day)
    for i in range(begin, end):
        fetch(g.members, i + AHEAD)
        g.here[i] = presence_of(p, g, today, i, u=uniform(member_hash(key, i)), visit_key=visit_key) if g.active[i] != 0 else AWAY
        g.attention[i] = 0
        g.about[i] = about_after(kept, g.about[i], g.here[i] != AWAY)
        sessions += 1 if g.here[i] != AWAY else 0
    return sessions
