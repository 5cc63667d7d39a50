"""Inbox: members who come by read what attention allows, decide, and answer. Nothing is applied here."""

from __future__ import annotations

from sim.columnar.additions import add_act
from sim.columnar.answers import outcome_of_reply, write_answer
from sim.columnar.bundles import ACTS, ITEMS
from sim.columnar.derived import (
    annoyance_of,
    doubt_of,
    has,
    invitations_of,
    load_of,
    pair_facts,
    relevance_of,
    reputation_of,
    side,
)
from sim.columnar.items import contacted_today
from sim.columnar.reading_order import AT_LAST, NOT_YET, choose_to_read, take_up
from sim.decisions.codes import (
    ACT_REACT,
    ACT_SEEN,
    ACT_UNFOLLOW,
    ANSWERED,
    AWAY,
    CONNECTED,
    LATER,
    LOOKS_IN,
    NOTE,
    PUT_OFF,
    READ,
    REPLY,
    WAITING,
)
from sim.decisions.common import is_invitation, present_distance
from sim.decisions.inbox import (
    accept_chance,
    answer,
    answer_invitation,
    attention_budget,
    days_put_off,
    forwardness,
    is_accepted,
    is_fresh,
    is_put_off,
    note_quality,
    reply_chance,
    report_chance,
)
from sim.decisions.sessions import heed_chance, is_notified
from sim.decisions.threads import crossed_outcome
from sim.decisions.visits import attention_left, left_unread, may_be_reported
from sim.jit import fetch, fetch_first, inlined, kernel
from sim.randomness import (
    ACCEPT,
    FEED,
    OPT_SENDER,
    REACT,
    REPLY_NOTE,
    REPORT,
    UNFOLLOW,
    VISIT,
    day_key,
    draw,
    draw_pair,
    member_hash,
)
from sim.randomness import (
    PUT_OFF as DRAW_PUT_OFF,
)
from sim.randomness import (
    REPLY as DRAW_REPLY,
)
from sim.state.columns import CROSSED, KNOWN, NO_MORE, OPTED_OUT, PENDING, REPORTED, TIE, UNFOLLOWED, WEAK
from sim.state.network import fetch_list, fetch_traits, neighbour
from sim.state.pair_table import fetch_pair, fetch_place, known_from, known_of
from sim.state.tally import since_switch

MOST_FEED = 16
AHEAD = 12  # members who come: what one needs is prefetched in two steps, so many of them apart
TOGETHER = 8  # members: whose feeds are opened before any of them is read; no more than AHEAD, which prefetches their lists


@inlined
def looks_in(p, g, today, i):
    """Tell whether i, who has no session, opens the inbox because of what has arrived today."""
    m = g.members[i]
    notified = is_notified(g.active[i] != 0, m.notified_day, m.muted != 0, today.day)
    return notified and draw(today.seed, VISIT, 0, today.day, i) < heed_chance(p, doubt_of(p, m, today.day), m.quiet != 0)


@inlined
def note_visit(t, m, unread, budget, day):
    """Note how much of what is unread a visit leaves so."""
    backlog = left_unread(unread, budget)
    m.backlog = backlog
    if since_switch(t, day):
        m.visits += 1
        m.full_visits += 1 if backlog > 0 else 0


@inlined
def plan_feed(p, today, looks):
    """Note in `looks` under which key each place of everybody's feed is drawn today."""
    for k in range(int(p.feed_length)):
        looks[k].hash = day_key(today.seed, FEED, k, today.day)


@inlined
def feed_place(n):
    """Return where among the looks the feed of the n-th member of a batch begins; before the first stand the keys."""
    return MOST_FEED * (1 + n)


