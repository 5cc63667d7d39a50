"""How a test is read: a metric, credited to one end or the other, by an estimator that fits the scheme."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from experiments.abtest import schemes
from experiments.abtest.metrics import BOTH, INITIATOR, ITEM, MEMBER, METRICS, RATIO, RECIPIENT
from experiments.abtest.sample import Sample
from experiments.abtest.worlds import Periods
from experiments.methods import assigned
from experiments.methods.assigned import NOT_ESTIMABLE, Dyads, Estimate, Exposure

LEAST_BEFORE = 7  # days before the switch, for a covariate
EXPOSED = 0.6  # share of contacts in one's own arm, for an exposure


def read(sample: Sample, kind: str, name: str, credit: str, estimator: str, periods: Periods, *, share: float) -> Estimate:
    """Return what a reading shows, per unit over the days of the test; NOT_ESTIMABLE where a scheme has no such reading.

    Args:
        sample: what is seen.
        kind: of the scheme.
        name: of the metric.
        credit: to which end items go.
        estimator: one that the scheme allows.
        periods: of the test, and before it.
        share: of the treated.
    """
    if kind == schemes.BLOCKS:
        return _by_blocks(sample, name, periods)
    if credit == ITEM:
        return _by_items(sample, kind, name, periods)
    if kind == schemes.STEPS:
        return _in_a_step(sample, name, credit, periods)
    y, treated, units = _units(sample, kind, name, credit, periods.begin, periods.end)
    shares, effect = y
    if estimator in (schemes.CUPED, schemes.CLUSTER_CUPED):
        before = covariate(sample, name, credit, periods)
        if before is None:
            return NOT_ESTIMABLE
        shares = assigned.adjusted(shares, before[units], sample.joined[units] > periods.before)
        effect = math.nan
    if estimator in (schemes.CLUSTER, schemes.CLUSTER_CUPED):
        return _with(assigned.clustered(shares, treated, sample.arms.unit[units]), effect)
    if estimator in (schemes.HAJEK, schemes.HAJEK_NETWORK):
        return assigned.hajek(shares, _exposed(sample, credit, estimator, units, until=periods.begin, share=share))[0]
    return _with(_of_units(shares, treated, sample, units), effect)


def _of_units(y: np.ndarray, treated: np.ndarray, sample: Sample, units: np.ndarray) -> Estimate:
    """Return the difference in means, within strata where shares were kept in each."""
    strata = sample.arms.strata
    return assigned.difference(y, treated) if strata is None else assigned.stratified(y, treated, strata[units])


def _with(estimate: Estimate, effect: float) -> Estimate:
    """Return an estimate with the exact difference of ratios, where there is one."""
    return estimate if math.isnan(effect) or math.isnan(estimate.effect) else estimate._replace(effect=effect)


Shares = tuple[np.ndarray, float]


def _units(sample: Sample, kind: str, name: str, credit: str, begin: int, end: int) -> tuple[Shares, np.ndarray, np.ndarray]:
    """Return ((each unit's number, the effect on a ratio or nan), who is treated, the places of the units)."""
    units = np.flatnonzero(sample.there & sample.arms.ego) if kind == schemes.EGOS else np.flatnonzero(sample.there)
    treated = sample.arms.of(credit)[units]
    y, d = sample.sums(name, credit, begin, end)
    if d is None:
        return (y[units], math.nan), treated, units
    shares = sample.once(lambda: assigned.linearised(y[units], d[units], treated), "shares", kind, name, credit, begin, end)
    return shares, treated, units


class Egos(NamedTuple):
    """Who is in the clusters of a test by ego, and how far these reach."""

    number: float
    degree: float  # connections of an ego at the switch, mean
    degree_of_all: float  # likewise of all units
    covered: float  # share of an ego's connections that have the arm of the ego, mean
    clustered: float  # share of units in the cluster of an ego, egos included


def egos_of(sample: Sample) -> Egos:
    """Return what the egos of a test are like beside all units, and how much of their surroundings has their arm."""
    arm, egos = sample.arms.of(INITIATOR), np.flatnonzero(sample.arms.ego & sample.there)
    one, other = np.concatenate([sample.ties, sample.ties[:, ::-1]]).T
    degree = np.bincount(one, minlength=sample.n)
    alike = np.bincount(one, weights=arm[one] == arm[other], minlength=sample.n)
    known = egos[degree[egos] > 0]
    covered = float((alike[known] / degree[known]).mean()) if len(known) else math.nan
    inside = np.isin(sample.arms.unit, sample.arms.unit[egos])[sample.there]
    means = [float(degree[who].mean()) if len(degree[who]) else math.nan for who in (egos, sample.there)]
    clustered = float(inside.mean()) if len(inside) else math.nan
    return Egos(float(len(egos)), means[0], degree_of_all=means[1], covered=covered, clustered=clustered)


def covariate(sample: Sample, name: str, credit: str, periods: Periods) -> np.ndarray | None:
    """Return each member's number of the time before, (n,), a ratio linearised; None where that was too short or there is none."""
    if METRICS[name].kind == MEMBER or periods.until - periods.before < LEAST_BEFORE:
        return None
    return sample.first.shares(name, credit, periods.before, periods.until)


def _exposed(sample: Sample, credit: str, estimator: str, units: np.ndarray, *, until: int, share: float) -> Exposure:
    """Return which units are exposed to which arm: by connections at the switch, or by who wrote to whom before it."""

    def find() -> Exposure:
        ties = sample.ties if estimator == schemes.HAJEK_NETWORK else sample.first.contacts(until)
        every = assigned.exposure(sample.arms.of(credit), ties, share, EXPOSED)
        return Exposure(*(column[units] for column in every))

    return sample.once(find, "exposed", credit, estimator)


def _by_blocks(sample: Sample, name: str, periods: Periods) -> Estimate:
    """Return the difference between blocks that take turns, in the unit of the whole test; stocks cannot be told by blocks."""
    if METRICS[name].standing:
        return NOT_ESTIMABLE
    edges = [int(day) for day in sample.arms.starts if day < periods.end]
    length = int(sample.arms.starts[1] - sample.arms.starts[0]) if len(sample.arms.starts) > 1 else periods.days
    found, treated = [], []
    for k, begin in enumerate(edges):
        if begin + length > periods.end:
            break
        y, d = sample.sums(name, INITIATOR, begin, begin + length)
        units = sample.there
        found.append(y[units].mean() * periods.days / length if d is None else y[units].sum() / max(d[units].sum(), 1.0))
        treated.append(bool(sample.arms.viewer[k, 0]))
    return assigned.paired_blocks(np.array(found), np.array(treated, bool))


def _in_a_step(sample: Sample, name: str, credit: str, periods: Periods) -> Estimate:
    """Return the concurrent difference in the step of a ramp in which both arms are large, in the unit of the whole test."""
    step = schemes.RAMP.index(schemes.READ_AT)
    starts = [*(int(day) for day in sample.arms.starts), periods.end]
    begin, end = starts[step], min(starts[step + 1], periods.end)
    if begin >= end or METRICS[name].kind == MEMBER:
        return NOT_ESTIMABLE
    units = np.flatnonzero(sample.there)
    treated = sample.arms.of(credit, step)[units]
    y, d = sample.sums(name, credit, begin, end)
    if d is not None:
        shares, effect = assigned.linearised(y[units], d[units], treated)
        return _with(_of_units(shares, treated, sample, units), effect)
    scale = periods.days / (end - begin)
    return _of_units(scale * y[units], treated, sample, units)


def interference(sample: Sample, name: str, periods: Periods, seed: int) -> float:
    """Return the p-value of the increasing-allocation test on a ramp: do those who keep their arm change alike as more are treated?

    Held against one another are the step before that in which both arms are large, and that step, by initiator; nan if there is none.
    """
    step = schemes.RAMP.index(schemes.READ_AT)
    starts = [*(int(day) for day in sample.arms.starts), periods.end]
    if METRICS[name].kind == MEMBER or starts[step] >= periods.end:
        return math.nan
    first, second = sample.arms.viewer[step - 1], sample.arms.viewer[step]
    units = np.flatnonzero(sample.there & (first == second))
    levels = []
    for begin, end in ((starts[step - 1], starts[step]), (starts[step], min(starts[step + 1], periods.end))):
        y, d = sample.sums(name, INITIATOR, begin, end)
        of = y if d is None else assigned.linearised(y, d, np.zeros(sample.n, bool))[0]
        levels.append(of[units] / (end - begin))
    return assigned.increasing_allocation(levels[1] - levels[0], first[units], seed)


def _by_items(sample: Sample, kind: str, name: str, periods: Periods) -> Estimate:
    """Return the effect by items: of pairs with both sides in an arm, or, of a ratio, as if every item were a unit of its own."""
    metric = METRICS[name]
    if metric.kind == MEMBER:
        return NOT_ESTIMABLE
    dyad = sample.between(name, periods.begin, periods.end)
    if kind == schemes.PAIRS:
        places = np.cumsum(sample.there) - 1
        arms = sample.arms
        sides = Dyads(places[dyad.sender], places[dyad.recipient], arms.viewer[0][sample.there], arms.profile[0][sample.there])
        return assigned.between_pairs(dyad.x, sides, dyad.d if metric.kind == RATIO else None)
    if metric.kind != RATIO:
        return NOT_ESTIMABLE  # it is the initiator's, or the recipient's
    return assigned.difference(dyad.x / dyad.d, dyad.treated)


def truth(control: Sample, treatment: Sample, name: str, credit: str, periods: Periods) -> tuple[float, float]:
    """Return (a metric where all are under control, where all are under treatment), per unit over the days of the test."""
    return _level(control, name, credit, periods), _level(treatment, name, credit, periods)


def _level(sample: Sample, name: str, credit: str, periods: Periods) -> float:
    if credit == ITEM and METRICS[name].kind != MEMBER:
        dyad = sample.between(name, periods.begin, periods.end)
        base = float(dyad.d.sum()) if METRICS[name].kind == RATIO else float(sample.there.sum())
        return float(dyad.x.sum()) / base if base else math.nan
    y, d = sample.sums(name, INITIATOR if credit == ITEM else credit, periods.begin, periods.end)
    units = sample.there
    base = float(units.sum()) if d is None else float(d[units].sum())
    return float(y[units].sum()) / base if base else math.nan


def apart(test: Sample, control: Sample, name: str, credit: str, periods: Periods) -> tuple[float, float]:
    """Return (the effect on the treated, the spillover on the untreated): each against what became of them under control for all."""
    if credit not in (INITIATOR, RECIPIENT, BOTH):
        return math.nan, math.nan
    treated, found = test.arms.of(credit), []
    for here in (test.there & treated, test.there & ~treated):
        levels = []
        for sample in (test, control):
            y, d = sample.sums(name, credit, periods.begin, periods.end)
            base = float(here.sum()) if d is None else float(d[here].sum())
            levels.append(float(y[here].sum()) / base if base else math.nan)
        found.append(levels[0] - levels[1])
    return found[0], found[1]
