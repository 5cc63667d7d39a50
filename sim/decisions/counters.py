"""What a run counts, by name: per cell from the switch on (`Counter`), and per day (`Daily`).

As in `codes`, the plain integers that kernels use are generated from the enums: `INTENTS` is `Counter.INTENTS`,
`D_INTENTS` is `Daily.INTENTS`. A number in a name is the window in days within which something has to happen.
"""

from __future__ import annotations

from enum import IntEnum, auto
from typing import TYPE_CHECKING


class Place(IntEnum):
    """A place in an array of counts; places are numbered from 0 in the order in which they are written."""

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[int]) -> int:  # noqa: ARG004
        return count

    @property
    def label(self) -> str:
        """The name as tables and formulas of measures say it."""
        return self.name.lower()


class Counter(Place):
    """What is counted in a cell: of a sender's style and design, a purpose, a distance and a recipient's levels."""

    INTENTS = auto()  # judged 60 days after they arose
    SUCCESS = auto()  # of them: an answer within 14 days to an inquiry or promotion, an exchange within 60 days otherwise
    SUCCESS_2 = auto()  # with two exchanges
    SUCCESS_3 = auto()  # with three
    CONTACT_60 = auto()  # with an exchange, and still in contact on day 60
    CONNECTED_60 = auto()  # connected on day 60
    WALKED = auto()  # given up at the buttons
    NOBODY = auto()  # nobody was found
    STRANGER_SENT_7 = auto()  # first messages to members not connected
    STRANGER_REPLIED_7 = auto()
    STRANGER_SENT_30 = auto()
    STRANGER_REPLIED_30 = auto()
    INVITED_30 = auto()
    ACCEPTED_30 = auto()
    MESSAGE_APPROACHES_30 = auto()  # first contacts of a pair
    MESSAGE_POSITIVE_30 = auto()
    INVITATION_APPROACHES_30 = auto()
    INVITATION_POSITIVE_30 = auto()
    RESPONSE_DAYS = auto()  # summed over responses
    RESPONSES = auto()  # first responses of any kind to an approach
    PROMOTION_SENT_30 = auto()
    PROMOTION_INTERESTED_30 = auto()
    OPENED_30 = auto()  # first messages after an accepted invitation
    OPENED_REPLIED_30 = auto()
    DELIVERED = auto()
    UNSOLICITED = auto()
    UNWELCOME = auto()
    READ = auto()
    UNWELCOME_READ = auto()
    REPORTS = auto()
    APPROACHES = auto()
    VIOLATIONS_THROUGH = auto()  # delivered although they break a rule, or come after a no
    FILTERED = auto()
    NEW_TIES = auto()
    SUGGESTED_TIES = auto()  # of the new ties, those asked for from a list of suggestions
    KNOWN_TIES = auto()  # of the new ties, those between people who knew each other before
    CLOSING_TIES = auto()  # whose members already had a connection in common
    EXCHANGES = auto()
    MEETINGS = auto()
    COLLABORATIONS = auto()
    DEALS = auto()
    OFF_PLATFORM = auto()


class Daily(Place):
    """What is counted by day; what is sent counts on the day on which it was sent, whenever the rest happens."""

    APPROACHES = auto()
    STRANGER_MESSAGES = auto()
    STRANGER_REPLIED = auto()  # within 7 days
    INVITATIONS = auto()
    ACCEPTED = auto()  # within 30 days
    INTENTS = auto()  # without promotion
    SUCCESS = auto()
    DELIVERED = auto()
    UNWELCOME_DELIVERED = auto()
    UNWELCOME_READ = auto()
    REPORTS = auto()
    NEW_TIES = auto()
    REPLIES = auto()
    ACTIVE = auto()
    DEGREES = auto()  # summed over active members
    RESTRICTED = auto()
    SESSIONS = auto()
    FIRST_MESSAGES = auto()
    FOLLOW_UPS = auto()
    COLD_INVITATIONS = auto()  # that are the approach
    READ = auto()
    ALL_INTENTS = auto()
    QUIET = auto()  # members who have gone quiet
    TURNS = auto()  # answers that were heard at once, within a talk
    CUT_SHORT = auto()  # talks that went on at the most turns a day


COUNTERS = tuple(counter.label for counter in Counter)
DAILY = tuple(daily.label for daily in Daily)

globals().update({counter.name: counter.value for counter in Counter})
globals().update({f"D_{daily.name}": daily.value for daily in Daily})

if TYPE_CHECKING:

    def __getattr__(name: str) -> int: ...
