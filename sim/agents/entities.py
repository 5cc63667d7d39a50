"""What lies between members: pairs, items on their way, things to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from sim.decisions.codes import NO_EXCHANGE, NO_ROLE, NO_TIE, PROFILE, WAITING
from sim.decisions.constants import NEVER, NO_CREDITS, UNSEEN


@dataclass(slots=True)
class Pair:
    """What two members have had with each other. Lists hold the smaller id's entry, then the larger id's."""

    lo: int
    hi: int
    tie: bool = False
    weak: bool = False
    off_platform: bool = False
    two_way: bool = False
    crossed: bool = False
    known: bool = False  # from before either was here
    awaits: list[bool] = field(default_factory=lambda: [False, False])
    pending: list[bool] = field(default_factory=lambda: [False, False])
    red_flag: list[bool] = field(default_factory=lambda: [False, False])
    opted_out: list[bool] = field(default_factory=lambda: [False, False])
    unfollowed: list[bool] = field(default_factory=lambda: [False, False])
    refused: list[bool] = field(default_factory=lambda: [False, False])
    answered: list[int] = field(default_factory=lambda: [NEVER, NEVER])
    asks: list[int] = field(default_factory=lambda: [0, 0])
    approach: int = NEVER
    last: int = NEVER
    invited: int = NEVER
    opened: list[int] = field(default_factory=lambda: [NEVER, NEVER])
    thread_purpose: list[int] = field(default_factory=lambda: [0, 0])
    thread_distance: list[int] = field(default_factory=lambda: [0, 0])
    thread_role: list[int] = field(default_factory=lambda: [NO_ROLE, NO_ROLE])
    touched: int = NEVER
    since: int = NEVER
    exchanges: int = 0
    met: int = 0  # exchanges under all accounts
    follow: int = 0
    purpose: int = 0
    distance: int = 0  # at the approach
    strength: float = 0.0

    def side(self, i: int) -> int:
        """Return 0 if `i` is the smaller id, else 1."""
        return 0 if i == self.lo else 1


@dataclass(slots=True)
class Item:
    """A message or an invitation on its way."""

    sender: int
    recipient: int
    sent: int
    kind: int
    purpose: int
    distance: int
    mutual: int
    follow: int = 0
    unheeded: bool = False
    violation: int = 0
    quality: float = 0.0
    length: float = 0.0
    thanks: float = 0.5
    id: int = -1
    unwelcome: bool = False
    outcome: int = WAITING
    reported: bool = False
    opt_out: bool = False
    note_answered: bool = False
    opened: int = NEVER
    thread_distance: int = 0
    role: int = NO_ROLE
    consequence: int = NO_EXCHANGE
    tie: int = NO_TIE
    closed: bool = False
    turn: int = 0  # of the day in which it was written
    surface: int = PROFILE  # where it was sent from
    due: int = NEVER  # day from which on it is answered, if that was put off
    acquainted: bool = False  # with its recipient, from before either was here
    place: int = 0  # how many its sender had written in that turn before it
    seen: float = UNSEEN  # relevance as it looked to the sender
    credits: float = NO_CREDITS  # that its sender had
    sender_design: int = 0  # the sender's, as a viewer, on the day of delivery
    recipient_design: int = 0  # the recipient's, as a profile, likewise


@dataclass(slots=True)
class Event:
    """An item in the record of the run, and the days on which it was delivered, read and answered; NEVER if it was not."""

    item: Item
    delivered: int
    read: int = NEVER
    answered: int = NEVER


class Task(NamedTuple):
    """Something that a member is to do about another, from a day on."""

    other: int
    due: int
    what: int


class Act(NamedTuple):
    """An effect of a visit that settlement applies."""

    member: int
    other: int
    what: int


class Intent(NamedTuple):
    """What a member wanted on a day, and what was pressed; `other` is -1 where nobody was found."""

    member: int
    other: int
    met: int  # exchanges with this partner before, under all accounts
    purpose: int
    distance: int
    button: int


class Profile(NamedTuple):
    """A profile that a member looks at: whose, through which friend (-1 for none), how relevant it looks."""

    id: int
    via: int
    relevance: float
