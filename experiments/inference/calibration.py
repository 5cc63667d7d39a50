"""A calibration from its question to its worlds: the bank, the fit, the draws that are run again, and the gates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.inference import gates as gating
from experiments.inference import posterior as fitting
from experiments.inference.bank import (
    AGAIN,
    CHECKED,
    ONCE_MORE,
    SHIFTED,
    STEP,
    TWICE,
    Bank,
    Clock,
    asked_at,
    bank_of,
    make,
    moved,
    still_for,
)
from experiments.inference.data import Data
from experiments.inference.gates import Gates
from experiments.inference.posterior import Fit
from experiments.inference.prior import Prior
from experiments.methods.main_effects import ROWS_A_TERM
from experiments.methods.size_shift import FEWEST as LEAST_SHIFT
from experiments.methods.size_shift import Shift, shift_of
from experiments.runs.scheduler import RunFailed
from sim.errors import BadInput, must

if TYPE_CHECKING:
    from collections.abc import Callable

    from experiments.inference.summaries import SummaryScheduler
    from experiments.runs.watch import Watch
    from sim.scenario.scenario import Scenario

REPEATED = 16  # draws that are run with a second seed, so that the noise of a run is known
SPARE = 1.5  # adjusted draws that are run for each that is wanted: some miss
STEPS = 3  # that a draw is moved at most, towards what it should show, while too few fit
HELD_RUNS = 20  # of a fit without a third of the figures
SAMPLED = 20  # of a bank that was made before, each such draw is run again: 5%
LEAST_DRAWS, FEWEST = 64, 50  # that may be asked for; of which that must have all figures


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
    given: Bank | None = None  # that was made before: a sample of it is run again, and must be the same
    shift: int = 0  # draws that are run at the scenario's own size, too, to move the bank's figures there; 0: they are not moved
    given_large: Bank | None = None  # these, of a bank that was made before

    @property
    def still(self) -> Scenario:
        """Return the scenario that is simulated in the bank."""
        return still_for(self.scenario, self.data, self.members)

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
        if self.keep < 2:
            raise BadInput(must("--keep", "be at least 2", self.keep))
        if self.shift:
            self._check_shift()
        _ = self.still

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
    values: np.ndarray  # (draws, parameters) of those that fit, in their units
    figures: np.ndarray  # (draws, figures) what their runs show
    missed: np.ndarray  # (draws, figures) by how many standard errors
    plain: np.ndarray  # (draws, parameters) of plain rejection
    dropped: int  # of those tried, that missed a figure
    gates: Gates
    large: Bank | None = None  # the first draws at the scenario's own size, if the bank's figures were moved there
    shift: Shift | None = None  # by what, of all figures of the data

    @property
    def data(self) -> Data:
        """Return the figures that were used."""
        return self.fit.ready.data

    @property
    def together(self) -> bool:
        """Tell whether the figures can be met together: the data are like a draw of the bank, and most adjusted draws do not miss."""
        return self.fit.together and self.dropped <= fitting.MOST_DROPPED * self.tried

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
    bank, values = _bank(question, scheduler, clock=clock, watch=watch, limit=limit)
    large = _large(question, values, scheduler, watch) if question.shift else None
    shift = None if large is None else shift_between(question, bank, large)
    ready = bank if shift is None else moved(bank, shift.added, question.data.names)
    of = fitting.agreeing(fitting.ready(ready, question.data, question.prior, question.seed))
    if len(of.z) < least(len(question.prior.turned)) or len(of.data.values) < 2:
        what = f"{len(of.z)} of {len(values)} draws show {len(of.data.values)} of {len(question.data.values)} figures"
        raise RunFailed(f"too little to fit: {what}; more --members, or more --draws")
    twice = _again(question, values[:REPEATED], first=TWICE, scheduler=scheduler, watch=watch, what="second runs").summaries(of.data.names)
    once = (large or bank).summaries(of.data.names)[: len(twice)]
    fit = fitting.fitted(of, np.stack([once, twice], axis=1))
    tried, again = _adjusted(question, fit, scheduler, watch)
    missed = fitting.misses(fit, again)
    good = fitting.kept(missed)
    chosen = np.flatnonzero(good)[: question.keep] if good.any() else np.arange(min(question.keep, len(tried)))
    gates = _gates(question, fit, scheduler, watch)
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
        gates=gates,
        large=large,
        shift=shift,
    )


def _adjusted(question: Question, fit: Fit, scheduler: SummaryScheduler, watch: Watch) -> tuple[np.ndarray, np.ndarray]:
    """Run adjusted draws, and those that miss a figure again after a step, until enough fit; return their values and what their last runs show."""
    at = fitting.aims(fit, round(SPARE * question.keep))
    values = question.prior.at(at.z)
    names = fit.ready.data.names
    again = _again(question, values, first=AGAIN, scheduler=scheduler, watch=watch, what="adjusted draws").summaries(names)
    for step in range(STEPS):
        astray = ~fitting.kept(fitting.misses(fit, again))
        if (~astray).sum() >= question.keep:
            break
        moved_on = fitting.moved_on(fit, at, again)
        at = at._replace(z=np.where(astray[:, None], moved_on.z, at.z))
        values[astray] = question.prior.at(at.z[astray])
        first, what = ONCE_MORE + STEP * step, f"those that miss a figure, after step {step + 1} of {STEPS} at most"
        again[astray] = _again(question, values[astray], first=first, scheduler=scheduler, watch=watch, what=what).summaries(names)
    return values, again


def shift_between(question: Question, bank: Bank, large: Bank) -> Shift:
    """Return what is to be added to the bank's figures, so that they are those of the scenario's own size."""
    names = question.data.names
    return shift_of(question.prior.unit(bank.values), bank.summaries(names)[: len(large.values)], large.summaries(names))


def _bank(
    question: Question, scheduler: SummaryScheduler, clock: Callable[[int], int | None], watch: Watch, limit: Clock
) -> tuple[Bank, np.ndarray]:
    values = question.prior.sample(question.draws, question.seed)
    if question.given is not None:
        return _given(question, question.given, values=values, scheduler=scheduler, watch=watch), values
    before = clock(0)
    if before is not None:  # the time was enough for so many: the same command gives the same result
        values = values[:before]
    wanted = asked_at(question.still, question.data, prior=question.prior, values=values, seed=question.seed, first=1)
    with watch.counted("draws of the bank") as advance:
        done = make(wanted, scheduler, advance, limit.over)
    if done < len(wanted):
        clock(done)
    return bank_of(wanted[:done], values, scheduler), values[:done]


def _given(question: Question, bank: Bank, values: np.ndarray, scheduler: SummaryScheduler, watch: Watch) -> Bank:
    """Return a bank that was made before, once a sample of its draws was run again and shows the same.

    Raises:
        BadInput: if its draws are not those of the prior and the seed, or a run shows something else.
    """
    if not np.allclose(bank.values, values, rtol=1e-12, atol=0.0):
        rule = "hold the draws of this scenario's ranges and this seed"
        raise BadInput(must("--bank", rule, "others: a range, the order of the numbers or the seed is another"))
    _check_sample(question, question.still, bank, first=1, scheduler=scheduler, watch=watch)
    return bank


def _large(question: Question, values: np.ndarray, scheduler: SummaryScheduler, watch: Watch) -> Bank:
    """Return the first draws at the scenario's own size; of those that were made before a sample is run again. Errors as of `_given`."""
    if question.given_large is not None:
        _check_sample(question, question.final, question.given_large, first=SHIFTED, scheduler=scheduler, watch=watch)
        return question.given_large
    return _again(question, values[: question.shift], first=SHIFTED, scheduler=scheduler, watch=watch, what="draws at the own size")


