"""How many members, for how long: what can be detected, from the spread of tests at two sizes, with the law that it follows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.abtest.findings import Findings
from experiments.abtest.question import BIAS, CHECK, TESTS
from experiments.methods.assigned import detectable

if TYPE_CHECKING:
    import pandas as pd

ROOT = -0.5  # how a spread falls with members where units are independent; taken where there is one size alone
STEPS = 97  # of members, from a hundred to a hundred million
NORMAL = 1.959963984540054


class Law(NamedTuple):
    """spread = at * (members / of) ** exponent, on logarithms."""

    at: float
    of: float
    exponent: float
    at_error: float  # of ln(at)
    exponent_error: float  # 0 where the exponent was assumed

    def spread(self, members: float) -> tuple[float, float, float]:
        """Return the spread at so many members with its 95% interval."""
        far = math.log(members / self.of)
        middle = math.log(self.at) + self.exponent * far
        half = NORMAL * math.hypot(self.at_error, self.exponent_error * far)
        return math.exp(middle), math.exp(middle - half), math.exp(middle + half)


def law_of(sizes: list[tuple[float, float, int]]) -> Law | None:
    """Return the law of spreads; None without any.

    A standard deviation of n estimates has, on its logarithm, the standard error 1 / sqrt(2 (n - 1)).

    Args:
        sizes: (members, spread, estimates) of each size.
    """
    known = [(members, spread, n) for members, spread, n in sizes if n > 1 and math.isfinite(spread) and spread > 0.0]
    if not known:
        return None
    logs = np.array([math.log(members) for members, _, _ in known])
    values = np.array([math.log(spread) for _, spread, _ in known])
    weights = np.array([2.0 * (n - 1) for _, _, n in known])
    middle = float((weights * logs).sum() / weights.sum())
    at = float((weights * values).sum() / weights.sum())
    spread = float((weights * (logs - middle) ** 2).sum())
    slope = float((weights * (logs - middle) * values).sum()) / spread if spread > 0.0 else ROOT
    return Law(
        math.exp(at),
        math.exp(middle),
        exponent=slope,
        at_error=1.0 / math.sqrt(weights.sum()),
        exponent_error=1.0 / math.sqrt(spread) if spread > 0.0 else 0.0,
    )


def power_table(findings: Findings, metric: str, members: list[float]) -> pd.DataFrame:
    """Return the minimum detectable effect of the asked scheme's usual reading, in per cent of the control, by members and weeks."""
    import pandas as pd

    rows = []
    here = _of(findings, metric, (BIAS, TESTS))
    for weeks, part in here.groupby("weeks") if len(here) else []:
        law = _law(part)
        control = abs(float(part.control.iloc[0]))
        if law is None or not control:
            continue
        truth = 100.0 * float(part.truth.iloc[0]) / control
        for n in sorted({*members, *(float(m) for m in part.members)}):
            effects = [100.0 * detectable(spread) / control for spread in law.spread(n)]
            names = ("detectable", "detectable_low", "detectable_high")
            rows.append({"metric": metric, "weeks": weeks, "members": n, **dict(zip(names, effects, strict=True)), "launch": truth})
    return pd.DataFrame(rows, columns=["metric", "weeks", "members", "detectable", "detectable_low", "detectable_high", "launch"])


def _of(findings: Findings, metric: str, panels: tuple[str, ...]) -> pd.DataFrame:
    """Return what the asked scheme's usual reading shows of a metric after some weeks, in some panels."""
    w = findings.weeks
    return w[(w.scheme == findings.question.by) & (w.metric == metric) & w.panel.isin(panels)] if len(w) else w


def _law(part: pd.DataFrame) -> Law | None:
    return law_of([(float(r.members), float(r.spread), int(r.tests)) for r in part.itertuples() if r.members])


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
    law = _law(others[others.weeks == row.weeks])
    if law is None or not (math.isfinite(row.spread) and row.spread > 0.0):
        return None
    said, low, _ = law.spread(float(row.members))
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
