"""Which buttons a design offers a member today: limits act here, before anything is sent."""

from __future__ import annotations

import math
from typing import Any, TypeVar

from sim.decisions.codes import CONNECTED
from sim.decisions.common import is_cold_message
from sim.decisions.constants import NO_CREDITS
from sim.jit import register_jitable

Number = TypeVar("Number", int, float)
ANYBODY, NOBODY_WORTH = -1e9, 1e9  # relevances below and above all that there are
LOGISTIC_SCALE = 0.5513288954217921  # sqrt(3) / pi: a logistic distribution of this scale has a standard deviation of 1


@register_jitable
def used_so_far(count: Number, period: int, current: int) -> Number | int:
    """Return how much of an allowance is used up: what was counted in an earlier day, week or month is over."""
    return count if period == current else 0


@register_jitable
def period_of(day: int, joined: int, length: int) -> int:
    """Return the number of a member's week or month: each counts from the day on which the member joined.

    Were it the same for all, everybody's credits would come back on one day, and the saw-tooth would read as a signal.
    """
    return (day - joined) // length


@register_jitable
def costs_credits(design: Any) -> bool:
    """Tell whether messages to strangers cost credits."""
    return design.credits_a_month > 0.0


@register_jitable
def credits_after_reply(design: Any, used: float, kind: int, distance: int) -> float:
    """Return the credits used up once an item sent over this distance is answered: what a message has cost comes back."""
    if is_cold_message(kind, distance == CONNECTED) and costs_credits(design) and used > 0.0:
        return max(0.0, used - design.credit_refund)
    return used


@register_jitable
def share_left(allowance: float, used: float) -> float:
    """Return the share of an allowance that is left; none of nothing."""
    return max(0.0, 1.0 - used / allowance) if allowance > 0.0 else 0.0


@register_jitable
def messages_left(design: Any, sent_today: int, credits_used: float) -> float:
    """Return the share of messages to strangers that is left: of the day's, or of the month's credits if that is less."""
    left = share_left(design.messages_a_day, sent_today)
    return min(left, share_left(design.credits_a_month, credits_used)) if costs_credits(design) else left


@register_jitable
def credits_left(design: Any, credits_used: float) -> float:
    """Return how many credits a member has; NO_CREDITS where the design asks for none."""
    return max(0.0, design.credits_a_month - credits_used) if costs_credits(design) else NO_CREDITS


@register_jitable
def reservation(p: Any, left: float) -> float:
    """Return the relevance that a prospect must have to be worth one of the approaches of which a share `left` is left.

    Of random prospects, whose relevance is about standard normal, the share left^scarcity is worth it. The quantile is the
    logistic distribution's of the same spread, whose inverse is a logarithm.
    """
    if p.outreach_scarcity <= 0.0 or left >= 1.0:
        return ANYBODY
    if left <= 0.0:
        return NOBODY_WORTH
    worth = math.exp(p.outreach_scarcity * math.log(left))
    if worth >= 1.0:
        return ANYBODY
    return LOGISTIC_SCALE * math.log((1.0 - worth) / worth)


@register_jitable
def is_worth_message(p: Any, design: Any, connected: bool, seen: float, sent_today: int, credits_used: float) -> bool:
    """Tell whether somebody whose relevance looks like `seen` is worth a message: connections are, since these are not scarce."""
    return connected or seen >= NOBODY_WORTH or seen >= reservation(p, messages_left(design, sent_today, credits_used))


@register_jitable
def is_worth_invitation(p: Any, design: Any, seen: float, sent_this_week: int) -> bool:
    """Tell whether somebody whose relevance looks like `seen` is worth one of the week's invitations."""
    return seen >= NOBODY_WORTH or seen >= reservation(p, share_left(design.invitations_a_week, sent_this_week))


@register_jitable
def message_allowed(design: Any, connected: bool, closed: bool, restricted: bool, sent_today: int, credits_used: float) -> bool:
    """Tell whether a message to this profile is possible; `closed`: the other has opted out of strangers' messages."""
    if restricted:
        return False
    if connected:
        return True
    if closed or design.open_messages <= 0.0 or sent_today >= design.messages_a_day:
        return False
    return design.credits_a_month <= 0.0 or credits_used + 1.0 <= design.credits_a_month


@register_jitable
def invitation_allowed(
    p: Any,
    design: Any,
    restricted: bool,
    sent_this_week: int,
    degree: int,
    other_degree: int,
    mine: bool,
    theirs: bool,
    refused: bool,
    days: int,
) -> bool:
    """Tell whether an invitation is possible. The cap on connections limits asking alone: accepting goes past it.

    `mine`, `theirs`: an invitation that has not been answered, `refused`: the last was declined, `days` ago. One left
    unanswered counts as withdrawn once it has sunk; a declined or withdrawn one rests for the design's `repeat_days`.
    """
    if restricted or sent_this_week >= design.invitations_a_week:
        return False
    if degree >= design.connection_cap or other_degree >= design.connection_cap:
        return False
    # one of theirs is to be answered, not crossed days later
    if theirs and days <= p.attention_sink_invitation:
        return False
    if mine:
        return days > p.attention_sink_invitation + design.repeat_days
    return not refused or days >= design.repeat_days
