"""Delivery: what was sent changes its pair, passes the filter and lands in an inbox, welcome or not."""

from __future__ import annotations

from sim.columnar.additions import add_task, add_tie
from sim.columnar.arrivals import land, note_event
from sim.columnar.bundles import GLADLY
from sim.columnar.derived import asks_of, cell_of_item, has, note_exchange, opened_by, relevance_of, rule_of, side, thread_by, yet_to_talk
from sim.decisions.codes import DO_FOLLOW_UP, FILTERED, FOLLOW_UP, GONE, NO_ROLE, NO_TIE, REPLY
from sim.decisions.common import is_cold_message, is_invitation, present_distance
from sim.decisions.constants import NEVER
from sim.decisions.inbox import filter_chance, is_open, is_taken_back, outcome_of_open, spamminess, unwelcome_chance
from sim.decisions.threads import (
    approach_day,
    approach_distance,
    counts_as_ask,
    follow_up_day,
    follow_ups_after,
    invitations_cross,
    is_approach,
    is_followed_up,
    is_opening,
    messages_cross,
    new_tie,
    opened_before,
    role_of,
)
from sim.jit import fetch, fetch_first, inlined, kernel, move
from sim.randomness import FILTER, UNWELCOME, draw_pair
from sim.state.columns import AWAITS, CROSSED, KNOWN, PENDING, REFUSED, TIE
from sim.state.network import fetch_traits
from sim.state.packed import distance_in, one_ask, thread_of
from sim.state.pair_table import claim_from, fetch_pair, fetch_place
from sim.state.record import is_kept, row_of
from sim.state.sorting import merging
from sim.state.tally import record_filtered, record_new_tie, record_sent

AHEAD = 12  # items: what one needs is prefetched in two steps, so many items apart


@inlined
def register_invitation(t, r, item, c, day, effects):
    """Note an open invitation; two that cross on one day connect. Return the connection that this makes, a `NewTie`."""
    i, j = item.sender, item.recipient
    mine, theirs, made = side(i, j), side(j, i), NO_TIE
    if invitations_cross(has(r.state, PENDING, theirs), r.invited, day):
        r.state = (r.state | CROSSED) & ~(PENDING | (PENDING << 1))
        add_tie(effects, item.row, i, j, what=GLADLY)
        made = new_tie(item.mutual > 0)
        record_new_tie(t, c, day, tie=made, surface=item.surface, known=item.acquainted != 0)
    else:
        r.state = (r.state | (PENDING << mine)) & ~(REFUSED << mine)
    r.invited = day
    if counts_as_ask(r.exchanges, asks_of(r, mine)):
        r.asks += one_ask(mine)
    return made


@inlined
def open_thread(r, item, day):
    """Let a message open a thread of its sender's; a follow-up belongs to the last."""
    mine = side(item.sender, item.recipient)
    if item.kind != FOLLOW_UP:
        thread = thread_of(item.purpose, item.distance, item.role)
        if mine == 0:
            r.opened_lo, r.thread_lo = day, thread
        else:
            r.opened_hi, r.thread_hi = day, thread
    item.opened = opened_by(r, mine)
    _, item.thread_distance, item.role = thread_by(r, mine)


@inlined
def register_message(t, members, r, item, day, style, effects):
    """Note a message that waits for an answer, and plan its follow-up; two first messages that cross are an exchange."""
    i, j, kind = item.sender, item.recipient, item.kind
    mine, theirs = side(i, j), side(j, i)
    open_thread(r, item, day)
    if messages_cross(kind, awaits=has(r.state, AWAITS, theirs), opened=opened_by(r, theirs), last=r.last, day=day):
        r.state = r.state & ~(AWAITS | (AWAITS << 1))
        note_exchange(t, members, r, day)
        return
    r.state = r.state | (AWAITS << mine)
    r.follow = follow_ups_after(kind, r.follow)
    if is_followed_up(style, r.follow):
        add_task(effects, item.row, owner=i, other=j, due=follow_up_day(style, day), what=DO_FOLLOW_UP)


