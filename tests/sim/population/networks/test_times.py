"""Dates and times: known answers, both sides of each bound, and what is no time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sim.population.networks import times
from sim.population.networks.times import in_words, is_shortened, kind_of, number, read_time, span

NOON = datetime(2024, 2, 5, 12, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    "cell",
    [
        "2024-02-05T12:00:00",
        "2024-02-05 12:00",
        "2024-02-05T12:00:00Z",
        "2024-02-05 12:00:00 UTC",
        "2024-02-05 12:00:00 GMT",
        "2024-02-05T12:00:00.000",
        "2024-02-05T14:00:00+02:00",
        "2024-02-05 14:00:00 +0200",
        "2024/02/05 12:00",
        "20240205T120000",
        "Mon, 05 Feb 2024 12:00:00 +0000",
        "5 Feb 2024 12:00:00 GMT",
        "Mon, 5 Feb 2024 07:00:00 EST",
        "Mon, 5 Feb 2024 05:00:00 -0700 (MST)",
        "2024-W06-1T12:00",
    ],
)
def test_one_moment_in_many_words(cell):
    assert in_words(cell) == NOON
    assert kind_of([cell, cell]) == times.WORDS


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "noon",
        "2/5/2024",
        "05.02.2024",
        "2024",
        "2024-02-30",
        "12:00",
        "Mon, 05 Feb 2024 12:00:00 CEST",
        "05 Feb 24 12:00:00 GMT",
        "2024-2-5",
        "nan",
    ],
)
def test_what_is_no_date_in_words(cell):
    assert in_words(cell) is None
    assert kind_of([cell]) not in times.CLEAR


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["631152000", "2208988799"], times.SECONDS),
        (["631151999", "700000000"], times.NUMBERS),
        (["2208988800"], times.NUMBERS),
        (["631152000000", "2208988799999"], times.MILLISECONDS),
        (["631151999999"], times.NUMBERS),
        (["700000000", "700000000000"], times.NUMBERS),
        (["1700000000.25"], times.SECONDS),
        (["19900101", "20391231"], times.DATES),
        (["19891231"], times.NUMBERS),
        (["20400101"], times.NUMBERS),
        (["20240230"], times.NUMBERS),
        (["20240205", "5"], times.NUMBERS),
        (["45321.5", "45322"], times.SERIAL),
        (["32873"], times.NUMBERS),
        (["51136"], times.NUMBERS),
        (["51135"], times.SERIAL),
        (["1", "x"], None),
        (["x"], None),
        ([], None),
        (["1,5", "2,0"], times.NUMBERS),
        (["1e3"], times.NUMBERS),
        (["1_000"], None),
        (["inf"], None),
        (["1e999"], None),
        (["2024-02-05", "1700000000"], None),
    ],
)
def test_what_a_column_holds_is_said_by_all_of_it(cells, kind):
    assert kind_of(cells) == kind


def test_a_cell_is_read_as_its_column_is():
    assert read_time("1707134400", times.SECONDS) == NOON
    assert read_time("1707134400000", times.MILLISECONDS) == NOON
    assert read_time("20240205", times.DATES) == NOON - 43_200
    assert read_time("-5", times.NUMBERS) == -5.0
    assert read_time("1e12", times.NUMBERS) is None
    assert read_time("x", times.SECONDS) is None


def test_numbers_may_have_a_decimal_comma():
    assert [number(cell) for cell in ("1,5", "-2", ".5", "3.", "1,000,000", "", "a")] == [1.5, -2.0, 0.5, 3.0, None, None, None]


def test_dates_with_hours_as_numbers_are_no_seconds():
    assert kind_of(["2024020510", "2024020612"]) == times.NUMBERS
    assert kind_of(["2024020510", "2024020624"]) == times.SECONDS  # there is no hour 24
    assert kind_of(["1700000000", "1700000100"]) == times.SECONDS


@pytest.mark.parametrize(
    ("cell", "cut"), [("1.23457E+11", True), ("1,7E+09", True), ("1.5e+1", False), ("1.25E+2", False), ("1E+05", False)]
)
def test_a_number_is_cut_if_digits_are_missing(cell, cut):
    assert is_shortened(cell) == cut


def test_a_span_is_said_in_words():
    assert span(NOON, NOON + 86400.5, times.SECONDS) == "2024-02-05 12:00:00 to 2024-02-06 12:00:00 UTC"
    assert span(-60.0, 90.5, times.NUMBERS) == "from -60 to 90.5"
    assert span(in_words("1650-02-05"), in_words("1651-02-05"), times.WORDS) == "1650-02-05 00:00:00 to 1651-02-05 00:00:00 UTC"


def test_a_long_cell_is_no_date_and_takes_no_time():
    assert in_words("2024-02-05 " + " " * 100_000 + "x") is None
