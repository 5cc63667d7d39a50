"""Whom to approach, which button to press, how to write."""

from __future__ import annotations

import math
from typing import Any

from sim.decisions.codes import (
    ADULT,
    FOLLOW_UP,
    HARASSMENT,
    INQUIRY,
    INVITATION,
    LOOK_ANYWHERE,
    LOOK_CONNECTIONS,
    LOOK_FRIENDS,
    LOOK_INDUSTRY,
    MESSAGE,
    MISREPRESENTATION,
    NO_VIOLATION,
    NOTE,
    PASSWORDS,
    PITCH,
    PRESS_CONNECT,
    PRESS_CONNECT_WITH_NOTE,
    PRESS_MESSAGE,
    PROMOTION,
    RELATIONSHIP,
    REPLY,
    WALK_AWAY,
)
from sim.decisions.common import clip
from sim.jit import register_jitable
from sim.randomness import quarters, sub_hash

PARTS = 14
MOST_INTENTS, MOST_CANDIDATES = 64, 8  # in one session; for one intent
NOTHING_DUE = -1  # an item's kind where a due entry has become pointless


@register_jitable
def intent_rate(style: Any, rule: Any, volume: float, strikes: float) -> float:
    """Return the mean number of intents in a session: what was learned raises it, a warning lowers it."""
    rate = style.intents * volume
    # a warning lasts as long as the strikes that brought it
    if strikes >= rule.warning:
        rate *= 1.0 - rule.warning_effect
    return rate


@register_jitable
def choose_purpose(style: Any, u: float) -> int:
    """Return what a new intent is for, by the style's weights."""
    total = style.inquiry + style.relationship + style.promotion
    x = u * total
    if x < style.inquiry:
        return INQUIRY
    if x < style.inquiry + style.relationship:
        return RELATIONSHIP
    return PROMOTION


@register_jitable
def choose_route(style: Any, purpose: int, u: float) -> int:
    """Return where a member looks for a partner; own connections only when there is something to ask or sell."""
    # Leskovec et al. 2008: a random neighbour's random neighbour closes triangles best, so friends are a route of their own
    own = 0.0 if purpose == RELATIONSHIP else style.look_connections
    total = style.look_friends + style.look_industry + style.look_anywhere + own
    if total <= 0.0:
        return LOOK_ANYWHERE
    x = u * total
    if x < style.look_friends:
        return LOOK_FRIENDS
    if x < style.look_friends + style.look_industry:
        return LOOK_INDUSTRY
    if x < style.look_friends + style.look_industry + style.look_anywhere:
        return LOOK_ANYWHERE
    return LOOK_CONNECTIONS


@register_jitable
def effort(p: Any, before: int) -> float:
    """Return the care that an approach gets, 1 for a day's first; `before`: how many the member has made that day."""
    return 1.0 / (1.0 + p.outreach_fatigue * before)


@register_jitable
def care(p: Any, kind: int, before: int) -> float:
    """Return the care that an item gets: a reply all, an approach the less the more there were that day (`before`)."""
    return 1.0 if kind == REPLY else effort(p, before)


@register_jitable
def profiles_looked_at(p: Any, style: Any, c: int) -> int:
    """Return how many profiles the c-th intent of a session looks at: the style's candidates, the fewer the later, one at least."""
    return max(1, math.floor(style.candidates * effort(p, c) + 0.5))


@register_jitable
def look_count(c: int, k: int) -> int:
    """Return the count under which the k-th look of the c-th intent draws; those that follow it are for redraws."""
    return (c * MOST_CANDIDATES + k) * 8


@register_jitable
def intent_of(count: int) -> int:
    """Return the number of the intent that looks under this count."""
    return count // (MOST_CANDIDATES * 8)


@register_jitable
def purpose_fit(p: Any, purpose: int) -> tuple[float, float]:
    """Return how well (a message, an invitation) serves the purpose, in logit units."""
    if purpose == INQUIRY:
        return p.outreach_message_inquiry, p.outreach_connect_inquiry
    if purpose == RELATIONSHIP:
        return p.outreach_message_relationship, p.outreach_connect_relationship
    return p.outreach_message_promotion, p.outreach_connect_promotion


@register_jitable
def choose_button(
    p: Any,
    style: Any,
    design: Any,
    purpose: int,
    stranger: bool,
    connected: bool,
    known: bool,
    can_message: bool,
    can_connect: bool,
    u: float,
) -> int:
    """Return which button is pressed: a nested logit over walking away, messaging and two kinds of connecting.

    The design's primary button gains half the friction and its secondary loses half. The nest of the two invitations
    has inclusive value lambda * ln(mean of exp(V / lambda)), so a second kind does not make connecting likelier.
    """
    fit_message, fit_connect = purpose_fit(p, purpose)
    # a connection's profile has no button to connect, so nothing that it is put before or behind
    shift = 0.0 if connected else 0.5 * design.friction * design.primary
    with_note = design.notes > 0.0
    w_walk = style.walk_weight
    w_message = math.exp(fit_message + style.like_message + shift) if can_message else 0.0
    w_connect, note_share = 0.0, 0.0
    if can_connect:
        v = fit_connect + style.like_connect - (p.outreach_intimidation if stranger and not known else 0.0) - shift
        v += p.outreach_connect_known if known else 0.0
        if with_note:
            w_connect = math.exp(v + style.note_value)
            note_share = style.note_odds / (1.0 + style.note_odds)
        else:
            w_connect = math.exp(v)
    x = u * (w_walk + w_message + w_connect)
    if x < w_walk:
        return WALK_AWAY
    if x < w_walk + w_message:
        return PRESS_MESSAGE
    if x < w_walk + w_message + w_connect * (1.0 - note_share):
        return PRESS_CONNECT
    return PRESS_CONNECT_WITH_NOTE


