"""What both sides of a pair are to each other, read from columns: sides, flags, distance, relevance, what decayed."""

from __future__ import annotations

import numpy as np
from sim.jit import inlined
from sim.decisions.common import CONNECTED, SECOND_DEGREE, STRANGER, are_competitors, decayed, profile_noise, relevance, seen_relevance
from sim.state.network import flip_marks, is_marked, mutual_marked
from sim.randomness import pair_hash
from sim.state.tally import cell, since_switch
from sim.state.columns import TIE, TWO_WAY

MOST_EXCHANGES = 200

# places in the scratch counters of a phase
ITEMS, INTENTS, ACTS, MARKED = range(4)


@inlined
def side(i, j):
    """Return i's side of the pair {i, j}: 0 for the smaller id."""
    return 0 if i < j else 1


@inlined
def has(flags, flag, who):
    """Tell whether side `who` bears `flag`."""
    return (flags >> who) & flag != 0


@inlined
def lasting_bits(lasting, i, j):
    """Return the bits of the pair {i, j} for what lasts; `lasting` is the key of FIT."""
    return pair_hash(lasting, min(i, j), max(i, j))


@inlined
def facts_of(p, g, h, i, j):
    """Return (how much i and j have to say to each other, whether they compete directly), from their lasting bits."""
    same, levels = g.industry[i] == g.industry[j], abs(g.seniority[i] - g.seniority[j])
    competitors = are_competitors(p, same, levels, h)
    return relevance(p, same, levels, competitors, h), competitors


@inlined
def pair_facts(p, g, lasting, i, j):
    """Return (how much i and j have to say to each other, whether they compete directly): for good."""
    h = lasting_bits(lasting, i, j)
    return facts_of(p, g, h, i, j)


@inlined
def relevance_of(p, g, lasting, i, j):
    """Return how much i and j have to say to each other."""
    return pair_facts(p, g, lasting, i, j)[0]


@inlined
def distance_of(flags, mutual):
    """Return 1 for connected, 2 with a connection in common, 3 beyond."""
    if flags & TIE:
        return CONNECTED
    return SECOND_DEGREE if mutual > 0 else STRANGER


@inlined
def mutual_of(g, marks, scratch, i, j):
    """Return how many connections i and j share; i's are marked once as long as i stays the same."""
    if scratch[MARKED] != i + 1:
        clear_marks(g, marks, scratch)
        flip_marks(g, marks, i)
        scratch[MARKED] = i + 1
    return mutual_marked(g, marks, j)


@inlined
def clear_marks(g, marks, scratch):
    """Clear the marks of whoever was marked last: before another, and at a phase's end."""
    if scratch[MARKED] > 0:
        flip_marks(g, marks, scratch[MARKED] - 1)
        scratch[MARKED] = 0


@inlined
def seen_relevance_of(p, g, lasting, marks, i, j, mutual):
    """Return the relevance of j as i, whose connections are marked, sees it on the profile."""
    h = lasting_bits(lasting, i, j)
    noise = profile_noise(h, side(i, j))
    return seen_relevance(p, facts_of(p, g, h, i, j)[0], is_marked(marks, j) == 1, mutual, noise)


@inlined
def most_relevance_of(p, g, lasting, i, j):
    """Return the most that j's relevance can look to i, however much the profile shows."""
    h = lasting_bits(lasting, i, j)
    noise, true = profile_noise(h, side(i, j)), facts_of(p, g, h, i, j)[0]
    return max(seen_relevance(p, true, True, 0, noise), seen_relevance(p, true, False, 0, noise))


@inlined
def annoyance_of(p, m, day):
    """Return a member's annoyance on this day."""
    return decayed(m.annoyance, np.float64(day - m.annoyance_day), p.learning_annoyance_half_life)


@inlined
def load_of(p, m, day):
    """Return a member's inbound load on this day, in items a day."""
    return decayed(m.load, np.float64(day - m.load_day), p.learning_load_half_life)


@inlined
def invitations_of(p, m, day):
    """Return a member's recent invitations, as the record shows them."""
    return decayed(m.recent_invitations, np.float64(day - m.invitations_day), p.learning_load_half_life)


@inlined
def reputation_of(p, m, day):
    """Return what a member has lost of reputation."""
    return decayed(m.lost_reputation, np.float64(day - m.reputation_day), p.learning_reputation_half_life)


@inlined
def strikes_of(rule, m, day):
    """Return a member's strikes on this day."""
    return decayed(m.strikes, np.float64(day - m.strikes_day), rule.strike_half_life)


@inlined
def cell_of(t, members, sender, recipient, purpose, distance):
    """Return the cell in which an item from `sender` to `recipient` counts."""
    a, b = members[sender], members[recipient]
    return cell(t, a.style, purpose, distance, b.selectivity_level, b.inbox_level, a.design)


@inlined
def note_exchange(t, members, r, day):
    """Count an exchange of a pair, and the two as partners of each other if it is their first since the switch."""
    if r.exchanges < MOST_EXCHANGES:
        r.exchanges += 1
    if since_switch(t, day) and r.state & TWO_WAY == 0:
        r.state = r.state | TWO_WAY
        far = 1 if r.about >> 2 == STRANGER else 0
        members[r.lo].partners += 1
        members[r.hi].partners += 1
        members[r.lo].far_partners += far
        members[r.hi].far_partners += far
