"""Forecast of a question: how many replicates the time is enough for, how long and how much memory they take."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from experiments.abtest.calibrated import seconds_of
from experiments.abtest.question import Panel, Question
from experiments.abtest.replicate import replicate
from experiments.reporting.text import counted
from experiments.runs.cost import ANYWAY, duration, gigabytes, memory_of_test
from experiments.runs.keys import members_of, pair_seeds
from experiments.runs.pilot import PILOT_MEMBERS

if TYPE_CHECKING:
    from collections.abc import Mapping

LEAST = 2  # replicates
PLANNED = 0.95  # share of the time that is planned for replicates: tables and the report take seconds


def scaled(question: Question, seconds: Mapping[str, float], left: float) -> dict[str, int]:
    """Return how many replicates of each panel the time is enough for: of all panels the same share of what is wanted.

    Args:
        question: with the replicates that are wanted.
        seconds: of a replicate of each panel, all workers together.
        left: seconds.
    """
    whole = sum(seconds[panel.name] * panel.replicates for panel in question.panels)
    share = min(1.0, left / whole) if whole > 0.0 else 1.0
    return {panel.name: max(LEAST, int(share * panel.replicates)) for panel in question.panels}


def _tried(question: Question, panel: Panel) -> tuple[float, float]:
    """Return (the seconds of a replicate of a panel, from a smaller one; the members of that)."""
    base = question.base(panel)
    members = members_of(base)
    small = panel if base.network_file or members <= PILOT_MEMBERS else panel._replace(members=PILOT_MEMBERS)
    tried = members_of(question.base(small))
    seeds = pair_seeds(question.seed, 1)
    tests = {scheme: question.tests(small, scheme, seeds[0]) for scheme in panel.schemes}
    begun = time.perf_counter()
    replicate(question.base(small), question.arms, tests, share=question.share, population_seed=seeds[0], seed=seeds[1])
    return (time.perf_counter() - begun) * (members + ANYWAY) / (tried + ANYWAY), members


def forecast(question: Question, minutes: float) -> dict[str, Any]:
    """Return what a question takes, with lines that say so; a small replicate of each panel is made."""
    seconds, largest = {}, 0.0
    for panel in [panel for panel in question.panels if not panel.at]:
        took, members = _tried(question, panel)
        seconds[panel.name], largest = took / question.workers, max(largest, members)
    seconds |= seconds_of(question, seconds)
    many = scaled(question, seconds, PLANNED * 60.0 * minutes)
    total = sum(many[name] * seconds[name] for name in many)
    memory = question.workers * memory_of_test(largest)
    runs = {panel.name: many[panel.name] * (2 + sum(map(question.draws_of, panel.schemes))) for panel in question.panels}
    lines = [
        f"{panel.name}: {counted(many[panel.name], 'replicate')} of {counted(len(panel.schemes), 'scheme')} "
        f"({counted(runs[panel.name], 'run')} of {members_of(question.base(panel)):,} members), of {panel.replicates} wanted."
        for panel in question.panels
    ]
    first = f"About {duration(total)} on {counted(question.workers, 'worker')} and at most {gigabytes(memory)}."
    return {"seconds": total, "bytes": memory, "runs": sum(runs.values()), "replicates": many, "minutes": minutes, "lines": [first, *lines]}
