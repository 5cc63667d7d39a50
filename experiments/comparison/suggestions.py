"""Runs at the bounds of the share that goes through lists of suggestions: how much of the answer hangs on it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from experiments.comparison.stopping_rule import gather
from experiments.comparison.surfaces import SHARE, bounds, table_of
from experiments.runs.scheduler import counted

if TYPE_CHECKING:
    import pandas as pd

    from experiments.runs.request import Request
    from experiments.runs.scheduler import Progress, Scheduler
    from sim.scenario.scenario import Scenario


def steps_of(request: Request) -> dict[float, dict[str, Scenario]]:
    """Return the arms at either bound of the share, the lower first; the share holds from the first day on."""
    return {at: {arm: scenario.with_(**{SHARE: at}) for arm, scenario in request.arms.items()} for at in bounds()}


def at_bounds(request: Request, pairs: int, scheduler: Scheduler, progress: Progress) -> pd.DataFrame:
    """Run the arms with the share at its bounds, on the first `pairs` pairs; return what `table_of` does."""
    steps, found = steps_of(request), []
    for k, arms in enumerate(steps.values()):
        part = dataclasses.replace(request, arms=arms, pairs=pairs, until=None)
        found.append(gather(part, scheduler, counted(progress, k * pairs, len(steps) * pairs)))
    low, high = found
    return table_of(low, high, request.order, request.catalogue)
