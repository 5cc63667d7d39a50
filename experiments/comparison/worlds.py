"""The differences at draws that fit what was measured: two pairs at each, with seeds of their own, and the range over these worlds."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from experiments.methods.worlds import Range, binomial_interval, range_over
from experiments.reporting.run_folder import read_table
from experiments.reporting.text import counted, decimals, named, scale_of
from experiments.runs.scheduler import RunFailed
from experiments.runs.study import NEW, Point, Study
from experiments.space.factors import factors, with_values
from sim.errors import BadInput, must, nearest
from sim.results.measures import CONTEXT, PRIMARY, Catalogue
from sim.scenario.validation import shown

if TYPE_CHECKING:
    from experiments.comparison.result import Comparison
    from experiments.runs.request import Request
    from experiments.runs.scheduler import Progress, Scheduler
    from sim.results.measures import Measure

PAIRS = 2  # a world
LEAST = 3  # worlds
ONE_SIDED = 0.9  # level of an interval whose lower end alone is a bound at 95%
NONE, DRAWS, NUMBER = "none", "draws.csv", "draw"
RANGE_COLUMNS = ["measure", "arm", "worlds_low", "worlds_high", "sign_share", "worlds"]  # the last four stand in summary.csv


class Worlds(NamedTuple):
    """Draws at which the arms are compared once more."""

    points: list[Point]
    source: str  # the file, as it was named

    @property
    def digest(self) -> str:
        """Return 16 hex digits of the draws."""
        told = json.dumps([[one.number, sorted(one.values.items())] for one in self.points])  # noqa: PD011  (of no table)
        return hashlib.sha256(told.encode()).hexdigest()[:16]


def read_worlds(given: str | Path | None, request: Request, many: int) -> Worlds | None:
    """Return the first draws of a file, or of a calibration's folder; None for "none" or nothing.

    Raises:
        BadInput: if it is no table of draws for this scenario, in a line that names file and column.
    """
    if given is None or str(given) == NONE:
        return None
    path = Path(given)
    path = path / DRAWS if path.is_dir() else path
    try:
        table = read_table(path.read_bytes())
    except OSError as error:
        raise BadInput(must("--draws", "be the draws.csv of a calibration, its folder, or none", f"{path}: {error.strerror}")) from None
    except (ValueError, UnicodeDecodeError) as error:
        raise BadInput(must("--draws", "be the draws.csv of a calibration", f"{path}: {str(error).splitlines()[0]}")) from None
    if len(table) < LEAST:
        raise BadInput(must("--draws", f"have {LEAST} draws or more", f"{path} with {len(table)}"))
    names = [str(name) for name in table.columns if name != NUMBER]
    _check(path, table, names, request)
    points = [
        Point(int(number), dict(zip(names, map(float, row), strict=True)))
        for number, row in zip(_numbers(path, table), table[names].itertuples(index=False), strict=True)
    ]
    worlds = Worlds(points[:many], str(given))
    for point in worlds.points:
        for scenario in request.arms.values():
            with_values(scenario, point.values)  # names what cannot be
    return worlds


def _numbers(path: Path, table: pd.DataFrame) -> list[int]:
    if NUMBER not in table.columns:
        return list(range(1, len(table) + 1))
    found = table[NUMBER]
    if found.dtype.kind not in "iu" or found.duplicated().any():
        raise BadInput(must(f"column {NUMBER}", "number the draws, each once", "something else", where=path))
    return [int(x) for x in found]


def _check(path: Path, table: pd.DataFrame, names: list[str], request: Request) -> None:
    """Refuse columns that are no numbers of the scenario, or in which the arms differ: they are the question."""
    known = factors(request.scenario)
    one, *others = (factors(arm) for arm in request.arms.values())
    for name in names:
        if name not in known:
            raise BadInput(
                must(f"column {shown(name)}", "be a parameter such as reply.base", f"an unknown one{nearest(name, known)}", where=path)
            )
        if any(one[name].default != other[name].default for other in others):
            raise BadInput(must(f"column {name}", "be a number in which the arms do not differ", "one in which they do", where=path))
        column = table[name]
        if column.dtype.kind not in "iuf" or not np.isfinite(column.to_numpy(float)).all():
            raise BadInput(must(f"column {name}", "have a number in each row", "something else", where=path))
    if not names:
        raise BadInput(must("", "have a column for each parameter that is drawn", "none", where=path))


def at_worlds(request: Request, worlds: Worlds, scheduler: Scheduler, progress: Progress) -> pd.DataFrame:
    """Run the pairs of each world that the ledger lacks; return a row a draw, arm and measure: the difference of either pair, the draw's numbers.

    Raises:
        RunFailed: if a pair failed twice: none is left out.
    """
    study = Study(dataclasses.replace(request, pairs=PAIRS, until=None), scheduler.ledger, scheduler.executor, scheduler.ahead, seeds=NEW)
    study.forget_failures(worlds.points, PAIRS)
    found = study.evaluate(worlds.points, PAIRS, progress)
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
                rows.append({NUMBER: point.number, "measure": name, "arm": arm, "difference_1": d[0], "difference_2": d[1], **point.values})  # noqa: PD011  (as above)
    return pd.DataFrame(rows)


def ranges(table: pd.DataFrame) -> dict[tuple[str, str], Range]:
    """Return the range of each arm and measure over worlds."""
    return {
        (str(arm), str(name)): range_over(part[["difference_1", "difference_2"]].to_numpy(float))
        for (arm, name), part in table.groupby(["arm", "measure"], sort=False)
    }


def with_worlds(c: Comparison, table: pd.DataFrame, worlds: Worlds) -> Comparison:
    """Return a comparison with the range over worlds of each difference, and that in words.

    Args:
        c: the comparison; its summary may have the range already.
        table: of `at_worlds`.
        worlds: the draws.
    """
    found = ranges(table)
    rows = [(name, arm, r.low, r.high, r.share, r.worlds) for (arm, name), r in found.items() if math.isfinite(r.low)]
    told = pd.DataFrame(rows, columns=RANGE_COLUMNS)
    summary = c.summary.drop(columns=RANGE_COLUMNS[2:], errors="ignore").merge(
        told, how="left", on=["measure", "arm"], validate="many_to_one"
    )
    lines = [
        line
        for arm in c.arms
        if arm != c.reference
        for line in sentences(c.summary, found, arm=arm, catalogue=c.catalogue, source=worlds.source)
    ]
    return dataclasses.replace(c, summary=summary, worlds=table, worlds_answer=lines, worlds_digest=worlds.digest)


def sentences(summary: pd.DataFrame, found: dict[tuple[str, str], Range], arm: str, catalogue: Catalogue, source: str) -> list[str]:
    """Return in words how far the primary difference goes over worlds, on what its verdict stands, and which decided signs turn."""
    if (arm, PRIMARY) not in found or not math.isfinite(found[arm, PRIMARY].low):
        return []
    r, measure = found[arm, PRIMARY], catalogue[PRIMARY]
    lines = [_reach(r, arm, measure, source), _stands(r, f"The sign of {measure.title.lower()}")]
    if turned := _turned(summary, found, arm, catalogue):
        lines.append(f"Decided at the defaults, but of the other sign in some worlds: {', '.join(turned)}.")
    return lines


def _reach(r: Range, arm: str, measure: Measure, source: str) -> str:
    """Return how far a difference goes over worlds."""
    what = f"{named(arm)} changes {measure.title.lower()} by {_span(r, measure.unit)}"
    head = f"Over {counted(r.worlds, 'calibrated world')} ({source}), {what}"
    if not r.told:
        return f"{head}: worlds cannot be told from noise, of which each has {PAIRS} pairs."
    held = f"{100 * r.holds:.0f}% of worlds like these lie within"
    return f"{head}: the range over calibrated worlds, beside the confidence interval, which holds at the defaults; {held}."


def _turned(summary: pd.DataFrame, found: dict[tuple[str, str], Range], arm: str, catalogue: Catalogue) -> list[str]:
    """Return the goals and guardrails but the primary one that are decided at the defaults and of the other sign in some worlds."""
    mine = summary[(summary.arm == arm) & (summary.role != CONTEXT) & (summary.measure != PRIMARY)]
    decided = mine[(mine.ci_low > 0.0) | (mine.ci_high < 0.0)]
    turned = []
    for name, difference in zip(decided.measure, decided.difference, strict=True):
        r = found.get((arm, name))
        if r is not None and (many := _against(r, difference)):
            turned.append(f"{catalogue[name].title.lower()} (in {many} of {r.worlds})")
    return turned


def _against(r: Range, difference: float) -> int:
    """Return in how many worlds the sign is not that of a difference; 0 if noise may make them so."""
    if not (math.isfinite(r.low) and r.told and r.low < 0.0 < r.high):
        return 0
    return round((1.0 - r.share if r.mean * difference > 0.0 else r.share) * r.worlds)


def _span(r: Range, unit: str) -> str:
    scale, word = scale_of(unit)
    places = decimals(scale * r.low, scale * r.high)
    low, high = (f"{scale * x:+.3g}" if places is None else f"{round(scale * x, places) + 0.0:+.{places}f}" for x in (r.low, r.high))
    return f"{low}{word} in each" if low == high else f"{low} to {high}{word}"


def _stands(r: Range, what: str) -> str:
    """Return on what a sign stands: how many worlds have it, and how many more may turn."""
    yes = round(r.share * r.worlds)
    if yes == r.worlds:
        least, _ = binomial_interval(yes, r.worlds, ONE_SIDED)
        return f"{what} is the same in all {r.worlds} of them (95%: at most {100 * (1.0 - least):.0f}% of worlds turn)."
    return f"{what} turns in {r.worlds - yes} of {r.worlds} of them (95%: {100 * (1.0 - r.share_high):.0f} to {100 * (1.0 - r.share_low):.0f}% of worlds)."
