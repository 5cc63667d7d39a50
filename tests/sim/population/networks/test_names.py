"""Names of members."""

from __future__ import annotations

import pytest

from sim.errors import BadInput
from sim.population.networks.names import in_order, is_missing, label, twins


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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1", "1.0"),
        ("2", "2,00"),
        ("1.0", "1.00"),
        ("100000", "1e5"),
        ("ada@x.org", "Ada@X.org"),
        ("ada@x.org", "Ada Lo <ada@x.org>"),
        ("A <ada@x.org>", "Ada Lo <ada@x.org>"),
        ("ada@x.org", "mailto:ada@x.org"),
    ],
)
def test_one_number_or_address_in_two_forms_is_refused(one, other):
    with pytest.raises(BadInput, match=r"^net must write each member in one way \(got '.*' and '.*'\)$") as caught:
        twins("net", [other, one, "x"])
    assert repr(one) in str(caught.value)
    assert repr(other) in str(caught.value)


@pytest.mark.parametrize(
    ("one", "other"), [("Ada", "ada"), ("Jose\u0301", "Jos\u00e9"), ("A B", "A\u00a0B"), ("A  B", "A B"), ("007", "7"), ("-0", "0")]
)
def test_names_that_differ_little_are_members_of_their_own_and_this_is_said(one, other):
    first, second = sorted((one, other))
    said = f"names that differ in case, blanks, zeros or form alone are members of their own: {first!r} and {second!r}"
    assert twins("net", [one, other, "x"]) == [said]
    assert twins("net", [one, other, "X", "x"])[0].endswith("and 1 more")


def test_names_that_differ_are_no_twins():
    assert twins("net", ["1", "2.0", "1E5", "ada@x.org", "ada@y.org", "Ada <ada@z.org>", "@ada", "ada", "1.2.3", "9" * 200]) == []
