"""Methods against functions whose answers are known, with noise added."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from experiments.methods import morris, nsga2, prim, root_finding, sobol_indices
from experiments.optional_imports import needs
from sim.errors import BadInput

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


def ishigami(x):
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def sobol_g(x, a=(0.0, 1.0, 4.5, 9.0, 99.0)):
    return np.prod([(np.abs(4.0 * x[:, k] - 2.0) + a[k]) / (1.0 + a[k]) for k in range(len(a))], axis=0)


def spread_points(count, bounds, seed=3):
    from scipy.stats import qmc

    low, high = np.array(bounds).T
    return low + (high - low) * qmc.Sobol(len(bounds), seed=seed).random(count)


def test_sobol_indices_of_ishigami_are_found_through_noise():
    pytest.importorskip("SALib")
    pytest.importorskip("sklearn")
    bounds = [(-math.pi, math.pi)] * 3
    x = spread_points(256, bounds)
    y = ishigami(x) + 0.4 * np.random.default_rng(1).standard_normal(len(x))
    model = sobol_indices.surrogate(x, y, bounds, 1)
    assert model.trusted
    assert model.noise == pytest.approx(0.16, rel=0.6)
    found = sobol_indices.indices(model, ["a", "b", "c"], 1).set_index("factor")
    for name, first, total in (("a", 0.314, 0.558), ("b", 0.442, 0.442), ("c", 0.0, 0.244)):  # Sobol and Levitan 1999
        assert found.loc[name, "first"] == pytest.approx(first, abs=0.06)
        assert found.loc[name, "total"] == pytest.approx(total, abs=0.06)
        assert found.loc[name, "total_low"] <= found.loc[name, "total"] <= found.loc[name, "total_high"]


def test_a_surrogate_that_foretells_nothing_is_not_trusted():
    pytest.importorskip("sklearn")
    bounds = [(0.0, 1.0)] * 3
    x = spread_points(64, bounds)
    model = sobol_indices.surrogate(x, np.random.default_rng(2).standard_normal(len(x)), bounds, 1)
    assert not model.trusted


def test_the_band_of_a_surrogate_is_of_the_function_not_of_a_run():
    pytest.importorskip("sklearn")
    bounds = [(0.0, 6.0)]
    x = spread_points(256, bounds)
    model = sobol_indices.surrogate(x, np.sin(x[:, 0]) + 0.5 * np.random.default_rng(3).standard_normal(len(x)), bounds, 1)
    grid = np.linspace(0.5, 5.5, 21)[:, None]
    mean, error = model.band(grid)
    assert (error < 0.25).all()
    assert np.mean(np.abs(mean - np.sin(grid[:, 0])) < 2.5 * error + 0.02) > 0.9


def test_screening_ranks_the_g_function_and_sees_through_noise():
    pytest.importorskip("SALib")
    names, bounds = list("abcde"), [(0.0, 1.0)] * 5
    plan = morris.screen(names, bounds, 20, seed=1)
    assert plan.points.shape == (20 * 6, 5)
    y = sobol_g(plan.points) + 0.02 * np.random.default_rng(1).standard_normal(len(plan.points))
    found = morris.effects(plan, y, seed=1)
    assert list(found.factor[:3]) == ["a", "b", "c"]
    assert found.factor.iloc[-1] == "e"
    assert (found.mean_absolute_low <= found.mean_absolute_effect).all()


def test_screening_of_a_line_gives_its_slopes_and_no_spread():
    pytest.importorskip("SALib")
    plan = morris.screen(["a", "b"], [(0.0, 2.0), (0.0, 1.0)], 10, seed=2)
    y = 3.0 * plan.points[:, 0] - plan.points[:, 1]
    y[3] = np.nan  # its trajectory is left out
    found = morris.effects(plan, y, seed=2).set_index("factor")
    assert found.loc["a", "mean_effect"] == pytest.approx(6.0)  # over the whole range
    assert found.loc["b", "mean_effect"] == pytest.approx(-1.0)
    assert found.loc["a", "spread"] == pytest.approx(0.0, abs=1e-9)


def test_groups_move_together():
    pytest.importorskip("SALib")
    plan = morris.screen(list("abcd"), [(0.0, 1.0)] * 4, 12, seed=3, groups=["one", "one", "two", "two"])
    assert len(plan.points) == 12 * 3
    found = morris.effects(plan, plan.points[:, 0] + plan.points[:, 1] + 0.1 * plan.points[:, 2], seed=3).set_index("factor")
    assert found.mean_absolute_effect["one"] > 3.0 * found.mean_absolute_effect["two"]


def test_a_box_is_found_and_checked_on_points_held_out():
    pytest.importorskip("ema_workbench")
    rng = np.random.default_rng(5)

    def cases(x):
        return ((x.a > 0.6) & (x.b < 0.5)).to_numpy() ^ (rng.random(len(x)) < 0.03)

    x, held = (pd.DataFrame(rng.random((n, 3)), columns=list("abc")) for n in (600, 300))
    box = prim.find_box(x, cases(x), held, cases(held))
    assert box.limits["a"][0] == pytest.approx(0.6, abs=0.08)
    assert box.limits["b"][1] == pytest.approx(0.5, abs=0.1)
    assert box.density > 0.85
    assert box.held_density > 0.8
    assert box.coverage > 0.7
    assert list(box.peeling.columns) == ["coverage", "density", "restricted"]
    assert prim.find_box(x, np.zeros(600, bool), held, np.zeros(300, bool)) is None
    assert prim.find_box(x, np.ones(600, bool), held, np.ones(300, bool)).limits == {}


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


def test_a_missing_package_is_named_with_what_installs_it():
    with pytest.raises(BadInput, match=r"nowhere: not installed; pip install 'firstcontact\[regions\]'"):
        needs("nowhere.at.all", "regions")
