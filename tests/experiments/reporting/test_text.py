"""Numbers and names as reports write them."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from experiments.reporting.text import change, figure, listed, named, started


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


def test_a_change_of_a_share_is_in_points():
    row = {"difference": 0.0123, "ci_low": -0.01, "ci_high": 0.02}
    assert change(pd.Series({**row, "unit": "share"})) == "+1.23 points (95% confidence interval -1.00 to +2.00)"
    assert change(pd.Series({**row, "unit": "share"}), of="") == "+1.23 points (-1.00 to +2.00)"
    assert change(pd.Series({**row, "unit": "items"})) == "+0.01 (95% confidence interval -0.01 to +0.02)"


def test_names_are_listed_as_in_a_sentence():
    assert [listed(list("abc")[:n]) for n in (1, 2, 3)] == ["a", "a and b", "a, b and c"]


def test_an_arm_is_called_as_readers_call_it():
    assert (named("message_first"), started("message_first")) == ("message-first", "Message-first")
