"""The posterior: a bank, data, and what fits; adjusted draws are simulated again, and those that miss are dropped.

Two kinds of figures are named and not fitted, by rules that know nothing of how well a fit goes. No draw mends them, and each would drop every draw:

- Beyond the model: fewer than one draw of twenty shows it, within three standard errors of the observation, and it lies outside the central 99% of what
  draws show with the error of observation (a prior predictive check). A share of the draws, since the nearest of some hundred comes near to anything at
  last; and outside, since few draws come within three of the tiny errors of a large log, where the model may well show more and less.
- Against the others: what all other figures say of it, through the model, is more than three standard errors away (node-splitting, as networks of
  evidence are checked; Dias et al. 2010). The worst is left out, and the rest asked again. If more than a fifth go so, it is the model that fails and not
  some figure: all are fitted, and what becomes of that is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.inference.bank import LOST
from experiments.inference.prior import expit, logit
from experiments.methods import abc

if TYPE_CHECKING:
    from experiments.inference.bank import Bank
    from experiments.inference.data import Data
    from experiments.inference.prior import Prior

MISSES = 3.0  # standard errors by which a draw may miss a figure
ENOUGH = 20  # draws that show the figures: with fewer they are assumptions
STRANGE = 0.99  # of the bank's own draws lie nearer to the rest than data that are unusual for these ranges
MOST_DROPPED = 0.5  # of the adjusted draws, beyond which they are said not to fit
SHOWN = 0.05  # of the draws: what fewer show may be beyond the model
EDGE = 0.005  # of the draws: with fewer on one side, an observation lies outside the central 99%
MOST_AGAINST = 0.2  # of the figures, that may be against the others


class Ready(NamedTuple):
    """A bank made ready for data: what has no figure is left out."""

    data: Data  # of the figures that are used
    z: np.ndarray  # (draws, parameters) on the scale without bounds
    clean: np.ndarray  # (draws, figures) as simulated
    noisy: np.ndarray  # with the error of observation
    left_out: tuple[str, ...]  # titles of figures that too few runs have
    beyond: tuple[str, ...]  # titles of figures that hardly any draw of the bank shows
    against: tuple[Against, ...] = ()  # figures that the others contradict, the worst first


class Against(NamedTuple):
    """A figure, and what all others say of it."""

    title: str
    unit: str
    observed: float
    expected: float
    off: float  # standard errors by which it is above what is expected


class Fit(NamedTuple):
    """What fits."""

    ready: Ready
    posterior: abc.Posterior
    strangeness: float  # share of the bank's draws that lie nearer to the rest than the data do
    noise: np.ndarray  # (figures,) standard deviation of a figure over seeds of one draw

    @property
    def covariance(self) -> np.ndarray:
        """Return the covariance of the errors of observation with the noise of a single run: (figures, figures)."""
        found: np.ndarray = self.ready.data.covariance + np.diag(self.noise**2)
        return found

    @property
    def together(self) -> bool:
        """Tell whether the model may meet the figures together: few are against the others. What lies at the edge of the bank may still be met."""
        return not self.quarrel

    @property
    def unusual(self) -> bool:
        """Tell whether the figures lie at the edge of what the bank shows, or beyond it."""
        return self.strangeness >= STRANGE

    @property
    def quarrel(self) -> bool:
        """Tell whether so many figures are against the others that all are fitted all the same."""
        return bool({one.title for one in self.ready.against} & set(self.ready.data.titles))


def ready(bank: Bank, data: Data, prior: Prior, seed: int) -> Ready:
    """Return a bank made ready for data: figures that a tenth of the runs lack, or that hardly any shows, are left out, then runs that lack one."""
    s = bank.summaries(data.names)
    there = np.isfinite(s[[one is not None for one in bank.figures]])
    known = there.mean(axis=0) >= 1.0 - LOST if len(there) else np.zeros(len(data.names), bool)
    near = np.abs(np.nan_to_num(s, nan=np.inf) - data.values) <= MISSES * data.errors
    shown = (near.mean(axis=0) >= SHOWN) | is_inside(s + data.noise(len(s), seed), data.values)
    kept = np.flatnonzero(known & shown)
    used = data.some(kept.tolist())
    rows = np.isfinite(s[:, kept]).all(axis=1)
    clean = s[rows][:, kept]
    noisy = clean + used.noise(len(s), seed)[rows]
    left, beyond = (tuple(title for title, out in zip(data.titles, which, strict=True) if out) for which in (~known, known & ~shown))
    return Ready(used, logit(prior.unit(bank.values[rows])), clean=clean, noisy=noisy, left_out=left, beyond=beyond)


def is_inside(draws: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Tell of each figure whether its value (figures,) lies within the central 99% of what `draws` (draws, figures) show; NaN shows nothing."""
    there = np.maximum(np.isfinite(draws).sum(axis=0), 1)
    below, above = (draws <= values).sum(axis=0) / there, (draws >= values).sum(axis=0) / there
    inside: np.ndarray = np.minimum(below, above) >= EDGE
    return inside


def without(of: Ready, out: np.ndarray) -> Ready:
    """Return the bank and the data without some figures: `out` is (figures,)."""
    return of._replace(data=of.data.some(np.flatnonzero(~out).tolist()), clean=of.clean[:, ~out], noisy=of.noisy[:, ~out])


