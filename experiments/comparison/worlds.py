"""The differences at draws that fit what was measured: two pairs at each, with seeds of their own, and the range over these worlds."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from experiments.comparison import moves as moving
from experiments.comparison.standing import Standing, standing
from experiments.defaults import COMPARED_WORLDS
from experiments.inference.conditions import Held, after, check, held
from experiments.inference.fitted import Fitted, read_fitted
from experiments.inference.shipped import SHIPPED, at_hand, committed, differences
from experiments.methods.worlds import LEAST, Range, range_over
from experiments.reporting.text import UNTOLD, counted, listed, scale_of, span
from experiments.runs.draws import NUMBER, Called, draws_asked, points_of, possible, table_of
from experiments.runs.scheduler import RunFailed
from experiments.runs.study import NEW, Point, Study
from sim.results.measures import CONTEXT, PRIMARY, Catalogue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.comparison.result import Comparison
    from experiments.runs.request import Request
    from experiments.runs.scheduler import Progress, Scheduler
    from experiments.runs.watch import Watch
    from sim.results.measures import Measure
    from sim.scenario.scenario import Scenario

PAIRS = 2  # a world
MOST_TURNED = 4  # verdicts of which it is said in the answer that they turn
COMMITTED = "those that are shipped"
CONDITIONED = "conditioned.csv"
RANGE_COLUMNS = ["measure", "arm", "worlds_low", "worlds_high", "sign_share", "worlds"]  # the last four stand in summary.csv


class Worlds(NamedTuple):
    """Draws at which the arms are compared once more."""

    points: list[Point]
    source: str  # the file, as it was named
    held: Held  # what they may be called
    fitted: Fitted | None = None  # what they were fitted to, if their folder says so
    many: int = 0  # of those that hold, the first
    table: pd.DataFrame | None = None  # their differences, where these need no run

    @property
    def digest(self) -> str:
        """Return 16 hex digits of the draws."""
        facts: list[Any] = [[one.number, sorted(one.values.items())] for one in self.points]  # noqa: PD011  (of no table)
        facts += [self.many, list(self.held.why), sorted(self.held.wanted.items()), self.held.unchecked]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]

    @property
    def called(self) -> Called:
        """Return what these draws may be called."""
        return self.held.called(self.fitted)

    @property
    def fit(self) -> bool:
        """Tell whether these are worlds that fit, and no mere assumptions."""
        return self.called.fit

    @property
    def one(self) -> str:
        """Return what one of them is called."""
        return self.called.one

    @property
    def range(self) -> str:
        """Return what the range over them is called."""
        return self.called.range


def asked_worlds(given: str | Path | None, request: Request, many: int) -> Worlds | None:
    """Return the first draws of a file, or of a calibration's folder, with what they may be called; None for "none" or nothing.

    Raises:
        BadInput: if it is no table of draws for this scenario, in a line that names file and column.
    """
    if given is None or not draws_asked(given):
        return None
    points, folder = _read(Path(given), request)
    fitted = read_fitted(folder)
    found = held(points, fitted, request)
    kept = found.points if found.unchecked else found.points[:many]  # before the check nobody knows which are left
    return Worlds(possible(kept, request.arms, given), str(given), found._replace(points=kept), fitted, many)


def usual_worlds(request: Request, many: int | None, folder: Path = SHIPPED) -> Worlds | None:
    """Return the draws that are committed; with their differences, if scenario and arms are those that they were compared with.

    Of a changed scenario they say what they may be called, as any draws do. So many are taken that the comparison takes about three times as long.

    Args:
        request: what is compared.
        many: of the draws, the first; all whose differences are known, or as many as are usual, unless given.
        folder: of committed draws.

    Raises:
        BadInput: if they cannot be read, or hold for none of these arms.
    """
    there = committed(request.scenario, folder)
    table = None if there is None else differences(there, request.arms, request.reference)
    if there is None and not at_hand(folder):
        return None
    if table is not None:
        known = list(dict.fromkeys(table[NUMBER]))[:many]
        table = table[table[NUMBER].isin(known) & table.measure.isin(list(request.catalogue))].reset_index(drop=True)
        many = len(known)
    found = asked_worlds(folder, request, many or max(LEAST, min(COMPARED_WORLDS, request.pairs)))
    return None if found is None else found._replace(source=COMMITTED, table=table)


def _read(path: Path, request: Request) -> tuple[list[Point], Path]:
    """Return all draws of a file or folder, and the folder. Errors as of `asked_worlds`."""
    path, table = table_of(path)
    return points_of(path, table, request.arms, beside=(NUMBER,)), path.parent


def checked(worlds: Worlds, scheduler: Scheduler, watch: Watch) -> tuple[Worlds, pd.DataFrame | None]:
    """Return the draws that still show the figures, once conditioned ones were run again, with the table of that; others as they are."""
    if worlds.fitted is None or not worlds.held.unchecked:
        return worlds, None
    with watch.counted("conditioned draws") as advance:
        table = check(worlds.held, worlds.fitted, scheduler, advance)
    return once_checked(worlds, table), table


def once_checked(worlds: Worlds, table: pd.DataFrame) -> Worlds:
    """Return the draws that a check left."""
    left = after(worlds.held, table)
    return worlds._replace(points=left.points[: worlds.many], held=left)


def at_worlds(request: Request, worlds: Worlds, scheduler: Scheduler, progress: Progress) -> pd.DataFrame:
    """Run the pairs of each world that the ledger lacks; return a row a draw, arm and measure: both pairs' differences, the level, the draw's numbers.

    Of draws whose differences are known nothing is run.

    Raises:
        RunFailed: if a pair failed twice: none is left out.
    """
    if worlds.table is not None:
        return worlds.table
    study = Study(dataclasses.replace(request, pairs=PAIRS, until=None), scheduler.ledger, scheduler.executor, scheduler.ahead, seeds=NEW)
    study.forget_failures(worlds.points, PAIRS)
    found = study.evaluate(worlds.points, PAIRS, progress, in_order=True)
    reference, *others = request.order
    rows: list[dict[str, Any]] = []
    for point, pairs in zip(worlds.points, found, strict=True):
        if any(pair is None for pair in pairs):
            raise RunFailed(f"a pair of draw {point.number} failed twice")
        whole = [pair for pair in pairs if pair is not None]
        for arm in others:
            for name in request.catalogue.in_order(whole[0][reference].measures):
                if request.catalogue[name].role == CONTEXT:
                    continue
                both = [(pair[arm].measures[name][2], pair[reference].measures[name][2]) for pair in whole]
                d = [math.nan if a is None or b is None else a - b for a, b in both]
                level = sum(math.nan if b is None else b for _, b in both) / len(both)
                row = {NUMBER: point.number, "measure": name, "arm": arm, **dict(zip(moving.PAIR, d, strict=True)), moving.LEVEL: level}
                rows.append(row | dict(point.values))
    return pd.DataFrame(rows)


def ranges(table: pd.DataFrame) -> dict[tuple[str, str], Range]:
    """Return the range of each arm and measure over worlds."""
    return {
        (str(arm), str(name)): range_over(part[moving.PAIR].to_numpy(float), part[moving.LEVEL].to_numpy(float))
        for (arm, name), part in table.groupby(["arm", "measure"], sort=False)
    }


def with_worlds(c: Comparison, table: pd.DataFrame, worlds: Worlds, asked: str, conditioned: pd.DataFrame | None = None) -> Comparison:
    """Return a comparison with the range over worlds of each difference, on what verdicts stand, and that in words.

    Args:
        c: the comparison; its summary may have the range already.
        table: of `at_worlds`.
        worlds: the draws that were compared at.
        asked: the digest of the draws as they were asked for.
        conditioned: the table of a check, if there was one.
    """
    found = ranges(table)
    rows = [
        (name, arm, *((r.low, r.high) if r.told else (math.nan, math.nan)), r.share, r.worlds)  # less than noise is no range
        for (arm, name), r in found.items()
        if math.isfinite(r.low)
    ]
    told = pd.DataFrame(rows, columns=RANGE_COLUMNS)
    summary = c.summary.drop(columns=RANGE_COLUMNS[2:], errors="ignore").merge(
        told, how="left", on=["measure", "arm"], validate="many_to_one"
    )
    spread = moving.moves(table, None if worlds.fitted is None else worlds.fitted.constrained)
    stands = standings(c.summary, table, c.catalogue)
    arms = [arm for arm in c.arms if arm != c.reference]
    told_by: Any = {"spread": spread, "catalogue": c.catalogue, "worlds": worlds, "scenario": c.scenario}
    lines = {arm: lines_of(found, stands, arm, **told_by, turning=c.turning.get(arm, [])) for arm in arms}
    every = set(worlds.called.sentences)  # they say the same of all arms, and are said once
    lines = {arm: [line for line in lines[arm] if arm == arms[0] or line not in every] for arm in arms}
    return dataclasses.replace(
        c,
        summary=summary,
        worlds=table,
        worlds_answer=lines,
        worlds_digest=asked,
        worlds_range=worlds.range,
        worlds_stands={key: one.short for key, one in stands.items()},
        worlds_moves=spread,
        worlds_conditioned=conditioned,
    )


def lines_of(
    found: dict[tuple[str, str], Range],
    stands: dict[tuple[str, str], Standing],
    arm: str,
    *,
    spread: pd.DataFrame,
    catalogue: Catalogue,
    worlds: Worlds,
    scenario: Scenario,
    turning: Sequence[str] = (),
) -> list[str]:
    """Return all that is said of an arm over worlds: how far, on what it stands, what moves it most, what else turns, and what these worlds are.

    What turns without the assumptions that favour a channel, `turning`, stands before what turns in some worlds. Where the primary measure was not
    measured, the last alone is said: tables have the range all the same.
    """
    said = sentences(found, stands, arm, catalogue, worlds)
    if not said:
        return [*turning, *worlds.called.sentences]
    return [*said[:2], *moving.sentences(spread, arm, scenario, found[arm, PRIMARY].worlds), *turning, *said[2:]]


def said_of_tables(
    summary: pd.DataFrame,
    table: pd.DataFrame,
    worlds: Worlds,
    arm: str,
    *,
    catalogue: Catalogue,
    scenario: Scenario,
    turning: Sequence[str] = (),
) -> list[str]:
    """Return the same from a folder's summary and its `worlds.csv`."""
    spread = moving.moves(table, None if worlds.fitted is None else worlds.fitted.constrained)
    stands = standings(summary, table, catalogue)
    return lines_of(ranges(table), stands, arm, spread=spread, catalogue=catalogue, worlds=worlds, scenario=scenario, turning=turning)


