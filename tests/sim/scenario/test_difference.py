"""What differs between two scenarios: each value by its key, a style or design that only one has as one."""

from __future__ import annotations

from sim import load_scenario
from sim.scenario.difference import changed_from

BASE = load_scenario()


def test_values_that_differ_are_named_by_their_key_and_the_name_is_none_of_them():
    other = BASE.with_(name="other", members=300, **{"reply.base": -2.5})
    assert changed_from(BASE.table(), BASE.table()) == []
    assert changed_from(BASE.table(), other.table()) == [
        ("members", 300, BASE.members),
        ("reply.base", -2.5, BASE.reply.base),
    ]


def test_what_only_one_has_is_one_row_and_is_told_from_both_sides():
    one = {"days": 9, "designs": {"mine": {"friction": 1.0, "delay": 2.0}, "both": {"friction": 3.0}}}
    two = {"designs": {"both": {"friction": 4.0}}}
    assert changed_from(one, two) == [("designs.both.friction", 4.0, 3.0), ("days", "none", 9), ("designs.mine", "none", "its own")]
    assert changed_from(two, one) == [("days", 9, "none"), ("designs.mine", "its own", "none"), ("designs.both.friction", 3.0, 4.0)]
