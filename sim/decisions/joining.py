"""How many contacts a new member brings along, and where they are found."""

from __future__ import annotations

import math
from typing import Any

from sim.decisions.codes import BY_ATTACHMENT, BY_EMPLOYER, BY_FRIEND, BY_INDUSTRY, BY_SCHOOL
from sim.decisions.common import clip
from sim.decisions.constants import MOST_CONTACTS, REDRAWS
from sim.jit import register_jitable

REFERENCE_DEGREE = 50.0  # contacts_median is stated at this mean degree


@register_jitable
def contact_count(p: Any, normal: float, mean_degree: float) -> float:
    """Return the number of contacts of a newcomer, log-normal, scaled to the network's mean degree."""
    return p.network_contacts_median * mean_degree / REFERENCE_DEGREE * math.exp(p.network_contacts_sd * normal)


@register_jitable
def degree_of_known(mean_degree: float, crowd: float) -> float:
    """Return the mean degree to which a newcomer's acquaintances are scaled; `crowd`: how many have ever joined for each who is there.

    Who has left is known too, and not to be contacted.
    """
    return mean_degree * crowd


@register_jitable
def contact_route(p: Any, u: float) -> int:
    """Return where a member of the start finds the next contact: among friends' friends, or as `acquaintance_route` says."""
    # Leskovec et al. 2008: friends of friends close most triangles
    if u < p.network_friend_share:
        return BY_FRIEND
    return acquaintance_route(p, (u - p.network_friend_share) / (1.0 - p.network_friend_share))


@register_jitable
def acquaintance_route(p: Any, u: float) -> int:
    """Return whence somebody knows somebody: from the employer, the school, the industry, or anywhere."""
    if u < p.network_employer_share:
        return BY_EMPLOYER
    if u < p.network_employer_share + p.network_school_share:
        return BY_SCHOOL
    return BY_INDUSTRY if u < p.network_employer_share + p.network_school_share + p.network_industry_share else BY_ATTACHMENT


@register_jitable
def greeting_day(p: Any, day: int, u: float) -> int:
    """Return the day on which a newcomer of `day` first thinks of contacting somebody known: exponential delays."""
    return day + int(-math.log(u) * p.network_greeting_days)


@register_jitable
def is_suggested(p: Any, u: float) -> bool:
    """Tell whether somebody known is contacted from a list of suggestions, and not from their profile."""
    return u < p.network_suggestions


@register_jitable
def race_weight(p: Any, degree: int) -> float:
    """Return the weight of an entrant in a race: (degree + 1) to the attachment exponent."""
    # Leskovec et al. 2008: 0.6 among LinkedIn's members; + 1, so that who has nobody can be found
    return math.exp(p.network_attachment * math.log(degree + 1.0))


@register_jitable
def race_time(u: float, weight: float) -> float:
    """Return the arrival time of an entrant; the least wins."""
    # exponential with this rate: the chance to be first is in proportion to the weight
    return -math.log(u) / weight


@register_jitable
def bounded_count(x: float, u: float, most: float) -> int:
    """Return `x` rounded up or down by the draw `u` so that its mean is x, within [0, most]."""
    x = clip(x, 0.0, most)
    whole = math.floor(x)
    return int(whole) + (1 if u < x - whole else 0)


@register_jitable
def contacts_wanted(p: Any, normal: float, mean_degree: float, u: float, present: int) -> int:
    """Return how many contacts a newcomer looks for, of whom no more can be than are `present`."""
    return min(bounded_count(contact_count(p, normal, mean_degree), u, MOST_CONTACTS), present)


@register_jitable
def contact_draw(c: int, redraw: int) -> int:
    """Return the count under which the c-th contact's draws stand, at this redraw."""
    return c * REDRAWS + redraw
