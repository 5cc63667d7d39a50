"""Tables from the records of pairs: runs, summary, levels, days."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from experiments.comparison.result import DAILY_COLUMNS, LEVEL_COLUMNS, RUN_COLUMNS, SUMMARY_COLUMNS
from experiments.methods import paired
from experiments.runs.keys import pair_seeds
from sim.results.measures import CONTEXT, MEASURES, PRIMARY, Catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from experiments.runs.record import Record
    from sim.results.measures import Measure

Pairs = list[dict[str, "Record"]]  # one dict an arm, in order of the pair's number
LAUNCH = 30  # days after the switch that are marked apart
LEAST_VERSUS = 2  # pairs in which two arms are compared
LEAST_PAIRS = 2  # in which a measure must be defined to be given with an interval
LEAST_LEVEL_PAIRS = 5  # pairs in which a level must occur to be given


def values(pairs: Pairs, arm: str, measure: str) -> np.ndarray:
    """Return a measure of an arm over pairs, nan where undefined."""
    return np.array([pair[arm].measures[measure][2] for pair in pairs], float)


def differences(found: Sequence[Pairs], order: list[str], catalogue: Catalogue) -> Iterator[tuple[str, str, np.ndarray]]:
    """Give of each arm and measure its differences from the reference in several sets of the same pairs, (sets, pairs).

    Pairs in which one is undefined are left out, measures that are context or have no pair left are, too. `order`: the reference first.
    """
    reference, *others = order
    for arm in others:
        for name in catalogue.in_order(found[0][0][reference].measures):
            d = np.array([values(pairs, arm, name) - values(pairs, reference, name) for pairs in found])
            there = np.isfinite(d).all(axis=0)
            if catalogue[name].role != CONTEXT and there.any():
                yield arm, name, d[:, there]


def runs_table(pairs: Pairs, arms: list[str], seed: int, catalogue: Catalogue = MEASURES) -> pd.DataFrame:
    """Return one row a pair, arm and measure, in the order of the plan and of the measures."""
    rows = [
        row
        for number, pair in enumerate(pairs, 1)
        for row in run_rows(number, seeds=pair_seeds(seed, number), pair=pair, arms=arms, catalogue=catalogue)
    ]
    return pd.DataFrame(rows, columns=RUN_COLUMNS)


def run_rows(
    number: int, seeds: tuple[int, int], pair: dict[str, Record], arms: list[str], catalogue: Catalogue = MEASURES
) -> list[tuple[Any, ...]]:
    """Return the rows of one pair."""
    return [
        (number, *seeds, arm, name, catalogue[name].group, *pair[arm].measures[name])
        for arm in arms
        for name in catalogue.in_order(pair[arm].measures)
    ]


def contrasts(
    names: list[str],
    arm: str,
    reference: str,
    first: np.ndarray,
    second: np.ndarray,
    least: int = LEAST_PAIRS,
    *,
    catalogue: Catalogue = MEASURES,
) -> list[tuple[Any, ...]]:
    """Return summary rows: the primary measure with its own interval, all others with simultaneous ones.

    `first` and `second` hold each measure's values, (measures, pairs). A measure undefined in some pairs keeps the others, and
    an interval of its own, widened to the same critical value. Measures defined in fewer than `least` pairs are left out;
    the interval of a single pair is undefined.
    """
    if not names:
        return []
    defined = np.isfinite(first) & np.isfinite(second)
    several = first.shape[1] > 1
    whole = [k for k, name in enumerate(names) if several and name != PRIMARY and defined[k].all()]
    together = (first[whole] - second[whole]).T.copy() if whole else np.zeros((2, 0))
    critical = paired.critical_value(together) if whole else math.nan
    joint = dict(zip(whole, paired.simultaneous(together, critical=critical), strict=True)) if whole else {}
    alike: dict[bytes, list[int]] = {}  # measures that are defined in the same pairs
    for k, there in enumerate(defined):
        alike.setdefault(there.tobytes(), []).append(k)
    rows: dict[int, tuple[Any, ...]] = {}
    for found in alike.values():
        there = defined[found[0]]
        if there.sum() < least:
            continue
        y1, y0 = (np.ascontiguousarray(y[found][:, there]) for y in (first, second))
        parts = (y1.mean(axis=1).tolist(), y0.mean(axis=1).tolist(), paired.mean_intervals(y1 - y0), paired.ratios_of_means(y1, y0))
        for k, mean, base, own, ratio, gain in zip(found, *parts, paired.pairing_gains(y1, y0), strict=True):
            m, pairs = catalogue[names[k]], y1.shape[1]
            widened = joint.get(k) or (_widened(own, critical, pairs) if m.name != PRIMARY and pairs > 1 else own)
            interval = paired.told_apart(widened, pairs)
            word = paired.verdict(interval, m.smallest_effect, m.direction)
            rows[k] = (m.name, m.group, m.unit, m.role, arm, reference, mean, base, *interval, *ratio, pairs, gain, word)
    return [rows[k] for k in sorted(rows)]


def _widened(interval: paired.Interval, critical: float, pairs: int) -> paired.Interval:
    own = paired.critical_value(np.zeros((pairs, 0)))
    factor = max(1.0, critical / own) if math.isfinite(critical) else 1.0
    half = (interval.high - interval.low) / 2.0 * factor
    return paired.Interval(interval.estimate, interval.estimate - half, interval.estimate + half)


def summary_table(pairs: Pairs, arms: list[str], reference: str, least: int = LEAST_PAIRS, catalogue: Catalogue = MEASURES) -> pd.DataFrame:
    """Return each arm against the reference, a row a measure."""
    return pd.DataFrame(summary_rows(pairs, arms=arms, reference=reference, least=least, catalogue=catalogue), columns=SUMMARY_COLUMNS)


def summary_rows(
    pairs: Pairs, arms: list[str], reference: str, least: int = LEAST_PAIRS, catalogue: Catalogue = MEASURES
) -> list[tuple[Any, ...]]:
    """Return the rows of the summary."""
    names = catalogue.in_order(pairs[0][reference].measures)
    seen = {arm: np.array([values(pairs, arm, name) for name in names]) for arm in arms}
    others = [arm for arm in arms if arm != reference]
    return [
        row
        for arm in others
        for row in contrasts(names, arm, reference=reference, first=seen[arm], second=seen[reference], least=least, catalogue=catalogue)
    ]


class Versus(NamedTuple):
    """An arm against another in a measure."""

    interval: paired.Interval
    verdict: str

    def row(self, unit: str) -> pd.Series:
        """Return it as texts take a difference."""
        return pd.Series({"unit": unit, "difference": self.interval.estimate, "ci_low": self.interval.low, "ci_high": self.interval.high})


def verdict_matrix(runs: pd.DataFrame, arms: list[str], m: Measure) -> dict[tuple[str, str], Versus]:
    """Return each arm against every other in a measure, with intervals that hold together (Bonferroni).

    Args:
        runs: RUN_COLUMNS.
        arms: two or more.
        m: the measure.
    """
    values = runs[runs.measure == m.name].pivot_table(index="pair", columns="arm", values="value", aggfunc="first")
    both = [(one, other) for one, other in itertools.combinations(arms, 2) if {one, other} <= set(values.columns)]
    found = {}
    for one, other in both:
        there = values[[one, other]].dropna()
        if len(there) < LEAST_VERSUS:
            continue
        interval = paired.paired_difference(there[one].to_numpy(), there[other].to_numpy(), 1.0 - (1.0 - paired.LEVEL) / len(both))
        interval = paired.told_apart(interval, len(there))
        turned = paired.Interval(-interval.estimate, -interval.high, -interval.low)
        for pair, seen in (((one, other), interval), ((other, one), turned)):
            found[pair] = Versus(seen, paired.verdict(seen, m.smallest_effect, m.direction))
    return found


def levels_table(pairs: Pairs, arms: list[str], reference: str, catalogue: Catalogue = MEASURES) -> pd.DataFrame:
    """Return the differences within each style, purpose, distance and level of the recipient."""
    rows = []
    keys = list(dict.fromkeys(key for pair in pairs for key in pair[reference].levels))
    groups: dict[tuple[str, str], list[str]] = {}
    for dimension, level, measure in keys:
        groups.setdefault((dimension, level), []).append(measure)
    groups = {place: catalogue.in_order(names) for place, names in groups.items()}
    least = min(LEAST_LEVEL_PAIRS, len(pairs))
    for arm in arms:
        if arm == reference:
            continue
        for (dimension, level), names in groups.items():
            first, second = (
                np.array([_level_values(pairs, a, dimension=dimension, level=level, measure=n) for n in names]) for a in (arm, reference)
            )
            kept = (np.isfinite(first) & np.isfinite(second)).sum(axis=1) >= least
            there = [n for n, keep in zip(names, kept, strict=True) if keep]
            found = contrasts(there, arm, reference=reference, first=first[kept], second=second[kept], catalogue=catalogue)
            rows += [(dimension, level, *row) for row in found]
    return pd.DataFrame(rows, columns=LEVEL_COLUMNS)


def _level_values(pairs: Pairs, arm: str, dimension: str, level: str, measure: str) -> np.ndarray:
    key = (dimension, level, measure)
    return np.array([pair[arm].levels.get(key, (None, None, None))[2] for pair in pairs], float)


def daily_table(pairs: Pairs, arms: list[str], warm_up: int) -> pd.DataFrame:
    """Return the path by day with its band; the first thirty days after the switch are marked apart."""
    parts = []
    for arm in arms:
        for measure in pairs[0][arm].daily:
            mean, low, high = paired.band(np.array([pair[arm].daily[measure] for pair in pairs]))
            days = np.arange(len(mean))
            part = np.where(days < warm_up, "warm-up", np.where(days < warm_up + LAUNCH, "launch", "after"))
            parts.append(
                pd.DataFrame({"arm": arm, "day": days, "part": part, "measure": measure, "mean": mean, "ci_low": low, "ci_high": high})
            )
    return pd.concat(parts, ignore_index=True)[DAILY_COLUMNS]
