"""What brings a member to the platform: a rate of their own that experience moves within bounds, and notifications."""

from __future__ import annotations

import math
from typing import Any

from sim.decisions.codes import BROUGHT, LOOKS_IN
from sim.decisions.common import clip, decayed, log_count
from sim.decisions.constants import SURELY
from sim.jit import register_jitable

MOST_MOOD = 1.5  # logit, an assumption: experience makes sessions at most some four times as likely, or a quarter
LEAST_ODDS = math.exp(-MOST_MOOD)
MOST_DOUBT = 10.0  # unwelcome items: a notification is then heeded one time in some eleven


@register_jitable
def pleasure_after(p: Any, pleasure: float, days: int) -> float:
    """Return what is left of the pleasure in answers after `days`, in answers."""
    return decayed(pleasure, float(days), p.sessions_half_life)


@register_jitable
def pleased(p: Any, pleasure: float, days: int) -> float:
    """Return the pleasure in answers after one more."""
    return pleasure_after(p, pleasure, days) + 1.0


@register_jitable
def mood(p: Any, pleasure: float, annoyance: float, backlog: int) -> float:
    """Return the shift of a member's session rate, in logits: answers raise it, unwelcome items and a full inbox lower it.

    `backlog`: items that the last visit left unread for lack of attention.
    """
    x = p.sessions_success * math.log(1.0 + pleasure) + p.sessions_annoyance * math.log(1.0 + annoyance)
    return clip(x + p.sessions_backlog * log_count(backlog), -MOST_MOOD, MOST_MOOD)


@register_jitable
def session_chance(rate: float, shift: float, quiet: bool) -> float:
    """Return the chance of a session today of a member with this rate and mood: logit(rate) + shift, undone; none of the quiet."""
    if quiet:
        return 0.0
    if shift == 0.0 or rate <= 0.0 or rate >= 1.0:
        return rate
    odds = rate / (1.0 - rate) * math.exp(shift)
    return odds / (1.0 + odds)


@register_jitable
def odds_kept(most: float) -> float:
    """Return how much of the odds a mood that lowers them by `most` logits, or less, leaves at least: e^-x is no less than 1 - x."""
    return max(1.0 - most, LEAST_ODDS)


@register_jitable
def is_surely_away(p: Any, rate: float, pleasure: float, u: float) -> bool:
    """Tell whether a draw is beyond the chance of a session in the best of moods, which then need not be known.

    `pleasure`: no less than what is left of it today; ln(1 + x) is no more than x.
    """
    return u * ((1.0 - rate) * odds_kept(p.sessions_success * pleasure) + rate) > rate * SURELY


@register_jitable
def is_surely_here(p: Any, rate: float, annoyance: float, backlog: int, u: float) -> bool:
    """Tell whether a draw is below the chance of a session in the worst of moods; `annoyance`: no less than what is left of it today."""
    least = rate * odds_kept(-p.sessions_annoyance * annoyance - p.sessions_backlog * backlog)
    return u * (1.0 - rate + least) * SURELY < least


@register_jitable
def doubt_after(p: Any, doubt: float, days: int) -> float:
    """Return what is left of a member's doubt about notifications after `days`, in unwelcome items."""
    return decayed(doubt, float(days), p.sessions_half_life)


@register_jitable
def doubted(p: Any, doubt: float, days: int) -> float:
    """Return the doubt about notifications after one that announced an unwelcome item."""
    return min(MOST_DOUBT, doubt_after(p, doubt, days) + 1.0)


@register_jitable
def heed_chance(p: Any, doubt: float, quiet: bool) -> float:
    """Return the chance that a notification brings its member: habituation lowers it as unwelcome items were announced."""
    chance = p.attention_notification / (1.0 + p.attention_habituation * doubt)
    return chance * p.population_quiet_heed if quiet else chance


@register_jitable
def is_brought(notified: int, muted: bool, visited: bool, day: int) -> bool:
    """Tell whether a notification of the day `notified` may bring a session on `day`: the next one, if it brought nobody at once."""
    return notified == day - 1 and not muted and not visited


@register_jitable
def is_notified(active: bool, notified: int, muted: bool, day: int) -> bool:
    """Tell whether a notification may bring a member to the inbox on `day`, without a session: one of the day itself."""
    return active and notified == day and not muted


@register_jitable
def is_announced(here: int) -> bool:
    """Tell whether what is read today was announced: a notification has brought its reader."""
    return here in (BROUGHT, LOOKS_IN)
