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
