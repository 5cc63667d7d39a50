"""The codes of the model, by name: what columns hold as small whole numbers, and what those numbers mean.

An enum is the public name of a group of codes: `Outcome.ACCEPTED`, with `Outcome.ACCEPTED.label` as tables show it.
Kernels and the decisions use plain integers instead, since an enum's members do not unify with the fields of a column
in compiled code and are several times slower to compare in plain Python. They are generated below from the same enums,
so that each code is written once: `from sim.decisions.codes import ACCEPTED`.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Self


class Code(IntEnum):
    """A code with the words by which tables show it; without words of its own, its name in lower case."""

    label: str

    def __new__(cls, value: int, label: str = "") -> Self:  # noqa: D102
        member = int.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    def __init__(self, value: int, label: str = "") -> None:  # noqa: ARG002  (the value is set by `__new__`)
        self.label = label or self.name.lower().replace("_", " ")


class Purpose(Code):
    """What an approach is for."""

    INQUIRY = 0
    RELATIONSHIP = 1
    PROMOTION = 2


class Kind(Code):
    """What an item is."""

    MESSAGE = 0
    FOLLOW_UP = 1, "follow-up"
    REPLY = 2
    INVITATION = 3
    NOTE = 4, "invitation with note"
    PITCH = 5
    INTRODUCTION = 6


class Distance(Code):
    """How far apart sender and recipient are when an item is sent, or an intent arises."""

    NOBODY_FOUND = 0
    CONNECTED = 1
    SECOND_DEGREE = 2  # with a connection in common
    STRANGER = 3


class Level(Code):
    """The tercile of a recipient's selectivity or inbound load among those active at the switch."""

    NO_RECIPIENT = 0, "nobody found"
    LOW = 1
    MIDDLE = 2
    HIGH = 3


class Role(Code):
    """What a message or an invitation is to what lies between the two."""

    NO_ROLE = 0, "none"
    APPROACH = 1  # the first contact
    OPENING = 2, "first after acceptance"


class Outcome(Code):
    """What became of an item."""

    WAITING = 0  # in the inbox, not read yet
    FILTERED = 1  # by the spam filter
    GONE = 2  # its recipient was not there
    SUNK = 3  # too old to be found
    READ = 4  # and ignored
    ANSWERED = 5
    REFUSED_POLITELY = 6, "polite no"
    ACCEPTED = 7
    OBLIGED = 8, "accepted from obligation"
    LEFT = 9  # an invitation that is read and left open
    DECLINED = 10
    DONT_KNOW = 11, "doesn't know this person"
    VOID = 12  # an invitation that was no longer open when it was read
    TAKEN_BACK = 13
    PUT_OFF = 14, "put off"  # read today, to be answered later; such an item shows as read until then
    LATER = 15  # likewise, from tomorrow on


class Violation(Code):
    """The rule that an item breaks."""

    NO_VIOLATION = 0, "none"
    HARASSMENT = 1
    MISREPRESENTATION = 2
    PASSWORDS = 3
    ADULT = 4


class Button(Code):
    """What is pressed on a profile."""

    WALK_AWAY = 0
    PRESS_MESSAGE = 1, "message"
    PRESS_CONNECT = 2, "connect"
    PRESS_CONNECT_WITH_NOTE = 3, "connect with note"


class LookRoute(Code):
    """Where a member looks for a partner."""

    LOOK_FRIENDS = 0, "friends of friends"
    LOOK_INDUSTRY = 1, "industry"
    LOOK_ANYWHERE = 2, "anywhere"
    LOOK_CONNECTIONS = 3, "own connections"


class ContactRoute(Code):
    """Where a newcomer finds a contact."""

    BY_FRIEND = 0, "friends of friends"
    BY_INDUSTRY = 1, "industry"
    BY_ATTACHMENT = 2, "anywhere"
    BY_EMPLOYER = 3, "employer"
    BY_SCHOOL = 4, "school"


class Surface(Code):
    """Where an item was sent from."""

    PROFILE = 0  # whose buttons the design arranges
    SUGGESTION = 1  # a list of people one may know, which no design touches


class Consequence(Code):
    """What an exchange leads to."""

    NOTHING = 0
    OFF_PLATFORM = 1  # the two go on elsewhere
    MEETING = 2
    COLLABORATION = 3
    DEAL = 4
    NO_EXCHANGE = 5  # nothing was answered


class NewTie(Code):
    """What connection an invitation made."""

    NO_TIE = 0, "none"
    NEW_TIE = 1, "new"
    CLOSING_TIE = 2, "closes a triangle"


class Presence(Code):
    """What brings a member today."""

    AWAY = 0
    HERE = 1, "session"
    BROUGHT = 2, "session that a notification of yesterday brings"
    LOOKS_IN = 3, "visit to the inbox that a notification of today brings"


class Task(Code):
    """What a member's agenda says to do about another."""

    DO_FOLLOW_UP = 0, "follow up"
    DO_OPEN = 1, "open the conversation"
    DO_ASK = 2, "ask to connect"
    DO_REACT = 3, "react to an update"
    DO_GREET = 4, "contact somebody known"


class Act(Code):
    """An effect of a visit that settlement applies."""

    ACT_SEEN = 0, "saw an update"
    ACT_UNFOLLOW = 1, "unfollow"
    ACT_REACT = 2, "react"
    ACT_CURATE = 3, "remove a connection"


GROUPS: tuple[type[Code], ...] = (
    Purpose,
    Kind,
    Distance,
    Level,
    Role,
    Outcome,
    Violation,
    Button,
    LookRoute,
    ContactRoute,
    Surface,
    Consequence,
    NewTie,
    Presence,
    Task,
    Act,
)


def labels(group: type[Code]) -> tuple[str, ...]:
    """Return the words of a group of codes, by code."""
    return tuple(code.label for code in group)


# No name stands in two groups (a test says so), so each code is a plain integer under its own name.
globals().update({code.name: code.value for group in GROUPS for code in group})

if TYPE_CHECKING:

    def __getattr__(name: str) -> int: ...
