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
def write_item(p, style, members, out, today, i, j, address, kind, purpose, distance, mutual, follow, unheeded, first, turn):
    """Compose an item from i to j into the next row; `address` is the decision whose draws fill it, `first` as in `contacted_today`, `turn` of the day."""
    seed, day = today.seed, today.day
    m, item = members[i], out.items[out.sizes[ITEMS]]
    item.place = out.sizes[ITEMS] - first
    item.turn = turn
    item.due = NEVER
    item.surface = PROFILE
    item.seen, item.credits = UNSEEN, NO_CREDITS
    out.sizes[ITEMS] += 1
    item.recipient = j
    item.sender = i
    item.sent = day
    item.id = -1
    item.kind = kind
    item.purpose = purpose
    item.distance = distance
    item.mutual = mutual
    item.follow = follow
    item.unheeded = unheeded
    item.unwelcome = 0
    item.outcome = WAITING
    item.reported = 0
    item.opt_out = 0
    item.note_answered = 0
    item.opened = NEVER
    item.thread_distance = distance
    item.role = NO_ROLE
    item.closed = 0
    item.violation = choose_violation(style, m.violating, draw_pair(seed, VIOLATE, turn, day, i, j))
    item.quality, item.length, item.thanks = 0.0, 0.0, 0.5
    if kind != INVITATION:
        h = pair_hash(day_key(seed, address, turn, day), i, j)
        upward = levels_above(members[j].seniority, m.seniority)
        given = care(p, kind, used_so_far(m.approaches_today, m.approach_day, day))
        item.quality, item.length, item.thanks = compose(
            p, style, h, learned=m.personal, hidden=HIDDEN[distance], upward=upward, care=given
        )
