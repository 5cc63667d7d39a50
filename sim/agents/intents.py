"""Judgement over objects: what became of each intent once its windows close."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.entities import Intent
from sim.decisions.common import PROMOTION, RELATIONSHIP
from sim.decisions.outreach import WALK_AWAY
from sim.columnar.phases.drift import STILL_IN_TOUCH
from sim.state.tally import (
    ANSWER_WINDOW, CONNECTED_60, CONTACT_60, D_INTENTS, D_SUCCESS, INTENTS, NOBODY, SUCCESS, SUCCESS_2, SUCCESS_3, TALK_WINDOW, WALKED,
    cell, counted,
)  # fmt: skip

if TYPE_CHECKING:
    from sim.agents.model import OutreachModel


class Judgement:
    """Keeps the intents of each day until both their windows have closed."""

    def __init__(self, model: OutreachModel) -> None:
        self.model = model
        self.intents: list[list[Intent]] = []
        self.answered: list[list[bool]] = []

    def begin_day(self) -> None:
        """Open a list for the intents of today."""
        self.intents.append([])

    def end_outreach(self) -> int:
        """Close today's list; return how many intents there were."""
        self.answered.append([False] * len(self.intents[-1]))
        return len(self.intents[-1])

    def judge(self) -> None:
        """Judge the intents whose windows close today."""
        m = self.model
        if m.day >= ANSWER_WINDOW:
            arose, back = m.day - ANSWER_WINDOW, len(self.intents) - 1 - ANSWER_WINDOW
            for n, intent in enumerate(self.intents[back]):
                if intent.other >= 0 and intent.button != WALK_AWAY:
                    pair = m.known(intent.member, intent.other)
                    self.answered[back][n] = pair is not None and pair.answered[pair.side(intent.other)] >= arose
        if m.day >= TALK_WINDOW:
            for intent, answered in zip(self.intents.pop(0), self.answered.pop(0), strict=True):
                self.judge_intent(intent, m.day - TALK_WINDOW, answered=answered)

    def judge_intent(self, intent: Intent, arose: int, *, answered: bool) -> None:
        """Count an intent of day `arose` under its outcome."""
        m, t, member = self.model, self.model.tally, self.model.members[intent.member]
        tried = intent.other >= 0 and intent.button != WALK_AWAY
        pair = m.known(intent.member, intent.other) if tried else None
        exchanges = pair.exchanges - intent.exchanges if pair else 0
        success = exchanges >= 1 if intent.purpose == RELATIONSHIP else answered
        if intent.purpose != PROMOTION:
            t.daily[D_INTENTS, arose] += 1
            t.daily[D_SUCCESS, arose] += success
        if not counted(t, arose, TALK_WINDOW):
            return
        other = m.members[intent.other] if intent.other >= 0 else None
        selective, full = (other.selectivity_level, other.inbox_level) if other else (0, 0)
        c = cell(t, member.style, intent.purpose, intent.distance, selective, full, member.design)
        t.counts[INTENTS, c] += 1
        t.counts[NOBODY, c] += intent.other < 0
        t.counts[WALKED, c] += intent.other >= 0 and intent.button == WALK_AWAY
        t.counts[SUCCESS, c] += success
        t.counts[SUCCESS_2, c] += exchanges >= 2
        t.counts[SUCCESS_3, c] += exchanges >= 3
        if pair is not None:
            t.counts[CONTACT_60, c] += exchanges >= 1 and m.day - pair.last <= STILL_IN_TOUCH
            t.counts[CONNECTED_60, c] += pair.tie
        if intent.purpose != PROMOTION:
            member.intents += 1
            member.successes += success
