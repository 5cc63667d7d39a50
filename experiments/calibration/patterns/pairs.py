"""What goes on between two: the first message, its answer, how long that takes, follow-ups, how many messages, whether a talk goes on.

A pair is unordered. Its first message is the earliest between the two; its answer is the first message back. Pairs that wrote before
the table begins are left out. A pattern asks for pairs that could be watched for so many days: who wrote yesterday may yet be answered.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from experiments.calibration.patterns.messages import NOTHING, Found, Messages, share

ANSWERED_IN_TIME = 60.0  # days for which pairs are watched whose delays are asked for
TURNED_IN_TIME = 30.0  # likewise, whose messages are counted
DAY_IN_HOURS = 24.0


class Pairs(NamedTuple):
    """Pairs whose first message lies in the table's time, by their ids."""

    sender: np.ndarray  # (n,) of the first message
    recipient: np.ndarray  # (n,) of the first message
    day: np.ndarray  # (n,) of the first message
    answered: np.ndarray  # (n,) day of the answer, infinite if there is none
    messages: np.ndarray  # (n,) between the two, up to the end
    turns: np.ndarray  # (n,) likewise: messages of one after one another are one turn
    followed: np.ndarray  # (n,) follow-ups: messages of the first sender on later days with no answer yet, those of one day as one
    followed_all: np.ndarray  # (n,) likewise, each message
    end: float  # of the table

    @property
    def delay(self) -> np.ndarray:
        """The days from first message to answer; infinite if there is none."""
        days: np.ndarray = self.answered - self.day
        return days

    @property
    def nights(self) -> np.ndarray:
        """How often the clock went past the end of a day between first message and answer: 0 on the same day."""
        nights: np.ndarray = np.floor(self.answered) - np.floor(self.day)
        return nights

    def watched(self, days: float) -> np.ndarray:
        """Tell which pairs could be watched for so many days after their first message."""
        return self.day <= self.end - days


def pairs_of(m: Messages) -> Pairs:
    """Return the pairs of a table."""
    if not len(m.day):
        return Pairs(*(np.zeros(0, int),) * 2, *(np.zeros(0),) * 2, *(np.zeros(0, int),) * 4, m.end)
    most = int(max(m.sender.max(), m.recipient.max())) + 1
    key = np.minimum(m.sender, m.recipient) * most + np.maximum(m.sender, m.recipient)
    rows = np.argsort(key, kind="stable")  # within a pair, messages stay in their order
    key, sender, recipient, day = key[rows], m.sender[rows], m.recipient[rows], m.day[rows]
    new = np.concatenate([[True], key[1:] != key[:-1]])
    start, pair, n = np.flatnonzero(new), np.cumsum(new) - 1, len(key)
    places = np.arange(n)
    back = sender != sender[start][pair]
    answer = np.minimum.reduceat(np.where(back, places, n), start)
    turned = np.concatenate([[True], sender[1:] != sender[:-1]]) | new
    night = np.floor(day)
    followed = (places < answer[pair]) & (night > night[start][pair])
    once = followed & np.concatenate([[True], (night[1:] != night[:-1]) | new[1:]])
    answered = np.where(answer < n, day[np.minimum(answer, n - 1)], np.inf)
    found = Pairs(
        sender=sender[start],
        recipient=recipient[start],
        day=day[start],
        answered=answered,
        messages=np.add.reduceat(np.ones(n, int), start),
        turns=np.add.reduceat(turned.astype(int), start),
        followed=np.add.reduceat(once.astype(int), start),
        followed_all=np.add.reduceat(followed.astype(int), start),
        end=m.end,
    )
    return some_of(found, found.day >= m.begin)


def some_of(p: Pairs, kept: np.ndarray) -> Pairs:
    """Return some of the pairs: those where `kept` is true, or those at its places, which may come again."""
    columns = [column for column in p if isinstance(column, np.ndarray)]
    return p._replace(**{name: column[kept] for name, column in zip(Pairs._fields, columns, strict=False)})


def answered_within(p: Pairs, days: float) -> Found:
    """Return the share of pairs answered within so many days, of those that could be watched for as long."""
    return share(p.delay <= days, p.watched(days))


def answered_by(p: Pairs, nights: float, watched: float = ANSWERED_IN_TIME) -> Found:
    """Return the share of answers that came on the day of the first message (0), by the next (1), within a week (7), ...

    Days end at midnight of the table's clock. Answered pairs alone are asked, of those watched for so long.
    """
    return share(p.nights <= nights, p.watched(watched) & np.isfinite(p.answered))


def median_delay(p: Pairs, watched: float = TURNED_IN_TIME) -> Found:
    """Return the median hours from first message to answer, answered pairs alone, of those watched for so long."""
    hours = DAY_IN_HOURS * p.delay[p.watched(watched) & np.isfinite(p.answered)]
    return Found(float(np.median(hours)), float(len(hours))) if len(hours) else NOTHING


def messages_quantile(p: Pairs, q: float, watched: float = TURNED_IN_TIME) -> Found:
    """Return a quantile of the messages a pair, of pairs watched for so long."""
    seen = p.messages[p.watched(watched)]
    return Found(float(np.quantile(seen, q)), float(len(seen))) if len(seen) else NOTHING


def talkative(p: Pairs, above: int = 10, watched: float = TURNED_IN_TIME) -> Found:
    """Return the share of pairs with more messages than that, of pairs watched for so long."""
    return share(p.messages > above, p.watched(watched))


def goes_on(p: Pairs, turns: int, watched: float = TURNED_IN_TIME) -> Found:
    """Return the share of talks with so many turns that have another, of pairs watched for so long."""
    return share(p.turns > turns, (p.turns >= turns) & p.watched(watched))


def follow_ups(p: Pairs, of: np.ndarray | None = None, *, all_of_a_day: bool = False) -> Found:
    """Return follow-ups a first message, of all pairs, or of those where `of` is true.

    Several follow-ups of one day count once unless all of a day are asked for: who writes in several short messages follows up once.
    """
    counts = p.followed_all if all_of_a_day else p.followed
    counts = counts if of is None else counts[of]
    return Found(float(counts.sum()) / len(counts), float(len(counts))) if len(counts) else NOTHING
