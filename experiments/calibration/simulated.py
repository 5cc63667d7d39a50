"""A finished run as the patterns read it: its messages as a log would have them, its invitations and ties, and who is of which style.

A message is an item that somebody wrote to somebody and that arrived: a message, an introduction, a pitch, a follow-up, a reply, and the
note of an invitation, on the day on which it was sent. A note is counted because it can be answered in words: without it the answer
would look like a first message. An invitation without a note says nothing and is none. What the filter took, or what found nobody there,
is left out: a log has only what arrived. A run is looked at like a log of 194 days from its middle: pairs that wrote before are left out,
and what was sent afterwards is not known.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.calibration.patterns.attachment import Degrees
from experiments.calibration.patterns.messages import Messages, begun_by_message, messages_of
from experiments.calibration.patterns.pairs import Pairs, pairs_of
from sim.decisions.codes import Distance, Kind, NewTie, Outcome, Role

if TYPE_CHECKING:
    from sim.results.history import History
    from sim.results.values import Value
    from sim.scenario.scenario import Scenario

LOG_DAYS = 194  # of the public log
SELLING = ("seller", "recruiter", "bulk_sender")  # who sells and recruits; all other styles are ordinary
TEXTS = (Kind.MESSAGE, Kind.INTRODUCTION, Kind.PITCH, Kind.FOLLOW_UP, Kind.REPLY, Kind.NOTE)
INVITATIONS = (Kind.INVITATION, Kind.NOTE)


class Invitations(NamedTuple):
    """Invitations that arrived, a row each."""

    sender: np.ndarray
    recipient: np.ndarray
    day: np.ndarray  # sent
    accepted: np.ndarray  # day, infinite if not
    noted: np.ndarray  # whether they had a note
    distance: np.ndarray  # a `Distance`
    approach: np.ndarray  # whether nothing had gone between the two before


class Run(NamedTuple):
    """What a run left."""

    scenario: Scenario
    messages: Messages
    begun: Messages  # of pairs between whom no invitation came first
    pairs: Pairs
    invitations: Invitations
    selling: np.ndarray  # (members,) whether they are of a style that sells or recruits
    ties: Degrees  # degrees over time, of members who are there to the end
    tied: np.ndarray  # who was chosen for a tie, in the run
    tied_on: np.ndarray  # the day
    daily: dict[str, np.ndarray]
    counted: dict[str, np.ndarray]  # daily counters
    measures: dict[str, Value]


def window_of(days: int) -> tuple[float, float]:
    """Return the first and the last day that are looked at in a run of so many days: 194 from its middle, or all if there are fewer."""
    begin = max(0, (days - LOG_DAYS) // 2)
    return float(begin), float(min(days, begin + LOG_DAYS) - 1)


def run_of(history: History, window: tuple[float, float] | None = None, *, cut: bool = False) -> Run:
    """Return what the patterns need of a run that kept its events; the history can go then, its events are large.

    Args:
        history: of the run.
        window: the first and the last day that are looked at, those of `window_of` unless given.
        cut: whether what was sent before is not known, as to a log that begins while people already write: what two of them wrote first in it is then
            taken for their first message.
    """
    e: Any = history.events
    s = history.scenario
    begin, end = window_of(s.warm_up + s.days) if window is None else window
    sent, arrived = np.asarray(e["day_sent"]), np.asarray(e["day_delivered"]) >= 0
    arrived = arrived & (sent >= begin) if cut else arrived
    kind = _codes(e["kind"], Kind)
    text = np.isin(kind, TEXTS) & arrived
    columns = (np.asarray(e[name])[text] for name in ("sender", "recipient", "day_sent"))
    messages = messages_of(*columns, order=np.asarray(e["item"])[text], begin=begin, end=end)
    invited = np.isin(kind, INVITATIONS) & arrived
    accepted = np.isin(_codes(e["outcome"], Outcome), (Outcome.ACCEPTED, Outcome.OBLIGED))
    answered = np.where(accepted, _day_of(e), np.inf)
    invitations = Invitations(
        sender=np.asarray(e["sender"])[invited],
        recipient=np.asarray(e["recipient"])[invited],
        day=sent[invited],
        accepted=answered[invited],
        noted=(kind == Kind.NOTE)[invited],
        distance=_codes(e["distance"], Distance)[invited],
        approach=(_codes(e["role"], Role) == Role.APPROACH)[invited],
    )
    sender, recipient = (np.asarray(e[name])[arrived] for name in ("sender", "recipient"))
    begun = begun_by_message(
        sender, recipient, sent[arrived], np.asarray(e["item"])[arrived], np.isin(kind[arrived], INVITATIONS), messages
    )
    selling = np.isin(np.asarray(history.members["style"], str), SELLING)
    ties, tied, tied_on = _ties(history, _codes(e["tie"], NewTie) != NewTie.NO_TIE, begin, end)
    return Run(
        scenario=s,
        messages=messages,
        begun=begun,
        pairs=pairs_of(begun),
        invitations=invitations,
        selling=selling,
        ties=ties,
        tied=tied,
        tied_on=tied_on,
        daily=history.daily,
        counted=history.raw_daily,
        measures=history.measures,
    )


def _codes(words: Collection[str], group: Any) -> np.ndarray:
    """Return the codes of the words of a table, without a loop over items."""
    return np.fromiter(map({code.label: int(code) for code in group}.__getitem__, words), np.int8, len(words))


def _day_of(e: Any) -> np.ndarray:
    """Return the day on which an item was answered; where two invitations crossed, that of their delivery."""
    answered = np.asarray(e["day_answered"])
    return np.where(answered >= 0, answered, np.asarray(e["day_delivered"]))


def _ties(history: History, made: np.ndarray, begin: float, end: float) -> tuple[Degrees, np.ndarray, np.ndarray]:
    """Return degrees over time, and who was chosen for a tie and when.

    As in a study of a network's snapshot: members who are there at the end, the ties that they have then, and when each was made. An
    invitation chooses its recipient, a newcomer those whom they bring along: of the two the one who was there before.
    """
    m, t, e = history.members, history.ties, history.events
    assert e is not None  # noqa: S101  (they were asked for)
    n = len(m["id"])
    a, b, since = np.asarray(t["a"], np.int64), np.asarray(t["b"], np.int64), np.asarray(t["since"], float)
    there = np.where(np.asarray(m["active"]) == 1, np.asarray(m["joined"], float), np.inf)
    sender, recipient = (np.asarray(e[name], np.int64)[made] for name in ("sender", "recipient"))
    key = np.minimum(sender, recipient) * n + np.maximum(sender, recipient)
    key, rows = np.unique(key, return_index=True)
    chosen = np.minimum(a, b)
    if len(key):
        place = np.minimum(np.searchsorted(key, np.minimum(a, b) * n + np.maximum(a, b)), len(key) - 1)
        invited = key[place] == np.minimum(a, b) * n + np.maximum(a, b)
        chosen = np.where(invited, recipient[rows[place]], chosen)
    return Degrees(member=np.concatenate([a, b]), day=np.concatenate([since, since]), there=there, begin=begin, end=end), chosen, since
