"""Settlement: what was read changes threads, ties and what is due next, in the order of recipient, sender, age."""

from __future__ import annotations

from sim.columnar.additions import add_task, add_tie
from sim.columnar.bundles import FROM_OBLIGATION, GLADLY, REPORTS
from sim.columnar.derived import cell_of, clear_marks, has, mutual_of, note_exchange, rule_of, side
from sim.decisions.codes import (
    ACT_CURATE,
    ACT_REACT,
    ACT_SEEN,
    ACT_UNFOLLOW,
    ANSWERED,
    APPROACH,
    DO_ASK,
    DO_OPEN,
    DO_REACT,
    LATER,
    NO_EXCHANGE,
    NO_TIE,
    OBLIGED,
    PUT_OFF,
    READ,
    REFUSED_POLITELY,
    REPLY,
    VOID,
)
from sim.decisions.codes import (
    OFF_PLATFORM as WENT_OFF,
)
from sim.decisions.common import is_invitation
from sim.decisions.consequences import annoyed, exchange_outcome, reputation_after_unfollow, strengthened, volume_after_reply
from sim.decisions.inbox import is_accepted, is_open, is_positive, is_refused
from sim.decisions.limits import credits_after_reply
from sim.decisions.moderation import breaks_rules, is_wrong_report, report_weight
from sim.decisions.sessions import doubted, is_announced, pleased
from sim.decisions.threads import answers_approach, has_rapport, is_bridging, is_closed, new_tie, opens_after_acceptance, tie_gain
from sim.decisions.visits import is_read_today
from sim.jit import fetch, fetch_first, inlined, kernel
from sim.randomness import OUTCOME, SUGGEST, draw_pair
from sim.state.columns import AWAITS, NO_MORE, OFF_PLATFORM, OPTED_OUT, PENDING, RED_FLAG, REFUSED, REPORTED, TIE, UNFOLLOWED, WEAK
from sim.state.network import connect, disconnect, fetch_list, has_room
from sim.state.pair_table import known_from, known_of
from sim.state.record import is_kept, row_of
from sim.state.tally import (
    record_acceptance,
    record_answer,
    record_consequence,
    record_new_tie,
    record_read,
    record_response,
    since_switch,
)

AHEAD = 8  # items that were read, or acts: what one needs is prefetched in two steps, so many of them apart


@inlined
def settle_annoyance(p, m, day):
    """Let an unwelcome item that was read annoy its reader."""
    m.annoyance = annoyed(p, m.annoyance, day - m.annoyance_day)
    m.annoyance_day = day


@inlined
def settle_report(book, members, item, effects):
    """Turn a report into a strike in the making."""
    m = members[item.sender]
    breaks = breaks_rules(item.violation, item.unheeded != 0)
    weight = report_weight(rule_of(book, m), breaks)
    m.strikes_today += weight
    if is_wrong_report(item.purpose, breaks):
        m.wrong_today += weight
    row = effects.reports[effects.sizes[REPORTS]]
    row.member, row.other = item.recipient, item.sender
    effects.sizes[REPORTS] += 1


@inlined
def settle_invitation(t, g, r, item, day, marks, effects):
    """Apply what became of an invitation; return the connection that it makes, a `NewTie`."""
    i, j, made = item.recipient, item.sender, NO_TIE
    mine = side(j, i)
    crossed = not has(r.state, PENDING, mine)
    if is_accepted(item.outcome):
        c = cell_of(t, g.members, sender=j, recipient=i, purpose=item.purpose, distance=item.distance)
        approach = item.role == APPROACH
        record_acceptance(t, c, day, sent=item.sent, purpose=item.purpose, approach=approach)
        record_response(t, c, day, approached=item.sent, first=approach)
        r.state = r.state & ~(AWAITS << mine)  # whatever waited for an answer has one
        if opens_after_acceptance(item.note_answered != 0, item.purpose, r.exchanges):
            add_task(effects, item.row, owner=j, other=i, due=day + 1, what=DO_OPEN)
        if not crossed:  # a connection counts when it is made: of two that crossed, at delivery
            made = new_tie(mutual_of(g, marks, i, j) > 0)  # of one reader one after another
            record_new_tie(t, c, day, tie=made, surface=item.surface, known=item.acquainted != 0)
            add_tie(effects, item.row, j, i, what=FROM_OBLIGATION if item.outcome == OBLIGED else GLADLY)
            r.state = r.state & ~(PENDING | (PENDING << 1))
    elif is_refused(item.outcome):
        r.state = (r.state & ~(PENDING << mine)) | (REFUSED << mine) | (RED_FLAG << mine)
        r.invited = day
    return made


