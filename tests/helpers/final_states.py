"""A final state made by hand, of four members, three ties, two items and three intents, and the history of it."""

from __future__ import annotations

import numpy as np

from sim import load_scenario
from sim.decisions.codes import Button, Consequence, Distance, Kind, NewTie, Outcome, Purpose, Role, Surface, Violation
from sim.decisions.constants import NO_CREDITS, UNSEEN
from sim.decisions.counters import Counter, Daily
from sim.results.finished_run import FinalState
from sim.results.history import make_history
from sim.state.columns import EVENT, JUDGED, MEMBER, PAIR, TIE, WEAK, Names
from sim.state.memory import table
from sim.state.tally import cell, new_tally

SCENARIO = load_scenario(members=4, warm_up=10, days=70)  # the last day is 79
STYLES = SCENARIO.style_names


def members():
    m = table(MEMBER, 4)
    m.at_switch, m.style, m.design, m.account = [1, 1, 0, 1], [0, 1, 2, 1], [0, 1, 0, 1], [1, 1, 2, 1]
    m.industry, m.region, m.seniority, m.joined = [0, 1, 3, 1], [2, 0, 0, 1], [4, 3, 2, 1], [-5, -4, 20, -3]
    m.got, m.got_unwelcome, m.read, m.read_unwelcome = [9, 8, 7, 6], [5, 4, 3, 2], [8, 6, 4, 2], [3, 2, 1, 0]
    m.partners, m.intents, m.successes, m.restrictions = [4, 3, 2, 1], [6, 5, 4, 3], [3, 2, 2, 1], [0, 1, 0, 2]
    m.session_rate, m.receptiveness, m.selectivity, m.volume = [0.1, 0.2, 0.3, 0.4], [1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0], 1.5
    m.annoyance, m.annoyance_day = [8.0, 8.0, 0.0, 0.0], [79, 65, 0, 0]  # half-life 14 days
    m.load, m.load_day = [4.0, 4.0, 0.0, 0.0], [79, 65, 0, 0]  # half-life 7 days
    m.opted_until = [80, 79, 0, 81]  # closed before that day
    m.quiet, m.visits, m.full_visits, m.prominence = [0, 1, 0, 0], [7, 6, 5, 4], [3, 2, 1, 0], [0.5, 1.0, 1.5, 2.0]
    return m


def pairs():
    p = table(PAIR, 4)
    p.lo, p.hi, p.state = [1, 0, 0, 2], [3, 3, 1, 3], [TIE, TIE, TIE | WEAK, WEAK]
    p.since, p.last, p.exchanges, p.strength, p.touched = (
        [30, 20, 10, 0],
        [40, 50, 60, 0],
        [3, 2, 1, 9],
        [8.0, 4.0, 2.0, 1.0],
        [79, 49, 19, 0],
    )
    return p


def events():
    e = table(EVENT, 2)
    e.day_sent, e.day_delivered, e.day_read, e.day_answered = [0, 4], [0, -30000], [0, -30000], [0, -30000]
    e.sender, e.recipient, e.unwelcome = [0, 1], [1, 2], [1, 0]
    e.kind, e.purpose, e.distance = [Kind.NOTE, Kind.PITCH], [Purpose.INQUIRY, Purpose.PROMOTION], [Distance.STRANGER, Distance.CONNECTED]
    e.outcome = [Outcome.OBLIGED, Outcome.GONE]
    e.role, e.violation, e.unheeded = [Role.APPROACH, Role.NO_ROLE], [Violation.NO_VIOLATION, Violation.PASSWORDS], [0, 1]
    e.reported, e.consequence, e.tie = [0, 1], [Consequence.NOTHING, Consequence.NO_EXCHANGE], [NewTie.CLOSING_TIE, NewTie.NO_TIE]
    e.mutual, e.acquainted, e.surface, e.turn, e.place = [3, 0], [1, 0], [Surface.SUGGESTION, Surface.PROFILE], [0, 1], [2, 5]
    e.quality, e.seen, e.credits = [0.5, -0.25], [1.5, UNSEEN], [NO_CREDITS, 4.0]
    return e


def intents():
    t = table(JUDGED, 3)
    t.member, t.other, t.arose, t.judged = [0, 1, 3], [2, -1, 0], [0, 5, 60], [30, 5, -30000]
    t.purpose, t.distance = (
        [Purpose.INQUIRY, Purpose.PROMOTION, Purpose.RELATIONSHIP],
        [Distance.STRANGER, Distance.NOBODY_FOUND, Distance.CONNECTED],
    )
    t.button, t.answered, t.exchanges = [Button.PRESS_CONNECT, Button.WALK_AWAY, Button.PRESS_MESSAGE], [1, 0, 0], [2, 0, 0]
    t.in_touch, t.connected, t.success = [1, 0, 0], [1, 0, 1], [1, 0, -1]
    return t


def final_state(names=Names(), kept=None):  # noqa: B008  (it is not changed)
    tally = new_tally(len(STYLES), len(SCENARIO.design_names), 10, 80)
    tally.counts[Counter.UNWELCOME, cell(tally, 1, Purpose.INQUIRY, Distance.STRANGER, 2, 3, 0)] = 3
    tally.counts[Counter.DELIVERED, cell(tally, 1, Purpose.INQUIRY, Distance.STRANGER, 2, 3, 0)] = 12
    tally.daily[Daily.ACTIVE], tally.daily[Daily.REPLIES, 7], tally.delays[2] = 4, 2, 9
    active, degree = np.array([1, 1, 0, 1], np.int8), np.array([2, 2, 0, 2], np.int32)
    return FinalState(members(), active, degree, pairs(), tally, *(kept or (None, None)), names=names)


def history(**asked):
    return make_history(SCENARIO, 7, 8, final_state(**asked), {"run": 1.5})
