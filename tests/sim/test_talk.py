"""Answers by hand, by both engines: talks within a day, answers that are put off, and what notifications bring."""

from __future__ import annotations

import pytest

from sim import Distance, Kind, Purpose
from sim.decisions.codes import AWAY, BROUGHT, HERE, LATER, LOOKS_IN, WAITING
from sim.decisions.constants import MOST_TURNS
from sim.decisions.counters import DAILY
from tests.helpers.by_hand import ENGINES, SURE, scene

QUESTION = (0, 1, Kind.MESSAGE, Purpose.INQUIRY, Distance.STRANGER)
FOLLOW_UP = (0, 1, Kind.FOLLOW_UP, Purpose.INQUIRY, Distance.STRANGER)
TALKATIVE = {"thread.stay": 1.0, "thread.base": 4.0, "thread.habit": 3.0, "style.continues": 3.0, "attention.budget": 3.0}


def events_of(life):
    """Return the events so far, a dict each."""
    return life.history().to_pandas("events").to_dict("records")


def count(life, name, day):
    """Return a daily count."""
    world = life.world if hasattr(life, "world") else life.model
    return int(world.tally.daily[DAILY.index(name), day])


def talked(engine, readers, **changes):
    """Let member 0 ask member 1 something, who will answer, on a day on which some are there; a day later nobody is."""
    life = engine(scene(**{**TALKATIVE, **changes}))
    life.member(1).receptiveness = SURE
    life.day([QUESTION], readers=readers)
    life.day()
    return life


@pytest.mark.parametrize("engine", ENGINES)
def test_two_who_are_there_talk_until_one_has_no_attention_left(engine):
    """Each can read three items; the question is one of them. The second's attention ends first: after the question and two answers."""
    life = talked(engine, [0, 1])
    rows = events_of(life)
    assert [(row["sender"], row["kind"], row["turn"]) for row in rows] == [
        (0, "message", 0),
        (1, "reply", 1),
        (0, "reply", 2),
        (1, "reply", 3),
        (0, "reply", 4),
        (1, "reply", 5),
        (0, "reply", 6),
    ]
    assert [row["outcome"] for row in rows] == ["answered"] * 6 + ["waiting"]
    assert [row["day_delivered"] for row in rows] == [0] * 6 + [1]  # what is not heard goes out a day later
    assert [row["day_answered"] for row in rows[:6]] == [0] * 6
    assert (count(life, "turns", 0), count(life, "cut_short", 0)) == (5, 0)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("readers", "changes"), [([1], {}), ([0, 1], {"thread.stay": 0.0})])
def test_an_answer_to_whoever_is_not_there_or_does_not_stay_comes_a_day_later(engine, readers, changes):
    life = talked(engine, readers, **changes)
    rows = events_of(life)
    assert [(row["sender"], row["day_sent"], row["day_delivered"], row["outcome"]) for row in rows] == [
        (0, 0, 0, "answered"),
        (1, 0, 1, "waiting"),
    ]
    assert count(life, "turns", 0) == 0


@pytest.mark.parametrize("engine", ENGINES)
def test_a_talk_ends_where_somebody_does_not_go_on(engine):
    life = talked(engine, [0, 1], **{"thread.base": -4.0, "thread.habit": 0.0, "style.continues": -3.0})
    assert [(row["sender"], row["outcome"]) for row in events_of(life)] == [(0, "answered"), (1, "read")]
    assert count(life, "turns", 0) == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_a_talk_is_cut_short_at_the_most_turns_and_goes_on_the_day_after(engine):
    life = talked(engine, [0, 1], **{"attention.budget": 50.0})
    rows = events_of(life)
    assert [row["turn"] for row in rows] == list(range(MOST_TURNS + 1))
    assert [row["day_delivered"] for row in rows] == [0] * MOST_TURNS + [1]
    assert (count(life, "turns", 0), count(life, "cut_short", 0)) == (MOST_TURNS - 1, 1)


