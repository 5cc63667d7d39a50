"""Mistakes of an input: collected, each once, in plain words; values against what the schema says, on both sides of its bounds."""

from __future__ import annotations

import datetime as dt
import pickle

import pytest

from sim.scenario.presets import Design
from sim.scenario.validation import LONGEST_SHOWN, Limit, Mistakes, Problems, checked, checked_value, limits, plain, shown


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "true"),
        (3, "3"),
        (10**18, "a huge number"),
        (2.5, "2.5"),
        ("a\nb", r"'a\nb'"),
        ({}, "a table"),
        ([1], "a list"),
        (dt.date(2024, 1, 1), "a date or time"),
        (None, "nothing"),
        (object, "an object of type type"),
    ],
)
def test_values_as_a_person_wrote_them(value, words):
    assert shown(value) == words


def test_text_is_cut_at_its_longest():
    assert plain("x" * LONGEST_SHOWN) == "x" * LONGEST_SHOWN
    assert plain("x" * (LONGEST_SHOWN + 1)) == "x" * (LONGEST_SHOWN - 3) + "..."


def test_mistakes_of_several_files_are_one_list_each_once():
    problems = Problems("a.toml")
    problems.raise_if_any()
    for _ in range(2):
        problems.add("x", "1", "2 or more")
    problems.of("b.csv").add("", "nothing", "a CSV")
    with pytest.raises(Mistakes) as raised:
        problems.raise_if_any()
    assert raised.value.mistakes == ["a.toml: `x` must be 2 or more (got 1)", "b.csv must be a CSV (got nothing)"]
    assert str(raised.value).startswith(raised.value.mistakes[0])
    assert "1 more" in str(raised.value)
    assert pickle.loads(pickle.dumps(raised.value)).mistakes == raised.value.mistakes


def values(limit, given):
    problems = Problems()
    found = list(checked_value(limit, given, "x", problems))
    assert len(found) + len(problems.lines) == 1
    return found


WHOLE, NUMBER, NAME = (Limit(kind, 1.0, 5.0, "days", None, "") for kind in (int, float, str))


@pytest.mark.parametrize(("given", "taken"), [(1, True), (5, True), (0, False), (6, False), (2.0, False), (True, False), ("2", False)])
def test_whole_numbers(given, taken):
    assert values(WHOLE, given) == ([given] if taken else [])


@pytest.mark.parametrize(
    ("given", "taken"), [(1, True), (1.0, True), (5.0, True), (0.999, False), (5.001, False), (float("nan"), False), (None, False)]
)
def test_numbers(given, taken):
    assert values(NUMBER, given) == ([float(given)] if taken else [])


def test_names():
    assert values(NAME, "x") == ["x"]
    assert values(NAME, 1) == []


def test_right_values_of_a_table_are_kept_and_the_others_noted():
    problems = Problems()
    good = limits(Design)["friction"].low
    assert checked(Design, {"friction": good, "primary": "x", "frictoin": 1.0}, "design", problems) == {"friction": good}
    assert len(problems.lines) == 2
    assert "did you mean 'friction'" in problems.lines[1]
    assert checked(Design, 3, "design", problems) == {}
    assert len(problems.lines) == 3
