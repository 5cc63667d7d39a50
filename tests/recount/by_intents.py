"""Measures of intents: what each member wanted of whom, and what the two had within its windows."""

from __future__ import annotations

from collections import Counter

from tests.recount.by_items import over, share
from tests.recount.record import NOBODY

ANSWER, TALK, FORTNIGHT = 14, 60, 14  # days


class Judged:
    """An intent whose windows have closed, judged anew from the items between the two; `connected` as recorded where a tie was cut."""

    def __init__(self, r, intent):
        self.intent, self.arose, self.purpose = intent, intent["arose"], intent["purpose"]
        self.found = intent["partner"] != NOBODY
        self.tried = self.found and intent["button"] != "walk away"
        self.answered, self.exchanges, self.in_contact, self.connected = False, 0, False, intent["connected"] == 1
        if self.tried:
            pair = min(intent["member"], intent["partner"]), max(intent["member"], intent["partner"])
            last = self.arose + TALK
            self.answered = any(who == intent["partner"] and self.arose <= day <= self.arose + ANSWER for day, who in r.answers[pair])
            self.exchanges = sum(self.arose <= day <= last for day in r.exchanges[pair])
            latest = max((day for day in r.days_of_contact(pair) if day <= last), default=None)
            self.in_contact = self.exchanges > 0 and last - latest <= FORTNIGHT
            told = r.connected_on(pair, last, intent)
            self.connected = self.connected if told is None else told

    @property
    def succeeded(self):
        """Whether it came to what it was for: an exchange for a relationship, an answer for the others."""
        return self.exchanges > 0 if self.purpose == "relationship" else self.answered

    def as_recorded(self):
        """Return the columns of the record that say the same."""
        return {
            "judged": self.arose + TALK,
            "answered": int(self.answered),
            "exchanges": self.exchanges,
            "in_contact": int(self.in_contact),
            "connected": int(self.connected and self.tried),
            "result": "success" if self.succeeded else "failure",
        }


def judged(r):
    """Return all intents whose windows close before the horizon."""
    return [Judged(r, intent) for intent in r.intents if intent["arose"] + TALK < r.end]


def successes(r):
    """Return the measures of intents that arose after the switch."""
    found = [one for one in judged(r) if r.watched(one.arose, TALK)]
    wished = [one for one in found if one.purpose != "promotion"]
    there = set(r.there)
    own = [one for one in wished if one.intent["member"] in there]
    return {
        "intent_success": share([one.succeeded for one in wished]),
        "inquiry_success": share([one.succeeded for one in wished if one.purpose == "inquiry"]),
        "relationship_success": share([one.succeeded for one in wished if one.purpose == "relationship"]),
        "success_two_exchanges": share([one.exchanges >= 2 for one in wished]),
        "success_three_exchanges": share([one.exchanges >= 3 for one in wished]),
        "still_in_contact": share([one.in_contact for one in wished]),
        "connected_on_day_60": share([one.connected for one in wished]),
        "died_at_button": share([one.found and not one.tried for one in found]),
        "intents_per_member": over(len(own), len(there)),
        "successes_per_member": over(sum(one.succeeded for one in own), len(there)),
    }


def by_day(r):
    """Return counts by the day on which intents arose, promotion left out."""
    found = {"intents": Counter(), "success": Counter()}
    for one in judged(r):
        if one.purpose != "promotion":
            found["intents"][one.arose] += 1
            found["success"][one.arose] += one.succeeded
    return found
