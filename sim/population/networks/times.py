"""Dates and times as people write them, a whole column at a time: one row cannot tell seconds from dates or weights."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

EARLIEST, LATEST = 631_152_000, 2_208_988_800  # seconds since 1970: the years 1990 to 2039
SERIALS = 32_874, 51_136  # days since 1900 as spreadsheets count them: the same years
FURTHEST = 1e11  # seconds from any zero
LONGEST_NUMBER = 300  # digits that a float can hold
NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
COMPACT_DATE = re.compile(r"(19|20)[0-9]{6}")
ISO = re.compile(r"[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}([T ].*)?|[0-9]{8}T[0-9].*|[0-9]{4}-?W[0-9]{2}.*")
LIKE_A_DATE = re.compile(r"(?<![0-9])[0-9]{1,4}([./-])[0-9]{1,2}\1[0-9]{1,4}(?![0-9])|(?<![0-9])[0-9]{1,2}:[0-9]{2}(?![0-9])")
MONTHS = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
DATE = re.compile(  # and nothing else: addresses of machines and numbers of versions are none
    r"((19|20)[0-9]{2}([./-])[0-9]{1,2}\3[0-9]{1,2}|[0-9]{1,2}([/-])[0-9]{1,2}\4((19|20)?[0-9]{2})|[0-9]{1,2}\.[0-9]{1,2}\.(19|20)[0-9]{2})"
    rf"(,?[ T].*)?|([0-9]{{1,2}}[ -])?{MONTHS}\.?[ -]([0-9]{{1,2}},? )?(19|20)[0-9]{{2}}|[0-9]{{1,2}}:[0-9]{{2}}(:[0-9]{{2}})?",
    re.IGNORECASE,
)
YEAR = re.compile(r"(19|20)[0-9]{2}([./-](0?[1-9]|1[0-2]))?")  # or a month of it
RFC_2822 = re.compile(
    r"([A-Za-z]{3},\s*)?[0-9]{1,2}\s+[A-Za-z]{3}\s+[0-9]{4}\s+[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?\s+"
    r"([+-][0-9]{4}|UT|UTC|GMT|Z|[ECMP][SD]T)(\s*\([^()]*\))?"
)

LONGEST_DATE = 100  # characters
SHORTENED = re.compile(r"[+-]?[0-9][.,]([0-9]+)[eE]\+?([0-9]{1,3})")
STAMP = re.compile(r"(1[5-9]|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])(([01][0-9]|2[0-3])([0-5][0-9]){0,2})?")
# What programs write for a date that they do not have.
NO_DATES = frozenset(
    datetime(*day, tzinfo=UTC).timestamp() for day in ((1, 1, 1), (1899, 12, 30), (1899, 12, 31), (1900, 1, 1), (1970, 1, 1))
)

SECONDS, MILLISECONDS, DATES, WORDS = "seconds since 1970", "milliseconds since 1970", "dates as YYYYMMDD", "dates in words"
SERIAL, NUMBERS = "spreadsheet serial numbers", "seconds from any zero"
CLEAR = (SECONDS, MILLISECONDS, DATES, WORDS)  # times whatever the column is called


def number(cell: str) -> float | None:
    """Return the number that a cell is, or None; a decimal comma will do."""
    if cell.isdigit() and cell.isascii() and len(cell) < LONGEST_NUMBER:  # most are: no pattern is needed
        return float(cell)
    if NUMBER.fullmatch(cell):
        value = float(cell)
        return value if abs(value) < float("inf") else None
    return float(cell.replace(",", ".")) if DECIMAL_COMMA.fullmatch(cell) else None


def in_words(cell: str) -> float | None:
    """Return the seconds since 1970 of a date in ISO 8601 or RFC 2822, or None; without a zone it is UTC."""
    if len(cell) > LONGEST_DATE:  # patterns over long blanks take the square of their length
        return None
    if RFC_2822.fullmatch(cell):
        return _seconds(parsedate_to_datetime, cell)
    if not ISO.fullmatch(cell):
        return None
    text = re.sub(r"\s*(UTC|GMT)$", "+00:00", cell)
    text = re.sub(r"\s+([+-][0-9]{2}:?[0-9]{2})$", r"\1", text)
    return _seconds(datetime.fromisoformat, text.replace("/", "-"))


def _seconds(parse, text: str) -> float | None:
    try:
        when = parse(text)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def is_shortened(cell: str) -> bool:
    """Tell whether a spreadsheet has cut digits off a whole number: 1.23457E+11 stands for a million numbers."""
    found = SHORTENED.fullmatch(cell)
    return found is not None and len(found[1]) < int(found[2])


def is_date(cell: str) -> bool:
    """Tell whether a cell is a date or a time of day, in a form that is read or in another."""
    return DATE.fullmatch(cell) is not None or in_words(cell) is not None


def _compact(cell: str) -> float | None:
    if not COMPACT_DATE.fullmatch(cell):
        return None
    seconds = _seconds(datetime.fromisoformat, cell)
    return seconds if seconds is not None and EARLIEST <= seconds < LATEST else None


def kind_of(cells: Sequence[str]) -> str | None:
    """Return what a column of cells holds, all of them: a kind of time, other numbers, or None for anything else."""
    if not cells:
        return None
    if in_words(cells[0]) is not None:
        return WORDS if all(in_words(cell) is not None for cell in cells) else None
    if number(cells[0]) is None:
        return None
    if len(cells[0]) == len("20240205") and all(_compact(cell) is not None for cell in cells):
        return DATES
    values = []
    for cell in cells:
        value = number(cell)
        if value is None:
            return None
        values.append(value)
    low, high = min(values), max(values)
    if low >= EARLIEST and high < LATEST:
        return NUMBERS if all(map(STAMP.fullmatch, cells)) else SECONDS  # 2024020510 is an hour of 2024, hardly a second of 2034
    if low >= EARLIEST * 1000 and high < LATEST * 1000:
        return MILLISECONDS
    return SERIAL if SERIALS[0] <= low and high < SERIALS[1] else NUMBERS


def span(first: float, last: float, kind: str) -> str:
    """Return when a log begins and ends, in words."""
    if kind == NUMBERS:
        return f"from {first:.15g} to {last:.15g}"
    begin = datetime(1970, 1, 1, tzinfo=UTC)
    return (
        " to ".join((begin + timedelta(seconds=when)).isoformat(" ", "seconds").removesuffix("+00:00") for when in (first, last)) + " UTC"
    )


def read_time(cell: str, kind: str) -> float | None:
    """Return the seconds since 1970, or since any zero, that a cell of a column of this kind says; None if it says none."""
    if kind == WORDS:
        return in_words(cell)
    if kind == DATES:
        return _compact(cell)
    value = number(cell) if "," not in cell else None
    if value is None or abs(value) > FURTHEST * (1000 if kind == MILLISECONDS else 1):
        return None
    return value / 1000 if kind == MILLISECONDS else value
