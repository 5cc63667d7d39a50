"""Each figure on a log that is counted by hand, and the published ones on the public log's shape."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.calibration import described as module
from experiments.calibration.described import DESCRIBED, described
from experiments.calibration.patterns.messages import messages_of
from experiments.calibration.seen import Asked, seen_of


@pytest.fixture
def seen(monkeypatch):
    """0 writes to 1 (answered next day), 2 (after 10 days) and 3 (never, one follow-up); 1 writes to 3 on day 20 (same day)."""
    monkeypatch.setattr(module, "FEW", 1)
    rows = [
        (0, 1, 0.0),
        (1, 0, 1.0),
        (0, 1, 1.0),
        (0, 2, 1.0),
        (2, 0, 11.0),
        (0, 3, 2.0),
        (0, 3, 5.0),
        (1, 3, 20.0),
        (3, 1, 20.0),
        (9, 8, 60.0),
    ]
    sender, recipient, day = zip(*rows, strict=True)
    messages = messages_of(sender, recipient, day)
    return seen_of(messages, messages, Asked(np.array([0, 0]), np.array([3.0, 50.0]), np.array([1.0, 0.0]), np.array([True, False])))


@pytest.mark.parametrize(
    ("name", "value", "out_of"),
    [
        ("reply_1", 2 / 4, 4),
        ("reply_7", 2 / 4, 4),
        ("reply_30", 3 / 4, 4),
        ("delay", 24.0, 3),
        ("answers_day_0", 1 / 3, 3),
        ("answers_day_1", 2 / 3, 3),
        ("answers_day_7", 2 / 3, 3),
        ("answers_late", 0.0, 3),
        ("talk_turns_2", 1 / 3, 3),
        ("pair_messages_11", 0.0, 4),
        ("follow_ups", 1 / 5, 5),
        ("gini_sent", module.spread.gini(np.array([3, 1, 0, 0, 0, 1])), 6),
        ("load_0", 2 / 4, 4),  # what 3 had received of 0 lies more than a week before 1 wrote
        ("accepted", 1.0, 1),
        ("noted", 1 / 2, 2),
        ("invited", 2 / 7, 7),
        ("first_messages", 5 / (6 * 61), 5),
        ("messages", 10 / (6 * 61), 10),
        ("arrivals", 1 / 3, 3),  # of 0, 1 and 9, who write first on days 0, 20 and 60 of 61
    ],
)
def test_a_figure_is_as_it_is_counted_by_hand(seen, name, value, out_of):
    found = described(seen)[name]
    assert found.value == pytest.approx(value)
    assert found.out_of == out_of


def test_of_few_there_is_no_figure(seen, monkeypatch):
    monkeypatch.setattr(module, "FEW", 5)
    found = described(seen)
    assert math.isnan(found["reply_7"].value)
    assert found["reply_7"].out_of == 4
    assert found["follow_ups"].value == pytest.approx(0.2)


def test_without_invitations_there_are_no_figures_of_them(seen):
    found = described(seen._replace(asked=None))
    assert all(math.isnan(found[name].value) and found[name].out_of == 0 for name in ("accepted", "noted", "invited"))


def test_every_measure_has_its_own_name_and_says_what_it_is():
    assert len({one.title for one in DESCRIBED.values()}) == len(DESCRIBED)
    assert {one.unit for one in DESCRIBED.values()} == {"share", "hours", "messages", "Gini", "a first message", "a person and day"}
