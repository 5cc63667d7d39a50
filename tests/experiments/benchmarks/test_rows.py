"""Rows of the benchmark, computed by hand from what works give."""

from __future__ import annotations

import pytest

from experiments.benchmarks import works
from experiments.benchmarks.rows import CROSSING, LOAD, ROWS, WORKS, works_of

FOUND = {
    "10k": {"days": 4.0, "member_days": 4e6, "megabytes": 300.0, "generation": 1.0},
    "10k on two": {"days": 2.0, "member_days": 4e6},
    "mesa 1k": {"agents": 50.0, "columns": 0.5},
    "mesa 10k": {"agents": 90.0, "columns": 1.5},
    "100k": {"days": 6.0},
    "100k on two": {"days": 5.0},
    "compare": {"whole": 80.0, "report": 16.0},
    "first": {"whole": 66.0},
    "1m on two": {"days": 500.0, "member_days": 4e8, "megabytes": 3950.0, "generation": 20.0},
    "5m on two": {"days": 400.0, "megabytes": 15000.0},
}
VALUES = [4.0, 2.0, 100.0, 60.0, 6.0, 1.2, 80.0, 16.0, 66.0, 500.0, 3.95, 20.0, 2.5, 400.0, 15.0]


@pytest.mark.parametrize(("row", "expected"), list(zip(ROWS, VALUES, strict=True)), ids=[row.title for row in ROWS])
def test_a_row_is_computed_from_its_works_alone(row, expected):
    assert row.value({name: FOUND[name] for name in row.works}) == pytest.approx(expected)


def test_each_work_is_done_once_for_all_rows_and_every_work_is_some_rows():
    assert works_of(ROWS) == list(WORKS)
    assert works_of((ROWS[1], ROWS[0])) == ["10k", "10k on two"]
    assert all(work.arguments[0] in works.WORKS for work in (*WORKS.values(), LOAD, CROSSING))
