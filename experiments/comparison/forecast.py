"""Forecast of a comparison from a small pilot: runs, time, memory and minimum detectable effects."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.comparison.split import place
from experiments.comparison.stopping_rule import form_of
from experiments.comparison.worlds import PAIRS
from experiments.methods import paired
from experiments.runs.cost import HELD_ITEM, duration, gigabytes, items_of, memory_of, size_of
from experiments.runs.keys import members_of
from experiments.runs.pilot import small_pilot
from sim.results.measures import CONTEXT

if TYPE_CHECKING:
    from experiments.comparison.worlds import Worlds
    from experiments.runs.request import Request

PILOT_PAIRS = 4


def forecast(request: Request, *, explain: bool, worlds: Worlds | None = None) -> dict[str, Any]:
    """Return runs, seconds, bytes and the minimum detectable effects, with lines that say so.

    Args:
        request: what is asked.
        explain: whether it is also asked how much of each difference is assumed.
        worlds: draws at which the arms are compared once more.
    """
    s = request.scenario
    pilot = small_pilot(request, PILOT_PAIRS)
    size = size_of(s)
    steps, memory = 1.0, _memory(request)
    if explain:
        from experiments.calibration.runs import bytes_of
        from experiments.calibration.targets import SEEDS
        from experiments.comparison import suggestions
        from experiments.comparison.explain import EXPLAIN_PAIRS, steps_of

        more = len(steps_of(request)) + len(suggestions.steps_of(request)) + 1  # one without other populations' targets
        memory = max(memory, bytes_of(min(request.workers, len(SEEDS)), size.members))  # at its end, the calibration's runs
        steps = 1.0 + more * min(EXPLAIN_PAIRS, request.pairs) / request.pairs
    pairs = request.most
    steps += at_once(worlds) * PAIRS / pairs
    runs = round(len(request.arms) * pairs * steps)
    took = pilot.seconds * size.time * pairs * steps / request.workers
    detectable = _detectable(request, pilot.pairs, size.share, pairs)
    days = s.warm_up + s.days
    plan = f"{pairs} pairs of {len(request.arms)} arms: {runs} runs of {days} days on {request.workers} workers"
    lines = [
        f"{plan}, about {duration(took)} and at most {gigabytes(memory)}.",
        *checks(worlds),
        f"From a pilot of {PILOT_PAIRS} pairs with {size.tried:,} members, the minimum detectable effects of {pairs} pairs at 80% power:",
    ]
    for name, x in detectable.items():
        measure = request.catalogue[name]
        lines.append(
            f"  {measure.title}: {100 * x:.2f} points" if measure.unit == "share" else f"  {measure.title}: {x:.3g} {measure.unit}"
        )
    return {"runs": runs, "seconds": took, "bytes": memory, "detectable": detectable, "lines": lines}


def at_once(worlds: Worlds | None) -> int:
    """Return at how many draws arms are compared at most."""
    if worlds is None or worlds.table is not None:
        return 0
    return min(worlds.many or len(worlds.points), len(worlds.points))


def checks(worlds: Worlds | None) -> list[str]:
    """Return a line on the runs that check conditioned draws, if there are some."""
    if worlds is None or worlds.held is None or worlds.fitted is None or not worlds.held.unchecked:
        return []
    return [f"Before that, {len(worlds.points)} runs with {worlds.fitted.members:,} members check the conditioned draws."]


def _memory(request: Request) -> float:
    """Return the bytes that the workers need at most: those with the first pairs hold every item of a run an arm."""
    items = items_of(members_of(request.scenario), request.scenario.warm_up + request.scenario.days)
    pictured = sum(form_of(request, pair).events for pair in range(1, request.workers + 1))
    return request.workers * memory_of(request.scenario) + pictured * len(request.arms) * items * HELD_ITEM


def _detectable(request: Request, pilot: list[Any], share: float, pairs: int) -> dict[str, float]:
    """Return the minimum detectable effect of each goal and guardrail; noise falls with the root of the size."""
    out = {}
    arm = request.order[1]
    for name, measure in request.catalogue.items():
        if measure.role == CONTEXT or name not in pilot[0][arm].measures:
            continue
        values = [(p[arm].measures[name][2], p[request.reference].measures[name][2]) for p in pilot]
        d = np.array([a - b for a, b in values if a is not None and b is not None])
        if len(d) > 1:
            out[name] = paired.detectable_difference(float(np.std(d, ddof=1)) / math.sqrt(share), pairs)
    return dict(sorted(out.items(), key=lambda x: place(x[0])))
