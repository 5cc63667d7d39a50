"""Settlement over objects: what was read changes threads, ties and what is due next."""

from __future__ import annotations

from sim import randomness as rnd
from sim.agents.entities import Act, Item, Pair, Task
from sim.agents.environment import Environment
from sim.decisions.codes import (
    ACT_CURATE,
    ACT_REACT,
    ACT_SEEN,
    ACT_UNFOLLOW,
    ANSWERED,
    APPROACH,
    DO_ASK,
    DO_OPEN,
    DO_REACT,
    LATER,
    OBLIGED,
    OFF_PLATFORM,
    PUT_OFF,
    REFUSED_POLITELY,
    REPLY,
    VOID,
)
from sim.decisions.common import is_invitation
from sim.decisions.consequences import annoyed, exchange_outcome, reputation_after_unfollow, strengthened, volume_after_reply
from sim.decisions.constants import NEVER
from sim.decisions.inbox import is_accepted, is_open, is_positive, is_refused
from sim.decisions.limits import credits_after_reply
from sim.decisions.moderation import breaks_rules, is_wrong_report, report_weight
from sim.decisions.sessions import doubted, is_announced, pleased
from sim.decisions.threads import (
    answers_approach,
    has_rapport,
    is_bridging,
    is_closed,
    new_tie,
    opens_after_acceptance,
)
from sim.decisions.visits import is_read_today
from sim.state.tally import record_acceptance, record_answer, record_consequence, record_new_tie, record_read, record_response, since_switch


