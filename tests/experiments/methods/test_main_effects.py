"""First-order indices where they are known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import qmc

from experiments.methods.main_effects import by_chance, first_order

NUMBERS = 20


def sample(draws=512, seed=1):
    return qmc.Sobol(NUMBERS, seed=np.random.default_rng(seed)).random(draws)


def test_indices_are_those_that_can_be_worked_out():
    u = sample()
    x = (u - 0.5) * np.sqrt(12.0)
    bend = (x[:, 2] ** 2 - 1.0) / np.sqrt(0.8)  # of variance 1
    y = np.column_stack([2.0 * x[:, 0] + x[:, 1], bend, x[:, 0] * x[:, 1], np.ones(len(u))])
    found = first_order(u, y)
    assert found[0, :3] == pytest.approx([0.8, 0.2, 0.0], abs=0.02)
    assert found[1, :3] == pytest.approx([0.0, 0.0, 1.0], abs=0.02)
    assert np.abs(found[2]).max() < 0.05  # all of it is interaction
    assert (found[3] == 0.0).all()


def test_numbers_that_do_nothing_get_nothing_on_average_though_one_number_does_almost_all():
    u, rng = sample(), np.random.default_rng(3)
    y = (u[:, [4]] + 0.05 * rng.normal(size=(512, 50))) + 0.3 * rng.normal(size=(512, 50))
    rest = np.delete(first_order(u, y), 4, axis=1)
    assert abs(rest.mean()) < 0.0005  # squares that are not corrected are 0.002 on average
    assert rest.max() < 0.05


def test_what_two_numbers_share_by_chance_is_not_counted_twice():
    u = np.random.default_rng(5).random((100, 3))
    u[:, 1] = 0.5 * u[:, 0] + 0.5 * u[:, 1]
    found = first_order(u, u[:, [0]])
    assert found[0, 1] == pytest.approx(0.0, abs=1e-9)


def test_chance_gives_less_with_more_draws_and_is_exceeded_by_what_is_there():
    rng = np.random.default_rng(7)
    small, large = (by_chance(u, rng.normal(size=(len(u), 10)), rng) for u in (sample(128), sample(1024)))
    assert 0.0 < large < 0.1 < small < 0.5
    u = sample(128)
    assert first_order(u, u[:, [0]] + 0.3 * rng.normal(size=(128, 1)))[0, 0] > small


def test_few_draws_have_slopes_alone_and_fewer_say_nothing():
    u = sample(64)
    assert first_order(u, u[:, [0]])[0, 0] == pytest.approx(1.0, abs=0.06)
    with pytest.raises(ValueError, match="32 draws are too few for 20 numbers"):
        first_order(u[:32], u[:32, [0]])


def test_a_number_with_two_values_has_its_index_and_takes_none_from_chance():
    """Its bend is a constant: with that left in, the index of a column far from 0 would be of any size, and chance as large."""
    u, rng = sample(), np.random.default_rng(8)
    u[:, 3] = np.where(u[:, 3] < 0.5, 0.25, 0.75)
    y = np.column_stack([4.0 * u[:, 3] + 100.0, u[:, 3] + u[:, 5], rng.normal(size=512) - 50.0])
    found = first_order(u, y)
    assert found[0, 3] == pytest.approx(1.0, abs=1e-6)
    assert found[1, [3, 5]] == pytest.approx([(1 / 16) / (1 / 16 + 1 / 12), (1 / 12) / (1 / 16 + 1 / 12)], abs=0.02)
    assert np.abs(found[2]).max() < 0.1
    assert by_chance(u, y, rng) < 0.1
