"""Gates: is a posterior to be trusted? Each must pass, and each control, which is wrong on purpose, must be noticed.

- Calibration: for pseudo-logs from the bank, each fitted leave-one-out, the rank of the truth is even, all parameters together at 99%.
- Contraction: the posterior's spread is at most half of the prior's for every parameter that a screening, done before the fit, calls identified:
  one whose first-order index is above .1 for some figure, and above what chance gives: the largest of a bank whose figures are shuffled.
- Held out: a random third of the figures is left out of a fit and predicted by it.
- Controls: the prior as posterior and shuffled figures must fail the contraction, a posterior of half the spread the calibration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.inference.posterior import contraction, fitted
from experiments.methods import abc, rank_bands
from experiments.optional_imports import needs

if TYPE_CHECKING:
    from experiments.inference.posterior import Fit, Ready
    from experiments.inference.prior import Prior

PSEUDO = 200  # logs from the bank at most
IDENTIFIED, CONTRACTED, LEVEL = 0.1, 0.5, 0.99
PART_HELD = 1.0 / 3.0
ALL_OF_THEM = 6  # parameters of the shipped scenario that must be identified at least
HARMONICS = 10  # of the random-balance design by which indices are estimated


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
    identified: np.ndarray  # (parameters,)
    contraction: np.ndarray  # (parameters,) of the posterior
    held: list[Held]
    controls: dict[str, bool]  # by name: whether it was noticed

    @property
    def calibrated(self) -> bool:
        """Tell whether the ranks are even."""
        return not bool(self.uneven.any())

    @property
    def contracted(self) -> bool:
        """Tell whether every identified parameter is known twice as well as before, at least; false if there is none."""
        return bool(self.identified.any() and (self.contraction[self.identified] <= CONTRACTED).all())

    @property
    def predicted(self) -> bool:
        """Tell whether what was held out was predicted."""
        return all(one.inside for one in self.held)

    @property
    def passed(self) -> bool:
        """Tell whether all gates are passed and all controls noticed."""
        return self.calibrated and self.contracted and self.predicted and all(self.controls.values())


def first_order(ready: Ready, prior: Prior) -> np.ndarray:
    """Return the first-order index of each figure by each parameter, from the bank as simulated: (figures, parameters).

    By random balance designs (Tarantola et al. 2006, as SALib has it), which take any sample, with its correction for bias.
    """
    analyze = needs("SALib.analyze.rbd_fast", abc.EXTRA).analyze
    names = [one.path for one in prior.turned]
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    found = np.zeros((ready.clean.shape[1], len(names)))
    for k, column in enumerate(ready.clean.T):
        if column.std() > 0.0:
            found[k] = analyze(problem, ready.z, column, M=HARMONICS, num_resamples=2, seed=1)["S1"]
    return np.nan_to_num(found)


def check(fit: Fit, prior: Prior, held: list[Held], seed: int) -> Gates:
    """Return what the gates find.

    Args:
        fit: of the data.
        prior: of the bank.
        held: what became of figures that were left out, by `predictions`.
        seed: of the choice of pseudo-logs, and of shuffling.
    """
    of = fit.ready
    rng = np.random.default_rng([seed, 29])
    first = first_order(of, prior)
    floor = max(IDENTIFIED, float(first_order(of._replace(clean=of.clean[rng.permutation(len(of.z))]), prior).max()))
    identified = np.asarray((first > floor).any(axis=0), bool)
    pseudo = np.sort(rng.permutation(len(of.z))[:PSEUDO])
    ranks, halved = abc.ranks(of.z, of.noisy, pseudo, spreads=(1.0, 0.5))
    order = rng.permutation(len(of.z))
    once = np.zeros((0, 2, len(of.data.values)))
    prior_alone, shuffled = (contraction(fitted(of._replace(noisy=s), once)) for s in (np.ones_like(of.noisy), of.noisy[order]))
    controls = {
        "the prior as posterior": bool((prior_alone[identified] > CONTRACTED).any()),
        "shuffled figures": bool((shuffled[identified] > CONTRACTED).any()),
        "half the spread": bool(rank_bands.outside(halved).any()),
    }
    return Gates(ranks, rank_bands.outside(ranks), first, identified, contraction(fit), held, controls)


def held_out(figures: int, seed: int) -> np.ndarray:
    """Return which figures are left out, a third of them drawn by the seed: (figures,)."""
    out = np.zeros(figures, bool)
    out[np.random.default_rng([seed, 31]).permutation(figures)[: round(PART_HELD * figures)]] = True
    return out


def without(of: Ready, out: np.ndarray) -> Ready:
    """Return the bank and the data without some figures."""
    return of._replace(data=of.data.some(np.flatnonzero(~out).tolist()), clean=of.clean[:, ~out], noisy=of.noisy[:, ~out])


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
