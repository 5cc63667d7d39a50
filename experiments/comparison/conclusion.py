"""What a comparison found, as tables and words: from its pairs, or from the folder in which it was finished."""

from __future__ import annotations

import dataclasses
import functools
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.comparison.result import Comparison, Portraits, Tables, pairs_in_words
from experiments.comparison.stopping_rule import EXAMPLES, ends_here, form_of
from experiments.reporting import run_folder
from experiments.reporting.text import too_small
from experiments.runs.keys import members_of, pair_seeds
from experiments.runs.portrait import from_arrays, portrait_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from experiments.calibration.targets import Target
    from experiments.comparison.tables import Pairs
    from experiments.comparison.worlds import Worlds
    from experiments.runs.request import Request
    from experiments.runs.scheduler import Scheduler
    from experiments.runs.watch import Watch
    from sim.results.measures import Catalogue


def conclude(request: Request, pairs: Pairs) -> Comparison:
    """Return the comparison of some pairs."""
    from experiments.comparison.tables import daily_table, levels_table, runs_table, summary_table

    order, catalogue = request.order, request.catalogue
    tables = Tables(
        runs=runs_table(pairs, order, request.seed, catalogue),
        summary=summary_table(pairs, order, request.reference, catalogue=catalogue),
        levels=levels_table(pairs, order, request.reference, catalogue),
        daily=daily_table(pairs, order, request.scenario.warm_up),
    )
    return _told(request, len(pairs), tables, functools.partial(kept_portraits, request, pairs[:EXAMPLES]))


def recalled(request: Request, folder: Path, *, explain: bool, worlds: Worlds | None = None) -> Comparison | None:
    """Return the comparison that a folder of the same plan holds; None unless it is finished, as it was written, and what is asked for.

    Args:
        request: what is asked.
        folder: that may hold it.
        explain: whether it is also asked how much of each difference is assumed.
        worlds: draws at which the arms are also to be compared.
    """
    digest = "" if worlds is None else worlds.digest
    held = run_folder.finished(folder, {"arms": request.order, "until": request.until, "explain": explain, "worlds": digest})
    if held is None:
        return None
    runs, summary, levels, daily = (run_folder.read_table(held[name]) for name in ("runs.csv", "summary.csv", "by_style.csv", "daily.csv"))
    pairs = int(runs["pair"].max())
    if not ends_here(request, runs, pairs):
        return None
    found = _told(request, pairs, Tables(runs, summary, levels, daily), functools.partial(portraits_again, request, pairs))
    if explain:
        found = _assumed_again(found, held)
    return found if worlds is None else _over_worlds(found, held, worlds)


def _over_worlds(found: Comparison, held: dict[str, bytes], worlds: Worlds) -> Comparison:
    """Return a comparison with what a folder's tables say of worlds."""
    from experiments.comparison.worlds import CONDITIONED, once_checked, with_worlds

    table = run_folder.read_table(held["worlds.csv"])
    conditioned = run_folder.read_table(held[CONDITIONED]) if CONDITIONED in held else None
    left = worlds if conditioned is None else once_checked(worlds, conditioned)
    return with_worlds(found, table, left, worlds.digest, conditioned)


def _assumed_again(found: Comparison, held: dict[str, bytes]) -> Comparison:
    """Return a comparison with what a folder's tables say of its assumptions."""
    from experiments.calibration.targets import Target

    table, moved, freed = (run_folder.read_table(held[name]) for name in ("explain.csv", "suggestions.csv", "populations.csv"))
    seen = run_folder.read_table(held["calibration.csv"]).itertuples()
    checked = [
        Target(name=t.target, source=t.source, low=t.low, high=t.high, got=t.got, denominator=t.denominator, unit=t.unit) for t in seen
    ]
    return _saying(found, table=table, moved=moved, freed=freed, checked=checked)


