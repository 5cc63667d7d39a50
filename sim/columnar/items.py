"""Writing an item into a row: used wherever members write."""

from __future__ import annotations

from sim.jit import inlined
from sim.decisions.common import INVITATION
from sim.decisions.outreach import choose_violation, compose
from sim.randomness import VIOLATE, day_key, draw_pair, pair_hash

HIDDEN = (0.0, 0.0, 0.5, 1.0)  # share of the profile that is hidden, by distance: an assumption


@inlined
def contacted_today(items, first, last, j):
    """Tell whether j is already among the recipients of items first..last-1."""
    for k in range(first, last):
        if items[k].recipient == j:
            return True
    return False


@inlined
def write_item(p, style, members, item, address, seed, day, i, j, kind, purpose, distance, mutual, follow, unheeded):
    """Compose an item from i to j into a row; `address` is the decision whose draws fill it."""
    m = members[i]
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
    item.outcome = 0
    item.reported = 0
    item.opt_out = 0
    item.note_answered = 0
    item.violation = choose_violation(style, m.violating, draw_pair(seed, VIOLATE, 0, day, i, j))
    item.quality, item.length, item.thanks = 0.0, 0.0, 0.5
    if kind != INVITATION:
        h = pair_hash(day_key(seed, address, 0, day), i, j)
        upward = max(0, members[j].seniority - m.seniority)
        item.quality, item.length, item.thanks = compose(p, style, h, m.personal, HIDDEN[distance], upward)
