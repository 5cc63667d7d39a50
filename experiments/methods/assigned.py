"""Estimators of a randomised test: difference in means, ratios by the delta method, CUPED, clusters, pairs, one's own exposure.

A unit has a number y (of a ratio: y over d), an arm (treated or not), perhaps a number x of the time before. What is estimated is
treated less untreated. All arrays are (units,) of float64, arms of bool. Sums are NumPy's own: no product is rounded by BLAS.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

LEVEL = 0.95
LEAST_UNITS = 2  # of an arm: fewer have no variance
LEAST_CHANCE, LEAST_COVERED = 0.01, 0.8  # of an exposure, and the share of units that must have it at all


class Estimate(NamedTuple):
    """An effect with its standard error and degrees of freedom; nan where it cannot be estimated."""

    effect: float
    error: float
    freedom: float

    @property
    def bounds(self) -> tuple[float, float]:
        """Return the 95% confidence interval."""
        from scipy import special

        if not (math.isfinite(self.error) and self.freedom > 0.0):
            return math.nan, math.nan
        half = float(special.stdtrit(self.freedom, 0.5 + LEVEL / 2.0)) * self.error
        return self.effect - half, self.effect + half

    @property
    def differs(self) -> bool:
        """Tell whether the interval excludes zero."""
        low, high = self.bounds
        return low > 0.0 or high < 0.0


NOT_ESTIMABLE = Estimate(math.nan, math.nan, math.nan)


def difference(y: np.ndarray, treated: np.ndarray) -> Estimate:
    """Return the difference in means with Welch's error and degrees of freedom (Welch 1947)."""
    parts = [_mean(y[treated == arm]) for arm in (True, False)]
    if any(n < LEAST_UNITS for _, _, n in parts):
        return NOT_ESTIMABLE
    (one, var_one, n_one), (zero, var_zero, n_zero) = parts
    a, b = var_one / n_one, var_zero / n_zero
    spread = a * a / (n_one - 1) + b * b / (n_zero - 1)
    return Estimate(one - zero, math.sqrt(a + b), (a + b) ** 2 / spread if spread > 0.0 else n_one + n_zero - 2.0)


def stratified(y: np.ndarray, treated: np.ndarray, strata: np.ndarray) -> Estimate:
    """Return the mean over strata, by size, of the differences within each, where each was dealt to apart.

    Strata with fewer than two units in an arm are taken together.
    """
    _, place = np.unique(strata, return_inverse=True)
    few = np.minimum(np.bincount(place[treated], minlength=place.max() + 1), np.bincount(place[~treated], minlength=place.max() + 1))
    place = np.where(few[place] < LEAST_UNITS, -1, place)
    effect = variance = spread = 0.0
    for k in np.unique(place):
        here = place == k
        weight = float(here.mean())
        parts = [_mean(y[here & (treated == arm)]) for arm in (True, False)]
        if any(n < LEAST_UNITS for _, _, n in parts):
            return NOT_ESTIMABLE
        effect += weight * (parts[0][0] - parts[1][0])
        for _, var, n in parts:
            part = weight * weight * var / n
            variance += part
            spread += part * part / (n - 1)
    return Estimate(effect, math.sqrt(variance), variance * variance / spread if spread > 0.0 else len(y) - 2.0)


def increasing_allocation(change: np.ndarray, treated: np.ndarray, seed: int, times: int = 999) -> float:
    """Return the p-value of the hypothesis that nobody disturbs anybody, from those who keep their arm while more are treated.

    The permutation test under a time fixed effect (Han, Li, Mao and Wu 2022, arXiv 2211.03262): if a step adds the same to all, and others'
    arms do not matter, then the change of those who stay treated is distributed as that of those who stay untreated. An effect that
    grows or wears off with time breaks this, too.

    Args:
        change: of each unit from one step to the next, (units,).
        treated: in both steps; the others are in neither.
        seed: of the permutations.
        times: permutations.
    """
    from scipy import stats

    groups = change[treated], change[~treated]
    if min(map(len, groups)) < LEAST_UNITS:
        return math.nan

    def apart(one: np.ndarray, other: np.ndarray, axis: int) -> np.ndarray:
        found: np.ndarray = one.mean(axis=axis) - other.mean(axis=axis)
        return found

    return float(stats.permutation_test(groups, apart, n_resamples=times, vectorized=True, rng=np.random.default_rng(seed)).pvalue)


def _mean(y: np.ndarray) -> tuple[float, float, int]:
    n = len(y)
    return (float(y.mean()), float(y.var(ddof=1)), n) if n >= LEAST_UNITS else (math.nan, math.nan, n)


