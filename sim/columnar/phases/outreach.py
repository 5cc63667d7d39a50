"""Outreach: members with a session do what is due, keep up with contacts, and follow new intents."""

from __future__ import annotations

from sim.columnar.additions import add_act
from sim.columnar.allowances import (
    may_invite,
    may_message,
    note_approach,
    note_invitation,
    note_stranger_message,
)
from sim.columnar.bundles import ACTS, INTENTS, ITEMS, Draft, Sought
from sim.columnar.derived import asks_of, clear_marks, design_between, has, mutual_of, side, thread_by
from sim.columnar.items import contacted_today, write_item
from sim.columnar.partner_search import best_candidate, look_around, said_no
from sim.decisions.codes import (
    ACT_CURATE,
    AWAY,
    CONNECTED,
    DO_ASK,
    DO_FOLLOW_UP,
    DO_GREET,
    DO_OPEN,
    INTRODUCTION,
    INVITATION,
    MESSAGE,
    PROFILE,
    RELATIONSHIP,
    STRANGER,
    SUGGESTION,
    WALK_AWAY,
)
from sim.decisions.common import distance_of, is_cold_message, is_invitation
from sim.decisions.consequences import strengthened
from sim.decisions.joining import is_suggested
from sim.decisions.limits import NOBODY_WORTH
from sim.decisions.outreach import (
    MOST_INTENTS,
    NOTHING_DUE,
    choose_button,
    kind_of_button,
    kind_of_follow_up,
    kind_of_opening,
    kind_of_request,
    profiles_looked_at,
)
from sim.decisions.threads import follow_ups_after, is_dormant, is_introduced, may_be_introduced, only_costs
from sim.jit import fetch, fetch_first, inlined, kernel
from sim.randomness import (
    BUTTON,
    COMPOSE,
    CURATE,
    CURATE_PICK,
    DIVISIVE,
    GREET,
    HEED,
    INTRODUCE,
    KEEP_PICK,
    KEEP_UP,
    OPEN,
    SURFACE,
    UPDATE,
    day_key,
    draw,
    draw_pair,
    member_hash,
)
from sim.randomness import (
    NOTE as DRAW_NOTE,
)
from sim.state.columns import AWAITS, KNOWN, OPTED_OUT, TIE, UNFOLLOWED, WEAK
from sim.state.network import fetch_list, neighbour
from sim.state.packed import purpose_in
from sim.state.pair_table import is_stale, known, known_from

AHEAD = 5  # members: what one needs is prefetched in two steps, so many members apart


@inlined
def is_suggestion(p, today, i, j):
    """Tell whether i contacts j, whom i knows, from a list of suggestions."""
    return is_suggested(p, draw_pair(today.seed, SURFACE, 0, today.day, i, j))


@inlined
def greeting_kind(p, style, design, g, row, today, i, j):
    """Return the kind of item with which i contacts j, whom i knows; NOTHING_DUE if none. The design arranges a profile's buttons alone."""
    can_connect = may_invite(p, design, g, row, day=today.day, i=i, j=j, seen=NOBODY_WORTH)
    if is_suggestion(p, today, i, j):
        return INVITATION if can_connect else NOTHING_DUE
    button = choose_button(
        p,
        style,
        design,
        RELATIONSHIP,
        stranger=False,
        connected=False,
        known=True,
        can_message=may_message(p, design, g, today.day, i=i, j=j, connected=False, seen=NOBODY_WORTH),
        can_connect=can_connect,
        u=draw_pair(today.seed, GREET, 0, today.day, i, j),
    )
    return NOTHING_DUE if button == WALK_AWAY else kind_of_button(button)


@inlined
def note_greeting(p, design, g, out, today, i, j):
    """Note where the item that i has just written to j, as the agenda said, was sent from; a message to a stranger counts as one."""
    item, m = out.items[out.sizes[ITEMS] - 1], g.members[i]
    item.surface = SUGGESTION if is_suggestion(p, today, i, j) else PROFILE
    if is_cold_message(item.kind, connected=False):
        note_stranger_message(design, m, item, today.day)


@inlined
def due_kind(p, style, design, g, row, what, today, i, j):
    """Return the kind of item that an agenda entry calls for today, or NOTHING_DUE if it has become pointless."""
    r, seed, day = g.pairs[row], today.seed, today.day
    connected = r.state & TIE != 0
    if what == DO_GREET:
        return NOTHING_DUE if connected else greeting_kind(p, style, design, g, row=row, today=today, i=i, j=j)
    awaits = has(r.state, AWAITS, side(i, j))
    if what == DO_ASK:
        allowed = may_invite(p, design, g, row, day=day, i=i, j=j, seen=NOBODY_WORTH)  # who has rapport is worth it
        return kind_of_request(style, design, asks=asks_of(r, side(i, j)), allowed=allowed, u=draw_pair(seed, DRAW_NOTE, 0, day, i, j))
    if what == DO_FOLLOW_UP:
        return kind_of_follow_up(design, awaits, connected, g.members[j].opted_until > day)
    if not connected or awaits:
        return NOTHING_DUE
    return kind_of_opening(style, purpose_in(r.about), draw_pair(seed, OPEN, 0, day, i, j)) if what == DO_OPEN else MESSAGE


