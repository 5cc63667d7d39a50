"""Names of members."""

from __future__ import annotations

import pytest

from sim.errors import BadInput
from sim.population.networks.names import in_order, is_missing, label


@pytest.mark.parametrize("text", ["Nan", "Infinity", "-1", "0", "None", "NA", "#1", "é", "李", "a\u00a0b", "a\u200db", "x" * 200])
def test_any_text_is_a_name(text):
    assert label("net.csv", "line 1", text) == text


@pytest.mark.parametrize("text", ["", "x" * 201, "a\nb", "a\x00b", "\u2028", "\ud800"])
def test_what_cannot_be_printed_is_none(text):
    with pytest.raises(BadInput, match=r"net\.csv: line 1 must have a printable member name of 1 to 200 characters"):
        label("net.csv", "line 1", text)


def test_whole_numbers_are_ordered_as_numbers():
    assert in_order(["10", "9", "-3", str(2**90), "09"]) == ["-3", "09", "9", "10", str(2**90)]
    assert in_order(["10", "9", "x"]) == ["10", "9", "x"]
    assert in_order(["10", "9", "1.5"]) == ["1.5", "10", "9"]
    assert in_order(["٣", "10"]) == ["10", "٣"]


def test_what_is_missing():
    assert all(map(is_missing, [None, float("nan"), "", " ", "NaN", "na", "None", "NULL", "<NA>"]))
    assert not any(map(is_missing, [0, False, "0", "Nancy", "none of these", float("inf")]))