def linearised(y: np.ndarray, d: np.ndarray, treated: np.ndarray) -> tuple[np.ndarray, float]:
    """Return (each unit's share in its arm's ratio, the difference of ratios), by the delta method (Deng, Knoblich and Lu 2018).

    The mean of an arm's shares is its ratio, sum(y) / sum(d), and their variance over the units is that of the ratio to first order.
    """
    ratios, scales = [], []
    for here in (treated, ~treated):
        total, base = float(y[here].sum()), float(d[here].sum())
        ratios.append(total / base if base else math.nan)
        scales.append(here.sum() / base if base else math.nan)
    ratio = np.where(treated, *ratios)
    return ratio + (y - ratio * d) * np.where(treated, *scales), ratios[0] - ratios[1]


def adjusted(y: np.ndarray, x: np.ndarray, late: np.ndarray | None = None) -> np.ndarray:
    """Return y less what x, a covariate of the time before, says of it (CUPED: Deng et al. 2013); y itself where nothing varies.

    Args:
        y: of units.
        x: of the time before.
        late: who was not there for all of that time: a stratum with a mean of its own, of which x says nothing.
    """
    columns = [x] if late is None else [np.where(late, 0.0, x), late.astype(float)]
    if late is not None and not late.all():
        columns[0] = np.where(late, x[~late].mean(), x)  # so that the stratum's own mean is all that tells it from the others
    centred = np.column_stack([column - column.mean() for column in columns if np.ptp(column) > 0.0] or [np.zeros((len(y), 0))])
    if not centred.shape[1]:
        return y
    slopes = np.linalg.lstsq(centred, y - y.mean(), rcond=None)[0]
    found: np.ndarray = y - centred @ slopes
    return found


def clustered(y: np.ndarray, treated: np.ndarray, cluster: np.ndarray) -> Estimate:
    """Return the difference in means with errors robust to clusters that share an arm: CR2, with the degrees of freedom that belong to it.

    For two means CR2 is a sum over clusters, and so are the first two moments of it that say its degrees of freedom (Bell and McCaffrey
    2002; Pustejovsky and Tipton 2018): they are fewer than the clusters, the more so the more these differ in size.

    Args:
        y: of units.
        treated: the same within a cluster.
        cluster: (units,) numbers from 0 on.
    """
    many = np.bincount(cluster)
    with_arm = np.zeros(len(many), bool)
    with_arm[cluster[treated]] = True
    numbers = [int(here.sum()) for here in (treated, ~treated)]
    if not all(numbers):
        return NOT_ESTIMABLE
    means = [float(y[here].mean()) for here in (treated, ~treated)]
    residuals = np.bincount(cluster, weights=y - np.where(treated, *means))
    variance, expected, varies = 0.0, 0.0, 0.0
    for n, here in zip(numbers, (with_arm, ~with_arm), strict=True):
        some = np.flatnonzero(here & (many > 0))
        sizes, sums = many[some].astype(float), residuals[some]
        if len(sizes) < LEAST_UNITS:
            return NOT_ESTIMABLE
        weight = 1.0 / (n * n * (1.0 - sizes / n))
        variance += float((weight * sums * sums).sum())
        # of independent units with variance 1, sums of residuals g and h have covariance (g == h) * size_g - size_g * size_h / n
        own, shared = weight * sizes * (1.0 - sizes / n), weight * sizes * sizes
        expected += float(own.sum())
        varies += float((own * own).sum() + (shared.sum() ** 2 - (shared * shared).sum()) / (n * n))
    return Estimate(means[0] - means[1], math.sqrt(variance), expected**2 / varies)


def paired_blocks(y: np.ndarray, treated: np.ndarray) -> Estimate:
    """Return the difference between blocks of days that take turns, by pairs of blocks: the first two, the next two, and so on."""
    pairs = len(y) // 2
    signs = np.where(treated[: 2 * pairs], 1.0, -1.0)
    found = (y[: 2 * pairs] * signs).reshape(pairs, 2).sum(axis=1)
    if pairs < LEAST_UNITS:
        return NOT_ESTIMABLE
    return Estimate(float(found.mean()), float(found.std(ddof=1)) / math.sqrt(pairs), pairs - 1.0)


class Dyads(NamedTuple):
    """Items between two sides, each of which was dealt an arm apart (multiple randomisation: Bajari et al. 2021)."""

    viewer: np.ndarray  # (items,) places of the viewers
    profile: np.ndarray  # (items,) places of the profiles
    viewers: np.ndarray  # (n,) bool: treated as a viewer
    profiles: np.ndarray  # (n,) bool: treated as a profile

    def cell(self, *, arm: bool) -> tuple[np.ndarray, int, int]:
        """Return (which items have both sides in an arm, how many viewers, how many profiles are in it)."""
        here = (self.viewers[self.viewer] == arm) & (self.profiles[self.profile] == arm)
        return here, int((self.viewers == arm).sum()), int((self.profiles == arm).sum())


