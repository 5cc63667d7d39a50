"""What happened, as numbers with numerators and denominators (MODEL 8): the catalogue and how each is computed.

A measure is a `Ratio` of counters, summed over cells, or a `Members` or `Graph` measure with a function of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

RESPONSE, LOAD, REACH, PLATFORM = "response", "spam load", "reach", "platform"
GOAL, GUARDRAIL, CONTEXT = "goal", "guardrail", "context"
HIGHER, LOWER, NEITHER = "higher better", "lower better", "neither"
SHARE = "share"
TALK, MONTH, WEEK = 60, 30, 7
PRIMARY = "intent_success"


class Value(NamedTuple):
    """A measure's value; numerator and denominator are None where it has none, the value where it is undefined."""

    numerator: float | None
    denominator: float | None
    value: float | None


def ratio(numerator: float, denominator: float, scale: float = 1.0) -> Value:
    """Return scale * numerator / denominator with both kept; undefined where the denominator is zero."""
    value = scale * numerator / denominator if denominator else None
    return Value(float(numerator), float(denominator), value)


@dataclass(frozen=True)
class Measure:
    """A measure's name, unit, role and direction, the smallest effect that matters (in its unit), and its definition.

    `window` is how many days an item is watched: what is sent later than the horizon less the window does not count.
    """

    name: str
    title: str
    group: str
    unit: str
    role: str
    direction: str
    smallest_effect: float
    definition: str
    window: int = 0
    primary: bool = False
    top: tuple[str, ...] = ()
    bottom: tuple[str, ...] = ()
    purposes: tuple[int, ...] = (0, 1, 2)
    scale: float = 1.0


def _success(name: str, title: str, top: str, definition: str, role: str = CONTEXT, purposes: tuple[int, ...] = (0, 1)) -> Measure:
    return Measure(name, title, RESPONSE, SHARE, role, HIGHER, 0.005, definition, TALK, name == PRIMARY, (top,), ("intents",), purposes)


def _rate(
    name: str, title: str, unit: str, direction: str, least: float, top: tuple[str, ...], bottom: tuple[str, ...],
    window: int, definition: str, group: str = RESPONSE, role: str = CONTEXT, scale: float = 1.0,
) -> Measure:  # fmt: skip
    return Measure(name, title, group, unit, role, direction, least, definition, window, False, top, bottom, (0, 1, 2), scale)


def _other(name: str, title: str, group: str, unit: str, role: str, direction: str, least: float, definition: str) -> Measure:
    return Measure(name, title, group, unit, role, direction, least, definition)


