"""What lies between two members and how it moves on: approach, thread, invitation, tie.

`approach`, `opened`, `last`, `since`, `sent`: days of a pair's first approach, of a message that was not a follow-up and
opened a thread, of the last contact, of the connection, and of an item; NEVER where there was none.
"""

from __future__ import annotations

from typing import Any

from sim.decisions.codes import (
    ACCEPTED,
    APPROACH,
    CLOSING_TIE,
    FOLLOW_UP,
    INQUIRY,
    INTRODUCTION,
    MESSAGE,
    NEW_TIE,
    NO_ROLE,
    OPENING,
    PITCH,
    RELATIONSHIP,
    REPLY,
    SECOND_DEGREE,
    VOID,
)
from sim.decisions.common import is_invitation
from sim.decisions.constants import DORMANT, MOST_ASKS, MOST_EXCHANGES, NEVER
from sim.jit import register_jitable


@register_jitable
def is_of_earlier_account(last: int, mine: int, theirs: int) -> bool:
    """Tell whether what a pair had belongs to an earlier account of either; `mine`, `theirs`: days on which the present ones began."""
    return last < mine or last < theirs


@register_jitable
def is_approach(kind: int, connected: bool, known: bool, approach: int, day: int) -> bool:
    """Tell whether an item is the approach: what first went between two who are not connected. Two on one day both are.

    Whom one knows from before one does not approach.
    """
    return not connected and not known and kind != FOLLOW_UP and approach in (NEVER, day)


@register_jitable
def opened_before(mine: int, theirs: int, role: int, day: int) -> int:
    """Return the day of the last message that either opened with before one of `mine`.

    `theirs`, `role`: of the other's last one. If that is the first after acceptance and of today, it comes before none of mine:
    two on one day are both the first.
    """
    return mine if theirs == day and role == OPENING else max(mine, theirs)


@register_jitable
def role_of(approach: bool, opening: bool) -> int:
    """Return what an item is to what lies between the two: never both, since an approach comes before the connection."""
    if approach:
        return APPROACH
    return OPENING if opening else NO_ROLE


@register_jitable
def approach_day(connected: bool, known: bool, approach: int, day: int) -> int:
    """Return the day of a pair's approach, now that an item goes out."""
    return day if approach == NEVER and not connected and not known else approach


@register_jitable
def approach_distance(approach: bool, before: int, distance: int) -> int:
    """Return the distance to keep with a pair, now that an item goes out: that of the approach; 0 where there was none."""
    return distance if approach else before


@register_jitable
def has_yet_to_talk(connected: bool, exchanges: int, approach: int, since: int) -> bool:
    """Tell whether two who connected through an approach, which the other accepted, have not had an exchange yet."""
    return connected and exchanges == 0 and approach != NEVER and approach <= since


@register_jitable
def is_opening(kind: int, yet_to_talk: bool, opened: int, since: int) -> bool:
    """Tell whether a message is the first after an accepted invitation; `opened`: the day of the last that either had opened with."""
    return yet_to_talk and opened < since and kind in (MESSAGE, PITCH)


@register_jitable
def invitations_cross(theirs: bool, invited: int, day: int) -> bool:
    """Tell whether an invitation crosses one that the other sent on the same day (`theirs`: one of theirs is open)."""
    return theirs and invited == day


@register_jitable
def messages_cross(kind: int, awaits: bool, opened: int, last: int, day: int) -> bool:
    """Tell whether a first message crosses one with which the other `opened` today, and for which an answer is awaited."""
    return kind in (MESSAGE, INTRODUCTION, PITCH) and awaits and opened == day and last == day


@register_jitable
def is_closed(answered: int, opened: int) -> bool:
    """Tell whether an answer to an item of the thread `answered` closes an item of the thread `opened`, of the same two members.

    One answer closes a thread: the message and all its follow-ups. What belongs to none is never closed.
    """
    return answered == opened != NEVER


@register_jitable
def counts_as_ask(exchanges: int, asks: int) -> bool:
    """Tell whether an invitation counts as a request after rapport; `asks`: those counted so far."""
    return exchanges > 0 and asks < MOST_ASKS