@pytest.mark.parametrize("engine", ENGINES)
def test_every_turn_is_an_exchange_with_its_own_delay_of_none(engine):
    history = talked(engine, [0, 1]).history()
    assert history.measures["conversations"][0] == 6.0  # all but the answer that nobody has heard
    assert history.to_pandas("members").partners.tolist() == [1, 1, 0, 0]


@pytest.mark.parametrize("engine", ENGINES)
def test_an_answer_that_is_put_off_comes_with_the_first_visit_from_its_day_on(engine):
    """Messages sink after a day here: what has been read does not."""
    life = engine(scene(**{"thread.later": 1.0, "thread.later_tail": 0.5, "attention.sink_message": 1.0}))
    life.member(1).receptiveness = SURE
    life.day([QUESTION], readers=[1])
    life.postpone(1, 5)
    for _ in range(1, 5):
        life.day(readers=[1])
    assert life.inbox(1) == [(LATER, 5)]
    assert [(row["outcome"], row["day_read"]) for row in events_of(life)] == [("read", 0)]
    life.day()  # nobody is there on the very day
    life.day(readers=[1])
    life.day()
    assert life.inbox(1) == []
    first, answer = events_of(life)
    assert (first["outcome"], first["day_read"], first["day_answered"]) == ("answered", 0, 6)
    assert (answer["sender"], answer["day_sent"], answer["turn"]) == (1, 6, 1)


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_due_is_answered_on_its_day(engine):
    life = engine(scene(**{"thread.later": 1.0, "thread.later_tail": 3.0}))
    life.member(1).receptiveness = SURE
    life.day([QUESTION], readers=[1])
    due = life.inbox(1)[0][1]
    assert due >= 1
    while life.inbox(1):
        life.day(readers=[1])
    assert events_of(life)[0]["day_answered"] == due


@pytest.mark.parametrize("engine", ENGINES)
def test_what_was_put_off_is_dropped_once_its_thread_is_closed(engine):
    life = engine(scene(**{"thread.later": 1.0, "thread.later_tail": 0.5}))
    life.member(1).receptiveness = SURE
    life.day([QUESTION], readers=[1])
    life.postpone(1, 3)
    life.rule("thread_later", 0.0)
    life.day([FOLLOW_UP], readers=[1])
    assert life.inbox(1) == [(LATER, 3)]
    life.day(readers=[1])
    life.day(readers=[1])
    assert life.inbox(1) == []
    rows = events_of(life)
    assert [(row["kind"], row["outcome"]) for row in rows[:2]] == [("message", "read"), ("follow-up", "answered")]
    assert [row["kind"] for row in rows[2:]] == ["reply"]
    assert life.history().measures["conversations"][0] == 1.0


@pytest.mark.parametrize("engine", ENGINES)
def test_of_two_that_are_due_from_one_sender_one_waits_for_another_day(engine):
    life = engine(scene(**{"thread.later": 1.0, "thread.later_tail": 1.0, "attention.budget": 5.0}))
    life.member(1).receptiveness = SURE
    life.day([QUESTION], readers=[1])
    life.postpone(1, 9)
    life.day([QUESTION], readers=[1])
    assert [outcome for outcome, _ in life.inbox(1)] == [LATER, LATER]
    life.postpone(1, 2)
    life.day(readers=[1])
    assert life.inbox(1) == [(LATER, 2)]
    life.day(readers=[1])
    assert life.inbox(1) == []
    days = [row["day_answered"] for row in events_of(life) if row["kind"] == "message"]
    assert days == [2, 3]


@pytest.mark.parametrize("engine", ENGINES)
def test_somebody_who_left_gets_no_answer_any_more(engine):
    life = engine(scene(**{"thread.later": 1.0, "thread.later_tail": 1.0}))
    life.member(1).receptiveness = SURE
    life.day([QUESTION], readers=[1])
    life.rule("population_leaving", 1.0)
    life.day()
    life.day()
    assert life.inbox(1) == []
    assert [row["outcome"] for row in events_of(life)] == ["read"]