@inlined
def open_feed(p, g, today, i, at, looks):
    """List the connections whose fresh updates i is shown from place `at` of `looks` on, as planned; how many is noted at the first."""
    day, fresh, shown = today.day, 0, int(p.feed_length) if g.length[i] > 0 else 0
    for k in range(shown):
        j = neighbour(g, i, member_hash(looks[k].hash, i))
        looks[at + fresh].member = j
        there = max(j, 0)
        # no branch: which updates are fresh cannot be foreseen, and a wrong guess costs more than what overlaps
        fresh += (j >= 0) & (g.active[there] != 0) & is_fresh(p, day - g.updated[there])
    looks[at].count = fresh
    for k in range(fresh):
        fetch_place(g, i, looks[at + k].member)


@inlined
def open_feeds(p, g, today, coming, first, last, looks):
    """List what is new in the feeds of coming[first..last-1], and prefetch what reading them needs: of all first the places, then the pairs."""
    for n in range(first, last):
        at = feed_place(n - first)
        looks[at].count = 0
        if g.here[coming[n]] != AWAY:
            open_feed(p, g, today, coming[n], at=at, looks=looks)
    for n in range(first, last):
        at = feed_place(n - first)
        for k in range(at, at + looks[at].count):
            looks[k].place = max(fetch_pair(g, coming[n], looks[k].member), 0)
            fetch_first(g.members, looks[k].member)


@inlined
def read_feed(p, g, today, i, at, out):
    """Look at the updates listed from place `at` of the looks on; return (how many were fresh, how many ask for a courtesy)."""
    seed, day, seen, obliged = today.seed, today.day, 0, 0
    for k in range(at, at + out.looks[at].count):
        j = out.looks[k].member
        row = known_from(g, out.looks[k].place, i, j)
        flags = g.pairs[row].state
        if has(flags, UNFOLLOWED, side(i, j)):
            continue
        seen += 1
        if flags & WEAK:
            obliged += 1
        add_act(out, row, i, j, what=ACT_SEEN)
        if g.members[j].update_divisive and draw_pair(seed, UNFOLLOW, 0, day, i, j) < p.feed_unfollow:
            add_act(out, row, i, j, what=ACT_UNFOLLOW)
        elif draw_pair(seed, REACT, 0, day, i, j) < p.feed_react:
            add_act(out, row, i, j, what=ACT_REACT)
    return seen, obliged


@inlined
def decide_invitation(p, book, g, item, row, today):
    """Return the outcome of an invitation that is read."""
    i, j, day = item.recipient, item.sender, today.day
    members, r = g.members, g.pairs[row]
    if not has(r.state, PENDING, side(j, i)):
        return crossed_outcome(r.state & CROSSED != 0, r.state & TIE != 0, r.since, item.sent)
    me, other = members[i], members[j]
    relevance, competitors = pair_facts(p, g, today.lasting, i, j=j)
    forward = forwardness(p, style=book.styles[other.style], approach=r.approach, sent=item.sent, exchanges=r.exchanges)
    chance = 0.0
    if not has(r.state, OPTED_OUT, side(i, j)):
        chance = accept_chance(
            p,
            item.mutual,
            relevance,
            competitors,
            exchanges=r.exchanges,
            known=r.state & KNOWN != 0,
            forward=forward,
            note=note_quality(item.kind, item.quality),
            selectivity=me.selectivity,
            degree=g.degree[i],
            annoyance=annoyance_of(p, me, day),
            recent=invitations_of(p, other, day),
            reputation=reputation_of(p, other, day),
        )
    return answer_invitation(p, chance, draw_pair(today.seed, ACCEPT, 0, day, i, j))


@inlined
def chance_of_answer(p, g, item, r, today, distance):
    """Return the chance that a message which is read, of the pair r, is answered; `distance`: that of the two by now."""
    i, j, day = item.recipient, item.sender, today.day
    me, other = g.members[i], g.members[j]
    return reply_chance(
        p,
        item.kind,
        item.purpose,
        item.quality,
        characters=item.length,
        relevance=relevance_of(p, g, today.lasting, i, j=j),
        mutual=item.mutual,
        distance=distance,
        exchanges=r.exchanges,
        known=r.state & KNOWN != 0,
        follow=item.follow,
        receptiveness=me.receptiveness,
        load=load_of(p, me, day),
        annoyance=annoyance_of(p, me, day),
        backlog=me.backlog,
        recent=invitations_of(p, other, day),
        reputation=reputation_of(p, other, day),
    )


