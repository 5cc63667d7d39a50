"""Paired statistics: differences, ratios, simultaneous intervals, stopping, verdicts.

The unit is the pair: both arms with one population seed and one dynamics seed. Arrays are float64 over pairs.
Figures are the same bytes on any processor: no product of matrices is rounded by BLAS, which sums in an order of its own.
"""

from __future__ import annotations

import functools
import math
from typing import NamedTuple

import numpy as np

LEVEL = 0.95
FIELLER_FROM = 0.2  # coefficient of variation of the denominator, beyond which the linearised interval is too short
LEAST_PAIRS = 20  # starting at five pairs covers 0.86 where 0.95 is promised
FLIPS = 4000
BEST_AT = 32  # pairs, of a confidence sequence
LEAST_FLIPPED = 10  # pairs
ROUNDING = 1e-9  # of a bound: what two bounds differ by where differences are equal, but for how their numbers round
LEAST_ALIKE = 10  # pairs whose equal differences are taken for an interval without width; assumed
NO_DIFFERENCE, BETTER, WORSE, HIGHER, LOWER, NOT_DECIDED = (
    "no difference that matters",
    "better",
    "worse",
    "higher",
    "lower",
    "not decided",
)


class Interval(NamedTuple):
    """An estimate with its bounds; nan where it is undefined, infinite where it is unbounded."""

    estimate: float
    low: float
    high: float


@functools.cache  # a sweep asks for a few of them, a million times
def _t(pairs: int, level: float = LEVEL) -> float:
    return _quantile(0.5 + level / 2.0, pairs)


def _quantile(p: float, pairs: int) -> float:
    from scipy import special  # `stats` has the same number, and takes a second to load

    return float(special.stdtrit(pairs - 1, p))


def mean_interval(y: np.ndarray, level: float = LEVEL) -> Interval:
    """Return the mean of `y` with its t interval; without width where all values are equal, nan below two values."""
    n = len(y)
    if n == 0:
        return Interval(math.nan, math.nan, math.nan)
    mean = float(np.mean(y))
    if n == 1:
        return Interval(mean, math.nan, math.nan)
    half = _t(n, level) * float(np.std(y, ddof=1)) / math.sqrt(n)
    return Interval(mean, mean - half, mean + half)


def paired_difference(y1: np.ndarray, y0: np.ndarray, level: float = LEVEL) -> Interval:
    """Return the mean difference of the arms with its t interval."""
    return mean_interval(np.asarray(y1) - np.asarray(y0), level)


def mean_intervals(y: np.ndarray) -> list[Interval]:
    """Return `mean_interval` of each row of (measures, pairs), which are one or more."""
    means, n = y.mean(axis=1), y.shape[1]
    if n == 1:
        return [Interval(float(mean), math.nan, math.nan) for mean in means]
    halves = _t(n) * y.std(axis=1, ddof=1) / math.sqrt(n)
    return [Interval(*row) for row in zip(means.tolist(), (means - halves).tolist(), (means + halves).tolist(), strict=True)]


def ratios_of_means(y1: np.ndarray, y0: np.ndarray) -> list[Interval]:
    """Return mean(y1) / mean(y0) of each row with a log interval from linearised errors, or Fieller's where y0 varies a lot.

    Undefined (nan) where the mean of y0 is zero; Fieller's bounds are infinite where y0 may be zero.
    """
    n, above, below = y1.shape[1], y1.mean(axis=1), y0.mean(axis=1)
    if n < 2:
        return [Interval(math.nan, math.nan, math.nan)] * len(y1)
    with np.errstate(divide="ignore", invalid="ignore"):  # where below is zero, nothing of this is used
        theta = above / below
        spread = np.abs(y0.std(axis=1, ddof=1) / below)
        error = ((y1 - theta[:, None] * y0) / below[:, None]).std(axis=1, ddof=1) / math.sqrt(n)
    out = []
    for k, (ratio, varies, e) in enumerate(zip(theta.tolist(), spread.tolist(), error.tolist(), strict=True)):
        if below[k] == 0.0:
            out.append(Interval(math.nan, math.nan, math.nan))
        elif varies > FIELLER_FROM or ratio <= 0.0:
            out.append(fieller(y1[k], y0[k]))
        else:
            factor = math.exp(_t(n) * e / ratio)
            out.append(Interval(ratio, ratio / factor, ratio * factor))
    return out


