"""Drift and measurement: members leave or close their inbox, intents come due for judgement, the day is counted."""

from __future__ import annotations

import numpy as np

from sim.columnar.derived import annoyance_of, cell_of
from sim.decisions.codes import NO_RECIPIENT, NOBODY_FOUND
from sim.decisions.consequences import goes_quiet, is_back, leaves, opted_until, opts_out
from sim.decisions.counters import D_ACTIVE, D_DEGREES, D_QUIET, D_RESTRICTED
from sim.decisions.intents import has_success, is_in_touch, was_tried
from sim.jit import fetch, fetch_first, inlined, kernel
from sim.randomness import LEAVE, OPT_OUT, QUIET, RETURN, draw
from sim.state.columns import TIE, TIES
from sim.state.network import drop_ties
from sim.state.pair_table import fetch_pair, fetch_place, find
from sim.state.tally import cell, record_intent, record_still

AHEAD = 12  # intents: what one needs is prefetched in two steps, so many intents apart
ROWS_AHEAD = 8  # members: whose rows are prefetched, since the processor skips those who have left


@kernel
def drift(today, book, g, t):
    """Let members leave, go quiet, come back or opt out, and count who is there."""
    p, seed, day = book.rules[0], today.seed, today.day
    active, quiet, restricted = 0, 0, 0
    for i in range(today.present):
        fetch(g.members, i + ROWS_AHEAD)
        m = g.members[i]
        if g.active[i] == 0:
            continue
        u, v, w = draw(seed, LEAVE, 0, day, i), draw(seed, OPT_OUT, 0, day, i), draw(seed, QUIET, 0, day, i)
        if m.quiet != 0 and is_back(p, draw(seed, RETURN, 0, day, i)):
            m.quiet = 0
        # few: annoyance has only decayed since it was noted
        if leaves(p, m.annoyance, m.quiet != 0, u) or opts_out(p, m.annoyance, v) or goes_quiet(p, m.annoyance, w):
            annoyance = annoyance_of(p, m, day)
            if leaves(p, annoyance, m.quiet != 0, u):
                g.active[i] = 0
                m.left = day
                drop_ties(g, i)
                continue
            m.opted_until = opted_until(p, m.opted_until, annoyance, day, u=v)
            if goes_quiet(p, annoyance, w):
                m.quiet = 1
        active += 1
        quiet += m.quiet
        restricted += 1 if m.restricted_until > day else 0
    t.daily[D_ACTIVE, day] = active
    t.daily[D_QUIET, day] = quiet
    t.daily[D_RESTRICTED, day] = restricted
    t.daily[D_DEGREES, day] = 2 * g.sizes[TIES]


@inlined
def intent_cell(t, members, intent):
    """Return the cell of an intent; level 0 where nobody was found."""
    a = members[intent.member]
    if intent.other < 0:
        return cell(t, a.style, intent.purpose, NOBODY_FOUND, selectivity=NO_RECIPIENT, inbox=NO_RECIPIENT, design=a.design)
    return cell_of(t, members, sender=intent.member, recipient=intent.other, purpose=intent.purpose, distance=intent.distance)


@inlined
def answered_since(g, row, who, day):
    """Tell whether `who` has answered on or after `day`."""
    r = g.pairs[row]
    return (r.answered_lo if who == r.lo else r.answered_hi) >= day


@inlined
def look_ahead(intents, n, g):
    """Prefetch what the intents after the n-th will need: the partner and the pair's place, then the pair."""
    if n + 2 * AHEAD < intents.size and intents[n + 2 * AHEAD].other >= 0:
        intent = intents[n + 2 * AHEAD]
        fetch_first(g.members, intent.other)
        fetch_place(g, intent.member, intent.other)
    if n + AHEAD < intents.size and intents[n + AHEAD].other >= 0:
        intent = intents[n + AHEAD]
        fetch_pair(g, intent.member, intent.other)


@kernel
def judge_answers(intents, arose, g, answered):
    """Note which intents of the day `arose` have been answered by now (inquiries and promotions)."""
    for n in range(intents.size):
        look_ahead(intents, n, g)
        intent = intents[n]
        if was_tried(intent.other, intent.button):
            row = find(g, intent.member, intent.other)
            answered[n] = 1 if row >= 0 and answered_since(g, row, intent.other, arose) else 0


@inlined
def note_intent(e, intent, arose, day, answered, exchanges, success):
    """Enter an intent into the record of the run; what the pair is by now comes after it."""
    e.member, e.other, e.purpose, e.distance, e.button = intent.member, intent.other, intent.purpose, intent.distance, intent.button
    e.arose, e.judged, e.answered, e.exchanges, e.success = arose, day, answered, exchanges, success
    e.in_touch, e.connected = 0, 0


@kernel
def judge_intents(intents, answered, arose, day, g, t, record):
    """Judge the intents of the day `arose`, sixty days later: an answer for a question, exchanges for a relationship.

    Writes them into `record`, of which no row is there if none is kept.
    """
    for n in range(intents.size):
        look_ahead(intents, n, g)
        intent = intents[n]
        c = intent_cell(t, g.members, intent)
        tried = was_tried(intent.other, intent.button)
        row = find(g, intent.member, intent.other) if tried else -1  # of the persons, under whatever account
        exchanges = int(np.int64(g.pairs[row].met) - np.int64(intent.met)) if row >= 0 else 0
        success = has_success(intent.purpose, answered[n] != 0, exchanges)
        if record_intent(t, c, arose, intent.purpose, found=intent.other >= 0, tried=tried, success=success, exchanges=exchanges):
            g.members[intent.member].intents += 1
            g.members[intent.member].successes += 1 if success else 0
        if record.size > 0:
            note_intent(e=record[n], intent=intent, arose=arose, day=day, answered=answered[n], exchanges=exchanges, success=success)
        if row >= 0:
            r = g.pairs[row]
            in_touch, connected = is_in_touch(exchanges, day - r.last), r.state & TIE != 0
            record_still(t, c, arose, in_touch=in_touch, connected=connected)
            if record.size > 0:
                record[n].in_touch, record[n].connected = in_touch, connected