def standings(summary: pd.DataFrame, table: pd.DataFrame, catalogue: Catalogue) -> dict[tuple[str, str], Standing]:
    """Return on what each decided verdict of a goal or guardrail stands, by arm and measure."""
    parts = {(str(arm), str(name)): part for (arm, name), part in table.groupby(["arm", "measure"], sort=False)}
    found = {}
    for _, row in summary[summary.role != CONTEXT].iterrows():
        key = (str(row.arm), str(row.measure))
        if key not in parts:
            continue
        effects, levels = parts[key][moving.PAIR].to_numpy(float), parts[key][moving.LEVEL].to_numpy(float)
        if (one := standing(row, effects, levels, catalogue[key[1]])) is not None:
            found[key] = one
    return found


def sentences(
    found: dict[tuple[str, str], Range], stands: dict[tuple[str, str], Standing], arm: str, catalogue: Catalogue, worlds: Worlds
) -> list[str]:
    """Return in words how far the primary difference goes over worlds, on what its verdict stands, what else turns, and why they are assumptions."""
    if (arm, PRIMARY) not in found or not math.isfinite(found[arm, PRIMARY].low):
        return []
    r, measure = found[arm, PRIMARY], catalogue[PRIMARY]
    mine = stands.get((arm, PRIMARY))
    sign = "It is not decided at the defaults" if mine is None else f"It is {mine.told(worlds.one)}"
    noise = "" if r.told else ", noise included"
    lines = [_reach(r, measure, worlds), f"{sign}{noise}."]
    turned = [
        (one, name) for (whose, name), one in stands.items() if whose == arm and name != PRIMARY and not one.all and found[whose, name].told
    ]
    if turned:
        first = sorted(turned, key=lambda pair: pair[0].same / pair[0].of)[:MOST_TURNED]
        told = [f"{catalogue[name].title.lower()} ({one.verdict}; turns in {one.of - one.same} of {one.of})" for one, name in first]
        more = [f"{len(turned) - len(first)} more"] if len(turned) > len(first) else []
        lines.append(f"Decided at the defaults, but otherwise in some {worlds.one}s: {listed([*told, *more])}.")
    return lines + worlds.called.sentences


def _reach(r: Range, measure: Measure, worlds: Worlds) -> str:
    """Return how far a difference goes over worlds."""
    head = f"Over {counted(r.worlds, worlds.one)} ({worlds.source}) that difference is {span(r.low, r.high, measure.unit)}"
    if not r.told:
        return f"{head}: worlds {UNTOLD}, of which each has {PAIRS} pairs."
    scale, unit = scale_of(measure.unit)
    doubt = f"its ends are known to ± {scale * r.low_error:.1g} and ± {scale * r.high_error:.1g}{unit}"
    held_in = f"{100 * r.holds:.0f}% of {'worlds' if worlds.fit else 'draws'} like these lie within"
    return f"{head}: the {worlds.range}, beside the confidence interval, which holds at the defaults; {held_in}, and {doubt}."
