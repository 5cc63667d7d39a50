"""The state of a run: members, pairs and items as structured arrays, a row each, every column with its meaning.

What the codes in `kind`, `purpose`, `distance`, `violation`, `outcome` and `what` mean stands in `sim.decisions.codes`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.handover import handed_at_once

# A flag of one side of a pair is shifted left by the side: 0 for the smaller id, 1 for the larger.
TIE, WEAK, OFF_PLATFORM, TWO_WAY, CROSSED = 1, 2, 4, 8, 16
AWAITS = 1 << 5  # this side's last message has not been answered
PENDING = 1 << 7  # this side's invitation is open
RED_FLAG = 1 << 9  # this side was told no
OPTED_OUT = 1 << 11  # this side wants nothing more from the other
UNFOLLOWED = 1 << 13  # this side does not see the other's updates
REFUSED = 1 << 15  # this side's last invitation was declined
NEEDED = 1 << 17  # while pairs are dropped: this one is still asked for
KNOWN = 1 << 18  # the two knew each other before either was here
# What the reader of an item does about it.
REPORTED, NO_MORE = 1, 2

# Columns that are read together stand together: a row is four cache lines of 64 bytes. Nearly all that others read of a
# member is in the first, what own decisions read in the second, counts and dates in the third, what is rare in the last.
_MEMBER = [
    ("style", "i1"),
    ("seniority", "i1"),  # 0 to 4
    ("industry", "i2"),
    ("region", "i2"),
    ("design", "i1"),  # index of the design that this member sees after the switch
    ("design_now", "i1"),
    ("opted_until", "i2"),  # closed to strangers before this day
    ("restricted_until", "i2"),
    ("update_divisive", "i1"),
    ("at_switch", "i1"),  # 1 if active when the arms part
    ("selectivity_level", "i1"),  # 1 to 3, terciles
    ("inbox_level", "i1"),  # 1 to 3, terciles of the inbound load at the switch
    ("muted", "i1"),  # 1 if notifications are off
    ("design_shown", "i1"),  # index of the design that this member's profile has for whoever looks at it
    # what decays goes with the day at which it was true
    ("load_day", "i2"),
    ("reputation_day", "i2"),
    ("invitations_day", "i2"),
    ("load", "f8"),  # items a day
    ("lost_reputation", "f8"),
    ("recent_invitations", "f8"),
    ("selectivity", "f8"),  # logit
    ("notified_day", "i2"),
    ("approach_day", "i2"),
    ("annoyance_day", "i2"),
    ("strikes_day", "i2"),
    # second line
    ("annoyance", "f8"),  # unwelcome items
    ("strikes", "f8"),
    ("strikes_today", "f8"),
    ("receptiveness", "f8"),  # logit
    ("volume", "f8"),  # learned; multiplies intents
    ("personal", "f8"),  # learned; added to the component "personalised"
    ("violating", "f8"),  # learned; share of violations kept
    ("message_day", "i2"),
    ("messages_today", "i2"),  # to strangers
    ("week", "i2"),
    ("week_invitations", "i2"),
    # third line: counted after the switch
    ("got", "i4"),  # items delivered
    ("got_unwelcome", "i4"),
    ("got_unwelcome_invitations", "i4"),  # of those
    ("read", "i4"),
    ("read_unwelcome", "i4"),
    ("read_unwelcome_invitations", "i4"),
    ("partners", "i4"),  # distinct partners with an exchange
    ("far_partners", "i4"),  # of those, beyond two hops at the approach
    ("intents", "i4"),
    ("successes", "i4"),
    ("restrictions", "i2"),
    # and dates
    ("approaches_today", "i2"),
    ("month", "i2"),
    ("withdraw_day", "i2"),
    ("apology_day", "i2"),
    ("joined", "i2"),
    ("left", "i2"),  # FAR while on the platform
    ("back_day", "i2"),  # FAR, or the day on which a banned member opens a new account
    ("account", "i2"),  # how many accounts this person has had
    ("visits", "i2"),  # to the inbox, with something in it
    ("full_visits", "i2"),  # of those, that left something unread for lack of attention
    ("backlog", "i2"),  # items that the last visit left unread
    # last line
    ("credits_used", "f8"),
    ("wrong_today", "f8"),  # of today's strikes, those for items that broke no rule
    ("session_rate", "f8"),  # share of days with a session
    ("contact_normal", "f8"),  # standard normal behind the number of contacts brought along
    ("prominence", "f8"),  # weight with which the profile comes up
    ("pleasure", "f8"),  # answers
    ("doubt", "f8"),  # about notifications, in unwelcome items
    ("pleasure_day", "i2"),
    ("doubt_day", "i2"),
    ("quiet", "i2"),  # 1 for whoever has stopped coming and kept the account
    ("spare", "i2"),  # fills the row
]

# a row of an alias table: the chance of its own id, and who takes the rest
_ALIAS = [("own", "f8"), ("id", "i4"), ("other", "i4")]

# a row that is free has lo = -1 and in hi the next free row + 1
_PAIR = [
    ("lo", "i4"),
    ("hi", "i4"),
    ("state", "i4"),
    ("approach", "i2"),  # day of the approach, NEVER if none
    ("last", "i2"),  # day of the last contact
    ("invited", "i2"),  # day of the last invitation, or of its refusal
    ("answered_lo", "i2"),  # last day on which the smaller id answered
    ("answered_hi", "i2"),
    ("touched", "i2"),  # day at which `strength` was true
    ("since", "i2"),  # day of the connection
    ("opened_lo", "i2"),  # day of the smaller id's last message that was not a follow-up: its thread
    ("opened_hi", "i2"),
    ("met", "i2"),  # exchanges of the two persons, under all their accounts
    ("exchanges", "u1"),  # how often an item was answered, 200 at most
    ("follow", "u1"),  # follow-ups since the last message
    ("asks", "u1"),  # invitations after rapport: the smaller id's + 16 * the larger id's
    ("about", "u1"),  # purpose + 4 * distance of the approach
    ("thread_lo", "u1"),  # purpose + 4 * distance + 16 * role of the message with which the smaller id opened the last thread
    ("thread_hi", "u1"),
    ("strength", "f8"),
]

_ITEM = [
    ("quality", "f8"),  # about one sd
    ("length", "f8"),  # characters
    ("thanks", "f8"),
    ("id", "i8"),  # running number, -1 until delivery
    ("recipient", "i4"),
    ("sender", "i4"),
    ("mutual", "i4"),  # mutual connections when sent
    ("row", "u4"),  # where its pair stood the last time that it was looked up, or 0
    ("sent", "i2"),  # day
    ("opened", "i2"),  # day on which the message of its thread was sent, of which it may be a follow-up; NEVER for other kinds
    ("kind", "i1"),
    ("purpose", "i1"),
    ("distance", "i1"),  # 1 connected, 2 second degree, 3 stranger
    ("thread_distance", "i1"),  # of the message of its thread, of which it may be a follow-up; its own for other kinds
    ("role", "i1"),  # likewise: whether that is the approach, or the first message after an accepted invitation
    ("follow", "i1"),  # number of this follow-up
    ("violation", "i1"),
    ("unheeded", "i1"),  # 1 if sent in spite of a no
    ("unwelcome", "i1"),  # drawn at delivery
    ("outcome", "i1"),
    ("complaint", "i1"),  # its reader has REPORTED it, wants NO_MORE from the sender, or both
    ("note_answered", "i1"),  # 1 if whoever accepted the invitation also answered its note
    ("closed", "i1"),  # 1 once another item of its thread has been answered
    ("turn", "i1"),  # of the day in which it was written: 0 outreach, 1 a visit to the inbox, then the turns of talks
    ("surface", "i1"),  # where it was sent from
    ("acquainted", "i1"),  # 1 if its two members were, when it went out; 0 for an answer, which nobody asks
    ("due", "i2"),  # day from which on it is answered, if that was put off; NEVER if it was not
    ("place", "i2"),  # how many its sender had written in that turn before it
    ("seen", "f4"),  # relevance as it looked to the sender, UNSEEN where nobody looked
    ("credits", "f4"),  # that its sender had, NO_CREDITS where the design asks for none
]

_AGENDA = [
    ("owner", "i4"),
    ("other", "i4"),
    ("born", "u4"),  # its number in the run: the older come first
    ("row", "u4"),  # where the pair of the two stood when it was planned
    ("due", "i2"),  # day, FAR at the latest
    ("what", "i2"),
]
_ACT = [("member", "i4"), ("other", "i4"), ("row", "u4"), ("what", "i4")]  # `row` is that of their pair
_INTENT = [
    ("member", "i4"),
    ("other", "i4"),  # -1 if nobody was found
    ("met", "i2"),  # exchanges with this partner before, under all accounts
    ("purpose", "i1"),
    ("distance", "i1"),  # 0 if nobody was found
    ("button", "i1"),  # what was pressed
]

# a profile that a member looks at
_LOOK = [
    ("score", "f8"),  # relevance as it looks, or the most that it can look
    ("true", "f8"),  # relevance as it is
    ("noise", "f8"),  # through which the looker sees it
    ("place", "i8"),  # where the next step reads, or -1: at last the row of the pair
    ("hash", "u8"),  # by which it samples
    ("looker", "i4"),
    ("member", "i4"),  # whose profile it is, or -1
    ("via", "i4"),  # the friend through whom, or -1
    ("mutual", "i4"),  # mutual connections, -1 if not counted
    ("count", "i4"),  # of the intent and candidate, for draws; where a feed begins, how long it is
    ("purpose", "i1"),
    ("route", "i1"),
]

# one row an item that ever was, kept on request
_EVENT = [
    ("quality", "f8"),
    ("length", "f8"),
    ("day_sent", "i4"),
    ("day_delivered", "i4"),  # NEVER if not
    ("day_read", "i4"),
    ("day_answered", "i4"),
    ("sender", "i4"),
    ("recipient", "i4"),
    ("kind", "i1"),
    ("purpose", "i1"),
    ("distance", "i1"),
    ("unwelcome", "i1"),
    ("violation", "i1"),
    ("outcome", "i1"),
    ("role", "i1"),  # none for a follow-up
    ("unheeded", "i1"),
    ("reported", "i1"),
    ("consequence", "i1"),  # of the exchange, if it was answered
    ("tie", "i1"),  # the connection that it made, a `NewTie`
    ("surface", "i1"),
    ("turn", "i1"),  # of the day in which it was written, and its place in it: see `_ITEM`
    ("place", "i2"),
    ("acquainted", "i1"),  # 1 for two who knew each other before either was here
    ("sender_design", "i1"),  # the sender's, as a viewer, on the day of delivery
    ("recipient_design", "i1"),  # the recipient's, as a profile, likewise
    ("mutual", "i4"),
    ("seen", "f4"),
    ("credits", "f4"),
]

# one row an intent that ever was, kept on request; what is not known before it is judged is -1 until then
_JUDGED = [
    ("member", "i4"),
    ("other", "i4"),  # -1 if nobody was found
    ("arose", "i2"),  # day
    ("judged", "i2"),  # day, NEVER if a window was open at the end
    ("exchanges", "i2"),  # of the two persons since
    ("purpose", "i1"),
    ("distance", "i1"),
    ("button", "i1"),
    ("answered", "i1"),
    ("success", "i1"),
    ("in_touch", "i1"),
    ("connected", "i1"),
]


def _dtype(columns: list[Any]) -> np.dtype[Any]:
    """Return what a row of these columns is, as NumPy's record arrays have it: one object for all tables of a kind.

    Compiled code, each time that it is called, asks which kind each table is of. That is an address to compare, or a hundred columns.
    """
    return np.dtype((np.record, np.dtype(columns, align=True)))


MEMBER, PAIR, ITEM = _dtype(_MEMBER), _dtype(_PAIR), _dtype(_ITEM)
AGENDA, ACT, INTENT, LOOK, ALIAS = _dtype(_AGENDA), _dtype(_ACT), _dtype(_INTENT), _dtype(_LOOK), _dtype(_ALIAS)
EVENT, JUDGED = _dtype(_EVENT), _dtype(_JUDGED)

PAIRS, USED, LONGEST, TIES, CLOSED, ROW_BITS, FREE, DROPPED, TAKEN, LISTED = range(10)  # places in `Columns.sizes`


class Groups(NamedTuple):
    """Members by the group to which they belong for good: those of an employer, or of a school."""

    of: Any  # (n,) int32: each member's group
    ids: Any  # (n,) int32: members by group, then id
    start: Any  # (groups,) int64: where each begins in `ids`
    size: Any  # (groups,) int64: how many of each have joined


@handed_at_once
class Columns(NamedTuple):
    """The columns of a world as compiled code takes them: members, pairs, and neighbour lists in one pool."""

    members: Any  # (n,) MEMBER, those to come included
    active: Any  # (n,) int8: 1 while joined, not left, not banned
    degree: Any  # (n,) int32: connections
    start: Any  # (n,) int64: where a member's neighbour list begins in the pool
    length: Any  # (n,) int32: entries in that list, dead ones (-1) included
    room: Any  # (n,) int32: entries that it can hold where it stands
    updated: Any  # (n,) int16: day of the last update posted
    industry: Any  # (n,) int16: beside the row, since candidates are looked at in random order
    seniority: Any  # (n,) int8: 0 to 4, likewise
    rate: Any  # (n,) float64: session rate, likewise
    account_day: Any  # (n,) int16: day on which the present account began, NEVER for the first; likewise
    withdrew: Any  # (n,) int16: day of the last withdrawal of unread items, likewise
    here: Any  # (n,) int8: what brings the member today, a `Presence`
    about: Any  # (n,) float64: share of recent days with a session
    attention: Any  # (n,) int16: items that today's visit can still read
    weights: Any  # (degrees,) float64: the weight of each degree in an attachment race
    pool: Any  # (room,) int32, all neighbour lists
    closed: Any  # (n,) int32: banned members who will be back
    sizes: Any  # (10,) int64: rows of pairs used, pool entries used, longest list, ties, closed, bits of a row in the index,
    #             first row that is free again + 1, how many are, places of the index that are not empty, members in `listed`
    index: Any  # (places,) uint32: a pair's row + 1 in the lower bits, 0 if it was dropped; of its hash what fits above; 0 is empty
    pairs: Any  # (room,) PAIR
    by_industry: Any  # (n,) int32, ids by industry
    industry_start: Any  # (industries,) int64
    industry_size: Any  # (industries,) int64, how many have joined
    employers: Groups
    schools: Groups
    listed: Any  # (n,) ALIAS: whom a search anywhere finds, by prominence; made anew every week
    listed_by_industry: Any  # (n,) ALIAS: likewise, industry by industry, each from `industry_start` on
    industry_listed: Any  # (industries,) int64, how many each has


@handed_at_once
class ParameterTables(NamedTuple):
    """All numbers of a scenario as compiled code takes them: a column a number, a row a style, design or moderation."""

    rules: Any  # (1,) a column a rule
    styles: Any  # (styles,)
    designs: Any  # (designs,), with the index of the moderation
    moderations: Any  # (moderations,)
    pairing: Any  # (designs, designs) int8: which a pair has, by its viewer's and its profile's


class Assignment(NamedTuple):
    """Who is dealt which design from the switch on, in periods that follow one another; one period where nobody changes."""

    viewer: Any  # (periods, n) int8: each member's, as somebody who looks at profiles
    profile: Any  # (periods, n) int8: each member's, as the profile looked at
    starts: Any  # (periods,) int32: the first day of each
    unit: Any  # (n,) int32: what each member was dealt a design as part of: oneself, an industry, a community, ...
    ego: Any  # (n,) int8: 1 for the member around whom an ego's cluster is


class Names(NamedTuple):
    """What a network file calls its members, industries and regions, by their numbers; empty where it says nothing."""

    labels: tuple[str, ...] = ()
    industry: tuple[str, ...] = ()
    region: tuple[str, ...] = ()


class Cohort(NamedTuple):
    """All members of a run, those to come included, and when they come."""

    members: Any  # (n,) MEMBER rows in join order
    start: int  # members on day 0
    arrivals: np.ndarray  # (days,) newcomers a day
    crowds: np.ndarray  # (days,) how many have ever joined for each who is expected to be there
    employers: Groups
    schools: Groups
    by_industry: np.ndarray  # (n,) ids sorted by industry, then id
    industry_start: np.ndarray  # (industries,) where each begins
    names: Names  # from a file, of the members at the start


def named(k: int, words: tuple[str, ...], others: str) -> str | int:
    """Return the word for a number; the number itself without words, and told apart from any word (`others`) if it has none."""
    if not words:
        return k
    return words[k] if k < len(words) else f"{others} {k}"
