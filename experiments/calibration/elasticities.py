"""Elasticities: by how much of its tolerance a target moves when a parameter moves by a tenth of its range.

Each parameter is moved to both sides, on common seeds. An effect counts from a tenth of the tolerance on, if it stands out of the noise:
by four standard errors over seeds, its own or those usual for the target, whichever are larger.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.calibration.declared import ASSUMED, Declared, every_target
from experiments.calibration.moves import Move
from experiments.calibration.runs import Figures, figures_key

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

MEMBERS, SEEDS = 1000, (1, 2, 3)
LEAST, ERRORS = 0.1, 4.0  # of the tolerance; standard errors


class Elasticity(NamedTuple):
    """What one parameter does to one target."""

    move: Move
    target: Declared
    effect: float  # tolerances a tenth of the range; nan where a run could not tell
    error: float  # standard error over seeds
    told: bool  # whether it counts

    @property
    def constrains(self) -> bool:
        """Tell whether the target constrains the parameter: what is assumed constrains nothing."""
        return self.told and self.target.kind != ASSUMED


@dataclass(frozen=True)
class Sides:
    """The runs of a move: for each seed the keys of its two sides."""

    move: Move
    down: tuple[str, ...]
    up: tuple[str, ...]


def sides_of(still: Scenario, moves: Sequence[Move], seeds: Sequence[int]) -> tuple[list[Sides], dict[str, tuple[Scenario, int]]]:
    """Return the runs of each move, and all of them by their keys; where a bound stops a move, runs are shared."""
    runs: dict[str, tuple[Scenario, int]] = {}
    found = []
    for move in moves:
        keys = []
        for scenario in move.sides(still):
            named = {figures_key(scenario, seed): (scenario, seed) for seed in seeds}
            runs |= named
            keys.append(tuple(named))
        found.append(Sides(move, *keys))
    return found, runs


def effects_of(sides: Sides, figures: Mapping[str, Figures], target: Declared) -> np.ndarray:
    """Return the effect at each seed, in tolerances a tenth of the range; nan where a run is missing or could not tell."""
    values = [[figures[key][target.name].value if key in figures else math.nan for key in keys] for keys in (sides.down, sides.up)]
    low, high = np.array(values)
    effects: np.ndarray = (high - low) / (sides.move.tenths * target.tolerance)
    return effects


def elasticities(every: Sequence[Sides], figures: Mapping[str, Figures]) -> list[Elasticity]:
    """Return the elasticity of each target to each parameter, by parameter."""
    found: list[Elasticity] = []
    by_target = {one.name: np.array([effects_of(sides, figures, one) for sides in every]) for one in every_target()}
    usual = {name: usual_error(effects) for name, effects in by_target.items()}
    for k, sides in enumerate(every):
        for one in every_target():
            effects = by_target[one.name][k]
            mean, error = float(effects.mean()), max(own_error(effects), usual[one.name])
            told = math.isfinite(mean) and abs(mean) >= LEAST and abs(mean) >= ERRORS * error
            found.append(Elasticity(move=sides.move, target=one, effect=mean, error=error, told=told))
    return found


def own_error(effects: np.ndarray) -> float:
    """Return the standard error of a mean over seeds."""
    return float(effects.std(ddof=1)) / math.sqrt(len(effects))


def usual_error(effects: np.ndarray) -> float:
    """Return the standard error that is usual for a target: the median over parameters that move it at all; 0 where none does.

    The variance of few seeds is often far too small by chance, so its median is put right by that of its distribution.

    Args:
        effects: (parameters, seeds).
    """
    from scipy.stats import chi2

    variances = effects.var(axis=1, ddof=1)
    moved = variances[np.isfinite(variances) & (variances > 0.0)]
    if not len(moved):
        return 0.0
    free = effects.shape[1] - 1
    return math.sqrt(float(np.median(moved)) / (float(chi2.ppf(0.5, free)) / free) / effects.shape[1])
