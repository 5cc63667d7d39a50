"""Which draws hold for what is compared: as they were fitted, given numbers that are another here, or as assumptions alone."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from experiments.inference.fitted import Fitted, fits, given, missed_again
from experiments.inference.posterior import ENOUGH
from experiments.methods.worlds import LEAST
from experiments.reporting.text import counted, listed
from experiments.runs.keys import members_of
from experiments.runs.study import Point
from experiments.space.factors import DESIGN, MODERATION, STYLE_SHARES, STYLES, factors

if TYPE_CHECKING:
    from experiments.runs.request import Request
    from experiments.runs.scheduler import Progress, Scheduler
    from sim.scenario.scenario import Scenario

SHOWN = 3  # changes that are named
OPEN = ("members", "days", "warm_up", "design", "design_shares")  # of a scenario, what is no number of its world, or is looked at apart
NO_FIT = "nothing says what they were fitted to: no calibration stands beside them (fit.json)"
NUMBER, MISSED, KEPT = "draw", "missed_by", "kept"


class Held(NamedTuple):
    """Draws, and what they may be called."""

    points: list[Point]
    wanted: dict[str, float]  # numbers that were drawn and are another here, by path
    why: tuple[str, ...]  # they are assumptions alone, in words; none of worlds that fit
    unchecked: bool  # whether they are to be held to the figures once more
    of: int  # draws that there were


class Changes(NamedTuple):
    """In what a comparison's scenario differs from the one that was calibrated."""

    wanted: dict[str, float]  # numbers that were drawn
    others: list[str]  # all else, in words


def changes(fitted: Fitted, request: Request, names: Sequence[str]) -> Changes:
    """Return in what the compared scenario is not the one that was calibrated; days and designs are the question, and no change.

    Args:
        fitted: of the calibration.
        request: of the comparison.
        names: of the numbers that were drawn.
    """
    ours, theirs = (_numbers(one) for one in (request.scenario, fitted.scenario))
    known = {one.path: one.default for one in fitted.prior.turned}
    arm = factors(next(iter(request.arms.values())))  # the arms do not differ in what was drawn
    wanted = {
        path: arm[path].default for path in names if path.startswith((f"{DESIGN}.", f"{MODERATION}.")) and arm[path].default != known[path]
    }
    wanted |= {path: ours[path] for path in names if path in ours and ours[path] != theirs.get(path)}
    others = _size(fitted, request.scenario)
    more = [path for path in ours if path not in names and ours[path] != theirs.get(path)]
    shares = [path for path in (*ours, *theirs) if path.startswith(f"{STYLE_SHARES}.") and ours.get(path) != theirs.get(path)]
    if shares:
        others.append("the shares of styles are others than the calibration's")
    more = [path for path in more if not path.startswith((f"{STYLE_SHARES}.", "network_file", "network_as", "network_columns"))]
    if shares:  # a style that was not there has numbers that were not there
        more = [path for path in more if path in theirs]
    if more:
        told = more[:SHOWN] + ([f"{len(more) - SHOWN} more"] if len(more) > SHOWN else [])
        others.append(f"{listed(told)} {'is' if len(more) == 1 else 'are'} not the calibration's, and nothing was drawn there")
    return Changes(wanted, others)


def _size(fitted: Fitted, scenario: Scenario) -> list[str]:
    files = [json.loads(one.canonical_json())["network_file"] for one in (scenario, fitted.scenario)]
    if files[0] != files[1]:
        return ["the network at the start is not the calibration's"]
    many = members_of(scenario)
    if files[0] is None and many not in fitted.sizes:
        return [f"they were held to the figures with {listed([f'{size:,}' for size in fitted.sizes])} members, and here are {many:,}"]
    return []