class Settlement:
    """Applies a day's readings and acts in the order of recipient, sender, age."""

    def __init__(self, model: Environment) -> None:
        self.model = model
        self.reports: list[Item] = []

    def settle(self, acts: list[Act], spoken: list[Item], greetings: list[tuple[int, Task]]) -> None:
        """Apply everything, make the connections agreed on, and hand out the new tasks."""
        m = self.model
        self.reports = []
        for member in m.members:
            for item in member.inbox:
                if not is_open(item.outcome):
                    self.settle_item(item)
        for item in spoken:
            self.settle_item(item)
        for act in acts:
            self.settle_act(act)
        m.connect_agreed()
        for owner, task in m.planned + greetings:
            m.members[owner].tasks.append(task)

    def plan(self, owner: int, other: int, what: int) -> None:
        """Give a member something to do from tomorrow on."""
        self.model.planned.append((owner, Task(other, self.model.day + 1, what)))

    def settle_item(self, item: Item) -> None:
        """Apply one reading."""
        m, day = self.model, self.model.day
        fresh = is_read_today(item.outcome, item.due)
        if fresh:
            self.settle_reading(item)
        pair = m.known(item.recipient, item.sender)
        if pair is not None:
            self.settle_pair(item, pair)
        if m.keep_events:
            event = m.events[item.id]
            event.read = day if fresh else event.read
            event.answered = day if is_positive(item.outcome) else NEVER
        if item.outcome == PUT_OFF:
            item.outcome = LATER

    def settle_reading(self, item: Item) -> None:
        """Apply what reading an item does to its reader, and a report to its sender."""
        m, day = self.model, self.model.day
        t, reader = m.tally, m.members[item.recipient]
        record_read(t, m.cell(item), day, unwelcome=item.unwelcome, reported=item.reported)
        if since_switch(t, day):
            reader.read_items += 1
            reader.read_unwelcome += item.unwelcome
            reader.read_unwelcome_invitations += item.unwelcome and is_invitation(item.kind)
        if item.unwelcome:
            reader.annoyance = annoyed(m.rules, reader.annoyance, day - reader.annoyance_day)
            reader.annoyance_day = day
            if is_announced(reader.here):
                reader.doubt, reader.doubt_day = doubted(m.rules, reader.doubt, day - reader.doubt_day), day
        if item.reported:
            self.settle_report(item)

    def settle_pair(self, item: Item, pair: Pair) -> None:
        """Apply a reading to what lies between the two."""
        if item.opt_out:
            pair.opted_out[pair.side(item.recipient)] = True
        if is_invitation(item.kind) and item.outcome != VOID:
            self.settle_invitation(item, pair)
        if item.outcome == ANSWERED or item.note_answered:
            self.settle_exchange(item, pair)
            self.close_thread(item)
            if item.kind != REPLY:
                self.reward(item)
        elif item.outcome == REFUSED_POLITELY:
            pair.red_flag[pair.side(item.sender)] = True

    def settle_report(self, item: Item) -> None:
        """Turn a report into a strike in the making."""
        sender = self.model.members[item.sender]
        breaks = breaks_rules(item.violation, item.unheeded)
        weight = report_weight(sender.rule, breaks)
        sender.strikes_today += weight
        if is_wrong_report(item.purpose, breaks):
            sender.wrong_today += weight
        self.reports.append(item)

    def settle_invitation(self, item: Item, pair: Pair) -> None:
        """Apply what became of an invitation."""
        m, day, c = self.model, self.model.day, self.model.cell(item)
        i, j = item.recipient, item.sender
        mine = pair.side(j)
        crossed = not pair.pending[mine]
        if is_accepted(item.outcome):
            approach = item.role == APPROACH
            record_acceptance(m.tally, c, day, sent=item.sent, purpose=item.purpose, approach=approach)
            record_response(m.tally, c, day, approached=item.sent, first=approach)
            pair.awaits[mine] = False  # whatever waited for an answer has one
            if opens_after_acceptance(item.note_answered, item.purpose, pair.exchanges):
                self.plan(j, i, DO_OPEN)
            if not crossed:  # a connection counts when it is made: of two that crossed, at delivery
                item.tie = new_tie(m.mutual(j, i) > 0)
                record_new_tie(m.tally, c, day, tie=item.tie, surface=item.surface, known=item.acquainted)
                m.agreed.append((j, i, item.outcome == OBLIGED))
                pair.pending = [False, False]
        elif is_refused(item.outcome):
            pair.pending[mine], pair.refused[mine], pair.red_flag[mine] = False, True, True
            pair.invited = day

    def settle_exchange(self, item: Item, pair: Pair) -> None:
        """Apply an answer: rapport, strength, what comes of it, who then asks to connect."""
        m, p, day, t = self.model, self.model.rules, self.model.day, self.model.tally
        i, j, c = item.recipient, item.sender, self.model.cell_of_thread(item)
        a, b = m.members[i], m.members[j]
        bridging = is_bridging(pair.tie, a.industry == b.industry)
        approach = answers_approach(item.kind, item.role)
        record_answer(t, c, day, item, approach=approach)
        record_response(t, c, day, approached=item.opened, first=approach)
        m.note_exchange(pair)
        pair.strength = strengthened(p, pair.strength, day - pair.touched, p.tie_exchange)
        pair.touched = pair.last = day
        pair.follow = 0
        pair.answered[pair.side(i)] = day
        pair.awaits[pair.side(j)] = pair.red_flag[pair.side(j)] = False
        item.consequence = exchange_outcome(p, a.region == b.region, bridging, m.draw_pair(rnd.OUTCOME, 0, pair.lo, pair.hi))
        if item.consequence == OFF_PLATFORM:
            pair.off_platform = True
        record_consequence(t, c, day, item.consequence)
        for one, other in ((a, b), (b, a)):
            ready = has_rapport(one.style_row, pair.tie, item.kind, pair.exchanges)
            if ready and m.draw_pair(rnd.SUGGEST, 0, one.id, other.id) < one.style_row.suggest_connect:
                self.plan(one.id, other.id, DO_ASK)

    def close_thread(self, answered: Item) -> None:
        """Close what else waits of the thread of which an item is answered."""
        for item in self.model.members[answered.recipient].inbox:
            if item is not answered and item.sender == answered.sender and is_closed(answered.opened, item.opened):
                item.closed = True

    def reward(self, item: Item) -> None:
        """Let a reply encourage its sender, and refund the credit of a message to a stranger."""
        m, sender = self.model, self.model.members[item.sender]
        sender.volume = volume_after_reply(m.rules, sender.volume)
        sender.pleasure, sender.pleasure_day = pleased(m.rules, sender.pleasure, m.day - sender.pleasure_day), m.day
        sender.credits_used = credits_after_reply(sender.design_row, sender.credits_used, item.kind, item.thread_distance)

    def settle_act(self, act: Act) -> None:
        """Apply what a feed or curating led to."""
        m, day = self.model, self.model.day
        pair = m.known(act.member, act.other)
        if pair is None or not pair.tie:
            return
        if act.what == ACT_SEEN:
            pair.strength = strengthened(m.rules, pair.strength, day - pair.touched, m.rules.tie_update)
            pair.touched = day
        elif act.what == ACT_UNFOLLOW:
            pair.unfollowed[pair.side(act.member)] = True
            author = m.members[act.other]
            author.lost_reputation = reputation_after_unfollow(m.rules, author.lost_reputation, day - author.reputation_day)
            author.reputation_day = day
        elif act.what == ACT_REACT:
            self.plan(act.member, act.other, DO_REACT)
        elif act.what == ACT_CURATE:
            m.disconnect(pair)
