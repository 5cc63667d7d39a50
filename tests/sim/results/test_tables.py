"""Tables for people: columns of members, ties, items and intents worked out by hand from a final state made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim.state.columns import Names
from tests.helpers.final_states import SCENARIO, STYLES, events, history, intents


def test_columns_of_members():
    found = history().members
    as_they_are = {
        "id": [0, 1, 2, 3],
        "label": ["0", "1", "2", "3"],
        "industry": [0, 1, 3, 1],
        "region": [2, 0, 0, 1],
        "seniority": [4, 3, 2, 1],
        "joined": [-5, -4, 20, -3],
        "active": [1, 1, 0, 1],
        "account": [1, 1, 2, 1],
        "degree": [2, 2, 0, 2],
        "session_rate": [0.1, 0.2, 0.3, 0.4],
        "receptiveness": [1.0, 2.0, 3.0, 4.0],
        "selectivity": [5.0, 6.0, 7.0, 8.0],
        "delivered": [9, 8, 7, 6],
        "unwelcome_delivered": [5, 4, 3, 2],
        "read": [8, 6, 4, 2],
        "unwelcome_read": [3, 2, 1, 0],
        "partners": [4, 3, 2, 1],
        "intents": [6, 5, 4, 3],
        "successes": [3, 2, 2, 1],
        "restrictions": [0, 1, 0, 2],
        "opted_out": [1, 0, 0, 1],
        "at_switch": [1, 1, 0, 1],
        "volume": [1.5] * 4,
        "quiet": [0, 1, 0, 0],
        "visits": [7, 6, 5, 4],
        "full_visits": [3, 2, 1, 0],
        "prominence": [0.5, 1.0, 1.5, 2.0],
        "style": [STYLES[k] for k in (0, 1, 2, 1)],
        "design": [SCENARIO.design_names[k] for k in (0, 1, 0, 1)],
    }
    assert {name: list(found[name]) for name in as_they_are} == as_they_are
    assert found["annoyance"].tolist() == pytest.approx([8.0, 4.0, 0.0, 0.0])  # a half-life has passed for the second
    assert found["load"].tolist() == pytest.approx([4.0, 1.0, 0.0, 0.0])  # two half-lives
    assert set(found) == {*as_they_are, "annoyance", "load"}


def test_words_of_a_file_and_what_it_has_no_words_for():
    found = history(names=Names(("Ann", "Bob", "Cy"), ("law", "arts"), ("north", "south"))).members
    assert list(found["label"]) == ["Ann", "Bob", "Cy", "newcomer 3"]
    assert list(found["industry"]) == ["law", "arts", "industry 3", "arts"]
    assert list(found["region"]) == ["region 2", "north", "north", "south"]


def test_ties_stand_in_order_with_their_strength_on_the_last_day():
    found = history().ties
    assert list(zip(found["a"], found["b"], strict=True)) == [(0, 1), (0, 3), (1, 3)]
    assert [found[name].tolist() for name in ("since", "last_contact", "exchanges")] == [[10, 20, 30], [60, 50, 40], [1, 2, 3]]
    assert found["strength"].tolist() == pytest.approx([0.5, 2.0, 8.0])  # 60, 30 and 0 days after the last contact; half-life 30


def test_events_in_words():
    found = history(kept=(events(), intents())).events
    looked, had = found.pop("relevance_seen"), found.pop("credits_left")
    assert looked[0] == 1.5
    assert np.isnan(looked[1])  # nobody looked
    assert np.isnan(had[0])  # the design asks for none
    assert had[1] == 4.0
    assert {name: list(values) for name, values in found.items()} == {
        "item": [0, 1],
        "day_sent": [0, 4],
        "day_delivered": [0, -1],
        "day_read": [0, -1],
        "day_answered": [0, -1],
        "sender": [0, 1],
        "recipient": [1, 2],
        "kind": ["invitation with note", "pitch"],
        "purpose": ["inquiry", "promotion"],
        "distance": ["stranger", "connected"],
        "mutual": [3, 0],
        "acquainted": [1, 0],
        "surface": ["suggestion", "profile"],
        "turn": [0, 1],
        "place": [2, 5],
        "quality": [0.5, -0.25],
        "role": ["approach", "none"],
        "violation": ["none", "passwords"],
        "unheeded": [0, 1],
        "unwelcome": [1, 0],
        "reported": [0, 1],
        "outcome": ["accepted from obligation", "gone"],
        "exchange": ["nothing", "no exchange"],
        "tie": ["closes a triangle", "none"],
    }


def test_intents_in_words():
    found = history(kept=(events(), intents())).intents
    assert {name: list(values) for name, values in found.items()} == {
        "arose": [0, 5, 60],
        "member": [0, 1, 3],
        "partner": [2, -1, 0],
        "purpose": ["inquiry", "promotion", "relationship"],
        "distance": ["stranger", "nobody found", "connected"],
        "button": ["connect", "walk away", "message"],
        "judged": [30, 5, -1],
        "answered": [1, 0, 0],
        "exchanges": [2, 0, 0],
        "in_contact": [1, 0, 0],
        "connected": [1, 0, 1],
        "result": ["success", "failure", "open"],
    }
