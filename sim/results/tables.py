"""What a run leaves as tables for people: members and ties at its end, items and intents in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.decisions.codes import Button, Code, Consequence, Distance, Kind, NewTie, Outcome, Purpose, Role, Surface, Violation, labels
from sim.decisions.constants import NO_CREDITS, UNSEEN
from sim.scenario import mixture
from sim.state.columns import named
from sim.state.decay import decayed_by
from sim.state.sorting import stable_order

if TYPE_CHECKING:
    from sim.results.finished_run import FinalState, FinishedRun
    from sim.scenario.scenario import Scenario


def _named(codes: np.ndarray, words: tuple[str, ...], others: str) -> Any:
    """Return the words that a file has for these codes; those without are told apart from any word: `others` and the code."""
    return [named(int(k), words, others) for k in codes] if words else codes.copy()


def member_columns(scenario: Scenario, outcome: FinalState) -> dict[str, Any]:
    """Return a column each of all who were ever there, as they are at the end."""
    m, n = outcome.members, len(outcome.members)
    labels, industries, regions = outcome.names
    last, learning = scenario.warm_up + scenario.days - 1, scenario.learning
    annoyance = decayed_by(last, m.annoyance, m.annoyance_day, learning.annoyance_half_life)
    load = decayed_by(last, m.load, m.load_day, learning.load_half_life)
    return {
        "id": np.arange(n),
        "label": _named(np.arange(n), labels, "newcomer") if labels else [str(i) for i in range(n)],
        "style": [scenario.style_names[k] for k in m.style],
        "design": [scenario.design_names[k] for k in m.design],
        "industry": _named(m.industry, industries, "industry"),
        "region": _named(m.region, regions, "region"),
        "seniority": m.seniority.copy(),
        "joined": m.joined.copy(),
        "active": outcome.active.copy(),
        "account": m.account.copy(),
        "degree": outcome.degree.copy(),
        "session_rate": m.session_rate.copy(),
        "receptiveness": m.receptiveness.copy(),
        "selectivity": m.selectivity.copy(),
        "delivered": m.got.copy(),
        "unwelcome_delivered": m.got_unwelcome.copy(),
        "read": m.read.copy(),
        "unwelcome_read": m.read_unwelcome.copy(),
        "partners": m.partners.copy(),
        "intents": m.intents.copy(),
        "successes": m.successes.copy(),
        "restrictions": m.restrictions.copy(),
        "quiet": m.quiet.copy(),
        "visits": m.visits.copy(),
        "full_visits": m.full_visits.copy(),
        "prominence": m.prominence.copy(),
        "opted_out": (m.opted_until > last).astype(np.int8),
        "at_switch": m.at_switch.copy(),
        "annoyance": annoyance,
        "load": load,
        "volume": m.volume.copy(),
        **_dealt_columns(scenario, outcome),
    }


def _dealt_columns(scenario: Scenario, outcome: FinalState) -> dict[str, Any]:
    """Return what the arms of a mixture go by, where the column of designs does not say it."""
    dealt, n = outcome.assignment, len(outcome.members)
    if dealt is None or not scenario.design_shares:
        return {}
    found: dict[str, Any] = {}
    if scenario.design_pair in mixture.TWO_ARMED:
        found["design_as_profile"] = [scenario.design_names[k] for k in outcome.members.design_shown]
    if scenario.design_assignment in mixture.BY_NETWORK:
        found |= {"unit": dealt.unit[:n].copy(), "ego": dealt.ego[:n].copy()}
    return found


def tie_columns(run: FinishedRun) -> dict[str, np.ndarray]:
    """Return a column each of the connections at the end, in the order of their two members."""
    ties, n = run.ties, len(run.members)
    order = stable_order(ties.lo, n, stable_order(ties.hi, n))
    columns = {"a": ties.lo, "b": ties.hi, "since": ties.since, "last_contact": ties.last, "exchanges": ties.exchanges}
    return {**{name: np.asarray(column)[order] for name, column in columns.items()}, "strength": run.strengths[order]}


def _designs_of_items(events: Any, scenario: Scenario) -> dict[str, Any]:
    """Return whose design an item was sent under, where a member's one design does not say it."""
    if not mixture.says_more(scenario):
        return {}
    names = scenario.design_names
    return {column: [names[k] for k in events[column].tolist()] for column in ("sender_design", "recipient_design")}


def event_table(events: Any, numbers: np.ndarray, scenario: Scenario) -> dict[str, Any]:
    """Return EVENT rows as columns for people; `numbers`: of the items."""
    return {
        "item": numbers,
        "day_sent": events.day_sent.copy(),
        "day_delivered": _day(events.day_delivered),
        "day_read": _day(events.day_read),
        "day_answered": _day(events.day_answered),
        "sender": events.sender.copy(),
        "recipient": events.recipient.copy(),
        "kind": _words(Kind, events.kind),
        "purpose": _words(Purpose, events.purpose),
        "distance": _words(Distance, events.distance),
        "mutual": events.mutual.copy(),
        "role": _words(Role, events.role),
        "acquainted": events.acquainted.copy(),
        "surface": _words(Surface, events.surface),
        "turn": events.turn.copy(),
        "place": events.place.copy(),
        "quality": events.quality.copy(),
        "relevance_seen": np.where(events.seen <= UNSEEN, np.nan, events.seen.astype(float)),
        "credits_left": np.where(events.credits == NO_CREDITS, np.nan, events.credits.astype(float)),
        "violation": _words(Violation, events.violation),
        "unheeded": events.unheeded.copy(),
        "unwelcome": events.unwelcome.copy(),
        "reported": events.reported.copy(),
        "outcome": _words(Outcome, events.outcome),
        "exchange": _words(Consequence, events.consequence),
        "tie": _words(NewTie, events.tie),
        **_designs_of_items(events, scenario),
    }


def intent_table(intents: Any) -> dict[str, Any]:
    """Return JUDGED rows as columns for people."""
    results = {-1: "open", 0: "failure", 1: "success"}
    return {
        "arose": intents.arose.copy(),
        "member": intents.member.copy(),
        "partner": intents.other.copy(),
        "purpose": _words(Purpose, intents.purpose),
        "distance": _words(Distance, intents.distance),
        "button": _words(Button, intents.button),
        "judged": _day(intents.judged),
        "answered": intents.answered.copy(),
        "exchanges": intents.exchanges.copy(),
        "in_contact": intents.in_touch.copy(),
        "connected": intents.connected.copy(),
        "result": [results[k] for k in intents.success.tolist()],
    }


def _day(days: np.ndarray) -> np.ndarray:
    """Return days as tables show them: -1 for none."""
    return np.where(days < 0, -1, days)


def _words(group: type[Code], codes: np.ndarray) -> list[str]:
    words = labels(group)
    return [words[k] for k in codes]
