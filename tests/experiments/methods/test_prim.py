"""Boxes: a known one is found, and checked on points held out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.methods import prim


def test_a_box_is_judged_on_points_by_hand():
    x = pd.DataFrame({"a": [0.0, 1.0, 2.0, 3.0, 4.0], "b": [0.0, 0.0, 0.0, 9.0, 9.0]})
    y = np.array([True, True, False, True, False])
    # of three cases the box 1..3 holds two, among three points; the ends belong to it
    assert prim._judged({"a": (1.0, 3.0)}, x, y) == pytest.approx((2.0 / 3.0, 2.0 / 3.0))
    assert prim._judged({"a": (1.0, 3.0), "b": (0.0, 1.0)}, x, y) == pytest.approx((1.0 / 3.0, 0.5))
    assert prim._judged({}, x, y) == pytest.approx((1.0, 0.6))
    coverage, density = prim._judged({"a": (7.0, 8.0)}, x, y)
    assert (coverage, np.isnan(density)) == (0.0, True)
    coverage, density = prim._judged({"a": (0.0, 1.0)}, x, np.zeros(5, bool))
    assert (np.isnan(coverage), density) == (True, 0.0)


def test_where_all_are_cases_the_box_is_everything():
    x = pd.DataFrame({"a": [0.0, 1.0, 2.0, 3.0]})
    box = prim.find_box(x, np.ones(4, bool), x, np.array([True, True, True, False]))
    assert (box.limits, box.coverage, box.density, box.held_coverage, box.held_density) == ({}, 1.0, 1.0, 1.0, 0.75)
    assert box.peeling.to_dict("list") == {"coverage": [1.0], "density": [1.0], "restricted": [0]}


def test_the_first_steps_of_peeling_by_hand():
    """A hundred points in a row, the upper sixty cases: each step takes a twentieth of what is left."""
    pytest.importorskip("ema_workbench")
    x = pd.DataFrame({"a": np.arange(100.0), "b": np.tile([0.0, 1.0], 50)})
    y = x.a.to_numpy() >= 40.0
    box = prim.find_box(x, y, x, y)
    assert box.peeling.loc[0].tolist() == [1.0, 0.6, 0]
    assert box.peeling.loc[1].tolist() == pytest.approx([1.0, 60.0 / 95.0, 1])
    assert list(box.limits) == ["a"]
    assert box.limits["a"][1] == 99.0
    # the most coverage among boxes of 0.85 or more: all cases, among seventy points or fewer
    assert box.coverage == 1.0
    assert 0.85 <= box.density < 0.95
    assert (box.held_coverage, box.held_density) == pytest.approx((box.coverage, box.density))


@pytest.mark.parametrize(("cases", "restricted"), [(85, []), (84, ["a"])])
def test_85_of_a_hundred_are_dense_enough_and_84_are_not(cases, restricted):
    pytest.importorskip("ema_workbench")
    x = pd.DataFrame({"a": np.arange(100.0)})
    y = x.a.to_numpy() >= 100.0 - cases
    box = prim.find_box(x, y, x, y)
    assert list(box.limits) == restricted
    assert (box.coverage, box.density > 0.85) == (1.0, bool(restricted))


def test_where_no_box_is_dense_enough_it_is_the_densest():
    pytest.importorskip("ema_workbench")
    rng = np.random.default_rng(2)
    x = pd.DataFrame({"a": rng.random(400)})
    y = rng.random(400) < np.where(x.a > 0.5, 0.5, 0.1)
    box = prim.find_box(x, y, x, y)
    assert box.density == box.peeling.density.max() < 0.85


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
