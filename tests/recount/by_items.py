"""Measures of items and threads: rates of reply and acceptance, load, what grew out of exchanges."""

from __future__ import annotations

import math
from collections import Counter, defaultdict

from tests.recount.record import INVITATIONS, accepted_within, is_exchange

APPROACH, OPENING = "approach", "first after acceptance"


def over(top, bottom, scale=1.0):
    """Return (numerator, denominator, value) of a ratio."""
    return top, bottom, scale * top / bottom if bottom else None


def share(yes):
    """Return how many of a list of truths are so, over their number."""
    return over(sum(yes), len(yes))


def rates(r):
    """Return the measures of what was sent: an item counts if the whole window after it was watched."""
    month = [thread for thread in r.threads if r.watched(thread.message["day_sent"], 30)]
    asked = [item for item in r.items if item["kind"] in INVITATIONS and r.watched(item["day_sent"], 30)]
    by_message = [thread for thread in month if thread.message["role"] == APPROACH]
    by_invitation = [item for item in asked if item["role"] == APPROACH]
    messages = [thread.answered_within(30) for thread in by_message]
    invitations = [accepted_within(item, 30) for item in by_invitation]
    days = [thread.answered - thread.message["day_sent"] for thread in by_message if thread.answered_within(30)]
    days += [item["day_answered"] - item["day_sent"] for item in by_invitation if accepted_within(item, 30)]
    promotion = [thread.answered_within(30) for thread in month if thread.message["purpose"] == "promotion"]
    promotion += [accepted_within(item, 30) for item in asked if item["purpose"] == "promotion"]
    return {
        "stranger_reply_rate_7": share([thread.answered_within(7) for thread in to_strangers(r, 7)]),
        "stranger_reply_rate_30": share([thread.answered_within(30) for thread in to_strangers(r, 30)]),
        "acceptance_rate": share([accepted_within(item, 30) for item in asked]),
        "reply_after_acceptance": share([thread.answered_within(30) for thread in month if thread.message["role"] == OPENING]),
        "days_to_first_response": over(sum(days), len(days)),
        "positive_response": share(messages + invitations),
        "message_share": over(len(messages), len(messages) + len(invitations)),
        "positive_to_messages": share(messages),
        "positive_to_invitations": share(invitations),
        "promotion_interest": share(promotion),
    }


def to_strangers(r, window):
    """Return the threads whose message went to a member not connected, and was watched for the window."""
    return [t for t in r.threads if t.message["distance"] != "connected" and r.watched(t.message["day_sent"], window)]


def is_unsolicited(item):
    """Tell whether nobody asked for an item."""
    if item["kind"] == "reply":
        return False
    return item["kind"] in ("follow-up", "pitch", *INVITATIONS) or item["distance"] != "connected" or item["purpose"] == "promotion"


def load(r):
    """Return the measures of what reached inboxes, was read and reported."""
    got = [item for item in r.items if r.since_switch(item["day_delivered"])]
    read = [item for item in r.items if r.since_switch(item["day_read"])]
    approaches = sum(item["role"] == APPROACH and r.since_switch(item["day_sent"]) for item in r.items)
    breaking = sum(item["violation"] != "none" or item["unheeded"] == 1 for item in got)
    return {
        **unwelcome(r, got, "delivered", ("unwelcome_messages", "unwelcome_invitations"), ""),
        **unwelcome(r, read, "read", ("unwelcome_messages_read", "unwelcome_invitations_read"), "read_"),
        "unwelcome_share": over(sum(item["unwelcome"] for item in got), len(got)),
        "unsolicited_share": over(sum(map(is_unsolicited, got)), len(got)),
        "reports": over(sum(item["reported"] for item in read), approaches, 1000.0),
        "violations_through": over(breaking, len(r.there) * r.weeks, 1000.0),
    }