@inlined
def purpose_of_task(r, what, mine):
    """Return what an item that an agenda entry calls for is about: its thread, the last approach, or the relationship itself."""
    if what == DO_FOLLOW_UP:
        return thread_by(r, mine)[0]
    return purpose_in(r.about) if what == DO_OPEN else RELATIONSHIP


@inlined
def do_agenda(p, style, book, g, agenda, today, i, first, out):
    """Do what is due today: follow-ups, openings, requests to connect, reactions to updates."""
    seed, day = today.seed, today.day
    for a in range(agenda.starts[i], agenda.starts[i + 1]):
        entry = agenda.entries[a]
        j = entry.other
        agenda.done[a] = 1
        if g.active[j] == 0 or contacted_today(out, first, j):
            continue
        row = known_from(g, entry.row, i, j)
        if row < 0:
            continue
        unheeded = 0
        if said_no(g.pairs, row, i, j):
            if draw_pair(seed, HEED, 0, day, i, j) < style.heeds:
                continue
            unheeded = 1
        design = design_between(book, g, i, j)
        kind = due_kind(p, style, design, g, row=row, what=entry.what, today=today, i=i, j=j)
        if kind == NOTHING_DUE:
            continue
        r = g.pairs[row]
        mutual = mutual_of(g, out.marks, i, j)
        purpose = purpose_of_task(r, entry.what, side(i, j))
        follow, distance = follow_ups_after(kind, r.follow), distance_of(r.state & TIE != 0, mutual)
        draft = Draft(
            address=COMPOSE, kind=kind, purpose=purpose, distance=distance, mutual=mutual, follow=follow, unheeded=unheeded, turn=0
        )
        write_item(p, style, g.members, out, today=today, i=i, j=j, draft=draft, first=first)
        if is_invitation(kind):
            note_invitation(p, g.members[i], day)
        if entry.what == DO_GREET:
            note_greeting(p, design, g, out, today=today, i=i, j=j)


@inlined
def keep_up(p, style, g, today, i, first, out):
    """Write to a contact now and then, post an update, take a connection off that only costs."""
    m, seed, day = g.members[i], today.seed, today.day
    if g.length[i] > 0 and m.restricted_until <= day and draw(seed, KEEP_UP, 0, day, i) < style.keeps_up:
        j = neighbour(g, i, member_hash(day_key(seed, KEEP_PICK, 0, day), i))
        if j >= 0 and not contacted_today(out, first, j):
            row = known(g, i, j)
            if not has(g.pairs[row].state, AWAITS, side(i, j)) and not said_no(g.pairs, row, i, j):
                mutual = mutual_of(g, out.marks, i, j)
                draft = Draft(
                    address=COMPOSE, kind=MESSAGE, purpose=RELATIONSHIP, distance=CONNECTED, mutual=mutual, follow=0, unheeded=0, turn=0
                )
                write_item(p, style, g.members, out, today=today, i=i, j=j, draft=draft, first=first)
    if draw(seed, UPDATE, 0, day, i) < style.updates:
        g.updated[i] = day
        m.update_divisive = 1 if draw(seed, DIVISIVE, 0, day, i) < style.divisive else 0
    if draw(seed, CURATE, 0, day, i) < p.tie_curate:
        j = neighbour(g, i, member_hash(day_key(seed, CURATE_PICK, 0, day), i))
        if j >= 0:
            row = known(g, i, j)
            r = g.pairs[row]
            costs = only_costs(r.state & WEAK != 0, has(r.state, UNFOLLOWED, side(i, j)), has(r.state, OPTED_OUT, side(i, j)))
            if costs and is_dormant(strengthened(p, r.strength, day - r.touched, 0.0)):
                add_act(out, row, i, j, what=ACT_CURATE)


@inlined
def puts_in_a_word(p, g, today, i, j, via):
    """Tell whether the friend through whom i found j puts in a word."""
    r = g.pairs[known(g, i, via)]
    strength = strengthened(p, r.strength, today.day - r.touched, 0.0)
    return is_introduced(p, strength, draw_pair(today.seed, INTRODUCE, 0, today.day, i, j))


@inlined
def approach(p, style, design, g, today, i, look, draft, out, first):
    """Write to the member whose profile i has looked at; what is scarce is counted."""
    m, connected = g.members[i], draft.distance == CONNECTED
    write_item(p, style, g.members, out, today=today, i=i, j=look.member, draft=draft, first=first)
    item = out.items[out.sizes[ITEMS] - 1]
    item.seen = look.score
    if is_invitation(draft.kind):
        note_invitation(p, m, today.day)
    if is_cold_message(draft.kind, connected):
        note_stranger_message(design, m, item, today.day)
    if not connected:
        note_approach(m, today.day)