def _numbers(scenario: Scenario) -> dict[str, Any]:
    """Return what the days before the switch depend on, by path: sections, styles with their shares of one, the design that holds then."""
    every = json.loads(scenario.with_design(scenario.warm_up_design).canonical_json())
    total = math.fsum(scenario.style_shares.values())
    found = {f"{STYLE_SHARES}.{name}": round(share / total, 12) for name, share in scenario.style_shares.items() if share}
    tables = {f"{STYLES}.{name}": every["styles"][name] for name in scenario.style_names if scenario.style_shares[name]}
    design = every["designs"][scenario.warm_up_design]
    tables |= {"warm-up design": design, "its moderation": every["moderations"][design["moderation"]]}
    for key, value in every.items():
        if key in {"styles", "designs", "moderations", STYLE_SHARES, *OPEN, "warm_up_design"}:
            continue
        if isinstance(value, Mapping):
            tables[key] = value
        else:
            found[key] = value
    return found | {f"{head}.{key}": value for head, table in tables.items() for key, value in table.items()}


def held(points: list[Point], fitted: Fitted | None, request: Request) -> Held:
    """Return which draws hold for what is compared, before any of them is checked again.

    Args:
        points: all draws.
        fitted: what their folder says; None where they stand alone.
        request: what is compared.
    """
    many = len(points)
    if fitted is None:
        return Held(points, {}, (NO_FIT,), unchecked=False, of=many)
    names = list(points[0].values)
    found = changes(fitted, request, names)
    why = (*found.others, *_unfit(fitted, many))
    if not found.wanted:
        return Held(points, {}, why, unchecked=False, of=many)
    as_set = [Point(one.number, {**one.values, **found.wanted}) for one in points]  # noqa: PD011  (of no table)
    if why:
        return Held(as_set, found.wanted, why, unchecked=False, of=many)
    values = _matrix(points, names)
    near = given(fitted, names, values, found.wanted)
    at = [Point(points[k].number, dict(zip(names, map(float, row), strict=True))) for k, row in zip(near.rows, near.values, strict=True)]
    if len(at) >= ENOUGH:
        return Held(at, found.wanted, (), unchecked=True, of=many)
    few = f"{counted(len(at), 'draw')} of {many} {'is' if len(at) == 1 else 'are'} near {_told(found.wanted)}, fewer than {ENOUGH}"
    return Held(at if len(at) >= LEAST else as_set, found.wanted, (few,), unchecked=False, of=many)


def _unfit(fitted: Fitted, many: int) -> list[str]:
    """Return why draws are no worlds that fit even where nothing is another: too few show the figures, or their calibration is not sound."""
    showing = many if fitted.showing is None else min(many, fitted.showing)
    if not showing:
        return ["none of them shows all of the figures that they were fitted to"]
    if showing < ENOUGH:
        head = f"{showing}" if showing == many else f"{showing} of {many}"
        return [f"{head} {'draw shows' if showing == 1 else 'draws show'} all of the figures that they were fitted to, fewer than {ENOUGH}"]
    return [] if fitted.sound else ["their calibration says not to rely on them for more than a look"]


def _matrix(points: Sequence[Point], names: Sequence[str]) -> np.ndarray:
    return np.array([[one.values[name] for name in names] for one in points], float)  # noqa: PD011  (of no table)


def _told(wanted: Mapping[str, float]) -> str:
    return listed([f"{path} = {value:g}" for path, value in wanted.items()])


def check(found: Held, fitted: Fitted, scheduler: Scheduler, progress: Progress) -> pd.DataFrame:
    """Hold conditioned draws to the figures once more: a row a draw with its numbers, by how many standard errors it misses one, whether it is kept."""
    names = list(found.points[0].values)
    values = _matrix(found.points, names)
    numbers = [one.number for one in found.points]
    missed = missed_again(fitted, names, values, numbers, scheduler, progress)
    table = pd.DataFrame(values, columns=names)
    table.insert(0, NUMBER, numbers)
    return table.assign(**{MISSED: missed, KEPT: fits(missed).astype(int)})


def after(found: Held, table: pd.DataFrame) -> Held:
    """Return the draws that still show the figures, once they were checked; all of them, as assumptions, if hardly any do."""
    kept = set(table[NUMBER][table[KEPT] == 1])
    left = [one for one in found.points if one.number in kept]
    if len(left) >= ENOUGH:
        return found._replace(points=left, unchecked=False)
    few = (
        f"{len(left)} of {counted(len(found.points), 'draw')} near {_told(found.wanted)} still {'shows' if len(left) == 1 else 'show'} "
        f"the figures, fewer than {ENOUGH}"
    )
    return found._replace(points=left if len(left) >= LEAST else found.points, why=(few,), unchecked=False)
