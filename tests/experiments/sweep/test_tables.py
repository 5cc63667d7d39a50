"""A sweep's tables, from a study whose runs are made up: a row a run, what failed, and cells that no spreadsheet computes."""

from __future__ import annotations

import csv
from types import SimpleNamespace

import pandas as pd
import pytest

from experiments.comparison.result import RUN_COLUMNS, SUMMARY_COLUMNS
from experiments.reporting.text import too_small
from experiments.runs.record import Record
from experiments.runs.study import Point, State
from experiments.sweep.tables import FAILURES, RUNS, SUMMARY, few_members, points_table, write_tables
from sim import load_scenario
from sim.results.measures import MEASURES, PRIMARY

POINTS = [Point(1, {"reply.base": -2.0}), Point(2, {"reply.base": -1.0}), Point(3, {"reply.base": 0.0})]
ARMS = ["base", "=a"]


def pair(one, other):
    return {arm: Record({PRIMARY: (1.0, 2.0, x)}, {}, {}) for arm, x in zip(ARMS, (one, other), strict=True)}


class Made:
    """A study: of the first point both pairs are there, of the second one, of the third none."""

    request = SimpleNamespace(catalogue=MEASURES)

    def __init__(self, failed):
        self.failed = failed

    def records(self, _points, _pairs):
        yield [pair(0.1, 0.2), pair(0.3, 0.6)]
        yield [None, pair(0.1, None)]
        yield [None, None]

    def state(self, _points, _pairs):
        return State(3, self.failed, 12)

    def seeds(self, point, r):
        return (10 * point.number, r)


def written(folder, failed):
    sweep = SimpleNamespace(arms=dict.fromkeys(ARMS), pairs=2, reference="base", catalogue=MEASURES)
    return write_tables(sweep, Made(failed), POINTS, folder)


def test_points_have_a_row_each_with_their_values():
    assert points_table(POINTS).to_dict("list") == {"point": [1, 2, 3], "reply.base": [-2.0, -1.0, 0.0]}
    in_worlds = [Point(one.number, {"reply.load": -1.0} | one[1]) for one in POINTS]
    assert points_table(in_worlds, ["reply.base"]).to_dict("list") == points_table(POINTS).to_dict("list")


def test_each_run_of_a_whole_pair_has_a_row_with_its_point_pair_and_seeds(tmp_path):
    written(tmp_path, {})
    with (tmp_path / RUNS).open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == ["point", *RUN_COLUMNS]
    assert [row[:4] for row in rows] == [["1", "1", "10", "1"]] * 2 + [["1", "2", "10", "2"]] * 2 + [["2", "2", "20", "2"]] * 2
    assert [row[-1] for row in rows] == ["0.1", "0.2", "0.3", "0.6", "0.1", ""]
    assert not any(row[4].startswith("=") for row in rows)  # as a formula begins


def test_the_summary_has_the_points_in_which_a_measure_is_defined_often_enough(tmp_path):
    found = written(tmp_path, {})
    assert list(found.summary.columns) == ["point", *SUMMARY_COLUMNS]
    assert found.summary.point.tolist() == [1]
    assert abs(found.summary.difference[0] - 0.2) < 1e-12
    assert len(pd.read_csv(tmp_path / SUMMARY)) == 1


def test_failures_stand_in_a_file_that_goes_when_there_are_none(tmp_path):
    assert written(tmp_path, {(2, 1, "base"): "ValueError: no luck"}).failed == {(2, 1, "base"): "ValueError: no luck"}
    assert pd.read_csv(tmp_path / FAILURES).to_dict("records") == [{"point": 2, "pair": 1, "arm": "base", "error": "ValueError: no luck"}]
    written(tmp_path, {})
    assert not (tmp_path / FAILURES).exists()


@pytest.mark.parametrize(
    ("members", "lowest", "few"), [(49, {}, 49), (50, {}, 0), (49, {"members": 50.0}, 0), (500, {"members": 49.0}, 49)]
)
def test_of_few_members_it_is_said_that_nothing_follows(members, lowest, few):
    scenario = load_scenario(members=members)
    assert few_members(scenario, {"reply.base": -3.0} | lowest) == ([too_small(few)] if few else [])
