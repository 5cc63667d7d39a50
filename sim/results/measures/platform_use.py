"""What the platform has of it: members who stay, exchanges and what comes of them."""

from __future__ import annotations

from sim.decisions.constants import TALK_WINDOW, WEEK
from sim.decisions.counters import Counter, Daily
from sim.results.computations import Figure, MemberMean
from sim.results.measures.measure import GOAL, GUARDRAIL, HIGHER, NEITHER, PLATFORM, SHARE, Measure
from sim.results.values import ratio

HUNDRED = 100.0

MEASURES = (
    Measure(
        "active_members",
        "Active members",
        group=PLATFORM,
        unit="per 100 at the switch",
        direction=HIGHER,
        smallest_effect=0.5,
        definition="Members at the horizon who have not gone quiet, per 100 members at the switch.",
        computed=Figure(lambda run: ratio((run.active & (run.members.quiet == 0)).sum(), run.base, HUNDRED)),
    ),
    Measure(
        "retention",
        "Retention",
        group=PLATFORM,
        unit=SHARE,
        role=GUARDRAIL,
        direction=HIGHER,
        smallest_effect=0.005,
        definition="Share of the members at the switch who at the horizon are there and have not gone quiet.",
        computed=Figure(lambda run: ratio((run.active & run.there & (run.members.quiet == 0)).sum(), run.base)),
    ),
    Measure(
        "conversations",
        "Exchanges per member",
        group=PLATFORM,
        unit="exchanges",
        direction=HIGHER,
        smallest_effect=0.1,
        definition="Answers written after the switch, per member active at the switch.",
        computed=Figure(lambda run: ratio(run.total(Counter.EXCHANGES), run.base)),
    ),
    Measure(
        "meetings",
        "Meetings",
        group=PLATFORM,
        unit="per 100 members",
        direction=HIGHER,
        smallest_effect=0.2,
        definition="Meetings in person after the switch, per 100 members active at the switch.",
        computed=Figure(lambda run: ratio(run.total(Counter.MEETINGS), run.base, HUNDRED)),
    ),
    Measure(
        "collaborations",
        "Collaborations",
        group=PLATFORM,
        unit="per 100 members",
        direction=HIGHER,
        smallest_effect=0.2,
        definition="Collaborations after the switch, per 100 members active at the switch.",
        computed=Figure(lambda run: ratio(run.total(Counter.COLLABORATIONS), run.base, HUNDRED)),
    ),
    Measure(
        "deals",
        "Deals",
        group=PLATFORM,
        unit="per 100 members",
        direction=HIGHER,
        smallest_effect=0.2,
        definition="Deals after the switch, per 100 members active at the switch.",
        computed=Figure(lambda run: ratio(run.total(Counter.DEALS), run.base, HUNDRED)),
    ),
    Measure(
        "sessions_per_member",
        "Sessions per member",
        group=PLATFORM,
        unit="a week",
        direction=NEITHER,
        smallest_effect=0.02,
        window=TALK_WINDOW,
        definition="Sessions per week and member on the platform, on the days whose intents are judged: from the switch to 60 days before the "
        "horizon. Successes per member are sessions times intents a session times the share of these that succeeds.",
        computed=Figure(
            lambda run: ratio(run.since_switch(Daily.SESSIONS, TALK_WINDOW), run.since_switch(Daily.ACTIVE, TALK_WINDOW), WEEK)
        ),
    ),
    Measure(
        "intents_per_member",
        "Intents per member",
        group=PLATFORM,
        unit="intents",
        direction=NEITHER,
        smallest_effect=0.1,
        window=TALK_WINDOW,
        definition="Inquiries and relationship intents judged, per member active at the switch. Learning changes them.",
        computed=MemberMean("intents"),
    ),
    Measure(
        "successes_per_member",
        "Successes per member",
        group=PLATFORM,
        unit="intents",
        role=GOAL,
        direction=HIGHER,
        smallest_effect=0.05,
        window=TALK_WINDOW,
        definition="Intents that succeeded, per member active at the switch: intent success without its moving denominator.",
        computed=MemberMean("successes"),
    ),
)