def between_pairs(x: np.ndarray, dyads: Dyads, d: np.ndarray | None = None) -> Estimate:
    """Return the effect on items per member where both sides are treated, against both untreated; of a ratio x over d if d is given.

    A cell's sum stands for all ordered pairs in proportion to its own (Horvitz and Thompson 1952). Errors are robust to what items of
    one viewer, and of one profile, share (Cameron, Gelbach and Miller 2011, two ways).
    """
    n = len(dyads.viewers)
    effect, variance, sign = 0.0, 0.0, 1.0
    for arm in (True, False):
        here, viewers, profiles = dyads.cell(arm=arm)
        if min(viewers, profiles) < LEAST_UNITS:
            return NOT_ESTIMABLE
        if d is None:
            part, scale, base = x[here], n / (viewers * profiles), 0.0
            value = scale * float(part.sum())
        else:
            base = float(d[here].sum())
            if not base:
                return NOT_ESTIMABLE
            value = float(x[here].sum()) / base
            part, scale = x[here] - value * d[here], 1.0 / base
        effect += sign * value
        variance += scale**2 * _two_way(part, dyads.viewer[here], dyads.profile[here], viewers, profiles, n)
        sign = -1.0
    return Estimate(effect, math.sqrt(max(variance, 0.0)), 2.0 * n - 4.0)


def _two_way(x: np.ndarray, one: np.ndarray, other: np.ndarray, ones: int, others: int, n: int) -> float:
    """Return the variance of a sum over items that share viewers and profiles; most pairs have no item, which is worth 0."""
    _, places = np.unique(one.astype(np.int64) * n + other, return_inverse=True)
    of_pairs = np.bincount(places, weights=x)
    found = float(x.sum()) ** 2 / (ones * others) - float((of_pairs * of_pairs).sum())
    for place, count in ((one, ones), (other, others)):
        sums = np.bincount(place, weights=x, minlength=n)
        mean = float(sums.sum()) / count
        found += (float((sums * sums).sum()) - count * mean * mean) * count / (count - 1)
    return found


class Exposure(NamedTuple):
    """Who is exposed to which arm, with the chances of that."""

    treated: np.ndarray  # (units,) bool: treated, and so are enough of their contacts
    untreated: np.ndarray  # (units,) bool: untreated, and so are enough
    chance_treated: np.ndarray  # (units,) of the first
    chance_untreated: np.ndarray


def exposure(treated: np.ndarray, ties: np.ndarray, share: float, threshold: float) -> Exposure:
    """Return who is exposed where arms are dealt out member by member: chances are those of a binomial number of treated contacts.

    Args:
        treated: of all members, (n,).
        ties: (m, 2) ids, each pair once.
        share: who is treated.
        threshold: share of contacts that must be in one's own arm.
    """
    from scipy import special

    n = len(treated)
    both = np.concatenate([ties, ties[:, ::-1]]) if len(ties) else np.zeros((0, 2), np.int64)
    contacts = np.bincount(both[:, 0], minlength=n)
    on = np.bincount(both[:, 0], weights=treated[both[:, 1]].astype(float), minlength=n)
    many, place = np.unique(contacts, return_inverse=True)
    least = np.ceil(threshold * many - 1e-9)
    # P(at least k of n) of a binomial is the regularised incomplete beta function
    tail_on, tail_off = (
        np.where(least > 0, special.betainc(np.maximum(least, 1), many - least + 1, chance), 1.0)[place] for chance in (share, 1.0 - share)
    )
    needed = least[place]
    return Exposure(treated & (on >= needed), ~treated & (contacts - on >= needed), share * tail_on, (1.0 - share) * tail_off)


def hajek(y: np.ndarray, exposed: Exposure) -> tuple[Estimate, float]:
    """Return (the difference of weighted means of the exposed, the effective number of units): Hájek 1971; Aronow and Samii 2017.

    Not estimable where fewer than 80% of units have a chance above 1% of either exposure; the effective number, less two, then stands as
    its degrees of freedom all the same. Errors are linearised, for units that are
    exposed apart from one another.
    """
    able = (exposed.chance_treated > LEAST_CHANCE) & (exposed.chance_untreated > LEAST_CHANCE)
    means, variance, effective = [], 0.0, 0.0
    for here, chance in ((exposed.treated, exposed.chance_treated), (exposed.untreated, exposed.chance_untreated)):
        kept = here & able
        if kept.sum() < LEAST_UNITS:
            return NOT_ESTIMABLE._replace(freedom=-2.0), 0.0
        w = 1.0 / chance[kept]
        mean = float((w * y[kept]).sum() / w.sum())
        off = w * (y[kept] - mean)
        variance += float((off * off).sum()) / float(w.sum()) ** 2
        effective += float(w.sum()) ** 2 / float((w * w).sum())
        means.append(mean)
    if able.mean() < LEAST_COVERED:
        return NOT_ESTIMABLE._replace(freedom=effective - 2.0), effective
    return Estimate(means[0] - means[1], math.sqrt(variance), effective - 2.0), effective


def detectable(error: float, power: float = 0.8) -> float:
    """Return the minimum detectable effect of a two-sided test at 5% for an estimate with this standard error (Bloom 1995)."""
    from scipy import special

    return float(special.ndtri(0.5 + LEVEL / 2.0) + special.ndtri(power)) * error
