"""Answers: whether a talk goes on after a reply, the reply to an item, in a visit to the inbox or in a talk, and those that nobody hears."""

from __future__ import annotations

from sim.columnar.bundles import ITEMS, Draft
from sim.columnar.derived import relevance_of
from sim.columnar.items import write_item
from sim.decisions.codes import ANSWERED, READ, REPLY, WAITING
from sim.decisions.common import present_distance
from sim.decisions.inbox import continue_chance
from sim.jit import inlined, kernel, move
from sim.randomness import COMPOSE_REPLY, CONTINUE, draw_pair
from sim.state.columns import OFF_PLATFORM, TIE


@inlined
def outcome_of_reply(p, book, g, item, r, today, turn):
    """Return whether the talk goes on after a reply that is read, of the pair r; `turn`: of a talk today, 0 for a visit to the inbox."""
    i, j = item.recipient, item.sender
    if r.state & OFF_PLATFORM:
        return READ
    chance = continue_chance(
        p,
        relevance_of(p, g, today.lasting, i, j=j),
        item.thanks,
        characters=item.length,
        continues=book.styles[g.members[i].style].continues,
        turns=r.exchanges + turn,
    )
    return ANSWERED if draw_pair(today.seed, CONTINUE, turn, today.day, i, j) < chance else READ


@inlined
def write_answer(p, book, g, item, r, today, first, turn, out):
    """Write the answer to an item in this turn of the day; `first` as in `contacted_today`."""
    i, answer = item.recipient, out.items[out.sizes[ITEMS]]
    draft = Draft(
        address=COMPOSE_REPLY,
        kind=REPLY,
        purpose=item.purpose,
        distance=present_distance(item.note_answered != 0 or r.state & TIE != 0, item.distance),
        mutual=item.mutual,
        follow=0,
        unheeded=0,
        turn=turn,
    )
    write_item(
        p, style=book.styles[g.members[i].style], members=g.members, out=out, today=today, i=i, j=item.sender, draft=draft, first=first
    )
    answer.row = item.row


@kernel
def take_unheard(answers, taken):
    """Move the answers that nobody has heard into `taken`, the others up; return how many were taken. Both keep their order."""
    unheard = 0
    for n in range(answers.size):
        if answers[n].outcome == WAITING:
            move(taken, unheard, answers, n)
            unheard += 1
        elif unheard > 0:
            move(answers, n - unheard, answers, n)
    return unheard
