"""From records to rows: known differences, what is left out, and which days are marked apart."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.comparison import tables
from experiments.comparison.result import DAILY_COLUMNS, LEVEL_COLUMNS, RUN_COLUMNS, SUMMARY_COLUMNS
from experiments.methods import paired
from experiments.runs.keys import pair_seeds
from experiments.runs.record import Record
from sim.results.measures import PRIMARY

ARMS = ["base", "a"]


def record(primary, partners=None, levels=None, daily=None):
    cells = {PRIMARY: (1.0, 2.0, primary)} | ({"partners": (1.0, 2.0, partners)} if partners is not None else {})
    return Record(cells, levels or {}, daily or {})


def pairs_of(*rows):
    return [{"base": record(*base), "a": record(*a)} for base, a in rows]


def test_every_run_has_a_row_a_measure_in_the_order_of_the_plan():
    found = tables.runs_table(pairs_of(((0.1,), (0.2,)), ((0.3,), (None,))), ARMS, seed=7)
    assert list(found.columns) == RUN_COLUMNS
    assert found.pair.tolist() == [1, 1, 2, 2]
    assert found.arm.tolist() == ["base", "a", "base", "a"]
    assert tuple(found.loc[2, ["population_seed", "seed"]]) == pair_seeds(7, 2)
    assert found.value[:3].tolist() == [0.1, 0.2, 0.3]
    assert math.isnan(found.value[3])


def test_a_known_difference_with_its_interval():
    found = tables.summary_table(pairs_of(((0.10,), (0.12,)), ((0.20,), (0.24,)), ((0.30,), (0.36,))), ARMS, "base")
    assert list(found.columns) == SUMMARY_COLUMNS
    row = found.iloc[0]
    assert (row.measure, row.arm, row.reference, row.pairs) == (PRIMARY, "a", "base", 3)
    assert (row["mean"], row.mean_reference, row.difference) == (pytest.approx(0.24), pytest.approx(0.20), pytest.approx(0.04))
    half = 4.302653 * 0.02 / math.sqrt(3)  # t of three pairs
    assert (row.ci_low, row.ci_high) == (pytest.approx(0.04 - half), pytest.approx(0.04 + half))
    assert row.ratio == pytest.approx(1.2)
    assert row.verdict == paired.NOT_DECIDED


def test_a_measure_that_only_one_pair_has_is_left_out_unless_one_is_enough():
    rows = pairs_of(((0.1, 3.0), (0.2, 4.0)), ((0.1,), (0.2,)))
    for pair in rows[1:]:
        for arm in ARMS:
            pair[arm].measures["partners"] = (None, None, None)
    assert tables.summary_table(rows, ARMS, "base").measure.tolist() == [PRIMARY]
    assert tables.summary_table(rows, ARMS, "base", least=1).measure.tolist() == [PRIMARY, "partners"]


def test_values_are_nan_where_undefined():
    found = tables.values(pairs_of(((0.1,), (None,))), "a", PRIMARY)
    assert np.isnan(found).tolist() == [True]


def test_nothing_to_contrast_is_no_row():
    assert tables.contrasts([], "a", reference="base", first=np.zeros((0, 2)), second=np.zeros((0, 2))) == []


@pytest.mark.parametrize(("there", "many", "told"), [(5, 8, True), (4, 8, False), (3, 3, True), (2, 3, False)])
def test_a_level_is_told_if_five_pairs_have_it_or_all_of_fewer(there, many, told):
    key = ("style", "seller", PRIMARY)
    rows = [
        {arm: record(0.1, levels={key: (1.0, 2.0, 0.1 * (k + 1 + n) if k < there else None)}) for n, arm in enumerate(ARMS)}
        for k in range(many)
    ]
    found = tables.levels_table(rows, ARMS, "base")
    assert list(found.columns) == LEVEL_COLUMNS
    assert found.level.tolist() == (["seller"] if told else [])
    if told:
        assert found.difference[0] == pytest.approx(0.1)


def test_days_are_warm_up_launch_and_after():
    path = {"x": np.arange(40.0)}
    found = tables.daily_table([{arm: record(0.1, daily=path) for arm in ARMS}] * 2, ARMS, warm_up=5)
    assert list(found.columns) == DAILY_COLUMNS
    one = found[found.arm == "a"]
    assert one.groupby("part", sort=False).day.agg(["min", "max"]).to_numpy().tolist() == [[0, 4], [5, 34], [35, 39]]
    assert (one["mean"] == one.ci_low).all()  # both pairs are the same
