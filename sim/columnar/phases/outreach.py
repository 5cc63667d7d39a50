"""Outreach: members with a session do what is due, keep up with contacts, and follow new intents (MODEL 5)."""

from __future__ import annotations

from sim.jit import fetch, fetch_first, inlined, kernel
from sim.decisions.consequences import DORMANT, strengthened
from sim.decisions.common import (
    CONNECTED, FOLLOW_UP, INTRODUCTION, INVITATION, MESSAGE, NOTE, PITCH, PROMOTION, RELATIONSHIP, SECOND_DEGREE,
    STRANGER, is_invitation,
)  # fmt: skip
from sim.decisions.limits import MONTH, WEEK, invitation_allowed, message_allowed
from sim.decisions.outreach import (
    MOST_INTENTS, PRESS_CONNECT, PRESS_CONNECT_WITH_NOTE, WALK_AWAY,
    choose_button, chooses_note, opening_chance,
)  # fmt: skip
from sim.columnar.items import contacted_today, write_item
from sim.columnar.partner_search import best_candidate, look_around, said_no
from sim.state.network import fetch_list, neighbour
from sim.state.pair_table import fetch_pair, fetch_place, known
from sim.randomness import (
    BUTTON, COMPOSE, CURATE, CURATE_PICK, DIVISIVE, HEED, INTRODUCE, KEEP_PICK, KEEP_UP, NOTE as DRAW_NOTE, OPEN, UPDATE, day_key, draw,
    draw_pair, member_hash,
)  # fmt: skip
from sim.columnar.derived import (
    ACTS, INTENTS, ITEMS, clear_marks, distance_of, has, invitations_of, mutual_of, side,
)  # fmt: skip
from sim.state.columns import (
    ACT_CURATE, AWAITS, DO_ASK, DO_FOLLOW_UP, DO_OPEN, OPTED_OUT, PENDING, REFUSED, TIE, UNFOLLOWED, WEAK,
)  # fmt: skip

AHEAD = 5  # members: what one needs is asked for in two steps, so many members apart


@inlined
def note_invitation(p, m, day):
    """Count an invitation on its sender's record."""
    recent = invitations_of(p, m, day)
    m.recent_invitations = recent + 1.0
    m.invitations_day = day
    week = day // WEEK
    if m.week != week:
        m.week = week
        m.week_invitations = 0
    m.week_invitations += 1


@inlined
def note_approach(m, day):
    """Count an approach for the burst detector."""
    if m.approach_day != day:
        m.approach_day = day
        m.approaches_today = 0
    m.approaches_today += 1


@inlined
def note_stranger_message(design, m, day):
    """Count a message to a stranger against the day's limit and the month's credits."""
    if m.message_day != day:
        m.message_day = day
        m.messages_today = 0
    m.messages_today += 1
    if design.credits_a_month > 0.0:
        month = day // MONTH
        if m.month != month:
            m.month = month
            m.credits_used = 0.0
        m.credits_used += 1.0


@inlined
def may_message(design, g, day, i, j, connected):
    """Tell whether i's design offers a message to j today."""
    m = g.members[i]
    sent = m.messages_today if m.message_day == day else 0
    used = m.credits_used if m.month == day // MONTH else 0.0
    closed = g.members[j].opted_until > day
    return message_allowed(design, connected, closed, m.restricted_until > day, sent, used)


@inlined
def may_invite(p, design, g, row, day, i, j):
    """Tell whether i's design offers an invitation to j today."""
    m = g.members[i]
    sent = m.week_invitations if m.week == day // WEEK else 0
    mine, theirs, refused, days = False, False, False, 0
    if row >= 0:
        flags = g.pairs[row].state
        if flags & TIE:
            return False
        mine, theirs = has(flags, PENDING, side(i, j)), has(flags, PENDING, side(j, i))
        refused = has(flags, REFUSED, side(i, j))
        days = day - g.pairs[row].invited
    restricted = m.restricted_until > day
    return invitation_allowed(p, design, restricted, sent, g.degree[i], g.degree[j], mine, theirs, refused, days)


@inlined
def asks_of(pairs, row, who):
    """Return how many invitations after rapport this side has sent."""
    return (pairs[row].asks >> (4 * who)) & 15


