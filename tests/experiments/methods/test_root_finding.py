"""Roots of curves that are known, found through noise: an interval covers as often as it says."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.methods import root_finding

CURVES = {
    "a line": (lambda x: 0.02 * (x - 2.3), 2.3, 0.02),
    "saturating": (lambda x: 0.05 * np.tanh(x - 2.3), 2.3, 0.02),
    "bent": (lambda x: 0.01 * (x - 2.3) * (x + 1.0), 2.3, 0.03),
    "exponential": (lambda x: 0.05 * (1.0 - np.exp(-(x - 1.2))), 1.2, 0.03),
}


def seen(curve, noise, seed):
    rng = np.random.default_rng(seed)
    return lambda x: curve(x) + noise * rng.standard_normal(len(x))


def coverage(name, repeats):
    curve, truth, noise = CURVES[name]
    found = [root_finding.find_root(seen(curve, noise, k), 0.0, 6.0) for k in range(repeats)]
    assert np.mean([r.found for r in found]) > 0.97
    return np.mean([r.low <= truth <= r.high for r in found])


@pytest.mark.parametrize("name", CURVES)
def test_the_interval_of_a_root_covers_it(name):
    assert 0.90 <= coverage(name, 200) <= 0.99


@pytest.mark.slow
@pytest.mark.parametrize("name", CURVES)
def test_the_interval_of_a_root_covers_it_95_times_of_a_hundred(name):
    assert 0.93 <= coverage(name, 3000) <= 0.97


def kinds(curve, noise, repeats):
    found = [root_finding.find_root(seen(curve, noise, k), 0.0, 6.0) for k in range(repeats)]
    return found, {kind: np.mean([r.kind == kind for r in found]) for kind in (root_finding.CHANGES, root_finding.NONE, root_finding.OPEN)}


@pytest.mark.parametrize("end", [5.4, 5.9, 0.05])
def test_a_root_at_the_edge_is_covered_and_never_called_no_change(end):
    found, share = kinds(lambda x: 0.02 * (x - end), 0.03, 150)
    assert share[root_finding.NONE] < 0.05
    assert np.mean([r.low <= end <= r.high for r in found if r.kind != root_finding.NONE]) > 0.9
    assert share[root_finding.OPEN] > 0.05  # what lies beyond the range may matter, and is told


@pytest.mark.parametrize("beyond", [6.3, -0.5])
def test_a_root_beyond_the_range_is_not_called_one_within(beyond):
    _, share = kinds(lambda x: 0.02 * (x - beyond), 0.03, 150)
    assert share[root_finding.CHANGES] < 0.09


@pytest.mark.slow
@pytest.mark.parametrize("beyond", [6.3, -0.5])
def test_a_root_beyond_the_range_is_called_one_within_at_most_five_times_of_a_hundred(beyond):
    _, share = kinds(lambda x: 0.02 * (x - beyond), 0.03, 2000)
    assert share[root_finding.CHANGES] < 0.05


def test_where_nothing_differs_nothing_is_called():
    found, share = kinds(lambda x: 0.0 * x, 1.0, 150)
    assert share[root_finding.CHANGES] < 0.11  # of either sign: 5% each way are what three looks at 95% may give
    assert share[root_finding.NONE] < 0.05
    assert all(len(r.x) == 100 for r in found if r.kind == root_finding.OPEN)  # all that was allowed was spent on it
    exact = root_finding.find_root(lambda x: 0.0 * x, 0.0, 6.0)
    assert exact.kind == root_finding.OPEN


def test_a_curve_that_touches_zero_does_not_change_its_sign():
    _, share = kinds(lambda x: 0.02 * (x - 3.0) ** 2, 0.02, 150)
    assert share[root_finding.CHANGES] < 0.11


def test_where_there_is_no_root_there_is_none_and_the_sign_is_told():
    found = root_finding.find_root(seen(lambda x: 1.0 + 0.1 * x, 0.1, 1), 0.0, 6.0)
    assert found.kind == root_finding.NONE
    assert found.sign == 1
    assert len(found.x) == 30  # nothing is spent on looking closer


def test_whole_numbers_are_looked_at_where_they_are():
    asked = []

    def steps(x):
        asked.extend(x)
        return 0.5 * (x - 4.6) + 0.3 * np.random.default_rng(len(x)).standard_normal(len(x))

    found = root_finding.find_root(steps, 0.0, 8.0, whole=True)
    assert set(asked) <= set(range(9))
    assert found.low <= 4.6 <= found.high
    assert found.high - found.low < 1.0


def test_how_many_closer_points_there_may_be_is_asked_once_the_first_are_seen():
    planned = []
    found = root_finding.find_root(seen(*CURVES["a line"][::2], 1), 0.0, 6.0, more=lambda count: planned.append(count) or 15)
    assert planned == [70]
    assert len(found.x) == 45


def test_where_everything_fails_nothing_is_decided():
    assert root_finding.find_root(lambda x: np.full(len(x), np.nan), 0.0, 6.0).kind == root_finding.OPEN


def test_of_several_roots_the_nearest_is_taken_and_the_others_are_counted():
    found = root_finding.find_root(seen(lambda x: (x - 1.0) * (x - 3.0) * (x - 5.0), 0.2, 2), 0.0, 6.0, near=4.6)
    assert found.low <= 5.0 <= found.high
    assert found.others == 2


def test_failed_points_are_left_out():
    def half(x):
        y = 0.02 * (x - 2.3)
        y[::2] = np.nan
        return y

    found = root_finding.find_root(half, 0.0, 6.0)
    assert found.root == pytest.approx(2.3, abs=1e-6)
    assert len(found.x) == 50
