"""A table of messages in the order in which they were sent, and how long it was watched; and who had received how many of late.

Days are numbers: fractions on a log, counted from its first message; whole ones in a simulation. All that is compared is differences of days.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

WEEK = 7.0


class Found(NamedTuple):
    """A figure, and out of how many it was computed."""

    value: float
    out_of: float


NOTHING = Found(math.nan, 0.0)


class Messages(NamedTuple):
    """Messages, the earliest first."""

    sender: np.ndarray  # (n,) int64, whole numbers from 0
    recipient: np.ndarray  # likewise
    day: np.ndarray  # (n,) float64
    begin: float  # what went before is known, but not looked at itself
    end: float  # the last day on which anybody looked


def messages_of(
    sender: np.ndarray,
    recipient: np.ndarray,
    day: np.ndarray,
    *,
    order: np.ndarray | None = None,
    begin: float | None = None,
    end: float | None = None,
) -> Messages:
    """Return messages in order; what was sent after the end, or to oneself, is left out.

    Args:
        sender: a whole number from 0 for each message.
        recipient: likewise.
        day: on which it was sent.
        order: within a day; that of the rows unless given.
        begin: the first day that is looked at; that of the first message unless given.
        end: the last one; that of the last message unless given.
    """
    day = np.asarray(day, float)
    begin = (float(day.min()) if len(day) else 0.0) if begin is None else begin
    end = (float(day.max()) if len(day) else 0.0) if end is None else end
    rows = np.lexsort((np.arange(len(day)) if order is None else np.asarray(order), day))
    sender, recipient = np.asarray(sender, np.int64), np.asarray(recipient, np.int64)
    rows = rows[(day <= end)[rows] & (sender != recipient)[rows]]
    return Messages(sender=sender[rows], recipient=recipient[rows], day=day[rows], begin=begin, end=end)


def share(which: np.ndarray, of: np.ndarray) -> Found:
    """Return the share of those `of` which it is true."""
    many = int(of.sum())
    return Found(float((which & of).sum()) / many, float(many)) if many else NOTHING


def in_the_days_before(who: np.ndarray, when: np.ndarray, asked: np.ndarray, at: np.ndarray, days: float = WEEK) -> np.ndarray:
    """Return how many events each of `asked` had in the days before `at`: from that long before on, up to but without the moment itself.

    Args:
        who: had an event; whole numbers from 0.
        when: they had it.
        asked: about whom.
        at: when.
        days: how far back.
    """
    first = min(float(np.min(when, initial=0.0)), float(np.min(at, initial=0.0))) - days
    room = max(float(np.max(when, initial=0.0)), float(np.max(at, initial=0.0))) - first + 1.0  # a stretch of the line for each member
    line = np.sort(who * room + (when - first))
    before = np.searchsorted(line, asked * room + (at - first), "left")
    counted: np.ndarray = before - np.searchsorted(line, asked * room + (at - days - first), "left")
    return counted


def begun_by_message(
    sender: np.ndarray, recipient: np.ndarray, day: np.ndarray, order: np.ndarray, invitation: np.ndarray, messages: Messages
) -> Messages:
    """Return the messages of those pairs between whom no invitation came first.

    A log of messages has no invitations: there every pair begins with a message. Whoever is asked to connect answers that first, and what is
    written afterwards is late by the time that it took.

    Args:
        sender: (items,) of messages and invitations.
        recipient: likewise.
        day: on which it was sent.
        order: within a day.
        invitation: whether it is one.
        messages: of which some are kept.
    """
    sender, recipient = np.asarray(sender, np.int64), np.asarray(recipient, np.int64)
    most = int(max(sender.max(initial=0), recipient.max(initial=0))) + 1
    key = np.minimum(sender, recipient) * most + np.maximum(sender, recipient)
    rows = np.lexsort((order, day, key))
    first = np.concatenate([[True], key[rows][1:] != key[rows][:-1]]) if len(rows) else np.zeros(0, bool)
    invited = key[rows][first][invitation[rows][first]]
    own = np.minimum(messages.sender, messages.recipient) * most + np.maximum(messages.sender, messages.recipient)
    kept = ~np.isin(own, invited)
    return messages._replace(**{name: column[kept] for name, column in messages._asdict().items() if np.shape(column) == kept.shape})
