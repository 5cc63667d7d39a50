"""At which value of a parameter the sign of the difference changes."""

from __future__ import annotations

import math
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
BLOCK = 8  # pairs a worker, before the clock is looked at again


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
    """The same question at draws: at so many of those that were wanted as there was time for, the first ones."""

    draws: Draws
    found: list[AtDraw]
    wanted: int

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
            "worlds_wanted": self.wanted,
            "draws": self.draws.called.data,
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
    draw, but for the one that is varied. Where the time is not enough for all, fewer worlds are asked, and perhaps none: the scenario itself
    alone has its pairs in any case.
    """
    pairs, many = shared(budget.pairs(study, ends(*where), LEAST), worlds)
    taken = [without(one, where.factor.path) for one in places(draws, many)]
    ask = _Asked(analysis, study, budget, where=where, pairs=pairs, wanted=pairs * (1 + len(taken)), progress=progress)
    root = ask.root()
    found: list[AtDraw] = []

    def work(first: int, last: int) -> None:
        found.extend(AtDraw(one, ask.root(one)) for one in taken[first:last])

    budget.through("worlds", len(taken), 0, work, takes=lambda: LEAST * ask.pace)
    progress(ask.wanted, ask.wanted)
    return Tipping(analysis, *where, root=root, worlds=None if draws is None else Worlds(draws, found, worlds))


def shared(allowed: int, worlds: int) -> tuple[int, int]:
    """Return how many pairs each search has where the time is enough for so many in all, and in how many of these worlds there is one."""
    pairs = min(MOST, max(LEAST, allowed // (1 + worlds)))
    return pairs, min(worlds, max(0, allowed // pairs - 1))


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
    pace: float = 1e-4  # seconds of a pair in the last search; of pairs that the ledger had, little

    def root(self, world: Point | None = None) -> Root:
        """Return where the sign changes, at the scenario or in a world."""
        of = "" if world is None else f", draw {world.number}"
        seen = _Seen(self, world, of)

        def closer(planned: int) -> int:
            """Return how many pairs near the root the time still allows."""
            return self.budget.decide(
                f"closer{of}", lambda: max(LEAST - seen.placed, min(planned, int(max(0.0, self.budget.left()) / seen.pace)))
            )

        factor, low, high = self.where
        found = find_root(seen, low, high, points=self.pairs, near=factor.default, whole=factor.whole, more=closer)
        self.done += seen.ran
        self.pace = seen.pace
        return found


def ends(factor: Factor, low: float, high: float) -> list[Point]:
    """Return both ends of a range and its middle, for a pilot: volumes cost more at one end."""
    return [Point(k, {factor.path: value}) for k, value in enumerate((low, (low + high) / 2.0, high), 1)]


class _Seen:
    """The difference at places along a parameter, each place with seeds of its own; nan where the time was over before its pair."""

    def __init__(self, ask: _Asked, world: Point | None, of: str) -> None:
        self.ask, self.of, self.placed, self.ran = (
            ask,
            of,
            0,
            0,
        )  # `placed`: pairs that were wanted so far, of which some may not have been run
        self.first, self.held = (0, {}) if world is None else (EACH * world.number, dict(world.values))
        self.pace = 1e-4  # seconds of a pair so far

    def __call__(self, x: np.ndarray) -> np.ndarray:
        ask, study = self.ask, self.ask.study
        points = [Point(self.first + self.placed + k, {**self.held, ask.where.factor.path: float(value)}) for k, value in enumerate(x, 1)]
        seen, order = np.full(len(points), math.nan), scattered(len(points))

        def work(first: int, last: int) -> None:
            started, part = ask.budget.clock(), order[first:last]
            found = study.evaluate([points[k] for k in part], 1, counted(ask.progress, ask.done + self.ran, ask.wanted))
            seen[part] = differences(ask.analysis, found).reshape(-1)
            self.ran += len(part)
            self.pace = max(self.pace, (ask.budget.clock() - started) / len(part))

        least = min(len(points), max(0, LEAST - self.placed))
        name = f"{'spread' if not self.placed else 'near'}{self.of}"
        ask.budget.through(name, len(points), least, work, BLOCK * study.slots, takes=lambda: self.pace)
        self.placed += len(points)
        return seen


def scattered(many: int) -> np.ndarray:
    """Return so many places in an order in which the first ones already go over the whole range (van der Corput's, in base 2)."""
    bits = max(1, (many - 1).bit_length())
    every = [int(f"{k:0{bits}b}"[::-1], 2) for k in range(2**bits)]
    return np.array([k for k in every if k < many], int)
