"""Every assumption by which the model favours one channel, message or connect, and the model without them.

`neutral.toml` is the baseline without all of them (a test compares): only the design's friction then tells
the two buttons apart. `compare --explain` goes through this list: the neutral scenario, then one assumption
at a time as the scenario has it.

What decides whether a number belongs here: it is assumed, and it enters one channel alone, or both with different sizes. So these do
not: notifications, habituation, visibility, moods and `unwelcome.known` (the same for every kind of item); `outreach.scarcity` (it
works on what limits leave, and without limits on nothing) and `outreach.fatigue` (it costs whatever is written, message or note, the
same); `thread.base`, `thread.habit` and `thread.stay` (they begin after an answer, whichever channel led to it); what a study found
for one channel (`reply.load`, `invitation.mutual`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sim.scenario.library import COLLECTIONS
from sim.scenario.parameters import PURPOSES
from sim.scenario.scenario import Scenario


class Assumption(NamedTuple):
    """Something that favours one channel, and what takes it away."""

    title: str
    neutral: Mapping[str, float]  # changes for Scenario.with_


NO_ENTRIES_TO_COME: dict[str, Any] = {f"every_{kind}": {} for kind in COLLECTIONS}
ASSUMPTIONS: dict[str, Assumption] = {
    "purpose_fit": Assumption(
        "Messages suit questions and offers, invitations suit relationships",
        {f"outreach.{channel}_{purpose}": 0.0 for channel in ("message", "connect") for purpose in PURPOSES},
    ),
    "liking": Assumption(
        "Some styles prefer messages, others invitations, with or without a note",
        {"every_style.like_message": 0.0, "every_style.like_connect": 0.0, "every_style.note": 0.0},
    ),
    "intimidation": Assumption("Asking a stranger to connect is more intimidating than writing", {"outreach.intimidation": 0.0}),
    "follow_ups": Assumption("Messages are followed up, invitations are not", {"every_style.follow_ups": 0}),
    "sinking_age": Assumption(
        "Unread messages sink sooner than invitations",
        {"attention.sink_message": 30.0, "attention.sink_invitation": 30.0},
    ),
    "inbox_rank": Assumption("Inboxes put connections and running threads first", {"attention.rank_known": 0.0}),
    "limits": Assumption(
        "Messages are limited by the day, invitations by the week, by rests and by a cap",
        {
            "every_design.messages_a_day": 1000.0,
            "every_design.invitations_a_week": 1000.0,
            "every_design.repeat_days": 0.0,
            "every_design.connection_cap": 1_000_000.0,
        },
    ),
    "spam_filter": Assumption("The spam filter takes messages and no invitations", {"every_moderation.filter_strength": 0.0}),
    "opening": Assumption(
        "Not everybody writes after an accepted invitation",
        {"every_style.opens": 1.0, "every_style.pitches": 1.0},
    ),
    "forwardness": Assumption(
        "Asking to connect too soon or too often puts people off",
        {"invitation.too_forward": 0.0, "invitation.disingenuous": 0.0, "reply.disingenuous": 0.0},
    ),
    "obligation": Assumption("Some accept invitations because they feel obliged", {"invitation.obligation": 0.0}),
    "refusals": Assumption(
        "A no to an invitation is commoner and graver than a no to a message",
        {"reply.polite_no": 0.12, "invitation.decline": 0.12, "invitation.dont_know": 0.0},
    ),
    "bother": Assumption(
        "Invitations are more, or less, unwelcome than messages of the same kind",
        {"unwelcome.invitation": 0.0},
    ),
    "acquaintances": Assumption(
        "People whom one knows are asked to connect rather than written to, and accept more readily than they answer",
        {"outreach.connect_known": 0.0, "reply.known": 1.5, "invitation.known": 1.5},
    ),
    "suggestions": Assumption(
        "Lists of suggestions, which no design touches, offer to connect and no message",
        {"network.suggestions": 0.0},
    ),
    "putting_off": Assumption("Answers to messages are put off now and then, those to invitations never", {"thread.later": 0.0}),
    "full_inbox": Assumption("A full inbox keeps members from answering, not from accepting", {"reply.backlog": 0.0}),
    "encouragement": Assumption(
        "An answer makes its sender come back and write more, an acceptance does not",
        {"sessions.success": 0.0, "learning.volume_reply": 0.0},
    ),
}


def neutralised(scenario: Scenario) -> Scenario:
    """Return the scenario without any assumption that favours one channel, designs to come included."""
    return scenario.with_(**{key: value for assumption in ASSUMPTIONS.values() for key, value in assumption.neutral.items()})


def with_assumption(neutral: Scenario, scenario: Scenario, name: str) -> Scenario:
    """Return `neutral` with one assumption as `scenario` has it.

    Args:
        neutral: what `neutralised(scenario)` returned, perhaps with other assumptions back already.
        scenario: where the assumption's numbers are taken from.
        name: a key of ASSUMPTIONS.

    With all assumptions back it is the scenario again.
    """
    values = neutral.model_dump()
    original = scenario.model_dump()
    for key in ASSUMPTIONS[name].neutral:
        head, number = key.split(".")
        if head in values and not head.startswith("every_"):
            values[head][number] = original[head][number]
        else:
            _restore_everywhere(values, original, head, number)
    return Scenario(**values)


def _restore_everywhere(values: dict[str, Any], original: dict[str, Any], head: str, number: str) -> None:
    """Set a number back in all styles, designs or moderations, and for those to come."""
    values[head].pop(number, None)
    if number in original[head]:
        values[head][number] = original[head][number]
    table = COLLECTIONS[head.removeprefix("every_")].table
    for name, entry in values[table].items():
        if name in original[table]:
            entry[number] = original[table][name][number]


def assumptions_of(scenario: Scenario) -> list[str]:
    """Return the names of the assumptions that the scenario makes: whose removal changes a number."""
    neutral = neutralised(scenario)
    bare = neutral.model_copy(update=NO_ENTRIES_TO_COME)
    made = []
    for name in ASSUMPTIONS:
        back = with_assumption(neutral, scenario, name)
        if back.model_copy(update=NO_ENTRIES_TO_COME) != bare:
            made.append(name)
    return made
