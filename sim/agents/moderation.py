"""Moderation over objects: reports, bursts and detected automation become strikes, restrictions and bans."""

from __future__ import annotations

from sim import randomness as rnd
from sim.agents.entities import Item
from sim.agents.environment import Environment
from sim.agents.member import Member
from sim.decisions.consequences import appeased, personal_after_restriction, volume_after_restriction
from sim.decisions.moderation import (
    BAN,
    RESTRICTION,
    are_all_wrong,
    burst_strikes,
    detection_strikes,
    restriction_end,
    return_day,
    returns_after_ban,
    sanction,
    violating_after_restriction,
)
from sim.state.tally import since_switch


class Moderation:
    """Looks at every account in the evening."""

    def __init__(self, model: Environment) -> None:
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
                reader.annoyance = appeased(m.rules, reader.annoyance, day - reader.annoyance_day)
                reader.annoyance_day = day

    def watch(self, member: Member) -> None:
        """Strike for a burst of approaches, and for automation that is detected."""
        rule = member.rule
        member.strikes_today += burst_strikes(rule, member.approaches_today)
        member.strikes_today += detection_strikes(rule, member.style_row, self.model.draw(rnd.DETECT, 0, member.id))

    def judge(self, member: Member) -> None:
        """Add today's strikes, unless they were wrong and an appeal lifts them, and act on their sum."""
        m, rule, day = self.model, member.rule, self.model.day
        wrong = are_all_wrong(member.wrong_today, member.strikes_today)
        appeals = wrong and m.draw(rnd.APPEAL, 0, member.id) < member.style_row.appeals
        if appeals and m.draw(rnd.LIFT, 0, member.id) < rule.appeal_lift:
            return
        member.strikes, member.strikes_day = member.strikes_now() + member.strikes_today, day
        measure = sanction(rule, member.strikes, member.restricted_until > day)
        if measure == BAN:
            self.ban(member)
        elif measure == RESTRICTION:
            self.restrict(member)

    def ban(self, member: Member) -> None:
        """Close an account; promoters and bots are back under a new one after a while."""
        m = self.model
        m.drop_ties(member.id)
        member.active = False
        if returns_after_ban(member.style_row):
            member.back_day = return_day(member.rule, m.day)
            m.closed.append(member)
        else:
            member.left = m.day

    def restrict(self, member: Member) -> None:
        """Restrict a member for a while, who may learn from it."""
        m, style, day = self.model, member.style_row, self.model.day
        member.restricted_until = restriction_end(member.rule, day)
        member.restrictions += since_switch(m.tally, day)
        member.volume = volume_after_restriction(m.rules, member.volume, style.adjusts)
        member.personal = personal_after_restriction(m.rules, member.personal, style.adjusts)
        u, v = m.draw(rnd.STOP, 0, member.id), m.draw(rnd.REVIEW, 0, member.id)
        member.violating = violating_after_restriction(p=m.rules, style=style, violating=member.violating, u=u, v=v)
        if m.draw(rnd.WITHDRAW, 0, member.id) < style.withdraws:
            member.withdraw_day = day
        if m.draw(rnd.APOLOGISE, 0, member.id) < style.apologises:
            member.apology_day = day
