"""How answers depend on what a recipient has received of late: over first messages of pairs, and over all messages."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from experiments.calibration.patterns.messages import NOTHING, WEEK, Found, Messages, in_the_days_before, share
from experiments.calibration.patterns.pairs import Pairs

ANY = (0, 10**9)
Span = tuple[int, int]  # messages, both ends included
LEAST_AT_LOAD = 50  # first messages, below which a ratio of shares says too little
LEAST_OF_BIN = 500  # messages, below which the share answered at a load says too little


def answered_at(m: Messages, p: Pairs, received: Span, sent: Span = ANY, days: float = WEEK) -> Found:
    """Return the share of first messages answered within so many days, by what their recipient received and sent in the 7 days before.

    Args:
        m: all messages.
        p: their pairs; those that could be watched for so many days are asked.
        received: messages that the recipient had received, from anybody.
        sent: messages that the recipient had sent, to anybody.
        days: within which the answer must come.
    """
    return answered_with(loads_of(m, p), p, received, sent, days)


class Loads(NamedTuple):
    """What the recipient of each pair's first message had of mail in the 7 days before it."""

    had: np.ndarray  # (pairs,) messages received, from anybody
    wrote: np.ndarray  # (pairs,) messages sent, to anybody


def loads_of(m: Messages, p: Pairs) -> Loads:
    """Return the loads of pairs, given all messages."""
    had, wrote = (in_the_days_before(who, m.day, p.recipient, p.day) for who in (m.recipient, m.sender))
    return Loads(had, wrote)


def answered_with(of: Loads, p: Pairs, received: Span, sent: Span = ANY, days: float = WEEK) -> Found:
    """Return what `answered_at` does, given the loads of the pairs."""
    asked = p.watched(days) & (received[0] <= of.had) & (of.had <= received[1]) & (sent[0] <= of.wrote) & (of.wrote <= sent[1])
    return share(p.delay <= days, asked)


def ratio_at(m: Messages, p: Pairs, received: Span, base: Span, sent: Span = ANY, *, least: int = LEAST_AT_LOAD) -> Found:
    """Return the share answered at one load over that at another; see `answered_at`. It counts as out of the smaller number.

    With fewer first messages than `least` at either, there is no figure.
    """
    above, below = answered_at(m, p, received, sent), answered_at(m, p, base, sent)
    many = min(above.out_of, below.out_of)
    return Found(above.value / below.value, many) if many >= least and below.value > 0.0 else Found(math.nan, many)


def _each(m: Messages, days: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return, for messages that could be watched for so long: recipient's load, whether answered, whether it is asked.

    A message is answered if the next one between the two comes from its recipient, within so many days.
    """
    n = len(m.day)
    most = int(max(m.sender.max(initial=0), m.recipient.max(initial=0))) + 1
    key = np.minimum(m.sender, m.recipient) * most + np.maximum(m.sender, m.recipient)
    rows = np.argsort(key, kind="stable")
    answered = np.zeros(n, bool)
    if n > 1:
        now, after = rows[:-1], rows[1:]
        back = (key[now] == key[after]) & (m.sender[now] != m.sender[after])
        answered[now] = back & (m.day[after] - m.day[now] <= days)
    load = in_the_days_before(m.recipient, m.day, m.recipient, m.day)
    return load, answered, (m.day >= m.begin) & (m.day <= m.end - days)


def answered_of_all(m: Messages, received: Span, days: float) -> Found:
    """Return the share of all messages answered within so many days, to recipients who received so many in the 7 days before."""
    load, answered, asked = _each(m, days)
    return share(answered, asked & (received[0] <= load) & (load <= received[1]))


def fall_per_doubling(m: Messages, days: float, least: int = LEAST_OF_BIN) -> Found:
    """Return by which part of itself the share of messages answered falls when the recipient's load doubles.

    The load is what was received in the 7 days before; its bins are 1, 2 to 3, 4 to 7, ..., those with as many messages as `least`
    alone: no load is asked for that does not occur. The slope of the log of the share on the log of the mean load is weighted by messages.
    """
    load, answered, asked = _each(m, days)
    asked &= load > 0
    load, answered = load[asked], answered[asked]
    place = np.floor(np.log2(load)).astype(int)
    many = np.bincount(place, minlength=1)
    yes, total = (np.bincount(place, weights=x, minlength=1) for x in (answered, load))
    kept = (many >= least) & (yes > 0)
    if kept.sum() < 2:
        return NOTHING
    slope = np.polyfit(np.log2(total[kept] / many[kept]), np.log(yes[kept] / many[kept]), 1, w=np.sqrt(many[kept]))[0]
    return Found(1.0 - math.exp(float(slope)), float(many[kept].sum()))
