"""What is counted while a run goes on: by cell (style, purpose, distance, levels of the recipient, design) and by day.

Both engines count through these functions. Counters are integers, so their sums do not depend on order.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.decisions.codes import (
    CLOSING_TIE,
    COLLABORATION,
    CONNECTED,
    DEAL,
    FOLLOW_UP,
    INTRODUCTION,
    MEETING,
    MESSAGE,
    OPENING,
    PROMOTION,
    REPLY,
    SUGGESTION,
    Distance,
    Level,
    Purpose,
)
from sim.decisions.codes import (
    OFF_PLATFORM as WENT_OFF,
)
from sim.decisions.common import is_invitation, is_unsolicited
from sim.decisions.constants import MONTH, TALK_WINDOW, WEEK
from sim.decisions.counters import (
    ACCEPTED_30,
    APPROACHES,
    CLOSING_TIES,
    COLLABORATIONS,
    CONNECTED_60,
    CONTACT_60,
    COUNTERS,
    D_ACCEPTED,
    D_APPROACHES,
    D_COLD_INVITATIONS,
    D_DELIVERED,
    D_FIRST_MESSAGES,
    D_FOLLOW_UPS,
    D_INTENTS,
    D_INVITATIONS,
    D_NEW_TIES,
    D_READ,
    D_REPLIES,
    D_REPORTS,
    D_STRANGER_MESSAGES,
    D_STRANGER_REPLIED,
    D_SUCCESS,
    D_UNWELCOME_DELIVERED,
    D_UNWELCOME_READ,
    DAILY,
    DEALS,
    DELIVERED,
    EXCHANGES,
    FILTERED,
    INTENTS,
    INVITATION_APPROACHES_30,
    INVITATION_POSITIVE_30,
    INVITED_30,
    KNOWN_TIES,
    MEETINGS,
    MESSAGE_APPROACHES_30,
    MESSAGE_POSITIVE_30,
    NEW_TIES,
    NOBODY,
    OFF_PLATFORM,
    OPENED_30,
    OPENED_REPLIED_30,
    PROMOTION_INTERESTED_30,
    PROMOTION_SENT_30,
    READ,
    REPORTS,
    RESPONSE_DAYS,
    RESPONSES,
    STRANGER_REPLIED_7,
    STRANGER_REPLIED_30,
    STRANGER_SENT_7,
    STRANGER_SENT_30,
    SUCCESS,
    SUCCESS_2,
    SUCCESS_3,
    SUGGESTED_TIES,
    UNSOLICITED,
    UNWELCOME,
    UNWELCOME_READ,
    VIOLATIONS_THROUGH,
    WALKED,
)
from sim.decisions.intents import is_wished_for
from sim.handover import handed_at_once
from sim.jit import inlined

PURPOSES, DISTANCES, LEVELS = len(Purpose), len(Distance), len(Level)
MOST_DELAY = 64  # days; an answer that took longer counts there


@handed_at_once
class Tally(NamedTuple):
    """Where a run counts."""

    counts: Any  # (counters, cells) int64, from the switch on
    daily: Any  # (daily counters, days) int64, by day sent
    delays: Any  # (MOST_DELAY,) int64: replies by days since delivery
    clock: Any  # (3,) int64: day of the switch, day after the last, designs


def new_tally(styles: int, designs: int, switch: int, days: int) -> Tally:
    """Return a tally of zeros for so many styles, designs and days."""
    cells = styles * PURPOSES * DISTANCES * LEVELS * LEVELS * designs
    clock = np.array([switch, days, designs], dtype=np.int64)
    return Tally(np.zeros((len(COUNTERS), cells), np.int64), np.zeros((len(DAILY), days), np.int64), np.zeros(MOST_DELAY, np.int64), clock)


@inlined
def cell(t: Any, style: int, purpose: int, distance: int, selectivity: int, inbox: int, design: int) -> int:
    """Return the cell of a sender's style and design, a purpose, a distance and the recipient's levels (0: none)."""
    # columns of bytes, which would overflow in plain NumPy
    place = (int(style) * PURPOSES + int(purpose)) * DISTANCES + int(distance)
    return ((place * LEVELS + int(selectivity)) * LEVELS + int(inbox)) * t.clock[2] + design


@inlined
def since_switch(t: Any, day: int) -> bool:
    """Tell whether the arms have parted by this day."""
    return day >= t.clock[0]


@inlined
def counted(t: Any, sent: int, window: int) -> bool:
    """Tell whether what was sent on this day counts: after the switch, with the whole window before the horizon."""
    return sent >= t.clock[0] and sent + window < t.clock[1]


@inlined
def record_sent(t: Any, c: int, day: int, kind: int, purpose: int, distance: int, approach: bool, opening: bool) -> None:
    """Count an item that goes out. `opening`: the first message after an accepted invitation."""
    d = t.daily
    cold = distance != CONNECTED
    message = kind in (MESSAGE, INTRODUCTION)
    if message and cold:
        d[D_STRANGER_MESSAGES, day] += 1
    if kind == FOLLOW_UP:
        d[D_FOLLOW_UPS, day] += 1
    if is_invitation(kind):
        d[D_INVITATIONS, day] += 1
    if approach:
        d[D_APPROACHES, day] += 1
        d[D_COLD_INVITATIONS if is_invitation(kind) else D_FIRST_MESSAGES, day] += 1
    if not since_switch(t, day):
        return
    if approach:
        t.counts[APPROACHES, c] += 1
    if message and cold and counted(t, day, WEEK):
        t.counts[STRANGER_SENT_7, c] += 1
    if not counted(t, day, MONTH):
        return
    if message and cold:
        t.counts[STRANGER_SENT_30, c] += 1
    if is_invitation(kind):
        t.counts[INVITED_30, c] += 1
    if approach:
        t.counts[INVITATION_APPROACHES_30 if is_invitation(kind) else MESSAGE_APPROACHES_30, c] += 1
    if opening:
        t.counts[OPENED_30, c] += 1
    if purpose == PROMOTION and kind != FOLLOW_UP:
        t.counts[PROMOTION_SENT_30, c] += 1


@inlined
def record_delivered(t: Any, c: int, day: int, kind: int, purpose: int, distance: int, breaks: bool, unwelcome: bool) -> None:
    """Count an item that reaches an inbox. `breaks`: it breaks a rule, or comes after a no."""
    t.daily[D_DELIVERED, day] += 1
    if unwelcome:
        t.daily[D_UNWELCOME_DELIVERED, day] += 1
    if not since_switch(t, day):
        return
    t.counts[DELIVERED, c] += 1
    if is_unsolicited(kind, purpose, distance):
        t.counts[UNSOLICITED, c] += 1
    if unwelcome:
        t.counts[UNWELCOME, c] += 1
    if breaks:
        t.counts[VIOLATIONS_THROUGH, c] += 1


@inlined
def record_read(t: Any, c: int, day: int, unwelcome: bool, reported: bool) -> None:
    """Count an item that is read."""
    t.daily[D_READ, day] += 1
    if unwelcome:
        t.daily[D_UNWELCOME_READ, day] += 1
    if reported:
        t.daily[D_REPORTS, day] += 1
    if since_switch(t, day):
        t.counts[READ, c] += 1
        if unwelcome:
            t.counts[UNWELCOME_READ, c] += 1
        if reported:
            t.counts[REPORTS, c] += 1


@inlined
def record_response(t: Any, c: int, day: int, approached: int, first: bool) -> None:
    """Count the days from an approach to its response; `first`: it was an approach."""
    if first and counted(t, approached, MONTH) and day - approached <= MONTH:
        t.counts[RESPONSE_DAYS, c] += day - approached
        t.counts[RESPONSES, c] += 1


@inlined
def record_answer(t: Any, c: int, day: int, item: Any, approach: bool) -> None:
    """Count an answer to `item`; windows run from the message that opened, also when a follow-up is answered.

    The answer to a note is an exchange; as a response, the acceptance that it came with is counted.
    """
    t.daily[D_REPLIES, day] += 1
    t.delays[min(day - item.sent, MOST_DELAY - 1)] += 1
    if since_switch(t, day):
        t.counts[EXCHANGES, c] += 1
    if item.kind == REPLY or is_invitation(item.kind) or item.opened < 0:
        return
    delay = day - item.opened
    cold = item.thread_distance != CONNECTED
    if cold and delay <= WEEK:
        t.daily[D_STRANGER_REPLIED, item.opened] += 1
        if counted(t, item.opened, WEEK):
            t.counts[STRANGER_REPLIED_7, c] += 1
    if delay > MONTH or not counted(t, item.opened, MONTH):
        return
    if cold:
        t.counts[STRANGER_REPLIED_30, c] += 1
    if approach:
        t.counts[MESSAGE_POSITIVE_30, c] += 1
    if item.role == OPENING:
        t.counts[OPENED_REPLIED_30, c] += 1
    if item.purpose == PROMOTION:
        t.counts[PROMOTION_INTERESTED_30, c] += 1


@inlined
def record_new_tie(t: Any, c: int, day: int, tie: int, surface: int, known: bool) -> None:
    """Count a connection that an invitation makes, a `NewTie`; `known`: the two knew each other when it was sent, as its row tells."""
    t.daily[D_NEW_TIES, day] += 1
    if since_switch(t, day):
        t.counts[NEW_TIES, c] += 1
        t.counts[SUGGESTED_TIES, c] += 1 if surface == SUGGESTION else 0
        t.counts[KNOWN_TIES, c] += 1 if known else 0
        if tie == CLOSING_TIE:
            t.counts[CLOSING_TIES, c] += 1


@inlined
def record_acceptance(t: Any, c: int, day: int, sent: int, purpose: int, approach: bool) -> None:
    """Count an accepted invitation."""
    if day - sent > MONTH:
        return
    t.daily[D_ACCEPTED, sent] += 1
    if counted(t, sent, MONTH):
        t.counts[ACCEPTED_30, c] += 1
        if approach:
            t.counts[INVITATION_POSITIVE_30, c] += 1
        if purpose == PROMOTION:
            t.counts[PROMOTION_INTERESTED_30, c] += 1


def terciles(values: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Return the level (`Level.LOW` to `Level.HIGH`) of each value, by the terciles of those who are there."""
    if not there.any():
        return np.ones(len(values), np.int32)
    return 1 + np.searchsorted(np.quantile(values[there], [1.0 / 3.0, 2.0 / 3.0]), values, side="right").astype(np.int32)


