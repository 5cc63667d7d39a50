"""What becomes of an item that reaches a member: filter, welcome, attention, reply, acceptance."""

from __future__ import annotations

import math
from typing import Any

from sim.decisions.codes import (
    ACCEPTED,
    ADULT,
    ANSWERED,
    CONNECTED,
    DECLINED,
    DONT_KNOW,
    FOLLOW_UP,
    GONE,
    HARASSMENT,
    INTRODUCTION,
    LATER,
    LEFT,
    MISREPRESENTATION,
    NO_VIOLATION,
    NOTE,
    OBLIGED,
    PASSWORDS,
    PROMOTION,
    READ,
    REFUSED_POLITELY,
    SUNK,
    TAKEN_BACK,
    WAITING,
)
from sim.decisions.common import clip, is_invitation, log_count, logistic, saturating
from sim.decisions.constants import MOST_LATER
from sim.jit import register_jitable

ANSWERS = (ANSWERED, REFUSED_POLITELY, READ)  # what may become of a message that is read
INVITATION_ANSWERS = (ACCEPTED, OBLIGED, LEFT, DECLINED, DONT_KNOW)  # and of an invitation


@register_jitable
def is_accepted(outcome: int) -> bool:
    """Tell whether an invitation was accepted, gladly or from obligation."""
    return outcome in (ACCEPTED, OBLIGED)


@register_jitable
def is_refused(outcome: int) -> bool:
    """Tell whether an invitation was told no."""
    return outcome in (DECLINED, DONT_KNOW)


@register_jitable
def is_positive(outcome: int) -> bool:
    """Tell whether an item was answered or accepted."""
    return outcome in (ANSWERED, ACCEPTED, OBLIGED)


@register_jitable
def sinking_age(p: Any, kind: int) -> float:
    """Return the days after which an unread item has sunk in the inbox: nobody scrolls down to it."""
    return p.attention_sink_invitation if is_invitation(kind) else p.attention_sink_message


@register_jitable
def outcome_of_unread(p: Any, kind: int, age: int, taken_back: bool, recipient_here: bool) -> int:
    """Return the outcome of an item that has been unread for `age` days: WAITING unless something has closed it."""
    if taken_back:
        return TAKEN_BACK
    if not recipient_here:
        return GONE
    return SUNK if age > sinking_age(p, kind) else WAITING


@register_jitable
def outcome_of_open(p: Any, outcome: int, kind: int, age: int, taken_back: bool, recipient_here: bool) -> int:
    """Return the outcome of an item that was open last night: the same unless something has closed it.

    What is answered LATER has been read: it neither sinks nor can be taken back, but goes with its recipient.
    """
    if outcome == LATER:
        return LATER if recipient_here else READ
    return outcome_of_unread(p, kind, age, taken_back, recipient_here=recipient_here)


@register_jitable
def is_taken_back(withdrew: int, day: int) -> bool:
    """Tell whether a sender who withdrew unread items on day `withdrew` takes back what waits on `day`: from the next morning on."""
    return withdrew == day - 1


@register_jitable
def is_fresh(p: Any, age: int) -> bool:
    """Tell whether an update of this age is still shown in feeds."""
    return age <= p.feed_fresh_days


@register_jitable
def severity(p: Any, violation: int) -> float:
    """Return how grave a kind of violation is; 0 for none."""
    if violation == HARASSMENT:
        return p.unwelcome_harassment
    if violation == MISREPRESENTATION:
        return p.unwelcome_misrepresentation
    if violation == PASSWORDS:
        return p.unwelcome_passwords
    if violation == ADULT:
        return p.unwelcome_adult
    return 0.0


@register_jitable
def spamminess(
    p: Any,
    kind: int,
    purpose: int,
    quality: float,
    relevance: float,
    follow: int,
    violation: int,
    unheeded: bool,
) -> float:
    """Return the part of the unwelcome logit that lies in the item itself."""
    x = p.unwelcome_base + p.unwelcome_quality * quality + p.unwelcome_relevance * relevance
    # article, "Downsides of Messaging Without Connecting", 4: spam, solicitation, harassment
    x += p.unwelcome_violation * severity(p, violation)
    if purpose == PROMOTION:
        x += p.unwelcome_promotion
    # article, "Best Practices for Messaging", 5 and 6: no aggressive follow-up, heed red flags
    if kind == FOLLOW_UP:
        x += p.unwelcome_follow_up * follow
    if unheeded:
        x += p.unwelcome_unheeded
    if is_invitation(kind):  # an offset of its own, since what makes invitations unwelcome has not been measured
        x += p.unwelcome_invitation
    return x


