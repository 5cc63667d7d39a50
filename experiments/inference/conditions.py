"""Which draws hold for what is asked: as they were fitted, given numbers that are another here, or as assumptions alone.

A comparison conditions draws on a changed number, and runs them again to see whether they still show the figures (`held`, `check`, `after`). Analyses
and tests take draws as they are (`draws_for`): there a changed number is set in each of them, which makes them assumptions.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from experiments.inference.fitted import LITTLE_TOLD, Fitted, fits, given, missed_again, read_fitted, strangers
from experiments.inference.posterior import ENOUGH
from experiments.methods.worlds import LEAST
from experiments.reporting.text import counted, listed
from experiments.runs.draws import NO_FIT, NUMBER, Called, Draws, read_draws, without
from experiments.runs.keys import members_of
from experiments.runs.study import Point
from experiments.space.factors import DESIGN, MEMBERS, MODERATION, STYLE_SHARES, STYLES, factors
from sim.errors import BadInput, must

if TYPE_CHECKING:
    from experiments.runs.request import Request
    from experiments.runs.scheduler import Progress, Scheduler
    from sim.scenario.scenario import Scenario

SHOWN = 3  # changes that are named
OPEN = ("members", "days", "warm_up", "design", "design_shares")  # of a scenario, what is no number of its world, or is looked at apart
MISSED, KEPT = "missed_by", "kept"


class Held(NamedTuple):
    """Draws, and what they may be called."""

    points: list[Point]
    wanted: dict[str, float]  # numbers that were drawn and are another here, by path
    why: tuple[str, ...]  # they are assumptions alone, in words; none of worlds that fit
    unchecked: bool  # whether they are to be held to the figures once more
    of: int  # draws that there were

    def called(self, fitted: Fitted | None) -> Called:
        """Return what these draws may be called; `fitted` is what they were fitted to."""
        more = []
        if self.wanted:
            many = f"{len(self.points)} of {self.of} draws are near, were moved there, and show the figures again"
            more.append(f"These worlds are conditioned on {_told(self.wanted)}: {many}.")
        return Called(self.why, (*more, *_gates(fitted)))


class Changes(NamedTuple):
    """In what a comparison's scenario differs from the one that was calibrated."""

    wanted: dict[str, float]  # numbers that were drawn
    others: list[str]  # all else, in words


def draws_for(source: str | Path | None, request: Request, *, varied: Collection[str] = ()) -> Draws | None:
    """Return the draws of a file, or of a calibration's folder, with what they may be called for a question; None for "none" or nothing.

    A number that was drawn and is another in the scenario is the scenario's: its column is left out.

    Args:
        source: the file or the folder.
        request: the scenario and the arms that are asked about.
        varied: paths of the numbers that the question varies.

    Raises:
        BadInput: as of `read_draws` and `read_fitted`, or if the scenario sets all that was drawn.
    """
    draws = read_draws(source, request.arms)
    if draws is None or source is None:
        return None
    path = Path(source)
    fitted = read_fitted(path if path.is_dir() else path.parent)
    if fitted is None:
        return draws
    why = _others(fitted, draws.points)
    wanted: dict[str, float] = {}
    if not why:
        found = changes(fitted, request, draws.names, varied)
        wanted = found.wanted
        why = [*found.others, *([f"{_told(wanted)} is set here, and they were not held to the figures again with it"] if wanted else [])]
    why += _unfit(fitted, len(draws.points))
    if wanted and len(wanted) == len(draws.names):
        raise BadInput(must("--draws", "have a column that the scenario does not set otherwise", ", ".join(draws.names)))
    points = tuple(without(one, *wanted) for one in draws.points) if wanted else draws.points
    return dataclasses.replace(draws, points=points, called=Called(tuple(why), (*_beside(request, draws.names, varied), *_gates(fitted))))


def _beside(request: Request, names: Sequence[str], varied: Collection[str]) -> list[str]:
    """Return a sentence on numbers of a world that a question varies: away from its own it is no longer held to the figures."""
    away = [path for path in varied if path in names or path == MEMBERS or path in _numbers(request.scenario)]
    if not away:
        return []
    its = "its own value" if len(away) == 1 else "its own values"
    return [
        f"A world fits at {its} of {listed(away[:SHOWN])}{' and others' if len(away) > SHOWN else ''}: at others nobody held it to the figures."
    ]


def _gates(fitted: Fitted | None) -> list[str]:
    """Return what is to be known of worlds not all of whose gates were passed."""
    return [] if fitted is None or fitted.passed else [f"Of the gates of their calibration one is not passed. {LITTLE_TOLD}"]


def _columns(fitted: Fitted, names: Sequence[str]) -> list[str]:
    """Return why columns are not those that were drawn together; nothing if they are."""
    known = {one.path for one in fitted.prior.turned}
    if known == set(names):
        return []
    off = sorted(known.symmetric_difference(names))
    return [
        f"their columns are not the numbers that their calibration drew together ({listed(off[:SHOWN])}{' and more' if len(off) > SHOWN else ''})"
    ]


def _others(fitted: Fitted, points: Sequence[Point]) -> list[str]:
    """Return why draws are not those of the calibration beside them: of other columns, or of numbers that it never ran; nothing if they are."""
    names = list(points[0].values)
    if off := _columns(fitted, names):
        return off
    many = strangers(fitted, names, _matrix(points, names))
    return (
        [f"{many} of {len(points)} of them {'is' if many == 1 else 'are'} at numbers that the calibration beside them never ran"]
        if many
        else []
    )


def changes(fitted: Fitted, request: Request, names: Sequence[str], varied: Collection[str] = ()) -> Changes:
    """Return in what a question's scenario is not the one that was calibrated; days and designs are the question, and no change.

    Args:
        fitted: of the calibration.
        request: of the question.
        names: of the numbers that were drawn.
        varied: of the numbers that the question varies: what the scenario has there is no change.
    """
    ours, theirs = (_numbers(one) for one in (request.scenario, fitted.scenario))
    known = {one.path: one.default for one in fitted.prior.turned}
    arm = factors(next(iter(request.arms.values())))  # the arms do not differ in what was drawn
    wanted = {
        path: arm[path].default for path in names if path.startswith((f"{DESIGN}.", f"{MODERATION}.")) and arm[path].default != known[path]
    }
    wanted |= {path: ours[path] for path in names if path in ours and ours[path] != theirs.get(path)}
    wanted = {path: value for path, value in wanted.items() if path not in varied}
    others = _size(fitted, request.scenario)
    more = [path for path in ours if path not in names and ours[path] != theirs.get(path)]
    shares = [path for path in (*ours, *theirs) if path.startswith(f"{STYLE_SHARES}.") and ours.get(path) != theirs.get(path)]
    if shares:
        others.append("the shares of styles are others than the calibration's")
    more = [path for path in more if not path.startswith((f"{STYLE_SHARES}.", "network_file", "network_as", "network_columns"))]
    if shares:  # a style that was not there has numbers that were not there
        more = [path for path in more if path in theirs]
    more = [path for path in more if path not in varied]
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
    if off := _others(fitted, points):
        return Held(points, {}, (*off, *_unfit(fitted, many)), unchecked=False, of=many)
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
    if showing < many:
        return [f"{showing} of {many} draws show all of the figures that they were fitted to, and nothing says which"]
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
