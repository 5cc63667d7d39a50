"""Draws given a number, where it is known how the others go with it."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.methods.conditioned import conditioned, reach


def draws(many, seed=1, rho=0.8):
    """Return three numbers: the second goes with the first, the third with nothing."""
    rng = np.random.default_rng(seed)
    first, own, third = rng.normal(size=(3, many))
    return np.column_stack([first, rho * first + np.sqrt(1.0 - rho**2) * own, third])


@pytest.mark.parametrize("at", [0.0, 1.0])
def test_what_goes_with_a_given_number_goes_along(at):
    found = conditioned(draws(4000), np.array([0]), np.array([at]))
    assert (found.z[:, 0] == at).all()
    assert found.z[:, 1].mean() == pytest.approx(0.8 * at, abs=0.04)
    assert found.z[:, 1].std() == pytest.approx(0.6, abs=0.04)
    assert (found.z[:, 2].mean(), found.z[:, 2].std()) == (pytest.approx(0.0, abs=0.06), pytest.approx(1.0, abs=0.05))


def test_with_forty_draws_enough_are_near_in_the_middle_fewer_at_the_edge_and_none_beyond():
    near = {at: np.mean([len(conditioned(draws(40, k), np.array([0]), np.array([at])).rows) for k in range(50)]) for at in (0.0, 1.0, 9.0)}
    assert 20 < near[0.0] < 30
    assert 10 < near[1.0] < 20
    assert near[9.0] == 0


def test_two_given_numbers_have_fewer_draws_near():
    z = draws(400)
    one, two = (len(conditioned(z, np.array(places), np.zeros(len(places))).rows) for places in ([0], [0, 2]))
    assert two < one
    assert reach(40, 1) > reach(400, 1)
    assert reach(40, 1) == pytest.approx(1.7401 * 1.0592 * 40**-0.2, rel=1e-3)


def test_draws_of_which_too_few_are_near_for_a_slope_are_not_moved_otherwise():
    z = np.array([[0.0, 5.0], [0.1, 6.0], [50.0, 7.0], [-50.0, 7.0]])
    found = conditioned(z, np.array([0]), np.array([0.05]))
    assert found.rows.tolist() == [0, 1]
    assert found.z.tolist() == [[0.05, 5.0], [0.05, 6.0]]


def test_a_number_that_never_varies_is_near_where_it_is():
    z = np.column_stack([np.full(10, 2.0), np.arange(10.0)])
    assert len(conditioned(z, np.array([0]), np.array([2.0])).rows) == 10
    assert len(conditioned(z, np.array([0]), np.array([9.0])).rows) == 0