@register_jitable
def unwelcome_chance(p: Any, spam: float, selectivity: float, distance: int, exchanges: int, known: bool) -> float:
    """Return the chance that the recipient finds the item unwelcome, read or not; `known`: from before either was here."""
    x = spam + p.unwelcome_selectivity * selectivity + p.unwelcome_rapport * log_count(exchanges)
    if distance == CONNECTED:
        x += p.unwelcome_connected
    if known:
        x += p.unwelcome_known
    return logistic(x)


@register_jitable
def filter_chance(rule: Any, spam: float, automated: float) -> float:
    """Return the chance that the spam filter takes a message from outside the recipient's connections."""
    return rule.filter_strength * logistic(spam + automated - rule.filter_threshold)


@register_jitable
def attention_budget(p: Any, degree: int, seen: int, obliged: int) -> int:
    """Return the number of items that a visit can read; updates and a large network use some of it up."""
    # the larger the network, the more else there is to see; filters hide part of it
    x = p.attention_budget - p.attention_per_connection * (1.0 - p.attention_filters) * degree
    x -= p.feed_cost * seen + p.feed_obliged_cost * obliged
    return int(clip(x, 1.0, 1000.0))


@register_jitable
def length_effect(p: Any, characters: float) -> float:
    """Return the logit shift that a message's length makes."""
    # shares of responses by length: a platform on recruiters' messages, 2022
    if characters < 400.0:
        return math.log(1.0 + p.length_under_400)
    if characters < 800.0:
        return math.log(1.0 + p.length_to_800)
    if characters < 1200.0:
        return math.log(1.0 + p.length_to_1200)
    return math.log(1.0 + p.length_above)


@register_jitable
def reply_chance(
    p: Any,
    kind: int,
    purpose: int,
    quality: float,
    characters: float,
    relevance: float,
    mutual: int,
    distance: int,
    exchanges: int,
    known: bool,
    follow: int,
    receptiveness: float,
    load: float,
    annoyance: float,
    backlog: int,
    recent: float,
    reputation: float,
) -> float:
    """Return the chance that a message which opens a thread or follows one up, or the note of an accepted invitation, is answered.

    `known`: the two knew each other before either was here; `load` is in items a day, `backlog` what this visit cannot read, `recent` the sender's recent invitations, `reputation` what the sender has lost of it.
    """
    x = p.reply_base + receptiveness + p.reply_quality * quality + length_effect(p, characters)
    x += p.reply_relevance * relevance + p.reply_mutual * saturating(mutual, p.reply_mutual_half)
    # load: Kooti et al. 2015, 25% answered at low load, under 5% at 100 items a day
    x += p.reply_rapport * log_count(exchanges) + p.reply_load * math.log(1.0 + load)
    x += p.reply_annoyance * math.log(1.0 + annoyance) + p.reply_backlog * log_count(backlog) + p.reply_follow_up * follow
    # article, "Cons of Connecting After Messaging", 2: who invites everybody seems disingenuous
    x += p.reply_disingenuous * math.log(1.0 + recent) + p.reply_reputation * reputation
    if distance == CONNECTED:
        x += p.reply_connected
    if known:
        x += p.reply_known
    if kind == INTRODUCTION:
        x += p.reply_introduced
    if kind == NOTE:
        x += p.reply_note
    if purpose == PROMOTION:
        x += p.reply_promotion
    return logistic(x)


@register_jitable
def answer(p: Any, chance: float, u: float) -> int:
    """Return the outcome of a message that is read: ANSWERED, REFUSED_POLITELY or only READ, all cut from one draw."""
    if u < chance:
        return ANSWERED
    return REFUSED_POLITELY if u < chance + (1.0 - chance) * p.reply_polite_no else READ


@register_jitable
def is_put_off(p: Any, u: float) -> bool:
    """Tell whether what will be answered is answered on another day than it is read."""
    return u < p.thread_later


@register_jitable
def days_put_off(p: Any, u: float) -> int:
    """Return for how many days an answer is put off, 1 at least; `u`: the draw by which it is, below `thread.later`.

    More than k days have the chance k^-later_tail: a heavy tail, as in queues from which what matters most is taken first.
    """
    v = u / p.thread_later  # the same draw, stretched: uniform again
    return int(min(MOST_LATER, math.exp(-math.log(v) / p.thread_later_tail)))


