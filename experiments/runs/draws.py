"""Draws of parameters, as an analysis takes them: the worlds of a calibration where they fit what is asked, otherwise a range over assumptions."""

from __future__ import annotations

import hashlib
import json
import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.arguments import whole
from experiments.methods.worlds import LEAST
from experiments.runs.streams import TAKEN_AGAIN
from experiments.runs.study import Point
from experiments.space.factors import factors, with_values
from sim.errors import BadInput, must, nearest
from sim.scenario.validation import shown

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.scenario import Scenario

NONE, FILE, NUMBER, WEIGHT = "none", "draws.csv", "draw", "weight"
CALIBRATED, ASSUMED = "calibrated world", "assumed draw"  # what a draw is called
NO_FIT = "nothing says what they were fitted to: no calibration stands beside them (fit.json)"
ROUNDING = 1e-12  # of weights that are together 1


class Called(NamedTuple):
    """What draws may be called, which `experiments.inference.conditions` asks, and why no more."""

    why: tuple[str, ...] = (NO_FIT,)  # they are assumptions alone, in words; none of worlds that fit
    more: tuple[str, ...] = ()  # sentences on worlds that fit

    @property
    def fit(self) -> bool:
        """Tell whether these are worlds that fit, and no mere assumptions."""
        return not self.why

    @property
    def one(self) -> str:
        """Return what one of them is called."""
        return CALIBRATED if self.fit else ASSUMED

    @property
    def range(self) -> str:
        """Return what a range over them is called."""
        return "range over calibrated worlds" if self.fit else "range over assumptions"

    @property
    def sentences(self) -> list[str]:
        """Return why they are no worlds that fit, or what else is to be known of worlds that do."""
        return [f"These draws are assumptions, and no worlds that fit: {'; '.join(self.why)}."] if self.why else list(self.more)

    @property
    def data(self) -> dict[str, Any]:
        """Return it for programs: what they are, and why no more."""
        return {"range": self.range, "why": list(self.why)}


@dataclass(frozen=True)
class Draws:
    """Draws of some parameters of a scenario, each with its weight."""

    points: tuple[Point, ...]
    weights: tuple[float, ...]  # above 0, together 1
    source: str  # the file, as it was named
    called: Called = field(default_factory=Called)  # what they may be called; nobody asked, unless it is given

    @property
    def names(self) -> list[str]:
        """Return the parameters that are drawn, by path."""
        return list(self.points[0].values)

    @property
    def digest(self) -> str:
        """Return 16 hex digits of the draws and their weights."""
        told = [[one.number, sorted(one.values.items()), w] for one, w in zip(self.points, self.weights, strict=True)]  # noqa: PD011  (a point, no table)
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]

    @cached_property
    def rows(self) -> np.ndarray:
        """Return the draws as (draws, parameters)."""
        return np.array([list(one.values.values()) for one in self.points], float)  # noqa: PD011  (of no table)

    @property
    def weighted(self) -> bool:
        """Tell whether some draws weigh more than others."""
        return len(set(self.weights)) > 1

    def taken(self, many: int) -> list[Point]:
        """Return so many worlds, or all if there are fewer: the first draws, or by their weights so that each is there as often as it weighs.

        That is systematic resampling (Carpenter, Clifford and Fearnhead 1999) without chance: a draw that weighs more than a
        world comes again, with a number and so with seeds of its own.
        """
        if not self.weighted:
            return list(self.points[:many])
        many = min(many, len(self.points))
        places = np.searchsorted(np.cumsum(self.weights), (np.arange(many) + 0.5) / many)
        times: dict[int, int] = {}
        found = []
        for k in np.minimum(places, len(self.points) - 1).tolist():
            times[k] = times.get(k, -1) + 1
            found.append(Point(self.points[k].number + TAKEN_AGAIN * times[k], self.points[k].values))
        return found

    def world_of(self, seed: int, number: int) -> Point:
        """Return the world of a numbered point, drawn by weight: the same for a seed and number, however many points there are."""
        at = np.searchsorted(np.cumsum(self.weights), np.random.default_rng((seed, number)).random(), side="right")
        return self.points[min(int(at), len(self.points) - 1)]

    def table(self) -> pd.DataFrame:
        """Return the draws as a table that `read_draws` reads to the last digit."""
        import pandas as pd

        found = pd.DataFrame([{NUMBER: one.number, **one.values} for one in self.points])  # noqa: PD011  (of no table)
        return found.assign(**{WEIGHT: self.weights}) if self.weighted else found

    def quantile(self, path: str, share: np.ndarray) -> np.ndarray:
        """Return the values of a parameter below which these shares of its draws lie, by weight; between two draws evenly."""
        column = self.rows[:, self.names.index(path)]
        order = np.argsort(column, kind="stable")
        weight = np.array(self.weights)[order]
        middle = np.cumsum(weight) - weight / 2.0
        found: np.ndarray = np.interp(share, (middle - middle[0]) / (middle[-1] - middle[0]), column[order])
        return found

    def together(self) -> tuple[float, str, str] | None:
        """Return the strongest rank correlation between two parameters, and which; None of one alone, or of such as do not vary."""
        ranks = np.argsort(np.argsort(self.rows, axis=0, kind="stable"), axis=0, kind="stable").astype(float)
        varies = [k for k in range(len(self.names)) if np.ptp(self.rows[:, k]) > 0.0]
        best: tuple[float, str, str] | None = None
        for at, k in enumerate(varies):
            for m in varies[at + 1 :]:
                r = float(np.corrcoef(ranks[:, k], ranks[:, m])[0, 1])
                if best is None or abs(r) > abs(best[0]):
                    best = r, self.names[k], self.names[m]
        return best


