"""What grows out of an exchange, and what experience teaches (MODEL 7)."""

from __future__ import annotations

from typing import Any

from numba.extending import register_jitable

from sim.decisions.common import clip, decayed

NOTHING, OFF_PLATFORM, MEETING, COLLABORATION, DEAL = 0, 1, 2, 3, 4
LEAST_VOLUME, MOST_VOLUME = 0.25, 2.0  # an assumption: experience halves or doubles activity, not more
DORMANT = 0.125  # a tie below this strength is dormant (MODEL 7)


@register_jitable
def exchange_outcome(p: Any, one_region: bool, bridging: bool, u: float) -> int:
    """Return what an exchange leads to, all cut from one draw; ties across industries make new ventures likelier."""
    lift = p.thread_cross_industry if bridging else 1.0
    x = p.thread_off_platform
    if u < x:
        return OFF_PLATFORM
    x += p.thread_meeting if one_region else 0.0
    if u < x:
        return MEETING
    x += p.thread_collaboration * lift
    if u < x:
        return COLLABORATION
    x += p.thread_deal * lift
    return DEAL if u < x else NOTHING


@register_jitable
def strengthened(p: Any, strength: float, days: float, gain: float) -> float:
    """Return a tie's strength `days` after its last contact, plus a gain."""
    return decayed(strength, days, p.tie_half_life) + gain


@register_jitable
def volume_after_reply(p: Any, volume: float) -> float:
    """Return a sender's volume after a reply."""
    return clip(volume * (1.0 + p.learning_volume_reply), LEAST_VOLUME, MOST_VOLUME)


@register_jitable
def volume_after_restriction(p: Any, volume: float, adjusts: float) -> float:
    """Return a sender's volume after a restriction."""
    return clip(volume * (1.0 - p.learning_volume_restriction * adjusts), LEAST_VOLUME, MOST_VOLUME)


@register_jitable
def leaves(p: Any, annoyance: float, u: float) -> bool:
    """Tell whether a member leaves today; one draw for both reasons."""
    return u < p.population_leaving + p.learning_leaving_annoyance * annoyance


@register_jitable
def opts_out(p: Any, annoyance: float, u: float) -> bool:
    """Tell whether a member closes the inbox to strangers today."""
    return u < p.learning_opt_out * annoyance
