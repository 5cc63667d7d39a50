"""Delivery over objects: what was sent changes its pair, passes the filter and lands in an inbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim import randomness as rnd
from sim.agents.entities import Item, Pair, Task
from sim.decisions.common import (
    CONNECTED, FOLLOW_UP, INTRODUCTION, LN2, MESSAGE, NO_VIOLATION, PITCH, REPLY, STRANGER, is_invitation,
)  # fmt: skip
from sim.decisions.inbox import filter_chance, spamminess, unwelcome_chance
from sim.state.tally import FILTERED as COUNT_FILTERED
from sim.state.tally import cell, record_delivered, record_sent, since_switch
from sim.columnar.derived import MOST_EXCHANGES
from sim.state.columns import DO_FOLLOW_UP, FILTERED, GONE, NEVER, SUNK, TAKEN_BACK, WAITING

if TYPE_CHECKING:
    from sim.agents.model import OutreachModel

MOST_ASKS = 15


class Postroom:
    """Sends items out and sorts them into inboxes."""

    def __init__(self, model: OutreachModel) -> None:
        self.model = model
        self.ties: list[tuple[int, int, bool]] = []  # connections agreed on: ids, whether from obligation
        self.planned: list[tuple[int, Task]] = []  # tasks to come, with their owner
        self.sent = 0

    def cell(self, item: Item) -> int:
        """Return the cell in which an item counts."""
        m = self.model
        a, b = m.members[item.sender], m.members[item.recipient]
        return cell(m.tally, a.style, item.purpose, item.distance, b.selectivity_level, b.inbox_level, a.design)

    def deliver(self, items: list[Item]) -> None:
        """Deliver items in the order of recipient and sender."""
        m, day = self.model, self.model.day
        self.ties, self.planned = [], []
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

    def register(self, item: Item) -> None:
        """Let an item that goes out change what lies between its two members."""
        m, day, kind = self.model, self.model.day, item.kind
        pair = m.claim(item.sender, item.recipient)
        approach = not pair.tie and kind != FOLLOW_UP and pair.approach in (NEVER, day)
        after = pair.tie and pair.exchanges == 0 and pair.approach != NEVER and pair.approach <= pair.since
        opening = after and pair.opened < pair.since and kind in (MESSAGE, PITCH)
        if pair.approach == NEVER and not pair.tie:
            pair.approach = day
        if kind != FOLLOW_UP:
            pair.distance = pair.distance if pair.tie and pair.distance != 0 else item.distance
            pair.purpose = item.purpose
        if is_invitation(kind):
            self.register_invitation(pair, item)
        else:
            self.register_message(pair, item)
        pair.last = day
        record_sent(m.tally, self.cell(item), day, kind, item.purpose, item.distance, approach, opening)

    def register_invitation(self, pair: Pair, item: Item) -> None:
        """Note an open invitation; two that cross on one day connect."""
        mine, day = pair.side(item.sender), self.model.day
        if pair.pending[1 - mine] and pair.invited == day:
            pair.crossed, pair.pending = True, [False, False]
            self.ties.append((item.sender, item.recipient, False))
        else:
            pair.pending[mine], pair.refused[mine] = True, False
        pair.invited = day
        if pair.exchanges > 0 and pair.asks[mine] < MOST_ASKS:
            pair.asks[mine] += 1

    def register_message(self, pair: Pair, item: Item) -> None:
        """Note a message that waits for an answer and plan its follow-up; first messages that cross are an exchange."""
        m, mine, day = self.model, pair.side(item.sender), self.model.day
        first = item.kind in (MESSAGE, INTRODUCTION)
        if first and pair.awaits[1 - mine] and pair.opened == day and pair.last == day:
            pair.awaits = [False, False]
            self.note_exchange(pair)
            return
        pair.awaits[mine] = True
        if item.kind == FOLLOW_UP:
            pair.follow += 1
        else:
            pair.follow, pair.opened = 0, day
        style = m.members[item.sender].style_row
        if pair.follow < style.follow_ups:
            self.planned.append((item.sender, Task(item.recipient, day + int(style.patience), DO_FOLLOW_UP)))

    def note_exchange(self, pair: Pair) -> None:
        """Count an exchange, and the two as partners if it is their first since the switch."""
        m = self.model
        if pair.exchanges < MOST_EXCHANGES:
            pair.exchanges += 1
        if since_switch(m.tally, m.day) and not pair.two_way:
            pair.two_way = True
            for i in (pair.lo, pair.hi):
                m.members[i].partners += 1
                m.members[i].far_partners += pair.distance == STRANGER

    def passes(self, item: Item) -> bool:
        """Pass an item through the filter and draw whether it is unwelcome."""
        m, p = self.model, self.model.rules
        sender, recipient = m.members[item.sender], m.members[item.recipient]
        pair = m.claim(item.sender, item.recipient)
        near = m.relevance(sender.id, recipient.id)
        spam = spamminess(p, item.kind, item.purpose, item.quality, near, item.follow, item.violation, item.unheeded)
        if not pair.tie and not is_invitation(item.kind):
            chance = filter_chance(sender.rule, spam, sender.style_row.automated)
            if m.draw_pair(rnd.FILTER, 0, sender.id, recipient.id) < chance:
                item.outcome = FILTERED
                if since_switch(m.tally, m.day):
                    m.tally.counts[COUNT_FILTERED, self.cell(item)] += 1
                return False
        distance = CONNECTED if pair.tie else item.distance
        chance = unwelcome_chance(p, spam, recipient.selectivity, distance, pair.exchanges)
        item.unwelcome = m.draw_pair(rnd.UNWELCOME, 0, sender.id, recipient.id) < chance
        return True

    def land(self, item: Item) -> None:
        """Put an item into the recipient's inbox."""
        m, to = self.model, self.model.members[item.recipient]
        to.load = to.load_now() + LN2 / m.rules.learning_load_half_life
        to.load_day = to.notified_day = m.day
        if since_switch(m.tally, m.day):
            to.got += 1
            to.got_unwelcome += item.unwelcome
            to.got_unwelcome_invitations += item.unwelcome and is_invitation(item.kind)
        breaks = item.violation != NO_VIOLATION or item.unheeded
        record_delivered(m.tally, self.cell(item), m.day, item.kind, item.purpose, item.distance, breaks, item.unwelcome)

    def still_waits(self, item: Item) -> bool:
        """Tell whether an old item stays in its inbox."""
        m, p = self.model, self.model.rules
        if item.outcome != WAITING:
            return False
        sink = p.attention_sink_invitation if is_invitation(item.kind) else p.attention_sink_message
        if m.members[item.sender].withdraw_day == m.day - 1:
            item.outcome = TAKEN_BACK
        elif not m.members[item.recipient].active:
            item.outcome = GONE
        elif m.day - item.sent > sink:
            item.outcome = SUNK
        return item.outcome == WAITING
