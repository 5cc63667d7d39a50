"""Reports, bursts and detected automation become strikes, and strikes have consequences. `rule`: a row of moderation numbers."""

from __future__ import annotations

from typing import Any

from sim.decisions.codes import NO_VIOLATION, PROMOTION
from sim.decisions.common import decayed
from sim.decisions.constants import FAR
from sim.jit import register_jitable

NO_SANCTION, RESTRICTION, BAN = 0, 1, 2
FULL_STRIKE = 1.0  # the unit of strikes: one violation that is beyond doubt


@register_jitable
def breaks_rules(violation: int, unheeded: bool) -> bool:
    """Tell whether an item breaks a rule; one sent in spite of a no (`unheeded`) does."""
    return violation != NO_VIOLATION or unheeded


@register_jitable
def report_weight(rule: Any, breaks: bool) -> float:
    """Return the strikes that a report brings: a full one for what breaks a rule, else what a mere complaint counts."""
    return FULL_STRIKE if breaks else rule.report_strike


@register_jitable
def is_wrong_report(purpose: int, breaks: bool) -> bool:
    """Tell whether a report is wrong: the item broke no rule and sold nothing."""
    return not breaks and purpose != PROMOTION


@register_jitable
def burst_strikes(rule: Any, approaches: int) -> float:
    """Return the strikes for so many approaches on one day."""
    return rule.burst_strike if approaches > rule.burst_threshold else 0.0


@register_jitable
def detection_strikes(rule: Any, style: Any, u: float) -> float:
    """Return the strikes for automation, if it is detected on a day with approaches."""
    return FULL_STRIKE if style.automated > 0.0 and u < rule.automation_detection else 0.0


@register_jitable
def are_all_wrong(wrong: float, strikes: float) -> bool:
    """Tell whether all of a day's strikes come from wrong reports: only then is an appeal worth while."""
    return 0.0 < wrong and wrong >= strikes  # noqa: SIM300 - in the order of an interval


@register_jitable
def strikes_after(rule: Any, strikes: float, days: int) -> float:
    """Return what is left of strikes after `days`."""
    return decayed(strikes, float(days), rule.strike_half_life)


@register_jitable
def sanction(rule: Any, strikes: float, restricted: bool) -> int:
    """Return what strikes lead to; who is restricted already is not restricted again."""
    if strikes >= rule.ban:
        return BAN
    return RESTRICTION if strikes >= rule.restriction and not restricted else NO_SANCTION


@register_jitable
def restriction_end(rule: Any, day: int) -> int:
    """Return the day on which a restriction imposed on `day` is over."""
    return day + int(rule.restriction_days)


@register_jitable
def violating_after_restriction(p: Any, style: Any, violating: float, u: float, v: float) -> float:
    """Return the share of violations kept after a restriction: none for who stops (`u`), fewer for who reads the rules (`v`)."""
    if u < style.stops:
        return 0.0
    return violating * p.learning_review if v < style.reviews else violating


@register_jitable
def returns_after_ban(style: Any) -> bool:
    """Tell whether a banned member opens a new account: promoters and bots do, since bulk spam would die out otherwise (assumption)."""
    return style.automated > 0.0 or style.promotion > 0.0


@register_jitable
def open_account(m: Any) -> None:
    """Give a banned member a new account, which has no record; what was learned stays with the person."""
    m.account += 1
    m.back_day = FAR
    m.strikes = 0.0
    m.restricted_until = 0
    m.lost_reputation = 0.0
    m.recent_invitations = 0.0
    m.load = 0.0


@register_jitable
def return_day(rule: Any, day: int) -> int:
    """Return the day on which who was banned on `day` is back."""
    return day + int(rule.return_days)
