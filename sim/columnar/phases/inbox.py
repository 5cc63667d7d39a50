"""Inbox: members who come by read what attention allows, decide, and answer (MODEL 6). Nothing is applied here."""

from __future__ import annotations

from sim.jit import fetch, fetch_first, inlined, kernel
from sim.decisions.common import CONNECTED, NOTE, REPLY, is_invitation
from sim.decisions.inbox import (
    ACCEPTED as GLADLY, ACCEPTED_OBLIGED, ANSWERED as WRITES, DECLINED as SAYS_NO, DONT_KNOW as KNOWS_NOT, POLITE_NO, accept_chance, answer, answer_invitation, attention_budget, continue_chance, is_too_forward,
    reply_chance, report_chance,
)  # fmt: skip
from sim.columnar.items import contacted_today, write_item
from sim.state.network import fetch_list, neighbour
from sim.state.pair_table import fetch_pair, fetch_place, known
from sim.randomness import (
    ACCEPT, COMPOSE_REPLY, CONTINUE, FEED, OPT_SENDER, RANK, RANK_KNOWN, REACT, REPLY as DRAW_REPLY, REPLY_NOTE, REPORT, UNFOLLOW, VISIT,
    day_key, draw, draw_pair, member_hash,
)  # fmt: skip
from sim.columnar.derived import (
    ACTS, ITEMS, annoyance_of, has, invitations_of, load_of, pair_facts, relevance_of, reputation_of, side,
)  # fmt: skip
from sim.state.columns import (
    ACCEPTED, ACT_REACT, ACT_SEEN, ACT_UNFOLLOW, ANSWERED, CROSSED, DECLINED, DONT_KNOW, LEFT, OBLIGED, OFF_PLATFORM,
    OPTED_OUT, PENDING, READ, REFUSED_POLITELY, TIE, UNFOLLOWED, VOID, WAITING, WEAK,
)  # fmt: skip

NOT_YET = 100  # outcome of a waiting item that this visit will read
MOST_FEED = 16
AHEAD = 5  # members: what one needs is asked for in two steps, so many members apart


@inlined
def comes_by(p, g, seed, day, i, session):
    """Tell whether i opens the inbox: in a session, or because yesterday brought a notification."""
    if session:
        return True
    m = g.members[i]
    return g.active[i] != 0 and m.notified_day == day - 1 and m.muted == 0 and draw(seed, VISIT, 0, day, i) < p.attention_notification


@inlined
def push(acts, scratch, i, j, what):
    """Add an act to the buffer."""
    act = acts[scratch[ACTS]]
    act.member, act.other, act.what = i, j, what
    scratch[ACTS] += 1


@inlined
def open_feed(p, g, seed, day, i, looks):
    """Fill `looks` with the connections whose fresh updates i comes upon; return how many they are."""
    fresh = 0
    for k in range(int(p.feed_length)):
        j = neighbour(g, i, member_hash(day_key(seed, FEED, k, day), i))
        if j < 0 or g.active[j] == 0 or day - g.updated[j] > p.feed_fresh_days:
            continue
        looks[fresh].member = j
        fresh += 1
        fetch_place(g, i, j)
    for k in range(fresh):
        fetch_pair(g, i, looks[k].member)
        fetch_first(g.members, looks[k].member)
    return fresh


@inlined
def read_feed(p, g, seed, day, i, acts, scratch, looks):
    """Look at a few connections' updates; return (how many were fresh, how many ask for a courtesy)."""
    seen, obliged = 0, 0
    for k in range(open_feed(p, g, seed, day, i, looks)):
        j = looks[k].member
        flags = g.pairs[known(g, i, j)].state
        if has(flags, UNFOLLOWED, side(i, j)):
            continue
        seen += 1
        if flags & WEAK:
            obliged += 1
        push(acts, scratch, i, j, ACT_SEEN)
        if g.members[j].update_divisive and draw_pair(seed, UNFOLLOW, 0, day, i, j) < p.feed_unfollow:
            push(acts, scratch, i, j, ACT_UNFOLLOW)
        elif draw_pair(seed, REACT, 0, day, i, j) < p.feed_react:
            push(acts, scratch, i, j, ACT_REACT)
    return seen, obliged