def unwelcome(r, items, done, split, infix):
    """Return the measures of unwelcome items that members active at the switch got, or read."""
    had = Counter(item["recipient"] for item in items if item["unwelcome"])
    invited = Counter(item["recipient"] for item in items if item["unwelcome"] and item["kind"] in INVITATIONS)
    each, asked = sorted(had[i] for i in r.there), sum(invited[i] for i in r.there)
    weeks = len(r.there) * r.weeks
    return {
        f"unwelcome_{done}": over(sum(each), weeks),
        split[0]: over(sum(each) - asked, weeks),
        split[1]: over(asked, weeks),
        f"unwelcome_{infix}p95": (None, None, percentile_95(each) / r.weeks if each else None),
        f"unwelcome_{infix}gini": (None, None, gini(each)),
    }


def percentile_95(each):
    """Return the 95th percentile of sorted numbers, linear between two of them."""
    at = 0.95 * (len(each) - 1)
    low = math.floor(at)
    high = min(low + 1, len(each) - 1)
    return each[low] + (at - low) * (each[high] - each[low])


def gini(each):
    """Return the Gini index: the mean difference of two, over twice the mean."""
    n, total = len(each), sum(each)
    return sum(abs(a - b) for a in each for b in each) / (2 * n * total) if total else None


def outcomes(r):
    """Return the measures of what was answered since the switch, and of what came of it."""
    done = Counter(item["exchange"] for item in r.items if is_exchange(item) and r.since_switch(item["day_answered"]))
    base = len(r.there)
    return {
        "conversations": over(sum(done.values()), base),
        "meetings": over(done["meeting"], base, 100.0),
        "collaborations": over(done["collaboration"], base, 100.0),
        "deals": over(done["deal"], base, 100.0),
    }


def partners(r):
    """Return the measures of those with whom a member has had an exchange since the switch; distant by the approach."""
    there, found, far = set(r.there), Counter(), Counter()
    for pair, days in r.exchanges.items():
        since = [day for day in days if r.since_switch(day)]
        if since:
            distance = distance_at_approach(r.between[pair], min(since))
            for member in there.intersection(pair):
                found[member] += 1
                far[member] += distance == "stranger"
    return {"partners": over(sum(found.values()), len(there)), "far_partners": over(sum(far.values()), len(there))}


def distance_at_approach(items, day):
    """Return the distance of the last approach up to a day: an account that is opened anew is approached anew."""
    return next((item["distance"] for item in reversed(items) if item["role"] == APPROACH and item["day_sent"] <= day), None)


def by_day(r):
    """Return counts by the day on which something was sent, delivered, read, answered or made, as daily.csv has them per member."""
    found = defaultdict(Counter)
    for item in r.items:
        found["approaches"][item["day_sent"]] += item["role"] == APPROACH
        found["invitations"][item["day_sent"]] += item["kind"] in INVITATIONS
        found["accepted"][item["day_sent"]] += item["kind"] in INVITATIONS and accepted_within(item, 30)
        found["delivered"][item["day_delivered"]] += 1
        found["unwelcome_delivered"][item["day_delivered"]] += item["unwelcome"]
        found["unwelcome_read"][item["day_read"]] += item["unwelcome"]
        found["reports"][item["day_read"]] += item["reported"]
        found["replies"][item["day_answered"]] += is_exchange(item)
    for thread in r.threads:
        day, cold = thread.message["day_sent"], thread.message["distance"] != "connected"
        found["stranger_messages"][day] += cold
        found["stranger_replied"][day] += cold and thread.answered_within(7)
    for connections in r.connections.values():
        for day, _ in connections:
            found["new_ties"][day] += 1
    return found


def closing(r):
    """Return the shares of connections by invitation since the switch: that closed a triangle, were suggested, or are of acquaintances."""
    made = [item for connections in r.connections.values() for day, item in connections if r.since_switch(day)]
    return {
        "closing_ties": share([item["tie"] == "closes a triangle" for item in made]),
        "suggested_ties": share([item["surface"] == "suggestion" for item in made]),
        "known_ties": share([item["acquainted"] == 1 for item in made]),
    }
