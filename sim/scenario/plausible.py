"""The plausible range of every assumed number: as the schema says, or by one rule for all of which nothing more can be said.

By the rule a number may be half or twice as large; of a share its odds may; a logit may be one more or less; what is zero may be a tenth
of its bounds to either side. Ranges stay within bounds, and hold the value that a scenario has; those of whole numbers end at whole numbers.
"""

from __future__ import annotations

import math

from sim.scenario.fields import Plausible
from sim.scenario.validation import Limit

ASSUMED = "assumption"  # how the source of an assumed number begins
TIMES, LOGITS, PART = 2.0, 1.0, 0.1
SHARES = ("share", "chance", "component", "correlation")  # as units begin
ODDS, LOGIT, FACTOR, ZERO = (
    "because nothing is known but the guess: half to twice the odds",
    "because nothing is known but the guess: one logit less or more",
    "because nothing is known but the guess: half to twice as much",
    "because nothing is known but the guess: a tenth of its bounds to either side",
)


def plausible(limit: Limit, value: float) -> Plausible | None:
    """Return where an assumed number that stands at `value` may well lie, within its bounds; None for one that is not assumed.

    A range that the schema says is widened to hold the value.
    """
    if limit.kind is str or not limit.source.startswith(ASSUMED):
        return None
    low, high, why = limit.said or _by_rule(limit, float(value))
    if limit.kind is int:  # outward: bounds of whole numbers are whole
        low, high = math.floor(low), math.ceil(high)
    return Plausible(max(min(low, value), limit.low), min(max(high, value), limit.high), why)


def _by_rule(limit: Limit, value: float) -> Plausible:
    if value == 0.0:
        far = PART * (limit.high - limit.low)
        return Plausible(-far, far, ZERO)
    if limit.unit == "logit":
        return Plausible(value - LOGITS, value + LOGITS, LOGIT)
    if limit.unit.startswith(SHARES) and 0.0 < value <= limit.high <= 1.0:
        share = min(value, 1.0 - PART)  # certainty has no odds: it is taken for nine in ten
        low, high = (x * share / (1.0 - share + x * share) for x in (1.0 / TIMES, TIMES))
        return Plausible(low, high, ODDS)
    ends = sorted((value / TIMES, value * TIMES))
    return Plausible(ends[0], ends[1], FACTOR)
