"""Samplers: every level once, every stratum once, a sequence that goes on, and all within bounds."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.space.samplers import Axis, grid, latin, sobol, spaced

AXES = [
    Axis("a", -2.0, 3.0),
    Axis("b", 1.0, 4.0, whole=True),
    Axis("c", 0.01, 10.0, log=True),
    Axis("d", 1.0, 1000.0, whole=True, log=True),
]


def test_a_grid_has_every_combination_and_the_last_changes_fastest():
    axes = [Axis("a", 0.0, 1.0, levels=(0.0, 1.0)), Axis("b", 1, 3, whole=True, levels=(1, 2, 3))]
    assert grid(axes) == [(0.0, 1), (0.0, 2), (0.0, 3), (1.0, 1), (1.0, 2), (1.0, 3)]


def test_levels_go_from_end_to_end_and_whole_ones_are_given_once():
    assert spaced(Axis("a", -1.0, 1.0), 5) == (-1.0, -0.5, 0.0, 0.5, 1.0)
    assert spaced(Axis("a", 0.0, 3.0, whole=True), 10) == (0, 1, 2, 3)
    assert spaced(Axis("a", 0.01, 100.0, log=True), 5) == pytest.approx((0.01, 0.1, 1.0, 10.0, 100.0))
    assert spaced(Axis("a", 0.01, 100.0, log=True), 5)[-1] == 100.0


@pytest.mark.parametrize(("few", "many"), [(1, 2), (3, 64), (64, 65), (100, 1000)])
def test_a_sobol_sequence_goes_on(few, many):
    assert sobol(AXES, many, 7)[:few] == sobol(AXES, few, 7)
    assert len(sobol(AXES, many, 7)) == many


@pytest.mark.parametrize("sampler", [sobol, latin])
def test_the_seed_says_where(sampler):
    assert sampler(AXES, 16, 1) == sampler(AXES, 16, 1)
    assert sampler(AXES, 16, 1) != sampler(AXES, 16, 2)


def test_a_latin_hypercube_meets_every_part_of_every_axis_once():
    found = np.array(latin([Axis(str(k), 0.0, 50.0) for k in range(4)], 50, 3))
    assert [sorted(np.floor(column)) for column in found.T] == [list(range(50))] * 4


def test_a_sobol_sequence_meets_every_part_of_every_axis_once_at_powers_of_two():
    found = np.array(sobol([Axis(str(k), 0.0, 64.0) for k in range(4)], 64, 3))
    assert [sorted(np.floor(column)) for column in found.T] == [list(range(64))] * 4


def test_each_whole_number_is_as_likely_as_the_next():
    column = [row[0] for row in latin([Axis("a", 2.0, 6.0, whole=True)], 100, 1)]
    assert [column.count(k) for k in range(2, 7)] == [20] * 5
    assert all(type(x) is int for x in column)


def test_a_logarithm_spreads_evenly_over_factors_of_ten():
    column = np.array(latin([Axis("a", 0.01, 100.0, log=True)], 400, 1))
    assert np.histogram(np.log10(column), 4, (-2.0, 2.0))[0].tolist() == [100] * 4


@given(
    low=st.floats(-1e6, 1e6),
    width=st.floats(1e-6, 1e6),
    whole=st.booleans(),
    log=st.booleans(),
    share=st.floats(0.0, 1.0, exclude_max=True),
)
def test_every_value_is_within_bounds(low, width, whole, log, share):
    low = math.ceil(low) if whole else low
    low = max(low, 1e-3) if log and not whole else max(low, 1) if log else low
    axis = Axis("a", low, low + (math.ceil(width) if whole else width), whole, log)
    (found,) = axis.at(np.array([share]))
    assert axis.low <= found <= axis.high
    assert not whole or type(found) is int


def test_points_are_not_repeated():
    for sampler in (sobol, latin):
        rows = sampler([Axis("a", 0.0, 1.0), Axis("b", 0.0, 1.0)], 500, 1)
        assert all(one != other for one, other in itertools.pairwise(sorted(rows)))