@inlined
def close_thread(waiting, n):
    """Close what else waits of the thread whose n-th item is answered: a recipient's items from one sender stand together."""
    item = waiting[n]
    for step in (-1, 1):
        k = n + step
        while 0 <= k < waiting.size and waiting[k].recipient == item.recipient and waiting[k].sender == item.sender:
            if is_closed(item.opened, waiting[k].opened):
                waiting[k].closed = 1
            k += step


@inlined
def settle_exchange(t, p, book, g, r, item, today, effects):
    """Apply an answer: rapport, tie strength, what comes of it, who then asks to connect. Return what came of it."""
    i, j = item.recipient, item.sender
    seed, day, members = today.seed, today.day, g.members
    connected = r.state & TIE != 0
    bridging = is_bridging(connected, g.industry[i] == g.industry[j])
    c = cell_of(t, members, sender=j, recipient=i, purpose=item.purpose, distance=item.thread_distance)
    approach = answers_approach(item.kind, item.role)
    record_answer(t, c, day, item, approach=approach)
    record_response(t, c, day, approached=item.opened, first=approach)
    note_exchange(t, members, r, day)
    r.strength = strengthened(p, r.strength, day - r.touched, p.tie_exchange)
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
    record_consequence(t, c, day, outcome)
    for a, b in ((i, j), (j, i)):
        style = book.styles[members[a].style]
        ready = has_rapport(style, connected, item.kind, r.exchanges)
        if ready and draw_pair(seed, SUGGEST, 0, day, a, b) < style.suggest_connect:
            add_task(effects, item.row, owner=a, other=b, due=day + 1, what=DO_ASK)
    return outcome


@inlined
def settle_reading(t, p, book, g, item, day, effects):
    """Apply what reading an item does to its reader, and a report to its sender."""
    i, members = item.recipient, g.members
    m = members[i]
    c = cell_of(t, members, item.sender, recipient=i, purpose=item.purpose, distance=item.distance)
    record_read(t, c, day, unwelcome=item.unwelcome != 0, reported=item.complaint & REPORTED != 0)
    if since_switch(t, day):
        m.read += 1
        m.read_unwelcome += item.unwelcome
        if is_invitation(item.kind):
            m.read_unwelcome_invitations += item.unwelcome
    if item.unwelcome:
        settle_annoyance(p, m, day)
        if is_announced(g.here[i]):
            m.doubt = doubted(p, m.doubt, day - m.doubt_day)
            m.doubt_day = day
    if item.complaint & REPORTED:
        settle_report(book, members, item, effects)


@inlined
def reward(p, book, m, item, day):
    """Let a reply encourage its sender, and refund the credit of a message to a stranger."""
    m.volume = volume_after_reply(p, m.volume)
    m.pleasure = pleased(p, m.pleasure, day - m.pleasure_day)
    m.pleasure_day = day
    m.credits_used = credits_after_reply(book.designs[m.design_now], m.credits_used, item.kind, item.thread_distance)


@inlined
def note_reading(e, item, day, fresh, made, consequence):
    """Enter what became of an item that was read into the record of the run; `fresh`: it was read today."""
    if fresh:
        e.day_read = day
    e.outcome, e.reported, e.consequence = READ if item.outcome == PUT_OFF else item.outcome, item.complaint & REPORTED, consequence
    if is_positive(item.outcome):
        e.day_answered = day
    if made != NO_TIE:  # of two invitations that crossed, the second has made the connection already
        e.tie = made


@inlined
def list_settled(waiting, begin, settled):
    """List the items from `begin` on that were read or answered, as long as there is room; return (the next item, how many)."""
    n, count = begin, 0
    while n < waiting.size and count < settled.size:
        settled[count] = n
        count += 0 if is_open(waiting[n].outcome) else 1  # no branch: nothing foretells which were
        n += 1
    return n, count


@inlined
def look_ahead(waiting, settled, k, count, g):
    """Prefetch what the items after the k-th of a list will need: members and pair, then lists."""
    if k + 2 * AHEAD < count:
        item = waiting[settled[k + 2 * AHEAD]]
        fetch_first(g.members, item.sender)
        fetch(g.members, item.recipient)
        fetch(g.pairs, item.row)
        if is_accepted(item.outcome):
            fetch(g.start, item.sender)
            fetch(g.start, item.recipient)
    if 0 <= k + AHEAD < count and is_accepted(waiting[settled[k + AHEAD]].outcome):
        item = waiting[settled[k + AHEAD]]
        fetch_list(g, item.sender)
        fetch_list(g, item.recipient)


