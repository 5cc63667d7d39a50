"""Moderation over objects: reports, bursts and detected automation become strikes, restrictions and bans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim import randomness as rnd
from sim.decisions.consequences import volume_after_restriction
from sim.state.tally import since_switch

if TYPE_CHECKING:
    from sim.agents.member import Member
    from sim.agents.model import OutreachModel
    from sim.agents.entities import Item


class Moderation:
    """Looks at every account in the evening."""

    def __init__(self, model: OutreachModel) -> None:
        self.model = model

    def moderate(self, reports: list[Item]) -> None:
        """Count today's strikes, close or restrict accounts, let those who are sorry apologise."""
        m, day = self.model, self.model.day
        for member in m.members:
            if not member.active:
                continue
            if member.approach_day == day:
                self.watch(member)
            if member.strikes_today > 0.0:
                self.judge(member)
                member.strikes_today = member.wrong_today = 0.0
        for item in reports:
            if m.members[item.sender].apology_day == day:
                reader = m.members[item.recipient]
                reader.annoyance = reader.annoyance_now() * m.rules.learning_apology
                reader.annoyance_day = day

    def watch(self, member: Member) -> None:
        """Strike for a burst of approaches, and for automation that is detected."""
        rule = member.rule
        if member.approaches_today > rule.burst_threshold:
            member.strikes_today += rule.burst_strike
        if member.style_row.automated > 0.0 and self.model.draw(rnd.DETECT, 0, member.id) < rule.automation_detection:
            member.strikes_today += 1.0

    def judge(self, member: Member) -> None:
        """Add today's strikes, unless they were wrong and an appeal lifts them, and act on their sum."""
        m, rule, day = self.model, member.rule, self.model.day
        wrong = 0.0 < member.wrong_today >= member.strikes_today
        appeals = wrong and m.draw(rnd.APPEAL, 0, member.id) < member.style_row.appeals
        if appeals and m.draw(rnd.LIFT, 0, member.id) < rule.appeal_lift:
            return
        member.strikes, member.strikes_day = member.strikes_now() + member.strikes_today, day
        if member.strikes >= rule.ban:
            self.ban(member)
        elif member.strikes >= rule.restriction and member.restricted_until <= day:
            self.restrict(member)

    def ban(self, member: Member) -> None:
        """Close an account; promoters and bots are back under a new one after a while."""
        m = self.model
        m.drop_ties(member)
        member.active = False
        if member.style_row.automated > 0.0 or member.style_row.promotion > 0.0:
            member.back_day = m.day + int(member.rule.return_days)
            m.closed.append(member)
        else:
            member.left = m.day

    def restrict(self, member: Member) -> None:
        """Restrict a member for a while, who may learn from it."""
        m, style, day = self.model, member.style_row, self.model.day
        member.restricted_until = day + int(member.rule.restriction_days)
        member.restrictions += since_switch(m.tally, day)
        member.volume = volume_after_restriction(m.rules, member.volume, style.adjusts)
        member.personal = min(1.0, member.personal + m.rules.learning_personalise * style.adjusts)
        if m.draw(rnd.STOP, 0, member.id) < style.stops:
            member.violating = 0.0
        elif m.draw(rnd.REVIEW, 0, member.id) < style.reviews:
            member.violating = member.violating * m.rules.learning_review
        if m.draw(rnd.WITHDRAW, 0, member.id) < style.withdraws:
            member.withdraw_day = day
        if m.draw(rnd.APOLOGISE, 0, member.id) < style.apologises:
            member.apology_day = day
