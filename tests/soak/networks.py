"""Generated networks: who is there, who is tied, and for logs when; what a reader gave is compared with them."""

from __future__ import annotations

import random
from typing import Any, NamedTuple

DAY = 86_400
Tie = frozenset[str]

WORDS = ("Ann", "Ben", "Cleo", "dora", "Emil", "FRED", "gus", "Hana", "ivy", "Jon", "Kai", "lea", "Mo", "nils", "Oda")
# Names as people and programs bear them, each of which some reader takes for something else.
KINDS: dict[str, tuple[str, ...]] = {
    "words": WORDS,
    "small": tuple(str(k) for k in range(1, 40)),
    "zeros": ("0", "00", "7", "07", "007", "10", "010", "11", "011", "12", "13", "14", "15"),
    "long": tuple(str(10**18 + 7 * k) for k in range(15)) + tuple(str(2**64 + k) for k in range(5)),
    "negative": tuple(str(-k) for k in range(1, 8)) + tuple(str(k) for k in range(1, 8)),
    "decimal": ("1.0", "2.0", "3.0", "4.0", "2.5", "10.0", "11.0", "12.0", "1e5", "13.0"),
    "odd": ("Nan", "None", "Infinity", "NULL", "NA", "nan", "inf", "True", "null", "n/a", "-", "0x1F", "1e5", "Ann", "Ben", "Cleo"),
    "marks": ("#a", "%b", "#c", "%d", "@e", "//f", "!g", "*h", "=i", "+j", "a#", "b%"),
    "quotes": ('O"Neil', "d'Arc", 'say "hi"', '"x"', "''", "it's", "Ann", "Ben", 'C"', '"D'),
    "commas": ("Smith, Ann", "Roe, Ben", "Poe, Cleo", "Lee, Dan", "Kim, Eve", "Ray, Fay", "May, Gus", "Fox, Ida"),
    "pieces": ("a;b", "c|d", "e,f", "g;h", "i|j", "k,l", "m;n", "o", "p", "q"),
    "blanks": ("Ann Smith", "Ben Roe", "Cleo Poe", "Dan Lee", "Eve van der Kim", "Fay Ray", "Gus May", "Ida Fox"),
    "unicode": ("Žofie", "李雷", "محمد", "Ñandú", "Øyvind", "Łukasz", "ἀλφα", "Ирина", "Zoë", "🦊", "ß"),
    "latin": ("Zoë", "José", "Søren", "Jürgen", "Françoise", "Ann", "Ben", "Åsa"),
    "mails": tuple(f"{name.lower()}@example.org" for name in WORDS),
    "dates": ("2024-01-01", "2024-01-02", "May", "june", "20240105", "20240106", "1082040961", "1082040962", "Monday", "noon"),
    "words of headers": ("to", "from", "source", "Target", "time", "id", "weight", "name", "Ann", "Ben", "Cleo", "label"),
}
AMBIGUOUS = ("dates", "decimal", "words of headers", "pieces")  # these may be times, weights, headers or several names


class Network(NamedTuple):
    """Members, ties, and of a log each tie's (age, last contact) in days before the last message."""

    members: frozenset[str]
    ties: frozenset[Tie]
    days: dict[Tie, tuple[float, float]] | None = None


class Message(NamedTuple):
    """One message."""

    sender: str
    recipient: str
    when: float  # seconds since 1970


def names(luck: random.Random, kind: str, most: int = 9) -> list[str]:
    """Return three different names or more."""
    pool = KINDS[kind]
    return luck.sample(pool, luck.randint(3, min(most, len(pool))))


def network(luck: random.Random, members: list[str], *, lone: bool = False) -> Network:
    """Return a network of these members; each has a tie unless some may be alone."""
    pairs = [frozenset((a, b)) for i, a in enumerate(members) for b in members[:i]]
    ties = set(luck.sample(pairs, luck.randint(1, min(len(pairs), 14))))
    if not lone:
        for name in members:
            if not any(name in tie for tie in ties):
                ties.add(frozenset((name, luck.choice([other for other in members if other != name]))))
    return Network(frozenset(members), frozenset(ties))


def messages(luck: random.Random, members: list[str], *, gap: float = 40 * DAY) -> list[Message]:
    """Return messages in order of their times; every member wrote or was written to, and each time is another second."""
    sent: list[tuple[str, str]] = []
    for name in members:
        other = luck.choice([x for x in members if x != name])
        sent.append((name, other) if luck.random() < 0.5 else (other, name))
    for _ in range(luck.randint(1, 10)):
        a, b = luck.choice(sent)
        sent.append((b, a) if luck.random() < 0.7 else (a, b))
    luck.shuffle(sent)
    when = float(luck.randint(1_300_000_000, 1_700_000_000))
    found = []
    for a, b in sent:
        found.append(Message(a, b, when))
        when += luck.randint(1, int(luck.choice((600, DAY, gap))))
    return found


def of_log(written: list[Message]) -> Network:
    """Return the network that messages give in this order if times are equal: tied are those of whom each wrote to the other."""
    ordered = sorted(written, key=lambda m: m.when)
    end = ordered[-1].when
    wrote: dict[Tie, list[Message]] = {}
    for one in ordered:
        wrote.setdefault(frozenset((one.sender, one.recipient)), []).append(one)
    days = {}
    for pair, thread in wrote.items():
        answer = next((m.when for m in thread if m.sender != thread[0].sender), None)
        if answer is not None:
            days[pair] = ((end - answer) / DAY, (end - thread[-1].when) / DAY)
    return Network(frozenset(name for m in written for name in m[:2]), frozenset(days), days)


def as_read(source: Any) -> Network:
    """Return what the reader gave."""
    ties = [frozenset((source.labels[a], source.labels[b])) for a, b in source.ties.tolist()]
    days = {tie: (float(age), float(last)) for tie, age, last in zip(ties, source.tie_age, source.last_contact, strict=True)}
    return Network(frozenset(source.labels), frozenset(ties), days)


def difference(wanted: Network, found: Network) -> str:
    """Return in words the first thing in which a network that was read differs, or nothing."""
    if wanted.members != found.members:
        return f"members {sorted(found.members)}, not {sorted(wanted.members)}"
    if wanted.ties != found.ties:
        return f"ties {in_words(found.ties)}, not {in_words(wanted.ties)}"
    for tie, days in (wanted.days or {}).items():
        there = (found.days or {})[tie]
        if not all(abs(a - b) <= 1e-6 for a, b in zip(days, there, strict=True)):  # false for nan
            return f"the tie {sorted(tie)} is {there} days old and silent, not {days}"
    return ""


def in_words(ties: frozenset[Tie]) -> str:
    """Return ties as text, always in one order."""
    return str(sorted("-".join(sorted(tie)) for tie in ties))
