"""A calibration from its question to its worlds: the bank, the fit, the draws that are run again, and the gates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.inference import gates as gating
from experiments.inference import posterior as fitting
from experiments.inference.bank import Bank, Clock, moved, still_for
from experiments.inference.data import LOG, SHIPPED, Data
from experiments.inference.gates import Gates
from experiments.inference.posterior import Fit
from experiments.inference.prior import Prior
from experiments.inference.runner import Earlier, Runner
from experiments.methods.main_effects import ROWS_A_TERM
from experiments.methods.size_shift import FEWEST as LEAST_SHIFT
from experiments.methods.size_shift import Shift, shift_of
from experiments.reporting.text import counted
from experiments.runs.scheduler import RunFailed
from experiments.runs.streams import AGAIN, CALIBRATION, CHECKED, ONCE_MORE, ROUND, SHIFTED, STEP, TWICE
from sim.errors import BadInput, must

if TYPE_CHECKING:
    from collections.abc import Callable

    from experiments.inference.summaries import SummaryScheduler
    from experiments.runs.watch import Watch
    from sim.scenario.scenario import Scenario

REPEATED = 16  # draws that are run with a second seed, so that the noise of a run is known
SPARE = 1.5  # adjusted draws that are run in a round for each that is wanted: some miss
STARTS = (0.5, 0.25, 0.75)  # of the rounds, where each begins among the draws that fit: a later one has draws between those before
FRESH = 0.5  # of a further round's draws, that must be others than those before
STEPS = 3  # that a draw is moved at most, towards what it should show, while too few fit
HELD_RUNS = 20  # of a fit without a third of the figures
LEAST_DRAWS, FEWEST = 64, 50  # that may be asked for; of which that must have all figures
MOST_DRAWS, MOST_KEPT = CALIBRATION["bank"].width, int(ROUND / SPARE)  # beyond these the seeds of runs would be those of others


def least(numbers: int) -> int:
    """Return how many draws must have all figures, for as many numbers: a slope for each needs two."""
    return max(FEWEST, ROWS_A_TERM * (1 + numbers))


class Question(NamedTuple):
    """What is asked."""

    scenario: Scenario
    data: Data
    prior: Prior
    members: int  # of each run
    draws: int  # of the bank
    keep: int  # of the posterior
    seed: int
    given: Earlier | None = None  # runs that were made before: a sample of them is made again, and must be the same
    shift: int = 0  # draws that are run at the scenario's own size, too, to move the bank's figures there; 0: they are not moved

    @property
    def still(self) -> Scenario:
        """Return the scenario that is simulated in the bank."""
        return still_for(self.scenario, self.data, self.members)

    @property
    def came_about(self) -> list[str]:
        """Return in words under which design a log, or figures of one's own, are taken to have come about; nothing of the shipped targets."""
        if self.data.kind == SHIPPED:
            return []
        head = "The log is" if self.data.kind == LOG else "The figures are"
        how = (
            "as given"
            if self.data.design is not None
            else "assumed, that of the scenario's days before the switch: --design says otherwise"
        )
        return [f"{head} taken to have come about under {self.still.design} ({how})."]

    @property
    def size(self) -> int:
        """Return the members of the worlds that are held to the data."""
        return self.scenario.members if self.shift else self.members

    @property
    def final(self) -> Scenario:
        """Return the scenario that is simulated for these."""
        return still_for(self.scenario, self.data, self.size)

    def check(self) -> None:
        """Refuse what cannot be answered.

        Raises:
            BadInput: with what must be.
        """
        if self.draws < LEAST_DRAWS:
            raise BadInput(must("--draws", f"be at least {LEAST_DRAWS}", self.draws))
        if self.draws > MOST_DRAWS:
            raise BadInput(must("--draws", f"be at most {MOST_DRAWS:,}", self.draws))
        if not 2 <= self.keep <= MOST_KEPT:
            raise BadInput(must("--keep", f"be from 2 to {MOST_KEPT:,}", self.keep))
        if self.shift:
            self._check_shift()
        _ = self.still

    def check_enough(self) -> None:
        """Refuse draws of which too few for a fit are asked for, however many of them show the figures; a screening needs no fit.

        Raises:
            BadInput: with what must be.
        """
        if self.draws < (needed := least(len(self.prior.turned))):
            name = "--draws" if self.given is None else "--bank"
            rule = f"{'be' if self.given is None else 'have'} at least {needed} for {counted(len(self.prior.turned), 'number')}"
            raise BadInput(must(name, rule, self.draws))

    def _check_shift(self) -> None:
        if self.scenario.network_file is not None or self.scenario.members == self.members:
            raise BadInput(must("--shift", "be left out where the bank's runs have the scenario's own size", self.shift))
        if not LEAST_SHIFT <= self.shift <= self.draws:
            raise BadInput(must("--shift", f"be from {LEAST_SHIFT} to the draws of the bank, {self.draws}", self.shift))


