"""A run as the patterns read it: which items are messages, which days are looked at, who chose whom for a tie."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from experiments.calibration.simulated import run_of, window_of
from sim import load_scenario, simulate
from sim.decisions.codes import Distance


@pytest.mark.parametrize(("days", "window"), [(360, (83, 276)), (196, (1, 194)), (195, (0, 193)), (194, (0, 193)), (100, (0, 99))])
def test_a_run_is_looked_at_for_194_days_from_its_middle(days, window):
    assert window_of(days) == window


ITEM = {
    "day_sent": 10,
    "day_delivered": 10,
    "day_answered": -1,
    "sender": 1,
    "recipient": 2,
    "kind": "message",
    "distance": "stranger",
    "role": "none",
    "outcome": "read",
    "tie": "none",
}


def history(*items, ties=(), active=(1, 1, 1, 1), joined=(0, 0, 0, 50)):
    """Return a history of these items, each what differs from a message of 1 to 2 on day 10."""
    rows = [ITEM | item for item in items]
    events = {name: [row[name] for row in rows] for name in ITEM} | {"item": np.arange(len(rows))}
    a, b, since = (np.array(column) for column in zip(*ties, strict=True)) if ties else (np.zeros(0, int),) * 3
    members = {"id": np.arange(4), "style": ["seller", "expert", "recruiter", "bulk_sender"], "active": active, "joined": joined}
    return SimpleNamespace(
        scenario=SimpleNamespace(warm_up=50, days=50),
        events=events,
        members=members,
        ties={"a": a, "b": b, "since": since},
        daily={},
        raw_daily={},
        measures={},
    )


@pytest.mark.parametrize(
    ("item", "counted"),
    [
        ({}, True),
        ({"kind": "introduction"}, True),
        ({"kind": "pitch"}, True),
        ({"kind": "follow-up"}, True),
        ({"kind": "reply"}, True),
        ({"kind": "invitation with note"}, True),  # its text can be answered
        ({"kind": "invitation"}, False),  # it says nothing
        ({"day_delivered": -1, "outcome": "filtered"}, False),  # it never arrived
        ({"day_sent": 99, "day_delivered": 99}, True),  # the last day
    ],
)
def test_a_message_is_what_was_written_and_arrived(item, counted):
    assert len(run_of(history(item)).messages.day) == counted


def test_within_a_day_items_stand_in_their_order():
    run = run_of(history({"sender": 2, "recipient": 1, "day_sent": 11}, {"sender": 1, "recipient": 2}, {"sender": 3, "recipient": 2}))
    assert run.messages.sender.tolist() == [1, 3, 2]
    assert run.pairs.sender.tolist() == [1, 3]
    assert run.pairs.delay.tolist() == [1.0, math.inf]


def test_invitations_with_what_became_of_them():
    run = run_of(
        history(
            {"kind": "invitation", "role": "approach", "outcome": "accepted", "day_answered": 14},
            {
                "kind": "invitation with note",
                "outcome": "accepted from obligation",
                "distance": "second degree",
            },  # crossed: no day of an answer
            {"kind": "invitation", "outcome": "declined", "day_answered": 12},
            {"kind": "invitation", "day_delivered": -1},
            {},
        )
    )
    i = run.invitations
    assert i.accepted.tolist() == [14.0, 10.0, math.inf]
    assert i.noted.tolist() == [False, True, False]
    assert i.approach.tolist() == [True, False, False]
    assert i.distance.tolist() == [Distance.STRANGER, Distance.SECOND_DEGREE, Distance.STRANGER]


def test_who_sells_and_recruits():
    assert run_of(history({})).selling.tolist() == [True, False, True, True]


def test_an_invitation_chooses_its_recipient_and_a_newcomer_those_who_were_there():
    """1 and 2 connect as 1 accepts 2's invitation; 3 brings 0 along; members who are gone at the end are left out."""
    found = run_of(
        history(
            {"kind": "invitation", "sender": 2, "recipient": 1, "outcome": "accepted", "day_answered": 20, "tie": "new"},
            ties=[(0, 1, -5), (1, 2, 20), (0, 3, 50)],
            active=(1, 1, 0, 1),
        )
    )
    assert found.tied.tolist() == [0, 1, 0]
    assert found.tied_on.tolist() == [-5.0, 20.0, 50.0]
    assert found.ties.there.tolist() == [0.0, 0.0, math.inf, 50.0]
    assert sorted(zip(found.ties.member.tolist(), found.ties.day.tolist(), strict=True)) == [
        (0, -5.0),
        (0, 50.0),
        (1, -5.0),
        (1, 20.0),
        (2, 20.0),
        (3, 50.0),
    ]


@pytest.fixture(scope="module")
def lived():
    return simulate(load_scenario(members=300, warm_up=20, days=60), 1, events=True)


def test_a_real_run_reads_as_its_events_say(lived):
    run, events = run_of(lived), lived.to_pandas("events")
    text = events[~events.kind.isin(["invitation"]) & (events.day_delivered >= 0)]
    assert len(run.messages.day) == len(text)
    assert run.messages.sender.sum() == text.sender.sum()
    accepted = events[events.kind.str.startswith("invitation") & events.outcome.str.startswith("accepted")]
    assert np.isfinite(run.invitations.accepted).sum() == len(accepted)
    answered = text[text.outcome == "answered"]
    assert len(answered) > 20
    wrote = set(zip(events.sender, events.recipient, events.day_sent, strict=True))
    back = [(row.recipient, row.sender, row.day_answered) for row in answered[answered.day_answered < 79].itertuples()]
    assert set(back) <= wrote  # an answer is a message of the day on which it was written


def test_in_a_real_run_every_new_tie_was_asked_for_and_chooses_whom_it_was_asked_of(lived):
    run = run_of(lived)
    a, b, since = (np.asarray(lived.ties[name]) for name in ("a", "b", "since"))
    events = lived.to_pandas("events")
    events = events[events.tie != "none"]
    asked = {frozenset(pair) for pair in zip(events.sender, events.recipient, strict=True)}
    new = since > 0
    assert new.sum() > 10
    assert all(frozenset(pair) in asked for pair in zip(a[new], b[new], strict=True))
    first = {frozenset((i, j)): j for i, j in zip(events.sender[::-1], events.recipient[::-1], strict=True)}
    assert [int(x) for x in run.tied[new]] == [int(first[frozenset(pair)]) for pair in zip(a[new], b[new], strict=True)]