@inlined
def is_known(g, item):
    """Tell whether an item is from a connection or belongs to a thread that runs."""
    if item.kind == REPLY:
        return True
    row = known(g, item.sender, item.recipient)
    return row >= 0 and (g.pairs[row].state & TIE != 0 or g.pairs[row].exchanges > 0)


@inlined
def choose_to_read(p, g, waiting, first, last, budget, seed, day, i):
    """Mark the items that this visit reads: known people first, then newest, ties by an addressed draw."""
    if last - first <= budget:
        for k in range(first, last):
            waiting[k].outcome = NOT_YET
        return
    by_known = draw(seed, RANK_KNOWN, 0, day, i) < p.attention_rank_known
    for _ in range(budget):
        best, best_known, best_sent, best_draw = -1, False, 0, 0.0
        for k in range(first, last):
            item = waiting[k]
            if item.outcome != WAITING:
                continue
            familiar = by_known and is_known(g, item)
            u = draw_pair(seed, RANK, item.id & 1023, day, i, item.sender)
            better = best < 0 or (familiar and not best_known)
            if not better and familiar == best_known:
                better = item.sent > best_sent or (item.sent == best_sent and u < best_draw)
            if better:
                best, best_known, best_sent, best_draw = k, familiar, item.sent, u
        waiting[best].outcome = NOT_YET


@inlined
def decide_invitation(p, book, g, item, row, seed, lasting, day):
    """Return the outcome of an invitation that is read."""
    i, j = item.recipient, item.sender
    members, r = g.members, g.pairs[row]
    if not has(r.state, PENDING, side(j, i)):
        met = r.state & CROSSED != 0 and r.state & TIE != 0 and r.since == item.sent
        return ACCEPTED if met else VOID
    me, other = members[i], members[j]
    relevance, competitors = pair_facts(p, g, lasting, i, j)
    forward = 0.0
    if r.approach >= 0 and is_too_forward(p, item.sent - r.approach, r.exchanges):
        forward = book.styles[other.style].forwardness
    note = item.quality if item.kind == NOTE else 0.0
    chance = 0.0
    if not has(r.state, OPTED_OUT, side(i, j)):
        chance = accept_chance(
            p, item.mutual, relevance, competitors, r.exchanges, forward, note,
            me.selectivity, g.degree[i], annoyance_of(p, me, day), invitations_of(p, other, day),
            reputation_of(p, other, day),
        )  # fmt: skip
    outcome = answer_invitation(p, chance, draw_pair(seed, ACCEPT, 0, day, i, j))
    if outcome == GLADLY:
        return ACCEPTED
    if outcome == ACCEPTED_OBLIGED:
        return OBLIGED
    if outcome == SAYS_NO:
        return DECLINED
    return DONT_KNOW if outcome == KNOWS_NOT else LEFT


@inlined
def decide_message(p, book, g, item, row, seed, lasting, day):
    """Return the outcome of a message that is read."""
    i, j = item.recipient, item.sender
    members, r = g.members, g.pairs[row]
    me, other = members[i], members[j]
    if has(r.state, OPTED_OUT, side(i, j)):
        return READ
    relevance = relevance_of(p, g, lasting, i, j)
    if item.kind == REPLY:
        if r.state & OFF_PLATFORM:
            return READ
        chance = continue_chance(p, relevance, item.thanks, item.length, book.styles[me.style].continues)
        return ANSWERED if draw_pair(seed, CONTINUE, 0, day, i, j) < chance else READ
    distance = CONNECTED if r.state & TIE else item.distance
    chance = reply_chance(
        p, item.kind, item.purpose, item.quality, item.length, relevance, item.mutual, distance, r.exchanges, item.follow,
        me.receptiveness, load_of(p, me, day), annoyance_of(p, me, day), invitations_of(p, other, day),
        reputation_of(p, other, day),
    )  # fmt: skip
    outcome = answer(p, chance, draw_pair(seed, DRAW_REPLY, 0, day, i, j))
    if outcome == WRITES:
        return ANSWERED
    return REFUSED_POLITELY if outcome == POLITE_NO else READ