_PER_WEEK = "items a member and week"
_ALL = (
    _success(
        PRIMARY, "Intent success", "success",
        "Of all inquiries and relationship intents that arose, those dropped at the button included, the share that "
        "succeeded: an inquiry by an answer within 14 days through any channel, a relationship by at least one exchange "
        "within 60 days.", GOAL,
    ),
    _success("inquiry_success", "Inquiry success", "success", "Intent success of inquiries alone.", CONTEXT, (0,)),
    _success("relationship_success", "Relationship success", "success", "Intent success of relationship intents alone.", CONTEXT, (1,)),
    _success("success_two_exchanges", "Success with two exchanges", "success_2",
             "Share of intents after which the two had at least two exchanges within 60 days."),
    _success("success_three_exchanges", "Success with three exchanges", "success_3",
             "Share of intents after which the two had at least three exchanges within 60 days."),
    _success("still_in_contact", "Still in contact on day 60", "contact_60",
             "Share of intents after which the two had an exchange and were in contact in the fortnight before day 60."),
    _success("connected_on_day_60", "Connected on day 60", "connected_60",
             "Share of intents whose two members were connected 60 days later, whether or not they ever talked."),
    _rate("died_at_button", "Dropped at the button", SHARE, LOWER, 0.005, ("walked",), ("intents",), TALK,
          "Share of intents (promotion included) given up because neither button appealed or was available."),
    _rate("stranger_reply_rate_7", "Reply rate of strangers, 7 days", SHARE, HIGHER, 0.005, ("stranger_replied_7",),
          ("stranger_sent_7",), WEEK, "Share of first messages to members not connected that were answered within 7 days, follow-ups included."),
    _rate("stranger_reply_rate_30", "Reply rate of strangers, 30 days", SHARE, HIGHER, 0.005, ("stranger_replied_30",),
          ("stranger_sent_30",), MONTH, "Share of first messages to members not connected that were answered within 30 days, follow-ups included."),
    _rate("acceptance_rate", "Invitations accepted, 30 days", SHARE, HIGHER, 0.01, ("accepted_30",), ("invited_30",), MONTH,
          "Share of invitations accepted within 30 days, those out of obligation included."),
    _rate("reply_after_acceptance", "Reply after acceptance", SHARE, HIGHER, 0.01, ("opened_replied_30",), ("opened_30",), MONTH,
          "Share of first messages after an accepted invitation that were answered within 30 days."),
    _rate("days_to_first_response", "Days to the first response", "days", LOWER, 0.1, ("response_days",), ("responses",), MONTH,
          "Mean days from an approach to its answer or acceptance, among those that had one within 30 days."),
    _rate("positive_response", "Approaches with a positive response", SHARE, HIGHER, 0.005,
          ("message_positive_30", "invitation_positive_30"), ("message_approaches_30", "invitation_approaches_30"), MONTH,
          "Share of approaches of any kind answered or accepted within 30 days. It moves with the mix of channels."),
    _rate("message_share", "Messages among approaches", SHARE, NEITHER, 0.01, ("message_approaches_30",),
          ("message_approaches_30", "invitation_approaches_30"), MONTH, "Share of approaches that are messages: the mix of channels."),
    _rate("positive_to_messages", "Positive response to messages", SHARE, HIGHER, 0.005, ("message_positive_30",),
          ("message_approaches_30",), MONTH, "Positive response within the channel of messages."),
    _rate("positive_to_invitations", "Positive response to invitations", SHARE, HIGHER, 0.01, ("invitation_positive_30",),
          ("invitation_approaches_30",), MONTH, "Positive response within the channel of invitations."),
    _rate("promotion_interest", "Interest in promotions", SHARE, NEITHER, 0.005, ("promotion_interested_30",),
          ("promotion_sent_30",), MONTH, "Share of promotional messages and invitations answered or accepted within 30 days."),
    _other("unwelcome_delivered", "Unwelcome items delivered", LOAD, _PER_WEEK, GUARDRAIL, LOWER, 0.02,
           "Unwelcome items that reached an inbox, read or not, per week and member active at the switch; who leaves counts as zero."),
    _other("unwelcome_read", "Unwelcome items read", LOAD, _PER_WEEK, GUARDRAIL, LOWER, 0.02,
           "Unwelcome items that were read, per week and member active at the switch."),
    _other("unwelcome_messages", "Unwelcome messages", LOAD, _PER_WEEK, CONTEXT, LOWER, 0.02,
           "Unwelcome messages delivered, per week and member active at the switch."),
    _other("unwelcome_invitations", "Unwelcome invitations", LOAD, _PER_WEEK, CONTEXT, LOWER, 0.02,
           "Unwelcome invitations delivered, per week and member active at the switch."),
    _other("unwelcome_messages_read", "Unwelcome messages read", LOAD, _PER_WEEK, CONTEXT, LOWER, 0.02,
           "Unwelcome messages that were read, per week and member active at the switch."),
    _other("unwelcome_invitations_read", "Unwelcome invitations read", LOAD, _PER_WEEK, CONTEXT, LOWER, 0.02,
           "Unwelcome invitations that were read, per week and member active at the switch."),
    _rate("unwelcome_share", "Unwelcome among what is delivered", SHARE, LOWER, 0.01, ("unwelcome",), ("delivered",), 0,
          "Share of delivered items that their recipients found unwelcome; by style, purpose and distance it tells who sends them.", LOAD, CONTEXT),
    _other("unwelcome_p95", "Unwelcome items, 95th percentile", LOAD, _PER_WEEK, GUARDRAIL, LOWER, 0.05,
           "The 95th percentile over members of unwelcome items delivered per week."),
    _other("unwelcome_gini", "Inequality of unwelcome items", LOAD, "Gini index", CONTEXT, NEITHER, 0.01,
           "Gini index over members of unwelcome items delivered: 0 all alike, 1 all on one."),
    _other("unwelcome_read_p95", "Unwelcome items read, 95th percentile", LOAD, _PER_WEEK, CONTEXT, LOWER, 0.05,
           "The 95th percentile over members of unwelcome items read per week."),
    _other("unwelcome_read_gini", "Inequality of unwelcome items read", LOAD, "Gini index", CONTEXT, NEITHER, 0.01,
           "Gini index over members of unwelcome items read."),
    _rate("unsolicited_share", "Unsolicited items in inboxes", SHARE, LOWER, 0.01, ("unsolicited",), ("delivered",), 0,
          "Share of delivered items that nobody asked for: approaches, follow-ups, invitations, pitches, promotions.", LOAD, CONTEXT),
    _rate("reports", "Reports", "per 1,000 approaches", LOWER, 1.0, ("reports",), ("approaches",), 0,
          "Items reported, per 1,000 approaches.", LOAD, GUARDRAIL, 1000.0),
    _other("opted_out_share", "Members closed to strangers", LOAD, SHARE, GUARDRAIL, LOWER, 0.002,
           "Share of active members at the horizon who have opted out of strangers' messages."),
    _other("restricted_members", "Members restricted", LOAD, "per 1,000 members", CONTEXT, LOWER, 1.0,
           "Members restricted at least once after the switch, per 1,000 active at the switch."),
    _other("restricted_not_promoting", "Restricted without promoting", LOAD, "per 1,000 members", GUARDRAIL, LOWER, 0.5,
           "Of those, members whose style does not promote, per 1,000 active at the switch."),
    _other("violations_through", "Violations that got through", LOAD, "per 1,000 members and week", CONTEXT, LOWER, 0.1,
           "Delivered items that break a rule or come after a no, per week and 1,000 members active at the switch."),
    _other("mean_connections", "Connections per member", REACH, "connections", GOAL, HIGHER, 0.25, "Mean connections of active members at the horizon."),
    _other("largest_component", "Largest component", REACH, SHARE, CONTEXT, HIGHER, 0.005, "Share of active members in the largest connected component."),
    _other("two_hop_reach", "Members within two hops", REACH, SHARE, GOAL, HIGHER, 0.005,
           "Mean share of the other active members within two hops. Falls with the size of the population."),
    _other("mean_distance", "Mean distance", REACH, "hops", CONTEXT, LOWER, 0.01, "Mean shortest path between active members who can reach each other."),
    _other("clustering", "Clustering", REACH, "coefficient", CONTEXT, NEITHER, 0.005, "Mean local clustering coefficient."),
    _other("cross_industry_ties", "Ties across industries", REACH, SHARE, CONTEXT, HIGHER, 0.002, "Share of connections that join two industries."),
    _other("partners", "Two-way partners per member", REACH, "partners", GOAL, HIGHER, 0.05,
           "Distinct members with whom a member active at the switch has had an exchange since."),
    _other("far_partners", "Distant partners per member", REACH, "partners", CONTEXT, HIGHER, 0.02,
           "Of those, partners who were beyond two hops at the approach."),
    _other("living_ties", "Living ties per member", REACH, "connections", CONTEXT, HIGHER, 0.05, "Connections of strength 1/8 or more, per active member."),
    _other("dormant_ties", "Dormant ties per member", REACH, "connections", CONTEXT, NEITHER, 0.25, "Connections weaker than 1/8, per active member."),
    _rate("closing_ties", "New ties that close a triangle", SHARE, NEITHER, 0.01, ("closing_ties",), ("new_ties",), 0,
          "Share of new connections whose two members already had one in common. Comparable with published shares only from about 30,000 members up.", REACH, CONTEXT),
    _other("active_members", "Active members", PLATFORM, "per 100 at the switch", CONTEXT, HIGHER, 0.5, "Active members at the horizon, per 100 active at the switch."),
    _other("retention", "Retention", PLATFORM, SHARE, GUARDRAIL, HIGHER, 0.005, "Share of the members active at the switch who are active at the horizon."),
    _other("conversations", "Exchanges per member", PLATFORM, "exchanges", CONTEXT, HIGHER, 0.1, "Answers written after the switch, per member active at the switch."),
    _other("meetings", "Meetings", PLATFORM, "per 100 members", CONTEXT, HIGHER, 0.2, "Meetings in person after the switch, per 100 members active at the switch."),
    _other("collaborations", "Collaborations", PLATFORM, "per 100 members", CONTEXT, HIGHER, 0.2, "Collaborations after the switch, per 100 members active at the switch."),
    _other("deals", "Deals", PLATFORM, "per 100 members", CONTEXT, HIGHER, 0.2, "Deals after the switch, per 100 members active at the switch."),
    _other("intents_per_member", "Intents per member", PLATFORM, "intents", CONTEXT, NEITHER, 0.1,
           "Inquiries and relationship intents judged, per member active at the switch. Learning changes them."),
    _other("successes_per_member", "Successes per member", PLATFORM, "intents", GOAL, HIGHER, 0.05,
           "Intents that succeeded, per member active at the switch: intent success without its moving denominator."),
)  # fmt: skip

_WINDOWS = {"intents_per_member": TALK, "successes_per_member": TALK}
MEASURES: dict[str, Measure] = {
    m.name: m if m.name not in _WINDOWS else Measure(**{**m.__dict__, "window": _WINDOWS[m.name]}) for m in _ALL
}
SUCCESS_VARIANTS = ("success_two_exchanges", "success_three_exchanges", "still_in_contact", "connected_on_day_60")
DAILY_MEASURES = (
    "approaches", "stranger_messages", "stranger_reply_rate", "invitations", "acceptance_rate", "intents", "intent_success",
    "delivered", "unwelcome_delivered", "unwelcome_read", "reports", "new_ties", "replies", "active", "mean_degree",
    "restricted",
)  # fmt: skip


def fitting(scenario: Scenario) -> tuple[list[Measure], list[str]]:
    """Return the measures whose window fits the horizon, and a line for each that is left out."""
    fit = [m for m in MEASURES.values() if m.window < scenario.days]
    left_out = [
        f"{m.title} ({m.name}) is left out: it watches each item for {m.window} days, and {scenario.days} days after "
        f"the switch leave none to watch; {m.window + 1} or more would do"
        for m in MEASURES.values()
        if m.window >= scenario.days
    ]
    return fit, left_out
