"""Roles of items told from what went out before them, where the record holds all of that."""

from __future__ import annotations

from tests.recount.record import OPENERS


def differences(r):
    """Return a line for each item whose role is not what the items before it make of it.

    Told are the pairs of those who never opened a second account, in runs before which nobody had an exchange.
    """
    if r.scenario.get("network_file"):
        return []
    account, lines = {row["id"]: row["account"] for row in r.members}, []
    for pair, items in r.between.items():
        if account[pair[0]] == account[pair[1]] == 1:
            told = [(item, role_of(r, pair, items, item)) for item in items]
            lines += [f"{item}: its role, told from the others: {role}" for item, role in told if item["role"] != role]
    return lines


def role_of(r, pair, items, item):
    """Return the role of one of the items between two members."""
    if item["acquainted"]:  # whom one knows one does not approach
        return "none"
    day, before = item["day_sent"], [other for other in items if other["day_sent"] < item["day_sent"]]
    apart = [other for other in before if other["distance"] != "connected"]
    if item["distance"] != "connected":
        return "none" if apart or item["kind"] == "follow-up" else "approach"
    if item["kind"] not in ("message", "pitch") or not apart or any(done < day for done in r.exchanges[pair]):
        return "none"
    since = max((made for made, _ in r.connections[pair] if made < day), default=None)
    if since is None or apart[0]["day_sent"] > since:
        return "none"
    said = [other for other in before if other["kind"] in OPENERS and other["day_sent"] >= since]
    return "none" if said else "first after acceptance"