@inlined
def decide_message(p, book, g, item, row, today):
    """Return the outcome of a message that is read."""
    i, j, r = item.recipient, item.sender, g.pairs[row]
    if item.closed or has(r.state, OPTED_OUT, side(i, j)):
        return READ
    if item.kind == REPLY:
        return outcome_of_reply(p, book, g, item, r=r, today=today, turn=0)
    chance = chance_of_answer(p, g, item, r=r, today=today, distance=present_distance(r.state & TIE != 0, item.distance))
    return answer(p, chance, draw_pair(today.seed, DRAW_REPLY, 0, today.day, i, j))


@inlined
def answers_note(p, g, item, row, today):
    """Tell whether whoever accepts an invitation also answers its note."""
    i, j, day = item.recipient, item.sender, today.day
    chance = chance_of_answer(p, g, item, r=g.pairs[row], today=today, distance=CONNECTED)
    return answer(p, chance, draw_pair(today.seed, REPLY_NOTE, 0, day, i, j)) == ANSWERED


@inlined
def answer_at_last(p, book, g, item, today, first, out):
    """Answer what was put off, unless that has become pointless; where something was written to its sender today, some other day."""
    i, j = item.recipient, item.sender
    row = known_of(g, item)
    item.outcome = READ
    if g.active[j] == 0 or row < 0 or item.closed or has(g.pairs[row].state, OPTED_OUT, side(i, j)):
        return
    if contacted_today(out, first, j):
        item.outcome = LATER
        return
    item.outcome = ANSWERED
    write_answer(p, book, g, item, r=g.pairs[row], today=today, first=first, turn=1, out=out)


@inlined
def put_off(p, item, today):
    """Put the answer to an item off to another day, if the draw says so."""
    u = draw_pair(today.seed, DRAW_PUT_OFF, 0, today.day, item.recipient, item.sender)
    if is_put_off(p, u):
        item.outcome, item.due = PUT_OFF, today.day + days_put_off(p, u)


@inlined
def read_item(p, book, g, item, today, first, out):
    """Decide one item; an answer is written at once, or put off."""
    i, j, seed, day = item.recipient, item.sender, today.seed, today.day
    row = known_of(g, item)
    item.outcome = READ
    if g.active[j] != 0 and row >= 0:
        free = not contacted_today(out, first, j)  # one item a day goes to the same member
        if is_invitation(item.kind):
            item.outcome = decide_invitation(p, book, g, item, row=row, today=today)
            if item.kind == NOTE and is_accepted(item.outcome) and free and answers_note(p, g, item, row, today=today):
                item.note_answered = 1
        elif free:
            item.outcome = decide_message(p, book, g, item, row=row, today=today)
            if item.outcome == ANSWERED:
                put_off(p, item, today)
    if item.outcome == ANSWERED or item.note_answered:
        write_answer(p, book, g, item, r=g.pairs[row], today=today, first=first, turn=1, out=out)
    if may_be_reported(item.unwelcome != 0, item.outcome):
        chance = report_chance(p, item.purpose, item.violation, item.unheeded != 0)
        item.complaint = REPORTED if draw_pair(seed, REPORT, 0, day, i, j) < chance else 0
        item.complaint |= NO_MORE if draw_pair(seed, OPT_SENDER, 0, day, i, j) < p.unwelcome_opt_out_sender else 0


@inlined
def who_may_come(g, starts, begin, end, coming):
    """List those from `begin` on who have a session, or something waits for, as long as there is room; return (the next member, how many)."""
    i, n = begin, 0
    while i < end and n < coming.size:
        coming[n] = i
        n += (g.here[i] != AWAY) | (starts[i] < starts[i + 1])  # no branch: a third of all, whom nothing foretells
        i += 1
    return i, n


