"""Talk: of two who are both there today, what one has just answered the other may answer at once, turn after turn."""

from __future__ import annotations

from sim.columnar.answers import outcome_of_reply, write_answer
from sim.columnar.arrivals import land, note_event
from sim.columnar.bundles import ITEMS
from sim.columnar.derived import cell_of_item, has, side
from sim.decisions.codes import ANSWERED, NO_TIE, READ
from sim.decisions.counters import D_CUT_SHORT
from sim.decisions.visits import can_hear, is_cut_short, stays
from sim.jit import fetch, fetch_first, inlined, kernel
from sim.randomness import STAY, draw_pair
from sim.state.columns import OPTED_OUT
from sim.state.pair_table import known_of
from sim.state.record import is_kept, row_of

AHEAD = 12  # answers, many of which nobody hears at once: what one needs is prefetched so many answers before


@inlined
def is_heard(p, g, t, item, today):
    """Tell whether an answer reaches somebody who is still there, has attention left, and stays in the talk."""
    i, j = item.recipient, item.sender
    if not can_hear(g.attention[i], g.active[i] != 0) or not stays(p, draw_pair(today.seed, STAY, item.turn, today.day, i, j)):
        return False
    if is_cut_short(item.turn):
        t.daily[D_CUT_SHORT, today.day] += 1
        return False
    return True


@inlined
def decide_turn(p, book, g, item, today):
    """Return the outcome of an answer that is heard at once."""
    i, j = item.recipient, item.sender
    row = known_of(g, item)
    if row < 0 or g.active[j] == 0:
        return READ
    r = g.pairs[row]
    return READ if has(r.state, OPTED_OUT, side(i, j)) else outcome_of_reply(p, book, g, item, r=r, today=today, turn=item.turn)


@inlined
def look_ahead(items, n, count, g):
    """Prefetch what an answer some places after the n-th will need, if somebody is there to hear it: both members and their pair."""
    if n + AHEAD < count and g.attention[items[n + AHEAD].recipient] > 0:
        item = items[n + AHEAD]
        fetch(g.members, item.recipient)
        fetch_first(g.members, item.sender)
        fetch(g.pairs, item.row)


@kernel
def talk(out, first_id, today, book, g, t, record):
    """Let the answers in `out` be heard, and answers to them, turn by turn; return how many were, numbered from `first_id` on.

    All decisions read what lies between two as it was this morning; settlement follows. What nobody hears keeps its outcome
    and is delivered tomorrow. `out` must have room for MOST_TURNS answers to each.
    """
    p, day, heard, n = book.rules[0], today.day, 0, 0
    while n < out.sizes[ITEMS]:
        look_ahead(out.items, n, count=out.sizes[ITEMS], g=g)
        item = out.items[n]
        n += 1
        if not is_heard(p, g, t, item, today=today):
            continue
        g.attention[item.recipient] -= 1
        item.id = first_id + heard
        heard += 1
        land(t, p, g.members, item, cell_of_item(t, g.members, item), day=day)
        if is_kept(record):
            note_event(g, e=record.rows[row_of(record, item.id)], item=item, delivered=day, made=NO_TIE)
        item.outcome = decide_turn(p, book, g, item, today=today)
        if item.outcome == ANSWERED:
            write_answer(p, book, g, item, r=g.pairs[known_of(g, item)], today=today, first=0, turn=item.turn + 1, out=out)
    return heard
