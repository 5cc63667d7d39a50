"""Numbers and names as reports write them."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from experiments.reporting.text import (
    amount,
    change,
    counted,
    decimals,
    difference,
    figure,
    interval_parts,
    listed,
    named,
    per_cent,
    places_of,
    started,
    too_small,
    with_interval,
)


@pytest.mark.parametrize(
    ("x", "unit", "told"),
    [
        (0.1234, "share", "12.3%"),
        (1.0, "share", "100.0%"),
        (math.nan, "share", "undefined"),
        (math.inf, "items", "undefined"),
        (1.2345, "items", "1.23"),
        (99.94, "items", "99.9"),
        (100.0, "items", "100"),
        (12345.6, "items", "12,346"),
        (-0.5, "items", "-0.5"),
    ],
)
def test_a_figure_has_its_unit(x, unit, told):
    assert figure(x, unit) == told


@pytest.mark.parametrize(
    ("low", "high", "places"),
    [
        (-0.05, 0.16, 2),  # 0.21 wide
        (3.04, 3.25, 2),
        (-1.0, 8.9, 1),  # 9.9 wide
        (1.0, 11.0, 0),  # 10 wide
        (-400.0, 500.0, 0),
        (0.047, 0.053, 4),  # 0.006 wide
        (0.001, 0.301, 3),  # a bound beside zero is not written as zero
        (-0.004, 0.3, 3),
        (0.0, 0.3, 2),  # a bound at zero is
        (0.0, 1e-12, 6),
        (1.0, 1.0, None),
        (math.nan, 1.0, None),
        (-math.inf, 1.0, None),
    ],
)
def test_digits_follow_the_width_of_the_interval(low, high, places):
    assert decimals(low, high) == places


def test_a_change_of_a_share_is_in_points():
    row = {"difference": 0.0123, "ci_low": -0.01, "ci_high": 0.02}
    assert change(pd.Series({**row, "unit": "share"})) == "+1.2 points (95% confidence interval -1.0 to +2.0)"
    assert change(pd.Series({**row, "unit": "share"}), of="") == "+1.2 points (-1.0 to +2.0)"
    assert change(pd.Series({**row, "unit": "items"})) == "+0.012 (95% confidence interval -0.010 to +0.020)"
    assert difference(pd.Series({**row, "unit": "items"})) == "+0.012"


def test_what_is_no_interval_is_not_written_as_one():
    assert with_interval(0.05, 0.05, 0.05, unit=" points") == "+0.05 points (the same in every pair)"
    assert with_interval(-0.7 / 9, -0.7 / 9 - 1e-16, -0.7 / 9 + 1e-16) == "-0.0778 (the same in every pair)"  # but for rounding
    assert with_interval(1.0, 1.0 - 6e-10, 1.0 + 6e-10) != with_interval(1.0, 1.0 - 4e-10, 1.0 + 4e-10) == "+1 (the same in every pair)"
    assert with_interval(0.05, math.nan, math.nan) == "+0.05 (no interval)"
    assert with_interval(math.nan, 0.0, 1.0) == "undefined"
    assert with_interval(17.0, 16.0, 18.0, sign="", of="") == "17.0 (16.0 to 18.0)"
    assert with_interval(-0.001, -20.0, 20.0, of="") == "+0 (-20 to +20)"  # zero has no sign
    assert interval_parts(-0.001, -20.0, 20.0, of="") == ("+0", "-20 to +20")
    assert interval_parts(math.nan, 0.0, 1.0) == ("undefined", "")


@pytest.mark.parametrize(
    ("unit", "reference", "told"),
    [("items", 2.0, "+5.0%"), ("share", 0.5, "+10.0 points"), ("items", 0.0, "+0.100"), ("items", -2.0, "+5.0%")],
)
def test_a_size_is_in_per_cent_of_the_control_but_for_shares(unit, reference, told):
    row = pd.Series({"unit": unit, "difference": 0.1, "ci_low": 0.09, "ci_high": 0.11, "mean_reference": reference})
    assert per_cent(row) == told


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (0.0999, 0.1001, "+5.0%"),  # four decimals could be told, one is enough
        (0.08, 0.12, "+5.0%"),  # 4.0% to 6.0%
        (-0.3, 0.5, "+5%"),  # 40 of a hundred wide
        (0.1, 0.1, "+5%"),  # no width says how exact it is
    ],
)
def test_per_cent_have_one_decimal_at_most(low, high, told):
    row = pd.Series({"unit": "items", "difference": 0.1, "ci_low": low, "ci_high": high, "mean_reference": 2.0})
    assert per_cent(row) == told


@pytest.mark.parametrize(("unit", "places"), [("share", 0), ("items", 2)])
def test_digits_of_a_row_are_those_of_what_is_written(unit, places):
    """0.2 wide, or 20 points."""
    assert places_of(pd.Series({"unit": unit, "ci_low": 0.1, "ci_high": 0.3})) == places


def test_of_fewer_than_fifty_members_nothing_is_concluded():
    assert too_small(50) == ""
    assert too_small(49) == (
        "Nothing can be concluded from a network of 49 members: what one of them happens to do moves every figure. "
        "Take 50 or more (the limit is an assumption)."
    )
    assert "of 1 member:" in too_small(1)


def test_amounts_and_counts_are_english():
    assert (amount(0.005, "share"), amount(0.02, "items")) == ("0.5 points", "0.02")
    assert (counted(1, "statement"), counted(2, "statement"), counted(0, "box", "boxes")) == ("1 statement", "2 statements", "0 boxes")


def test_a_figure_takes_the_digits_of_its_interval():
    assert (figure(0.17581, "share", 2), figure(52.346, "items", 1), figure(1234.5, "items", 0)) == ("17.58%", "52.3", "1,234")


def test_names_are_listed_as_in_a_sentence():
    assert [listed(list("abc")[:n]) for n in (1, 2, 3)] == ["a", "a and b", "a, b and c"]


def test_an_arm_is_called_as_readers_call_it():
    assert (named("message_first"), started("message_first")) == ("message-first", "Message-first")
