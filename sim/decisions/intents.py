"""What counts as the success of an intent, once its windows have closed."""

from __future__ import annotations

from sim.decisions.codes import PROMOTION, RELATIONSHIP, WALK_AWAY
from sim.decisions.constants import STILL_IN_TOUCH
from sim.jit import register_jitable


@register_jitable
def was_tried(other: int, button: int) -> bool:
    """Tell whether an intent led to an item; `other` is -1 where nobody was found."""
    return other >= 0 and button != WALK_AWAY


@register_jitable
def has_success(purpose: int, answered: bool, exchanges: int) -> bool:
    """Tell whether an intent succeeded: exchanges for a relationship, an answer within its window for a question or an offer."""
    return exchanges >= 1 if purpose == RELATIONSHIP else answered


@register_jitable
def is_wished_for(purpose: int) -> bool:
    """Tell whether an intent counts for a member's success: a promoter's sales do not."""
    return purpose != PROMOTION


@register_jitable
def is_in_touch(exchanges: int, days: int) -> bool:
    """Tell whether two who have talked since the intent are still in contact; `days`: since the last one."""
    return exchanges >= 1 and days <= STILL_IN_TOUCH
