"""Settlement: what was read changes threads, ties and what is due next, in the order of recipient, sender, age (MODEL 7)."""

from __future__ import annotations

import numpy as np
from sim.jit import fetch, fetch_first, inlined, kernel
from sim.decisions.consequences import (
    COLLABORATION, DEAL, MEETING, OFF_PLATFORM as WENT_OFF, exchange_outcome, strengthened, volume_after_reply,
)  # fmt: skip
from sim.decisions.common import CONNECTED, INQUIRY, NO_VIOLATION, PROMOTION, REPLY, is_invitation
from sim.state.network import connect, disconnect, fetch_list, has_room
from sim.state.sorting import merging
from sim.state.pair_table import fetch_pair, fetch_place, known
from sim.randomness import OUTCOME, SUGGEST, draw_pair
from sim.state.tally import (
    COLLABORATIONS, DEALS, MEETINGS, OFF_PLATFORM as COUNT_OFF, record_acceptance, record_answer, record_read,
    record_response, since_switch,
)  # fmt: skip
from sim.columnar.derived import annoyance_of, cell_of, clear_marks, has, mutual_of, note_exchange, reputation_of, side
from sim.state.columns import (
    ACCEPTED, ACT_CURATE, ACT_REACT, ACT_SEEN, ACT_UNFOLLOW, ANSWERED, AWAITS, DECLINED, DO_ASK, DO_OPEN, DO_REACT,
    DONT_KNOW, NEVER, OBLIGED, OFF_PLATFORM, OPTED_OUT, PENDING, RED_FLAG, REFUSED, REFUSED_POLITELY, TIE, UNFOLLOWED,
    VOID, WAITING, WEAK,
)  # fmt: skip

TIES, AGENDA, REPORTS = 0, 1, 2  # places in `sizes`
AHEAD = 24  # items, most of which are not read today: what one needs is asked for in two steps, so many items apart


@inlined
def plan(agenda, sizes, owner, other, due, what):
    """Add an entry to the agenda."""
    entry = agenda[sizes[AGENDA]]
    entry.owner, entry.other, entry.due, entry.what = owner, other, due, what
    sizes[AGENDA] += 1


@inlined
def settle_annoyance(p, m, day):
    """Let an unwelcome item that was read annoy its reader."""
    m.annoyance = annoyance_of(p, m, day) + p.unwelcome_annoyance
    m.annoyance_day = day


@inlined
def settle_report(book, members, item, reports, sizes):
    """Turn a report into a strike in the making; it is wrong where the item broke no rule and sold nothing."""
    m = members[item.sender]
    rule = book.moderations[int(book.designs[m.design_now].moderation)]
    wrong = item.violation == NO_VIOLATION and item.purpose != PROMOTION and not item.unheeded
    weight = rule.report_strike if item.violation == NO_VIOLATION and not item.unheeded else 1.0
    m.strikes_today += weight
    if wrong:
        m.wrong_today += weight
    row = reports[sizes[REPORTS]]
    row.member, row.other = item.recipient, item.sender
    sizes[REPORTS] += 1


@inlined
def settle_invitation(t, g, r, item, day, marks, scratch, ties, agenda, sizes):
    """Apply what became of an invitation."""
    i, j = item.recipient, item.sender
    mine = side(j, i)
    crossed = not has(r.state, PENDING, mine)
    if item.outcome in (ACCEPTED, OBLIGED):
        c = cell_of(t, g.members, j, i, item.purpose, item.distance)
        approach = r.approach == item.sent
        closing = mutual_of(g, marks, scratch, i, j) > 0  # of one reader one after another
        once = not crossed or j < i
        record_acceptance(t, c, day, item.sent, item.purpose, approach, closing, once)
        record_response(t, c, day, r.approach, approach and r.exchanges == 0)
        r.state = r.state & ~(AWAITS << mine)  # whatever waited for an answer has one
        if not item.note_answered and (item.purpose == INQUIRY or r.exchanges == 0):
            plan(agenda, sizes, j, i, day + 1, DO_OPEN)
        if not crossed:
            row = ties[sizes[TIES]]
            row.member, row.other, row.what = j, i, 1 if item.outcome == OBLIGED else 0
            sizes[TIES] += 1
            r.state = r.state & ~(PENDING | (PENDING << 1))
    elif item.outcome in (DECLINED, DONT_KNOW):
        r.state = (r.state & ~(PENDING << mine)) | (REFUSED << mine) | (RED_FLAG << mine)
        r.invited = day


