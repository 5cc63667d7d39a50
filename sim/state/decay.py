"""What is left of whole columns by a day: the compiled form of `sim.decisions.common.decayed`."""

from __future__ import annotations

import numpy as np

from sim.decisions.common import decayed
from sim.jit import kernel


@kernel
def fill_decayed(values, days, half_life):
    """Replace each of `days` by what is left of the value beside it after so many days."""
    for i in range(len(days)):
        days[i] = decayed(values[i], days[i], half_life)


def decayed_by(day: int, values: np.ndarray, noted: np.ndarray, half_life: float) -> np.ndarray:
    """Return (n,) float64: what is left on `day` of each value, which stood on the day on which it was noted."""
    days = day - noted.astype(np.float64)
    fill_decayed(np.ascontiguousarray(values, np.float64), days, float(half_life))
    return days
