"""Whose profile comes up when others search: lasting prominence, and who has been about lately.

As in activity-driven networks with attractiveness (Perra et al. 2012; Pozzana, Sun and Perra 2017), in which members differ in
how often they are found, for good, and the active are found more.
"""

from __future__ import annotations

import math
from typing import Any

from sim.decisions.common import decayed
from sim.jit import register_jitable


@register_jitable
def prominence(p: Any, activity: float, contacts: float, own: float) -> float:
    """Return the weight with which a profile comes up, log-normal; the arguments are standard normal and independent.

    `activity` stands behind the member's session rate, `contacts` behind the number of contacts brought along.
    """
    a, c = p.visibility_activity, p.visibility_contacts
    rest = math.sqrt(max(0.0, 1.0 - a * a - c * c))
    return math.exp(p.visibility_spread * (a * activity + c * contacts + rest * own))


@register_jitable
def about_kept(p: Any) -> float:
    """Return how much of the share of recent days with a session a day leaves."""
    return decayed(1.0, 1.0, p.visibility_half_life)


@register_jitable
def about_after(kept: float, about: float, here: bool) -> float:
    """Return the share of recent days with a session, one day on: 1 for whoever comes daily. `kept`: of `about_kept`."""
    return about * kept + (1.0 - kept) if here else about * kept


@register_jitable
def comes_up(p: Any, about: float, u: float) -> bool:
    """Tell whether a profile that was sampled is shown: less often, by up to `visibility.recent`, the less its owner was about."""
    return u >= p.visibility_recent * p.visibility_half / (p.visibility_half + about)
