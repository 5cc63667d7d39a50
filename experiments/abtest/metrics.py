"""What a test measures: numbers of items, credited to one of their two ends, and of members."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from sim.decisions.codes import APPROACH, NO_EXCHANGE, NO_TIE, PROMOTION, WALK_AWAY
from sim.results.measures import MEASURES

COUNT, RATIO, MEMBER = "count", "ratio", "member"
WINDOW = 14  # days in which an answer counts: as long as an inquiry waits for one
INITIATOR, RECIPIENT, BOTH, ITEM = CREDITS = ("initiator", "recipient", "both", "item")
WEEK = 7.0


class Metric(NamedTuple):
    """What is measured.

    Args:
        title: for readers.
        kind: a count of items a unit, a ratio of two such counts, or something that a member is.
        sign: 1 where more is better, -1 where less is.
        standing: a stock: what one block of days leaves is there in the next, so that days cannot be compared.
        margin: the smallest effect of interest of the measure that it follows, in its unit; per week if `weekly`.
        weekly: whether the margin is per week and member.
    """

    title: str
    kind: str
    sign: float
    standing: bool
    margin: float
    weekly: bool = False

    def margin_over(self, days: float) -> float:
        """Return the smallest effect of interest over a test of so many days, in the metric's own unit."""
        return self.margin * (days / WEEK if self.weekly else 1.0)


METRICS = {
    "partners": Metric("Two-way partners", COUNT, 1.0, True, MEASURES["partners"].smallest_effect / 2.0),
    "responses": Metric("Approaches answered", COUNT, 1.0, False, MEASURES["successes_per_member"].smallest_effect),
    "response_rate": Metric("Share of approaches answered", RATIO, 1.0, False, MEASURES["positive_response"].smallest_effect),
    "intent_success": Metric("Intent success within two weeks", RATIO, 1.0, False, MEASURES["intent_success"].smallest_effect),
    "connections": Metric("New connections", COUNT, 1.0, True, MEASURES["mean_connections"].smallest_effect / 2.0),
    "unwelcome": Metric("Unwelcome items", COUNT, -1.0, False, MEASURES["unwelcome_delivered"].smallest_effect, weekly=True),
    "retention": Metric("Retention", MEMBER, 1.0, True, MEASURES["retention"].smallest_effect),
}


class Credited(Protocol):
    """What has two ends that may be credited with it."""

    @property
    def sender(self) -> np.ndarray:
        """Ids of those who sent."""
        ...

    @property
    def recipient(self) -> np.ndarray:
        """Ids of those who received."""
        ...


class Items(NamedTuple):
    """Items of a run, in the order of their numbers; behind them its intents, which are no items but are counted alike.

    An intent stands as if sent on the day it arose, by whom it arose in; where nobody was found, its recipient is that member, too.
    """

    day: np.ndarray  # (items,) of sending
    sender: np.ndarray
    recipient: np.ndarray
    approach: np.ndarray  # bool
    answered: np.ndarray  # bool: answered or accepted within the window
    exchange: np.ndarray  # bool: likewise, by a message
    tie: np.ndarray  # bool: made a connection within the window
    unwelcome: np.ndarray  # bool: delivered, and unwelcome
    intent: np.ndarray  # bool: an intent, of which only the next column can be true; promotions are left out
    success: np.ndarray  # bool: the two had an exchange within the window

    def joined(self, other: Items) -> Items:
        """Return these, and behind them others."""
        return Items(*(np.concatenate(both) for both in zip(self, other, strict=True)))

    def where(self, places: np.ndarray) -> Items:
        """Return the items in these places, or those for which it is true."""
        return Items(*(column[places] for column in self))


def items_of(e: np.ndarray) -> Items:
    """Return the items of EVENT rows."""
    wait = e["day_answered"] - e["day_sent"]
    in_time = (e["day_answered"] >= 0) & (wait <= WINDOW)
    return Items(
        day=e["day_sent"].astype(np.int32),
        sender=e["sender"].astype(np.int32),
        recipient=e["recipient"].astype(np.int32),
        approach=e["role"] == APPROACH,
        answered=in_time,
        exchange=in_time & (e["consequence"] != NO_EXCHANGE),
        tie=(e["tie"] != NO_TIE) & (in_time | (e["day_answered"] < 0)),  # two invitations that cross connect unanswered
        unwelcome=(e["unwelcome"] == 1) & (e["day_delivered"] >= 0),
        intent=np.zeros(len(e), bool),
        success=np.zeros(len(e), bool),
    )


