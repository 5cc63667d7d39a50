"""What a member is and has: the columns of a row, and what of them has decayed by today."""

from __future__ import annotations

from typing import Any

import mesa

from sim.agents import draws
from sim.agents.entities import Act, Item, Task
from sim.agents.environment import Environment
from sim.decisions.codes import AWAY
from sim.decisions.consequences import annoyance_after, invitations_after, load_after, reputation_after
from sim.decisions.constants import NEVER
from sim.decisions.moderation import strikes_after
from sim.decisions.sessions import doubt_after, pleasure_after
from sim.state.columns import named


class Account(mesa.Agent):
    """The state of a member. Attributes are the columns of `sim.state.columns.MEMBER` and a few that only objects need."""

    model: Environment
    style: int
    design_now: int
    design_shown: int
    industry: int
    region: int
    joined: int
    quiet: int
    backlog: int
    approaches_today: int
    approach_day: int
    week_invitations: int
    week: int
    messages_today: int
    message_day: int
    credits_used: float
    recent_invitations: float
    invitations_day: int
    month: int

    def __init__(self, model: Environment, i: int, columns: dict[str, Any]) -> None:
        super().__init__(model)
        self.id = i
        self.__dict__.update(columns)
        self.read_items = self.__dict__.pop("read")
        self.neighbours: list[int] = []  # in order of acceptance; -1 where one has died
        self.connections: set[int] = set()
        self.active, self.degree, self.here, self.about = False, 0, AWAY, 0.0
        self.attention = 0  # items that today's visit can still read
        self.care = 1.0  # what the item that is being written gets of it
        self.looks_at: Account | None = None  # whose profile, while a button is chosen
        self.update_day = self.account_day = NEVER
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
        """The numbers of the design that the member has today, as a sender."""
        return self.model.designs[self.design_now]

    @property
    def design_seen(self) -> Any:
        """The numbers of the design that holds on the profile that is looked at; where none is, of the member's own."""
        return self.design_row if self.looks_at is None else self.design_for(self.looks_at)

    def design_for(self, other: Account) -> Any:
        """Return the numbers of the design that holds where the member looks at another's profile."""
        return self.model.designs[self.model.pairing[self.design_now][other.design_shown]]

    @property
    def rule(self) -> Any:
        """The numbers of the moderation that the member is under."""
        return self.model.moderations[int(self.design_row.moderation)]

    @property
    def label(self) -> str:
        """What the network file calls the member; the number without one."""
        labels = self.model.names.labels
        return str(named(self.id, labels, "newcomer"))

    @property
    def style_name(self) -> str:
        """The name of the member's style."""
        return self.model.setting.style_names[self.style]

    @property
    def design_name(self) -> str:
        """The name of the design that the member sees today."""
        return self.model.setting.design_names[self.design_now]

    @property
    def industry_name(self) -> str | int:
        """What the network file calls the industry; its number without one."""
        return named(self.industry, self.model.names.industry, "industry")

    @property
    def region_name(self) -> str | int:
        """What the network file calls the region; its number without one."""
        return named(self.region, self.model.names.region, "region")

    @property
    def cell(self) -> Any:
        """The member's place in `OutreachModel.grid`, where Mesa looks for it."""
        return self.model.grid[self.id]

    def annoyance_now(self) -> float:
        """Return today's annoyance."""
        return annoyance_after(self.model.rules, self.annoyance, self.model.day - self.annoyance_day)

    def doubt_now(self) -> float:
        """Return today's doubt about notifications."""
        return doubt_after(self.model.rules, self.doubt, self.model.day - self.doubt_day)

    def pleasure_now(self) -> float:
        """Return what is left of the pleasure in answers."""
        return pleasure_after(self.model.rules, self.pleasure, self.model.day - self.pleasure_day)

    def load_now(self) -> float:
        """Return today's inbound load, in items a day."""
        return load_after(self.model.rules, self.load, self.model.day - self.load_day)

    def invitations_now(self) -> float:
        """Return recent invitations, as the record shows them."""
        return invitations_after(self.model.rules, self.recent_invitations, self.model.day - self.invitations_day)

    def reputation_now(self) -> float:
        """Return what is lost of reputation."""
        return reputation_after(self.model.rules, self.lost_reputation, self.model.day - self.reputation_day)

    def strikes_now(self) -> float:
        """Return today's strikes."""
        return strikes_after(self.rule, self.strikes, self.model.day - self.strikes_day)

    def neighbour(self, decision: int, count: int) -> int:
        """Return the connection that a draw picks; -1 for none or one that has died."""
        if not self.neighbours:
            return -1
        return self.neighbours[draws.jump(self.model.bits(decision, count, self.id), len(self.neighbours))]