@inlined
def due_kind(p, style, design, g, row, what, seed, day, i, j):
    """Return the kind of item that an agenda entry calls for today, or -1 if it has become pointless."""
    r = g.pairs[row]
    connected = r.state & TIE != 0
    awaits = has(r.state, AWAITS, side(i, j))
    if what == DO_ASK:
        if asks_of(g.pairs, row, side(i, j)) >= style.rapport_asks or not may_invite(p, design, g, row, day, i, j):
            return -1
        return NOTE if chooses_note(p, style, design, draw_pair(seed, DRAW_NOTE, 0, day, i, j)) else INVITATION
    if what == DO_FOLLOW_UP:
        reachable = connected or (design.open_messages > 0.0 and g.members[j].opted_until <= day)
        return FOLLOW_UP if awaits and reachable else -1
    if not connected or awaits:
        return -1
    if what == DO_OPEN:
        purpose = r.about & 3
        if draw_pair(seed, OPEN, 0, day, i, j) >= opening_chance(style, purpose):
            return -1
        return PITCH if purpose == PROMOTION else MESSAGE
    return MESSAGE


@inlined
def do_agenda(p, style, design, g, agenda, rows, done, seed, day, i, marks, items, first, scratch):
    """Do what is due today: follow-ups, openings, requests to connect, reactions to updates."""
    for a in range(rows[0], rows[1]):
        entry = agenda[a]
        j = entry.other
        if entry.due > day:
            continue
        done[a] = 1
        if g.active[j] == 0 or contacted_today(items, first, scratch[ITEMS], j):
            continue
        row = known(g, i, j)
        if row < 0:
            continue
        unheeded = 0
        if said_no(g.pairs, row, i, j):
            if draw_pair(seed, HEED, 0, day, i, j) < style.heeds:
                continue
            unheeded = 1
        kind = due_kind(p, style, design, g, row, entry.what, seed, day, i, j)
        if kind < 0:
            continue
        r = g.pairs[row]
        mutual = mutual_of(g, marks, scratch, i, j)
        talk = entry.what in (DO_FOLLOW_UP, DO_OPEN)
        purpose = r.about & 3 if talk else RELATIONSHIP
        follow, distance = (r.follow + 1 if kind == FOLLOW_UP else 0), distance_of(r.state, mutual)
        item = items[scratch[ITEMS]]
        write_item(p, style, g.members, item, COMPOSE, seed, day, i, j, kind, purpose, distance, mutual, follow, unheeded)
        scratch[ITEMS] += 1
        if is_invitation(kind):
            note_invitation(p, g.members[i], day)


@inlined
def keep_up(p, style, g, seed, day, i, marks, items, first, scratch, acts):
    """Write to a contact now and then, post an update, take a connection off that only costs."""
    m = g.members[i]
    if g.length[i] > 0 and m.restricted_until <= day and draw(seed, KEEP_UP, 0, day, i) < style.keeps_up:
        j = neighbour(g, i, member_hash(day_key(seed, KEEP_PICK, 0, day), i))
        if j >= 0 and not contacted_today(items, first, scratch[ITEMS], j):
            row = known(g, i, j)
            if not has(g.pairs[row].state, AWAITS, side(i, j)) and not said_no(g.pairs, row, i, j):
                mutual = mutual_of(g, marks, scratch, i, j)
                item = items[scratch[ITEMS]]
                write_item(p, style, g.members, item, COMPOSE, seed, day, i, j, MESSAGE, RELATIONSHIP, CONNECTED, mutual, 0, 0)
                scratch[ITEMS] += 1
    if draw(seed, UPDATE, 0, day, i) < style.updates:
        g.updated[i] = day
        m.update_divisive = 1 if draw(seed, DIVISIVE, 0, day, i) < style.divisive else 0
    if draw(seed, CURATE, 0, day, i) < p.tie_curate:
        j = neighbour(g, i, member_hash(day_key(seed, CURATE_PICK, 0, day), i))
        if j >= 0:
            r = g.pairs[known(g, i, j)]
            costs = r.state & WEAK != 0 or has(r.state, UNFOLLOWED, side(i, j)) or has(r.state, OPTED_OUT, side(i, j))
            if costs and strengthened(p, r.strength, day - r.touched, 0.0) < DORMANT:
                act = acts[scratch[ACTS]]
                act.member, act.other, act.what = i, j, ACT_CURATE
                scratch[ACTS] += 1


@inlined
def is_introduced(p, g, seed, day, i, j, via):
    """Tell whether the friend through whom i found j puts in a word."""
    if via < 0:
        return False
    r = g.pairs[known(g, i, via)]
    strong = strengthened(p, r.strength, day - r.touched, 0.0) >= p.thread_strong
    return strong and draw_pair(seed, INTRODUCE, 0, day, i, j) < p.thread_introduction


