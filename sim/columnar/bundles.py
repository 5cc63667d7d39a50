"""What the kernels of a day are given together: named tuples of arrays and numbers, which compiled code takes apart at no cost."""

from __future__ import annotations

from typing import Any, NamedTuple

ITEMS, INTENTS, ACTS = range(3)  # places in the sizes of `Writing`
TIES, TASKS, REPORTS = range(3)  # places in the sizes of `Effects`
GLADLY, FROM_OBLIGATION = range(2)  # how a connection was accepted: in `what` of a row of `Effects.ties`


class Today(NamedTuple):
    """The day, and where its draws come from."""

    day: int
    seed: int
    lasting: Any  # uint64: the key under which a pair's lasting bits are drawn
    present: int  # ids below this have joined


class Marks(NamedTuple):
    """A bit a member, set for the connections of one member, so that those in common with others are quickly counted."""

    bits: Any  # (words,) uint64, clear between phases
    owner: Any  # (1,) int64: id + 1 of the member whose connections are marked, 0 for nobody


class Agenda(NamedTuple):
    """What members are to do about others by now."""

    entries: Any  # AGENDA, by owner, then age
    starts: Any  # (n + 1,) int64: where each member's entries begin
    done: Any  # (entries,) uint8: 1 once done or pointless


class Inboxes(NamedTuple):
    """What waits to be read."""

    waiting: Any  # ITEM, by recipient, sender, age
    starts: Any  # (n + 1,) int64: where each member's items begin


class Draft(NamedTuple):
    """An item as its sender means it, before it is written. Compiled code must name all fields: it knows no defaults."""

    address: int  # the decision whose draws fill it
    kind: int
    purpose: int
    distance: int
    mutual: int  # connections in common
    follow: int  # number of this follow-up
    unheeded: int  # 1 if sent in spite of a no
    turn: int  # of the day


class Sought(NamedTuple):
    """A new intent, and the looks that are its own: start..end-1."""

    number: int  # of the session
    start: int
    end: int


class Writing(NamedTuple):
    """What one range of members writes in a phase."""

    items: Any  # ITEM
    intents: Any  # INTENT
    acts: Any  # ACT
    looks: Any  # (MOST_LOOKS,) LOOK: profiles looked at, written over and over
    open_looks: Any  # (MOST_LOOKS + 1,) int32: those of them that have not found anybody yet
    listed: Any  # (MOST_LISTED,) int32: members who act next, written over and over
    sizes: Any  # int64: how many of ITEMS, INTENTS, ACTS are written
    marks: Marks


class Effects(NamedTuple):
    """What delivery and settlement lead to, applied at their end."""

    ties: Any  # ACT: two ids, and in `what` GLADLY or FROM_OBLIGATION
    tasks: Any  # AGENDA: entries to come
    reports: Any  # ACT: who reported, and whom
    settled: Any  # (MOST_LISTED,) int32: items that are settled next, written over and over
    sizes: Any  # int64: how many of TIES, TASKS, REPORTS are written
