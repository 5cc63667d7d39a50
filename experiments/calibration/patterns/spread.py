"""How unequal members are: in first messages sent and received, and in how often they answer."""

from __future__ import annotations

import math

import numpy as np

from experiments.calibration.patterns.messages import NOTHING, Found, Messages
from experiments.calibration.patterns.pairs import TURNED_IN_TIME, Pairs

LEAST_RATED = 10  # first messages, below which a member's own rate says little


def gini(amounts: np.ndarray) -> float:
    """Return the Gini index of amounts: 0 where all have the same, near 1 where one has all; nan where nobody has any."""
    sizes = np.sort(np.asarray(amounts, float))
    n = len(sizes)
    if not n or sizes.sum() == 0.0:
        return math.nan
    return float(2.0 * (np.arange(1, n + 1) * sizes).sum() / (n * sizes.sum()) - (n + 1) / n)


def concentration(m: Messages, p: Pairs, side: str) -> Found:
    """Return the Gini index of first messages over all ids that appear in the table's time, whoever sent or received any message.

    Args:
        m: all messages.
        p: their pairs, each of which has a first message.
        side: "sent" or "received".
    """
    inside = m.day >= m.begin
    ids = np.unique(np.concatenate([m.sender[inside], m.recipient[inside]]))
    if not len(ids):
        return NOTHING
    who = {"sent": p.sender, "received": p.recipient}[side]
    counts = np.bincount(np.searchsorted(ids, who), minlength=len(ids))
    return Found(gini(counts), float(len(ids)))


def rates_spread(p: Pairs, days: float = TURNED_IN_TIME, side: str = "received", *, noise: bool = False, least: int = LEAST_RATED) -> Found:
    """Return the standard deviation of members' own rates of answering first messages, binomial noise taken out.

    A member who answers each of n messages with chance p has a rate whose variance is p(1-p)/n though the member does not vary: the
    mean of that over members is taken from the variance of their rates, with the rate in place of p. The figure is 0 if nothing is left.

    Args:
        p: the pairs; those that could be watched for so many days are rated.
        days: within which an answer counts.
        side: "received": how often members answer; "sent": how often they are answered.
        noise: whether noise is left in.
        least: first messages of a member who is rated.
    """
    seen = p.watched(days)
    who = {"sent": p.sender, "received": p.recipient}[side][seen]
    many = np.bincount(who)
    answered = np.bincount(who, weights=(p.delay <= days)[seen])
    rated = many >= least
    if rated.sum() < 2:
        return NOTHING
    n, rate = many[rated], answered[rated] / many[rated]
    variance = float(rate.var(ddof=1)) - (0.0 if noise else float((rate * (1.0 - rate) / n).mean()))
    return Found(math.sqrt(max(variance, 0.0)), float(rated.sum()))
