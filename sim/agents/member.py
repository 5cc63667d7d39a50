"""A member: what they do in a session, and how they decide. Subclass and override one decision to ask what if."""

from __future__ import annotations

from sim import randomness as rnd
from sim.agents.answers import button_chosen, composed, decided, profile_chosen, purpose_chosen
from sim.agents.entities import Act, Intent, Item, Pair, Profile, Task
from sim.agents.looker import Looker
from sim.decisions import inbox as reading
from sim.decisions import outreach as writing
from sim.decisions.codes import (
    ACT_CURATE,
    ANSWERED,
    AWAY,
    CONNECTED,
    DO_ASK,
    DO_FOLLOW_UP,
    DO_GREET,
    DO_OPEN,
    INTRODUCTION,
    INVITATION,
    LATER,
    LOOKS_IN,
    MESSAGE,
    NOBODY_FOUND,
    NOTE,
    PROFILE,
    PUT_OFF,
    READ,
    RELATIONSHIP,
    REPLY,
    SECOND_DEGREE,
    STRANGER,
    SUGGESTION,
    WAITING,
    WALK_AWAY,
)
from sim.decisions.common import is_cold_message, is_invitation, levels_above, present_distance
from sim.decisions.consequences import strengthened
from sim.decisions.constants import HIDDEN
from sim.decisions.joining import bounded_count
from sim.decisions.limits import NOBODY_WORTH, used_so_far
from sim.decisions.sessions import heed_chance, is_notified
from sim.decisions.threads import crossed_outcome, follow_ups_after, is_dormant, may_be_introduced, only_costs
from sim.decisions.visits import attention_left, left_unread, may_be_reported
from sim.state.tally import since_switch