def told(engine, **changes):
    """Return a life in which nobody comes by unless a notification, which is always heeded, brings them."""
    life = engine(scene(**{"attention.notification": 1.0, "attention.habituation": 1.0, **changes}))
    life.come_rarely()
    for i in range(4):
        life.member(i).muted = 0
    return life


@pytest.mark.parametrize("engine", ENGINES)
def test_a_notification_brings_a_look_into_the_inbox_on_its_own_day(engine):
    life = told(engine)
    life.day([QUESTION], readers=None)
    assert [life.here(i) for i in range(4)] == [AWAY, LOOKS_IN, AWAY, AWAY]
    assert events_of(life)[0]["day_read"] == 0
    life.day(readers=None)
    assert life.here(1) == AWAY  # it has done its work


@pytest.mark.parametrize("engine", ENGINES)
def test_a_notification_that_brought_nobody_brings_a_session_the_next_day_and_not_the_one_after(engine):
    life = told(engine)
    life.member(1).muted = 1
    life.day([QUESTION], readers=None)
    assert (life.here(1), life.inbox(1)[0][0]) == (AWAY, WAITING)
    life.member(1).muted = 0
    life.day(readers=None)
    assert life.here(1) == BROUGHT
    assert events_of(life)[0]["day_read"] == 1
    life.member(2).muted = 1
    life.day([(0, 2, Kind.MESSAGE, Purpose.INQUIRY, Distance.STRANGER)], readers=None)
    life.day(readers=None)
    life.member(2).muted = 0
    life.day(readers=None)
    assert (life.here(2), life.inbox(2)[0][0]) == (AWAY, WAITING)


@pytest.mark.parametrize("engine", ENGINES)
def test_who_heeds_no_notification_does_not_come(engine):
    life = told(engine, **{"attention.notification": 0.0})
    life.day([QUESTION], readers=None)
    life.day(readers=None)
    assert life.here(1) == AWAY
    assert life.inbox(1)[0][0] == WAITING


@pytest.mark.parametrize("engine", ENGINES)
def test_an_unwelcome_item_raises_doubts_if_a_notification_announced_it(engine):
    life = told(engine, **{"unwelcome.selectivity": 1.0, "sessions.half_life": 10.0})
    life.member(1).selectivity = 60.0  # finds everything unwelcome
    life.day([QUESTION], readers=None)
    assert life.member(1).doubt == 1.0
    for _ in range(10):
        life.day(readers=[])
    life.day([QUESTION], readers=[1])  # a session of their own: nothing has announced it
    assert (life.here(1), life.member(1).doubt, life.member(1).doubt_day) == (HERE, 1.0, 0)
    assert [row["unwelcome"] for row in events_of(life) if row["kind"] == "message"] == [1, 1]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("heed", "presence"), [(1.0, LOOKS_IN), (0.0, AWAY)])
def test_a_notification_may_bring_the_quiet_for_once(engine, heed, presence):
    life = told(engine, **{"population.quiet_heed": heed})
    life.member(1).quiet = 1
    life.day([QUESTION], readers=None)
    assert (life.here(1), life.member(1).quiet) == (presence, 1)


@pytest.mark.parametrize("engine", ENGINES)
def test_what_a_visit_cannot_read_is_its_backlog(engine):
    life = engine(scene(**{"attention.budget": 2.0}))
    life.day([(i, 1, Kind.MESSAGE, Purpose.INQUIRY, Distance.STRANGER) for i in (0, 2, 3)], readers=[1])
    assert (life.member(1).backlog, life.member(1).visits, life.member(1).full_visits) == (1, 1, 1)
    life.day(readers=[1])
    assert (life.member(1).backlog, life.member(1).visits, life.member(1).full_visits) == (0, 2, 1)
    life.day(readers=[1])  # an empty inbox is no visit to it
    assert (life.member(1).backlog, life.member(1).visits) == (0, 2)
