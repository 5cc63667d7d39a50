"""What columns are called."""

from __future__ import annotations

import pytest

from sim.population.networks.words import is_never_time, is_quantity, is_time_name, names_side, sides


@pytest.mark.parametrize(
    "name",
    [
        "message_sent_at",
        "message_created_at",
        "message_ts",
        "message_datetime",
        "messageSentAt",
        "MESSAGESENTAT",
        "Message timestamp (UTC)",
        "Date of message",
        "comment_date",
        "text sent at",
        "sent_at",
        "Email date",
    ],
)
def test_when_something_was_sent_is_a_time(name):
    assert is_time_name(name)
    assert not is_never_time(name)


@pytest.mark.parametrize(
    "name", ["note_created_at", "topic date", "relation_start", "contact_day", "moment", "label_time", "date_id", "n_tick"]
)
def test_what_may_be_a_time_or_not_is_neither(name):
    assert not is_time_name(name)
    assert not is_never_time(name)
    assert not is_quantity(name)


@pytest.mark.parametrize(
    "name", ["message", "Text", "weight", "edge_id", "since", "friends since", "time_zone", "note", "message_id", "topic"]
)
def test_a_word_that_is_no_time_counts_alone_or_beside_no_word_of_time(name):
    assert is_never_time(name)
    assert not is_time_name(name)
    assert is_quantity(name)


@pytest.mark.parametrize(
    ("name", "known"), [("distance", True), ("calls", True), ("calls per day", False), ("tick", False), ("", False), ("offset", False)]
)
def test_numbers_under_these_names_are_known_to_be_no_times_or_not(name, known):
    assert is_quantity(name) == known


@pytest.mark.parametrize(
    "header", [["valid_from", "valid_to"], ["from_year", "to_year"], ["date_from", "date_to"], ["Time from", "Time to"]]
)
def test_the_ends_of_a_time_are_no_members(header):
    assert sides(header) == []
    assert not any(map(names_side, header))


@pytest.mark.parametrize("header", [["from", "to"], ["from_user", "to_user"], ["sent_from", "sent_to"], ["source_id", "target_id"]])
def test_the_ends_of_a_tie_are(header):
    assert sides(header) == [(0, 1)]
    assert all(map(names_side, header))