@inlined
def settle_item(waiting, n, today, book, g, t, marks, effects, record):
    """Apply what became of the n-th item."""
    p, day, members, item = book.rules[0], today.day, g.members, waiting[n]
    i, j = item.recipient, item.sender
    fresh = is_read_today(item.outcome, item.due)
    if fresh:
        settle_reading(t, p, book, g, item=item, day=day, effects=effects)
    row, made, consequence = known_of(g, item), NO_TIE, NO_EXCHANGE
    if row >= 0:
        r = g.pairs[row]
        if item.complaint & NO_MORE:
            r.state = r.state | (OPTED_OUT << side(i, j))
        if is_invitation(item.kind) and item.outcome != VOID:
            made = settle_invitation(t, g, r, item, day=day, marks=marks, effects=effects)
        if item.outcome == ANSWERED or item.note_answered:
            consequence = settle_exchange(t, p, book, g, r=r, item=item, today=today, effects=effects)
            close_thread(waiting, n)
            if item.kind != REPLY:
                reward(p, book, m=members[j], item=item, day=day)
        elif item.outcome == REFUSED_POLITELY:
            r.state = r.state | (RED_FLAG << side(j, i))
    if is_kept(record):
        note_reading(e=record.rows[row_of(record, item.id)], item=item, day=day, fresh=fresh, made=made, consequence=consequence)
    if item.outcome == PUT_OFF:
        item.outcome = LATER


@kernel
def settle(waiting, today, book, g, t, marks, effects, record):
    """Apply all that was read. The lists of `effects` must have room for all of `waiting`."""
    at = 0
    while at < waiting.size:
        at, count = list_settled(waiting, at, settled=effects.settled)
        for k in range(-2 * AHEAD, count):
            look_ahead(waiting, effects.settled, k, count=count, g=g)
            if k >= 0:
                settle_item(waiting, effects.settled[k], today, book, g, t=t, marks=marks, effects=effects, record=record)
    clear_marks(g, marks)


@inlined
def look_ahead_at_acts(acts, n, count, g):
    """Prefetch the pair of an act after the n-th."""
    if n + AHEAD < count:
        fetch(g.pairs, acts[n + AHEAD].row)


@kernel
def settle_acts(acts, day, book, g, effects):
    """Apply what feeds and curating led to."""
    p = book.rules[0]
    for n in range(acts.size):
        look_ahead_at_acts(acts, n, count=acts.size, g=g)
        act = acts[n]
        i, j = act.member, act.other
        row = known_from(g, act.row, i, j)
        if row < 0 or g.pairs[row].state & TIE == 0:
            continue
        r = g.pairs[row]
        if act.what == ACT_SEEN:
            r.strength = strengthened(p, r.strength, day - r.touched, p.tie_update)
            r.touched = day
        elif act.what == ACT_UNFOLLOW:
            r.state = r.state | (UNFOLLOWED << side(i, j))
            m = g.members[j]
            m.lost_reputation = reputation_after_unfollow(p, m.lost_reputation, day - m.reputation_day)
            m.reputation_day = day
        elif act.what == ACT_REACT:
            add_task(effects, row, owner=i, other=j, due=day + 1, what=DO_REACT)
        elif act.what == ACT_CURATE:
            disconnect(g, i, j)


@kernel
def make_ties(ties, begin, count, day, book, g):
    """Connect the pairs in the list; return the row at which the pool ran out of room, or `count`."""
    p = book.rules[0]
    for n in range(begin, count):
        look_ahead_at_acts(ties, n, count=count, g=g)
        if not has_room(g, 1):
            return n
        i, j = ties[n].member, ties[n].other
        row = known_from(g, ties[n].row, i, j)
        if row < 0 or g.pairs[row].state & TIE or g.active[i] == 0 or g.active[j] == 0:
            continue
        weak = ties[n].what == FROM_OBLIGATION
        r = g.pairs[row]
        strength = strengthened(p, r.strength, day - r.touched, tie_gain(p, weak))
        connect(g, row, i, j=j, day=day, strength=strength)
        r.state = r.state | WEAK if weak else r.state & ~WEAK
    return count
