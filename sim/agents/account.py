"""What a member is and has: the columns of a row, and what of them has decayed by today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa

from sim.agents import draws
from sim.agents.entities import Act, Item, Task
from sim.decisions.common import decayed

if TYPE_CHECKING:
    from sim.agents.model import OutreachModel


class Account(mesa.Agent):
    """The state of a member. Attributes are the columns of `sim.state.columns.MEMBER` and a few that only objects need."""

    model: OutreachModel
    approaches_today: int
    approach_day: int
    week_invitations: int
    week: int
    messages_today: int
    message_day: int
    credits_used: float
    month: int

    def __init__(self, model: OutreachModel, i: int, columns: dict[str, Any]) -> None:
        super().__init__(model)
        self.id = i
        self.__dict__.update(columns)
        self.read_items = self.__dict__.pop("read")
        self.neighbours: list[int] = []  # in order of acceptance; -1 where one has died
        self.connections: set[int] = set()
        self.active, self.degree, self.here = False, 0, False
        self.update_day = self.account_day = model.NEVER
        self.tasks: list[Task] = []
        self.inbox: list[Item] = []
        self.sending: list[Item] = []
        self.acting: list[Act] = []

    @property
    def style_row(self) -> Any:
        """The numbers of the member's style."""
        return self.model.styles[self.style]

    @property
    def design_row(self) -> Any:
        """The numbers of the design that the member sees today."""
        return self.model.designs[self.design_now]

    @property
    def rule(self) -> Any:
        """The numbers of the moderation that the member is under."""
        return self.model.moderations[int(self.design_row.moderation)]

    def annoyance_now(self) -> float:
        """Return today's annoyance."""
        return decayed(self.annoyance, float(self.model.day - self.annoyance_day), self.model.rules.learning_annoyance_half_life)

    def load_now(self) -> float:
        """Return today's inbound load, in items a day."""
        return decayed(self.load, float(self.model.day - self.load_day), self.model.rules.learning_load_half_life)

    def invitations_now(self) -> float:
        """Return recent invitations, as the record shows them."""
        days = float(self.model.day - self.invitations_day)
        return decayed(self.recent_invitations, days, self.model.rules.learning_load_half_life)

    def reputation_now(self) -> float:
        """Return what is lost of reputation."""
        days = float(self.model.day - self.reputation_day)
        return decayed(self.lost_reputation, days, self.model.rules.learning_reputation_half_life)

    def strikes_now(self) -> float:
        """Return today's strikes."""
        return decayed(self.strikes, float(self.model.day - self.strikes_day), self.rule.strike_half_life)

    def neighbour(self, decision: int, count: int) -> int:
        """Return the connection that a draw picks; -1 for none or one that has died."""
        if not self.neighbours:
            return -1
        return self.neighbours[draws.jump(self.model.bits(decision, count, self.id), len(self.neighbours))]