def fieller(y1: np.ndarray, y0: np.ndarray, level: float = LEVEL) -> Interval:
    """Return Fieller's interval of the ratio of two means that vary together."""
    n = len(y0)
    y = np.array([y1, y0])
    means = y.mean(axis=1)
    a, b = means.tolist()
    y -= means[:, None]
    c11, c01, c00 = (float((u * v).sum()) / (n - 1) / n for u, v in ((y[0], y[0]), (y[0], y[1]), (y[1], y[1])))  # of the means
    q = _t(n, level) ** 2
    lead, middle, last = b * b - q * c00, a * b - q * c01, a * a - q * c11
    if lead <= 0.0:
        return Interval(a / b, -math.inf, math.inf)
    half = math.sqrt(max(0.0, middle * middle - lead * last))  # of pairs with one ratio it is zero, but for rounding
    return Interval(a / b, (middle - half) / lead, (middle + half) / lead)


def pairing_gains(y1: np.ndarray, y0: np.ndarray) -> list[float]:
    """Return the variance reduction: by what factor common random numbers lower the variance of each row's difference; nan where nothing varies, inf if all of it."""
    if y1.shape[1] < 2:
        return [math.nan] * len(y1)
    apart = (y1.var(axis=1, ddof=1) + y0.var(axis=1, ddof=1)).tolist()
    together = (y1 - y0).var(axis=1, ddof=1).tolist()
    return [(math.inf if a > 0.0 else math.nan) if t == 0.0 else a / t for a, t in zip(apart, together, strict=True)]


@functools.cache  # whoever asks gets the same matrix: it cannot be written to
def flip_signs(pairs: int, flips: int = FLIPS) -> np.ndarray:
    """Return a (flips, pairs) matrix of signs: all of them where there are few, else a fixed random choice."""
    if 2**pairs <= flips:
        signs = 1.0 - 2.0 * (np.arange(2**pairs)[:, None] >> np.arange(pairs)[None, :] & 1)
    else:
        signs = np.random.default_rng(pairs).choice([-1.0, 1.0], (flips, pairs))
    signs.setflags(write=False)
    return signs


def exactly_summed(x: np.ndarray) -> np.ndarray:
    """Return the columns of `x` rounded to steps so fine, and so coarse, that sums of their entries with any signs are exact.

    A product with a matrix of signs then has the same bytes in any order of summation, and BLAS may choose its own. A step is
    2**-52 of the largest entry, times the number of entries or up to twice that.
    """
    bits = (len(x) - 1).bit_length()
    step = np.ldexp(1.0, np.frexp(np.abs(x).max(axis=0))[1] + bits - 53)
    rounded: np.ndarray = np.rint(x / step) * step
    return rounded


def critical_value(differences: np.ndarray, signs: np.ndarray | None = None) -> float:
    """Return the quantile of max |t| over the columns of (pairs, measures), by flipping the signs of the centred rows.

    Columns without variance take no part. Never below the t quantile of one interval.
    """
    pairs = len(differences)
    least = _t(pairs)
    centred = differences - differences.mean(axis=0)
    spread = centred.std(axis=0, ddof=1)
    centred = centred[:, spread > 1e-12 * np.maximum(np.abs(differences).max(axis=0), 1e-300)]
    measures = centred.shape[1]
    if measures < 2:
        return least
    if pairs < LEAST_FLIPPED:  # too few signs to flip: Bonferroni's bound
        return _t(pairs, 1.0 - (1.0 - LEVEL) / measures)
    signs = flip_signs(pairs) if signs is None else signs
    means = signs @ exactly_summed(centred) / pairs
    squares = (centred * centred).sum(axis=0)[None, :]
    variance = np.maximum(squares - pairs * (means * means), 1e-300) / (pairs - 1)
    largest = np.abs(means / np.sqrt(variance / pairs)).max(axis=1)
    return max(least, float(np.quantile(largest, LEVEL)))


