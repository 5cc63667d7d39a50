"""Boxes: a known one is found, and checked on points held out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.methods import prim


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
