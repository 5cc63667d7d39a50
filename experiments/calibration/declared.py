"""The targets as their files declare them, one file each in `targets/`: what was measured, by whom, and the function that computes just that."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from experiments.calibration.patterns.messages import Found
from experiments.calibration.readings import READINGS
from experiments.calibration.simulated import Run
from sim.errors import BadInput, must

HOME = Path(__file__).parent / "targets"
EMPIRICAL, OTHER, VENDOR, ASSUMED = "empirical", "empirical, other population", "vendor", "assumed"
# What a target weighs in the share of empirical targets that are met. Vendors' figures are told apart; what is assumed counts nowhere.
WEIGHTS = {EMPIRICAL: 1.0, OTHER: 0.5, VENDOR: 0.0, ASSUMED: 0.0}


@dataclass(frozen=True)
class Declared:
    """A target: bounds, where they come from, and how a run is asked."""

    name: str  # of its file
    pattern: str  # what the table calls it
    kind: str
    measured: str  # what was found
    by: str
    population: str
    definition: str
    computed_by: str  # a name of `READINGS`
    low: float
    high: float
    unit: str
    arguments: dict[str, Any] = field(default_factory=dict)
    why: str = ""  # of a choice that the definition leaves open, such as a realised figure in place of a chance

    @property
    def tolerance(self) -> float:
        """Return half the width of the bounds."""
        return (self.high - self.low) / 2.0

    @property
    def source(self) -> str:
        """Return the kind and who says so, as the table shows it."""
        return f"{self.kind}: {self.by}"

    def of(self, run: Run) -> Found:
        """Return what a run gives."""
        return READINGS[self.computed_by](run, **self.arguments)


def declared_in(path: Path) -> Declared:
    """Return the target of a file: its bounds stand as `low` and `high`, or as `value` and `tolerance`.

    Raises:
        BadInput: if something is missing or too much, or its kind or function is unknown.
    """
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        if "value" in told:
            value, tolerance = told.pop("value"), told.pop("tolerance")
            told |= {"low": round(value - tolerance, 9), "high": round(value + tolerance, 9)}
        found = Declared(name=path.stem, **told)
    except (KeyError, TypeError) as error:
        raise BadInput(must("", "declare a target with all that belongs to it", error, where=path)) from None
    if found.kind not in WEIGHTS:
        raise BadInput(must("kind", f"be one of {'; '.join(WEIGHTS)}", found.kind, where=path))
    if found.computed_by not in READINGS:
        raise BadInput(must("computed_by", f"be one of {', '.join(READINGS)}", found.computed_by, where=path))
    if not found.low < found.high:
        raise BadInput(must("low", "be below high", f"{found.low:g} and {found.high:g}", where=path))
    return found


@functools.cache
def every_target() -> tuple[Declared, ...]:
    """Return all targets that are shipped: by kind, then by the names of their files. Errors as in `declared_in`."""
    kinds = list(WEIGHTS)
    found = [declared_in(path) for path in HOME.glob("*.toml")]
    return tuple(sorted(found, key=lambda one: (kinds.index(one.kind), one.name)))
