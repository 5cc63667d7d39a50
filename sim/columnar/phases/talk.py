"""Talk: of two who are both there today, what one has just answered the other may answer at once, turn after turn."""

from __future__ import annotations

from sim.columnar.bundles import ITEMS
from sim.columnar.derived import has, relevance_of, side
from sim.columnar.items import write_item
from sim.columnar.phases.delivery import land, note_event
from sim.decisions.codes import ANSWERED, NO_TIE, READ, REPLY
from sim.decisions.common import present_distance
from sim.decisions.constants import MOST_TURNS
from sim.decisions.counters import D_CUT_SHORT
from sim.decisions.inbox import continue_chance
from sim.jit import inlined, kernel
from sim.randomness import COMPOSE_REPLY, CONTINUE, STAY, draw_pair
from sim.state.columns import OFF_PLATFORM, OPTED_OUT, TIE
from sim.state.pair_table import known


@inlined
def is_heard(p, g, t, item, today):
    """Tell whether an answer reaches somebody who is still there, has attention left, and stays in the talk."""
    i, j = item.recipient, item.sender
    if g.attention[i] == 0 or g.active[i] == 0 or draw_pair(today.seed, STAY, item.turn, today.day, i, j) >= p.thread_stay:
        return False
    if item.turn >= MOST_TURNS:
        t.daily[D_CUT_SHORT, today.day] += 1
        return False
    return True


@inlined
def decide_turn(p, book, g, item, today):
    """Return the outcome of an answer that is heard at once."""
    i, j = item.recipient, item.sender
    row = known(g, i, j)
    if row < 0 or g.active[j] == 0:
        return READ
    r = g.pairs[row]
    if has(r.state, OPTED_OUT, side(i, j)) or r.state & OFF_PLATFORM:
        return READ
    chance = continue_chance(
        p,
        relevance_of(p, g, today.lasting, i, j),
        item.thanks,
        characters=item.length,
        continues=book.styles[g.members[i].style].continues,
        turns=r.exchanges + item.turn,
    )
    return ANSWERED if draw_pair(today.seed, CONTINUE, item.turn, today.day, i, j) < chance else READ


@kernel
def talk(out, first_id, today, book, g, t, events):
    """Let the answers in `out` be heard, and answers to them, turn by turn; return how many were, numbered from `first_id` on.

    All decisions read what lies between two as it was this morning; settlement follows. What nobody hears keeps its outcome
    and is delivered tomorrow. `out` must have room for MOST_TURNS answers to each.
    """
    p, day, heard, n = book.rules[0], today.day, 0, 0
    while n < out.sizes[ITEMS]:
        item = out.items[n]
        n += 1
        if not is_heard(p, g, t, item, today):
            continue
        i, j = item.recipient, item.sender
        g.attention[i] -= 1
        item.id = first_id + heard
        heard += 1
        land(t, p, g.members, item, day)
        if events.size > 0:
            note_event(events[item.id], item, day, NO_TIE)
        item.outcome = decide_turn(p, book, g, item, today)
        if item.outcome == ANSWERED:
            write_item(
                p,
                book.styles[g.members[i].style],
                g.members,
                out,
                today,
                i,
                j,
                address=COMPOSE_REPLY,
                kind=REPLY,
                purpose=item.purpose,
                distance=present_distance(g.pairs[known(g, i, j)].state & TIE != 0, item.distance),
                mutual=item.mutual,
                follow=0,
                unheeded=0,
                first=0,
                turn=item.turn + 1,
            )
    return heard
