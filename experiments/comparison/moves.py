"""Which of the numbers that were drawn moves the answer across worlds, and how much of its spread the data constrain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from experiments.methods.spread import Alone, Share, Split, alone, split
from experiments.methods.worlds import range_over
from experiments.runs.draws import NUMBER
from experiments.space.factors import factors
from experiments.space.words import in_words
from sim.results.measures import PRIMARY

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from sim.scenario.scenario import Scenario

COLUMNS = ["arm", "measure", "kind", "number", "share", "low", "high", "chance", "data"]
PAIR = ["difference_1", "difference_2"]
LEVEL = "level"  # of the reference, the mean of both pairs
ONE, GROUP, REST = "number", "group", "rest"  # kinds of rows
CONSTRAINED, SILENT = "constrained", "prior alone"  # what the data do to a number
HIDDEN = {NUMBER, "measure", "arm", *PAIR, LEVEL}


def moves(table: pd.DataFrame, constrained: AbstractSet[str] | None) -> pd.DataFrame:
    """Return COLUMNS: of each arm and measure whose worlds can be told from noise, each number's share of the spread, and that of either group.

    Args:
        table: of `worlds.at_worlds`.
        constrained: the numbers that the data constrain, by path; None where nobody knows, and no groups are made.
    """
    names = [str(name) for name in table.columns if name not in HIDDEN]
    rows: list[tuple[Any, ...]] = []
    for (arm, measure), part in table.groupby(["arm", "measure"], sort=False):
        effects = part[PAIR].to_numpy(float)
        there = np.isfinite(effects).all(axis=1)
        r = range_over(effects, part[LEVEL].to_numpy(float))
        if not (np.isfinite(r.low) and r.told):
            continue
        values = part[names].to_numpy(float)[there]
        varying = [k for k in range(len(names)) if np.ptp(values[:, k]) > 0.0]
        if not varying:
            continue
        means, noise = effects[there].mean(axis=1), r.noise / (r.noise + r.between)
        known = [constrained is not None and names[k] in constrained for k in varying]
        found = alone(values[:, varying], means, noise)
        rows += _alone_rows(str(arm), str(measure), [names[k] for k in varying], known if constrained is not None else None, found)
        if constrained is not None:
            sides = [values[:, [k for k, is_known in zip(varying, known, strict=True) if is_known is side]] for side in (True, False)]
            rows += _group_rows(str(arm), str(measure), split(sides[0], sides[1], means, noise))
    return pd.DataFrame(rows, columns=COLUMNS)


def _alone_rows(arm: str, measure: str, names: list[str], known: list[bool] | None, found: Alone | None) -> list[tuple[Any, ...]]:
    if found is None:
        return []
    rows = []
    for k in np.argsort(-found.share, kind="stable"):
        word = "" if known is None else CONSTRAINED if known[k] else SILENT
        rows.append((arm, measure, ONE, names[k], float(found.share[k]), float(found.low[k]), float(found.high[k]), found.chance, word))
    return rows


def _group_rows(arm: str, measure: str, found: Split | None) -> list[tuple[Any, ...]]:
    """Return the rows of the groups; the chance of a group is how likely it has more than the other."""
    if found is None:
        return []

    def row(word: str, share: Share, ahead: float) -> tuple[Any, ...]:
        return (arm, measure, GROUP, "", share.mean, share.low, share.high, ahead, word)

    return [
        row(CONSTRAINED, found.first, found.ahead),
        row(SILENT, found.second, 1.0 - found.ahead),
        (arm, measure, REST, "", found.rest, np.nan, np.nan, np.nan, ""),
    ]


def sentences(found: pd.DataFrame, arm: str, scenario: Scenario, worlds: int) -> list[str]:
    """Return which unmeasured number matters most to the primary measure, and how much of its spread the data constrain.

    Args:
        found: COLUMNS.
        arm: of which it is said.
        scenario: that names the numbers.
        worlds: how many there were.
    """
    rows = found[(found.arm == arm) & (found.measure == PRIMARY)]
    single = rows[rows.kind == ONE]
    if single.empty:
        return []
    first = single.iloc[0]
    if first.share > first.chance:
        known = factors(scenario)[first.number]
        line = f"The unmeasured number that matters most is {in_words(known)} ({first.number}): alone it goes with {_share(first)} of that spread. "
    else:
        line = (
            f"Which unmeasured number matters most cannot be told from {worlds} of them: the first, {first.number}, goes with {_per_cent(first.share)} of that "
            f"spread, and chance gives {_per_cent(first.chance)}. "
        )
    return [(line + _groups(rows)).strip()]


def _groups(rows: pd.DataFrame) -> str:
    groups = rows[rows.kind == GROUP].set_index("data")
    if groups.empty:
        return ""
    known, silent = groups.loc[CONSTRAINED], groups.loc[SILENT]
    parts = f"numbers that the data constrain go with {_share(known)} of it, those that the prior alone bounds with {_share(silent)}"
    told = max(known.chance, silent.chance) >= 0.975
    return f"{parts[:1].upper()}{parts[1:]}{'' if told else ': which of both has more cannot be told'}."


def _share(row: Any) -> str:
    return f"{_per_cent(row.share)} (95%: {100.0 * row.low:.0f} to {_per_cent(row.high)})"


def _per_cent(x: float) -> str:
    return f"{100.0 * x:.0f}%"