@inlined
def who_comes(p, g, today, coming, count):
    """Keep those of a list who have a session or look in; return how many."""
    kept = 0
    for n in range(count):
        if n + AHEAD < count:
            fetch(g.members, coming[n + AHEAD])
        i = coming[n]
        if g.here[i] != AWAY or looks_in(p, g, today, i):
            coming[kept] = i
            kept += 1
    return kept


@inlined
def look_ahead(g, inboxes, coming, n, count):
    """Prefetch what those who come after the n-th will need: inboxes, then lists, senders and pairs."""
    waiting, starts = inboxes.waiting, inboxes.starts
    if n + 2 * AHEAD < count:
        fetch(waiting, starts[coming[n + 2 * AHEAD]])
    if 0 <= n + AHEAD < count:
        b = coming[n + AHEAD]
        fetch_list(g, b)
        for k in range(starts[b], starts[b + 1]):
            fetch_first(g.members, waiting[k].sender)
            fetch_traits(g, waiting[k].sender)
            fetch(g.pairs, waiting[k].row)


@inlined
def has_room(out, items):
    """Tell whether there is room for what a visit to an inbox of so many items writes."""
    return out.items.size - out.sizes[ITEMS] >= items and out.acts.size - out.sizes[ACTS] >= 2 * MOST_FEED


@inlined
def visit(p, book, g, t, inboxes, today, i, feed, out):
    """Let a member read what attention allows, and answer."""
    waiting, first, last = inboxes.waiting, inboxes.starts[i], inboxes.starts[i + 1]
    seen, obliged = 0, 0
    if g.here[i] == AWAY:
        g.here[i] = LOOKS_IN
    else:
        seen, obliged = read_feed(p, g, today, i, at=feed, out=out)
    budget = attention_budget(p, g.degree[i], seen, obliged)
    due, unread = take_up(waiting, first, last, budget, day=today.day)
    budget -= due
    g.attention[i] = attention_left(unread, budget)
    if unread == 0:
        g.members[i].backlog = 0
    else:
        note_visit(t, m=g.members[i], unread=unread, budget=budget, day=today.day)
    to_read = WAITING  # mostly there is attention for all
    if unread > budget:
        choose_to_read(p, g, waiting, first, last=last, budget=budget, today=today, i=i)
        to_read = NOT_YET
    written = out.sizes[ITEMS]
    if due > 0:
        for k in range(first, last):
            if waiting[k].outcome == AT_LAST:
                answer_at_last(p, book, g, item=waiting[k], today=today, first=written, out=out)
    for k in range(first, last):
        if waiting[k].outcome == to_read:
            read_item(p, book, g, item=waiting[k], today=today, first=written, out=out)


@kernel
def inbox(begin, end, today, book, g, t, inboxes, out):
    """Let members begin..end-1 read; return the member at which a buffer ran out of room, or `end`.

    Writes outcomes into the items that wait, answers and acts into `out`; each row belongs to one member. Who comes is listed
    first, some hundreds at a time: so that what they need can be prefetched without asking again who they are.
    """
    p, starts, coming, at = book.rules[0], inboxes.starts, out.listed, begin
    plan_feed(p, today, out.looks)
    while at < end:
        at, count = who_may_come(g, starts, at, end, coming=coming)
        count = who_comes(p, g, today, coming, count)
        for n in range(-2 * AHEAD, count):
            look_ahead(g, inboxes, coming, n, count=count)
            if n >= 0:
                if n % TOGETHER == 0:
                    open_feeds(p, g, today, coming, first=n, last=min(n + TOGETHER, count), looks=out.looks)
                i = coming[n]
                if not has_room(out, starts[i + 1] - starts[i]):  # before anything is noted: whoever finds no room is asked again
                    return i
                visit(p, book, g, t, inboxes=inboxes, today=today, i=i, feed=feed_place(n % TOGETHER), out=out)
    return end
