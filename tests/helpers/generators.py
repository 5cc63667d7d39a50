"""Generated scenarios: small, pushed to where rare things happen, the same for the same number."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import networkx as nx
import numpy as np

from sim import load_scenario
from sim.scenario.library import list_designs, list_moderations, list_styles
from sim.scenario.scenario import Scenario

PUSHED = {  # where branches lie that the defaults take once in a thousand days
    "population.session_rate_mean": (0.3, 0.9),
    "population.leaving": (0.0, 0.01),
    "population.growth": (0.0, 1.0),
    "unwelcome.base": (-2.0, 1.0),
    "unwelcome.reported": (0.02, 0.4),
    "unwelcome.opt_out_sender": (0.05, 0.6),
    "learning.opt_out": (0.0, 0.05),
    "learning.opt_back_days": (3.0, 30.0),
    "invitation.decline": (0.1, 0.6),
    "invitation.dont_know": (0.0, 0.2),
    "invitation.obligation": (0.0, 0.4),
    "outreach.rest_days": (1.0, 45.0),
    "attention.sink_invitation": (2.0, 30.0),
    "attention.sink_message": (2.0, 14.0),
    "attention.budget": (1.0, 12.0),
    "feed.react": (0.0, 0.5),
    "feed.unfollow": (0.0, 0.8),
    "tie.curate": (0.0, 0.6),
    "tie.half_life": (1.0, 30.0),
    "thread.introduction": (0.2, 1.0),
    "thread.off_platform": (0.02, 0.2),
    "thread.meeting": (0.02, 0.2),
    "thread.collaboration": (0.01, 0.15),
    "thread.deal": (0.01, 0.15),
    "reply.base": (-2.5, 0.5),
    "network.mean_degree": (3.0, 20.0),
    "outreach.intimidation": (0.0, 1.5),
    "population.industries": (1, 8),
    "attention.notification": (0.2, 0.9),
    "attention.muted": (0.0, 0.6),
    "attention.habituation": (0.0, 5.0),
    "population.turnover": (0.0, 0.02),
    "population.quieting": (0.0, 0.02),
    "population.returning": (0.0, 0.1),
    "population.abandoning": (0.0, 0.1),
    "population.quiet_heed": (0.0, 1.0),
    "network.employer_share": (0.0, 0.4),
    "network.school_share": (0.0, 0.4),
    "network.employer_size": (2.0, 15.0),
    "network.school_size": (2.0, 30.0),
    "network.greeting_days": (0.0, 20.0),
    "network.suggestions": (0.0, 1.0),
    "visibility.spread": (0.0, 3.0),
    "visibility.recent": (0.0, 1.0),
    "visibility.half_life": (0.5, 30.0),
    "outreach.fatigue": (0.0, 1.0),
    "outreach.scarcity": (0.0, 3.0),
    "sessions.success": (0.0, 1.0),
    "sessions.annoyance": (-1.0, 0.0),
    "sessions.backlog": (-1.0, 0.0),
    "thread.base": (-1.0, 2.0),
    "thread.habit": (0.0, 1.5),
    "thread.stay": (0.3, 1.0),
    "thread.later": (0.0, 0.6),
    "thread.later_tail": (0.3, 2.0),
}
PUSHED_MODERATION = {
    "ban": (0.6, 3.0),
    "restriction": (0.3, 1.0),
    "burst_threshold": (1.0, 8.0),
    "return_days": (1.0, 8.0),
    "warning": (0.1, 0.5),
    "restriction_days": (1.0, 7.0),
    "automation_detection": (0.0, 0.4),
}
PUSHED_STYLE = {
    "suggest_connect": (0.3, 1.0),
    "updates": (0.1, 0.9),
    "divisive": (0.0, 0.6),
    "keeps_up": (0.0, 0.6),
    "heeds": (0.1, 1.0),
    "harassment": (0.0, 0.05),
    "misrepresentation": (0.0, 0.05),
    "passwords": (0.0, 0.05),
    "adult": (0.0, 0.05),
    "withdraws": (0.0, 1.0),
    "apologises": (0.0, 1.0),
    "appeals": (0.0, 1.0),
    "patience": (1.0, 7.0),
}

RARE: dict[int, dict[str, Any]] = {  # what no range above reaches
    5: {
        "population.growth": 0.0,
        "population.turnover": 0.0,
        "population.quieting": 0.0,
        "population.returning": 0.0,
        "population.abandoning": 0.0,
    },
    7: {"outreach.scarcity": 1e-18, "style.intents": 3.0},
    9: {"outreach.scarcity": 0.0},
    10: {
        "thread.base": 4.0,
        "thread.habit": 3.0,
        "thread.stay": 1.0,
        "thread.later": 0.0,
        "attention.budget": 60.0,
        "attention.per_connection": 0.0,
        "population.session_rate_mean": 0.9,
        "style.continues": 3.0,
        "reply.base": 0.5,
    },
    11: {"thread.later": 1.0, "thread.later_tail": 0.5, "population.session_rate_mean": 0.9, "reply.base": 0.5},
    13: {"population.turnover": 0.02, "population.growth": 1.0, "network.greeting_days": 0.0, "network.contacts_median": 200.0},
    8: {"design.notes": 0.0, "style.like_connect": 1.5},
    12: {"days": 75, "style.promotion": 1.0, "style.like_connect": 2.0, "style.intents": 2.0, "invitation.base": 1.0},
    15: {"design.connection_cap": 8.0},
    19: {
        "members": 80,
        "days": 75,
        "attention.sink_invitation": 60.0,
        "attention.notification": 0.0,
        "style.intents": 4.0,
        "population.session_rate_mean": 0.05,
        "style.like_connect": 2.0,
        "invitation.base": 1.0,
    },
    17: {f"style.look_{where}": 0.0 for where in ("friends", "industry", "anywhere", "connections")},
}


class Case(NamedTuple):
    """A scenario with its seeds and, sometimes, a network of its own."""

    number: int
    scenario: Scenario
    seed: int
    network: Any


def between(rng: np.random.Generator, low: float, high: float) -> float | int:
    """Return a number in the range; whole if both ends are."""
    if isinstance(low, int):
        return int(rng.integers(low, high + 1))
    return round(float(rng.uniform(low, high)), 4)


def case(number: int) -> Case:
    """Return the generated case of this number."""
    rng = np.random.default_rng(number)
    edges = {0: (0, 6, 6), 1: (1, 10, 10), 2: (2, 0, 12), 3: (30, 0, 0), 4: (40, 12, 0)}
    members, warm_up, days = edges.get(number, (int(rng.integers(15, 90)), int(rng.integers(0, 25)), int(rng.integers(5, 75))))
    changes: dict[str, Any] = {"members": members, "warm_up": warm_up, "days": days}
    for key, (low, high) in PUSHED.items():
        if rng.random() < 0.7:
            changes[key] = between(rng, low, high)
    designs = sorted(list_designs())
    scenario = load_scenario("baseline")
    network = None
    if number % 7 == 6:
        network = nx.gnm_random_graph(max(members, 12), 3 * max(members, 12), seed=number)
        if number % 2:
            nx.set_node_attributes(network, {n: int(rng.integers(0, 5)) for n in network}, "seniority")
    mixed = number % 5 == 3
    if mixed:
        chosen = [str(name) for name in rng.choice(designs, 3, replace=False)]
        values = scenario.model_dump(mode="json")
        values["design_shares"] = dict.fromkeys(chosen, 1.0)
        values["design_assignment"] = "community" if number % 2 else "member"
        values["designs"] = {**values["designs"], **{name: list_designs()[name][1].model_dump() for name in chosen}}
        scenario = Scenario(**values)
    else:
        scenario = scenario.with_design(designs[number % len(designs)])
    scenario = scenario.with_(**changes)
    moderation = list_moderations()
    row = moderation[sorted(moderation)[number % len(moderation)]][1].model_dump()
    row.update({k: between(rng, *v) for k, v in PUSHED_MODERATION.items() if rng.random() < 0.8})
    scenario = scenario.with_(**{f"moderation.{k}": v for k, v in row.items()})
    if number % 3 == 0:  # everybody is of a few styles, so that rare ones meet
        styles = sorted(list_styles())
        shares = {f"style_shares.{name}": 1.0 if rng.random() < 0.5 else 0.05 for name in styles}
        scenario = scenario.with_(**shares)
    scenario = scenario.with_(**{f"style.{k}": between(rng, *v) for k, v in PUSHED_STYLE.items() if rng.random() < 0.6})
    if number % 4 == 1:
        scenario = scenario.with_(**{"style.intents": round(float(rng.uniform(1.0, 4.0)), 3), "style.like_connect": 1.0})
    scenario = scenario.with_(**RARE.get(number % 20, {}))
    return Case(number, scenario, int(rng.integers(0, 2**62)), network)


def from_file(c: Case, folder: Path) -> Case:
    """Return the case with its network in a file, where its number says so: an edge list, a message log or GraphML."""
    if c.network is None or c.number % 3 == 0:
        return c
    told = None
    path = folder / ("network.graphml" if c.number % 4 == 2 else "network.csv")
    if c.number % 4 == 2:
        nx.write_graphml(c.network, path)
    elif c.number % 3 == 1:
        path.write_text("source,target\n" + "".join(f"m{a},m{b}\n" for a, b in c.network.edges), encoding="utf-8")
    else:  # both wrote, some of them twice, on days of their own
        told = "log"  # the days begin at 0
        rng = np.random.default_rng(c.number)
        sent = [(a, b) for edge in c.network.edges for a, b in (edge, edge[::-1]) for _ in range(int(rng.integers(1, 3)))]
        rows = [f"{a},{b},{int(rng.integers(0, 80 * 86_400))}\n" for a, b in sent]
        path.write_text("sender,recipient,timestamp\n" + "".join(rows), encoding="utf-8")
    return c._replace(scenario=c.scenario.with_(network_file=str(path), network_as=told), network=None)


def first_difference(a: Any, b: Any) -> str | None:
    """Return in words the first event in which two tables of events differ, or None."""
    n = min(len(a), len(b))
    worst = (n, "") if len(a) != len(b) else None
    for column in a.dtype.names:
        off = (a[column][:n] != b[column][:n]).nonzero()[0]
        if len(off) and (worst is None or off[0] < worst[0]):
            worst = (int(off[0]), column)
    if worst is None:
        return None
    k, column = worst
    if not column:
        return f"one has {len(a)} events, the other {len(b)}; the first {n} are equal"
    return f"event {k}: {column} is {a[column][k]!r} and {b[column][k]!r}; the event: {a[k]!r} and {b[k]!r}"