@register_jitable
def follow_ups_after(kind: int, follow: int) -> int:
    """Return how many follow-ups the open message has had once this item is out."""
    return follow + 1 if kind == FOLLOW_UP else 0


@register_jitable
def is_followed_up(style: Any, follow: int) -> bool:
    """Tell whether a message that stays unanswered gets one more follow-up."""
    return follow < style.follow_ups


@register_jitable
def follow_up_day(style: Any, day: int) -> int:
    """Return the day on which a follow-up is due: as late as the sender is patient."""
    return day + int(style.patience)


@register_jitable
def exchanges_after(exchanges: int) -> int:
    """Return the number of a pair's exchanges after one more."""
    return exchanges + 1 if exchanges < MOST_EXCHANGES else exchanges


@register_jitable
def crossed_outcome(crossed: bool, connected: bool, since: int, sent: int) -> int:
    """Return the outcome of an invitation that is no longer open: accepted if it made the connection by crossing another, else void."""
    return ACCEPTED if crossed and connected and since == sent else VOID


@register_jitable
def new_tie(closing: bool) -> int:
    """Return what a connection that an invitation made counts as; `closing`: the two had one in common."""
    return CLOSING_TIE if closing else NEW_TIE


@register_jitable
def opens_after_acceptance(note_answered: bool, purpose: int, exchanges: int) -> bool:
    """Tell whether an accepted invitation leaves something to say first: a question to ask, or no exchange yet. A note has said it."""
    return not note_answered and (purpose == INQUIRY or exchanges == 0)


@register_jitable
def answers_approach(kind: int, role: int) -> bool:
    """Tell whether an answer to an item is one to an approach by message; `role`: of the message of its thread.

    Where a note is answered, the acceptance that it came with is the response.
    """
    return role == APPROACH and not is_invitation(kind)


@register_jitable
def has_rapport(style: Any, connected: bool, kind: int, exchanges: int) -> bool:
    """Tell whether an answer to an item of this kind may bring a request to connect ("several exchanges" first, says the article)."""
    return not connected and not is_invitation(kind) and exchanges >= style.rapport_exchanges


@register_jitable
def tie_gain(p: Any, weak: bool) -> float:
    """Return the strength with which a tie begins; `weak`: accepted from obligation."""
    return p.tie_weak if weak else p.tie_exchange


@register_jitable
def only_costs(weak: bool, unfollowed: bool, opted_out: bool) -> bool:
    """Tell whether a connection is one that its owner has no use for."""
    return weak or unfollowed or opted_out


@register_jitable
def is_dormant(strength: float) -> bool:
    """Tell whether a tie of today's strength is dormant."""
    return strength < DORMANT


@register_jitable
def is_strong(p: Any, strength: float) -> bool:
    """Tell whether a tie of today's strength is strong enough to ask for an introduction."""
    return strength >= p.thread_strong


@register_jitable
def may_be_introduced(kind: int, distance: int, via: int) -> bool:
    """Tell whether a friend may put in a word: for a message to somebody with a connection in common, found through one (`via`, else -1)."""
    return kind == MESSAGE and distance == SECOND_DEGREE and via >= 0


@register_jitable
def is_introduced(p: Any, strength: float, u: float) -> bool:
    """Tell whether the friend does; `strength`: today's, of the tie to that friend."""
    return is_strong(p, strength) and u < p.thread_introduction


@register_jitable
def is_familiar(kind: int, connected: bool, exchanges: int) -> bool:
    """Tell whether an item is from somebody known: a connection, or within a thread that runs."""
    return kind == REPLY or connected or exchanges > 0


@register_jitable
def is_left_alone(p: Any, purpose: int, connected: bool, waits: bool, days: int) -> bool:
    """Tell whether nothing new may be sent: who is connected need not be connected; what waits for an answer rests for a while.

    `waits`: a message or an invitation of either is unanswered; `days`: since the last contact.
    """
    if connected and purpose == RELATIONSHIP:
        return True
    return waits and days < p.outreach_rest_days


@register_jitable
def is_bridging(connected: bool, same_industry: bool) -> bool:
    """Tell whether an exchange runs over a tie between industries."""
    return connected and not same_industry