def without(point: Point, *paths: str) -> Point:
    """Return a draw without these parameters, which something else sets."""
    return Point(point.number, {path: x for path, x in point.values.items() if path not in paths})  # noqa: PD011  (a point, no table)


def draws_asked(given: str | Path | None) -> bool:
    """Tell whether draws are asked for."""
    return given is not None and str(given) != NONE


def noted(draws: Draws | None, worlds: int | None = None) -> dict[str, str | int]:
    """Return what a plan notes of the draws, and of how many are taken; nothing without."""
    return {} if draws is None else {"draws": draws.digest} | ({} if worlds is None else {"worlds": worlds})


def worlds_asked(many: object) -> int:
    """Return how many worlds are asked for.

    Raises:
        BadInput: below 3, of which there is no spread.
    """
    return whole("--worlds", many, f"be at least {LEAST}", LEAST)


def read_draws(given: str | Path | None, arms: Mapping[str, Scenario]) -> Draws | None:
    """Return the draws of a file, or of a calibration's folder; None for "none" or nothing. What they may be called is asked elsewhere.

    A column `draw` numbers them, a column `weight` says how much each counts; every other is a parameter.

    Args:
        given: the file or the folder.
        arms: that are compared at them.

    Raises:
        BadInput: if it is no table of draws for these arms, in a line that names file and column.
    """
    if given is None or not draws_asked(given):
        return None
    path, table = table_of(Path(given))
    points = points_of(path, table, arms, beside=(NUMBER, WEIGHT))
    return Draws(tuple(possible(points, arms, given)), _weights(path, table), str(given))


def table_of(path: Path) -> tuple[Path, pd.DataFrame]:
    """Return the file of draws, which may be named by its folder, and its table of 3 rows or more. Errors as of `read_draws`."""
    path = path / FILE if path.is_dir() else path
    table = _table(path)
    if len(table) < LEAST:
        raise BadInput(must("--draws", f"have {LEAST} draws or more", f"{path} with {len(table)}"))
    return path, table


def points_of(path: Path, table: pd.DataFrame, arms: Mapping[str, Scenario], beside: tuple[str, ...]) -> list[Point]:
    """Return the draws of a table as numbered points; all columns but those `beside` are parameters. Errors as of `read_draws`."""
    names = [str(name) for name in table.columns if name not in beside]
    _check(path, table, names, arms)
    rows = zip(_numbers(path, table), table[names].to_numpy(float), strict=True)
    return [Point(number, dict(zip(names, map(float, row), strict=True))) for number, row in rows]


def possible(points: list[Point], arms: Mapping[str, Scenario], given: str | Path) -> list[Point]:
    """Return draws that each arm can have; `given` is where they come from. Errors as of `read_draws`."""
    for point in points:
        for scenario in arms.values():
            try:
                with_values(scenario, point.values)  # names what cannot be
            except BadInput as error:
                raise BadInput(f"{given}: draw {point.number}: {error}") from None
    return points


def _table(path: Path) -> pd.DataFrame:
    import pandas as pd

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # newer ones of pandas need not be told to read to the last digit, and say so
            return pd.read_csv(path, float_precision="round_trip")
    except OSError as error:
        raise BadInput(must("--draws", "be the draws.csv of a calibration, its folder, or none", f"{path}: {error.strerror}")) from None
    except (ValueError, UnicodeDecodeError) as error:
        raise BadInput(must("--draws", "be the draws.csv of a calibration", f"{path}: {str(error).splitlines()[0]}")) from None


def _numbers(path: Path, table: pd.DataFrame) -> list[int]:
    if NUMBER not in table.columns:
        return list(range(1, len(table) + 1))
    found = table[NUMBER]
    if found.dtype.kind not in "iu" or found.duplicated().any() or (found < 1).any() or (found >= TAKEN_AGAIN).any():
        raise BadInput(
            must(f"column {NUMBER}", f"number the draws, each once, from 1 to {TAKEN_AGAIN - 1:,}", "something else", where=path)
        )
    return [int(x) for x in found]


def _weights(path: Path, table: pd.DataFrame) -> tuple[float, ...]:
    if WEIGHT not in table.columns:
        return (1.0 / len(table),) * len(table)
    found = table[WEIGHT]
    if found.dtype.kind not in "iuf" or not np.isfinite(found.to_numpy(float)).all() or (found <= 0.0).any():
        raise BadInput(must(f"column {WEIGHT}", "have a number above 0 in each row", "something else", where=path))
    total = math.fsum(found)
    total = 1.0 if abs(total - 1.0) < ROUNDING else total  # as `table` writes them: they are to be read to the last digit
    return tuple(float(x) / total for x in found)


def _check(path: Path, table: pd.DataFrame, names: list[str], arms: Mapping[str, Scenario]) -> None:
    """Refuse columns that are no numbers of the scenario, or in which the arms differ: they are the question."""
    one, *others = (factors(arm) for arm in arms.values())
    for name in names:
        if name not in one:
            raise BadInput(
                must(f"column {shown(name)}", "be a parameter such as reply.base", f"an unknown one{nearest(name, one)}", where=path)
            )
        if any(one[name].default != other[name].default for other in others):
            raise BadInput(must(f"column {name}", "be a number in which the arms do not differ", "one in which they do", where=path))
        column = table[name]
        if column.dtype.kind not in "iuf" or not np.isfinite(column.to_numpy(float)).all():
            raise BadInput(must(f"column {name}", "have a number in each row", "something else", where=path))
    if not names:
        raise BadInput(must("", "have a column for each parameter that is drawn", "none", where=path))