@register_jitable
def kind_of_button(button: int) -> int:
    """Return the kind of item that a button writes."""
    if button == PRESS_CONNECT:
        return INVITATION
    return NOTE if button == PRESS_CONNECT_WITH_NOTE else MESSAGE


@register_jitable
def chooses_note(style: Any, design: Any, u: float) -> bool:
    """Tell whether an invitation that grew out of a conversation carries a note."""
    if design.notes <= 0.0:
        return False
    return u < style.note_odds / (1.0 + style.note_odds)


@register_jitable
def part(p: Any, mean: float, u: float) -> float:
    """Return a quality component of a message: the style's mean plus noise, within [0, 1]."""
    return clip(mean + p.quality_noise * (2.0 * u - 1.0), 0.0, 1.0)


@register_jitable
def compose(p: Any, style: Any, h: int, learned: float, hidden: float, upward: int, care: float) -> tuple[float, float, float]:
    """Return (quality in units of about one sd, length in characters, thanks) of a message.

    `h` holds the message's random bits, `learned` what experience added to personalising, `hidden` the share of the
    profile that the design hides, `upward` the levels of seniority by which the recipient stands above the sender, `care`
    what `effort` gives: personalising is what falls when many are written to.
    """
    a = p.quality_average
    # tone counts more upward in seniority (article, "Messaging Etiquette", 1: be professional)
    tone = 1.0 + p.quality_tone_upward * upward
    # four components share the bits of one hash
    u0, u1, u2, u3 = quarters(sub_hash(h, 0))
    u4, u5, u6, u7 = quarters(sub_hash(h, 1))
    u8, u9, u10, u11 = quarters(sub_hash(h, 2))
    u12, u13, _, _ = quarters(sub_hash(h, 3))
    brief = part(p, style.brief, u5)
    thanks = part(p, style.thanks, u13)
    total = p.quality_personalised * (part(p, (style.personalised + learned) * care - p.quality_hidden_profile * hidden, u0) - a)
    total += p.quality_introduced * (part(p, style.introduced, u1) - a)
    total += p.quality_purpose_clear * (part(p, style.purpose_clear, u2) - a)
    total += p.quality_direct * (part(p, style.direct, u3) - a)
    total += p.quality_courteous * tone * (part(p, style.courteous, u4) - a)
    total += p.quality_brief * (brief - a)
    total += p.quality_professional * tone * (part(p, style.professional, u6) - a)
    total += p.quality_clean * (part(p, style.clean, u7) - a)
    total += p.quality_humour * (part(p, style.humour, u8) - a)
    total += p.quality_on_topic * (part(p, style.on_topic, u9) - a)
    total += p.quality_next_steps * (part(p, style.next_steps, u10) - a)
    total += p.quality_sourced * (part(p, style.sourced, u11) - a)
    total += p.quality_proofread * (part(p, style.proofread, u12) - a)
    total += p.quality_thanks * (thanks - a)
    return p.quality_scale * total / PARTS * 3.0, p.length_longest * (1.0 - brief), thanks


@register_jitable
def choose_violation(style: Any, kept: float, u: float) -> int:
    """Return the rule that an item breaks, or none; `kept` is the share of violations left after reading the rules."""
    x = style.harassment * kept
    if u < x:
        return HARASSMENT
    x += style.misrepresentation * kept
    if u < x:
        return MISREPRESENTATION
    x += style.passwords * kept
    if u < x:
        return PASSWORDS
    x += style.adult * kept
    if u < x:
        return ADULT
    return NO_VIOLATION


@register_jitable
def opening_chance(style: Any, purpose: int) -> float:
    """Return the chance that a new connection is written to, by what the invitation was for."""
    if purpose == INQUIRY:  # whoever connected in order to ask asks
        return 1.0
    return style.opens if purpose == RELATIONSHIP else style.pitches


@register_jitable
def kind_of_request(style: Any, design: Any, asks: int, allowed: bool, u: float) -> int:
    """Return the kind of a request to connect after rapport; none after so many `asks` as the style makes, or if not `allowed`."""
    if asks >= style.rapport_asks or not allowed:
        return NOTHING_DUE
    return NOTE if chooses_note(style, design, u) else INVITATION


@register_jitable
def kind_of_follow_up(design: Any, awaits: bool, connected: bool, closed: bool) -> int:
    """Return the kind of a follow-up; none once answered, or where the design or the other's closed inbox lets no message through."""
    reachable = connected or (design.open_messages > 0.0 and not closed)
    return FOLLOW_UP if awaits and reachable else NOTHING_DUE


@register_jitable
def kind_of_opening(style: Any, purpose: int, u: float) -> int:
    """Return the kind of the first message after an accepted invitation, or none; where the purpose is to sell, it is a pitch."""
    if u >= opening_chance(style, purpose):
        return NOTHING_DUE
    return PITCH if purpose == PROMOTION else MESSAGE
