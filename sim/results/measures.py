"""What happened, as numbers: every measure with its meaning and how it is computed, an entry each.

A new measure is a new entry (and a known answer in the tests): tables, figures and documents go through `MEASURES`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING

from sim.decisions.codes import Purpose
from sim.decisions.constants import DORMANT, MONTH, TALK_WINDOW, WEEK
from sim.decisions.counters import Counter
from sim.results.computations import Computation, CounterRatio, Figure, MemberMean
from sim.results.values import Value, ratio

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

RESPONSE, LOAD, REACH, PLATFORM = "response", "spam load", "reach", "platform"
GOAL, GUARDRAIL, CONTEXT = "goal", "guardrail", "context"
HIGHER, LOWER, NEITHER = "higher better", "lower better", "neither"
SHARE, PER_WEEK = "share", "items a member and week"
PRIMARY = "intent_success"
THOUSAND, HUNDRED = 1000.0, 100.0
NOT_PROMOTION = (Purpose.INQUIRY, Purpose.RELATIONSHIP)


@dataclass(frozen=True)
class Measure:
    """A measure: what it says, and how it is computed.

    Args:
        name: for code and tables.
        title: for people.
        group: response, spam load, reach or platform.
        unit: of its value.
        role: goal, guardrail or context.
        direction: which way is better.
        smallest_effect: the smallest effect of interest, in its unit.
        definition: in a sentence or two.
        computed: how its value comes from a finished run.
        window: days for which an item is watched; what is sent later than the horizon less the window does not count.
        variant_of: another measure, of which this is a stricter or wider form.
    """

    name: str
    title: str
    _: KW_ONLY
    group: str
    unit: str
    role: str = CONTEXT
    direction: str
    smallest_effect: float
    definition: str
    computed: Computation
    window: int = 0
    variant_of: str = ""

    @property
    def primary(self) -> bool:
        """Whether comparisons are judged by it first."""
        return self.name == PRIMARY

    @property
    def scale(self) -> float:
        """By what numerator / denominator is multiplied to give the value."""
        return self.computed.scale

    @property
    def has_levels(self) -> bool:
        """Whether it is known by style and other levels, and not for everybody together alone."""
        return self.computed.has_levels


def by_name(measures: Iterable[Measure]) -> dict[str, Measure]:
    """Return measures by their names, of which no two may be the same."""
    found: dict[str, Measure] = {}
    for measure in measures:
        if measure.name in found:
            raise ValueError(f"two measures are called {measure.name!r}")
        found[measure.name] = measure
    return found


MEASURES = by_name((
    Measure(
        PRIMARY, "Intent success", group=RESPONSE, unit=SHARE, role=GOAL, direction=HIGHER, smallest_effect=0.005, window=TALK_WINDOW,
        definition=
            "Of all inquiries and relationship intents that arose, those dropped at the button included, the share that succeeded: "
            "an inquiry by an answer within 14 days through any channel, a relationship by at least one exchange within 60 days.",
        computed=CounterRatio([Counter.SUCCESS], [Counter.INTENTS], purposes=NOT_PROMOTION, level_purposes=tuple(Purpose)),
    ),
    Measure(
        "inquiry_success", "Inquiry success", group=RESPONSE, unit=SHARE, direction=HIGHER, smallest_effect=0.005, window=TALK_WINDOW,
        definition="Intent success of inquiries alone.",
        computed=CounterRatio([Counter.SUCCESS], [Counter.INTENTS], purposes=[Purpose.INQUIRY]),
    ),
    Measure(
        "relationship_success", "Relationship success", group=RESPONSE,
        unit=SHARE, direction=HIGHER, smallest_effect=0.005, window=TALK_WINDOW, definition="Intent success of relationship intents alone.",
        computed=CounterRatio([Counter.SUCCESS], [Counter.INTENTS], purposes=[Purpose.RELATIONSHIP]),
    ),
    Measure(
        "success_two_exchanges", "Success with two exchanges", group=RESPONSE,
        unit=SHARE, direction=HIGHER, smallest_effect=0.005, window=TALK_WINDOW, variant_of=PRIMARY,
        definition="Share of intents after which the two had at least two exchanges within 60 days.",
        computed=CounterRatio([Counter.SUCCESS_2], [Counter.INTENTS], purposes=NOT_PROMOTION),
    ),
    Measure(
        "success_three_exchanges", "Success with three exchanges", group=RESPONSE,
        unit=SHARE, direction=HIGHER, smallest_effect=0.005, window=TALK_WINDOW, variant_of=PRIMARY,
        definition="Share of intents after which the two had at least three exchanges within 60 days.",
        computed=CounterRatio([Counter.SUCCESS_3], [Counter.INTENTS], purposes=NOT_PROMOTION),
    ),
    Measure(
        "still_in_contact", "Still in contact on day 60", group=RESPONSE,
        unit=SHARE, direction=HIGHER, smallest_effect=0.005, window=TALK_WINDOW, variant_of=PRIMARY,
        definition="Share of intents after which the two had an exchange and were in contact in the fortnight before day 60.",
        computed=CounterRatio([Counter.CONTACT_60], [Counter.INTENTS], purposes=NOT_PROMOTION),
    ),
    Measure(
        "connected_on_day_60", "Connected on day 60", group=RESPONSE,
        unit=SHARE, direction=HIGHER, smallest_effect=0.005, window=TALK_WINDOW, variant_of=PRIMARY,
        definition="Share of intents whose two members were connected 60 days later, whether or not they ever talked.",
        computed=CounterRatio([Counter.CONNECTED_60], [Counter.INTENTS], purposes=NOT_PROMOTION),
    ),
    Measure(
        "died_at_button", "Dropped at the button", group=RESPONSE, unit=SHARE, direction=LOWER, smallest_effect=0.005, window=TALK_WINDOW,
        definition="Share of intents (promotion included) given up because neither button appealed or was available.",
        computed=CounterRatio([Counter.WALKED], [Counter.INTENTS]),
    ),
    Measure(
        "stranger_reply_rate_7", "Reply rate of strangers, 7 days", group=RESPONSE,
        unit=SHARE, direction=HIGHER, smallest_effect=0.005, window=WEEK,
        definition="Share of messages to members not connected answered within 7 days; an answer to a follow-up is one to its message.",
        computed=CounterRatio([Counter.STRANGER_REPLIED_7], [Counter.STRANGER_SENT_7]),
    ),
    Measure(
        "stranger_reply_rate_30", "Reply rate of strangers, 30 days", group=RESPONSE,
        unit=SHARE, direction=HIGHER, smallest_effect=0.005, window=MONTH,
        definition="Share of messages to members not connected answered within 30 days; an answer to a follow-up is one to its message.",
        computed=CounterRatio([Counter.STRANGER_REPLIED_30], [Counter.STRANGER_SENT_30]),
    ),
    Measure(
        "acceptance_rate", "Invitations accepted, 30 days", group=RESPONSE,
        unit=SHARE, direction=HIGHER, smallest_effect=0.01, window=MONTH,
        definition="Share of invitations accepted within 30 days, those out of obligation included.",
        computed=CounterRatio([Counter.ACCEPTED_30], [Counter.INVITED_30]),
    ),
    Measure(
        "reply_after_acceptance", "Reply after acceptance", group=RESPONSE,
        unit=SHARE, direction=HIGHER, smallest_effect=0.01, window=MONTH,
        definition="Share of first messages after an accepted invitation, while the two have yet to talk, answered within 30 days.",
        computed=CounterRatio([Counter.OPENED_REPLIED_30], [Counter.OPENED_30]),
    ),
    Measure(
        "days_to_first_response", "Days to the first response", group=RESPONSE,
        unit="days", direction=LOWER, smallest_effect=0.1, window=MONTH,
        definition="Mean days from an approach to its own answer or acceptance, among those that had one within 30 days.",
        computed=CounterRatio([Counter.RESPONSE_DAYS], [Counter.RESPONSES]),
    ),
    Measure(
        "positive_response", "Approaches with a positive response", group=RESPONSE,
        unit=SHARE, direction=HIGHER, smallest_effect=0.005, window=MONTH,
        definition="Share of approaches of any kind answered or accepted within 30 days. It moves with the mix of channels.",
        computed=CounterRatio(
            [Counter.MESSAGE_POSITIVE_30, Counter.INVITATION_POSITIVE_30],
            [Counter.MESSAGE_APPROACHES_30, Counter.INVITATION_APPROACHES_30],
        ),
    ),
    Measure(
        "message_share", "Messages among approaches", group=RESPONSE, unit=SHARE, direction=NEITHER, smallest_effect=0.01, window=MONTH,
        definition="Share of approaches that are messages: the mix of channels.",
        computed=CounterRatio([Counter.MESSAGE_APPROACHES_30], [Counter.MESSAGE_APPROACHES_30, Counter.INVITATION_APPROACHES_30]),
    ),
    Measure(
        "positive_to_messages", "Positive response to messages", group=RESPONSE,
        unit=SHARE, direction=HIGHER, smallest_effect=0.005, window=MONTH, definition="Positive response within the channel of messages.",
        computed=CounterRatio([Counter.MESSAGE_POSITIVE_30], [Counter.MESSAGE_APPROACHES_30]),
    ),
    Measure(
        "positive_to_invitations", "Positive response to invitations", group=RESPONSE,
        unit=SHARE, direction=HIGHER, smallest_effect=0.01, window=MONTH, definition="Positive response within the channel of invitations.",
        computed=CounterRatio([Counter.INVITATION_POSITIVE_30], [Counter.INVITATION_APPROACHES_30]),
    ),
    Measure(
        "promotion_interest", "Interest in promotions", group=RESPONSE, unit=SHARE, direction=NEITHER, smallest_effect=0.005, window=MONTH,
        definition="Share of promotional messages and invitations answered or accepted within 30 days.",
        computed=CounterRatio([Counter.PROMOTION_INTERESTED_30], [Counter.PROMOTION_SENT_30]),
    ),
    Measure(
        "unwelcome_delivered", "Unwelcome items delivered", group=LOAD,
        unit=PER_WEEK, role=GUARDRAIL, direction=LOWER, smallest_effect=0.02,
        definition=
            "Unwelcome items that reached an inbox, read or not, per week and member active at the switch; who leaves counts as "
            "zero.",
        computed=MemberMean("got_unwelcome", weekly=True),
    ),
    Measure(
        "unwelcome_read", "Unwelcome items read", group=LOAD, unit=PER_WEEK, role=GUARDRAIL, direction=LOWER, smallest_effect=0.02,
        definition="Unwelcome items that were read, per week and member active at the switch.",
        computed=MemberMean("read_unwelcome", weekly=True),
    ),
    Measure(
        "unwelcome_messages", "Unwelcome messages", group=LOAD, unit=PER_WEEK, direction=LOWER, smallest_effect=0.02,
        definition="Unwelcome messages delivered, per week and member active at the switch.",
        computed=MemberMean("got_unwelcome", less="got_unwelcome_invitations", weekly=True),
    ),
    Measure(
        "unwelcome_invitations", "Unwelcome invitations", group=LOAD, unit=PER_WEEK, direction=LOWER, smallest_effect=0.02,
        definition="Unwelcome invitations delivered, per week and member active at the switch.",
        computed=MemberMean("got_unwelcome_invitations", weekly=True),
    ),
    Measure(
        "unwelcome_messages_read", "Unwelcome messages read", group=LOAD, unit=PER_WEEK, direction=LOWER, smallest_effect=0.02,
        definition="Unwelcome messages that were read, per week and member active at the switch.",
        computed=MemberMean("read_unwelcome", less="read_unwelcome_invitations", weekly=True),
    ),
    Measure(
        "unwelcome_invitations_read", "Unwelcome invitations read", group=LOAD, unit=PER_WEEK, direction=LOWER, smallest_effect=0.02,
        definition="Unwelcome invitations that were read, per week and member active at the switch.",
        computed=MemberMean("read_unwelcome_invitations", weekly=True),
    ),
    Measure(
        "unwelcome_share", "Unwelcome among what is delivered", group=LOAD, unit=SHARE, direction=LOWER, smallest_effect=0.01,
        definition=
            "Share of delivered items that their recipients found unwelcome; by style, purpose and distance it tells who sends "
            "them.",
        computed=CounterRatio([Counter.UNWELCOME], [Counter.DELIVERED]),
    ),
    Measure(
        "unwelcome_p95", "Unwelcome items, 95th percentile", group=LOAD,
        unit=PER_WEEK, role=GUARDRAIL, direction=LOWER, smallest_effect=0.05,
        definition="The 95th percentile over members of unwelcome items delivered per week.",
        computed=Figure(lambda run: run.percentile_95("got_unwelcome")),
    ),
    Measure(
        "unwelcome_gini", "Inequality of unwelcome items", group=LOAD, unit="Gini index", direction=NEITHER, smallest_effect=0.01,
        definition="Gini index over members of unwelcome items delivered: 0 all alike, 1 all on one.",
        computed=Figure(lambda run: run.gini("got_unwelcome")),
    ),
    Measure(
        "unwelcome_read_p95", "Unwelcome items read, 95th percentile", group=LOAD, unit=PER_WEEK, direction=LOWER, smallest_effect=0.05,
        definition="The 95th percentile over members of unwelcome items read per week.",
        computed=Figure(lambda run: run.percentile_95("read_unwelcome")),
    ),
    Measure(
        "unwelcome_read_gini", "Inequality of unwelcome items read", group=LOAD, unit="Gini index", direction=NEITHER, smallest_effect=0.01,
        definition="Gini index over members of unwelcome items read.",
        computed=Figure(lambda run: run.gini("read_unwelcome")),
    ),
    Measure(
        "unsolicited_share", "Unsolicited items in inboxes", group=LOAD, unit=SHARE, direction=LOWER, smallest_effect=0.01,
        definition=
            "Share of delivered items that nobody asked for: messages to members not connected, follow-ups, invitations, pitches, "
            "promotions; answers never.",
        computed=CounterRatio([Counter.UNSOLICITED], [Counter.DELIVERED]),
    ),
    Measure(
        "reports", "Reports", group=LOAD, unit="per 1,000 approaches", role=GUARDRAIL, direction=LOWER, smallest_effect=1.0,
        definition="Items reported, per 1,000 approaches.",
        computed=CounterRatio([Counter.REPORTS], [Counter.APPROACHES], scale=THOUSAND),
    ),
    Measure(
        "opted_out_share", "Members closed to strangers", group=LOAD, unit=SHARE, role=GUARDRAIL, direction=LOWER, smallest_effect=0.002,
        definition="Share of active members at the horizon who have opted out of strangers' messages.",
        computed=Figure(lambda run: ratio(((run.members.opted_until > run.last_day) & run.active).sum(), run.active_count)),
    ),
    Measure(
        "restricted_members", "Members restricted", group=LOAD, unit="per 1,000 members", direction=LOWER, smallest_effect=1.0,
        definition="Members restricted at least once after the switch, per 1,000 active at the switch.",
        computed=Figure(lambda run: ratio(((run.members.restrictions > 0) & run.there).sum(), run.base, THOUSAND)),
    ),
    Measure(
        "restricted_not_promoting", "Restricted without promoting", group=LOAD,
        unit="per 1,000 members", role=GUARDRAIL, direction=LOWER, smallest_effect=0.5,
        definition="Of those, members whose style does not promote, per 1,000 active at the switch.",
        computed=Figure(lambda run: ratio(((run.members.restrictions > 0) & run.there & ~run.promotes).sum(), run.base, THOUSAND)),
    ),
    Measure(
        "violations_through", "Violations that got through", group=LOAD,
        unit="per 1,000 members and week", direction=LOWER, smallest_effect=0.1,
        definition="Delivered items that break a rule or come after a no, per week and 1,000 members active at the switch.",
        computed=Figure(lambda run: run.per_week(run.total(Counter.VIOLATIONS_THROUGH), THOUSAND)),
    ),
    Measure(
        "mean_connections", "Connections per member", group=REACH, unit="connections", role=GOAL, direction=HIGHER, smallest_effect=0.25,
        definition="Mean connections of active members at the horizon.",
        computed=Figure(lambda run: ratio(run.shape.degrees.sum(), run.active_count)),
    ),
    Measure(
        "largest_component", "Largest component", group=REACH, unit=SHARE, direction=HIGHER, smallest_effect=0.005,
        definition="Share of active members in the largest connected component.",
        computed=Figure(lambda run: ratio(run.shape.largest, run.active_count)),
    ),
    Measure(
        "two_hop_reach", "Members within two hops", group=REACH, unit=SHARE, role=GOAL, direction=HIGHER, smallest_effect=0.005,
        definition="Mean share of the other active members within two hops. Falls with the size of the population.",
        computed=Figure(lambda run: Value(None, None, run.shape.two_hop / (run.active_count - 1) if run.active_count > 1 else None)),
    ),
    Measure(
        "mean_distance", "Mean distance", group=REACH, unit="hops", direction=LOWER, smallest_effect=0.01,
        definition="Mean shortest path between active members who can reach each other.",
        computed=Figure(lambda run: ratio(run.total_distance, run.shape.distances.sum())),
    ),
    Measure(
        "clustering", "Clustering", group=REACH, unit="coefficient", direction=NEITHER, smallest_effect=0.005,
        definition="Mean local clustering coefficient.",
        computed=Figure(lambda run: Value(None, None, run.shape.clustering if run.active.any() else None)),
    ),
    Measure(
        "cross_industry_ties", "Ties across industries", group=REACH, unit=SHARE, direction=HIGHER, smallest_effect=0.002,
        definition="Share of connections that join two industries.",
        computed=Figure(lambda run: ratio((run.members.industry[run.ties.lo] != run.members.industry[run.ties.hi]).sum(), len(run.ties))),
    ),
    Measure(
        "partners", "Two-way partners per member", group=REACH, unit="partners", role=GOAL, direction=HIGHER, smallest_effect=0.05,
        definition="Distinct members with whom a member active at the switch has had an exchange since.",
        computed=MemberMean("partners"),
    ),
    Measure(
        "far_partners", "Distant partners per member", group=REACH, unit="partners", direction=HIGHER, smallest_effect=0.02,
        definition="Of those, partners who were beyond two hops at the approach; nobody who was connected before the run.",
        computed=MemberMean("far_partners"),
    ),
    Measure(
        "living_ties", "Living ties per member", group=REACH, unit="connections", direction=HIGHER, smallest_effect=0.05,
        definition="Connections of strength 1/8 or more, per active member.",
        computed=Figure(lambda run: ratio(2.0 * (run.strengths >= DORMANT).sum(), run.active_count)),
    ),
    Measure(
        "dormant_ties", "Dormant ties per member", group=REACH, unit="connections", direction=NEITHER, smallest_effect=0.25,
        definition="Connections weaker than 1/8, per active member.",
        computed=Figure(lambda run: ratio(2.0 * (run.strengths < DORMANT).sum(), run.active_count)),
    ),
    Measure(
        "closing_ties", "New ties that close a triangle", group=REACH, unit=SHARE, direction=NEITHER, smallest_effect=0.01,
        definition=
            "Share of new connections by invitation whose two members already had one in common. Comparable with published shares "
            "only from about 30,000 members up.",
        computed=CounterRatio([Counter.CLOSING_TIES], [Counter.NEW_TIES]),
    ),
    Measure(
        "active_members", "Active members", group=PLATFORM, unit="per 100 at the switch", direction=HIGHER, smallest_effect=0.5,
        definition="Active members at the horizon, per 100 active at the switch.",
        computed=Figure(lambda run: ratio(run.active_count, run.base, HUNDRED)),
    ),
    Measure(
        "retention", "Retention", group=PLATFORM, unit=SHARE, role=GUARDRAIL, direction=HIGHER, smallest_effect=0.005,
        definition="Share of the members active at the switch who are active at the horizon.",
        computed=Figure(lambda run: ratio((run.active & run.there).sum(), run.base)),
    ),
    Measure(
        "conversations", "Exchanges per member", group=PLATFORM, unit="exchanges", direction=HIGHER, smallest_effect=0.1,
        definition="Answers written after the switch, per member active at the switch.",
        computed=Figure(lambda run: ratio(run.total(Counter.EXCHANGES), run.base)),
    ),
    Measure(
        "meetings", "Meetings", group=PLATFORM, unit="per 100 members", direction=HIGHER, smallest_effect=0.2,
        definition="Meetings in person after the switch, per 100 members active at the switch.",
        computed=Figure(lambda run: ratio(run.total(Counter.MEETINGS), run.base, HUNDRED)),
    ),
    Measure(
        "collaborations", "Collaborations", group=PLATFORM, unit="per 100 members", direction=HIGHER, smallest_effect=0.2,
        definition="Collaborations after the switch, per 100 members active at the switch.",
        computed=Figure(lambda run: ratio(run.total(Counter.COLLABORATIONS), run.base, HUNDRED)),
    ),
    Measure(
        "deals", "Deals", group=PLATFORM, unit="per 100 members", direction=HIGHER, smallest_effect=0.2,
        definition="Deals after the switch, per 100 members active at the switch.",
        computed=Figure(lambda run: ratio(run.total(Counter.DEALS), run.base, HUNDRED)),
    ),
    Measure(
        "intents_per_member", "Intents per member", group=PLATFORM,
        unit="intents", direction=NEITHER, smallest_effect=0.1, window=TALK_WINDOW,
        definition="Inquiries and relationship intents judged, per member active at the switch. Learning changes them.",
        computed=MemberMean("intents"),
    ),
    Measure(
        "successes_per_member", "Successes per member", group=PLATFORM,
        unit="intents", role=GOAL, direction=HIGHER, smallest_effect=0.05, window=TALK_WINDOW,
        definition="Intents that succeeded, per member active at the switch: intent success without its moving denominator.",
        computed=MemberMean("successes"),
    ),
))
SUCCESS_VARIANTS = tuple(measure.name for measure in MEASURES.values() if measure.variant_of == PRIMARY)


def fitting(scenario: Scenario) -> tuple[list[Measure], list[str]]:
    """Return the measures whose window fits the horizon, and a line for each that is left out."""
    fit = [m for m in MEASURES.values() if m.window < scenario.days]
    left_out = [
        f"{m.title} ({m.name}) is left out: it watches each item for {m.window} days, and {scenario.days} days after "
        f"the switch leave none to watch: days must be at least {m.window + 1}"
        for m in MEASURES.values()
        if m.window >= scenario.days
    ]
    return fit, left_out
