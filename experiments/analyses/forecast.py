"""Forecast of an analysis that has a budget, from a small pilot: what the budget allows, what the method needs, runs, time and memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.analyses.time_budget import FULL
from experiments.reporting.text import counted
from experiments.runs.cost import ANYWAY, between, duration, gigabytes, memory_of, seconds_of_pair, size_of
from experiments.runs.ledger import looked_into
from experiments.runs.study import Point
from experiments.space.factors import MEMBERS

if TYPE_CHECKING:
    from experiments.analyses.base import Analysis
    from experiments.runs.request import Request

PLACES = 4  # of the space, at each of which the pilot runs a pair
ENDLESS = 10**9  # pairs: what no budget allows


class Plan(NamedTuple):
    """How many pairs a method runs: what it finds on its way decides between the two."""

    least: int
    most: int


def forecast(
    analysis: Analysis,
    planned: Callable[[int], Plan],
    *,
    points: Sequence[Point],
    ledger: Path,
    request: Request | None = None,
    notes: Sequence[str] = (),
) -> dict[str, Any]:
    """Return what an analysis takes, with lines that say so; a small pilot is run.

    Args:
        analysis: the question.
        planned: says how many pairs the method runs where the budget allows so many.
        points: at which it runs them.
        ledger: in which runs are looked for.
        request: what is asked at each point; that of the analysis unless given.
        notes: on the method.
    """
    request = request or analysis.request
    arms, workers, minutes = len(request.arms), analysis.workers, analysis.minutes
    there = kept(ledger)
    few, usual, largest = _pilot_points(points, size_of(analysis.scenario).members)
    tried = len(few) or PLACES
    pace = seconds_of_pair(request, 1 if few else PLACES, few) * usual / workers
    allowed = int(min(ENDLESS, FULL * 60.0 * minutes / pace))
    plan, needed, useful = planned(allowed), planned(0), planned(ENDLESS)
    memory = workers * memory_of(analysis.scenario, largest)
    days = analysis.scenario.warm_up + analysis.scenario.days
    takes = between(duration(plan.least * pace), duration(plan.most * pace))
    runs = f"{between(f'{arms * plan.least:,}', f'{arms * plan.most:,}')} runs of {counted(days, 'day')} on {counted(workers, 'worker')}"
    pairs = f"{between(f'{plan.least:,}', f'{plan.most:,}')} pairs of {arms} arms: " if arms > 1 else ""
    unit = "pair" if arms > 1 else "run"
    limit = "" if useful.most > ENDLESS // 2 else f", and has use for {useful.most:,} at most"
    budget = f"{minutes:g} {'minute' if minutes == 1.0 else 'minutes'}"
    need = between(f"{needed.least:,}", f"{needed.most:,}")
    pilot = f"From a pilot of {counted(tried, unit)} with {size_of(analysis.scenario).tried:,} members"
    lines = [
        f"{pairs}{runs}, about {takes} and at most {gigabytes(memory)}.",
        f"{pilot}, the budget of {budget} allows about {counted(allowed, unit)}; the method needs {need}{limit}.",
        *_too_little(needed, allowed, budget),
    ]
    return {
        "minutes": minutes,
        "pairs_allowed": allowed,
        "pairs_needed": needed.most,
        "pairs_useful": useful.most if limit else None,
        "pairs": plan.most,
        "pairs_at_least": plan.least,
        "runs": arms * plan.most,
        "runs_at_least": arms * plan.least,
        "seconds": plan.most * pace,
        "seconds_at_least": plan.least * pace,
        "longer_than_budget": needed.most > allowed,
        "workers": workers,
        "bytes": memory,
        "lines": [*lines, *notes, *there],
    }


def _too_little(needed: Plan, allowed: int, budget: str) -> list[str]:
    """Return a line where the budget is, or may be, less than the method needs."""
    if needed.least > allowed:
        return [f"The budget is less than that: the command takes longer than {budget}."]
    if needed.most > allowed:
        return [f"The budget may be less than that: the command may take longer than {budget}."]
    return []


def kept(ledger: Path) -> list[str]:
    """Return a line on the runs that a ledger has, if there is one. Errors as of `Ledger`."""
    with looked_into(ledger) as book:
        there = 0 if book is None else len(book)
    return (
        [f"{ledger} has {counted(there, 'run')}: those that are asked for again are not made again, though counted here."] if there else []
    )


def _pilot_points(points: Sequence[Point], members: int) -> tuple[list[Point], float, float]:
    """Return a few points for a pilot, whose runs are small at all of them, how many times as long as usual they take, and the most members.

    Where points differ in their members alone, there are none for the pilot: it runs the scenario itself.
    """
    few = points[:: max(1, len(points) // PLACES)][:PLACES]
    many = [point.values.get(MEMBERS, members) for point in few]
    small = [{path: x for path, x in point.values.items() if path != MEMBERS} for point in few]
    usual = (sum(many) / len(many) + ANYWAY) / (members + ANYWAY)
    return [Point(k, values) for k, values in enumerate(small, 1) if values], usual, max(p.values.get(MEMBERS, members) for p in points)
