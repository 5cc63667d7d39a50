"""Settlement over objects: what was read changes threads, ties and what is due next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim import randomness as rnd
from sim.agents.entities import Act, Item, Pair, Task
from sim.decisions.consequences import COLLABORATION, DEAL, MEETING, OFF_PLATFORM, exchange_outcome, strengthened, volume_after_reply
from sim.decisions.common import CONNECTED, INQUIRY, NO_VIOLATION, PROMOTION, REPLY, is_invitation
from sim.state.tally import (
    COLLABORATIONS, DEALS, MEETINGS, record_acceptance, record_answer, record_read, record_response, since_switch,
)  # fmt: skip
from sim.state.tally import OFF_PLATFORM as COUNT_OFF
from sim.state.columns import (
    ACCEPTED, ACT_CURATE, ACT_REACT, ACT_SEEN, ACT_UNFOLLOW, ANSWERED, DECLINED, DO_ASK, DO_OPEN, DO_REACT, DONT_KNOW, NEVER, OBLIGED,
    REFUSED_POLITELY, VOID, WAITING,
)  # fmt: skip

if TYPE_CHECKING:
    from sim.agents.model import OutreachModel


class Settlement:
    """Applies a day's readings and acts in the order of recipient, sender, age."""

    def __init__(self, model: OutreachModel) -> None:
        self.model = model
        self.reports: list[Item] = []
        self.agreed: list[tuple[int, int, bool]] = []

    def settle(self, acts: list[Act]) -> None:
        """Apply everything, make the connections agreed on, and hand out the new tasks."""
        m = self.model
        self.reports, self.agreed = [], []
        for member in m.members:
            for item in member.inbox:
                if item.outcome != WAITING:
                    self.settle_item(item)
        for act in acts:
            self.settle_act(act)
        self.connect(self.agreed)
        for owner, task in m.post.planned:
            m.members[owner].tasks.append(task)

    def plan(self, owner: int, other: int, what: int) -> None:
        """Give a member something to do from tomorrow on."""
        self.model.post.planned.append((owner, Task(other, self.model.day + 1, what)))

    def settle_item(self, item: Item) -> None:
        """Apply one reading."""
        m, day = self.model, self.model.day
        t, reader = m.tally, m.members[item.recipient]
        record_read(t, m.post.cell(item), day, item.unwelcome, item.reported)
        if since_switch(t, day):
            reader.read_items += 1
            reader.read_unwelcome += item.unwelcome
            reader.read_unwelcome_invitations += item.unwelcome and is_invitation(item.kind)
        if item.unwelcome:
            reader.annoyance = reader.annoyance_now() + m.rules.unwelcome_annoyance
            reader.annoyance_day = day
        if item.reported:
            self.settle_report(item)
        pair = m.known(item.recipient, item.sender)
        if pair is not None:
            self.settle_pair(item, pair)
        if m.keep_events:
            row = m.events[item.id]
            row[2] = day
            row[3] = day if item.outcome in (ANSWERED, ACCEPTED, OBLIGED) else NEVER

    def settle_pair(self, item: Item, pair: Pair) -> None:
        """Apply a reading to what lies between the two."""
        if item.opt_out:
            pair.opted_out[pair.side(item.recipient)] = True
        if is_invitation(item.kind) and item.outcome != VOID:
            self.settle_invitation(item, pair)
        if item.outcome == ANSWERED or item.note_answered:
            self.settle_exchange(item, pair)
            if item.kind != REPLY:
                self.reward(item)
        elif item.outcome == REFUSED_POLITELY:
            pair.red_flag[pair.side(item.sender)] = True

    def settle_report(self, item: Item) -> None:
        """Turn a report into a strike in the making."""
        sender = self.model.members[item.sender]
        weight = sender.rule.report_strike if item.violation == NO_VIOLATION and not item.unheeded else 1.0
        sender.strikes_today += weight
        if item.violation == NO_VIOLATION and item.purpose != PROMOTION and not item.unheeded:
            sender.wrong_today += weight
        self.reports.append(item)

    def settle_invitation(self, item: Item, pair: Pair) -> None:
        """Apply what became of an invitation."""
        m, day, c = self.model, self.model.day, self.model.post.cell(item)
        i, j = item.recipient, item.sender
        mine = pair.side(j)
        crossed = not pair.pending[mine]
        if item.outcome in (ACCEPTED, OBLIGED):
            approach = pair.approach == item.sent
            record_acceptance(m.tally, c, day, item.sent, item.purpose, approach, m.mutual(j, i) > 0, not crossed or j < i)
            record_response(m.tally, c, day, pair.approach, approach and pair.exchanges == 0)
            pair.awaits[mine] = False  # whatever waited for an answer has one
            if not item.note_answered and (item.purpose == INQUIRY or pair.exchanges == 0):
                self.plan(j, i, DO_OPEN)
            if not crossed:
                self.agreed.append((j, i, item.outcome == OBLIGED))
                pair.pending = [False, False]
        elif item.outcome in (DECLINED, DONT_KNOW):
            pair.pending[mine], pair.refused[mine], pair.red_flag[mine] = False, True, True
            pair.invited = day

    def settle_exchange(self, item: Item, pair: Pair) -> None:
        """Apply an answer: rapport, strength, what comes of it, who then asks to connect."""
        m, p, day, t = self.model, self.model.rules, self.model.day, self.model.tally
        i, j, c = item.recipient, item.sender, self.model.post.cell(item)
        a, b = m.members[i], m.members[j]
        bridging = pair.tie and a.industry != b.industry
        after = pair.tie and pair.exchanges == 0 and pair.approach != NEVER and pair.approach <= pair.since
        note = is_invitation(item.kind)  # its acceptance is counted as the response
        approach = not note and pair.approach >= 0 and pair.approach == pair.opened and pair.exchanges == 0
        record_answer(t, c, day, pair.opened, item.sent, item.kind, item.purpose, item.distance, approach, after)
        record_response(t, c, day, pair.approach, approach and item.kind != REPLY)
        m.post.note_exchange(pair)
        pair.strength = strengthened(p, pair.strength, float(day - pair.touched), p.tie_exchange)
        pair.touched = pair.last = day
        pair.follow = 0
        pair.answered[pair.side(i)] = day
        pair.awaits[pair.side(j)] = pair.red_flag[pair.side(j)] = False
        outcome = exchange_outcome(p, a.region == b.region, bridging, m.draw_pair(rnd.OUTCOME, 0, pair.lo, pair.hi))
        if outcome == OFF_PLATFORM:
            pair.off_platform = True
        if since_switch(t, day):
            for code, counter in ((OFF_PLATFORM, COUNT_OFF), (MEETING, MEETINGS), (COLLABORATION, COLLABORATIONS), (DEAL, DEALS)):
                t.counts[counter, c] += outcome == code
        if not pair.tie and not note:
            for one, other in ((a, b), (b, a)):
                ready = pair.exchanges >= one.style_row.rapport_exchanges
                if ready and m.draw_pair(rnd.SUGGEST, 0, one.id, other.id) < one.style_row.suggest_connect:
                    self.plan(one.id, other.id, DO_ASK)

    def reward(self, item: Item) -> None:
        """Let a reply encourage its sender, and refund the credit of a message to a stranger."""
        m, sender = self.model, self.model.members[item.sender]
        sender.volume = volume_after_reply(m.rules, sender.volume)
        design = sender.design_row
        bought = item.distance != CONNECTED and not is_invitation(item.kind)
        if bought and design.credits_a_month > 0.0 and sender.credits_used > 0.0:
            sender.credits_used = max(0.0, sender.credits_used - design.credit_refund)

    def settle_act(self, act: Act) -> None:
        """Apply what a feed or curating led to."""
        m, day = self.model, self.model.day
        pair = m.known(act.member, act.other)
        if pair is None or not pair.tie:
            return
        if act.what == ACT_SEEN:
            pair.strength = strengthened(m.rules, pair.strength, float(day - pair.touched), m.rules.tie_update)
            pair.touched = day
        elif act.what == ACT_UNFOLLOW:
            pair.unfollowed[pair.side(act.member)] = True
            author = m.members[act.other]
            author.lost_reputation = author.reputation_now() + m.rules.feed_reputation
            author.reputation_day = day
        elif act.what == ACT_REACT:
            self.plan(act.member, act.other, DO_REACT)
        elif act.what == ACT_CURATE:
            m.disconnect(pair)

    def connect(self, ties: list[tuple[int, int, bool]]) -> None:
        """Make the connections agreed on."""
        m = self.model
        for i, j, obliged in ties:
            pair = m.known(i, j)
            if pair is None or pair.tie or not m.members[i].active or not m.members[j].active:
                continue
            gain = m.rules.tie_weak if obliged else m.rules.tie_exchange
            m.connect(pair, strengthened(m.rules, pair.strength, float(m.day - pair.touched), gain))
            pair.weak = obliged