class Member(Looker):
    """One member.

    Decisions to override: choose_purpose, choose_partner, choose_button, compose, decide_reply, decide_invitation.
    """

    # decisions

    def choose_purpose(self, u: float) -> int:
        """Return what a new intent is for, a `Purpose`. `u` is this intent's draw."""
        return writing.choose_purpose(self.style_row, u)

    def choose_partner(self, profiles: list[Profile]) -> Profile | None:
        """Return whom to approach among the profiles looked at that are open to it; by default the most relevant."""
        return max(profiles, key=lambda profile: profile.relevance, default=None)

    def choose_button(self, purpose: int, distance: int, can_message: bool, can_connect: bool, u: float, *, known: bool = False) -> int:
        """Return what is pressed, a `Button`; `known`: the two knew each other before either was here."""
        return writing.choose_button(
            p=self.model.rules,
            style=self.style_row,
            design=self.design_seen,
            purpose=purpose,
            stranger=distance == STRANGER,
            connected=distance == CONNECTED,
            known=known,
            can_message=can_message,
            can_connect=can_connect,
            u=u,
        )

    def compose(self, h: int, distance: int, upward: int) -> tuple[float, float, float]:
        """Return (quality, length in characters, thanks) of a message; `h` holds its random bits."""
        return writing.compose(
            p=self.model.rules,
            style=self.style_row,
            h=h,
            learned=self.personal,
            hidden=HIDDEN[distance],
            upward=upward,
            care=self.care,
        )

    def decide_reply(self, item: Item, pair: Pair, u: float) -> int:
        """Return what becomes of a message that is read, or of the note of an invitation that is accepted.

        One of `Outcome.ANSWERED`, `Outcome.REFUSED_POLITELY` and `Outcome.READ`, which ignores it.
        """
        m, p = self.model, self.model.rules
        other = m.members[item.sender]
        distance = present_distance(pair.tie or item.kind == NOTE, item.distance)
        chance = reading.reply_chance(
            p,
            item.kind,
            item.purpose,
            item.quality,
            characters=item.length,
            relevance=m.relevance(self.id, other.id),
            mutual=item.mutual,
            distance=distance,
            exchanges=pair.exchanges,
            known=pair.known,
            follow=item.follow,
            receptiveness=self.receptiveness,
            load=self.load_now(),
            annoyance=self.annoyance_now(),
            backlog=self.backlog,
            recent=other.invitations_now(),
            reputation=other.reputation_now(),
        )
        return reading.answer(p, chance, u)

    def decide_invitation(self, item: Item, pair: Pair, u: float) -> int:
        """Return what becomes of an invitation that is read.

        One of `Outcome.ACCEPTED`, `Outcome.OBLIGED`, `Outcome.LEFT`, `Outcome.DECLINED` and `Outcome.DONT_KNOW`.
        """
        m, p = self.model, self.model.rules
        other = m.members[item.sender]
        chance = 0.0
        if not pair.opted_out[pair.side(self.id)]:
            near, competitors = m.facts(self.id, other.id)
            forward = reading.forwardness(p, style=other.style_row, approach=pair.approach, sent=item.sent, exchanges=pair.exchanges)
            chance = reading.accept_chance(
                p,
                item.mutual,
                relevance=near,
                competitors=competitors,
                exchanges=pair.exchanges,
                known=pair.known,
                forward=forward,
                note=reading.note_quality(item.kind, item.quality),
                selectivity=self.selectivity,
                degree=self.degree,
                annoyance=self.annoyance_now(),
                recent=other.invitations_now(),
                reputation=other.reputation_now(),
            )
        return reading.answer_invitation(p, chance, u)

    # outreach

    def reach_out(self) -> None:
        """Do what is due, keep up, follow new intents."""
        if self.restricted_until <= self.model.day:
            self.do_tasks()
        self.keep_up()
        rate = writing.intent_rate(self.style_row, self.rule, self.volume, self.strikes_now())
        for c in range(bounded_count(rate, self.model.draw(rnd.INTENTS, 0, self.id), writing.MOST_INTENTS)):
            self.follow_intent(c)

    def do_tasks(self) -> None:
        """Do what is due today and drop what has become pointless."""
        m, day = self.model, self.model.day
        due = [task for task in self.tasks if task.due <= day]
        self.tasks = [task for task in self.tasks if task.due > day]
        for task in due:
            other = m.members[task.other]
            if not other.active or self.wrote_to(task.other):
                continue
            pair = m.known(self.id, task.other)
            if pair is None:
                continue
            unheeded = self.was_told_no(pair)
            if unheeded and m.draw_pair(rnd.HEED, 0, self.id, task.other) < self.style_row.heeds:
                continue
            kind = self.kind_of_task(task, pair, other)
            if kind == writing.NOTHING_DUE:
                continue
            mutual = m.mutual(self.id, task.other)
            purpose, follow = self.purpose_of_task(task, pair), follow_ups_after(kind, pair.follow)
            item = self.write(task.other, kind, purpose, m.distance(pair, mutual), mutual=mutual, follow=follow, unheeded=unheeded)
            if task.what == DO_GREET:
                item.surface = SUGGESTION if self.is_suggestion(task.other) else PROFILE
                if is_cold_message(kind, connected=False):
                    self.note_stranger_message(item)

    def greeting_kind(self, pair: Pair, other: Member) -> int:
        """Return the kind of item with which somebody known is contacted, or NOTHING_DUE. The design arranges a profile's buttons alone."""
        m, can_connect, self.looks_at = self.model, self.may_invite(pair, other), other
        if self.is_suggestion(other.id):
            return INVITATION if can_connect else writing.NOTHING_DUE
        can_message = self.may_message(other, connected=False, seen=NOBODY_WORTH)
        u = m.draw_pair(rnd.GREET, 0, self.id, other.id)
        pressed = self.choose_button(
            purpose=RELATIONSHIP, distance=SECOND_DEGREE, can_message=can_message, can_connect=can_connect, u=u, known=True
        )
        button = button_chosen(pressed, can_message=can_message, can_connect=can_connect)
        return writing.NOTHING_DUE if button == WALK_AWAY else writing.kind_of_button(button)

    def purpose_of_task(self, task: Task, pair: Pair) -> int:
        """Return what an item that a task calls for is about: its thread, the last approach, or the relationship itself."""
        if task.what == DO_FOLLOW_UP:
            return pair.thread_purpose[pair.side(self.id)]
        return pair.purpose if task.what == DO_OPEN else RELATIONSHIP

    def kind_of_task(self, task: Task, pair: Pair, other: Member) -> int:
        """Return the kind of item that a task calls for, or NOTHING_DUE if it has become pointless."""
        m, mine = self.model, pair.side(self.id)
        if task.what == DO_GREET:
            return writing.NOTHING_DUE if pair.tie else self.greeting_kind(pair, other)
        if task.what == DO_ASK:
            allowed, u = self.may_invite(pair, other), m.draw_pair(rnd.NOTE, 0, self.id, other.id)
            return writing.kind_of_request(self.style_row, self.design_for(other), asks=pair.asks[mine], allowed=allowed, u=u)
        if task.what == DO_FOLLOW_UP:
            return writing.kind_of_follow_up(self.design_for(other), pair.awaits[mine], pair.tie, other.opted_until > m.day)
        if not pair.tie or pair.awaits[mine]:
            return writing.NOTHING_DUE
        if task.what == DO_OPEN:
            return writing.kind_of_opening(self.style_row, pair.purpose, m.draw_pair(rnd.OPEN, 0, self.id, other.id))
        return MESSAGE

    def keep_up(self) -> None:
        """Write to a contact, post an update, take off a connection that only costs: each now and then."""
        m, day = self.model, self.model.day
        if self.neighbours and self.restricted_until <= day and m.draw(rnd.KEEP_UP, 0, self.id) < self.style_row.keeps_up:
            j = self.neighbour(rnd.KEEP_PICK, 0)
            if j >= 0 and not self.wrote_to(j):
                pair = m.pair(self.id, j)
                if not pair.awaits[pair.side(self.id)] and not self.was_told_no(pair):
                    self.write(j, MESSAGE, RELATIONSHIP, CONNECTED, mutual=m.mutual(self.id, j))
        if m.draw(rnd.UPDATE, 0, self.id) < self.style_row.updates:
            self.update_day = day
            self.update_divisive = m.draw(rnd.DIVISIVE, 0, self.id) < self.style_row.divisive
        if m.draw(rnd.CURATE, 0, self.id) < m.rules.tie_curate:
            j = self.neighbour(rnd.CURATE_PICK, 0)
            if j >= 0:
                pair = m.pair(self.id, j)
                mine = pair.side(self.id)
                if only_costs(pair.weak, pair.unfollowed[mine], pair.opted_out[mine]):
                    if is_dormant(strengthened(m.rules, pair.strength, day - pair.touched, 0.0)):
                        self.acting.append(Act(self.id, j, ACT_CURATE))

    def follow_intent(self, c: int) -> None:
        """Follow today's c-th intent."""
        m = self.model
        purpose = purpose_chosen(self.choose_purpose(m.draw(rnd.PURPOSE, c, self.id)))
        profiles = [x for x in self.look_around(purpose, c) if not self.wrote_to(x.id) and self.may_approach(x.id, purpose)]
        chosen = profile_chosen(self.choose_partner(profiles), profiles)
        if chosen is None:
            m.intents_today.append(Intent(self.id, other=-1, met=0, purpose=purpose, distance=NOBODY_FOUND, button=WALK_AWAY))
            return
        j = chosen.id
        other, pair, ever, mutual = m.members[j], m.known(self.id, j), m.ever(self.id, j), m.mutual(self.id, j)
        distance = m.distance(pair, mutual)
        connected = distance == CONNECTED
        seen = chosen.relevance
        can_message, can_connect = self.may_message(other, connected=connected, seen=seen), self.may_invite(pair, other, seen)
        acquainted, self.looks_at = pair is not None and pair.known, other
        pressed = self.choose_button(purpose, distance, can_message, can_connect, u=m.draw(rnd.BUTTON, c, self.id), known=acquainted)
        button = button_chosen(pressed, can_message=can_message, can_connect=can_connect)
        m.intents_today.append(Intent(self.id, j, met=ever.met if ever else 0, purpose=purpose, distance=distance, button=button))
        if button == WALK_AWAY:
            return
        kind = writing.kind_of_button(button)
        if may_be_introduced(kind, distance, chosen.via) and self.is_introduced(j, chosen.via):
            kind = INTRODUCTION
        item = self.write(j, kind, purpose, distance, mutual=mutual, unheeded=pair is not None and self.was_told_no(pair))
        item.seen = seen
        if is_cold_message(kind, connected):
            self.note_stranger_message(item)
        if not connected:
            self.note_approach()

    def write(
        self, j: int, kind: int, purpose: int, distance: int, mutual: int, follow: int = 0, *, unheeded: bool = False, turn: int = 0
    ) -> Item:
        """Write an item to j, send and return it; invitations go on the record."""
        m, day = self.model, self.model.day
        item = Item(sender=self.id, recipient=j, sent=day, kind=kind, purpose=purpose, distance=distance, mutual=mutual)
        item.follow, item.unheeded, item.thread_distance = follow, unheeded, distance
        item.turn, item.place = turn, len(self.sending)
        item.violation = writing.choose_violation(self.style_row, self.violating, m.draw_pair(rnd.VIOLATE, turn, self.id, j))
        if kind != INVITATION:
            h = m.pair_bits(rnd.COMPOSE_REPLY if kind == REPLY else rnd.COMPOSE, turn, self.id, j)
            upward = levels_above(m.members[j].seniority, self.seniority)
            approached = used_so_far(self.approaches_today, self.approach_day, day)
            self.care = writing.care(m.rules, kind, approached)
            item.quality, item.length, item.thanks = composed(self.compose(h, distance, upward))
        self.sending.append(item)
        if is_invitation(kind):
            self.note_invitation()
        return item

    # inbox

    def visit_inbox(self) -> None:
        """Read what attention allows, decide and answer: in a session, or because of what has arrived today."""
        m = self.model
        session = self.here != AWAY
        if not session:
            notified = is_notified(self.active, self.notified_day, self.muted, m.day)
            if not (self.inbox and notified and m.draw(rnd.VISIT, 0, self.id) < heed_chance(m.rules, self.doubt_now(), self.quiet)):
                return
            self.here = LOOKS_IN
        seen, obliged = self.read_feed() if session else (0, 0)
        budget = reading.attention_budget(m.rules, self.degree, seen, obliged)
        due = [item for item in self.inbox if reading.is_due(item.outcome, item.due, m.day)][:budget]
        unread = [item for item in self.inbox if item.outcome == WAITING]
        budget -= len(due)
        self.backlog, self.attention = left_unread(len(unread), budget), attention_left(len(unread), budget)
        if unread and since_switch(m.tally, m.day):
            self.visits += 1
            self.full_visits += self.backlog > 0
        for item in due:
            self.answer_at_last(item)
        for item in self.chosen_to_read(unread, budget):
            self.read(item)

    def answer_at_last(self, item: Item) -> None:
        """Answer what was put off, unless that has become pointless; where something was written to its sender today, some other day."""
        other, pair = self.model.members[item.sender], self.model.known(self.id, item.sender)
        item.outcome = READ
        if not other.active or pair is None or item.closed or pair.opted_out[pair.side(self.id)]:
            return
        if self.wrote_to(other.id):
            item.outcome = LATER
            return
        item.outcome = ANSWERED
        self.write_answer(item, pair, turn=1)

    def write_answer(self, item: Item, pair: Pair, turn: int) -> Item:
        """Write the answer to an item."""
        distance = present_distance(item.note_answered or pair.tie, item.distance)
        return self.write(item.sender, REPLY, item.purpose, distance, mutual=item.mutual, turn=turn)

    def read(self, item: Item) -> None:
        """Decide one item; an answer is written at once, or put off."""
        m = self.model
        other, pair = m.members[item.sender], m.known(self.id, item.sender)
        item.outcome = READ
        if other.active and pair is not None:
            free = not self.wrote_to(other.id)  # one item a day goes to the same member
            if is_invitation(item.kind):
                item.outcome = self.outcome_of_invitation(item, pair)
                if item.kind == NOTE and reading.is_accepted(item.outcome) and free:
                    item.note_answered = self.reply_to(item, pair, rnd.REPLY_NOTE) == ANSWERED
            elif free:
                item.outcome = self.outcome_of_message(item, pair)
                u = m.draw_pair(rnd.PUT_OFF, 0, self.id, other.id)
                if item.outcome == ANSWERED and reading.is_put_off(m.rules, u):
                    item.outcome, item.due = PUT_OFF, m.day + reading.days_put_off(m.rules, u)
        if pair is not None and (item.outcome == ANSWERED or item.note_answered):
            self.write_answer(item, pair, turn=1)
        if may_be_reported(item.unwelcome, item.outcome):
            chance = reading.report_chance(m.rules, item.purpose, item.violation, item.unheeded)
            item.reported = m.draw_pair(rnd.REPORT, 0, self.id, other.id) < chance
            item.opt_out = m.draw_pair(rnd.OPT_SENDER, 0, self.id, other.id) < m.rules.unwelcome_opt_out_sender

    def outcome_of_invitation(self, item: Item, pair: Pair) -> int:
        """Return what becomes of an invitation that is read."""
        if not pair.pending[pair.side(item.sender)]:
            return crossed_outcome(pair.crossed, pair.tie, pair.since, item.sent)
        u = self.model.draw_pair(rnd.ACCEPT, 0, self.id, item.sender)
        return decided("decide_invitation", self.decide_invitation(item, pair, u), reading.INVITATION_ANSWERS)

    def outcome_of_message(self, item: Item, pair: Pair) -> int:
        """Return what becomes of a message that is read."""
        if item.closed or pair.opted_out[pair.side(self.id)]:
            return READ
        if item.kind == REPLY:
            return self.outcome_of_reply(item, pair, turn=0)
        return self.reply_to(item, pair, rnd.REPLY)

    def outcome_of_reply(self, item: Item, pair: Pair, turn: int) -> int:
        """Return whether the talk goes on after a reply that is read; `turn`: of a talk today, 0 for a visit to the inbox."""
        m = self.model
        if pair.off_platform:
            return READ
        chance = reading.continue_chance(
            p=m.rules,
            relevance=m.relevance(self.id, item.sender),
            thanks=item.thanks,
            characters=item.length,
            continues=self.style_row.continues,
            turns=pair.exchanges + turn,
        )
        return ANSWERED if m.draw_pair(rnd.CONTINUE, turn, self.id, item.sender) < chance else READ

    def take_turn(self, item: Item) -> Item | None:
        """Hear an answer and decide whether to answer at once; return what is written."""
        m, pair = self.model, self.model.known(self.id, item.sender)
        self.attention -= 1
        item.outcome = READ
        if pair is None or not m.members[item.sender].active or pair.opted_out[pair.side(self.id)]:
            return None
        item.outcome = self.outcome_of_reply(item, pair, item.turn)
        return self.write_answer(item, pair, item.turn + 1) if item.outcome == ANSWERED else None

    def reply_to(self, item: Item, pair: Pair, decision: int) -> int:
        """Return what the member decides about replying, by the draw of this decision."""
        u = self.model.draw_pair(decision, 0, self.id, item.sender)
        return decided("decide_reply", self.decide_reply(item, pair, u), reading.ANSWERS)
