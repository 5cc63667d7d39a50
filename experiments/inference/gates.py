"""Gates: is a posterior to be trusted? Each must pass, and each control, which is wrong on purpose, must be noticed.

- Calibration: for pseudo-logs from the bank, each fitted leave-one-out, the rank of the truth is even, all parameters together at 99%.
- Contraction: the posterior's spread is at most half of the prior's for every parameter that fits halve, which is decided without the data, and for
  every parameter that moves a figure no wider than in the widest of the fits to pseudo-logs.
- Held out: a random third of the figures is left out of a fit and predicted by it.
- Controls: the prior as posterior and shuffled figures must fail the contraction by more parameters than fits to pseudo-logs do, 99 of 100 of them;
  a posterior of half the spread the calibration.

Two things could be called identified, so that neither is. A parameter moves a figure if its first-order index is above .1, and above what chance gives.
That alone halves nothing: an index of .1 leaves a spread of sqrt(1 - .1), 95%, by that figure, and what the figures' tolerances hide, no index of runs
shows. So the fits to pseudo-logs, which have the errors of observation of the data, are asked: they halve a parameter if it moves a figure, and its spread
is halved in nine of ten.

How narrow numbers should become, and which combinations of them figures tell instead, is foreseen beside it in a straight-line approximation
(`methods.information`). This is no gate: but for which figures are fitted, it does not look at what was observed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.inference.posterior import contracted, contraction, fitted
from experiments.inference.prior import expit
from experiments.methods import abc, main_effects, rank_bands
from experiments.methods.information import Information, information

if TYPE_CHECKING:
    from experiments.inference.posterior import Fit, Ready

PSEUDO = 200  # logs from the bank at most
IDENTIFIED, CONTRACTED, LEVEL = 0.1, 0.5, 0.99
PART_HELD = 1.0 / 3.0
ALL_OF_THEM = 6  # parameters of the shipped scenario that fits must halve at least
TOLD = 0.9  # of the pseudo-logs, in which such a parameter is known twice as well


class Held(NamedTuple):
    """A figure that was left out of a fit, and what the fit says of it."""

    title: str
    observed: float
    predicted: float
    error: float  # of the prediction, with that of the observation
    inside: bool


class Gates(NamedTuple):
    """What the gates found."""

    ranks: np.ndarray  # (pseudo-logs, parameters)
    uneven: np.ndarray  # (parameters,) whose ranks leave the bands
    first: np.ndarray  # (figures, parameters) first-order indices
    moving: np.ndarray  # (parameters,) that move a figure
    expected: np.ndarray  # (parameters,) contraction that nine of ten pseudo-logs reach
    widest: np.ndarray  # (parameters,) contraction of the widest of all pseudo-logs
    halved: np.ndarray  # (parameters,) that move a figure, and that fits to pseudo-logs halve
    contraction: np.ndarray  # (parameters,) of the posterior
    held: list[Held]
    controls: dict[str, bool]  # by name: whether it was noticed
    information: Information  # how much these figures should tell, by their errors and the noise of runs

    @property
    def calibrated(self) -> bool:
        """Tell whether the ranks are even."""
        return not bool(self.uneven.any())

    @property
    def contracted(self) -> bool:
        """Tell whether the data halve every parameter that fits to pseudo-logs do, and none is unusually wide; false if these halve none."""
        return bool(self.halved.any() and (self.contraction[self.halved] <= CONTRACTED).all() and not self.wide.any())

    @property
    def wide(self) -> np.ndarray:
        """Return which parameters move a figure and are wider than in any fit to a pseudo-log: (parameters,)."""
        return unusual(self.contraction, self.moving, self.widest)

    @property
    def predicted(self) -> bool:
        """Tell whether what was held out was predicted."""
        return all(one.inside for one in self.held)

    @property
    def sound(self) -> bool:
        """Tell whether worlds differ as much as they should: ranks are even, what was held out is predicted, and all controls are noticed."""
        return self.calibrated and self.predicted and all(self.controls.values())

    @property
    def passed(self) -> bool:
        """Tell whether they are sound, and the data say something: all gates are passed and all controls noticed."""
        return self.sound and self.contracted


def check(fit: Fit, held: list[Held], seed: int) -> Gates:
    """Return what the gates find.

    Args:
        fit: of the data.
        held: what became of figures that were left out, by `predictions`.
        seed: of the choice of pseudo-logs, and of shuffling.
    """
    of = fit.ready
    rng = np.random.default_rng([seed, 29])
    unit = expit(of.z)
    first = main_effects.first_order(unit, of.clean)
    moving = np.asarray((first > max(IDENTIFIED, main_effects.by_chance(unit, of.clean, rng))).any(axis=0), bool)
    pseudo = np.sort(rng.permutation(len(of.z))[:PSEUDO])
    fits = list(abc.leave_one_out(of.z, of.noisy, pseudo))
    ranks, narrow = (np.array([abc.rank(one, of.z[row], s) for one, row in zip(fits, pseudo, strict=True)]) for s in (1.0, 0.5))
    spreads = np.array([contracted(one, of.z) for one in fits])
    expected, widest = np.quantile(spreads, TOLD, axis=0), spreads.max(axis=0)
    halved: np.ndarray = moving & (expected <= CONTRACTED)
    order = rng.permutation(len(of.z))
    once = np.zeros((0, 2, len(of.data.values)))
    prior_alone, shuffled = (contraction(fitted(of._replace(noisy=s), once)) for s in (np.ones_like(of.noisy), of.noisy[order]))
    controls = {
        "the prior as posterior": conspicuous(prior_alone, moving, spreads),
        "shuffled figures": conspicuous(shuffled, moving, spreads),
        "half the spread": bool(rank_bands.outside(narrow).any()),
    }
    return Gates(
        ranks,
        rank_bands.outside(ranks),
        first=first,
        moving=moving,
        expected=expected,
        widest=widest,
        halved=halved,
        contraction=contraction(fit),
        held=held,
        controls=controls,
        information=information(unit, of.clean, fit.covariance, rng),
    )


def unusual(found: np.ndarray, moving: np.ndarray, widest: np.ndarray) -> np.ndarray:
    """Return which parameters are wider than in any fit to a pseudo-log, of those that move a figure; all arrays are (parameters,)."""
    wide: np.ndarray = moving & (found > widest)
    return wide


def conspicuous(found: np.ndarray, moving: np.ndarray, spreads: np.ndarray) -> bool:
    """Tell whether more parameters are unusually wide than in 99 of 100 fits to pseudo-logs: one or two are by chance, of many.

    Args:
        found: (parameters,) contraction.
        moving: (parameters,) that move a figure.
        spreads: (pseudo-logs, parameters) contraction of the fits to these, each of which is held against all others.
    """
    highest = np.sort(spreads, axis=0)
    others = np.where(spreads == highest[-1], highest[-2], highest[-1])
    by_chance = (moving & (spreads > others)).sum(axis=1)
    return bool(unusual(found, moving, highest[-1]).sum() > np.quantile(by_chance, LEVEL, method="higher"))


def held_out(figures: int, seed: int) -> np.ndarray:
    """Return which figures are left out, a third of them drawn by the seed: (figures,)."""
    out = np.zeros(figures, bool)
    out[np.random.default_rng([seed, 31]).permutation(figures)[: round(PART_HELD * figures)]] = True
    return out


def predictions(of: Ready, out: np.ndarray, again: np.ndarray) -> list[Held]:
    """Return what a fit without some figures says of them: all must lie within its intervals, together at 99%.

    Args:
        of: the bank and the data, with all figures.
        out: (figures,) those that were left out.
        again: (draws, figures) what runs at that fit's draws show.
    """
    from scipy.stats import t

    found, errors = [], of.data.errors
    places = np.flatnonzero(out)
    for k in places:
        runs = again[np.isfinite(again[:, k]), k]
        if len(runs) < 3:
            found.append(Held(of.data.titles[k], float(of.data.values[k]), float("nan"), float("nan"), inside=False))
            continue
        error = float(np.hypot(runs.std(ddof=1) * np.sqrt(1.0 + 1.0 / len(runs)), errors[k]))
        reach = float(t.ppf(1.0 - (1.0 - LEVEL) / len(places) / 2.0, len(runs) - 1)) * error
        mean = float(runs.mean())
        found.append(Held(of.data.titles[k], float(of.data.values[k]), mean, error, inside=abs(mean - float(of.data.values[k])) <= reach))
    return found