@inlined
def register(t, book, g, item, c, day, effects):
    """Let an item that goes out, and counts in cell c, change what lies between the two; return (their row, the connection that it makes)."""
    made = NO_TIE
    i, j, kind = item.sender, item.recipient, item.kind
    members = g.members
    row = claim_from(g, item.row, i, j)
    r = g.pairs[row]
    item.row = row
    connected = r.state & TIE != 0
    acquainted = r.state & KNOWN != 0
    item.acquainted = acquainted
    approach = is_approach(kind, connected, known=acquainted, approach=r.approach, day=day)
    mine, theirs = side(i, j), side(j, i)
    before = opened_before(opened_by(r, mine), opened_by(r, theirs), thread_by(r, theirs)[2], day)
    opening = is_opening(kind, yet_to_talk(r), before, r.since)
    item.role = role_of(approach, opening)
    r.approach = approach_day(connected, acquainted, r.approach, day)
    if kind != FOLLOW_UP:
        r.about = thread_of(item.purpose, approach_distance(approach, distance_in(r.about), item.distance), role=NO_ROLE)
    if is_invitation(kind):
        made = register_invitation(t, r, item, c, day=day, effects=effects)
    else:
        register_message(t, members, r, item, day=day, style=book.styles[members[i].style], effects=effects)
    r.last = day
    record_sent(t, c, day, kind, purpose=item.purpose, distance=item.distance, approach=approach, opening=opening)
    return row, made


@inlined
def screen(t, p, book, g, item, row, c, today):
    """Pass a message through the filter and draw whether it is unwelcome; return whether it gets through."""
    i, j, kind = item.sender, item.recipient, item.kind
    seed, day, members = today.seed, today.day, g.members
    r = g.pairs[row]
    relevance = relevance_of(p, g, today.lasting, i, j=j)
    spam = spamminess(
        p, kind, item.purpose, item.quality, relevance=relevance, follow=item.follow, violation=item.violation, unheeded=item.unheeded != 0
    )
    style = book.styles[members[i].style]
    connected = r.state & TIE != 0
    if is_cold_message(kind, connected):
        if draw_pair(seed, FILTER, 0, day, i, j) < filter_chance(rule_of(book, members[i]), spam, style.automated):
            item.outcome = FILTERED
            record_filtered(t, c, day)
            return False
    chance = unwelcome_chance(
        p,
        spam,
        members[j].selectivity,
        distance=present_distance(connected, item.distance),
        exchanges=r.exchanges,
        known=r.state & KNOWN != 0,
    )
    item.unwelcome = 1 if draw_pair(seed, UNWELCOME, 0, day, i, j) < chance else 0
    return True


@inlined
def look_ahead(items, n, g):
    """Prefetch what the items after the n-th will need: their members and places, then their pairs."""
    if n + 2 * AHEAD < items.size:
        item = items[n + 2 * AHEAD]
        fetch_first(g.members, item.sender)
        fetch(g.members, item.recipient)
        fetch_traits(g, item.sender)
        fetch_traits(g, item.recipient)
        fetch_place(g, item.sender, item.recipient)
    if n + AHEAD < items.size:
        item = items[n + AHEAD]
        item.row = max(fetch_pair(g, item.sender, item.recipient), 0)


@kernel
def deliver(items, first_id, today, book, g, t, effects, record):
    """Send out items in their order, numbered from `first_id` on; those that land move up; return how many.

    Writes the connections and the follow-ups that they lead to into `effects`.
    """
    p, day, arrived = book.rules[0], today.day, 0
    for n in range(items.size):
        look_ahead(items, n, g)
        item = items[n]
        item.id = first_id + n
        lands, row, made, c = True, -1, NO_TIE, cell_of_item(t, g.members, item)
        if item.kind != REPLY:
            row, made = register(t, book, g, item, c, day=day, effects=effects)
        if g.active[item.recipient] == 0:
            item.outcome = GONE
            lands = False
        elif item.kind != REPLY:
            lands = screen(t, p, book, g, item=item, row=row, c=c, today=today)
        if lands:
            land(t, p, g.members, item, c, day=day)
        if is_kept(record):
            note_event(g, e=record.rows[row_of(record, item.id)], item=item, delivered=day if lands else NEVER, made=made)
        if lands:
            if arrived != n:
                move(items, arrived, items, n)
            arrived += 1
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
def still_waits(p, g, item, day, record):
    """Tell whether an old item stays in its inbox; what sinks or was taken back is closed."""
    if not is_open(item.outcome):
        return False
    taken_back, here = is_taken_back(g.withdrew[item.sender], day), g.active[item.recipient] != 0
    outcome = outcome_of_open(p, item.outcome, item.kind, age=day - item.sent, taken_back=taken_back, recipient_here=here)
    if is_open(outcome):
        return True
    item.outcome = outcome
    if is_kept(record):
        record.rows[row_of(record, item.id)].outcome = outcome
    return False


@kernel
def close_ranks(waiting, day, book, g, record):
    """Let what is closed go from the inboxes, the others move up; return how many still wait."""
    p, kept = book.rules[0], 0
    for a in range(waiting.size):
        if still_waits(p, g, item=waiting[a], day=day, record=record):
            if kept != a:
                move(waiting, kept, waiting, a)
            kept += 1
    return kept


sort_into_inboxes = merging(recipient_of, comes_first)
