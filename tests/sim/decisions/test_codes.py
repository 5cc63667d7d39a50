"""Each code is written once; the plain integers are those of the enums."""

from __future__ import annotations

from collections import Counter as Tally

from sim.decisions import codes, counters


def test_no_name_stands_in_two_groups():
    names = Tally(code.name for group in codes.GROUPS for code in group)
    assert [name for name, times in names.items() if times > 1] == []


def test_plain_integers_are_those_of_the_enums():
    for group in codes.GROUPS:
        for code in group:
            plain = getattr(codes, code.name)
            assert type(plain) is int
            assert plain == code


def test_codes_of_a_group_count_up_from_zero():
    for group in (*codes.GROUPS, counters.Counter, counters.Daily):
        assert [code.value for code in group] == list(range(len(group)))


def test_labels_are_what_tables_show():
    assert codes.Outcome.OBLIGED.label == "accepted from obligation"
    assert codes.Outcome.TAKEN_BACK.label == "taken back"
    assert codes.labels(codes.Distance) == ("nobody found", "connected", "second degree", "stranger")
    assert codes.labels(codes.Level) == ("nobody found", "low", "middle", "high")
    assert codes.labels(codes.Purpose) == ("inquiry", "relationship", "promotion")


def test_counters_are_places_in_the_order_of_their_names():
    assert type(counters.FILTERED) is int
    assert counters.COUNTERS[counters.FILTERED] == "filtered"
    assert counters.DAILY[counters.D_ALL_INTENTS] == "all_intents"
    assert (len(counters.COUNTERS), len(counters.DAILY)) == (42, 25)