def simultaneous(differences: np.ndarray, critical: float | None = None) -> list[Interval]:
    """Return intervals of the column means that all hold together in 95% of cases; `critical` if it is known."""
    pairs = len(differences)
    if pairs < 2:
        return [mean_interval(column) for column in differences.T]
    critical = critical_value(differences) if critical is None else critical
    means = differences.mean(axis=0)
    half = critical * differences.std(axis=0, ddof=1) / math.sqrt(pairs)
    return [Interval(float(m), float(m - h), float(m + h)) for m, h in zip(means, half, strict=True)]


def precise_enough(d: np.ndarray, relative: float = 0.1, smallest_effect: float = 0.0) -> bool:
    """Tell whether at least 20 differences pin their mean down: half-width at most g / (1 + g) of it.

    Also when the half-width is under half the smallest effect that matters, since a mean near zero never is precise.
    """
    if len(d) < LEAST_PAIRS:
        return False
    mean, low, _ = mean_interval(d)
    half = mean - low
    return half <= relative / (1.0 + relative) * abs(mean) or half < smallest_effect / 2.0


def confidence_sequence(d: np.ndarray) -> Interval:
    """Return the asymptotic confidence sequence at this look (Waudby-Smith et al., arXiv 2103.06476).

    It holds at all looks together, so one may look after every pair; tightest at `BEST_AT` pairs.
    """
    n, alpha = len(d), 1.0 - LEVEL
    rho2 = (-2.0 * math.log(alpha) + math.log(1.0 - 2.0 * math.log(alpha))) / BEST_AT
    mean, s = float(np.mean(d)), float(np.std(d, ddof=1))
    inner = n * rho2 + 1.0
    half = s * math.sqrt(2.0 * inner / (n * n * rho2) * math.log(math.sqrt(inner) / alpha))
    return Interval(mean, mean - half, mean + half)


def decided(d: np.ndarray, smallest_effect: float) -> bool:
    """Tell whether the sequence excludes zero or lies inside the smallest effect; first look at 20 pairs."""
    if len(d) < LEAST_PAIRS:
        return False
    _, low, high = confidence_sequence(d)
    return low > 0.0 or high < 0.0 or (-smallest_effect < low and high < smallest_effect)


def without_width(low: float, high: float) -> bool:
    """Tell whether bounds differ by rounding alone: what they bound is the same in every pair."""
    return high - low <= ROUNDING * max(abs(low), abs(high))


def told_apart(interval: Interval, pairs: int) -> Interval:
    """Return an interval, without bounds if it has no width and rests on few pairs: that those are equal says nothing of others."""
    alike = without_width(interval.low, interval.high)
    return Interval(interval.estimate, math.nan, math.nan) if alike and pairs < LEAST_ALIKE else interval


def verdict(interval: Interval, smallest_effect: float, direction: str) -> str:
    """Return the verdict on a difference in words; `direction` is that of the measure."""
    _, low, high = interval
    if not (math.isfinite(low) and math.isfinite(high)):
        return NOT_DECIDED
    if -smallest_effect < low and high < smallest_effect:
        return NO_DIFFERENCE
    if low <= 0.0 <= high:
        return NOT_DECIDED
    up = low > 0.0
    if direction == "neither":
        return HIGHER if up else LOWER
    return BETTER if up == (direction == "higher better") else WORSE


def detectable_difference(sd: float, pairs: int, power: float = 0.8, level: float = LEVEL) -> float:
    """Return the smallest mean difference that so many pairs would find with this power."""
    return (_t(pairs, level) + _quantile(power, pairs)) * sd / math.sqrt(pairs)


def band(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (mean, low, high) per column of (pairs, days), each with the rows that are defined there."""
    there = np.isfinite(values)
    n = there.sum(axis=0)
    filled = np.where(there, values, 0.0)
    mean = np.divide(filled.sum(axis=0), n, out=np.full(len(n), np.nan), where=n > 0)
    squares = np.where(there, np.square(values - mean), 0.0).sum(axis=0)
    variance = np.divide(squares, n - 1, out=np.full(len(n), np.nan), where=n > 1)
    t = np.array([_t(int(k)) if k > 1 else np.nan for k in n])
    half = t * np.sqrt(variance / np.maximum(n, 1))
    return mean, mean - half, mean + half
