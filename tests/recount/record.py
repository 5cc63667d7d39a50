"""The files of a run as plain rows: numbers where a cell is one, words elsewhere."""

from __future__ import annotations

import csv
import tomllib
from collections import defaultdict
from pathlib import Path

OPENERS = ("message", "introduction", "pitch")  # each opens a thread
MESSAGES = (*OPENERS, "follow-up")
INVITATIONS = ("invitation", "invitation with note")
ACCEPTED = ("accepted", "accepted from obligation")
NOBODY = -1


def rows_of(path):
    """Return the rows of a CSV file as dicts; an empty cell is None."""
    with path.open(encoding="utf-8", newline="") as file:
        return [{name: value_of(cell) for name, cell in row.items()} for row in csv.DictReader(file)]


def value_of(cell):
    """Return a cell as a whole number, a fraction, None or a word."""
    if not cell:
        return None
    for kind in (int, float):
        try:
            return kind(cell)
        except ValueError:
            continue
    return cell


class Record:
    """What `run --events` leaves in a folder, and what its items are to one another."""

    def __init__(self, folder):
        folder = Path(folder)
        self.scenario = tomllib.loads((folder / "scenario.toml").read_text(encoding="utf-8"))
        self.items, self.intents, self.members, self.ties, self.daily = (
            rows_of(folder / f"{name}.csv") for name in ("events", "intents", "members", "ties", "daily")
        )
        self.measures = {row["measure"]: row for row in rows_of(folder / "measures.csv")}
        self.switch = self.scenario["warm_up"]
        self.end = self.switch + self.scenario["days"]
        self.weeks = self.scenario["days"] / 7
        self.there = [row["id"] for row in self.members if row["at_switch"]]  # active at the switch
        self.active = [row["id"] for row in self.members if row["active"]]  # at the horizon
        self.between = defaultdict(list)  # items by pair, smaller id first, in the order in which they went out
        for item in sorted(self.items, key=lambda item: (item["day_sent"], item["item"])):
            if item["kind"] != "reply":
                self.between[pair_of(item)].append(item)
        self.threads = [thread for items in self.between.values() for thread in threads_of(items)]
        self.crossing_messages = {(pair, day) for pair in self.between for day in crossed(self.between[pair], OPENERS)}
        self.crossing_invitations = {(pair, day) for pair in self.between for day in crossed(self.between[pair], INVITATIONS)}
        self.answers = self.answers_by_pair()
        self.exchanges = self.exchanges_by_pair()
        self.connections = self.connections_by_pair()
        self.kept = {(row["a"], row["b"]): row["since"] for row in self.ties}  # those that are there at the end

    def since_switch(self, day):
        """Tell whether a day is one on which the arms have parted."""
        return day >= self.switch

    def watched(self, day, window):
        """Tell whether what was sent on a day counts: after the switch, and watched for the whole window."""
        return day >= self.switch and day + window < self.end

    def answers_by_pair(self):
        """Return (day, who answered) of every answer to an item, by pair."""
        found = defaultdict(list)
        for item in self.items:
            if is_exchange(item):
                found[pair_of(item)].append((item["day_answered"], item["recipient"]))
        return found

    def exchanges_by_pair(self):
        """Return the days of a pair's exchanges: every answer is one, and two first messages that cross are one."""
        found = defaultdict(list, {pair: [day for day, _ in answers] for pair, answers in self.answers.items()})
        for pair, day in self.crossing_messages:
            found[pair].append(day)
        return found

    def connections_by_pair(self):
        """Return (day, the invitation) of every connection that an invitation made, by pair."""
        found = defaultdict(list)
        for item in self.items:
            if item["tie"] != "none":
                crossing = (pair_of(item), item["day_sent"]) in self.crossing_invitations
                day = item["day_sent"] if crossing else item["day_answered"]
                found[pair_of(item)].append((day, item))
        return found

    def days_of_contact(self, pair):
        """Return the days on which two had contact: something was sent, answered, or connected them."""
        sent = [item["day_sent"] for item in self.between[pair]]
        return sent + self.exchanges[pair] + [day for day, _ in self.connections[pair]]

    def connected_on(self, pair, day, intent):
        """Tell whether two were connected on the evening of a day; None if it cannot be told, since no file says when a tie was cut.

        A tie of the last day stands since the day that it names; two who were apart when the intent arose still are, unless an
        invitation has connected them since.
        """
        if pair in self.kept and self.kept[pair] <= day:
            return True
        since = [made for made, _ in self.connections[pair] if intent["arose"] <= made <= day]
        return False if not since and intent["distance"] != "connected" else None


def pair_of(item):
    """Return the two members of an item, the smaller id first."""
    return min(item["sender"], item["recipient"]), max(item["sender"], item["recipient"])


def is_exchange(item):
    """Tell whether an item was answered: a message, a reply, or the note of an invitation."""
    return item["exchange"] != "no exchange"


def crossed(items, kinds):
    """Return the days on which both members of a pair sent the other an item of these kinds."""
    senders = defaultdict(set)
    for item in items:
        if item["kind"] in kinds:
            senders[item["day_sent"]].add(item["sender"])
    return [day for day, both in senders.items() if len(both) == 2]


class Thread:
    """A message and the follow-ups that its sender sends until the next message to the same member."""

    def __init__(self, message):
        self.message, self.items = message, [message]

    @property
    def answered(self):
        """The day on which it was answered first, or None."""
        return min((item["day_answered"] for item in self.items if item["outcome"] == "answered"), default=None)

    def answered_within(self, days):
        """Tell whether an answer came so many days after the message at most."""
        return self.answered is not None and self.answered - self.message["day_sent"] <= days


def threads_of(items):
    """Return the threads between two members, each of one of them."""
    found, last = [], {}
    for item in items:
        if item["kind"] in OPENERS:
            last[item["sender"]] = Thread(item)
            found.append(last[item["sender"]])
        elif item["kind"] == "follow-up":
            last[item["sender"]].items.append(item)
    return found


def accepted_within(item, days):
    """Tell whether an invitation was accepted so many days after it was sent at most."""
    return item["outcome"] in ACCEPTED and item["day_answered"] - item["day_sent"] <= days
