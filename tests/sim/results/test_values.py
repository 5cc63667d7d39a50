"""A ratio keeps its parts, and is undefined, not zero, without a denominator."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sim.results.values import DESIGN_AXIS, STYLE_AXIS, Value, ratio


@pytest.mark.parametrize(
    ("top", "bottom", "scale", "expected"),
    [
        (3, 4, 1.0, Value(3.0, 4.0, 0.75)),
        (3, 4, 100.0, Value(3.0, 4.0, 75.0)),
        (0, 4, 1.0, Value(0.0, 4.0, 0.0)),
        (3, 0, 1.0, Value(3.0, 0.0, None)),
    ],
)
def test_ratios(top, bottom, scale, expected):
    assert ratio(top, bottom, scale) == expected


def test_numbers_of_numpy_become_those_of_python():
    assert json.dumps(ratio(np.int64(1), np.int64(2))) == "[1.0, 2.0, 0.5]"


def test_the_axes_come_after_that_of_the_counters():
    assert (STYLE_AXIS, DESIGN_AXIS) == (1, 6)
