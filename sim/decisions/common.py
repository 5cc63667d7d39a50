"""Small formulas that several decisions use."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba.extending import overload

from sim.decisions.codes import CONNECTED, FOLLOW_UP, INVITATION, NOTE, PITCH, PROMOTION, REPLY, SECOND_DEGREE, STRANGER
from sim.jit import register_jitable
from sim.randomness import UNCALLED_FROM_C, bell, sub_hash, uniform

LN2 = 0.6931471805599453
LOGARITHMS = np.array([math.log(1.0 + count) for count in range(256)])  # of the counts that nearly all are


def log_count(count: int) -> float:
    """Return ln(1 + count) of a count, which compiled code looks up: that takes a tenth of the time."""
    return math.log(1.0 + count)


@overload(log_count, jit_options=UNCALLED_FROM_C)
def _log_count(count: Any) -> Any:  # noqa: ARG001
    def impl(count: Any) -> Any:
        return LOGARITHMS[np.uint64(count)] if count < LOGARITHMS.size else math.log(1.0 + count)

    return impl


@register_jitable
def logistic(x: float) -> float:
    """Return 1 / (1 + exp(-x)), safe for large |x|."""
    e = math.exp(-abs(x))  # the same bits on both sides of zero as if each were asked for, and nothing to guess
    return (1.0 if x >= 0.0 else e) / (1.0 + e)


@register_jitable
def decayed(value: float, days: float, half_life: float) -> float:
    """Return what is left of `value` after `days`, by half-life."""
    if value == 0.0 or days <= 0.0:
        return value
    return value * math.exp(-days * LN2 / half_life)


@register_jitable
def clip(x: float, low: float, high: float) -> float:
    """Return `x` held within [low, high]."""
    if x < low:
        return low
    if x > high:
        return high
    return x


@register_jitable
def is_invitation(kind: int) -> bool:
    """Tell whether an item of this kind asks to connect."""
    return kind in (INVITATION, NOTE)


@register_jitable
def is_unsolicited(kind: int, purpose: int, distance: int) -> bool:
    """Tell whether nobody asked for this item: replies are solicited, and talk between connections that sells nothing."""
    if kind == REPLY:
        return False
    if kind in (PITCH, FOLLOW_UP) or is_invitation(kind):
        return True
    return distance != CONNECTED or purpose == PROMOTION


@register_jitable
def are_competitors(p: Any, same_industry: bool, levels: int, h: int) -> bool:
    """Tell whether two members compete directly: some equals in one industry do, for good. `h`: the pair's bits."""
    return same_industry and levels == 0 and uniform(sub_hash(h, 0)) < p.relevance_competitors


@register_jitable
def relevance(p: Any, same_industry: bool, levels: int, competitors: bool, h: int) -> float:
    """Return how much two members have to say to each other, about standard normal over random pairs .

    `levels`: of seniority between them; `h`: the pair's bits, for their personal fit.
    """
    x = p.relevance_fit * bell(h) + p.relevance_seniority * levels - p.relevance_centre
    if same_industry:
        x += p.relevance_industry
    return x + p.relevance_competitor if competitors else x


@register_jitable
def relation(p: Any, same_industry: bool, levels: int, h: int) -> tuple[float, bool]:
    """Return (how much two members have to say to each other, whether they compete directly): for good."""
    competitors = are_competitors(p, same_industry, levels, h)
    return relevance(p, same_industry, levels, competitors, h=h), competitors


@register_jitable
def distance_of(connected: bool, mutual: int) -> int:
    """Return 1 for connected, 2 with a connection in common, 3 beyond."""
    if connected:
        return CONNECTED
    return SECOND_DEGREE if mutual > 0 else STRANGER


@register_jitable
def present_distance(connected: bool, distance: int) -> int:
    """Return the distance of an item today: two may have connected since it was written."""
    return CONNECTED if connected else distance


@register_jitable
def is_cold_message(kind: int, connected: bool) -> bool:
    """Tell whether an item is a message from outside the connections: it costs a credit, and the filter looks at it."""
    return not connected and not is_invitation(kind)


@register_jitable
def levels_above(theirs: int, mine: int) -> int:
    """Return by how many levels of seniority the other stands above; 0 for equals and below."""
    return max(0, theirs - mine)


@register_jitable
def profile_noise(h: int, side: int) -> float:
    """Return the noise through which this side of a pair sees the other's profile, for good; `h`: the pair's bits."""
    return bell(sub_hash(h, 1 + side))


@register_jitable
def seen_relevance(p: Any, true: float, connected: bool, mutual: int, noise: float) -> float:
    """Return a pair's relevance as a sender sees it: the less the profile shows, the more noise (standard normal)."""
    least = p.relevance_noise_connected
    if connected:
        return true + least * noise
    hidden = p.relevance_noise_half / (p.relevance_noise_half + mutual)
    return true + (least + (p.relevance_noise_stranger - least) * hidden) * noise


@register_jitable
def saturating(mutual: int, half: float) -> float:
    """Return m / (m + half): the weight of m mutual connections, below 1."""
    return mutual / (mutual + half)
