"""What a target asks of a run, by the names that the targets' files give: `READINGS[name](run, **arguments)`.

Patterns that a message log shows are those of `patterns`, given the run's messages; the rest is counted from invitations, ties and days.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from experiments.calibration.patterns import attachment, load, pairs, spread
from experiments.calibration.patterns.messages import NOTHING, Found, share
from experiments.calibration.simulated import Run
from sim.decisions.codes import Distance
from sim.decisions.constants import MONTH

DISTANCES = {"stranger": Distance.STRANGER, "second degree": Distance.SECOND_DEGREE}
LAST_DAYS = 30  # over which the mean degree at the end is taken


def answers_by(run: Run, nights: int) -> Found:
    """Return the share of answers on the day of the first message (0), by the next day (1), ..."""
    return pairs.answered_by(run.pairs, nights)


def messages_a_pair(run: Run, quantile: float) -> Found:
    """Return a quantile of the messages a pair."""
    return pairs.messages_quantile(run.pairs, quantile)


def going_on(run: Run, turns: int) -> Found:
    """Return the share of talks with so many turns that have another."""
    return pairs.goes_on(run.pairs, turns)


def follow_ups(run: Run) -> Found:
    """Return the follow-ups a first message of ordinary styles, which run no sequences."""
    return pairs.follow_ups(run.pairs, ~run.selling[run.pairs.sender])


def load_ratio(run: Run, received: Sequence[int], base: Sequence[int], sent: Sequence[int] = load.ANY) -> Found:
    """Return the share of first messages answered at one load over that at another."""
    spans = ((int(low), int(high)) for low, high in (received, base, sent))
    return load.ratio_at(run.messages, run.pairs, *spans)


def answered_of_all(run: Run, received: Sequence[int]) -> Found:
    """Return the share of all messages answered within a month, to recipients who received so many in the 7 days before."""
    return load.answered_of_all(run.messages, (int(received[0]), int(received[1])), MONTH)


def fall_per_doubling(run: Run) -> Found:
    """Return by which part the share of messages answered within a month falls when the load doubles."""
    return load.fall_per_doubling(run.messages, MONTH)


def concentration(run: Run, side: str) -> Found:
    """Return the Gini index of first messages "sent" or "received"."""
    return spread.concentration(run.messages, run.pairs, side)


def rates_spread(run: Run, side: str) -> Found:
    """Return the standard deviation of members' own reply rates, binomial noise taken out."""
    return spread.rates_spread(run.pairs, side=side)


def attachment_of_ties(run: Run) -> Found:
    """Return the exponent with which members are chosen for ties, by their degree at the time."""
    return attachment.realised(run.ties, run.tied, run.tied_on)


def attachment_of_first_messages(run: Run) -> Found:
    """Return the exponent with which members get first messages, by how many they had exchanged messages with before."""
    return attachment.of_first_messages(run.messages, run.pairs)


def _approaches(run: Run) -> np.ndarray:
    """Tell which invitations are approaches of the time that is looked at, and could be watched for a month."""
    i, m = run.invitations, run.messages
    return i.approach & (i.day >= m.begin) & (i.day <= m.end - MONTH)


def _accepted(run: Run) -> np.ndarray:
    """Tell which invitations were accepted within a month."""
    return np.asarray(run.invitations.accepted - run.invitations.day <= MONTH, bool)


def _replied(run: Run) -> np.ndarray:
    """Tell which invitations brought a message back within a month, to a note or to what was written after acceptance."""
    i, m = run.invitations, run.messages
    if not len(m.day):
        return np.zeros(len(i.day), bool)
    n, room = len(run.selling), m.end + 2.0 * MONTH  # a stretch of the line for each pair, longer than any window
    line = np.sort((m.sender * n + m.recipient) * room + m.day)
    asked = (i.recipient.astype(np.int64) * n + i.sender) * room + i.day
    found = np.searchsorted(line, asked + MONTH, "right") > np.searchsorted(line, asked, "left")
    return np.asarray(found, bool)


def acceptance(run: Run, distance: str) -> Found:
    """Return the share of invitations accepted within a month, read or not, that were the approach, at a distance."""
    return share(_accepted(run), _approaches(run) & (run.invitations.distance == DISTANCES[distance]))


def note_ratio(run: Run, what: str) -> Found:
    """Return what invitations with a note bring over those without, from styles that sell and recruit: "accepted" or "replied"."""
    i = run.invitations
    asked = _approaches(run) & run.selling[i.sender]
    came = {"accepted": _accepted, "replied": _replied}[what](run)
    with_note, without = share(came, asked & i.noted), share(came, asked & ~i.noted)
    if not with_note.out_of or not without.out_of or without.value == 0.0:
        return NOTHING
    return Found(with_note.value / without.value, min(with_note.out_of, without.out_of))


def degree_drift(run: Run) -> Found:
    """Return the relative change of the mean degree from the first day to the last thirty."""
    degree = run.daily["mean_degree"]
    return Found(float(np.mean(degree[-LAST_DAYS:])) / float(degree[0]) - 1.0, 1.0) if degree[0] else NOTHING


def volume(run: Run, counter: str) -> Found:
    """Return a daily counter per active member and day after the warm-up."""
    warm_up = run.scenario.warm_up
    days = float(np.nansum(run.daily["active"][warm_up:]))
    return Found(float(run.counted[counter][warm_up:].sum()) / days, days) if days else NOTHING


def measure(run: Run, name: str) -> Found:
    """Return a measure of the run, with its denominator."""
    value = run.measures.get(name)
    if value is None or value.value is None:
        return NOTHING
    return Found(value.value, math.nan if value.denominator is None else value.denominator)


READINGS: dict[str, Callable[..., Found]] = {
    one.__name__: one
    for one in (
        answers_by,
        messages_a_pair,
        going_on,
        follow_ups,
        load_ratio,
        answered_of_all,
        fall_per_doubling,
        concentration,
        rates_spread,
        attachment_of_ties,
        attachment_of_first_messages,
        acceptance,
        note_ratio,
        degree_drift,
        volume,
        measure,
    )
}
