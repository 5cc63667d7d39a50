"""Which of what waits a visit to the inbox reads, as far as attention goes: what is due first, then known people, then the newest."""

from __future__ import annotations

from sim.decisions.codes import REPLY, WAITING
from sim.decisions.inbox import is_due, rank_count
from sim.decisions.threads import is_familiar
from sim.jit import inlined
from sim.randomness import RANK, RANK_KNOWN, draw, draw_pair
from sim.state.columns import TIE
from sim.state.pair_table import known_of

# outcomes of a waiting item that this visit will read, of one that it will answer at last, and of one from a known person
NOT_YET, AT_LAST, FAMILIAR = 100, 101, 102


@inlined
def is_known(g, item):
    """Tell whether an item is from a connection or belongs to a thread that runs."""
    if item.kind == REPLY:  # most are, and then the pair need not be looked up
        return True
    row = known_of(g, item)
    return row >= 0 and is_familiar(item.kind, g.pairs[row].state & TIE != 0, g.pairs[row].exchanges)


@inlined
def take_up(waiting, first, last, budget, day):
    """Mark the items, `budget` at most, whose answer was put off and is due; return (how many they are, how many items are unread)."""
    due, unread = 0, 0
    for k in range(first, last):
        if waiting[k].outcome == WAITING:
            unread += 1
        elif due < budget and is_due(waiting[k].outcome, waiting[k].due, day):
            waiting[k].outcome = AT_LAST
            due += 1
    return due, unread


@inlined
def rank_of(item, today, i):
    """Return the draw by which items of one day are ranked in i's inbox."""
    return draw_pair(today.seed, RANK, rank_count(item.id), today.day, i, item.sender)


@inlined
def comes_before(a, b, today, i):
    """Tell whether item a is read before item b: if it alone is from a known person, or is newer, or else by an addressed draw."""
    if a.outcome != b.outcome:
        return a.outcome == FAMILIAR
    if a.sent != b.sent:
        return a.sent > b.sent
    return rank_of(a, today, i) < rank_of(b, today, i)


@inlined
def choose_to_read(p, g, waiting, first, last, budget, today, i):
    """Mark those of more unread items than can be read that this visit reads: known people first, then newest, ties by an addressed draw."""
    if draw(today.seed, RANK_KNOWN, 0, today.day, i) < p.attention_rank_known:
        for k in range(first, last):
            if waiting[k].outcome == WAITING and is_known(g, waiting[k]):
                waiting[k].outcome = FAMILIAR
    for _ in range(budget):
        best = -1
        for k in range(first, last):
            if waiting[k].outcome in (WAITING, FAMILIAR) and (best < 0 or comes_before(waiting[k], waiting[best], today, i)):
                best = k
        waiting[best].outcome = NOT_YET
    for k in range(first, last):
        if waiting[k].outcome == FAMILIAR:
            waiting[k].outcome = WAITING