def agreeing(of: Ready) -> Ready:
    """Return the bank and the data without figures that the others contradict; with all of them if they are too many."""
    left, most = of, int(MOST_AGAINST * len(of.data.values))
    while len(left.against) <= most:
        asked = [_of_others(left, k) for k in range(len(left.data.values))] if len(left.data.values) > 2 else []
        worst = int(np.argmax([abs(one.off) for one in asked])) if asked else 0
        if not asked or abs(asked[worst].off) <= MISSES:
            return left
        left = without(left, np.arange(len(asked)) == worst)._replace(against=(*left.against, asked[worst]))
    return of._replace(against=left.against)


def _of_others(of: Ready, k: int) -> Against:
    """Return what the other figures say of one: figures take the place of parameters, so nothing is run."""
    data, rest = of.data, np.arange(len(of.data.values)) != k
    post = abc.fit(of.clean[:, [k]], of.noisy[:, rest], data.values[rest])
    expected, observed = float(post.mean()[0]), float(data.values[k])
    error = float(np.hypot(post.spread()[0], data.errors[k]))
    return Against(data.titles[k], data.units[k], observed=observed, expected=expected, off=(observed - expected) / error)


def fitted(of: Ready, twice: np.ndarray) -> Fit:
    """Return the draws that fit.

    Args:
        of: the bank and the data.
        twice: (draws, 2, figures) of draws that were run with two seeds; none will do.
    """
    posterior = abc.fit(of.z, of.noisy, of.data.values)
    return Fit(of, posterior, strangeness(of.noisy, of.data.values), _noise(twice, of))


def _noise(twice: np.ndarray, of: Ready) -> np.ndarray:
    """Return the standard deviation of a figure over seeds, from pairs of runs."""
    if not len(twice):
        return np.zeros(len(of.data.values))
    difference = twice[:, 0] - twice[:, 1]
    found: np.ndarray = np.nan_to_num(np.sqrt(np.nanmean(difference**2, axis=0) / 2.0))
    return found


def strangeness(noisy: np.ndarray, observed: np.ndarray) -> float:
    """Return the share of draws that lie nearer to the middle of the bank than the data, by Mahalanobis's distance.

    The figures' covariance is that of the bank with errors of observation: figures that no draw has together are far from it.
    """
    centre = noisy.mean(axis=0)
    covariance = np.atleast_2d(np.cov(noisy, rowvar=False))
    inverse = np.linalg.pinv(covariance, hermitian=True)

    def distance(rows: np.ndarray) -> np.ndarray:
        found: np.ndarray = np.einsum("ij,jk,ik->i", rows - centre, inverse, rows - centre)
        return found

    return float((distance(noisy) < distance(observed[None, :])[0]).mean())


class Aims(NamedTuple):
    """Adjusted draws, and what each should show."""

    z: np.ndarray  # (draws, parameters) on the scale without bounds
    figures: np.ndarray  # (draws, figures) the data less the error of observation that a draw was made with


def aims(fit: Fit, many: int, start: float = 0.5) -> Aims:
    """Return draws of equal weight at which the model is run again, and what they should show; another `start` gives others, as of `abc.resampled`."""
    rows = abc.resampled(fit.posterior, many, start)
    error = (fit.ready.noisy - fit.ready.clean)[fit.posterior.rows[rows]]
    return Aims(fit.posterior.theta[rows], fit.ready.data.values - error)


def moved_on(fit: Fit, at: Aims, again: np.ndarray) -> Aims:
    """Return draws, moved along the regression by what their runs show.

    A regression over a wide bank is straight where the model is not, so that runs at adjusted draws show something else than it foresaw. The difference
    from what a draw should show moves it, as a step of an iterative ensemble smoother does (Evensen et al. 2019).

    Args:
        fit: that the draws are of.
        at: where they are.
        again: (draws, figures) what their runs show; a draw is not moved by a figure that its run lacks.
    """
    off = np.nan_to_num(again - at.figures)
    return at._replace(z=at.z - off @ fit.posterior.slope.T)


def plain(fit: Fit, many: int) -> np.ndarray:
    """Return draws of plain rejection, not moved: (many, parameters) on the scale without bounds."""
    found: np.ndarray = fit.posterior.plain[abc.resampled(fit.posterior, many)]
    return found


def misses(fit: Fit, again: np.ndarray) -> np.ndarray:
    """Return by how many standard errors each draw's run misses each figure: (draws, figures).

    The standard error is that of the observation with that of a single run; nan where a run has no figure.
    """
    error = np.sqrt(np.diag(fit.covariance))
    found: np.ndarray = (again - fit.ready.data.values) / error
    return found


def kept(missed: np.ndarray, limit: float = MISSES) -> np.ndarray:
    """Tell which draws miss no figure by more than so many standard errors: (draws,). A run without a figure misses it."""
    found: np.ndarray = (np.abs(np.nan_to_num(missed, nan=np.inf)) <= limit).all(axis=1)
    return found


def contraction(fit: Fit) -> np.ndarray:
    """Return the posterior's standard deviation over the prior's, as shares of the range: (parameters,)."""
    return contracted(fit.posterior, fit.ready.z)


def contracted(posterior: abc.Posterior, z: np.ndarray) -> np.ndarray:
    """Return the standard deviation of a posterior over that of draws of the prior `z`, both as shares of the range: (parameters,)."""
    unit = expit(posterior.theta)
    spread = np.sqrt(posterior.weights @ (unit - posterior.weights @ unit) ** 2)
    found: np.ndarray = spread / expit(z).std(axis=0)
    return found
