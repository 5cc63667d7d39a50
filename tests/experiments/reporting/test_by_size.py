"""A measure at growing sizes: rows come back from the table as they went in, and words tell shares in per cent."""

from __future__ import annotations

import io
import math

import pandas as pd
import pytest

from experiments.methods.size_laws import LEVEL, RELATIVE, AtSize, verdict_of
from experiments.reporting.by_size import course, rows_of, said, table_of, told_of, unit_of
from sim.results.measures import MEASURES

SIZES = (500, 1000, 2000, 5000, 10_000)
SHARE, NUMBER = MEASURES["intent_success"], MEASURES["partners"]
ARMS = ("connect_first", "message_first")


def rows(relative, level=0.2, half=0.002):
    return [
        AtSize(n, 8, (level, level - half, level + half), (0.01, 0.005, 0.015), (relative(n), relative(n) - half, relative(n) + half))
        for n in SIZES
    ]


def test_rows_come_back_from_the_table_as_they_went_in():
    seen = {"partners": rows(lambda n: 0.1), "intent_success": rows(lambda n: 0.1 - 20.0 / n)}
    there = pd.read_csv(io.StringIO(table_of(seen).sample(frac=1.0, random_state=1).to_csv(index=False)))
    assert rows_of(there, "intent_success") == seen["intent_success"]
    assert rows_of(there, "retention") == []


@pytest.mark.parametrize(
    ("measure", "what", "unit"),
    [(SHARE, LEVEL, (100.0, "%")), (SHARE, "difference", (100.0, " points")), (SHARE, RELATIVE, (100.0, "%")), (NUMBER, LEVEL, (1.0, ""))],
)
def test_units(measure, what, unit):
    assert unit_of(measure, what) == unit


def test_the_course_goes_from_the_smallest_to_the_largest():
    assert course(SHARE, ARMS, rows(lambda n: 0.1 - 20.0 / n)) == (
        "From 500 to 10,000 members, intent success under connect-first goes from 20.00% to 20.00%, "
        "and the relative effect of message-first from +6.00% to +9.80%."
    )
    assert "from an undefined one to" in course(SHARE, ARMS, rows(lambda n: math.nan if n == 500 else 0.1))


@pytest.mark.parametrize(("own", "within", "off"), [(1000, "2.1%", "2%"), (4000, "0.53%", "0.5%")])
def test_how_far_a_size_is_from_a_limit_is_told_of_that_size(own, within, off):
    assert said(SHARE, RELATIVE, own=own, verdict=verdict_of(rows(lambda n: 0.1 - 20.0 / n), RELATIVE)) == (
        f"At {own:,} members the relative effect is within {within} of its limit, +10.00% (95% confidence interval +9.87 to +10.13) "
        f"(by a + b / members, by which it is {off} off)."
    )


def test_where_nothing_can_be_said_a_remedy_may_be_told():
    doubt = verdict_of(rows(lambda n: 0.02 * math.log10(n), half=0.02), RELATIVE)
    assert said(SHARE, RELATIVE, own=1000, verdict=doubt, remedy=" Run more.").endswith("both predict the largest size. Run more.")
    assert said(SHARE, RELATIVE, own=1000, verdict=None).endswith("it is undefined, or the same in all pairs, at some size.")


def test_undefined_figures_are_called_so():
    assert told_of(SHARE, LEVEL, (math.nan, math.nan, math.nan)) == "undefined"
    assert told_of(SHARE, LEVEL, (0.2, 0.19, 0.21), of="") == "20.0% (19.0 to 21.0)"