@inlined
def settle_exchange(t, p, book, g, r, item, seed, day, agenda, sizes):
    """Apply an answer: rapport, tie strength, what comes of it, who then asks to connect."""
    i, j = item.recipient, item.sender
    members = g.members
    bridging = r.state & TIE != 0 and g.industry[i] != g.industry[j]
    c = cell_of(t, members, j, i, item.purpose, item.distance)
    after = r.state & TIE != 0 and r.exchanges == 0 and r.approach != NEVER and r.approach <= r.since
    note = is_invitation(item.kind)  # its acceptance is counted as the response
    approach = not note and r.approach >= 0 and r.approach == r.opened and r.exchanges == 0
    record_answer(t, c, day, r.opened, item.sent, item.kind, item.purpose, item.distance, approach, after)
    record_response(t, c, day, r.approach, approach and item.kind != REPLY)
    note_exchange(t, members, r, day)
    r.strength = strengthened(p, r.strength, np.float64(day - r.touched), p.tie_exchange)
    r.touched, r.last, r.follow = day, day, 0
    if i == r.lo:
        r.answered_lo = day
    else:
        r.answered_hi = day
    r.state = r.state & ~((AWAITS << side(j, i)) | (RED_FLAG << side(j, i)))
    lo, hi = r.lo, r.hi
    one_region = members[i].region == members[j].region
    outcome = exchange_outcome(p, one_region, bridging, draw_pair(seed, OUTCOME, 0, day, lo, hi))
    if outcome == WENT_OFF:
        r.state = r.state | OFF_PLATFORM
    if since_switch(t, day):
        t.counts[COUNT_OFF, c] += 1 if outcome == WENT_OFF else 0
        t.counts[MEETINGS, c] += 1 if outcome == MEETING else 0
        t.counts[COLLABORATIONS, c] += 1 if outcome == COLLABORATION else 0
        t.counts[DEALS, c] += 1 if outcome == DEAL else 0
    if r.state & TIE == 0 and not note:
        for a, b in ((i, j), (j, i)):
            style = book.styles[members[a].style]
            if r.exchanges >= style.rapport_exchanges and draw_pair(seed, SUGGEST, 0, day, a, b) < style.suggest_connect:
                plan(agenda, sizes, a, b, day + 1, DO_ASK)


@inlined
def reward(p, book, m, item):
    """Let a reply encourage its sender, and refund the credit of a message to a stranger."""
    m.volume = volume_after_reply(p, m.volume)
    design = book.designs[m.design_now]
    bought = item.distance != CONNECTED and not is_invitation(item.kind)
    if bought and design.credits_a_month > 0.0 and m.credits_used > 0.0:
        m.credits_used = max(0.0, m.credits_used - design.credit_refund)


@inlined
def look_ahead(waiting, n, g):
    """Ask for what the items after the n-th will need, if they were read: their sender and place, then their pair."""
    if n + 2 * AHEAD < waiting.size and waiting[n + 2 * AHEAD].outcome != WAITING:
        item = waiting[n + 2 * AHEAD]
        fetch_first(g.members, item.sender)
        fetch_place(g, item.sender, item.recipient)
        if item.outcome in (ACCEPTED, OBLIGED):
            fetch(g.start, item.sender)
            fetch(g.start, item.recipient)
    if n + AHEAD < waiting.size and waiting[n + AHEAD].outcome != WAITING:
        item = waiting[n + AHEAD]
        fetch_pair(g, item.sender, item.recipient)
        if item.outcome in (ACCEPTED, OBLIGED):
            fetch_list(g, item.sender)
            fetch_list(g, item.recipient)


