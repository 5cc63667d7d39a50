"""Which buttons a design offers a member today: limits act here, before anything is sent."""

from __future__ import annotations

from typing import Any, TypeVar

from sim.decisions.codes import CONNECTED
from sim.decisions.common import is_cold_message
from sim.jit import register_jitable

Number = TypeVar("Number", int, float)


@register_jitable
def used_so_far(count: Number, period: int, current: int) -> Number | int:
    """Return how much of an allowance is used up: what was counted in an earlier day, week or month is over."""
    return count if period == current else 0


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
