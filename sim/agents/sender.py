"""What a member may send, and to whom: requests that rest, limits of a day, a week and a month, doors that are closed."""

from __future__ import annotations

from sim import randomness as rnd
from sim.agents.account import Account
from sim.agents.entities import Item, Pair
from sim.decisions.consequences import invitations_with_one
from sim.decisions.constants import MONTH, WEEK
from sim.decisions.limits import (
    NOBODY_WORTH,
    costs_credits,
    credits_left,
    invitation_allowed,
    is_worth_invitation,
    is_worth_message,
    message_allowed,
    period_of,
    used_so_far,
)
from sim.decisions.threads import is_left_alone


class Sender(Account):
    """A member as somebody who may or may not send."""

    def may_approach(self, j: int, purpose: int) -> bool:
        """Tell whether j is open to an approach: nothing pending or lately unanswered, no refusal that is heeded."""
        m, pair = self.model, self.model.known(self.id, j)
        if pair is None:
            return True
        waits = any(pair.awaits) or any(pair.pending)
        if is_left_alone(p=m.rules, purpose=purpose, connected=pair.tie, waits=waits, days=m.day - pair.last):
            return False
        return not self.was_told_no(pair) or m.draw_pair(rnd.HEED, 0, self.id, j) >= self.style_row.heeds

    def was_told_no(self, pair: Pair) -> bool:
        """Tell whether the other has shown a red flag or opted out."""
        mine = pair.side(self.id)
        return pair.red_flag[mine] or pair.opted_out[1 - mine]

    def period(self, length: int) -> int:
        """Return the number of the member's own week or month, by its length in days."""
        return period_of(self.model.day, self.joined, length)

    def credits_so_far(self) -> float:
        """Return how many credits are used in this month."""
        return used_so_far(self.credits_used, self.month, self.period(MONTH))

    def may_message(self, other: Account, *, connected: bool, seen: float) -> bool:
        """Tell whether the design offers a message to this profile today, and it is worth what is scarce, `seen` as it is."""
        day = self.model.day
        sent = used_so_far(self.messages_today, self.message_day, day)
        used, design = self.credits_so_far(), self.design_for(other)
        if not is_worth_message(self.model.rules, design, connected, seen, sent_today=sent, credits_used=used):
            return False
        return message_allowed(
            design=design,
            connected=connected,
            closed=other.opted_until > day,
            restricted=self.restricted_until > day,
            sent_today=sent,
            credits_used=used,
        )

    def may_invite(self, pair: Pair | None, other: Account, seen: float = NOBODY_WORTH) -> bool:
        """Tell whether the design offers an invitation to this profile today, and it is worth what is scarce, `seen` as it is."""
        day = self.model.day
        mine = theirs = refused = False
        days = 0
        if pair is not None:
            if pair.tie:
                return False
            s = pair.side(self.id)
            mine, theirs, refused, days = pair.pending[s], pair.pending[1 - s], pair.refused[s], day - pair.invited
        sent, design = used_so_far(self.week_invitations, self.week, self.period(WEEK)), self.design_for(other)
        if not is_worth_invitation(self.model.rules, design, seen, sent):
            return False
        return invitation_allowed(
            p=self.model.rules,
            design=design,
            restricted=self.restricted_until > day,
            sent_this_week=sent,
            degree=self.degree,
            other_degree=other.degree,
            mine=mine,
            theirs=theirs,
            refused=refused,
            days=days,
        )

    def note_stranger_message(self, item: Item) -> None:
        """Count a message to a stranger against the day's limit and the month's credits, and note in it those that were left."""
        day = self.model.day
        item.credits = credits_left(self.design_row, self.credits_so_far())
        self.messages_today = used_so_far(self.messages_today, self.message_day, day) + 1
        self.message_day = day
        if costs_credits(self.design_row):
            self.credits_used, self.month = self.credits_so_far() + 1.0, self.period(MONTH)

    def note_invitation(self) -> None:
        """Count an invitation on the record, and against the week's limit."""
        day, week = self.model.day, self.period(WEEK)
        self.recent_invitations = invitations_with_one(self.model.rules, self.recent_invitations, day - self.invitations_day)
        self.invitations_day = day
        self.week_invitations, self.week = used_so_far(self.week_invitations, self.week, week) + 1, week

    def note_approach(self) -> None:
        """Count an approach of today."""
        self.approaches_today = used_so_far(self.approaches_today, self.approach_day, self.model.day) + 1
        self.approach_day = self.model.day