@inlined
def answers_note(p, g, item, row, seed, lasting, day):
    """Tell whether whoever accepts an invitation also answers its note."""
    i, j = item.recipient, item.sender
    me, other = g.members[i], g.members[j]
    chance = reply_chance(
        p, item.kind, item.purpose, item.quality, item.length, relevance_of(p, g, lasting, i, j), item.mutual, CONNECTED,
        g.pairs[row].exchanges, item.follow, me.receptiveness, load_of(p, me, day), annoyance_of(p, me, day), invitations_of(p, other, day),
        reputation_of(p, other, day),
    )  # fmt: skip
    return answer(p, chance, draw_pair(seed, REPLY_NOTE, 0, day, i, j)) == WRITES


@inlined
def read_item(p, book, g, item, seed, lasting, day, items, first, scratch):
    """Decide one item; an answer is written at once and delivered the next day."""
    i, j = item.recipient, item.sender
    members = g.members
    row = known(g, i, j)
    item.outcome = READ
    if g.active[j] != 0 and row >= 0:
        free = not contacted_today(items, first, scratch[ITEMS], j)  # one item a day goes to the same member
        if is_invitation(item.kind):
            item.outcome = decide_invitation(p, book, g, item, row, seed, lasting, day)
            if item.kind == NOTE and item.outcome in (ACCEPTED, OBLIGED) and free and answers_note(p, g, item, row, seed, lasting, day):
                item.note_answered = 1
        elif free:
            item.outcome = decide_message(p, book, g, item, row, seed, lasting, day)
    if item.outcome == ANSWERED or item.note_answered:
        distance = CONNECTED if item.note_answered or g.pairs[row].state & TIE else item.distance
        write_item(
            p, book.styles[members[i].style], members, items[scratch[ITEMS]], COMPOSE_REPLY, seed, day, i, j, REPLY,
            item.purpose, distance, item.mutual, 0, 0,
        )  # fmt: skip
        scratch[ITEMS] += 1
    liked = item.outcome in (ANSWERED, ACCEPTED, OBLIGED)
    if item.unwelcome and not liked:
        chance = report_chance(p, item.purpose, item.violation, item.unheeded != 0)
        item.reported = 1 if draw_pair(seed, REPORT, 0, day, i, j) < chance else 0
        item.opt_out = 1 if draw_pair(seed, OPT_SENDER, 0, day, i, j) < p.unwelcome_opt_out_sender else 0


@inlined
def look_ahead(g, waiting, starts, i):
    """Ask for what the members after i will need, if they have a session: inboxes, then lists, senders and places, then pairs."""
    a, b, c = i + 2 * AHEAD, i + AHEAD, i + 3 * AHEAD
    if c < g.members.size and g.here[c] != 0:
        for k in range(starts[c], starts[c + 1]):
            fetch(waiting, k)
    if a < g.members.size and g.here[a] != 0:
        fetch(g.members, a)
        fetch_list(g, a)
        for k in range(starts[a], starts[a + 1]):
            fetch_first(g.members, waiting[k].sender)
            fetch_place(g, a, waiting[k].sender)
    if b < g.members.size and g.here[b] != 0:
        for k in range(starts[b], starts[b + 1]):
            fetch_pair(g, b, waiting[k].sender)


@kernel
def inbox(begin, end, day, seed, lasting, book, g, waiting, starts, items, acts, scratch, looks):
    """Let members begin..end-1 read; return the member at which a buffer ran out of room, or `end`.

    Writes outcomes into `waiting`, answers into `items`, acts; each row belongs to one member.
    """
    p = book.rules[0]
    for i in range(begin, end):
        look_ahead(g, waiting, starts, i)
        session = g.here[i] != 0
        first, last = starts[i], starts[i + 1]
        if not session and (first == last or not comes_by(p, g, seed, day, i, session)):
            continue
        if items.size - scratch[ITEMS] < last - first or acts.size - scratch[ACTS] < 2 * MOST_FEED:
            return i
        seen, obliged = 0, 0
        if session:
            seen, obliged = read_feed(p, g, seed, day, i, acts, scratch, looks)
        if first == last:
            continue
        budget = attention_budget(p, g.degree[i], seen, obliged)
        choose_to_read(p, g, waiting, first, last, budget, seed, day, i)
        written = scratch[ITEMS]
        for k in range(first, last):
            if waiting[k].outcome == NOT_YET:
                read_item(p, book, g, waiting[k], seed, lasting, day, items, written, scratch)
    return end