def _check_sample(question: Question, still: Scenario, bank: Bank, *, first: int, scheduler: SummaryScheduler, watch: Watch) -> None:
    """Refuse runs that were made before if some of them, made again, show something else."""
    sample = np.arange(0, len(bank.values), SAMPLED)
    wanted = [
        asked_at(still, question.data, prior=question.prior, values=bank.values[k : k + 1], seed=question.seed, first=first + int(k))[0]
        for k in sample
    ]
    with watch.counted("a sample of the bank, run again") as advance:
        make(wanted, scheduler, advance)
    again = bank_of(wanted, bank.values[sample], scheduler).summaries(question.data.names)
    there = bank.summaries(question.data.names)[sample]
    off = ~np.isclose(again, there, rtol=1e-9, atol=1e-12, equal_nan=True).all(axis=1)
    if off.any():
        rule = "be made by this version of the model, under the same design, days and members"
        raise BadInput(must("--bank", rule, f"{int(off.sum())} of {len(sample)} draws that show something else when they are run again"))


def _again(question: Question, values: np.ndarray, first: int, scheduler: SummaryScheduler, watch: Watch, what: str) -> Bank:
    """Return runs at these values, of the size that is held to the data, with seeds of their own."""
    wanted = asked_at(question.final, question.data, prior=question.prior, values=values, seed=question.seed, first=first)
    with watch.counted(what) as advance:
        make(wanted, scheduler, advance)
    return bank_of(wanted, values, scheduler)


def _gates(question: Question, fit: Fit, scheduler: SummaryScheduler, watch: Watch) -> Gates:
    of = fit.ready
    held: list[gating.Held] = []
    out = gating.held_out(len(of.data.values), question.seed)
    if out.any() and (~out).sum() >= 2:
        part = fitting.fitted(fitting.without(of, out), np.zeros((0, 2, int((~out).sum()))))
        values = question.prior.at(fitting.aims(part, HELD_RUNS).z)
        runs = _again(question, values, first=CHECKED, scheduler=scheduler, watch=watch, what="runs without a third of the figures")
        held = gating.predictions(of, out, runs.summaries(of.data.names))
    with watch.working("fitting to pseudo-logs from the bank"):
        return gating.check(fit, held, question.seed)
