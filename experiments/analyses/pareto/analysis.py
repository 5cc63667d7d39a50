"""Response against load over designs and limits: settings that are not dominated, confirmed with new seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.analyses.base import Analysis, called, values_of
from experiments.analyses.pareto import design_space
from experiments.analyses.time_budget import Budget
from experiments.methods import nsga2, paired
from experiments.runs.draws import without
from experiments.runs.request import Request
from experiments.runs.scheduler import Progress, counted
from experiments.runs.streams import IN_SEARCH
from experiments.runs.study import COMMON, NEW, Point, Study
from experiments.space.factors import with_values
from sim.errors import BadInput, must
from sim.results.measures import MEASURES, PRIMARY
from sim.scenario.library import list_designs

if TYPE_CHECKING:
    import pandas as pd

    from experiments.runs.draws import Draws
    from experiments.runs.study import Found
    from sim.scenario.scenario import Scenario

GOALS = (PRIMARY, "unwelcome_read")  # to be made large, and small
POPULATION, PAIRS = 16, 2  # settings a generation; pairs on which the search judges one
LEAST_GENERATIONS = 2
CONFIRMED = 8  # settings of the search's front that are run again
SEARCH = 0.7  # share of the time that the search may use
FEWEST, MOST = 10, 60  # fresh pairs of a confirmation
SEARCHED = 4  # worlds in which the search judges a setting, a pair in each
NOT_OF_A_WORLD = ("design.", "moderation.filter_strength")  # of a draw: what is searched, or the designs differ in
REFUND = {"design.credit_refund": 1.0}  # a message that is answered was worth sending; where none are asked for it does nothing


class Setting(NamedTuple):
    """A shipped design, or a setting that was found, on fresh seeds."""

    name: str
    shipped: bool
    numbers: dict[str, float]
    seen: np.ndarray  # (pairs, 2): both goals; the same pairs for all settings; with draws (worlds, 2), the mean of the pairs in each

    def interval(self, goal: int) -> paired.Interval:
        """Return the mean of a goal with its interval."""
        return paired.mean_interval(self.seen[:, goal])


@dataclass(frozen=True)
class Pareto:
    """What was found."""

    analysis: Analysis
    settings: list[Setting]  # confirmed, the shipped designs last
    tried: pd.DataFrame
    generations: int
    failed: list[str]  # settings whose confirmation failed
    draws: Draws | None = None  # a row of what was seen is then a world
    each: int = 1  # pairs in a world

    @property
    def pairs(self) -> int:
        """Return how many fresh pairs all settings have; with draws, in how many worlds they were seen."""
        return len(self.settings[0].seen)

    @property
    def beaten(self) -> dict[str, list[str]]:
        """Return for each setting the names of those that dominate it."""
        return {one.name: dominating(one, self.settings) for one in self.settings}

    @property
    def front(self) -> list[Setting]:
        """Return the settings that nothing dominates with 95% confidence, the most responsive first."""
        beaten = self.beaten
        return sorted((s for s in self.settings if not beaten[s.name]), key=lambda s: -float(s.seen[:, 0].mean()))

    @property
    def front_share(self) -> dict[str, float]:
        """Return for each setting the share of worlds in which no other has more response and less load, as far as its pairs there show."""
        goals = np.array([s.seen for s in self.settings]) * (-1.0, 1.0)
        on = np.zeros(len(self.settings))
        for world in range(goals.shape[1]):
            on[nsga2.front(goals[:, world])] += 1.0
        return {s.name: float(x) / goals.shape[1] for s, x in zip(self.settings, on, strict=True)}

    def alike(self, best: Setting) -> list[str]:
        """Return the settings whose response is not distinguishable from that of this one."""
        return alike(best, self.settings)

    @property
    def data(self) -> dict[str, Any]:
        """Return the result for programs."""
        rows = [{"name": s.name, "values": s.numbers, **{g: s.interval(k)._asdict() for k, g in enumerate(GOALS)}} for s in self.front]
        beaten = self.beaten
        return {
            "front": rows,
            "dominated": {s.name: beaten[s.name] for s in self.settings if s.shipped},
            "tried": len(self.tried),
            "pairs": self.pairs,
            **({} if self.draws is None else {"pairs": self.pairs * self.each, "worlds": self.pairs, "front_share": self.front_share}),
            **called(self.draws),
        }


def verdicts_against(one: Setting, settings: Sequence[Setting]) -> dict[str, list[str]]:
    """Return for each other setting what it is to this one on both goals; all these statements hold together in 95% of cases.

    Many settings are compared with one: with an interval for each alone, some would seem better by chance.
    """
    rivals = [s for s in settings if s is not one]
    differences = np.hstack([rival.seen - one.seen for rival in rivals])
    intervals = paired.simultaneous(differences)
    words = [
        paired.verdict(interval, MEASURES[GOALS[k % 2]].smallest_effect, MEASURES[GOALS[k % 2]].direction)
        for k, interval in enumerate(intervals)
    ]
    return {rival.name: words[2 * k : 2 * k + 2] for k, rival in enumerate(rivals)}


def dominating(one: Setting, settings: Sequence[Setting]) -> list[str]:
    """Return what dominates a setting: better on one goal with 95% confidence, and on the other better or within the non-inferiority margin, its smallest effect of interest."""
    found = verdicts_against(one, settings)
    return [name for name, words in found.items() if paired.BETTER in words and set(words) <= {paired.BETTER, paired.NO_DIFFERENCE}]


def alike(one: Setting, settings: Sequence[Setting]) -> list[str]:
    """Return the settings whose response is not distinguishable from that of this one, or by less than the smallest effect of interest."""
    found = verdicts_against(one, settings)
    return [name for name, words in found.items() if words[0] in (paired.NOT_DECIDED, paired.NO_DIFFERENCE)]


BOTH_GOALS = "have both goals defined"  # a run without one says nothing of a setting


def check(analysis: Analysis) -> None:
    """Refuse what cannot be searched.

    Raises:
        BadInput: with what must be.
    """
    if analysis.scenario.design_shares:
        raise BadInput(must("scenario", "have one design for all, since the search varies the parameters of one", "design_shares"))


def search(analysis: Analysis, budget: Budget, runs: Study, progress: Progress, *, draws: Draws | None = None, worlds: int = 0) -> Pareto:
    """Search settings, and confirm the best on fresh seeds; `runs` is the study by whose executor and ledger it has its runs.

    With draws a setting is judged by its mean over worlds: over a few in the search, over so many in the confirmation.
    """
    return _Search(analysis, budget, runs, progress=progress, draws=draws, worlds=worlds_of(draws, worlds)).result()


def worlds_of(draws: Draws | None, worlds: int) -> list[Point]:
    """Return the worlds in which settings are judged, without what is searched; none without draws.

    Raises:
        BadInput: if nothing else is drawn.
    """
    if draws is None:
        return []
    searched = [path for path in draws.names if path.startswith(NOT_OF_A_WORLD)]
    if len(searched) == len(draws.names):
        raise BadInput(must("--draws", "have a column that is not of the design, which is searched", ", ".join(searched)))
    return [without(one, *searched) for one in draws.taken(worlds)]


def shipped_designs(analysis: Analysis) -> dict[str, Scenario]:
    """Return the scenario under each shipped design."""
    return {name: analysis.scenario.with_(design=name) for name in list_designs()}


def searched(analysis: Analysis) -> dict[str, Scenario]:
    """Return the one arm whose design the search varies."""
    return {analysis.arm: with_values(analysis.scenario.with_(design=analysis.arm), REFUND)}


def request_of(analysis: Analysis, arms: dict[str, Scenario]) -> Request:
    """Return what is asked of one arm: its pairs are runs."""
    name, scenario = next(iter(arms.items()))
    return Request(scenario, arms, name, seed=analysis.seed, pairs=2, workers=analysis.workers)


def settings_at(rows: np.ndarray) -> list[Point]:
    """Return settings as points, numbered from 1."""
    return [Point(k, design_space.values_at(row)) for k, row in enumerate(rows, 1)]


def judged_on(worlds: int) -> int:
    """Return on how many pairs the search judges a setting; with worlds, a pair in each of a few."""
    return min(SEARCHED, worlds) if worlds else PAIRS


def least_runs(designs: int, worlds: int = 0) -> int:
    """Return how many runs an answer needs, with so many shipped designs, in so many worlds."""
    return POPULATION * judged_on(worlds) * LEAST_GENERATIONS + (CONFIRMED + designs) * (worlds or FEWEST)


def generations_for(runs: int, worlds: int = 0) -> int:
    """Return how many generations are searched where there is time for so many runs in all."""
    return max(LEAST_GENERATIONS, int(SEARCH * runs) // (POPULATION * judged_on(worlds)))


def fresh_pairs(runs: int, settings: int, worlds: int = 0) -> int:
    """Return on how many fresh pairs each of these settings is confirmed where there is time for so many runs; as many in each world."""
    if worlds:
        return worlds * max(1, min(MOST, runs // settings) // worlds)
    return max(FEWEST, min(MOST, runs // settings))


class _Search:
    """A search: first on two pairs a setting, then the best on pairs that the search has not seen."""

    def __init__(
        self, analysis: Analysis, budget: Budget, runs: Study, progress: Progress, *, draws: Draws | None, worlds: list[Point]
    ) -> None:
        self.analysis, self.budget, self.runs, self.progress = analysis, budget, runs, progress
        self.draws, self.worlds = draws, worlds
        self.designs = shipped_designs(analysis)
        self.one = self._study(searched(analysis))
        self.done, self.asked, self.wanted, self.fresh = 0, 0, 0, 0

    def _study(self, arms: dict[str, Scenario]) -> Study:
        return Study(
            request_of(self.analysis, arms), self.runs.ledger, self.runs.executor, self.runs.ahead, seeds=NEW if self.worlds else COMMON
        )

    def result(self) -> Pareto:
        """Return what the search finds in its time."""
        start = design_space.starts(list(self.designs.values()))
        self.wanted = self.budget.pairs(self.one, settings_at(start), least_runs(len(self.designs), len(self.worlds)))
        generations = generations_for(self.wanted, len(self.worlds))
        walk = nsga2.Search(self._goals, design_space.bounds(), population=POPULATION, seed=self.analysis.seed, start=start)

        def work(first: int, last: int) -> None:
            for _ in range(first, last):
                walk.step()

        done = self.budget.through("generations", generations, LEAST_GENERATIONS, work, share=SEARCH + 0.05)
        x, goals = walk.tried
        shipped = (x[:, None, :] == start[None, :, :]).all(axis=2).any(axis=1)  # confirmed anyway, under their own names
        settings, failed = self._confirmed(x[~shipped][_spread(x[~shipped], goals[~shipped])])
        each = self.fresh // max(1, len(self.worlds))
        return Pareto(self.analysis, settings, _tried(x, goals), generations=done, failed=failed, draws=self.draws, each=each)

    def _goals(self, x: np.ndarray) -> np.ndarray:
        """Return both goals of settings, to be made small, on the seeds of the search."""
        points = [Point(self.asked + k, design_space.values_at(row)) for k, row in enumerate(x, 1)]
        pairs = judged_on(len(self.worlds))
        if self.worlds:
            seen = self._over_worlds(self.one, points, self.analysis.arm, self.worlds[:pairs], 1, apart=IN_SEARCH)
        else:
            seen = [_both(f, self.analysis.arm) for f in self.one.evaluate(points, pairs, counted(self.progress, self.done, self.wanted))]
        self.asked += len(points)
        self.done += len(points) * pairs
        means = np.array([one.mean(axis=0) for one in seen])
        return np.column_stack([-means[:, 0], means[:, 1]])

    def _over_worlds(
        self, study: Study, settings: list[Point], arm: str, worlds: list[Point], pairs: int, *, apart: int = 0
    ) -> list[np.ndarray]:
        """Return for each setting both goals in each world, the mean of its pairs there; a world has the same seeds for all settings."""
        points = [Point(apart + world.number, world.values | one.values) for one in settings for world in worlds]  # noqa: PD011  (of no table)
        found = study.evaluate(points, pairs, counted(self.progress, self.done, self.wanted))
        seen = np.array([_both(f, arm).mean(axis=0) for f in found]).reshape(len(settings), len(worlds), len(GOALS))
        return list(seen)

    def _confirmed(self, chosen: np.ndarray) -> tuple[list[Setting], list[str]]:
        """Return settings and shipped designs on pairs beyond those of the search, and the names of those that failed."""
        many = len(chosen) + len(self.designs)
        each = self.budget.spent / max(1, self.done)  # seconds of a pair so far; of a search that was in the ledger, little

        def affordable() -> int:
            fits = min(self.wanted - self.done, int(max(0.0, self.budget.left(0.95)) / max(each, 1e-3)))
            return fresh_pairs(fits, many, len(self.worlds))

        self.fresh = fresh = self.budget.decide("fresh pairs", affordable)
        points = [Point(10**6 + k, design_space.values_at(row)) for k, row in enumerate(chosen, 1)]
        seen = [
            Setting(f"setting {k}", shipped=False, numbers=point.values, seen=its)
            for k, (point, its) in enumerate(zip(points, self._fresh(self.one, points, self.analysis.arm, fresh), strict=True), 1)
        ]
        for name, design in self.designs.items():
            [its] = self._fresh(self._study({name: design}), [Point(0, {})], name, fresh)
            seen.append(Setting(name, shipped=True, numbers=design_space.values_at(design_space.place_of(design)), seen=its))
        self.budget.save()
        self.progress(self.wanted, self.wanted)
        return whole(seen)

    def _fresh(self, study: Study, points: list[Point], arm: str, fresh: int) -> list[np.ndarray]:
        """Return both goals of each setting on pairs that the search has not seen, or in each world on such pairs."""
        if self.worlds:
            return self._over_worlds(study, points, arm, self.worlds, fresh // len(self.worlds))
        found = study.evaluate(points, PAIRS + fresh, counted(self.progress, self.done, self.wanted))
        return [_both(f, arm)[PAIRS:] for f in found]


def whole(settings: list[Setting]) -> tuple[list[Setting], list[str]]:
    """Return settings on the pairs that all of them have, and the names of those that have too few to be compared with others.

    Pairs stay pairs only if they are left out for all at once.
    """
    enough = [s for s in settings if np.isfinite(s.seen).all(axis=1).mean() > 0.5]
    if not enough:
        raise BadInput(must("scenario", f"{BOTH_GOALS} in more than half of all pairs: more --members or --days help"))
    there = np.all([np.isfinite(s.seen).all(axis=1) for s in enough], axis=0)
    if there.sum() < 2:
        raise BadInput(must("scenario", f"{BOTH_GOALS} in two pairs or more that all settings share: more --members or --days help"))
    kept = {s.name for s in enough}
    return _told_apart([s._replace(seen=s.seen[there]) for s in enough]), [s.name for s in settings if s.name not in kept]


def _told_apart(settings: list[Setting]) -> list[Setting]:
    """Return settings without those that do to the bit what another does: limits that bind nobody make no setting of their own."""
    out: list[Setting] = []
    for one in sorted(settings, key=lambda s: not s.shipped):
        if one.shipped or not any(np.array_equal(one.seen, other.seen) for other in out):
            out.append(one)
    return sorted(out, key=lambda s: s.shipped)


def _both(found: Found, arm: str) -> np.ndarray:
    return np.column_stack([values_of(found, arm, goal) for goal in GOALS])


def _spread(x: np.ndarray, goals: np.ndarray) -> np.ndarray:
    """Return some settings of the search's front, spread over it."""
    rows = nsga2.front(goals)
    rows = rows[np.argsort(goals[rows, 1], kind="stable")]
    _, first = np.unique(x[rows], axis=0, return_index=True)
    rows = rows[np.sort(first)]
    if not len(rows):
        return rows
    chosen: np.ndarray = rows[np.unique(np.linspace(0, len(rows) - 1, min(CONFIRMED, len(rows))).round().astype(int))]
    return chosen


def _tried(x: np.ndarray, goals: np.ndarray) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame([design_space.values_at(row) for row in x]).assign(**{GOALS[0]: -goals[:, 0], GOALS[1]: goals[:, 1]})
