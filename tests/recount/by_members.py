"""Measures of who is there at the horizon, and of the network among them."""

from __future__ import annotations

from collections import deque

from tests.recount.by_items import over

SOURCES = 128  # members from whom distances are measured, if there are more
DORMANT = 1 / 8
JUDGED_AFTER = 60  # days: sessions are counted on the days whose intents are judged


def platform(r):
    """Return the measures of who stayed and came by, was restricted, or closed the inbox."""
    base, active, there = len(r.there), set(r.active), set(r.there)
    quiet = {row["id"] for row in r.members if row["quiet"]}
    judged = [row for row in r.daily if r.watched(row["day"], JUDGED_AFTER)]
    sessions = sum(round(row["sessions"] * row["active"]) for row in judged if row["active"])
    restricted = [row for row in r.members if row["restrictions"] > 0 and row["id"] in there]
    promoting = {name for name, style in r.scenario["styles"].items() if style["promotion"] > 0}
    closed = sum(row["opted_out"] for row in r.members if row["id"] in active)
    return {
        "active_members": over(len(active - quiet), base, 100.0),
        "retention": over(len((active & there) - quiet), base),
        "sessions_per_member": over(sessions, sum(row["active"] for row in judged), 7),
        "restricted_members": over(len(restricted), base, 1000.0),
        "restricted_not_promoting": over(sum(row["style"] not in promoting for row in restricted), base, 1000.0),
        "opted_out_share": over(closed, len(active)),
    }


def network(r):
    """Return the measures of the connections among active members."""
    near = {i: set() for i in r.active}
    for tie in r.ties:
        near[tie["a"]].add(tie["b"])
        near[tie["b"]].add(tie["a"])
    n, industry = len(near), {row["id"]: row["industry"] for row in r.members}
    hops = [steps_from(near, i) for i in spread(r.active)]
    reached = [steps for found in hops for steps in found.values() if steps > 0]
    everybody = hops if n <= SOURCES else [steps_from(near, i) for i in r.active]
    within_two = sum(1 <= steps <= 2 for found in everybody for steps in found.values())
    strong = sum(tie["strength"] >= DORMANT for tie in r.ties)
    return {
        "mean_connections": over(sum(map(len, near.values())), n),
        "largest_component": over(max(map(len, everybody), default=0), n),
        "two_hop_reach": (None, None, within_two / n / (n - 1) if n > 1 else None),
        "mean_distance": over(sum(reached), len(reached)),
        "clustering": (None, None, sum(clustering(near, i) for i in near) / n if n else None),
        "cross_industry_ties": over(sum(industry[tie["a"]] != industry[tie["b"]] for tie in r.ties), len(r.ties)),
        "living_ties": over(2 * strong, n),
        "dormant_ties": over(2 * (len(r.ties) - strong), n),
    }


def spread(ids):
    """Return members evenly spread over all, the first and the last among them."""
    n = len(ids)
    return ids if n <= SOURCES else [ids[k * (n - 1) // (SOURCES - 1)] for k in range(SOURCES)]


def steps_from(near, start):
    """Return the number of steps to everybody who can be reached, 0 to oneself."""
    found, waiting = {start: 0}, deque([start])
    while waiting:
        i = waiting.popleft()
        for j in near[i]:
            if j not in found:
                found[j] = found[i] + 1
                waiting.append(j)
    return found


def clustering(near, i):
    """Return the share of a member's pairs of contacts who are connected; 0 for whoever has less than two."""
    count = len(near[i])
    linked = sum(len(near[i] & near[j]) for j in near[i])
    return linked / (count * (count - 1)) if count > 1 else 0.0
