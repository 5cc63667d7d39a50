"""Writing an item into a row: used wherever members write."""

from __future__ import annotations

from sim.columnar.bundles import ITEMS
from sim.decisions.codes import INVITATION, NO_ROLE, PROFILE, WAITING
from sim.decisions.common import levels_above
from sim.decisions.constants import HIDDEN, NEVER, NO_CREDITS, UNSEEN
from sim.decisions.limits import used_so_far
from sim.decisions.outreach import care, choose_violation, compose
from sim.jit import inlined
from sim.randomness import VIOLATE, day_key, draw_pair, pair_hash


@inlined
def contacted_today(out, first, j):
    """Tell whether j is already among the recipients of the items written from place `first` on."""
    for k in range(first, out.sizes[ITEMS]):
        if out.items[k].recipient == j:
            return True
    return False


@inlined
def write_item(p, style, members, out, today, i, j, draft, first):
    """Compose an item from i to j into the next row, a `Draft` as yet; `first` as in `contacted_today`."""
    item = out.items[out.sizes[ITEMS]]
    item.place = out.sizes[ITEMS] - first
    out.sizes[ITEMS] += 1
    item.recipient, item.sender, item.sent, item.id = j, i, today.day, -1
    item.kind, item.purpose, item.distance, item.mutual = draft.kind, draft.purpose, draft.distance, draft.mutual
    item.follow, item.unheeded, item.turn = draft.follow, draft.unheeded, draft.turn
    item.surface, item.seen, item.credits = PROFILE, UNSEEN, NO_CREDITS
    item.outcome, item.due = WAITING, NEVER
    item.unwelcome, item.complaint, item.note_answered, item.row = 0, 0, 0, 0
    item.opened, item.thread_distance, item.role, item.closed, item.acquainted = NEVER, draft.distance, NO_ROLE, 0, 0
    fill(p, style, members, item, today=today, draft=draft)


@inlined
def fill(p, style, members, item, today, draft):
    """Draw what an item says: the rule that it breaks, and how it is written."""
    seed, day, i, j = today.seed, today.day, item.sender, item.recipient
    m = members[i]
    item.violation = choose_violation(style, m.violating, draw_pair(seed, VIOLATE, draft.turn, day, i, j))
    item.quality, item.length, item.thanks = 0.0, 0.0, 0.5
    if draft.kind != INVITATION:
        h = pair_hash(day_key(seed, draft.address, draft.turn, day), i, j)
        upward = levels_above(members[j].seniority, m.seniority)
        given = care(p, draft.kind, used_so_far(m.approaches_today, m.approach_day, day))
        item.quality, item.length, item.thanks = compose(
            p, style, h, learned=m.personal, hidden=HIDDEN[draft.distance], upward=upward, care=given
        )
