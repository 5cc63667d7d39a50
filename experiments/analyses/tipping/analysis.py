"""At which value of a parameter the sign of the difference changes."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.analyses.base import Analysis, differences
from experiments.methods.root_finding import CHANGES, NONE, Root, find_root
from experiments.methods.worlds import LEAST as FEWEST_WORLDS
from experiments.methods.worlds import between_worlds, without_noise
from experiments.runs.draws import without
from experiments.runs.request import LEAST_MEMBERS
from experiments.runs.scheduler import Progress, counted
from experiments.runs.study import Point
from experiments.space.factors import MEMBERS, Factor
from sim.errors import BadInput, must

if TYPE_CHECKING:
    from experiments.analyses.time_budget import Budget
    from experiments.runs.draws import Draws
    from experiments.runs.study import Study

LEAST, MOST = 40, 400  # pairs: fewer find no root, more bring little
LEAST_PLACES = 4  # of a whole number: fewer are compared one by one
EACH = 1000  # numbers of pairs that a world has for itself: more than it has pairs
WIDE = 1.96  # standard errors in half an interval


class AtDraw(NamedTuple):
    """Where the winner changes in one world."""

    draw: Point
    root: Root


class Span(NamedTuple):
    """How far the tipping point goes over worlds, noise taken out."""

    low: float
    middle: float
    high: float
    told: bool  # whether worlds differ more than noise


@dataclass(frozen=True)
class Worlds:
    """The same question at draws that fit what was measured."""

    draws: Draws
    found: list[AtDraw]

    @property
    def changing(self) -> list[Root]:
        """Return what was found in the worlds in which the winner changes within the range."""
        return [one.root for one in self.found if one.root.kind == CHANGES]

    def all_over(self, sign: int) -> int:
        """Return in how many worlds the difference has this sign all over the range."""
        return sum(one.root.kind == NONE and one.root.sign == sign for one in self.found)

    @property
    def undecided(self) -> int:
        """Return in how many worlds it is not decided whether the winner changes."""
        return len(self.found) - len(self.changing) - self.all_over(1) - self.all_over(-1)

    @property
    def span(self) -> Span | None:
        """Return how far the tipping point goes over the worlds that have one; None of fewer than three.

        How large noise is, each tipping point's interval says.
        """
        roots = np.array([one.root for one in self.changing])
        if len(roots) < FEWEST_WORLDS:
            return None
        noise = np.full(len(roots), np.mean([((one.high - one.low) / 2.0 / WIDE) ** 2 for one in self.changing]))
        kept = without_noise(roots, noise)
        return Span(float(kept.min()), float(np.median(kept)), float(kept.max()), bool(between_worlds(roots, noise)[0] > noise[0]))

    @property
    def data(self) -> dict[str, Any]:
        """Return the result for programs."""
        span = self.span
        return {
            "worlds": len(self.found),
            "changes": len(self.changing),
            "more_all_over": self.all_over(1),
            "less_all_over": self.all_over(-1),
            "not_decided": self.undecided,
            "span": None if span is None else span._asdict(),
        }


@dataclass(frozen=True)
class Tipping:
    """Where the winner changes along one parameter."""

    analysis: Analysis
    factor: Factor
    low: float
    high: float
    root: Root
    worlds: Worlds | None = None

    @property
    def data(self) -> dict[str, Any]:
        """Return the result for programs."""
        r = self.root
        return {
            "parameter": self.factor.path,
            "low": self.low,
            "high": self.high,
            "measure": self.analysis.measure,
            "kind": r.kind,
            "root": r.root if r.found else None,
            "ci_low": r.low,
            "ci_high": r.high,
            "sign_below": r.sign,
            "pairs": len(r.x),
            **({} if self.worlds is None else {"worlds": self.worlds.data}),
        }


def chosen_range(found: Factor, given: tuple[float, float] | None) -> tuple[float, float]:
    """Return the range asked for, or the schema's.

    Raises:
        BadInput: if it is empty or goes beyond the schema's.
    """
    if found.path == MEMBERS and (given is None or given[0] < LEAST_MEMBERS):
        told = "none" if given is None else f"{given[0]:g} {given[1]:g}"
        raise BadInput(must("--range", f"be given for members, from {LEAST_MEMBERS} or more, such as --range 300 3000", told))
    low, high = given or (found.low, found.high)
    if not found.low <= low < high <= found.high:
        raise BadInput(must("--range", f"be LOW below HIGH within {found.low:g} to {found.high:g} of {found.path}", f"{low:g} {high:g}"))
    if found.whole and math.floor(high) - math.ceil(low) < LEAST_PLACES - 1:
        raise BadInput(must("--range", f"hold at least {LEAST_PLACES} values of {found.path}, a whole number", f"{low:g} {high:g}"))
    return low, high


class Where(NamedTuple):
    """Along which parameter a tipping point is looked for, from where to where."""

    factor: Factor
    low: float
    high: float


def tip(
    analysis: Analysis, where: Where, *, study: Study, budget: Budget, progress: Progress, draws: Draws | None = None, worlds: int = 0
) -> Tipping:
    """Find where the difference between the arms changes its sign along a parameter.

    With draws the same is asked in so many worlds, each with as many pairs as the scenario itself: its parameters are those of a
    draw, but for the one that is varied.
    """
    taken = [without(one, where.factor.path) for one in places(draws, worlds)]
    times = 1 + len(taken)
    pairs = min(MOST, budget.pairs(study, ends(*where), LEAST * times) // times)
    ask = _Asked(analysis, study, budget, where=where, pairs=pairs, wanted=pairs * times, progress=progress)
    root = ask.root()
    found = [AtDraw(one, ask.root(one)) for one in taken]
    progress(ask.wanted, ask.wanted)
    return Tipping(analysis, *where, root=root, worlds=None if draws is None else Worlds(draws, found))


def places(draws: Draws | None, worlds: int) -> list[Point]:
    """Return the worlds in which the question is asked; none without draws."""
    return [] if draws is None else draws.taken(worlds)


@dataclass
class _Asked:
    """A search for a tipping point, at the scenario and in worlds."""

    analysis: Analysis
    study: Study
    budget: Budget
    where: Where
    pairs: int  # of each search
    wanted: int  # of all
    progress: Progress
    done: int = 0

    def root(self, world: Point | None = None) -> Root:
        """Return where the sign changes, at the scenario or in a world."""
        seen = _Seen(self, world)
        name = "closer" if world is None else f"closer, draw {world.number}"

        def closer(planned: int) -> int:
            """Return how many pairs near the root the time still allows."""
            return self.budget.decide(name, lambda: max(LEAST - seen.done, min(planned, int(max(0.0, self.budget.left()) / seen.pace))))

        factor, low, high = self.where
        found = find_root(seen, low, high, points=self.pairs, near=factor.default, whole=factor.whole, more=closer)
        self.done += seen.done
        return found


def ends(factor: Factor, low: float, high: float) -> list[Point]:
    """Return both ends of a range and its middle, for a pilot: volumes cost more at one end."""
    return [Point(k, {factor.path: value}) for k, value in enumerate((low, (low + high) / 2.0, high), 1)]


class _Seen:
    """The difference at places along a parameter, each place with seeds of its own."""

    def __init__(self, ask: _Asked, world: Point | None) -> None:
        self.ask, self.done = ask, 0
        self.first, self.held = (0, {}) if world is None else (EACH * world.number, dict(world.values))
        self.pace = 1e-4  # seconds of a pair so far; of those that the ledger had, little

    def __call__(self, x: np.ndarray) -> np.ndarray:
        started, ask = time.perf_counter(), self.ask
        points = [Point(self.first + self.done + k, {**self.held, ask.where.factor.path: float(value)}) for k, value in enumerate(x, 1)]
        found = ask.study.evaluate(points, 1, counted(ask.progress, ask.done + self.done, ask.wanted))
        self.done += len(points)
        self.pace = max(self.pace, (time.perf_counter() - started) / max(1, len(points)))
        return differences(ask.analysis, found).reshape(-1)
