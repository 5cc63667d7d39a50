"""Delivery: what was sent changes its pair, passes the filter and lands in an inbox, welcome or not (MODEL 6)."""

from __future__ import annotations

from sim.jit import fetch, fetch_first, inlined, kernel
from sim.decisions.common import (
    CONNECTED, FOLLOW_UP, INTRODUCTION, LN2, MESSAGE, NO_VIOLATION, PITCH, REPLY, is_invitation,
)  # fmt: skip
from sim.decisions.inbox import filter_chance, spamminess, unwelcome_chance
from sim.state.sorting import merging
from sim.state.pair_table import claim, fetch_pair, fetch_place
from sim.randomness import FILTER, UNWELCOME, draw_pair
from sim.state.tally import FILTERED as COUNT_FILTERED
from sim.state.tally import record_delivered, record_sent, since_switch
from sim.columnar.derived import cell_of, has, load_of, note_exchange, relevance_of, side
from sim.state.columns import (
    AWAITS, CROSSED, DO_FOLLOW_UP, FILTERED, GONE, NEVER, PENDING, REFUSED, SUNK, TAKEN_BACK, TIE, WAITING,
)  # fmt: skip

MOST_ASKS = 15  # what four bits hold
AHEAD = 12  # items: what is looked up for an item is asked for in three steps, so many items apart


@inlined
def is_opening(r, kind):
    """Tell whether a message is the first after an accepted invitation."""
    after = r.state & TIE != 0 and r.exchanges == 0 and r.approach != NEVER and r.approach <= r.since
    return after and r.opened < r.since and kind in (MESSAGE, PITCH)


@inlined
def register_invitation(r, i, j, day, ties, sizes):
    """Note an open invitation; two that cross on one day connect."""
    mine, theirs = side(i, j), side(j, i)
    if has(r.state, PENDING, theirs) and r.invited == day:
        r.state = (r.state | CROSSED) & ~(PENDING | (PENDING << 1))
        ties[sizes[0]].member, ties[sizes[0]].other, ties[sizes[0]].what = i, j, 0
        sizes[0] += 1
    else:
        r.state = (r.state | (PENDING << mine)) & ~(REFUSED << mine)
    r.invited = day
    if r.exchanges > 0 and (r.asks >> (4 * mine)) & 15 < MOST_ASKS:
        r.asks += 1 << (4 * mine)


@inlined
def register_message(t, members, r, i, j, day, kind, follow_ups, patience, agenda, sizes):
    """Note a message that waits for an answer, and plan its follow-up; two first messages that cross are an exchange."""
    mine, theirs = side(i, j), side(j, i)
    first = kind in (MESSAGE, INTRODUCTION)
    if first and has(r.state, AWAITS, theirs) and r.opened == day and r.last == day:
        r.state = r.state & ~(AWAITS | (AWAITS << 1))
        note_exchange(t, members, r, day)
        return
    r.state = r.state | (AWAITS << mine)
    if kind == FOLLOW_UP:
        r.follow += 1
    else:
        r.follow = 0
        r.opened = day
    if r.follow < follow_ups:
        entry = agenda[sizes[1]]
        entry.owner, entry.other, entry.due, entry.what = i, j, day + patience, DO_FOLLOW_UP
        sizes[1] += 1


@inlined
def register(t, book, g, item, day, ties, agenda, sizes):
    """Let an item that goes out change what lies between its two members; return the pair's row."""
    i, j, kind = item.sender, item.recipient, item.kind
    members = g.members
    row = claim(g, i, j)
    r = g.pairs[row]
    connected = r.state & TIE != 0
    approach = not connected and kind != FOLLOW_UP and r.approach in (NEVER, day)
    opening = is_opening(r, kind)
    if r.approach == NEVER and not connected:
        r.approach = day
    if kind != FOLLOW_UP:
        distance = r.about >> 2 if connected and r.about >> 2 != 0 else item.distance
        r.about = item.purpose + 4 * distance
    style = book.styles[members[i].style]
    if is_invitation(kind):
        register_invitation(r, i, j, day, ties, sizes)
    else:
        register_message(t, members, r, i, j, day, kind, style.follow_ups, int(style.patience), agenda, sizes)
    r.last = day
    record_sent(t, cell_of(t, members, i, j, item.purpose, item.distance), day, kind, item.purpose, item.distance, approach, opening)
    return row


