"""Runs made by hand: for each target one that meets it and one that must miss it, as a wrong model would."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from experiments.calibration.patterns.attachment import Degrees
from experiments.calibration.patterns.messages import messages_of
from experiments.calibration.patterns.pairs import pairs_of
from experiments.calibration.simulated import Invitations, Run
from sim.decisions.codes import Distance
from sim.results.values import Value

MEMBERS = 60_000
NO_INVITATIONS = Invitations(*(np.zeros(0, int),) * 3, np.zeros(0), *(np.zeros(0, int),) * 3)
NO_TIES = Degrees(np.zeros(0, int), np.zeros(0), np.zeros(0), 0.0, 100.0)


def world(rows=(), *, begin=0.0, end=100.0, selling=(), **others):
    """Return a run of these messages (sender, recipient, day) in which some members sell."""
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    messages = messages_of(*columns, begin=begin, end=end)
    sells = np.zeros(MEMBERS, bool)
    sells[list(selling)] = True
    rest = {"invitations": NO_INVITATIONS, "ties": NO_TIES, "tied": np.zeros(0, int), "tied_on": np.zeros(0)}
    plain = {"daily": {}, "counted": {}, "measures": {}}
    return Run(SimpleNamespace(warm_up=1), messages, messages, pairs_of(messages), selling=sells, **(rest | plain | others))


def delays(*counts):
    """Return answers on the same day, the next, the sixth and the twentieth: so many each."""
    rows, k = [], 0
    for nights, many in zip((0, 1, 6, 20), counts, strict=True):
        for _ in range(many):
            rows += [(k, k + 1, 3.0), (k + 1, k, 3.0 + nights)]
            k += 2
    return world(rows)


def followed(many):
    """Return a hundred first messages, so many of them followed up once, and a seller who follows up everybody for a week."""
    rows = [(2 * k, 2 * k + 1, 1.0) for k in range(100)] + [(2 * k, 2 * k + 1, 5.0) for k in range(many)]
    rows += [(50_000, 40_000 + k, 1.0 + day) for k in range(50) for day in range(7)]
    return world(rows, selling=[50_000])


def sizes(*of):
    """Return a pair for each number of messages, all of one sender."""
    return world([(2 * k, 2 * k + 1, 1.0) for k, many in enumerate(of) for _ in range(many)])


def turns(*reaching):
    """Return talks of which so many have one turn or more, two or more, and so on."""
    lengths = [sum(k < many for many in reaching) for k in range(reaching[0])]
    return world([(2 * k + t % 2, 2 * k + 1 - t % 2, 1.0 + t) for k, length in enumerate(lengths) for t in range(length)])


def loads(*shares, busy=0):
    """Return 200 first messages at each load of 0, 2, 7, 12 and 30, of which these shares are answered, by recipients who sent `busy`."""
    rows, who = [], 0
    for load, part in zip((0, 2, 7, 12, 30), shares, strict=True):
        for k in range(200):
            a, b, known = who, who + 1, who + 2
            who += 3
            rows += [(known, b, 5.0), (b, known, 5.0)]  # the two know each other long since
            rows += [(known, b, 49.0)] * load + [(b, known, 49.0)] * busy + [(a, b, 50.0)]
            rows += [(b, a, 51.0)] if k < 200 * part else []
    return world(rows, begin=20.0)


def unequal(side, first):
    """Return forty members, each pair of whom talks: one side of first messages is dealt out to all alike, or goes to the first so many."""
    pairs = [(a, b) for a in range(40) for b in range(a + 1, 40)]
    rows = [(a, b, 1.0) for a, b in pairs if a < first] if first else [(a, b, 1.0) if (a + b) % 2 else (b, a, 1.0) for a, b in pairs]
    return world(rows if side == "sent" else [(b, a, day) for a, b, day in rows])


def rates(*answered):
    """Return members who got twenty first messages each and answered so many."""
    rows, writer = [], 1000
    for k, many in enumerate(answered):
        for place in range(20):
            rows += [(writer, k, 0.0), *([(k, writer, 1.0)] if place < many else [])]
            writer += 1
    return world(rows)


def chosen_for_ties(exponent):
    """Return members of degree 0, 1, 3 and 7, chosen for ties in proportion to (degree + 1) to the exponent."""
    levels = (0, 1, 3, 7)
    steps = [k for k, level in enumerate(levels) for _ in range(level)]
    tied = np.concatenate([np.full(int(100 * (level + 1) ** exponent), k) for k, level in enumerate(levels)])
    ties = Degrees(np.array(steps), np.full(len(steps), -1.0), np.zeros(4), 0.0, 100.0)
    return world(ties=ties, tied=tied, tied_on=np.full(len(tied), 50.0))


def written_to(exponent):
    """Return members who knew 1, 3 and 7 others, written to on the last day in proportion to (partners + 1) to the exponent.

    Those whom they knew, eleven, know one each: so twelve have one partner, and get twelve times what one of them would.
    """
    rows, other = [], 100
    for who, level in enumerate((1, 3, 7)):
        rows += [(who, other + k, 1.0) for k in range(level)]
        other += level
    for who, level in enumerate((1, 3, 7)):
        many = int(100 * (level + 1) ** exponent) * (12 if level == 1 else 1)
        rows += [(other + k, who, 100.0) for k in range(many)]
        other += many
    return world(rows, begin=10.0)


def asked(*groups, distance=Distance.STRANGER, selling=False):
    """Return a hundred invitations a group: (with a note, accepted, replied to)."""
    columns, rows, who = [], [], 0
    for noted, accepted, replied in groups:
        for k in range(100):
            columns.append((who, who + 1, 10, 15.0 if k < accepted else np.inf, noted, distance, True))
            rows += [(who + 1, who, 16.0)] if k < replied else []
            who += 2
    made = Invitations(*(np.array(column) for column in zip(*columns, strict=True)))
    return world(rows, invitations=made, selling=range(who) if selling else ())


def mail(part):
    """Return 200 recipients with five messages in a week, of which they answer this share."""
    rows = []
    for k in range(200):
        others = [1000 + 10 * k + place for place in range(6)]
        for place, other in enumerate(others):
            rows += [(other, k, 10.0 if place < 5 else 11.0)]
            rows += [(k, other, 12.0)] if k < 200 * part else []
    return world(rows)


def falling(factor):
    """Return a thousand messages at each load of 1, 2 and 4, answered by .4 and so many times less at each doubling."""
    rows = []
    for level, load in enumerate((1, 2, 4)):
        for k in range(1000):
            who = 10_000 * level + k
            rows += [(59_999, who, 49.0)] * load + [(30_000 + who, who, 50.0)]
            rows += [(who, 30_000 + who, 51.0)] if k < 400 * factor**level else []
    return world(rows, begin=50.0)


def drifting(by):
    return world(daily={"mean_degree": np.array([50.0, *[50.0 * (1.0 + by)] * 30])})


def busy(counter, volume):
    return world(daily={"active": np.array([1.0, 1000.0])}, counted={counter: np.array([7.0, 1000.0 * volume])})


def answering(value):
    return world(measures={"stranger_reply_rate_30": Value(None, 10.0, value)})


RIGHT_TURNS = (1400, 1000, 680, 600, 468, 400, 324, 300, 300, 300, 270)
COIN = (2048, 1024, 512, 256, 128, 64, 32, 16, 8, 4, 2)
RAW, FLAT, MATCHED, RISING = (0.3, 0.4, 0.45, 0.45, 0.5), (0.3,) * 5, (0.5, 0.5, 0.52, 0.48, 0.43), (0.5, 0.5, 0.4, 0.48, 0.6)
NOTES, NO_NOTES = ((True, 26, 17), (False, 26, 10)), ((True, 39, 30), (False, 26, 10))
TELLING = {
    **{f"answers_{name}": (delays(59, 18, 14, 9), delays(100, 0, 0, 0)) for name in ("same_day", "next_day", "within_week")},
    "follow_ups": (followed(17), followed(60)),
    "messages_a_pair_median": (sizes(1, 2, 2, 2, 5), sizes(1, 1, 1, 2, 2)),
    "messages_a_pair_99": (sizes(*[2] * 95, *[30] * 5), sizes(*[2] * 100)),
    **{f"going_on_{k:02d}": (turns(*RIGHT_TURNS), turns(*COIN)) for k in (2, 4, 6, 10)},
    **{f"load_raw_{load:02d}": (loads(*RAW), loads(*FLAT)) for load in (1, 5, 20)},
    **{f"load_matched_{load}": (loads(*MATCHED, busy=10), loads(*RISING, busy=10)) for load in (10, 20)},
    "gini_received": (unequal("received", 20), unequal("received", 0)),
    "gini_sent": (unequal("sent", 10), unequal("sent", 0)),
    "reply_rates_spread": (rates(*range(1, 14)), rates(*[6, 7, 8] * 5)),
    "attachment_of_first_messages": (written_to(0.41), written_to(1.2)),
    "attachment_of_ties": (chosen_for_ties(0.6), chosen_for_ties(0.0)),
    "acceptance_strangers": (asked((False, 25, 0)), asked((False, 28, 0))),
    "acceptance_second_degree": (
        asked((False, 50, 0), distance=Distance.SECOND_DEGREE),
        asked((False, 60, 0), distance=Distance.SECOND_DEGREE),
    ),
    "answered_at_one_a_day": (mail(0.25), mail(0.5)),
    "load_curve": (falling(0.79), falling(1.0)),
    "note_acceptance": (asked(*NOTES, selling=True), asked(*NO_NOTES, selling=True)),
    "note_replies": (asked(*NOTES, selling=True), asked(*NO_NOTES, selling=True)),
    "strangers_reply": (answering(0.2), answering(0.3)),
    "degree_drift": (drifting(0.04), drifting(-0.06)),
}
VOLUMES = {"sessions": 0.26, "all_intents": 0.23, "first_messages": 0.1, "follow_ups": 0.1, "cold_invitations": 0.03}
VOLUMES |= {"replies": 0.2, "delivered": 0.65, "read": 0.55, "new_ties": 0.105}
TELLING |= {f"volume_{name}": (busy(name, volume), busy(name, 1.3 * volume)) for name, volume in VOLUMES.items()}
