"""Intents over objects: what became of each once its windows close."""

from __future__ import annotations

from sim.agents.entities import Intent
from sim.agents.environment import Environment
from sim.decisions.constants import ANSWER_WINDOW, TALK_WINDOW
from sim.decisions.intents import has_success, is_in_touch, was_tried
from sim.state.tally import cell, record_intent, record_still


class Intents:
    """Keeps the intents of each day until both their windows have closed."""

    def __init__(self, model: Environment) -> None:
        self.model = model
        self.intents: list[list[Intent]] = []
        self.answered: list[list[bool]] = []
        self.record: list[dict[str, int]] = []  # of those judged, the columns of a JUDGED row, if kept

    def keep(self, intents: list[Intent]) -> None:
        """Keep the intents of today."""
        self.intents.append(intents)
        self.answered.append([False] * len(intents))

    def judge(self) -> None:
        """Judge the intents whose windows close today."""
        m = self.model
        if m.day >= ANSWER_WINDOW:
            arose, back = m.day - ANSWER_WINDOW, len(self.intents) - 1 - ANSWER_WINDOW
            for n, intent in enumerate(self.intents[back]):
                if was_tried(intent.other, intent.button):
                    pair = m.ever(intent.member, intent.other)
                    self.answered[back][n] = pair is not None and pair.answered[pair.side(intent.other)] >= arose
        if m.day >= TALK_WINDOW:
            for intent, answered in zip(self.intents.pop(0), self.answered.pop(0), strict=True):
                self.judge_intent(intent, m.day - TALK_WINDOW, answered=answered)

    def judge_intent(self, intent: Intent, arose: int, *, answered: bool) -> None:
        """Count an intent of day `arose` under its outcome."""
        m, t, member = self.model, self.model.tally, self.model.members[intent.member]
        tried = was_tried(intent.other, intent.button)
        pair = m.ever(intent.member, intent.other) if tried else None
        exchanges = pair.met - intent.met if pair else 0
        success = has_success(intent.purpose, answered, exchanges)
        other = m.members[intent.other] if intent.other >= 0 else None
        selective, full = (other.selectivity_level, other.inbox_level) if other else (0, 0)
        c = cell(t, member.style, intent.purpose, intent.distance, selectivity=selective, inbox=full, design=member.design)
        if record_intent(t, c, arose, intent.purpose, found=intent.other >= 0, tried=tried, success=success, exchanges=exchanges):
            member.intents += 1
            member.successes += success
        in_touch, connected = (is_in_touch(exchanges, m.day - pair.last), pair.tie) if pair else (False, False)
        record_still(t, c, arose, in_touch=in_touch, connected=connected)
        if m.keep_events:
            self.record.append(
                {
                    "member": intent.member,
                    "other": intent.other,
                    "arose": arose,
                    "judged": m.day,
                    "exchanges": exchanges,
                    "purpose": intent.purpose,
                    "distance": intent.distance,
                    "button": intent.button,
                    "answered": answered,
                    "success": success,
                    "in_touch": in_touch,
                    "connected": connected,
                }
            )

    def waiting(self) -> list[tuple[int, list[Intent]]]:
        """Return the intents that are not judged yet, by the day on which they arose."""
        first = self.model.day - len(self.intents)
        return [(first + k, intents) for k, intents in enumerate(self.intents)]