def explained(request: Request, result: Comparison, pairs: Pairs, scheduler: Scheduler, *, watch: Watch) -> Comparison:
    """Return a comparison with how much of each difference is assumed, and with the targets of the calibration."""
    from experiments.calibration.runs import reached
    from experiments.comparison.explain import EXPLAIN_PAIRS, explain
    from experiments.comparison.populations import with_and_without
    from experiments.comparison.suggestions import at_bounds

    first = pairs[:EXPLAIN_PAIRS]
    with watch.counted("assumptions") as advance:
        table = explain(request, pairs, scheduler, advance)
    with watch.counted("suggestions") as advance:
        moved = at_bounds(request, len(first), scheduler, advance)
    with watch.counted("other populations") as advance:
        freed = with_and_without(request, first, scheduler, advance)
    with watch.counted("calibration") as advance:
        checked = reached(request.scenario, scheduler, advance)
    return _saying(result, table=table, moved=moved, freed=freed, checked=checked)


def _saying(c: Comparison, table: pd.DataFrame, moved: pd.DataFrame, freed: pd.DataFrame, checked: list[Target]) -> Comparison:
    """Return a comparison with what was found of its assumptions, and that in words."""
    from experiments.comparison import explain, populations, surfaces

    rests = pairs_in_words(int(table.pairs.max()), c.pairs) if len(table) else ""

    def told(frame: pd.DataFrame, sentences: Callable[[pd.DataFrame, str, Catalogue, int], list[str]]) -> list[str]:
        return [line for arm in c.arms[1:] for line in sentences(frame, arm, c.catalogue, c.pairs)]

    return dataclasses.replace(
        c,
        explain=table,
        explain_answer=told(table, explain.sentences),
        turning={arm: explain.turning(table, arm, c.catalogue, over=rests) for arm in c.arms[1:]},
        suggestions=moved,
        suggestions_answer=told(moved, surfaces.sentences) or c.suggestions_answer,
        populations=freed,
        populations_answer=told(freed, populations.sentences),
        calibration=checked,
    )


def _told(request: Request, pairs: int, tables: Tables, portraits: Callable[[], Portraits]) -> Comparison:
    """Return the comparison that these tables show, with what is to be said of it."""
    from experiments.comparison import turning
    from experiments.comparison.answer import answer
    from experiments.comparison.surfaces import unmeasured

    order, catalogue = request.order, request.catalogue
    return Comparison(
        scenario=request.scenario,
        arms=order,
        reference=request.reference,
        seed=request.seed,
        pairs=pairs,
        until=request.until,
        **tables._asdict(),
        left_out=catalogue.fitting(request.scenario)[1],
        answer={arm: answer(tables.summary, arm, catalogue) for arm in order[1:]},
        turning=turning.said(request),
        suggestions_answer=[unmeasured(request.scenario)],
        notes=notes(request, pairs),
        made_portraits=portraits,
        catalogue=catalogue,
    )


def notes(request: Request, pairs: int) -> list[str]:
    """Return what a reader must know about the intervals."""
    from experiments.comparison import size

    out = [few] if (few := too_small(members_of(request.scenario))) else []
    out += size.sentences(request)
    if request.scenario.design_shares:
        out.append(
            "The scenario's design_shares are set aside: each arm gives everybody one design. `firstcontact run` simulates "
            "the mixture, and `firstcontact abtest` says what a test of it would show."
        )
    if request.scenario.network_file:
        out.append(
            "All pairs begin with one network, read from a file: the intervals cover the random variation in who its members are and "
            "what they do, not in which network it is."
        )
    if request.until and not pairs < request.most:
        out.append(f"The stopping rule (--until {request.until}) was not met within {pairs} pairs, the most allowed (--max-pairs).")
    return out


def kept_portraits(request: Request, pairs: Pairs) -> Portraits:
    """Return the single members that the records of the first pairs keep, by arm; none if there are too many to show."""
    kept = [pair for pair in pairs if all(pair[arm].portrait for arm in request.order)]
    return {arm: [from_arrays(dict(pair[arm].portrait)) for pair in kept] for arm in request.order if kept}


def portraits_again(request: Request, pairs: int) -> Portraits:
    """Return the same from runs that are made again, of a folder that keeps its figures alone."""
    from experiments.runs.worker import histories_of

    arms = {name: request.arms[name] for name in request.order}
    found = [
        {
            arm: portrait_of(history)
            for arm, history in histories_of(arms, *pair_seeds(request.seed, r), request.threads, events=True).items()
        }
        for r in range(1, min(EXAMPLES, pairs) + 1)
        if form_of(request, r).events
    ]
    return {arm: [portraits[arm] for portraits in found] for arm in arms if found}
