"""Sensitivity to assumptions: of the difference between the arms, and of the level under the control."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.analyses.base import Analysis, called, differences, values_of
from experiments.analyses.time_budget import Budget, sample
from experiments.methods import morris, sobol_indices
from experiments.runs.draws import without
from experiments.runs.scheduler import Progress, counted
from experiments.runs.study import Point
from experiments.space.factors import Factor, factors
from experiments.space.samplers import Axis
from experiments.space.samplers import sobol as spread
from sim.errors import BadInput, must, nearest

if TYPE_CHECKING:
    import pandas as pd

    from experiments.runs.draws import Draws
    from experiments.runs.study import Study

MORRIS, SOBOL = "morris", "sobol"
TRAJECTORIES = (4, 20)  # at least; as many as STATISTICS advises, if there is time
OPENED_WITH = 10  # trajectories: a group is opened if there is time for so many
GROUPS_SHARE = 0.55  # of the time that the groups may take, where the clock has to cut
MOST_FACTORS = {MORRIS: 120, SOBOL: 12}
POINTS_EACH, LEAST_POINTS = 40, 256  # of a surrogate: for each parameter, and at least
LEAST_SURROGATE = 64  # points, where there is no time for so many: fewer say nothing about a surface
REACH = 4.0  # a positive parameter is varied from a quarter of its default to four times it, within its bounds
FIVE = 5
BLOCK = 16  # pairs a worker, before the clock is looked at again
EDGE = 0.05  # of a parameter's draws on either side, beyond which a screening does not go: a jump to the last draw would count for all
LEFT_OUT = ("members",)  # the size of the network is no assumption
DIFFERENCE, LEVEL = "difference", "level"
UNIT = (0.0, 1.0)  # shares of the draws


@dataclass(frozen=True)
class Groups:
    """What the screening of groups found, and which of them were opened."""

    table: pd.DataFrame  # effects on the difference, with "opened" and how many parameters
    floor: float  # of the difference
    pairs: int
    numbers: int  # that were screened


@dataclass(frozen=True)
class Sensitivity:
    """What a sensitivity analysis found; tables are over (output, factor)."""

    analysis: Analysis
    method: str
    factors: list[Factor]
    table: pd.DataFrame
    pairs: int
    noise: float  # sd of the difference of a pair from random numbers alone
    floor: dict[str, float] = field(default_factory=dict)  # Morris: the mean absolute effect that noise alone would show
    lost: str = ""  # trajectories that were left out, in words
    quality: dict[str, float] = field(default_factory=dict)  # Sobol: hold-out Q2 of the surrogates
    noise_share: float = 0.0  # Sobol: share of noise in the variance of the difference of a pair
    groups: Groups | None = None
    draws: Draws | None = None  # from which the parameters have their values, in place of their bounds

    @property
    def trusted(self) -> bool:
        """Tell whether the figures on the difference mean anything."""
        if self.method == SOBOL:
            return self.quality[DIFFERENCE] > sobol_indices.ACCEPTED
        return bool(self._part.mean_absolute_effect.notna().any())

    def range_of(self, one: Factor) -> tuple[float, float]:
        """Return how far a parameter was varied."""
        return varied_range(one) if self.draws is None else drawn_range(self.draws, one, self.method)

    @property
    def _part(self) -> pd.DataFrame:
        return self.table[self.table.output == DIFFERENCE]

    @property
    def standing_out(self) -> list[str]:
        """Return the parameters whose effect on the difference is distinguishable from noise, the largest first."""
        part = self._part
        if self.method == SOBOL:
            return list(part.factor[part.total_low > 0.0])
        return list(part.factor[part.mean_absolute_low > self.floor[DIFFERENCE]])

    @property
    def top(self) -> list[Factor]:
        """Return the five parameters that matter most to the difference, or those fewer that are distinguishable from noise."""
        by_path = {one.path: one for one in self.factors}
        return [by_path[path] for path in self.standing_out[:FIVE]]

    @property
    def data(self) -> dict[str, Any]:
        """Return the result for programs."""
        told = (
            [{"path": one.path, "default": one.default, "unit": one.unit, "source": one.source} for one in self.top] if self.trusted else []
        )
        return {
            "method": self.method,
            "pairs": self.pairs,
            "trusted": self.trusted,
            "quality": self.quality,
            "floor": self.floor,
            "top": told,
            "groups_opened": [] if self.groups is None else list(self.groups.table.group[self.groups.table.opened]),
            **called(self.draws),
        }


def varied_range(one: Factor) -> tuple[float, float]:
    """Return how far an analysis varies a parameter: its bounds, or for a positive one a quarter to four times its default.

    Bounds are wide where nobody has measured; a count of fifty intents a session says nothing about the network that is meant.
    """
    if one.low >= 0.0 and one.default > 0.0:
        return max(one.low, one.default / REACH), min(one.high, one.default * REACH)
    if one.low >= 0.0 and one.high > 1.0:  # off by default, and counted: credits, follow-ups
        return one.low, min(one.high, REACH)
    return one.low, one.high


def drawn_range(draws: Draws, one: Factor, method: str) -> tuple[float, float]:
    """Return how far a parameter is varied over its draws: a screening over those but the outer ones, a surrogate over all."""
    edge = EDGE if method == MORRIS else 0.0
    low, high = draws.quantile(one.path, np.array([edge, 1.0 - edge])).tolist()
    return low, high


def factors_of(analysis: Analysis, paths: Sequence[str] | None, draws: Draws | None = None) -> list[Factor]:
    """Return the parameters to vary: those named, or all that are drawn, or all that are assumptions.

    Raises:
        BadInput: for a path that is not one, or is what the arms differ in, or is not drawn where there are draws.
    """
    if paths:
        found = [analysis.factor(path) for path in dict.fromkeys(paths)]
        if draws is not None and (other := next((one.path for one in found if one.path not in draws.names), None)):
            raise BadInput(must("--parameters", f"be columns of {draws.source}, with --draws", f"{other}{nearest(other, draws.names)}"))
        return found
    if draws is not None:
        return [analysis.factor(path) for path in draws.names]
    left_out = analysis.contrast.union(LEFT_OUT)
    found = [one for one in factors(analysis.scenario).values() if one.path not in left_out]
    return [one for one in found if varied_range(one)[0] < varied_range(one)[1]]


def check_method(method: str, factors: Sequence[Factor], *, every: bool) -> None:
    """Refuse what a method cannot do.

    Raises:
        BadInput: with what must be.
    """
    if method not in (MORRIS, SOBOL):
        raise BadInput(must("--method", "be morris or sobol", f"{method!r}{nearest(method, (MORRIS, SOBOL))}"))
    if every and method != MORRIS:
        raise BadInput(must("--all", "be given with --method morris, which screens in groups: --parameters names a few for sobol"))
    if not every and not 2 <= len(factors) <= MOST_FACTORS[method]:
        raise BadInput(must("--parameters", f"be 2 to {MOST_FACTORS[method]} for {method}, or --all", len(factors)))


def analyse(
    analysis: Analysis,
    method: str,
    factors: Sequence[Factor],
    *,
    study: Study,
    budget: Budget,
    progress: Progress,
    every: bool,
    draws: Draws | None = None,
) -> Sensitivity:
    """Run what the method asks for; `every` screens in groups first, `draws` has the parameters' values in place of their bounds."""
    work = _Work(analysis, study, budget, progress, draws=draws)
    if method == SOBOL:
        return work.indices(factors)
    return work.everything(factors) if every else work.screened(factors)


