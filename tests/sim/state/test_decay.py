"""Columns decay as single values do, to the bit."""

from __future__ import annotations

import numpy as np

from sim.decisions.common import decayed
from sim.state.decay import decayed_by


def test_a_value_halves_in_a_half_life_and_stays_on_its_day():
    found = decayed_by(40, np.array([8.0, 8.0, 8.0, 0.0]), np.array([40, 30, 10, -30000], np.int16), 10.0)
    assert np.allclose(found, [8.0, 4.0, 1.0, 0.0], rtol=1e-15)
    assert found[0] == 8.0


def test_a_column_is_what_its_values_are():
    rng = np.random.default_rng(1)
    rows = np.zeros(2000, [("x", np.float64), ("day", np.int16)]).view(np.recarray)
    rows.x, rows.day = rng.exponential(size=2000), rng.integers(-5000, 400, 2000)
    before = rows.copy()
    found = decayed_by(400, rows.x, rows.day, 30.0)
    assert found.tolist() == [decayed(float(row.x), float(400 - int(row.day)), 30.0) for row in rows]
    assert (rows == before).all()