@dataclass(frozen=True, eq=False)
class Calibration:
    """What was found."""

    question: Question
    bank: Bank
    fit: Fit
    tried: int  # adjusted draws that were run
    values: np.ndarray  # (draws, parameters) of those that fit, in their units; of the first ones if none fits
    figures: np.ndarray  # (draws, figures) what their runs show
    missed: np.ndarray  # (draws, figures) by how many standard errors
    plain: np.ndarray  # (draws, parameters) of plain rejection
    dropped: int  # of those tried, that missed a figure
    dropped_at_first: float  # share of the first round's: a further one ends once enough fit, before all its draws were moved
    astray: np.ndarray  # (figures,) how many of them miss each
    gates: Gates
    further: Earlier  # all runs but the bank's and the next
    large: Bank | None = None  # the first draws at the scenario's own size, if the bank's figures were moved there
    shift: Shift | None = None  # by what, of all figures of the data

    @property
    def data(self) -> Data:
        """Return the figures that were used."""
        return self.fit.ready.data

    @property
    def together(self) -> bool:
        """Tell whether the figures can be met together: few are against the others, and most adjusted draws of the first round do not miss."""
        return self.fit.together and self.dropped_at_first <= fitting.MOST_DROPPED

    @property
    def showing(self) -> int:
        """Return how many of the draws that are kept are worlds that fit: where no draw fits, some are kept all the same."""
        return int(fitting.kept(self.missed).sum())

    @property
    def best(self) -> int:
        """Return the draw that is nearest to the data, in standard errors."""
        return int(np.argmin((self.missed**2).sum(axis=1)))


def calibrated(
    question: Question, scheduler: SummaryScheduler, clock: Callable[[int], int | None], watch: Watch, limit: Clock
) -> Calibration:
    """Return which worlds fit.

    Args:
        question: what is asked.
        scheduler: makes the runs.
        clock: is told how many draws the time was enough for; tells how many it was before, if it was decided.
        watch: is told how far it is.
        limit: when to stop making draws of the bank.

    Raises:
        RunFailed: if too few draws have all figures.
    """
    runner = Runner(question.data, question.prior, question.seed, scheduler, watch, question.given)
    bank = _bank(question, runner, clock, limit)
    if len(bank.values) < (needed := least(len(question.prior.turned))):
        raise RunFailed(f"too little to fit: the time was enough for {len(bank.values)} draws, and {needed} are needed: more --budget")
    large = runner.runs(question.final, bank.values[: question.shift], SHIFTED, "draws at the own size") if question.shift else None
    held = _Held(question, runner)
    shift = None if large is None else shift_between(question, bank, large)
    ready = bank if shift is None else moved(bank, shift.added, question.data.names)
    of = fitting.agreeing(fitting.ready(ready, question.data, question.prior, question.seed))
    if len(of.z) < least(len(question.prior.turned)) or len(of.data.values) < 2:
        what = f"{len(of.z)} of {len(bank.values)} draws show {len(of.data.values)} of {len(question.data.values)} figures"
        raise RunFailed(f"too little to fit: {what}; more --members, or more --draws")
    twice = held(bank.values[:REPEATED], TWICE, "second runs").summaries(of.data.names)
    once = (large or bank).summaries(of.data.names)[: len(twice)]
    fit = fitting.fitted(of, np.stack([once, twice], axis=1))
    rounds = _adjusted(question, fit, held)
    tried, again = (np.concatenate(parts) for parts in zip(*rounds, strict=True))
    missed = fitting.misses(fit, again)
    good = fitting.kept(missed)
    chosen = different(tried, good)[: question.keep] if good.any() else np.arange(min(question.keep, len(tried)))
    predicted = _held_out(question, fit, held)
    with watch.working("fitting to pseudo-logs from the bank"):
        gates = gating.check(fit, predicted, question.seed)
    plain = question.prior.at(fitting.plain(fit, question.keep))
    return Calibration(
        question,
        bank,
        fit=fit,
        tried=len(tried),
        values=tried[chosen],
        figures=again[chosen],
        missed=missed[chosen],
        plain=plain,
        dropped=int((~good).sum()),
        dropped_at_first=float((~good[: len(rounds[0][0])]).mean()),
        astray=(~(np.abs(missed[~good]) <= fitting.MISSES)).sum(axis=0),
        gates=gates,
        further=held.made,
        large=large,
        shift=shift,
    )


class _Held:
    """Makes runs that are held to the data, all of one size, and keeps what they showed."""

    def __init__(self, question: Question, runner: Runner) -> None:
        self._still, self._runner = question.final, runner
        self._numbers: list[np.ndarray] = []
        self._banks: list[Bank] = []

    def __call__(self, values: np.ndarray, first: int, what: str) -> Bank:
        """Return runs at values (runs, parameters), with the seeds of number `first` on."""
        bank = self._runner.runs(self._still, values, first, what)
        self._numbers.append(first + np.arange(len(values)))
        self._banks.append(bank)
        return bank

    @property
    def made(self) -> Earlier:
        """Return all of them."""
        figures = [one for bank in self._banks for one in bank.figures]
        numbers = np.concatenate(self._numbers)
        return Earlier(
            numbers, np.full(len(numbers), self._still.members), Bank(np.concatenate([bank.values for bank in self._banks]), figures)
        )


