"""What both sides of a pair are to each other, read from columns: sides, flags, distance, relevance, what decayed."""

from __future__ import annotations

from sim.decisions.codes import STRANGER
from sim.decisions.common import profile_noise, relation, seen_relevance
from sim.decisions.consequences import annoyance_after, invitations_after, load_after, reputation_after
from sim.decisions.moderation import strikes_after
from sim.decisions.sessions import doubt_after, pleasure_after
from sim.decisions.threads import exchanges_after, has_yet_to_talk
from sim.jit import inlined
from sim.randomness import pair_hash
from sim.state.columns import TIE, TWO_WAY
from sim.state.network import flip_marks, mutual_marked
from sim.state.packed import asks_in, distance_in, purpose_in, role_in
from sim.state.tally import cell, since_switch


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
    return relation(p, g.industry[i] == g.industry[j], abs(g.seniority[i] - g.seniority[j]), h)


@inlined
def pair_facts(p, g, lasting, i, j):
    """Return (how much i and j have to say to each other, whether they compete directly): for good."""
    h = lasting_bits(lasting, i, j)
    return facts_of(p, g, h, i, j=j)


@inlined
def relevance_of(p, g, lasting, i, j):
    """Return how much i and j have to say to each other."""
    return pair_facts(p, g, lasting, i, j=j)[0]


@inlined
def mutual_of(g, marks, i, j):
    """Return how many connections i and j share; i's are marked once as long as i stays the same."""
    if marks.owner[0] != i + 1:
        clear_marks(g, marks)
        flip_marks(g, marks.bits, i)
        marks.owner[0] = i + 1
    return mutual_marked(g, marks.bits, j)


@inlined
def clear_marks(g, marks):
    """Clear the marks of whoever was marked last: before another, and at a phase's end."""
    if marks.owner[0] > 0:
        flip_marks(g, marks.bits, marks.owner[0] - 1)
        marks.owner[0] = 0


@inlined
def profile_of(p, g, lasting, i, j):
    """Return (the relevance of j to i, the noise through which i sees it on the profile), for good."""
    h = lasting_bits(lasting, i, j)
    return facts_of(p, g, h, i, j=j)[0], profile_noise(h, side(i, j))


@inlined
def most_relevance(p, true, noise):
    """Return the most that a relevance can look like, however much the profile shows."""
    return max(
        seen_relevance(p, true, connected=True, mutual=0, noise=noise), seen_relevance(p, true, connected=False, mutual=0, noise=noise)
    )


@inlined
def annoyance_of(p, m, day):
    """Return a member's annoyance on this day."""
    return annoyance_after(p, m.annoyance, day - m.annoyance_day)


@inlined
def pleasure_of(p, m, day):
    """Return what is left on this day of a member's pleasure in answers."""
    return pleasure_after(p, m.pleasure, day - m.pleasure_day)


@inlined
def doubt_of(p, m, day):
    """Return a member's doubt about notifications on this day."""
    return doubt_after(p, m.doubt, day - m.doubt_day)


@inlined
def load_of(p, m, day):
    """Return a member's inbound load on this day, in items a day."""
    return load_after(p, m.load, day - m.load_day)


@inlined
def invitations_of(p, m, day):
    """Return a member's recent invitations, as the record shows them."""
    return invitations_after(p, m.recent_invitations, day - m.invitations_day)


@inlined
def reputation_of(p, m, day):
    """Return what a member has lost of reputation."""
    return reputation_after(p, m.lost_reputation, day - m.reputation_day)


@inlined
def strikes_of(rule, m, day):
    """Return a member's strikes on this day."""
    return strikes_after(rule, m.strikes, day - m.strikes_day)


@inlined
def asks_of(r, who):
    """Return how many invitations after rapport this side of a pair has sent."""
    return asks_in(r.asks, who)


@inlined
def rule_of(book, m):
    """Return the moderation that a member is under."""
    return book.moderations[int(book.designs[m.design_now].moderation)]


@inlined
def design_between(book, g, i, j):
    """Return the design that holds where i looks at j's profile."""
    return book.designs[book.pairing[g.members[i].design_now, g.members[j].design_shown]]


@inlined
def opened_by(r, who):
    """Return the day on which this side of a pair last sent a message that was not a follow-up."""
    return r.opened_lo if who == 0 else r.opened_hi


@inlined
def thread_by(r, who):
    """Return (purpose, distance, role) of the message with which this side of a pair opened its last thread."""
    thread = r.thread_lo if who == 0 else r.thread_hi
    return purpose_in(thread), distance_in(thread), role_in(thread)


@inlined
def yet_to_talk(r):
    """Tell whether the two of a pair connected through an accepted approach and have not had an exchange since."""
    return has_yet_to_talk(r.state & TIE != 0, r.exchanges, r.approach, r.since)


@inlined
def cell_of(t, members, sender, recipient, purpose, distance):
    """Return the cell in which an item from `sender` to `recipient` counts."""
    a, b = members[sender], members[recipient]
    return cell(t, a.style, purpose, distance, selectivity=b.selectivity_level, inbox=b.inbox_level, design=a.design)


@inlined
def cell_of_item(t, members, item):
    """Return the cell in which an item counts."""
    return cell_of(t, members, item.sender, item.recipient, purpose=item.purpose, distance=item.distance)


@inlined
def note_exchange(t, members, r, day):
    """Count an exchange of a pair, and the two as partners of each other if it is their first since the switch."""
    r.exchanges = exchanges_after(r.exchanges)
    r.met += 1
    if since_switch(t, day) and r.state & TWO_WAY == 0:
        r.state = r.state | TWO_WAY
        far = 1 if distance_in(r.about) == STRANGER else 0
        members[r.lo].partners += 1
        members[r.hi].partners += 1
        members[r.lo].far_partners += far
        members[r.hi].far_partners += far