@dataclass
class _Work:
    """An analysis in progress."""

    analysis: Analysis
    study: Study
    budget: Budget
    progress: Progress
    draws: Draws | None = None
    done: int = 0  # pairs of earlier stages

    @property
    def block(self) -> int:
        return BLOCK * self.study.slots

    def screened(self, factors: Sequence[Factor]) -> Sensitivity:
        """Screen parameters one by one with the pairs that can be afforded."""
        plan, points = walks(factors, self.analysis.seed, draws=self.draws)
        size = len(factors) + 1
        pairs = self.budget.pairs(self.study, sample(points, self.study.slots), TRAJECTORIES[0] * (size + 1))
        return self._numbers(factors, plan, points, bounded(pairs // (size + 1)))

    def everything(self, factors: Sequence[Factor]) -> Sensitivity:
        """Screen everything in groups, then open the groups that matter most, as far as the time goes."""
        import dataclasses

        names = list(dict.fromkeys(one.section for one in factors))
        plan, points = walks(factors, self.analysis.seed, grouped=True)
        size = len(names) + 2
        pairs = self.budget.pairs(self.study, sample(points, self.study.slots), TRAJECTORIES[0] * size)
        trajectories, seen = self._walk(
            "groups", points, size=len(names) + 1, wanted=bounded(pairs // 2 // size), pairs=pairs, share=GROUPS_SHARE
        )
        plan = morris.first(plan, trajectories)
        floor = morris.floor(*seen.again[DIFFERENCE])
        table = morris.effects(plan, seen.outputs[DIFFERENCE], self.analysis.seed).rename(columns={"factor": "group"})
        many = {name: sum(one.section == name for one in factors) for name in names}
        self.done = trajectories * size
        opened = opened_of(list(table.group), many, max(0, pairs - self.done))
        table = table.assign(numbers=[many[name] for name in table.group], opened=[name in opened for name in table.group])
        chosen = [one for one in factors if one.section in opened]
        inner, points = walks(chosen, self.analysis.seed)
        result = self._numbers(chosen, inner, points, wanted=bounded((pairs - self.done) // (len(chosen) + 2)), pairs=pairs)
        columns = [c for c in table.columns if c not in ("mean_effect", "spread")]  # of groups, they are not defined
        groups = Groups(table[columns], floor, self.done, len(factors))
        return dataclasses.replace(result, groups=groups, pairs=result.pairs + self.done)

    def _numbers(
        self, factors: Sequence[Factor], plan: morris.Screen, points: list[Point], wanted: int, pairs: int | None = None
    ) -> Sensitivity:
        import pandas as pd

        size = len(factors) + 1
        trajectories, seen = self._walk("numbers", points, size=size, wanted=wanted, pairs=pairs or wanted * (size + 1))
        plan, seed = morris.first(plan, trajectories), self.analysis.seed
        tables = [morris.effects(plan, y, seed).assign(output=name) for name, y in seen.outputs.items()]
        floor = {name: morris.floor(*both) for name, both in seen.again.items()}
        lost = trajectories - morris.whole(plan, seen.outputs[DIFFERENCE])
        words = (
            f"{lost} of {trajectories} trajectories are left out: at one of their points a run failed or the measure was undefined."
            if lost
            else ""
        )
        noise = morris.noise(*seen.again[DIFFERENCE])
        return Sensitivity(
            self.analysis,
            MORRIS,
            list(factors),
            table=pd.concat(tables, ignore_index=True),
            pairs=trajectories * (size + 1),
            noise=noise,
            floor=floor,
            lost=words,
            draws=self.draws,
        )

    def _walk(self, name: str, points: list[Point], size: int, wanted: int, pairs: int, share: float | None = None) -> tuple[int, _Seen]:
        """Run trajectories until all are done or the time is over; the first point of each twice, to see what noise does."""
        before = self.done

        def work(first: int, last: int) -> None:
            at = before + first * (size + 1)
            self.study.run(points[first * size : last * size], 1, counted(self.progress, at, pairs))
            self.study.run(points[first * size : last * size : size], 2)

        extra: dict[str, Any] = {} if share is None else {"share": share}
        done = self.budget.through(name, wanted, least=TRAJECTORIES[0], work=work, block=max(1, self.block // size), **extra)
        self.progress(min(pairs, before + done * (size + 1)), pairs)
        return done, _Seen(self.analysis, self.study, points[: done * size], size)

    def indices(self, factors: Sequence[Factor]) -> Sensitivity:
        """Fit a surrogate to spread points, each with seeds of its own, and take its indices."""
        import pandas as pd

        i = self.analysis
        names = [one.path for one in factors]
        bounds = [varied_range(one) for one in factors] if self.draws is None else [UNIT] * len(factors)
        rows, points = spread_over(factors, i.seed, self.draws)
        size = min(len(points), self.budget.pairs(self.study, sample(points, self.study.slots), LEAST_SURROGATE))
        done = self.budget.through(
            "points",
            size,
            least=LEAST_SURROGATE,
            work=lambda a, b: self.study.run(points[a:b], 1, counted(self.progress, a, size)),
            block=self.block,
        )
        seen = _Seen(i, self.study, points[:done], 0)
        tables, models = [], {}
        for name, y in seen.outputs.items():
            models[name] = sobol_indices.surrogate(rows[:done], y, bounds, i.seed)
            tables.append(sobol_indices.indices(models[name], names, i.seed).assign(output=name))
        one = models[DIFFERENCE]
        quality = {name: model.quality for name, model in models.items()}
        table = pd.concat(tables, ignore_index=True)
        noise_share = one.noise / max(one.noise + one.signal, 1e-300)
        return Sensitivity(
            i,
            SOBOL,
            list(factors),
            table=table,
            pairs=done,
            noise=float(np.sqrt(one.noise)),
            quality=quality,
            noise_share=noise_share,
            draws=self.draws,
        )


class _Seen:
    """What was seen at points: difference and level, and at the first point of each trajectory both with other seeds too."""

    def __init__(self, analysis: Analysis, study: Study, points: list[Point], size: int) -> None:
        found = study.evaluate(points, 1)
        self.outputs = {
            DIFFERENCE: differences(analysis, found)[:, 0],
            LEVEL: np.array([values_of(f, analysis.reference, analysis.measure)[0] for f in found]),
        }
        self.again: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        if size:
            twice = study.evaluate(points[::size], 2)
            d = differences(analysis, twice)
            level = np.array([values_of(f, analysis.reference, analysis.measure) for f in twice])
            self.again = {DIFFERENCE: (d[:, 0], d[:, 1]), LEVEL: (level[:, 0], level[:, 1])}


def bounded(trajectories: int) -> int:
    """Return how many trajectories are walked where there is time for so many."""
    return max(TRAJECTORIES[0], min(TRAJECTORIES[1], trajectories))


def walks(factors: Sequence[Factor], seed: int, *, grouped: bool = False, draws: Draws | None = None) -> tuple[morris.Screen, list[Point]]:
    """Return the plan of a screening with as many trajectories as it may have, and its points; grouped by the sections of the scenario.

    With draws the plan is over shares of a parameter's draws, from the lowest to the highest but for the outer ones; those that are
    not varied have the values of one world all along a trajectory.
    """
    names = [one.path for one in factors]
    ranges = [varied_range(one) for one in factors] if draws is None else [UNIT] * len(factors)
    groups = [one.section for one in factors] if grouped else None
    plan = morris.screen(names, ranges, trajectories=TRAJECTORIES[1], seed=seed, groups=groups)
    if draws is None:
        return plan, _points(names, plan.points)
    return plan, _drawn_points(draws, names, EDGE + (1.0 - 2.0 * EDGE) * plan.points, each=len(factors) + 1)


def spread_over(factors: Sequence[Factor], seed: int, draws: Draws | None = None) -> tuple[np.ndarray, list[Point]]:
    """Return as many points as a surrogate may have, spread over the space: as rows, and with the names of the parameters.

    With draws the rows are shares of each parameter's draws that lie below it: what a surrogate is fitted to.
    """
    most = max(LEAST_POINTS, POINTS_EACH * len(factors))
    names = [one.path for one in factors]
    if draws is None:
        rows = np.array(spread([Axis(one.path, *varied_range(one), one.whole) for one in factors], most, seed), float)
        return rows, _points(names, rows)
    rows = np.array(spread([Axis(path, *UNIT) for path in names], most, seed), float)
    return rows, _drawn_points(draws, names, rows, each=1)


def _drawn_points(draws: Draws, names: list[str], shares: np.ndarray, each: int) -> list[Point]:
    """Return points at shares of the draws, so many together in one world as to what is not varied."""
    at = np.column_stack([draws.quantile(path, shares[:, k]) for k, path in enumerate(names)])
    worlds = [without(one, *names) for one in draws.taken(len(draws.points))]
    return [Point(k + 1, {**worlds[k // each % len(worlds)].values, **p.values}) for k, p in enumerate(_points(names, at))]  # noqa: PD011  (a point, no table)


def _points(names: list[str], rows: np.ndarray) -> list[Point]:
    return [Point(k, dict(zip(names, map(float, row), strict=True))) for k, row in enumerate(rows, 1)]


def opened_of(ranked: Sequence[str], many: dict[str, int], pairs: int) -> list[str]:
    """Return which groups to open: the largest first, as long as there are pairs for `OPENED_WITH` trajectories.

    One that is too large is passed over for the next, but never the first: the largest effect is opened in any case.
    """
    opened: list[str] = []
    numbers = 0
    for name in ranked:
        if not opened or OPENED_WITH * (numbers + many[name] + 2) <= pairs:
            opened.append(name)
            numbers += many[name]
    if numbers < 2:  # a single parameter has nothing to be ranked against
        opened += [name for name in ranked if name not in opened][:1]
    return opened