def _adjusted(question: Question, fit: Fit, held: _Held) -> list[tuple[np.ndarray, np.ndarray]]:
    """Run adjusted draws, in rounds until enough fit; return of each the values and what their last runs show.

    No round follows if all would bring too few, or if most of its draws would be those of the rounds before: of a small bank few are left.
    """
    rounds: list[tuple[np.ndarray, np.ndarray]] = []
    begun, fitting_ones = np.zeros((0, len(question.prior.turned))), np.zeros((0, len(question.prior.turned)))
    for number, start in enumerate(STARTS):
        at = fitting.aims(fit, round(SPARE * question.keep), start)
        with_these = distinct(np.concatenate([begun, at.z]))
        stale = len(with_these) - len(begun) < FRESH * len(at.z)
        hopeless = len(fitting_ones) * len(STARTS) < question.keep * number
        if number and (stale or hopeless or len(fitting_ones) >= question.keep):
            break
        begun = with_these
        values, again = _round(question, fit, at=at, number=number, there=fitting_ones, held=held)
        rounds.append((values, again))
        fitting_ones = distinct(np.concatenate([fitting_ones, values[fitting.kept(fitting.misses(fit, again))]]))
    return rounds


def _round(question: Question, fit: Fit, *, at: fitting.Aims, number: int, there: np.ndarray, held: _Held) -> tuple[np.ndarray, np.ndarray]:
    """Run draws, and those that miss a figure again after a step, until enough fit beside those that are there; return values and what their last runs show."""
    values = question.prior.at(at.z)
    names = fit.ready.data.names
    again = held(values, AGAIN + ROUND * number, f"adjusted draws, round {number + 1} of {len(STARTS)} at most").summaries(names)
    for step in range(STEPS):
        astray = ~fitting.kept(fitting.misses(fit, again))
        if len(distinct(np.concatenate([there, values[~astray]]))) >= question.keep:
            break
        moved_on = fitting.moved_on(fit, at, again)
        at = at._replace(z=np.where(astray[:, None], moved_on.z, at.z))
        values[astray] = question.prior.at(at.z[astray])
        first, what = ONCE_MORE + STEP * step + ROUND * number, f"those that miss a figure, after step {step + 1} of {STEPS} at most"
        again[astray] = held(values[astray], first, what).summaries(names)
    return values, again


def distinct(values: np.ndarray) -> np.ndarray:
    """Return rows (rows, numbers) once each, where they first stand: the heaviest draw may come again, and is one world all the same."""
    found: np.ndarray = values[different(values, np.ones(len(values), bool))]
    return found


def different(values: np.ndarray, which: np.ndarray) -> np.ndarray:
    """Return where those of the rows that `which` (rows,) marks stand that are different from all marked ones before, in their order."""
    marked = np.flatnonzero(which)
    _, first = np.unique(values[marked], axis=0, return_index=True)
    found: np.ndarray = marked[np.sort(first)]
    return found


def shift_between(question: Question, bank: Bank, large: Bank) -> Shift:
    """Return what is to be added to the bank's figures, so that they are those of the scenario's own size."""
    names = question.data.names
    return shift_of(question.prior.unit(bank.values), bank.summaries(names)[: len(large.values)], large.summaries(names))


def _bank(question: Question, runner: Runner, clock: Callable[[int], int | None], limit: Clock) -> Bank:
    """Return runs at draws of the prior: those that were made before, all of them, or as many as there is time for.

    Raises:
        BadInput: if those that were made before are not at the draws of the prior and the seed, or one of them made again shows something else.
    """
    values, what = question.prior.sample(question.draws, question.seed), "draws of the bank"
    if question.given is not None:
        if (question.given.rows(values, 1, question.members) < 0).any():
            rule = "hold the draws of this scenario's ranges and this seed"
            raise BadInput(must("--bank", rule, "others: a range, the order of the numbers or the seed is another"))
        return runner.runs(question.still, values, 1, what)
    before = clock(0)
    if before is not None:  # the time was enough for so many: the same command gives the same result
        values = values[:before]
    bank = runner.until(question.still, values, limit, what)
    if len(bank.values) < len(values):
        clock(len(bank.values))
    return bank


def _held_out(question: Question, fit: Fit, held: _Held) -> list[gating.Held]:
    """Return what a fit without a third of the figures foresees of them."""
    of = fit.ready
    out = gating.held_out(len(of.data.values), question.seed)
    if not out.any() or (~out).sum() < 2:
        return []
    part = fitting.fitted(fitting.without(of, out), np.zeros((0, 2, int((~out).sum()))))
    values = question.prior.at(fitting.aims(part, HELD_RUNS).z)
    runs = held(values, CHECKED, "runs without a third of the figures")
    return gating.predictions(of, out, runs.summaries(of.data.names))