@inlined
def record_filtered(t: Any, c: int, day: int) -> None:
    """Count a message that the filter takes."""
    if since_switch(t, day):
        t.counts[FILTERED, c] += 1


@inlined
def record_consequence(t: Any, c: int, day: int, consequence: int) -> None:
    """Count what an exchange leads to."""
    if since_switch(t, day):
        t.counts[OFF_PLATFORM, c] += 1 if consequence == WENT_OFF else 0
        t.counts[MEETINGS, c] += 1 if consequence == MEETING else 0
        t.counts[COLLABORATIONS, c] += 1 if consequence == COLLABORATION else 0
        t.counts[DEALS, c] += 1 if consequence == DEAL else 0


@inlined
def record_intent(t: Any, c: int, arose: int, purpose: int, found: bool, tried: bool, success: bool, exchanges: int) -> bool:
    """Count an intent of day `arose`, its windows closed; return whether it counts for its member.

    `found`: somebody to approach; `tried`: they were; `exchanges`: with them since.
    """
    if is_wished_for(purpose):
        t.daily[D_INTENTS, arose] += 1
        t.daily[D_SUCCESS, arose] += 1 if success else 0
    if not counted(t, arose, TALK_WINDOW):
        return False
    t.counts[INTENTS, c] += 1
    t.counts[NOBODY, c] += 0 if found else 1
    t.counts[WALKED, c] += 1 if found and not tried else 0
    t.counts[SUCCESS, c] += 1 if success else 0
    t.counts[SUCCESS_2, c] += 1 if exchanges >= 2 else 0
    t.counts[SUCCESS_3, c] += 1 if exchanges >= 3 else 0
    return is_wished_for(purpose)


@inlined
def record_still(t: Any, c: int, arose: int, in_touch: bool, connected: bool) -> None:
    """Count whether the two of an intent of day `arose` are in contact and connected once its windows have closed."""
    if counted(t, arose, TALK_WINDOW):
        t.counts[CONTACT_60, c] += 1 if in_touch else 0
        t.counts[CONNECTED_60, c] += 1 if connected else 0
