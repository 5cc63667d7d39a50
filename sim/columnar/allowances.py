"""What a design still allows a member today, by what they have sent in the day, the week and the month."""

from __future__ import annotations

from sim.columnar.derived import has, side
from sim.decisions.consequences import invitations_with_one
from sim.decisions.constants import MONTH, WEEK
from sim.decisions.limits import (
    costs_credits,
    credits_left,
    invitation_allowed,
    is_worth_invitation,
    is_worth_message,
    message_allowed,
    period_of,
    used_so_far,
)
from sim.jit import inlined
from sim.state.columns import PENDING, REFUSED, TIE


@inlined
def note_invitation(p, m, day):
    """Count an invitation on its sender's record."""
    m.recent_invitations = invitations_with_one(p, m.recent_invitations, day - m.invitations_day)
    m.invitations_day = day
    week = period_of(day, m.joined, WEEK)
    m.week_invitations = used_so_far(m.week_invitations, m.week, week) + 1
    m.week = week


@inlined
def note_approach(m, day):
    """Count an approach for the burst detector."""
    m.approaches_today = used_so_far(m.approaches_today, m.approach_day, day) + 1
    m.approach_day = day


@inlined
def credits_so_far(m, day):
    """Return how many credits a member has used in this month of theirs."""
    return used_so_far(m.credits_used, m.month, period_of(day, m.joined, MONTH))


@inlined
def note_stranger_message(design, m, item, day):
    """Count a message to a stranger against the day's limit and the month's credits, and note in it those that were left."""
    item.credits = credits_left(design, credits_so_far(m, day))
    m.messages_today = used_so_far(m.messages_today, m.message_day, day) + 1
    m.message_day = day
    if costs_credits(design):
        m.credits_used = credits_so_far(m, day) + 1.0
        m.month = period_of(day, m.joined, MONTH)


@inlined
def may_message(p, design, g, day, i, j, connected, seen):
    """Tell whether i's design offers a message to j today, and j, whose relevance looks like `seen`, is worth what is scarce."""
    m = g.members[i]
    sent = used_so_far(m.messages_today, m.message_day, day)
    used = credits_so_far(m, day)
    if not is_worth_message(p, design, connected, seen, sent_today=sent, credits_used=used):
        return False
    closed = g.members[j].opted_until > day
    return message_allowed(design, connected, closed, restricted=m.restricted_until > day, sent_today=sent, credits_used=used)


@inlined
def may_invite(p, design, g, row, day, i, j, seen):
    """Tell whether i's design offers an invitation to j today, and j, whose relevance looks like `seen`, is worth what is scarce."""
    m = g.members[i]
    sent = used_so_far(m.week_invitations, m.week, period_of(day, m.joined, WEEK))
    mine, theirs, refused, days = False, False, False, 0
    if row >= 0:
        flags = g.pairs[row].state
        if flags & TIE:
            return False
        mine, theirs = has(flags, PENDING, side(i, j)), has(flags, PENDING, side(j, i))
        refused = has(flags, REFUSED, side(i, j))
        days = day - g.pairs[row].invited
    restricted = m.restricted_until > day
    if not is_worth_invitation(p, design, seen, sent):
        return False
    return invitation_allowed(
        p,
        design,
        restricted,
        sent_this_week=sent,
        degree=g.degree[i],
        other_degree=g.degree[j],
        mine=mine,
        theirs=theirs,
        refused=refused,
        days=days,
    )
