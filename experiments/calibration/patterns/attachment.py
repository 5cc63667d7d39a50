"""Attachment as it was realised: how the rate of being chosen grows with the degree that a member had at the time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from experiments.calibration.patterns.messages import NOTHING, Found, Messages, in_the_days_before
from experiments.calibration.patterns.pairs import Pairs, pairs_of

LEAST_CHOSEN = 20  # times, below which the rate at a degree says too little
STEPS = 2.0  # bins for each doubling of degree + 1


class Degrees(NamedTuple):
    """When members' degrees grew by one, an entry a step, over the time that is looked at."""

    member: np.ndarray  # (steps,) whose degree grew
    day: np.ndarray  # (steps,) when
    there: np.ndarray  # (members,) day from which a member can be chosen; infinite for one who is left out
    begin: float
    end: float


def time_at(d: Degrees) -> np.ndarray:
    """Return the member-days spent at each degree, from 0 up, between `begin` and `end`."""
    n = len(d.there)
    who = np.concatenate([np.arange(n), d.member])
    since = np.concatenate([np.full(n, -np.inf), d.day])  # all begin with a degree of 0
    rows = np.lexsort((since, who))
    who, since = who[rows], since[rows]
    first = np.concatenate([[0], np.cumsum(np.bincount(d.member, minlength=n) + 1)])[:-1]
    level = np.arange(len(who)) - first[who]
    until = np.full(len(who), d.end)
    until[:-1] = np.where(who[1:] == who[:-1], np.minimum(since[1:], d.end), d.end)
    spent = np.maximum(until - np.maximum(np.maximum(since, d.there[who]), d.begin), 0.0)
    return np.bincount(level, weights=spent)


def degree_at(d: Degrees, who: np.ndarray, when: np.ndarray) -> np.ndarray:
    """Return the degrees that members had just before these moments."""
    ever = max(float(np.max(when, initial=0.0)), d.end) - min(float(np.min(d.day, initial=0.0)), d.begin) + 1.0
    return in_the_days_before(d.member, when=d.day, asked=who, at=when, days=ever)


def realised(d: Degrees, chosen: np.ndarray, when: np.ndarray, least: int = 0) -> Found:
    """Return the slope of the log of the rate of being chosen on the log of degree + 1.

    The rate at a degree is the times that somebody who had it was chosen, over the days that members spent at it. Degrees are put
    together in steps of half a doubling of degree + 1, and weighted by how often they were chosen.

    Args:
        d: degrees over time.
        chosen: who was chosen.
        when: they were.
        least: degree from which on it is looked at.
    """
    days = time_at(d)
    valid = (when >= d.begin) & (when <= d.end) & (when >= d.there[chosen])
    picked = np.bincount(degree_at(d, chosen[valid], when[valid]), minlength=len(days))[: len(days)].astype(float)
    degree = np.arange(len(days))
    days[:least], picked[:least] = 0.0, 0.0
    place = np.round(STEPS * np.log2(degree + 1.0)).astype(int)
    times, there, size = (np.bincount(place, weights=x) for x in (picked, days, days * np.log(degree + 1.0)))
    kept = (times >= LEAST_CHOSEN) & (there > 0.0)
    if kept.sum() < 2:
        return NOTHING
    x, y = size[kept] / there[kept], np.log(times[kept] / there[kept])
    return Found(float(np.polyfit(x, y, 1, w=np.sqrt(times[kept]))[0]), float(times[kept].sum()))


def of_first_messages(m: Messages, p: Pairs) -> Found:
    """Return the attachment of first messages received, by how many a member had exchanged any message with before, from messages alone.

    Nobody is known before their first message, so degrees begin at 1; pairs of before the table's time count for degrees.
    """
    every = pairs_of(m._replace(begin=-np.inf))
    if not len(every.day):
        return NOTHING
    member, day = np.concatenate([every.sender, every.recipient]), np.concatenate([every.day, every.day])
    there = np.full(int(member.max()) + 1, np.inf)
    np.minimum.at(there, member, day)
    return realised(Degrees(member=member, day=day, there=there, begin=m.begin, end=m.end), p.recipient, p.day, least=1)