@kernel
def settle(waiting, day, seed, book, g, t, marks, scratch, ties, agenda, reports, events, sizes):
    """Apply all that was read. sizes: ties, agenda entries, reports made. Lists must have room for all of `waiting`."""
    p = book.rules[0]
    for n in range(waiting.size):
        look_ahead(waiting, n, g)
        item = waiting[n]
        if item.outcome == WAITING:
            continue
        i, j = item.recipient, item.sender
        members = g.members
        m = members[i]
        c = cell_of(t, members, j, i, item.purpose, item.distance)
        record_read(t, c, day, item.unwelcome != 0, item.reported != 0)
        if since_switch(t, day):
            m.read += 1
            m.read_unwelcome += item.unwelcome
            if is_invitation(item.kind):
                m.read_unwelcome_invitations += item.unwelcome
        if item.unwelcome:
            settle_annoyance(p, m, day)
        if item.reported:
            settle_report(book, members, item, reports, sizes)
        row = known(g, i, j)
        if row >= 0:
            r = g.pairs[row]
            if item.opt_out:
                r.state = r.state | (OPTED_OUT << side(i, j))
            if is_invitation(item.kind) and item.outcome != VOID:
                settle_invitation(t, g, r, item, day, marks, scratch, ties, agenda, sizes)
            if item.outcome == ANSWERED or item.note_answered:
                settle_exchange(t, p, book, g, r, item, seed, day, agenda, sizes)
                if item.kind != REPLY:
                    reward(p, book, members[j], item)
            elif item.outcome == REFUSED_POLITELY:
                r.state = r.state | (RED_FLAG << side(j, i))
        if events.size > 0:
            e = events[item.id]
            e.day_read, e.outcome = day, item.outcome
            if item.outcome in (ANSWERED, ACCEPTED, OBLIGED):
                e.day_answered = day
    clear_marks(g, marks, scratch)


@inlined
def look_ahead_at_acts(acts, n, g):
    """Ask for the place, then the pair, of the acts after the n-th."""
    if n + 2 * AHEAD < acts.size:
        fetch_place(g, acts[n + 2 * AHEAD].member, acts[n + 2 * AHEAD].other)
    if n + AHEAD < acts.size:
        fetch_pair(g, acts[n + AHEAD].member, acts[n + AHEAD].other)


@kernel
def settle_acts(acts, count, day, book, g, agenda, sizes):
    """Apply what feeds and curating led to."""
    p = book.rules[0]
    for n in range(count):
        look_ahead_at_acts(acts, n, g)
        act = acts[n]
        i, j = act.member, act.other
        row = known(g, i, j)
        if row < 0 or g.pairs[row].state & TIE == 0:
            continue
        r = g.pairs[row]
        if act.what == ACT_SEEN:
            r.strength = strengthened(p, r.strength, np.float64(day - r.touched), p.tie_update)
            r.touched = day
        elif act.what == ACT_UNFOLLOW:
            r.state = r.state | (UNFOLLOWED << side(i, j))
            m = g.members[j]
            m.lost_reputation = reputation_of(p, m, day) + p.feed_reputation
            m.reputation_day = day
        elif act.what == ACT_REACT:
            plan(agenda, sizes, i, j, day + 1, DO_REACT)
        elif act.what == ACT_CURATE:
            disconnect(g, i, j)


@kernel
def make_ties(ties, begin, count, day, book, g):
    """Connect the pairs in the list; return the row at which the pool ran out of room, or `count`."""
    p = book.rules[0]
    for n in range(begin, count):
        if not has_room(g, 1):
            return n
        i, j = ties[n].member, ties[n].other
        row = known(g, i, j)
        if row < 0 or g.pairs[row].state & TIE or g.active[i] == 0 or g.active[j] == 0:
            continue
        weak = ties[n].what == 1
        r = g.pairs[row]
        gain = p.tie_weak if weak else p.tie_exchange
        strength = strengthened(p, r.strength, np.float64(day - r.touched), gain)
        connect(g, i, j, day, strength)
        r.state = r.state | WEAK if weak else r.state & ~WEAK
    return count


@kernel
def strike_off(agenda, done):
    """Let what was done go from the agendas, the others move up; return how many are left."""
    left = 0
    for n in range(agenda.size):
        if done[n] == 0:
            if left != n:
                agenda[left] = agenda[n]
            left += 1
    return left


@inlined
def owner_of(entry):
    """Return whose agenda an entry is in."""
    return entry.owner


@inlined
def is_older(a, b):
    """Tell whether the old entry a stands before the new entry b: by owner, then age."""
    return a.owner <= b.owner


enter_into_agendas = merging(owner_of, is_older)
