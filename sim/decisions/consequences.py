"""What grows out of an exchange, and what experience teaches.

What fades is kept as a value and the day on which it was true; `days` have passed since.
"""

from __future__ import annotations

import math
from typing import Any

from sim.decisions.codes import COLLABORATION, DEAL, MEETING, NOTHING, OFF_PLATFORM
from sim.decisions.common import LN2, clip, decayed
from sim.jit import register_jitable

LEAST_VOLUME, MOST_VOLUME = 0.25, 2.0  # an assumption: experience halves or doubles activity, not more
YEAR = 365.0
MOST_PERSONAL = 1.0  # a component of quality lies within [0, 1]


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
def strengthened(p: Any, strength: float, days: int, gain: float) -> float:
    """Return a tie's strength `days` after its last contact, plus a gain."""
    return decayed(strength, float(days), p.tie_half_life) + gain


@register_jitable
def annoyance_after(p: Any, annoyance: float, days: int) -> float:
    """Return what is left of annoyance after `days`."""
    return decayed(annoyance, float(days), p.learning_annoyance_half_life)


@register_jitable
def annoyed(p: Any, annoyance: float, days: int) -> float:
    """Return annoyance after reading one more unwelcome item."""
    return annoyance_after(p, annoyance, days) + p.unwelcome_annoyance


@register_jitable
def appeased(p: Any, annoyance: float, days: int) -> float:
    """Return annoyance after an apology."""
    return annoyance_after(p, annoyance, days) * p.learning_apology


@register_jitable
def load_after(p: Any, load: float, days: int) -> float:
    """Return what is left of a member's inbound load after `days`, in items a day."""
    return decayed(load, float(days), p.learning_load_half_life)


@register_jitable
def load_with_item(p: Any, load: float, days: int) -> float:
    """Return a member's inbound load with one more item.

    A steady stream of one item a day sums up to a load of one: an item weighs ln 2 by the half-life.
    """
    return load_after(p, load, days) + LN2 / p.learning_load_half_life


@register_jitable
def invitations_after(p: Any, recent: float, days: int) -> float:
    """Return a member's recent invitations, as the record shows them after `days`."""
    return decayed(recent, float(days), p.learning_load_half_life)


@register_jitable
def invitations_with_one(p: Any, recent: float, days: int) -> float:
    """Return a member's recent invitations with one more."""
    return invitations_after(p, recent, days) + 1.0


@register_jitable
def reputation_after(p: Any, lost: float, days: int) -> float:
    """Return what a member has lost of reputation and not regained after `days`."""
    return decayed(lost, float(days), p.learning_reputation_half_life)


@register_jitable
def reputation_after_unfollow(p: Any, lost: float, days: int) -> float:
    """Return what a member has lost of reputation once somebody has unfollowed."""
    return reputation_after(p, lost, days) + p.feed_reputation


@register_jitable
def volume_after_reply(p: Any, volume: float) -> float:
    """Return a sender's volume after a reply."""
    return clip(volume * (1.0 + p.learning_volume_reply), LEAST_VOLUME, MOST_VOLUME)


@register_jitable
def volume_after_restriction(p: Any, volume: float, adjusts: float) -> float:
    """Return a sender's volume after a restriction."""
    return clip(volume * (1.0 - p.learning_volume_restriction * adjusts), LEAST_VOLUME, MOST_VOLUME)


@register_jitable
def personal_after_restriction(p: Any, personal: float, adjusts: float) -> float:
    """Return what experience adds to personalising, after a restriction."""
    return min(MOST_PERSONAL, personal + p.learning_personalise * adjusts)


@register_jitable
def leaves(p: Any, annoyance: float, quiet: bool, u: float) -> bool:
    """Tell whether a member leaves for good today; one draw for all reasons. The quiet may give their account up."""
    chance = p.population_leaving + p.learning_leaving_annoyance * annoyance
    return u < (chance + p.population_abandoning if quiet else chance)


@register_jitable
def goes_quiet(p: Any, annoyance: float, u: float) -> bool:
    """Tell whether a member goes quiet today: stops coming, but keeps the account."""
    return u < p.population_quieting + p.learning_quieting_annoyance * annoyance


@register_jitable
def is_back(p: Any, u: float) -> bool:
    """Tell whether a member who has gone quiet comes back today."""
    return u < p.population_returning


@register_jitable
def quiet_share(p: Any) -> float:
    """Return the share q of members who are quiet where it stays the same: go quiet, come back, give up, while newcomers are not.

    quieting (1 - q) = q (returning + abandoning (1 - q) + newcomers a member), whoever leaves otherwise leaving q as it is.
    """
    coming = p.population_turnover + p.population_growth / YEAR
    total = p.population_quieting + p.population_returning + p.population_abandoning + coming
    if total <= 0.0:
        return 0.0
    root = math.sqrt(max(0.0, total * total - 4.0 * p.population_abandoning * p.population_quieting))
    return 2.0 * p.population_quieting / (total + root)


@register_jitable
def opts_out(p: Any, annoyance: float, u: float) -> bool:
    """Tell whether a member closes the inbox to strangers today."""
    return u < p.learning_opt_out * annoyance


@register_jitable
def opt_out_end(p: Any, day: int) -> int:
    """Return the day on which an inbox closed on `day` opens to strangers again."""
    return day + int(p.learning_opt_back_days)


@register_jitable
def opted_until(p: Any, until: int, annoyance: float, day: int, u: float) -> int:
    """Return the day before which an inbox is closed to strangers: `until`, unless it is open by now and closed again today."""
    return opt_out_end(p, day) if until <= day and opts_out(p, annoyance, u) else until
