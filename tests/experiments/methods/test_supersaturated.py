"""Fewer points than factors: those that move something are found, and those that do not are not."""

from __future__ import annotations

import numpy as np

from experiments.methods.supersaturated import screened

POINTS, FACTORS = 200, 400


def seen(seed, slopes):
    rng = np.random.default_rng(seed)
    unit = rng.random((POINTS, FACTORS))
    y = rng.normal(size=(POINTS, 5))
    for (column, factor), slope in slopes.items():
        y[:, column] += slope * (unit[:, factor] - 0.5) * np.sqrt(12.0)
    return unit, y


def test_what_moves_a_column_is_found_with_its_share_and_nothing_else():
    unit, y = seen(1, {(0, 7): 2.0, (1, 300): 1.0})
    found = screened(unit, y, 1)
    assert np.flatnonzero(found.found).tolist() == [7, 300]
    assert found.column[[7, 300]].tolist() == [0, 1]
    assert abs(found.share[7] - 0.8) < 0.1
    assert abs(found.share[300] - 0.5) < 0.15
    assert found.share[~found.found].max() < found.chance < 0.2


def test_what_a_larger_one_hides_is_found_once_that_is_taken_out():
    unit, y = seen(2, {(3, 20): 6.0, (3, 21): 1.0})
    alone = np.corrcoef(unit[:, 21], y[:, 3])[0, 1] ** 2
    found = screened(unit, y, 1)
    assert found.found[[20, 21]].all()
    assert alone < found.chance < found.share[21]  # by itself it would not have been seen


def test_where_nothing_moves_anything_hardly_ever_is_something_found():
    false = [screened(*seen(seed, {}), 1).found.any() for seed in range(20)]
    assert sum(false) <= 3


def test_a_column_that_never_varies_is_moved_by_nothing():
    unit, _ = seen(3, {})
    found = screened(unit, np.ones((POINTS, 2)), 1)
    assert not found.found.any()
    assert (found.share == 0.0).all()
