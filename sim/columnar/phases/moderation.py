"""Moderation: reports, bursts and detected automation become strikes, and strikes have consequences (MODEL 2, 7)."""

from __future__ import annotations

from sim.jit import inlined, kernel
from sim.decisions.consequences import volume_after_restriction
from sim.state.network import drop_ties
from sim.randomness import APOLOGISE, APPEAL, DETECT, LIFT, REVIEW, STOP, WITHDRAW, draw
from sim.state.tally import since_switch
from sim.columnar.derived import annoyance_of, strikes_of
from sim.state.columns import CLOSED, FAR


@inlined
def restrict(t, p, style, rule, g, m, seed, day, i):
    """Restrict a member for a while, who may learn from it, take unread items back and apologise."""
    m.restricted_until = day + int(rule.restriction_days)
    if since_switch(t, day):
        m.restrictions += 1
    m.volume = volume_after_restriction(p, m.volume, style.adjusts)
    m.personal = min(1.0, m.personal + p.learning_personalise * style.adjusts)
    if draw(seed, STOP, 0, day, i) < style.stops:
        m.violating = 0.0
    elif draw(seed, REVIEW, 0, day, i) < style.reviews:
        m.violating = m.violating * p.learning_review
    if draw(seed, WITHDRAW, 0, day, i) < style.withdraws:
        m.withdraw_day = day
        g.withdrew[i] = day
    if draw(seed, APOLOGISE, 0, day, i) < style.apologises:
        m.apology_day = day


@inlined
def lift_wrong_strikes(style, rule, m, seed, day, i):
    """Let a member appeal; where all of today's strikes were wrong, some are lifted."""
    only_wrong = m.wrong_today > 0.0 and m.wrong_today >= m.strikes_today
    if only_wrong and draw(seed, APPEAL, 0, day, i) < style.appeals:
        if draw(seed, LIFT, 0, day, i) < rule.appeal_lift:
            m.strikes_today = 0.0


@inlined
def ban(g, style, rule, m, day, i):
    """Close an account; promoters and bots are back under a new one after a while, others stay away."""
    drop_ties(g, i)
    g.active[i] = 0
    if style.automated > 0.0 or style.promotion > 0.0:
        m.back_day = day + int(rule.return_days)
        g.closed[g.sizes[CLOSED]] = i
        g.sizes[CLOSED] += 1
    else:
        m.left = day


@kernel
def moderate(limit, day, seed, book, g, t, reports, count):
    """Turn the day's strikes into restrictions and bans, members in order of id; then apply apologies."""
    p = book.rules[0]
    for i in range(limit):
        m = g.members[i]
        if g.active[i] == 0:
            continue
        style = book.styles[m.style]
        rule = book.moderations[int(book.designs[m.design_now].moderation)]
        if m.approach_day == day:
            if m.approaches_today > rule.burst_threshold:
                m.strikes_today += rule.burst_strike
            if style.automated > 0.0 and draw(seed, DETECT, 0, day, i) < rule.automation_detection:
                m.strikes_today += 1.0
        if m.strikes_today > 0.0:
            lift_wrong_strikes(style, rule, m, seed, day, i)
            if m.strikes_today > 0.0:
                m.strikes = strikes_of(rule, m, day) + m.strikes_today
                m.strikes_day = day
                if m.strikes >= rule.ban:
                    ban(g, style, rule, m, day, i)
                elif m.strikes >= rule.restriction and m.restricted_until <= day:
                    restrict(t, p, style, rule, g, m, seed, day, i)
            m.strikes_today = 0.0
            m.wrong_today = 0.0
    for n in range(count):
        m = g.members[reports[n].member]
        if g.members[reports[n].other].apology_day == day:
            m.annoyance = annoyance_of(p, m, day) * p.learning_apology
            m.annoyance_day = day


@kernel
def return_banned(day, g):
    """Let banned members who are due open a new account: no connections, no record."""
    kept = 0
    for n in range(g.sizes[CLOSED]):
        i = g.closed[n]
        m = g.members[i]
        if m.back_day > day:
            g.closed[kept] = i
            kept += 1
        else:
            g.active[i] = 1
            m.back_day = FAR
            m.account += 1
            g.account_day[i] = day
            m.strikes = 0.0
            m.restricted_until = 0
            m.lost_reputation = 0.0
            m.recent_invitations = 0.0
            m.load = 0.0
    g.sizes[CLOSED] = kept
