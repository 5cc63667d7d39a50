"""How many members, for how long: what can be detected, from the spread of tests at two sizes after some weeks, with the law that it follows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.abtest.findings import Findings
from experiments.abtest.question import BIAS, CHECK, TESTS
from experiments.methods.assigned import detectable

if TYPE_CHECKING:
    import pandas as pd

ROOT = -0.5  # how a spread falls with members where units are independent; taken where there is one size alone
STEPS = 97  # of members, from a hundred to a hundred million
NORMAL = 1.959963984540054
COLUMNS = ["metric", "weeks", "members", "detectable", "detectable_low", "detectable_high", "launch"]


class Law(NamedTuple):
    """spread = at * (members / of) ** exponent * (weeks / over) ** growth, on logarithms."""

    at: float
    of: float
    over: float
    exponent: float
    growth: float
    at_error: float  # of ln(at)
    exponent_error: float  # 0 where the exponent was assumed
    growth_error: float  # 0 where one time alone was read

    def spread(self, members: float, weeks: float) -> tuple[float, float, float]:
        """Return the spread at so many members after so many weeks, with its 95% interval."""
        far, long = math.log(members / self.of), math.log(weeks / self.over)
        middle = math.log(self.at) + self.exponent * far + self.growth * long
        half = NORMAL * math.hypot(self.at_error, self.exponent_error * far, self.growth_error * long)
        return math.exp(middle), math.exp(middle - half), math.exp(middle + half)


def law_of(measured: list[tuple[float, float, float, int]]) -> Law | None:
    """Return the law of spreads; None without any.

    A standard deviation of n estimates has, on its logarithm, the standard error 1 / sqrt(2 (n - 1)). Times are read of the same tests, so
    they count together as one; all sizes have the same, by which the two exponents are told apart.

    Args:
        measured: (members, weeks, spread, estimates) of each size and time.
    """
    known = [one for one in measured if one[3] > 1 and math.isfinite(one[2]) and one[2] > 0.0]
    if not known:
        return None
    members, weeks, spreads, many = (np.array(column, float) for column in zip(*known, strict=True))
    weights = 2.0 * (many - 1.0) / len(set(weeks))
    logs = [np.log(column) for column in (members, weeks)]
    middles = [float(np.average(column, weights=weights)) for column in logs]
    off = np.column_stack([np.ones(len(known)), *(column - middle for column, middle in zip(logs, middles, strict=True))])
    varies = np.array([True, len(set(members)) > 1, len(set(weeks)) > 1])
    found, errors = np.array([0.0, ROOT, 0.0]), np.zeros(3)
    scaled = np.sqrt(weights)[:, None] * off[:, varies]
    found[varies] = np.linalg.lstsq(scaled, np.sqrt(weights) * np.log(spreads), rcond=None)[0]
    errors[varies] = np.sqrt(np.diag(np.linalg.inv(scaled.T @ scaled)))
    at, exponent, growth = found.tolist()
    of_at, of_exponent, of_growth = errors.tolist()
    return Law(
        math.exp(at),
        of=math.exp(middles[0]),
        over=math.exp(middles[1]),
        exponent=exponent,
        growth=growth,
        at_error=of_at,
        exponent_error=of_exponent,
        growth_error=of_growth,
    )


def power_table(findings: Findings, metric: str, members: list[float]) -> pd.DataFrame:
    """Return the minimum detectable effect of the asked scheme's usual reading, in per cent of the control, by members and weeks."""
    import pandas as pd

    rows: list[dict[str, Any]] = []
    here = _of(findings, metric, (BIAS, TESTS))
    law = _law(here)
    if law is None:
        return pd.DataFrame(rows, columns=COLUMNS)
    for weeks, part in here.groupby("weeks"):
        control = abs(float(part.control.iloc[0]))
        if not control:
            continue
        truth = 100.0 * float(part.truth.iloc[0]) / control
        for n in sorted({*members, *(float(m) for m in part.members)}):
            effects = [100.0 * detectable(spread) / control for spread in law.spread(n, float(weeks))]
            names = ("detectable", "detectable_low", "detectable_high")
            rows.append({"metric": metric, "weeks": weeks, "members": n, **dict(zip(names, effects, strict=True)), "launch": truth})
    return pd.DataFrame(rows, columns=COLUMNS)


def _of(findings: Findings, metric: str, panels: tuple[str, ...]) -> pd.DataFrame:
    """Return what the asked scheme's usual reading shows of a metric after some weeks, in some panels."""
    w = findings.weeks
    return w[(w.scheme == findings.question.by) & (w.metric == metric) & w.panel.isin(panels)] if len(w) else w


def _law(part: pd.DataFrame) -> Law | None:
    return law_of([(float(r.members), float(r.weeks), float(r.spread), int(r.tests)) for r in part.itertuples() if r.members])


class Checked(NamedTuple):
    """The spread at a size from which the law was not made."""

    members: int
    weeks: int
    ratio: float  # of the measured to what the law says
    low: float  # its 95% interval, of both errors
    high: float


def check_of(findings: Findings, metric: str) -> Checked | None:
    """Return how the law holds at the third size, after the longest time read; None where there is none."""
    third, others = (_of(findings, metric, panels) for panels in ((CHECK,), (BIAS, TESTS)))
    if not len(third) or not len(others):
        return None
    row = third.loc[third.weeks.idxmax()]
    law = _law(others)
    if law is None or not (math.isfinite(row.spread) and row.spread > 0.0):
        return None
    said, low, _ = law.spread(float(row.members), float(row.weeks))
    error = math.hypot(math.log(said / low) / NORMAL, 1.0 / math.sqrt(2.0 * (row.tests - 1)))
    ratio = float(row.spread) / said
    return Checked(
        int(row.members), int(row.weeks), ratio=ratio, low=ratio * math.exp(-NORMAL * error), high=ratio * math.exp(NORMAL * error)
    )


def members_needed(findings: Findings, metric: str) -> tuple[float, int] | None:
    """Return (members, weeks) with which the launch's effect is detected at 80% power, for the longest time read; None if never."""
    table = power_table(findings, metric, [float(n) for n in np.logspace(2, 8, STEPS)])
    if not len(table):
        return None
    part = table[table.weeks == table.weeks.max()].sort_values("members")
    enough = part[part.detectable <= part.launch.abs()]
    return (float(enough.members.iloc[0]), int(enough.weeks.iloc[0])) if len(enough) else None