@inlined
def follow_intent(p, style, design, g, seed, lasting, day, i, c, marks, items, first, intents, scratch, looks, start, end):
    """Follow one new intent, whose looks are start..end-1: choose a partner, press a button, write."""
    purpose = looks[start].purpose
    best = best_candidate(p, style, g, seed, lasting, day, i, marks, scratch, items, first, looks, start, end)
    intent = intents[scratch[INTENTS]]
    scratch[INTENTS] += 1
    intent.member, intent.other, intent.purpose = i, -1, purpose
    intent.exchanges, intent.distance, intent.button = 0, 0, WALK_AWAY
    if best < 0:
        return
    j, via, mutual = looks[best].member, looks[best].via, looks[best].mutual
    intent.other = j
    members = g.members
    row = known(g, i, j)
    flags = g.pairs[row].state if row >= 0 else 0
    distance = distance_of(flags, mutual)
    if row >= 0:
        intent.exchanges = g.pairs[row].exchanges
    intent.distance = distance
    connected = distance == CONNECTED
    button = choose_button(
        p, style, design, purpose, distance == STRANGER, connected, may_message(design, g, day, i, j, connected),
        may_invite(p, design, g, row, day, i, j), draw(seed, BUTTON, c, day, i),
    )  # fmt: skip
    intent.button = button
    if button == WALK_AWAY:
        return
    kind = MESSAGE
    if button == PRESS_CONNECT:
        kind = INVITATION
    elif button == PRESS_CONNECT_WITH_NOTE:
        kind = NOTE
    elif distance == SECOND_DEGREE and is_introduced(p, g, seed, day, i, j, via):
        kind = INTRODUCTION
    unheeded = 1 if row >= 0 and said_no(g.pairs, row, i, j) else 0
    item = items[scratch[ITEMS]]
    write_item(p, style, members, item, COMPOSE, seed, day, i, j, kind, purpose, distance, mutual, 0, unheeded)
    scratch[ITEMS] += 1
    m = members[i]
    if is_invitation(kind):
        note_invitation(p, m, day)
    elif not connected:
        note_stranger_message(design, m, day)
    if not connected:
        note_approach(m, day)


@inlined
def look_ahead(g, agenda, agenda_start, day, i):
    """Ask for what the members after i will need, if they have a session: connections and places, then pairs."""
    a, b = i + 2 * AHEAD, i + AHEAD
    if a < g.members.size and g.here[a] != 0:
        fetch(g.members, a)
        fetch_list(g, a)
        for k in range(agenda_start[a], agenda_start[a + 1]):
            if agenda[k].due <= day:
                fetch_place(g, a, agenda[k].other)
                fetch(g.start, agenda[k].other)
                fetch(g.length, agenda[k].other)
    if b < g.members.size and g.here[b] != 0:
        for k in range(agenda_start[b], agenda_start[b + 1]):
            if agenda[k].due <= day:
                fetch_pair(g, b, agenda[k].other)
                fetch_list(g, agenda[k].other)
                fetch_first(g.members, agenda[k].other)


@kernel
def outreach(
    begin, end, limit, day, seed, lasting, book, g, agenda, agenda_start, done, marks, items, intents, acts, scratch, looks,
):  # fmt: skip
    """Let members begin..end-1 act; return the member at which a buffer ran out of room, or `end`.

    Writes items, intents and acts and each member's own columns; reads everything else as it was at the phase's start.
    """
    p, until, found, at = book.rules[0], begin, 0, 0
    for i in range(begin, end):
        if i == until:
            until, found = look_around(p, book, g, seed, lasting, day, i, end, limit, looks)
            at = 0
        look_ahead(g, agenda, agenda_start, day, i)
        if g.here[i] == 0:
            continue
        due = agenda_start[i + 1] - agenda_start[i]
        room = min(items.size - scratch[ITEMS] - due, intents.size - scratch[INTENTS])
        if room < MOST_INTENTS + 2 or acts.size - scratch[ACTS] < 2:
            clear_marks(g, marks, scratch)
            return i
        m = g.members[i]
        style, design = book.styles[m.style], book.designs[m.design_now]
        first = scratch[ITEMS]
        if m.restricted_until <= day:
            rows = (agenda_start[i], agenda_start[i + 1])
            do_agenda(p, style, design, g, agenda, rows, done, seed, day, i, marks, items, first, scratch)
        keep_up(p, style, g, seed, day, i, marks, items, first, scratch, acts)
        candidates, c = int(style.candidates), 0
        while at < found and looks[at].looker == i:
            follow_intent(p, style, design, g, seed, lasting, day, i, c, marks, items, first, intents, scratch, looks, at, at + candidates)
            at, c = at + candidates, c + 1
    clear_marks(g, marks, scratch)
    return end