@inlined
def screen(t, p, book, g, item, row, seed, lasting, day):
    """Pass a message through the filter and draw whether it is unwelcome; return whether it gets through."""
    i, j, kind = item.sender, item.recipient, item.kind
    members = g.members
    r = g.pairs[row]
    relevance = relevance_of(p, g, lasting, i, j)
    spam = spamminess(p, kind, item.purpose, item.quality, relevance, item.follow, item.violation, item.unheeded != 0)
    style = book.styles[members[i].style]
    rule = book.moderations[int(book.designs[members[i].design_now].moderation)]
    connected = r.state & TIE != 0
    if not connected and not is_invitation(kind):
        if draw_pair(seed, FILTER, 0, day, i, j) < filter_chance(rule, spam, style.automated):
            item.outcome = FILTERED
            if since_switch(t, day):
                t.counts[COUNT_FILTERED, cell_of(t, members, i, j, item.purpose, item.distance)] += 1
            return False
    distance = CONNECTED if connected else item.distance
    chance = unwelcome_chance(p, spam, members[j].selectivity, distance, r.exchanges)
    item.unwelcome = 1 if draw_pair(seed, UNWELCOME, 0, day, i, j) < chance else 0
    return True


@inlined
def land(t, p, members, item, day):
    """Put an item into the recipient's inbox: load, notification, counts."""
    m = members[item.recipient]
    m.load = load_of(p, m, day) + LN2 / p.learning_load_half_life
    m.load_day = day
    m.notified_day = day
    if since_switch(t, day):
        m.got += 1
        m.got_unwelcome += item.unwelcome
        if is_invitation(item.kind):
            m.got_unwelcome_invitations += item.unwelcome
    c = cell_of(t, members, item.sender, item.recipient, item.purpose, item.distance)
    breaks = item.violation != NO_VIOLATION or item.unheeded != 0
    record_delivered(t, c, day, item.kind, item.purpose, item.distance, breaks, item.unwelcome != 0)


@inlined
def look_ahead(items, order, n, g):
    """Ask for what the items after the n-th will need: their rows, then their members and places, then their pairs."""
    if n + 3 * AHEAD < order.size:
        fetch(items, order[n + 3 * AHEAD])
    if n + 2 * AHEAD < order.size:
        item = items[order[n + 2 * AHEAD]]
        fetch_first(g.members, item.sender)
        fetch(g.members, item.recipient)
        fetch_place(g, item.sender, item.recipient)
    if n + AHEAD < order.size:
        item = items[order[n + AHEAD]]
        fetch_pair(g, item.sender, item.recipient)


@kernel
def deliver(items, order, day, seed, lasting, first_id, book, g, t, ties, agenda, events, sizes):
    """Send out items in the given order; return how many land, with their places first in `order`. sizes: ties, agenda entries made."""
    p, arrived = book.rules[0], 0
    for n in range(order.size):
        look_ahead(items, order, n, g)
        item = items[order[n]]
        item.id = first_id + n
        landed, row = True, -1
        if item.kind != REPLY:
            row = register(t, book, g, item, day, ties, agenda, sizes)
        if g.active[item.recipient] == 0:
            item.outcome = GONE
            landed = False
        elif item.kind != REPLY:
            landed = screen(t, p, book, g, item, row, seed, lasting, day)
        if landed:
            land(t, p, g.members, item, day)
            order[arrived] = order[n]
            arrived += 1
        if events.size > 0:
            e = events[item.id]
            e.day_sent, e.sender, e.recipient = item.sent, item.sender, item.recipient
            e.day_delivered = day if landed else NEVER
            e.day_read, e.day_answered = NEVER, NEVER
            e.kind, e.purpose, e.distance, e.violation = item.kind, item.purpose, item.distance, item.violation
            e.quality, e.length = item.quality, item.length
            e.unwelcome, e.outcome = item.unwelcome, item.outcome
    return arrived


@inlined
def recipient_of(item):
    """Return whose inbox an item is in."""
    return item.recipient


@inlined
def comes_first(a, b):
    """Tell whether the old item a stands before the new item b: by recipient, then sender, then age."""
    if a.recipient != b.recipient:
        return a.recipient < b.recipient
    return a.sender <= b.sender


@inlined
def still_waits(p, g, item, day, events):
    """Tell whether an old item stays in its inbox; what sinks or was taken back is closed."""
    if item.outcome != WAITING:
        return False
    sink = p.attention_sink_invitation if is_invitation(item.kind) else p.attention_sink_message
    if g.withdrew[item.sender] == day - 1:
        item.outcome = TAKEN_BACK
    elif g.active[item.recipient] == 0:
        item.outcome = GONE
    elif day - item.sent > sink:
        item.outcome = SUNK
    if item.outcome != WAITING and events.size > 0:
        events[item.id].outcome = item.outcome
    return item.outcome == WAITING


@kernel
def close_ranks(waiting, day, book, g, events):
    """Let what is closed go from the inboxes, the others move up; return how many still wait."""
    p, kept = book.rules[0], 0
    for a in range(waiting.size):
        if still_waits(p, g, waiting[a], day, events):
            if kept != a:
                waiting[kept] = waiting[a]
            kept += 1
    return kept


sort_into_inboxes = merging(recipient_of, comes_first)
