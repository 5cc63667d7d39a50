"""What can be seen of a log or of a run, in one form: messages, pairs, invitations, who is there. What is computed from it serves both.

People are numbered from 0 over those who appear, so that shares of people mean the same for a log, which knows nobody else, and for a run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.calibration.patterns.load import Loads, loads_of
from experiments.calibration.patterns.messages import Messages, begun_by_message, messages_of
from experiments.calibration.patterns.pairs import Pairs, pairs_of

if TYPE_CHECKING:
    from experiments.calibration.simulated import Run
    from sim.population.networks.log import Log

DAY = 86_400.0  # seconds


class Asked(NamedTuple):
    """Invitations of the time that is looked at, a row each."""

    sender: np.ndarray  # (n,) int64
    day: np.ndarray  # (n,) float64
    accepted: np.ndarray  # (n,) 1.0 accepted by the end, 0.0 not, nan where nothing is said
    noted: np.ndarray  # (n,) bool, whether with a text


class Seen(NamedTuple):
    """Who wrote to whom."""

    people: int  # who appear
    begin: float  # the first day that is looked at
    end: float  # the last one
    pairs: Pairs
    loads: Loads  # of the pairs
    asked: Asked | None  # None where invitations cannot be seen
    written: np.ndarray  # (people,) messages by each in the time that is looked at

    @property
    def days(self) -> float:
        """Return how many days are looked at, the first and the last among them."""
        return self.end - self.begin + 1.0


def seen_of(messages: Messages, begun: Messages, asked: Asked | None) -> Seen:
    """Return what is seen of messages, their people numbered anew: those of the time that is looked at.

    Args:
        messages: all of them.
        begun: those of pairs that began with a message.
        asked: invitations, if they are known.
    """
    inside = messages.day >= messages.begin
    there = [messages.sender[inside], messages.recipient[inside], *([] if asked is None else [asked.sender])]
    ids, numbered = np.unique(np.concatenate(there), return_inverse=True)
    written = np.bincount(numbered[: int(inside.sum())], minlength=len(ids))
    pairs = pairs_of(begun)
    loads = loads_of(messages, pairs)
    pairs = pairs._replace(sender=np.searchsorted(ids, pairs.sender), recipient=np.searchsorted(ids, pairs.recipient))
    asked = None if asked is None else asked._replace(sender=np.searchsorted(ids, asked.sender))
    return Seen(len(ids), messages.begin, messages.end, pairs, loads, asked, written)


def seen_in_log(log: Log) -> Seen:
    """Return what is seen of a log; a row from somebody to themselves is left out.

    Invitations are known if a row is one. An invitation with a text is a message too: it can be answered in words.
    """
    day = (log.seconds - log.seconds.min()) / DAY
    end, text, other = float(day.max()), ~log.invitation | log.note, log.sender != log.recipient
    order = np.arange(len(day))
    messages = messages_of(log.sender[text], log.recipient[text], day[text], order=order[text], begin=0.0, end=end)
    if not log.invitation.any():
        return seen_of(messages, messages, None)
    rows = log.invitation & other
    asked = Asked(log.sender[rows], day[rows], np.where(log.accepted < 0, np.nan, log.accepted)[rows], log.note[rows])
    begun = begun_by_message(log.sender[other], log.recipient[other], day[other], order[other], log.invitation[other], messages)
    return seen_of(messages, begun, asked)


def seen_in_run(run: Run) -> Seen:
    """Return what is seen of a run as `simulated.run_of` gives it."""
    i, m = run.invitations, run.messages
    rows = (i.day >= m.begin) & (i.day <= m.end)
    accepted = (i.accepted <= m.end).astype(float)
    return seen_of(m, run.begun, Asked(i.sender[rows].astype(np.int64), i.day[rows], accepted[rows], i.noted[rows]))
