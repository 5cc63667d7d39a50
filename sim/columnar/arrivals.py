"""An item arrives: what it does to its recipient, the counts and the record, whether the night brings it or a talk."""

from __future__ import annotations

from sim.decisions.codes import FOLLOW_UP, NO_EXCHANGE, NO_ROLE
from sim.decisions.common import is_invitation
from sim.decisions.consequences import load_with_item
from sim.decisions.constants import NEVER
from sim.decisions.moderation import breaks_rules
from sim.jit import inlined
from sim.state.columns import KNOWN
from sim.state.pair_table import known_of
from sim.state.tally import record_delivered, since_switch


@inlined
def land(t, p, members, item, c, day):
    """Put an item, which counts in cell c, into the recipient's inbox: load, notification, counts."""
    m = members[item.recipient]
    m.load = load_with_item(p, m.load, day - m.load_day)
    m.load_day = day
    m.notified_day = day
    if since_switch(t, day):
        m.got += 1
        m.got_unwelcome += item.unwelcome
        if is_invitation(item.kind):
            m.got_unwelcome_invitations += item.unwelcome
    breaks = breaks_rules(item.violation, item.unheeded != 0)
    record_delivered(t, c, day, item.kind, purpose=item.purpose, distance=item.distance, breaks=breaks, unwelcome=item.unwelcome != 0)


@inlined
def note_event(g, e, item, delivered, made):
    """Enter an item that goes out into the record of the run."""
    row = known_of(g, item)
    e.acquainted = 1 if row >= 0 and g.pairs[row].state & KNOWN != 0 else 0
    e.day_sent, e.sender, e.recipient = item.sent, item.sender, item.recipient
    e.day_delivered, e.day_read, e.day_answered = delivered, NEVER, NEVER
    e.kind, e.purpose, e.distance = item.kind, item.purpose, item.distance
    e.role = NO_ROLE if item.kind == FOLLOW_UP else item.role
    e.quality, e.length = item.quality, item.length
    e.violation, e.unheeded, e.unwelcome, e.reported = item.violation, item.unheeded, item.unwelcome, 0
    e.outcome, e.consequence, e.tie = item.outcome, NO_EXCHANGE, made
    e.sender_design, e.recipient_design = g.members[item.sender].design_now, g.members[item.recipient].design_shown
    e.surface, e.turn, e.place, e.mutual, e.seen, e.credits = item.surface, item.turn, item.place, item.mutual, item.seen, item.credits
