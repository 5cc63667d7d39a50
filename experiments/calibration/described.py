"""What a log is described by, measure by measure, from what is seen: the same code for a log and for a run."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from experiments.calibration.patterns import load, pairs, spread
from experiments.calibration.patterns.messages import NOTHING, WEEK, Found, share
from experiments.calibration.seen import Seen

MONTH = 30.0  # days for which an invitation is watched
LATE = 14.0  # days, beyond which an answer is late
FEW = 30  # below which a figure is left out: it would say little, and its interval less
BUSY = (5, 19)  # messages sent in the 7 days before, by recipients who are alike in that
ANSWERS, TALKS, PEOPLE, LOADS, INVITED, VOLUME = "answers", "talks", "people", "load", "invitations", "volume"


class Measure(NamedTuple):
    """A figure that describes a log."""

    name: str
    group: str
    title: str
    unit: str
    of: Callable[[Seen], Found]
    own: bool = False  # whether the export of one member tells it, of what that member sent
    fitted: bool = True  # whether a run, which knows whole days, can be held to it


def _replied(days: float) -> Callable[[Seen], Found]:
    return lambda s: pairs.answered_within(s.pairs, days)


def _answers_by(nights: float) -> Callable[[Seen], Found]:
    return lambda s: pairs.answered_by(s.pairs, nights, watched=MONTH)


def _late(s: Seen) -> Found:
    found = pairs.answered_by(s.pairs, LATE, watched=MONTH)
    return found._replace(value=1.0 - found.value)


def _goes_on(turns: int) -> Callable[[Seen], Found]:
    return lambda s: pairs.goes_on(s.pairs, turns)


def _quantile(q: float) -> Callable[[Seen], Found]:
    return lambda s: pairs.messages_quantile(s.pairs, q)


def _gini(side: str) -> Callable[[Seen], Found]:
    def of(s: Seen) -> Found:
        who = s.pairs.sender if side == "sent" else s.pairs.recipient
        return Found(spread.gini(np.bincount(who, minlength=s.people)), float(s.people))

    return of


def _raw(low: int, high: int) -> Callable[[Seen], Found]:
    return lambda s: load.answered_with(s.loads, s.pairs, (low, high))


def _matched(low: int, high: int) -> Callable[[Seen], Found]:
    return lambda s: load.answered_with(s.loads, s.pairs, (low, high), BUSY)


def _accepted(s: Seen) -> Found:
    if s.asked is None:
        return NOTHING
    return share(s.asked.accepted == 1.0, (s.asked.day <= s.end - MONTH) & np.isfinite(s.asked.accepted))


def _noted(s: Seen) -> Found:
    return NOTHING if s.asked is None else share(s.asked.noted, np.ones(len(s.asked.noted), bool))


def _invited(s: Seen) -> Found:
    if s.asked is None:
        return NOTHING
    both = len(s.asked.day) + len(s.pairs.day)
    return Found(len(s.asked.day) / both, float(both)) if both else NOTHING


def _first_messages(s: Seen) -> Found:
    return Found(len(s.pairs.day) / (s.people * s.days), float(len(s.pairs.day))) if s.people else NOTHING


def _written(s: Seen) -> Found:
    return Found(float(s.written.sum()) / (s.people * s.days), float(s.written.sum())) if s.people else NOTHING


def _arrivals(s: Seen) -> Found:
    first = np.full(s.people, np.inf)
    np.minimum.at(first, s.pairs.sender, s.pairs.day)
    return share(first >= s.begin + s.days / 2.0, np.isfinite(first))


def _follow_ups(s: Seen) -> Found:
    return pairs.follow_ups(s.pairs)


def _rates(side: str) -> Callable[[Seen], Found]:
    return lambda s: spread.rates_spread(s.pairs, side=side)


SHARE, A_DAY = "share", "a person and day"
DESCRIBED: dict[str, Measure] = {
    one.name: one
    for one in (
        Measure("reply_1", ANSWERS, "first messages answered within a day", SHARE, _replied(1.0), own=True, fitted=False),
        Measure("reply_7", ANSWERS, "first messages answered within 7 days", SHARE, _replied(WEEK), own=True),
        Measure("reply_30", ANSWERS, "first messages answered within 30 days", SHARE, _replied(MONTH), own=True),
        Measure("delay", ANSWERS, "hours to an answer, median", "hours", lambda s: pairs.median_delay(s.pairs), own=True, fitted=False),
        Measure("answers_day_0", ANSWERS, "of answers, those on the same day", SHARE, _answers_by(0.0), own=True),
        Measure("answers_day_1", ANSWERS, "of answers, those by the next day", SHARE, _answers_by(1.0), own=True),
        Measure("answers_day_7", ANSWERS, "of answers, those within 7 days", SHARE, _answers_by(WEEK), own=True),
        Measure("answers_late", ANSWERS, "of answers, those after more than 14 days", SHARE, _late, own=True),
        Measure("talk_turns_2", TALKS, "talks of 2 turns that have another", SHARE, _goes_on(2), own=True),
        Measure("talk_turns_4", TALKS, "talks of 4 turns that have another", SHARE, _goes_on(4), own=True),
        Measure("talk_turns_6", TALKS, "talks of 6 turns that have another", SHARE, _goes_on(6)),
        Measure("talk_turns_10", TALKS, "talks of 10 turns that have another", SHARE, _goes_on(10)),
        Measure("pair_messages_99", TALKS, "messages a pair, 99th percentile", "messages", _quantile(0.99)),
        Measure("pair_messages_11", TALKS, "pairs with more than 10 messages", SHARE, lambda s: pairs.talkative(s.pairs), own=True),
        Measure("follow_ups", ANSWERS, "follow-ups a first message", "a first message", _follow_ups, own=True),
        Measure("gini_sent", PEOPLE, "first messages sent, Gini", "Gini", _gini("sent")),
        Measure("gini_received", PEOPLE, "first messages received, Gini", "Gini", _gini("received")),
        Measure("rates_received", PEOPLE, "recipients' own reply rates, standard deviation", SHARE, _rates("received")),
        Measure("rates_sent", PEOPLE, "senders' own reply rates, standard deviation", SHARE, _rates("sent")),
        Measure("load_0", LOADS, "answered within 7 days at a load of 0", SHARE, _raw(0, 0)),
        Measure("load_1", LOADS, "answered within 7 days at a load of 1 to 4", SHARE, _raw(1, 4)),
        Measure("load_5", LOADS, "answered within 7 days at a load of 5 to 19", SHARE, _raw(5, 19)),
        Measure("load_20", LOADS, "answered within 7 days at a load of 20 to 49", SHARE, _raw(20, 49)),
        Measure("matched_5", LOADS, "answered at a load of 5 to 9, recipients who sent 5 to 19", SHARE, _matched(5, 9)),
        Measure("matched_10", LOADS, "answered at a load of 10 to 19, recipients who sent 5 to 19", SHARE, _matched(10, 19)),
        Measure("matched_20", LOADS, "answered at a load of 20 to 49, recipients who sent 5 to 19", SHARE, _matched(20, 49)),
        Measure("accepted", INVITED, "invitations accepted, of those watched for 30 days", SHARE, _accepted),
        Measure("noted", INVITED, "invitations with a text", SHARE, _noted),
        Measure("invited", INVITED, "first contacts that are invitations", SHARE, _invited),
        Measure("first_messages", VOLUME, "first messages", A_DAY, _first_messages),
        Measure("messages", VOLUME, "messages", A_DAY, _written),
        Measure("arrivals", VOLUME, "senders whose first message is in the second half", SHARE, _arrivals),
    )
}


def described(seen: Seen) -> dict[str, Found]:
    """Return every figure of what is seen, by the measure's name; of fewer than `FEW` there is none."""
    found = {name: one.of(seen) for name, one in DESCRIBED.items()}
    return {name: one if one.out_of >= FEW or not one.out_of else Found(float("nan"), one.out_of) for name, one in found.items()}
