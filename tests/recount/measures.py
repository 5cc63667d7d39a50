"""All measures of a record, counted again, and where they differ from those that the run has written."""

from __future__ import annotations

import math

from tests.recount import by_intents, by_items, roles
from tests.recount.by_intents import judged, successes
from tests.recount.by_items import closing, load, outcomes, partners, rates
from tests.recount.by_members import network, platform

PARTS = ("numerator", "denominator", "value")
NEAR = 1e-12
PER_MEMBER = (
    "approaches",
    "stranger_messages",
    "invitations",
    "delivered",
    "unwelcome_delivered",
    "unwelcome_read",
    "reports",
    "new_ties",
    "replies",
)
SHARES = {  # of daily.csv: what of what, and for how many days it is watched
    "stranger_reply_rate": ("stranger_replied", "stranger_messages", 7),
    "acceptance_rate": ("accepted", "invitations", 30),
    "intent_success": ("success", "intents", 60),
}


def recounted(r):
    """Return (numerator, denominator, value) of every measure."""
    found = {}
    for part in (rates, load, outcomes, partners, closing, successes, platform, network):
        found |= part(r)
    return found


def same(a, b):
    """Tell whether two figures are the same: whole ones exactly, others to 1e-12."""
    if a is None or b is None:
        return a is b
    if float(a).is_integer() and float(b).is_integer():
        return a == b
    return math.isclose(a, b, rel_tol=NEAR, abs_tol=0.0)


def differences(r):
    """Return a line for each measure, thread, day, intent and role that is not as the run has written it."""
    found, lines = recounted(r), []
    for name, row in r.measures.items():
        now = found.get(name, ("?", "?", "?"))
        lines += [
            f"{name}: {part} is {row[part]}, counted again {again}"
            for part, again in zip(PARTS, now, strict=True)
            if again == "?" or not same(row[part], again)
        ]
    return lines + of_threads(r) + of_days(r) + of_intents(r) + roles.differences(r)


def of_threads(r):
    """Return a line for each thread that has more than the one answer that closes it."""
    answers = [(thread.message, sum(item["outcome"] == "answered" for item in thread.items)) for thread in r.threads]
    return [f"{message}: its thread has {count} answers" for message, count in answers if count > 1]


def of_days(r):
    """Return a line for each figure of daily.csv that is not so; of those that the record of items tells."""
    counts, lines = by_items.by_day(r) | by_intents.by_day(r), []
    for row in r.daily:
        day = row["day"]
        expected = {name: counts[name][day] / row["active"] if row["active"] else None for name in PER_MEMBER}
        expected["intents"] = counts["intents"][day] / row["active"] if row["active"] and day + 60 < r.end else None
        for name, (top, bottom, window) in SHARES.items():
            known = counts[bottom][day] and day + window < r.end
            expected[name] = counts[top][day] / counts[bottom][day] if known else None
        lines += [
            f"day {day}: {name} is {row[name]}, counted again {again}" for name, again in expected.items() if not same(row[name], again)
        ]
    return lines


def of_intents(r):
    """Return a line for each intent of which the record says something else."""
    lines = []
    for one in judged(r):
        again = one.as_recorded()
        lines += [f"{one.intent}: {name}, judged again: {again[name]}" for name in again if one.intent[name] != again[name]]
    open_ones = [intent for intent in r.intents if intent["arose"] + 60 >= r.end]
    return lines + [f"{intent}: its windows are open" for intent in open_ones if (intent["judged"], intent["result"]) != (-1, "open")]
