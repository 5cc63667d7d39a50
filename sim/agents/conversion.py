"""Between columns and objects: the start comes as columns, and the end goes back into them."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.agents.entities import Intent, Pair
from sim.agents.environment import Environment
from sim.decisions.codes import FOLLOW_UP, LATER, NO_ROLE, READ
from sim.results.finished_run import FinalState
from sim.state.columns import (
    AWAITS,
    CROSSED,
    EVENT,
    INTENT,
    JUDGED,
    KNOWN,
    MEMBER,
    OFF_PLATFORM,
    OPTED_OUT,
    PAIR,
    PENDING,
    RED_FLAG,
    REFUSED,
    TIE,
    TWO_WAY,
    UNFOLLOWED,
    WEAK,
)
from sim.state.memory import Table, table
from sim.state.packed import one_ask, thread_of
from sim.state.world import open_intents

ELSEWHERE = ("spare",)  # columns that only the other engine needs
RENAMED = {"read": "read_items"}  # `read` is what a member does
PLAIN = ("approach", "last", "invited", "touched", "since", "exchanges", "met", "follow", "strength", "lo", "hi")
FLAGS = (("tie", TIE), ("weak", WEAK), ("off_platform", OFF_PLATFORM), ("two_way", TWO_WAY), ("crossed", CROSSED), ("known", KNOWN))
SIDED = (
    ("awaits", AWAITS),
    ("pending", PENDING),
    ("red_flag", RED_FLAG),
    ("opted_out", OPTED_OUT),
    ("unfollowed", UNFOLLOWED),
    ("refused", REFUSED),
)

COPIED = (
    "quality",
    "length",
    "sender",
    "recipient",
    "kind",
    "purpose",
    "distance",
    "unwelcome",
    "violation",
    "outcome",
    "unheeded",
    "reported",
    "consequence",
    "tie",
    "surface",
    "turn",
    "place",
    "acquainted",
    "sender_design",
    "recipient_design",
    "mutual",
    "seen",
    "credits",
)


def rows_of() -> list[str]:
    """Return the member columns that objects carry."""
    return [name for name in MEMBER.names or () if name not in ELSEWHERE]


def pairs_of(rows: Any) -> dict[tuple[int, int], Pair]:
    """Return objects for PAIR rows, by their two ids."""
    found = {}
    for row in rows:
        pair = Pair(**{name: row[name].item() for name in PLAIN})
        for name, flag in FLAGS:
            setattr(pair, name, bool(row["state"] & flag))
        found[pair.lo, pair.hi] = pair
    return found


def final_state_of(model: Environment, *, events: bool) -> FinalState:
    """Return the end of a run as columns."""
    n = len(model.members)
    members = table(MEMBER, n)
    for name in rows_of():
        members[name] = [getattr(m, RENAMED.get(name, name)) for m in model.members]
    active = np.array([m.active for m in model.members], np.int8)
    degree = np.array([m.degree for m in model.members], np.int32)
    pairs = table(PAIR, len(model.pair_of))
    for k, pair in enumerate(model.pair_of.values()):
        row = pairs[k]
        for name in PLAIN:
            row[name] = getattr(pair, name)
        row["answered_lo"], row["answered_hi"] = pair.answered
        row["opened_lo"], row["opened_hi"] = pair.opened
        threads = zip(pair.thread_purpose, pair.thread_distance, pair.thread_role, strict=True)
        row["thread_lo"], row["thread_hi"] = (thread_of(*thread) for thread in threads)
        row["asks"] = sum(count * one_ask(side) for side, count in enumerate(pair.asks))
        row["about"] = thread_of(pair.purpose, pair.distance, NO_ROLE)
        state = sum(flag for name, flag in FLAGS if getattr(pair, name))
        row["state"] = state + sum(flag << s for name, flag in SIDED for s in (0, 1) if getattr(pair, name)[s])
    kept, intents = (events_of(model), intents_of(model)) if events else (None, None)
    return FinalState(
        members, active, degree, pairs, tally=model.tally, events=kept, intents=intents, names=model.names, assignment=model.assignment
    )


def events_of(model: Environment) -> Any:
    """Return every item as an EVENT row."""
    rows = table(EVENT, len(model.events))
    for row, event in zip(rows, model.events, strict=True):
        item = event.item
        row["day_sent"], row["day_delivered"] = item.sent, event.delivered
        row["day_read"], row["day_answered"] = event.read, event.answered
        row["role"] = NO_ROLE if item.kind == FOLLOW_UP else item.role
        for name in COPIED:
            row[name] = getattr(item, name)
        row["outcome"] = READ if item.outcome == LATER else item.outcome
    return rows


def intents_of(model: Any) -> Any:
    """Return every intent as a JUDGED row, in the order in which they arose."""
    record, waiting = model.intents.record, model.intents.waiting()
    judged = table(JUDGED, len(record))
    for row, columns in zip(judged, record, strict=True):
        for name, value in columns.items():
            row[name] = value
    return np.concatenate([judged, *(open_intents(as_rows(intents), arose) for arose, intents in waiting)]).view(Table)


def as_rows(intents: list[Intent]) -> Any:
    """Return intents as INTENT rows."""
    rows = table(INTENT, len(intents))
    for row, intent in zip(rows, intents, strict=True):
        for name, value in intent._asdict().items():
            row[name] = value
    return rows
