"""What a visit to the inbox takes in: what is left unread, what is settled and reported, and which answers are heard at once."""

from __future__ import annotations

from typing import Any

from sim.decisions.codes import PUT_OFF
from sim.decisions.constants import MOST_TURNS, NEVER
from sim.decisions.inbox import is_positive
from sim.jit import register_jitable


@register_jitable
def left_unread(unread: int, budget: int) -> int:
    """Return how many of the unread items a visit that can read `budget` of them leaves so."""
    return max(0, unread - budget)


@register_jitable
def attention_left(unread: int, budget: int) -> int:
    """Return how many items a visit can still read once all that it can read is read: for what comes in on the same day."""
    return max(0, budget - unread)


@register_jitable
def is_read_today(outcome: int, due: int) -> bool:
    """Tell whether an item that is settled was read today. One that is answered at last was read when its answer was put off (`due`)."""
    return due == NEVER or outcome == PUT_OFF


@register_jitable
def may_be_reported(unwelcome: bool, outcome: int) -> bool:
    """Tell whether the reader of an item may report it, or opt out: it was unwelcome, and is not answered, today or later."""
    return unwelcome and not is_positive(outcome) and outcome != PUT_OFF


@register_jitable
def can_hear(attention: int, active: bool) -> bool:
    """Tell whether somebody can hear an answer on the day on which it is written: there, with attention left."""
    return active and attention > 0


@register_jitable
def stays(p: Any, u: float) -> bool:
    """Tell whether somebody stays for one more turn of a talk."""
    return u < p.thread_stay


@register_jitable
def is_cut_short(turn: int) -> bool:
    """Tell whether a talk has had the most turns of a day: it goes on tomorrow."""
    return turn >= MOST_TURNS