class Exchanges(NamedTuple):
    """Which pairs had an exchange on which days."""

    pair: np.ndarray  # (exchanges,) of `pairs_of`
    day: np.ndarray

    def joined(self, other: Exchanges) -> Exchanges:
        """Return both."""
        return Exchanges(np.concatenate([self.pair, other.pair]), np.concatenate([self.day, other.day]))

    def since(self, day: int) -> Exchanges:
        """Return those from a day on."""
        return Exchanges(self.pair[self.day >= day], self.day[self.day >= day])

    def within(self, day: np.ndarray, pair: np.ndarray) -> np.ndarray:
        """Tell for days and pairs, (n,) each, whether the pair had an exchange from that day on within the window."""
        if not len(self.day) or not len(day):
            return np.zeros(len(day), bool)
        pairs, place = np.unique(self.pair, return_inverse=True)
        days = int(max(self.day.max(), day.max())) + WINDOW + 1
        answered = np.sort(place * days + self.day)
        here = np.minimum(np.searchsorted(pairs, pair), len(pairs) - 1)
        first = here * days + day
        after = np.searchsorted(answered, first)
        soon = answered[np.minimum(after, len(answered) - 1)] - first
        found: np.ndarray = (pairs[here] == pair) & (after < len(answered)) & (soon >= 0) & (soon <= WINDOW)
        return found


def exchanges_of(events: np.ndarray) -> Exchanges:
    """Return the exchanges of EVENT rows, each on the day of its answer."""
    had = np.flatnonzero((events["day_answered"] >= 0) & (events["consequence"] != NO_EXCHANGE))
    return Exchanges(pairs_of(events["sender"][had], events["recipient"][had]), events["day_answered"][had].astype(np.int64))


def intents_of(intents: np.ndarray, exchanges: Exchanges) -> Items:
    """Return the intents of JUDGED rows that are inquiries or relationships, with what came of them within two weeks.

    The measure of the same name waits 60 days for relationships, which no test of a few weeks can. Here both have two weeks for an
    exchange, by whatever item; a question that was answered by an acceptance alone has none.
    """
    kept = intents[intents["purpose"] != PROMOTION]
    day, member = kept["arose"].astype(np.int32), kept["member"].astype(np.int32)
    other = np.where(kept["other"] >= 0, kept["other"], member).astype(np.int32)
    tried = (kept["other"] >= 0) & (kept["button"] != WALK_AWAY)
    none = np.zeros(len(kept), bool)
    success = tried & exchanges.within(day, pairs_of(member, other))
    return Items(day, member, other, none, none, none, none, none, np.ones(len(kept), bool), success)


def pairs_of(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return a number for each unordered pair of members, (n,) int64."""
    found: np.ndarray = (np.minimum(one, other).astype(np.int64) << 32) + np.maximum(one, other)
    return found


def worth(items: Items, name: str, begin: int, end: int) -> tuple[np.ndarray, np.ndarray | None]:
    """Tell for each item whether it counts for a metric, and for its denominator if it has one, sent from `begin` to before `end`."""
    during = (items.day >= begin) & (items.day < end)
    if name == "partners":
        return _first_of_pair(items, items.exchange & during), None
    if name == "connections":
        return items.tie & during, None
    if name == "unwelcome":
        return items.unwelcome & during, None
    if name == "intent_success":
        return items.success & during, items.intent & during
    tried = items.approach & during
    return tried & items.answered, tried if name == "response_rate" else None


def _first_of_pair(items: Items, chosen: np.ndarray) -> np.ndarray:
    """Tell which items are the first chosen one of their unordered pair."""
    places = np.flatnonzero(chosen)
    _, first = np.unique(pairs_of(items.sender[places], items.recipient[places]), return_index=True)
    found = np.zeros(len(chosen), bool)
    found[places[first]] = True
    return found


def credited(items: Credited, x: np.ndarray, credit: str, n: int) -> np.ndarray:
    """Return what each member is credited with, (n,): all of it to one end, or half to each."""
    if credit == INITIATOR:
        return np.bincount(items.sender, weights=x, minlength=n)
    if credit == RECIPIENT:
        return np.bincount(items.recipient, weights=x, minlength=n)
    return 0.5 * (np.bincount(items.sender, weights=x, minlength=n) + np.bincount(items.recipient, weights=x, minlength=n))
