"""Delivery over objects: what was sent changes its pair, passes the filter and lands in an inbox."""

from __future__ import annotations

from sim import randomness as rnd
from sim.agents.entities import Item, Pair, Task
from sim.agents.environment import Environment
from sim.decisions.codes import DO_FOLLOW_UP, FILTERED, FOLLOW_UP, GONE, REPLY
from sim.decisions.common import is_cold_message, is_invitation, present_distance
from sim.decisions.consequences import load_with_item
from sim.decisions.inbox import filter_chance, is_open, is_taken_back, outcome_of_open, spamminess, unwelcome_chance
from sim.decisions.moderation import breaks_rules
from sim.decisions.threads import (
    approach_day,
    approach_distance,
    counts_as_ask,
    follow_up_day,
    follow_ups_after,
    has_yet_to_talk,
    invitations_cross,
    is_approach,
    is_followed_up,
    is_opening,
    messages_cross,
    new_tie,
    opened_before,
    role_of,
)
from sim.state.tally import record_delivered, record_filtered, record_new_tie, record_sent, since_switch


class Delivery:
    """Sends items out and sorts them into inboxes."""

    def __init__(self, model: Environment) -> None:
        self.model = model
        self.sent = 0

    def deliver(self, items: list[Item]) -> None:
        """Deliver items in the order of recipient and sender, and make the connections of invitations that crossed."""
        m, day = self.model, self.model.day
        m.agreed, m.planned = [], []
        landed: dict[int, list[Item]] = {}
        for item in sorted(items, key=lambda x: (x.recipient, x.sender)):
            item.id = self.sent
            self.sent += 1
            if item.kind != REPLY:
                self.register(item)
            if not m.members[item.recipient].active:
                item.outcome = GONE
            elif item.kind == REPLY or self.passes(item):
                self.land(item)
                landed.setdefault(item.recipient, []).append(item)
            m.note_event(item, day)
        for member in m.members:
            old = [item for item in member.inbox if self.still_waits(item)]
            member.inbox = sorted(old + landed.get(member.id, []), key=lambda x: x.sender)
        m.connect_agreed()

    def register(self, item: Item) -> None:
        """Let an item that goes out change what lies between its two members."""
        m, day, kind = self.model, self.model.day, item.kind
        pair = m.claim(item.sender, item.recipient)
        item.acquainted = pair.known
        approach = is_approach(kind, connected=pair.tie, known=pair.known, approach=pair.approach, day=day)
        yet_to_talk = has_yet_to_talk(pair.tie, pair.exchanges, pair.approach, pair.since)
        mine = pair.side(item.sender)
        before = opened_before(pair.opened[mine], pair.opened[1 - mine], pair.thread_role[1 - mine], day)
        opening = is_opening(kind, yet_to_talk, before, pair.since)
        item.role = role_of(approach, opening)
        pair.approach = approach_day(pair.tie, pair.known, pair.approach, day)
        if kind != FOLLOW_UP:
            pair.distance = approach_distance(approach, pair.distance, item.distance)
            pair.purpose = item.purpose
        if is_invitation(kind):
            self.register_invitation(pair, item)
        else:
            self.register_message(pair, item)
        pair.last = day
        record_sent(m.tally, m.cell(item), day, kind, purpose=item.purpose, distance=item.distance, approach=approach, opening=opening)

    def register_invitation(self, pair: Pair, item: Item) -> None:
        """Note an open invitation; two that cross on one day connect."""
        mine, day = pair.side(item.sender), self.model.day
        if invitations_cross(pair.pending[1 - mine], pair.invited, day):
            pair.crossed, pair.pending = True, [False, False]
            self.model.agreed.append((item.sender, item.recipient, False))
            item.tie = new_tie(item.mutual > 0)
            record_new_tie(self.model.tally, self.model.cell(item), day, tie=item.tie, surface=item.surface, known=item.acquainted)
        else:
            pair.pending[mine], pair.refused[mine] = True, False
        pair.invited = day
        if counts_as_ask(pair.exchanges, pair.asks[mine]):
            pair.asks[mine] += 1

    def register_message(self, pair: Pair, item: Item) -> None:
        """Note a message that waits for an answer and plan its follow-up; first messages that cross are an exchange."""
        m, mine, day = self.model, pair.side(item.sender), self.model.day
        if item.kind != FOLLOW_UP:
            pair.opened[mine], pair.thread_role[mine] = day, item.role
            pair.thread_purpose[mine], pair.thread_distance[mine] = item.purpose, item.distance
        item.opened, item.thread_distance, item.role = pair.opened[mine], pair.thread_distance[mine], pair.thread_role[mine]
        if messages_cross(item.kind, awaits=pair.awaits[1 - mine], opened=pair.opened[1 - mine], last=pair.last, day=day):
            pair.awaits = [False, False]
            m.note_exchange(pair)
            return
        pair.awaits[mine] = True
        pair.follow = follow_ups_after(item.kind, pair.follow)
        style = m.members[item.sender].style_row
        if is_followed_up(style, pair.follow):
            m.planned.append((item.sender, Task(item.recipient, follow_up_day(style, day), DO_FOLLOW_UP)))

    def passes(self, item: Item) -> bool:
        """Pass an item through the filter and draw whether it is unwelcome."""
        m, p = self.model, self.model.rules
        sender, recipient = m.members[item.sender], m.members[item.recipient]
        pair = m.claim(item.sender, item.recipient)
        near = m.relevance(sender.id, recipient.id)
        spam = spamminess(
            p, item.kind, item.purpose, item.quality, relevance=near, follow=item.follow, violation=item.violation, unheeded=item.unheeded
        )
        if is_cold_message(item.kind, pair.tie):
            chance = filter_chance(sender.rule, spam, sender.style_row.automated)
            if m.draw_pair(rnd.FILTER, 0, sender.id, recipient.id) < chance:
                item.outcome = FILTERED
                record_filtered(m.tally, m.cell(item), m.day)
                return False
        chance = unwelcome_chance(
            p,
            spam,
            recipient.selectivity,
            distance=present_distance(pair.tie, item.distance),
            exchanges=pair.exchanges,
            known=pair.known,
        )
        item.unwelcome = m.draw_pair(rnd.UNWELCOME, 0, sender.id, recipient.id) < chance
        return True

    def land(self, item: Item) -> None:
        """Put an item into the recipient's inbox."""
        m, to = self.model, self.model.members[item.recipient]
        to.load = load_with_item(m.rules, to.load, m.day - to.load_day)
        to.load_day = to.notified_day = m.day
        if since_switch(m.tally, m.day):
            to.got += 1
            to.got_unwelcome += item.unwelcome
            to.got_unwelcome_invitations += item.unwelcome and is_invitation(item.kind)
        breaks = breaks_rules(item.violation, item.unheeded)
        record_delivered(
            m.tally, m.cell(item), m.day, item.kind, purpose=item.purpose, distance=item.distance, breaks=breaks, unwelcome=item.unwelcome
        )

    def hear(self, item: Item) -> None:
        """Deliver an answer within a talk, on the day on which it is written."""
        item.id = self.sent
        self.sent += 1
        self.land(item)
        self.model.note_event(item, self.model.day)

    def still_waits(self, item: Item) -> bool:
        """Tell whether an old item stays in its inbox."""
        if not is_open(item.outcome):
            return False
        m, age = self.model, self.model.day - item.sent
        taken_back, here = is_taken_back(m.members[item.sender].withdraw_day, m.day), m.members[item.recipient].active
        item.outcome = outcome_of_open(m.rules, item.outcome, item.kind, age=age, taken_back=taken_back, recipient_here=here)
        return is_open(item.outcome)
