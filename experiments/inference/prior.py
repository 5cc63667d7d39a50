"""The prior: which assumed numbers are turned, each even over its plausible range, and which are held fixed."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.space.factors import DESIGN, MEMBERS, MODERATION, STYLE_SHARES, STYLES, Factor, factors
from experiments.space.samplers import Axis, sobol
from sim.errors import BadInput, must, nearest
from sim.scenario.plausible import ASSUMED, plausible
from sim.scenario.validation import Limit, shown

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

# What is turned unless told otherwise: what a screening of all assumed numbers of the shipped scenario found to move one of the shipped targets, or the
# arms' difference (`calibrate --screen`). `--parameters` turns others.
SCREENED = Path(__file__).with_name("turned.toml")
EDGE = 1e-6  # of a range, that its ends are kept apart by on the scale without bounds


class Turned(NamedTuple):
    """A number that is turned."""

    path: str
    low: float
    high: float
    default: float
    unit: str
    why: str  # of the range
    whole: bool


class Prior(NamedTuple):
    """What is turned, and what is not."""

    turned: tuple[Turned, ...]
    held: tuple[str, ...]  # assumed numbers that are held fixed, by path

    def unit(self, values: np.ndarray) -> np.ndarray:
        """Return values, (draws, parameters), as shares of their range; of whole numbers each is the middle of as long a stretch as the next."""
        low, length, whole = self._ranges
        found: np.ndarray = (values - low + np.where(whole, 0.5, 0.0)) / length
        return found

    def values(self, unit: np.ndarray) -> np.ndarray:
        """Return the values at shares of the range: the inverse of `unit`."""
        low, length, whole = self._ranges
        found: np.ndarray = low + unit * length
        return np.where(whole, np.clip(np.floor(found), low, low + length - 1.0), found)

    def at(self, z: np.ndarray) -> np.ndarray:
        """Return the values at places on the scale without bounds: (draws, parameters)."""
        return self.values(expit(z))

    @property
    def _ranges(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return where each range begins, how long it is (of whole numbers, how many there are), and whether it is of whole numbers: (parameters,) each."""
        low, high, whole = (np.array([getattr(one, name) for one in self.turned]) for name in ("low", "high", "whole"))
        return low, high - low + np.where(whole, 1.0, 0.0), whole

    @property
    def axes(self) -> list[Axis]:
        """Return the ranges, as samplers take them."""
        return [Axis(one.path, one.low, one.high, one.whole) for one in self.turned]

    def sample(self, draws: int, seed: int) -> np.ndarray:
        """Return draws of a scrambled Sobol sequence: (draws, parameters); more draws leave the first as they are."""
        return np.array(sobol(self.axes, draws, seed), float)


def logit(unit: np.ndarray) -> np.ndarray:
    """Return shares of a range on the scale without bounds."""
    inside = np.clip(unit, EDGE, 1.0 - EDGE)
    found: np.ndarray = np.log(inside) - np.log1p(-inside)
    return found


def expit(z: np.ndarray) -> np.ndarray:
    """Return shares of a range: the inverse of `logit`."""
    found: np.ndarray = 1.0 / (1.0 + np.exp(-np.asarray(z, float)))
    return found


def prior_of(scenario: Scenario, parameters: Sequence[str] | None = None) -> Prior:
    """Return the prior of a scenario.

    Args:
        scenario: whose numbers are turned; a range holds the value that it has.
        parameters: paths of those to turn; those of a screening unless given.

    Raises:
        BadInput: if one is unknown or no assumption, or there are fewer than two.
    """
    known = factors(scenario)
    ranged = {path: found for path, one in known.items() if (found := _turned(one)) is not None}
    if parameters is None:
        chosen = [path for path in ranged if path in set(usual())]
    else:
        for path in parameters:
            if path not in ranged:
                what = "what somebody measured or defined" if path in known else f"{shown(path)}{nearest(path, ranged)}"
                raise BadInput(must("--parameters", "be assumed numbers such as reply.base", what))
        chosen = list(dict.fromkeys(parameters))
    if len(chosen) < 2:
        raise BadInput(must("--parameters", "be two or more", len(chosen)))
    return Prior(tuple(ranged[path] for path in chosen), tuple(path for path in ranged if path not in set(chosen)))


def screenable(scenario: Scenario) -> list[str]:
    """Return the paths of all assumed numbers that have a plausible range."""
    return [path for path, one in factors(scenario).items() if _turned(one) is not None]


@functools.cache
def usual() -> tuple[str, ...]:
    """Return the paths of the numbers that are turned unless told otherwise: those of `turned.toml`."""
    return tuple(tomllib.loads(SCREENED.read_text(encoding="utf-8"))["turned"])


def _turned(one: Factor) -> Turned | None:
    """Return a number with its plausible range; None for what is measured or defined, and for sizes and shares of members."""
    if one.section in (MEMBERS, STYLE_SHARES) or not one.source.startswith(ASSUMED):
        return None
    found = plausible(_limit(one), one.default)
    if found is None or not found.low < found.high:
        return None
    return Turned(one.path, low=found.low, high=found.high, default=one.default, unit=one.unit, why=found.why, whole=one.whole)


def _limit(one: Factor) -> Limit:
    """Return what the schema says about a factor's number."""
    from sim.scenario.parameters import SECTIONS
    from sim.scenario.presets import Design, Moderation, Style
    from sim.scenario.validation import limits

    models = SECTIONS | {DESIGN: Design, MODERATION: Moderation, STYLES: Style}
    head, _, _ = one.path.partition(".")
    return limits(models[head])[one.path.rpartition(".")[2]]
