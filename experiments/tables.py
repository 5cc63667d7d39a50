"""From the records of pairs to tables: runs, summary, levels, days."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from experiments import statistics as stat
from experiments.comparison import DAILY_COLUMNS, LEVEL_COLUMNS, RUN_COLUMNS, SUMMARY_COLUMNS
from experiments.plan import pair_seeds
from sim.measures import MEASURES, PRIMARY

if TYPE_CHECKING:
    from experiments.ledger import Record
    from sim.measures import Measure

Pairs = list[dict[str, "Record"]]  # one dict an arm, in order of the pair's number
LAUNCH = 30  # days after the switch that are marked apart
LEAST_PAIRS = 2  # in which a measure must be defined to be given with an interval
LEAST_LEVEL_PAIRS = 5  # pairs in which a level must occur to be given


def values(pairs: Pairs, arm: str, measure: str) -> np.ndarray:
    """Return a measure of an arm over pairs, nan where undefined."""
    return np.array([_number(pair[arm].measures[measure][2]) for pair in pairs])


def _number(x: float | None) -> float:
    return math.nan if x is None else float(x)


def runs_table(pairs: Pairs, arms: list[str], seed: int) -> pd.DataFrame:
    """Return one row a pair, arm and measure, in the order of the plan and the catalogue."""
    rows = [row for number, pair in enumerate(pairs, 1) for row in run_rows(number, pair_seeds(seed, number), pair, arms)]
    return pd.DataFrame(rows, columns=RUN_COLUMNS)


def run_rows(number: int, seeds: tuple[int, int], pair: dict[str, Record], arms: list[str]) -> list[tuple[Any, ...]]:
    """Return the rows of one pair."""
    return [(number, *seeds, arm, name, MEASURES[name].group, *value) for arm in arms for name, value in pair[arm].measures.items()]


def _row(
    measure: Measure, arm: str, reference: str, y1: np.ndarray, y0: np.ndarray, difference: stat.Interval
) -> dict[str, Any]:  # fmt: skip
    ratio = stat.ratio_of_means(y1, y0)
    return {
        "measure": measure.name, "group": measure.group, "unit": measure.unit, "role": measure.role, "arm": arm,
        "reference": reference, "mean": float(np.mean(y1)), "mean_reference": float(np.mean(y0)),
        "difference": difference.estimate, "ci_low": difference.low, "ci_high": difference.high, "ratio": ratio.estimate,
        "ratio_ci_low": ratio.low, "ratio_ci_high": ratio.high, "pairs": len(y1), "pairing_gain": stat.pairing_gain(y1, y0),
        "verdict": stat.verdict(difference, measure.smallest_effect, measure.direction),
    }  # fmt: skip


def contrasts(
    names: list[str], arm: str, reference: str, first: dict[str, np.ndarray], second: dict[str, np.ndarray], least: int = LEAST_PAIRS
) -> list[dict[str, Any]]:  # fmt: skip
    """Return summary rows: the primary measure with its own interval, all others with simultaneous ones.

    `first` and `second` hold each measure's values over pairs. A measure undefined in some pairs keeps the others, and
    an interval of its own, widened to the same critical value. Measures defined in fewer than `least` pairs are left out;
    the interval of a single pair is undefined.
    """
    several = max((len(x) for x in first.values()), default=0) > 1
    whole = [n for n in names if several and n != PRIMARY and np.isfinite(first[n]).all() and np.isfinite(second[n]).all()]
    together = np.column_stack([first[n] - second[n] for n in whole]) if whole else np.zeros((2, 0))
    joint = dict(zip(whole, stat.simultaneous(together), strict=True)) if whole else {}
    critical = stat.critical_value(together) if whole and len(together) > 1 else math.nan
    rows = []
    for name in names:
        y1, y0 = first[name], second[name]
        there = np.isfinite(y1) & np.isfinite(y0)
        if there.sum() < least:
            continue
        y1, y0 = y1[there], y0[there]
        interval = joint.get(name) or stat.paired_difference(y1, y0)
        if name not in joint and name != PRIMARY and len(y1) > 1:
            interval = _widened(interval, critical, len(y1))
        rows.append(_row(MEASURES[name], arm, reference, y1, y0, interval))
    return rows


def _widened(interval: stat.Interval, critical: float, pairs: int) -> stat.Interval:
    own = stat.critical_value(np.zeros((pairs, 0)))
    factor = max(1.0, critical / own) if math.isfinite(critical) else 1.0
    half = (interval.high - interval.low) / 2.0 * factor
    return stat.Interval(interval.estimate, interval.estimate - half, interval.estimate + half)


def summary_table(pairs: Pairs, arms: list[str], reference: str, least: int = LEAST_PAIRS) -> pd.DataFrame:
    """Return each arm against the reference, a row a measure."""
    names = list(pairs[0][reference].measures)
    base = {name: values(pairs, reference, name) for name in names}
    rows = []
    for arm in arms:
        if arm != reference:
            rows += contrasts(names, arm, reference, {name: values(pairs, arm, name) for name in names}, base, least)
    return pd.DataFrame(rows, columns=SUMMARY_COLUMNS)


def levels_table(pairs: Pairs, arms: list[str], reference: str) -> pd.DataFrame:
    """Return the differences within each style, purpose, distance and level of the recipient."""
    rows = []
    keys = list(dict.fromkeys(key for pair in pairs for key in pair[reference].levels))
    groups: dict[tuple[str, str], list[str]] = {}
    for key in keys:
        dimension, level, measure = key.split("\t")
        groups.setdefault((dimension, level), []).append(measure)
    for arm in arms:
        if arm == reference:
            continue
        for (dimension, level), names in groups.items():
            first, second = ({n: _level_values(pairs, a, dimension, level, n) for n in names} for a in (arm, reference))
            kept = [n for n in names if (np.isfinite(first[n]) & np.isfinite(second[n])).sum() >= min(LEAST_LEVEL_PAIRS, len(pairs))]
            rows += [{"dimension": dimension, "level": level, **row} for row in contrasts(kept, arm, reference, first, second)]
    return pd.DataFrame(rows, columns=LEVEL_COLUMNS)


def _level_values(pairs: Pairs, arm: str, dimension: str, level: str, measure: str) -> np.ndarray:
    key = f"{dimension}\t{level}\t{measure}"
    return np.array([_number(pair[arm].levels.get(key, (None, None, None))[2]) for pair in pairs])


def daily_table(pairs: Pairs, arms: list[str], warm_up: int) -> pd.DataFrame:
    """Return the path by day with its band; the first thirty days after the switch are marked apart."""
    parts = []
    for arm in arms:
        for measure in pairs[0][arm].daily:
            mean, low, high = stat.band(np.array([pair[arm].daily[measure] for pair in pairs]))
            days = np.arange(len(mean))
            part = np.where(days < warm_up, "warm-up", np.where(days < warm_up + LAUNCH, "launch", "after"))
            parts.append(
                pd.DataFrame({"arm": arm, "day": days, "part": part, "measure": measure, "mean": mean, "ci_low": low, "ci_high": high})
            )
    return pd.concat(parts, ignore_index=True)[DAILY_COLUMNS]