@inlined
def follow_intent(p, style, book, g, today, i, out, first, sought):
    """Follow a new intent, a `Sought`: choose a partner, press a button, write; `first` as in `contacted_today`."""
    purpose = out.looks[sought.start].purpose
    best = best_candidate(p, style, g, today, i=i, first=first, out=out, start=sought.start, end=sought.end)
    intent = out.intents[out.sizes[INTENTS]]
    out.sizes[INTENTS] += 1
    intent.member, intent.other, intent.purpose = i, -1, purpose
    intent.met, intent.distance, intent.button = 0, 0, WALK_AWAY
    if best < 0:
        return
    look, day = out.looks[best], today.day
    j, mutual = look.member, look.mutual
    intent.other = j
    row = look.place
    if row >= 0:
        intent.met = g.pairs[row].met
        if is_stale(g, row, i, j):
            row = -1
    flags = g.pairs[row].state if row >= 0 else 0
    distance = distance_of(flags & TIE != 0, mutual)
    intent.distance = distance
    connected, design = distance == CONNECTED, design_between(book, g, i, j)
    button = choose_button(
        p,
        style,
        design,
        purpose,
        stranger=distance == STRANGER,
        connected=connected,
        known=flags & KNOWN != 0,
        can_message=may_message(p, design, g, day, i=i, j=j, connected=connected, seen=look.score),
        can_connect=may_invite(p, design, g, row, day=day, i=i, j=j, seen=look.score),
        u=draw(today.seed, BUTTON, sought.number, day, i),
    )
    intent.button = button
    if button == WALK_AWAY:
        return
    kind = kind_of_button(button)
    if may_be_introduced(kind, distance, look.via) and puts_in_a_word(p, g, today, i, j=j, via=look.via):
        kind = INTRODUCTION
    unheeded = 1 if row >= 0 and said_no(g.pairs, row, i, j) else 0
    draft = Draft(address=COMPOSE, kind=kind, purpose=purpose, distance=distance, mutual=mutual, follow=0, unheeded=unheeded, turn=0)
    approach(p, style, design, g, today=today, i=i, look=look, draft=draft, out=out, first=first)


@inlined
def list_who_acts(g, begin, end, acting):
    """List those from `begin` on who have a session, as long as there is room; return (the next member, how many)."""
    i, n = begin, 0
    while i < end and n < acting.size:
        acting[n] = i
        n += g.here[i] != AWAY  # no branch: nothing foretells who has one
        i += 1
    return i, n


@inlined
def look_ahead(g, agenda, acting, n, count):
    """Prefetch what those who act after the n-th will need: connections and pairs, then the connections of others."""
    if n + 2 * AHEAD < count:
        a = acting[n + 2 * AHEAD]
        fetch(g.members, a)
        fetch_list(g, a)
        for k in range(agenda.starts[a], agenda.starts[a + 1]):
            fetch(g.pairs, agenda.entries[k].row)
            fetch(g.start, agenda.entries[k].other)
            fetch(g.length, agenda.entries[k].other)
    if 0 <= n + AHEAD < count:
        b = acting[n + AHEAD]
        for k in range(agenda.starts[b], agenda.starts[b + 1]):
            fetch_list(g, agenda.entries[k].other)
            fetch_first(g.members, agenda.entries[k].other)


@inlined
def has_room(out, due):
    """Tell whether there is room for what a session writes in which so many entries of the agenda are due."""
    room = min(out.items.size - out.sizes[ITEMS] - due, out.intents.size - out.sizes[INTENTS])
    return room >= MOST_INTENTS + 2 and out.acts.size - out.sizes[ACTS] >= 2


@inlined
def act(p, book, g, agenda, today, i, out, at, found):
    """Let a member with a session act, whose looks begin at `at`, of `found` in all; return where the next one's begin."""
    m = g.members[i]
    style = book.styles[m.style]
    first = out.sizes[ITEMS]
    if m.restricted_until <= today.day:
        do_agenda(p, style, book, g, agenda=agenda, today=today, i=i, first=first, out=out)
    keep_up(p, style, g, today, i=i, first=first, out=out)
    c = 0
    while at < found and out.looks[at].looker == i:
        after = at + profiles_looked_at(p, style, c)
        follow_intent(p, style, book, g, today=today, i=i, out=out, first=first, sought=Sought(number=c, start=at, end=after))
        at, c = after, c + 1
    return at


@kernel
def outreach(begin, end, today, book, g, agenda, out):
    """Let members begin..end-1 act; return the member at which a buffer ran out of room, or `end`.

    Writes into `out`, marks what is done in `agenda`, and each member's own columns; reads everything else as it was at
    the phase's start. Some hundreds are listed first, and look around before they act.
    """
    p, member, acting = book.rules[0], begin, out.listed
    while member < end:
        member, count = list_who_acts(g, member, end, acting)
        last, found, at = 0, 0, 0
        for n in range(-2 * AHEAD, count):
            look_ahead(g, agenda, acting, n, count=count)
            if n == last:
                last, found = look_around(p, book, g, today, acting, first=n, last=count, out=out)
                at = 0
            if n >= 0:
                i = acting[n]
                if not has_room(out, agenda.starts[i + 1] - agenda.starts[i]):
                    clear_marks(g, out.marks)
                    return i
                at = act(p, book, g, agenda=agenda, today=today, i=i, out=out, at=at, found=found)
    clear_marks(g, out.marks)
    return end
