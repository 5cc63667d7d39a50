"""The search for a front whose place is known."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.methods import nsga2


def test_a_known_front_is_found():
    pytest.importorskip("pymoo")

    def goals(x):  # two parabolas: the front is where x0 is between 0 and 2 and x1 is 0
        return np.column_stack([x[:, 0] ** 2 + x[:, 1] ** 2, (x[:, 0] - 2.0) ** 2 + x[:, 1] ** 2])

    def searched(generations):
        search = nsga2.Search(goals, [(-5.0, 5.0), (-5.0, 5.0)], 24, 1, np.array([[4.0, 4.0]]))
        for _ in range(generations):
            search.step()
        return search.tried

    tried, found = searched(25)
    assert len(tried) == 24 * 25
    assert (searched(3)[0] == tried[: 3 * 24]).all()  # whoever searches on keeps what was tried
    assert (tried[0] == [4.0, 4.0]).all()
    best = tried[nsga2.front(found)]
    assert (np.abs(best[:, 1]) < 0.3).all()
    assert best[:, 0].min() < 0.3
    assert best[:, 0].max() > 1.7


def test_the_front_is_what_nothing_beats():
    goals = np.array([[1.0, 3.0], [2.0, 2.0], [3.0, 1.0], [3.0, 3.0], [2.0, 2.0], [np.nan, 0.0]])
    assert list(nsga2.front(goals)) == [0, 1, 2, 4]


@pytest.mark.parametrize(
    ("goals", "expected"),
    [
        ([[1.0, 1.0], [1.0, 1.0]], [0, 1]),  # neither beats the other
        ([[1.0, 1.0], [1.0, 2.0]], [0]),  # as good and better beats
        ([[2.0, 1.0], [1.0, 1.0]], [1]),
        ([[1.0, np.nan], [2.0, 2.0]], [1]),
        ([[1.0, np.inf], [2.0, 2.0]], [1]),
        ([[3.0, 0.0], [2.0, 1.0], [0.0, 3.0], [2.0, 2.0]], [0, 1, 2]),
    ],
)
def test_fronts_of_few_settings(goals, expected):
    assert list(nsga2.front(np.array(goals))) == expected


def test_a_search_begins_where_it_is_told_and_within_bounds_and_forgets_no_failure():
    pytest.importorskip("pymoo")

    def goals(x):
        found = np.column_stack([x[:, 0], -x[:, 0]])
        found[x[:, 1] > 15.0] = np.nan
        return found

    start = np.array([[1.0, 11.0], [2.0, 12.0]])
    search = nsga2.Search(goals, [(0.0, 4.0), (10.0, 20.0)], 8, 3, start)
    search.step()
    tried, found = search.tried
    assert (tried.shape, found.shape) == ((8, 2), (8, 2))
    assert (tried[:2] == start).all()
    drawn = np.random.default_rng(3).random((6, 2)) * [4.0, 10.0] + [0.0, 10.0]
    assert tried[2:] == pytest.approx(drawn)
    search.step()
    tried, found = search.tried
    assert len(tried) == 16
    assert ((tried >= [0.0, 10.0]) & (tried <= [4.0, 20.0])).all()
    assert np.isnan(found[tried[:, 1] > 15.0]).all()
    assert found[tried[:, 1] <= 15.0, 0] == pytest.approx(tried[tried[:, 1] <= 15.0, 0])


def test_a_start_larger_than_a_generation_is_cut():
    pytest.importorskip("pymoo")
    start = np.column_stack([np.linspace(0.0, 1.0, 9), np.zeros(9)])
    search = nsga2.Search(lambda x: x, [(0.0, 1.0), (0.0, 1.0)], 4, 1, start)
    search.step()
    assert (search.tried[0] == start[:4]).all()
