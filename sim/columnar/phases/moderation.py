"""Moderation: reports, bursts and detected automation become strikes, and strikes have consequences."""

from __future__ import annotations

from sim.columnar.derived import rule_of, strikes_of
from sim.decisions.codes import AWAY
from sim.decisions.consequences import appeased, personal_after_restriction, volume_after_restriction
from sim.decisions.moderation import (
    BAN,
    RESTRICTION,
    are_all_wrong,
    burst_strikes,
    detection_strikes,
    open_account,
    restriction_end,
    return_day,
    returns_after_ban,
    sanction,
    violating_after_restriction,
)
from sim.jit import inlined, kernel
from sim.randomness import APOLOGISE, APPEAL, DETECT, LIFT, REVIEW, STOP, WITHDRAW, draw
from sim.state.columns import CLOSED
from sim.state.network import drop_ties
from sim.state.tally import since_switch


@inlined
def restrict(t, p, style, rule, g, m, today, i):
    """Restrict a member for a while, who may learn from it, take unread items back and apologise."""
    seed, day = today.seed, today.day
    m.restricted_until = restriction_end(rule, day)
    if since_switch(t, day):
        m.restrictions += 1
    m.volume = volume_after_restriction(p, m.volume, style.adjusts)
    m.personal = personal_after_restriction(p, m.personal, style.adjusts)
    u, v = draw(seed, STOP, 0, day, i), draw(seed, REVIEW, 0, day, i)
    m.violating = violating_after_restriction(p, style, m.violating, u, v=v)
    if draw(seed, WITHDRAW, 0, day, i) < style.withdraws:
        m.withdraw_day = day
        g.withdrew[i] = day
    if draw(seed, APOLOGISE, 0, day, i) < style.apologises:
        m.apology_day = day


@inlined
def lift_wrong_strikes(style, rule, m, today, i):
    """Let a member appeal; where all of today's strikes were wrong, some are lifted."""
    seed, day = today.seed, today.day
    if are_all_wrong(m.wrong_today, m.strikes_today) and draw(seed, APPEAL, 0, day, i) < style.appeals:
        if draw(seed, LIFT, 0, day, i) < rule.appeal_lift:
            m.strikes_today = 0.0


@inlined
def ban(g, style, rule, m, day, i):
    """Close an account; promoters and bots are back under a new one after a while, others stay away."""
    drop_ties(g, i)
    g.active[i] = 0
    if returns_after_ban(style):
        m.back_day = return_day(rule, day)
        g.closed[g.sizes[CLOSED]] = i
        g.sizes[CLOSED] += 1
    else:
        m.left = day


@kernel
def moderate(today, book, g, t, reports, reported):
    """Turn the day's strikes into restrictions and bans, members in order of id; then apply apologies.

    `reported`: (n,) uint8, 1 for who is back today, since reports may have come meanwhile; cleared for tomorrow.
    """
    p, seed, day = book.rules[0], today.seed, today.day
    for n in range(reports.size):
        reported[reports[n].other] = 1
    for i in range(today.present):
        if g.here[i] == AWAY and reported[i] == 0:  # neither acted nor was reported
            continue
        reported[i] = 0
        m = g.members[i]
        if g.active[i] == 0:
            continue
        style = book.styles[m.style]
        rule = rule_of(book, m)
        if m.approach_day == day:
            m.strikes_today += burst_strikes(rule, m.approaches_today)
            m.strikes_today += detection_strikes(rule, style, draw(seed, DETECT, 0, day, i))
        if m.strikes_today > 0.0:
            lift_wrong_strikes(style, rule, m, today, i=i)
            if m.strikes_today > 0.0:
                m.strikes = strikes_of(rule, m, day) + m.strikes_today
                m.strikes_day = day
                measure = sanction(rule, m.strikes, m.restricted_until > day)
                if measure == BAN:
                    ban(g, style, rule, m, day=day, i=i)
                elif measure == RESTRICTION:
                    restrict(t, p, style, rule, g=g, m=m, today=today, i=i)
            m.strikes_today = 0.0
            m.wrong_today = 0.0
    for n in range(reports.size):
        m = g.members[reports[n].member]
        if g.members[reports[n].other].apology_day == day:
            m.annoyance = appeased(p, m.annoyance, day - m.annoyance_day)
            m.annoyance_day = day


@kernel
def return_banned(day, g, reported):
    """Let banned members who are due open a new account: no connections, no record. `reported` as in `moderate`."""
    kept = 0
    for n in range(g.sizes[CLOSED]):
        i = g.closed[n]
        m = g.members[i]
        if m.back_day > day:
            g.closed[kept] = i
            kept += 1
        else:
            g.active[i] = 1
            open_account(m)
            g.account_day[i] = day
            reported[i] = 1
    g.sizes[CLOSED] = kept