@register_jitable
def is_due(outcome: int, due: int, day: int) -> bool:
    """Tell whether an item that was put off is to be answered by now."""
    return outcome == LATER and due <= day


@register_jitable
def is_open(outcome: int) -> bool:
    """Tell whether an item stays in its inbox: it waits to be read, or to be answered."""
    return outcome in (WAITING, LATER)


@register_jitable
def continue_chance(p: Any, relevance: float, thanks: float, characters: float, continues: float, turns: int) -> float:
    """Return the chance that a reply is answered in its turn; `turns`: how often the two have answered each other so far."""
    x = p.thread_base + p.thread_relevance * relevance + p.thread_thanks * (thanks - 0.5)
    # Karsai et al. 2014: the more two have talked, the likelier they go on
    x += p.thread_habit * log_count(turns)
    return logistic(x + p.thread_length * characters / 1000.0 + continues)


@register_jitable
def is_too_forward(p: Any, days_since_approach: int, exchanges: int) -> bool:
    """Tell whether an invitation after a message comes too soon; one that is the approach itself never does."""
    return 0 < days_since_approach <= p.invitation_too_forward_days and exchanges <= 1


@register_jitable
def forwardness(p: Any, style: Any, approach: int, sent: int, exchanges: int) -> float:
    """Return how forward an invitation is: the sender's style where it came too soon after an approach in the run, else 0."""
    return style.forwardness if approach >= 0 and is_too_forward(p, sent - approach, exchanges) else 0.0


@register_jitable
def note_quality(kind: int, quality: float) -> float:
    """Return the quality of an invitation's note; 0, the average, without one."""
    return quality if kind == NOTE else 0.0


@register_jitable
def rank_count(item: int) -> int:
    """Return the count under which the rank of an item is drawn; `item`: its running number. Ten bits tell a pair's items apart."""
    return item & 1023


@register_jitable
def accept_chance(
    p: Any,
    mutual: int,
    relevance: float,
    competitors: bool,
    exchanges: int,
    known: bool,
    forward: float,
    note: float,
    selectivity: float,
    degree: int,
    annoyance: float,
    recent: float,
    reputation: float,
) -> float:
    """Return the chance that an invitation is accepted gladly.

    `competitors`: the two compete directly; `known`: they knew each other before either was here; `forward`: 0, or the sender's forwardness when it came too soon; `note`: the
    note's quality, 0 without one; `degree`: the recipient's.
    """
    # Boshmaf et al. 2011: 19% to 59% accept, the more mutual contacts; an upper bound
    x = p.invitation_base + p.invitation_mutual * saturating(mutual, p.invitation_mutual_half)
    x += p.invitation_relevance * relevance + p.invitation_rapport * log_count(exchanges)
    # article, "Cons of Connecting After Messaging", 1: too fast after minimal interaction
    x += p.invitation_too_forward * forward + p.invitation_note * note + p.invitation_selectivity * selectivity
    x += p.invitation_large_network * math.log(1.0 + degree / 500.0)
    x += p.invitation_annoyance * math.log(1.0 + annoyance) + p.invitation_disingenuous * math.log(1.0 + recent)
    x += p.invitation_reputation * reputation
    if known:
        x += p.invitation_known
    if competitors:
        x += p.invitation_competitor
    return logistic(x)


@register_jitable
def answer_invitation(p: Any, chance: float, u: float) -> int:
    """Return the outcome of an invitation that is read: one of INVITATION_ANSWERS, all cut from one draw."""
    if u < chance:
        return ACCEPTED
    rest = (u - chance) / (1.0 - chance)  # the same draw, stretched over what is left: uniform again
    if rest < p.invitation_obligation:
        return OBLIGED
    rest = (rest - p.invitation_obligation) / (1.0 - p.invitation_obligation)
    if rest < p.invitation_dont_know:
        return DONT_KNOW
    return DECLINED if rest < p.invitation_dont_know + p.invitation_decline else LEFT


@register_jitable
def report_chance(p: Any, purpose: int, violation: int, unheeded: bool) -> float:
    """Return the chance that an unwelcome item, once read, is reported."""
    x = p.unwelcome_reported_promotion if purpose == PROMOTION else p.unwelcome_reported
    if violation != NO_VIOLATION:
        x += p.unwelcome_reported_violation * severity(p, violation)
    if unheeded:
        x *= p.unwelcome_reported_unheeded
    return clip(x, 0.0, 1.0)
