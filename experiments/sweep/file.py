"""The form of a sweep file: what may stand in it, and every mistake in it, a line each."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from experiments import defaults
from experiments.inference.conditions import draws_for
from experiments.runs.draws import draws_asked
from experiments.runs.keys import arms_of
from experiments.runs.request import LEAST_MEMBERS, Request
from experiments.space.factors import MEMBERS, PARAMETER
from experiments.space.point_list import Listed, read_points
from experiments.space.samplers import GRID, LATIN, LISTED, SOBOL, Axis, spaced
from sim.arguments import LARGEST_SEED
from sim.errors import BadInput, nearest
from sim.scenario.files import find_path, is_path
from sim.scenario.validation import Problems, shown

if TYPE_CHECKING:
    from experiments.runs.draws import Draws
    from experiments.space.factors import Factor
    from sim.scenario.scenario import Scenario

MOST_POINTS = 1_000_000
STRICT = ConfigDict(frozen=True, extra="forbid", strict=True)


class Range(BaseModel):
    """How one parameter is varied; what is left out is the schema's."""

    model_config = STRICT
    low: float | None = None
    high: float | None = None
    steps: int | None = Field(None, ge=2, le=1000)  # of a grid: evenly spaced levels
    levels: list[float] | None = Field(None, min_length=1)  # of a grid: these
    log: bool = False


def _ranged(found: object) -> object:
    if isinstance(found, list) and len(found) == 2:
        return dict(zip(("low", "high"), found, strict=True))
    if not isinstance(found, Mapping):
        raise ValueError("[low, high], {low, high, steps, levels, log}, or {} for the schema's own range")  # noqa: TRY004  (pydantic's)
    return found


class Sampling(BaseModel):
    """The table [sweep]."""

    model_config = STRICT
    sampler: Literal["grid", "latin-hypercube", "sobol", "list"] = defaults.SAMPLER
    points: int | None = Field(None, ge=1, le=MOST_POINTS)
    pairs: int = Field(defaults.POINT_PAIRS, ge=1, le=defaults.MOST_PAIRS)
    seeds: Literal["common", "new"] = defaults.SEEDS
    file: str | None = None  # of a list: a CSV whose columns are paths of parameters
    draws: str | None = None  # of the other parameters: the draws.csv of a calibration, or its folder
    parameters: dict[str, Annotated[Range, BeforeValidator(_ranged)]] = {}


class Noted(BaseModel):
    """The table [measures], which a sweep's folder has: with which measures of one's own it was planned."""

    model_config = STRICT
    file: str | None = None
    names: list[str]
    identity: str


class SweepFile(BaseModel):
    """A sweep file as it is written."""

    model_config = STRICT
    name: str | None = None
    question: str | None = None
    scenario: str = defaults.SCENARIO
    changes: dict[str, Any] = Field(default={}, alias="with")
    arms: list[str] = [*defaults.ARMS]
    reference: str | None = None
    seed: int = Field(defaults.SEED, ge=0, le=LARGEST_SEED)
    sweep: Sampling = Sampling()
    measures: Noted | None = None


def read_form(table: dict[str, Any], notes: Problems) -> SweepFile:
    """Return a sweep file's values; what has the wrong form is noted and left out, so that the rest can be looked at."""
    if isinstance(table.get("with"), Mapping):
        table["with"] = _flat(table["with"])
    inner = table.get("sweep")
    if isinstance(inner, dict) and isinstance(inner.get("parameters"), Mapping):
        inner["parameters"] = _flat(inner["parameters"], set(Range.model_fields))
    try:
        return SweepFile.model_validate(table)
    except ValidationError as error:
        problems = error.errors(include_url=False)
        for problem in problems:
            key = ".".join(map(str, problem["loc"]))
            if problem["type"] == "extra_forbidden":
                known = _keys(problem["loc"])
                close = nearest(str(problem["loc"][-1]), known)
                notes.add(key, f"an unknown key{close}", f"one of {', '.join(known)}")
            else:
                found = "nothing" if problem["type"] == "missing" else shown(problem["input"])
                right = (
                    "a table"
                    if problem["type"] == "model_type"
                    else str(problem["msg"]).removeprefix("Input should be ").removeprefix("Value error, ")
                )
                notes.add(key, found, right.replace("greater than or equal to", "at least").replace("less than or equal to", "at most"))
        return SweepFile.model_validate(_without(table, [problem["loc"] for problem in problems]))


def _without(table: dict[str, Any], places: list[tuple[int | str, ...]]) -> dict[str, Any]:
    """Return a table without its wrong values: a whole key, a key of [sweep], or a parameter that is varied."""
    inner = dict(found) if isinstance(found := table.get("sweep"), dict) else {}
    numbers = dict(found) if isinstance(found := inner.get("parameters"), dict) else None
    for head, *rest in places:
        if head != "sweep" or not rest:
            table = {key: value for key, value in table.items() if key != head}
        elif rest[0] != "parameters" or len(rest) == 1 or numbers is None:
            inner.pop(str(rest[0]), None)
        else:
            numbers.pop(str(rest[1]), None)
    if numbers is not None and "parameters" in inner:
        inner["parameters"] = numbers
    if "sampler" not in inner and numbers and any(isinstance(one, dict) and {"steps", "levels"} & set(one) for one in numbers.values()):
        inner["sampler"] = GRID  # what its parameters are for, or each would be called wrong
    return table | ({"sweep": inner} if "sweep" in table else {})


def _keys(place: tuple[int | str, ...]) -> list[str]:
    model = Range if "parameters" in place else Sampling if len(place) > 1 else SweepFile
    return [field.alias or name for name, field in model.model_fields.items()]


def _flat(table: Mapping[str, Any], own: set[str] | None = None, prefix: str = "") -> dict[str, Any]:
    """Return nested tables as dotted keys, so that `reply.base` may stand with quotes or without."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        nested = isinstance(value, Mapping) and value and not (own and own & set(value))
        found |= _flat(value, own, f"{prefix}{key}.") if nested else {f"{prefix}{key}": value}
    return found


def scenario_of(written: SweepFile, folder: Path, notes: Problems, given: Scenario | None = None) -> Scenario:
    """Return the scenario that is named, or given, with the file's changes; note what does not fit a sweep.

    Raises:
        BadInput: if there is no such scenario: nothing else can be looked at without one.
    """
    from sim.scenario.scenario import load_scenario

    try:
        scenario = given or load_scenario(find_path(written.scenario, folder) if is_path(written.scenario) else written.scenario)
    except BadInput as error:
        notes.lines.extend(getattr(error, "mistakes", [str(error)]))
        notes.raise_if_any()
        raise
    size = {name: written.changes.get(name, getattr(scenario, name)) for name in (MEMBERS, "days")}
    try:
        scenario = scenario.with_(**written.changes)
    except BadInput as error:
        notes.lines.extend(f"{notes.file}: {_under('with', line)}" for line in getattr(error, "mistakes", [str(error)]))
    for name, least in ((MEMBERS, LEAST_MEMBERS if scenario.network_file is None else 0), ("days", 1)):
        if size[name] in range(least):
            notes.add(f"with.{name}", str(size[name]), f"at least {least} for a comparison")
    return scenario


def _under(table: str, line: str) -> str:
    """Return the line of a mistake in a table of the file: its key with the table's name before it."""
    return f"`{table}.{line[1:]}" if line.startswith("`") else f"{table}: {line}"


def arms_of_sweep(written: SweepFile, scenario: Scenario, folder: Path, notes: Problems) -> tuple[dict[str, Scenario], str]:
    """Return the arms, each with the designs of those before it, so that the last has all; and the reference."""
    given = [str(find_path(arm, folder)) if is_path(arm) else arm for arm in written.arms]
    names = [Path(arm).stem if is_path(arm) else arm for arm in given]
    reference = written.reference or next(iter(names), "")
    if given and reference not in names:
        notes.add("reference", f"{shown(reference)}{nearest(reference, names)}", f"one of the arms: {', '.join(names)}")
    wrong = _wrong(scenario, given)
    notes.lines.extend(f"{notes.file}: {line}" for line in dict.fromkeys(wrong))
    together: dict[str, Scenario] = {}
    if not wrong:
        for name, arm in zip(names, given, strict=True):
            scenario = together[name] = scenario.with_design(arm)
    return together, reference


def _wrong(scenario: Scenario, arms: list[str]) -> list[str]:
    """Return what is wrong with each arm, or with all together."""
    found: list[str] = []
    for arm in arms:
        try:
            scenario.with_design(arm)
        except BadInput as error:
            found += [f"arms: {line}".replace("arms: `design` ", "`arms` ") for line in getattr(error, "mistakes", [str(error)])]
    if not found:
        try:
            arms_of(scenario, arms)
        except BadInput as error:
            found.append(str(error).replace("`--arms` ", "`arms` "))
    return found


def axes_of(inner: Sampling, known: Mapping[str, Factor], notes: Problems) -> tuple[Axis, ...]:
    """Return the parameters that are varied; note what cannot be."""
    if not inner.parameters and not notes.lines:  # those that were wrong are left out by now
        notes.add("sweep.parameters", "nothing", 'one parameter or more, such as "design.friction" = [0.0, 3.0]')
    if inner.file is not None:
        notes.add("sweep.file", shown(inner.file), 'left out, or sampler = "list"')
    found = [_axis(path, given, sampler=inner.sampler, known=known, notes=notes) for path, given in inner.parameters.items()]
    return tuple(axis for axis in found if axis is not None)


def draws_of(
    inner: Sampling,
    request: Request | None,
    folder: Path,
    notes: Problems,
    given: str | Path | None = None,
    *,
    varied: Collection[str] = (),
) -> Draws | None:
    """Return the draws from which points have their other parameters, with what they may be called; note what cannot be.

    Args:
        inner: the table [sweep].
        request: what is asked at each point; None where its arms are wrong.
        folder: below which the file's draws are found.
        notes: of mistakes.
        given: in place of the file's draws.
        varied: paths of the parameters that the sweep varies.
    """
    source = given if given is not None or inner.draws is None else find_path(inner.draws, folder)
    if not draws_asked(source) or request is None:
        return None
    if inner.sampler == LISTED:
        notes.add("sweep.draws", shown(str(source)), "left out: the list's columns name the parameters")
        return None
    try:
        return draws_for(source, request, varied=varied)
    except BadInput as error:
        notes.lines.append(str(error))
        return None


def _axis(path: str, given: Range, sampler: str, known: Mapping[str, Factor], notes: Problems) -> Axis | None:
    key = f"sweep.parameters.{path}"
    if path not in known:
        notes.add(key, f"an unknown parameter{nearest(path, known)}", PARAMETER)
        return None
    factor, levels = known[path], given.levels or []
    low = float(min(levels) if levels else factor.low if given.low is None else given.low)
    high = float(max(levels) if levels else factor.high if given.high is None else given.high)
    before = len(notes.lines)
    if not all(factor.low <= x <= factor.high for x in (*levels, low, high)):  # false for nan
        found = ", ".join(f"{x:g}" for x in levels) if levels else f"{low:g} to {high:g}"
        notes.add(key, found, f"within {factor.low:g} to {factor.high:.10g} ({factor.unit})")
    elif factor.whole and any(x != round(x) for x in (*levels, low, high)):
        notes.add(key, "a fraction", f"whole numbers ({factor.unit})")
    elif low >= high and len(levels) != 1:
        notes.add(key, f"{low:g} to {high:g}", "from a lower to a higher value")
    if path == MEMBERS and low < LEAST_MEMBERS:
        notes.add(key, f"{low:g} members", f"at least {LEAST_MEMBERS} for a comparison")
    if given.log and low <= 0.0:
        notes.add(key, f"log = true from {low:g}", "above 0 for a logarithm")
    _check_levels(key, given, sampler, notes)
    if len(notes.lines) > before:
        return None
    axis = Axis(path, low, high, whole=factor.whole, log=given.log)
    if sampler == GRID:
        axis = axis._replace(levels=tuple(dict.fromkeys(map(axis.exact, levels))) or spaced(axis, given.steps or 2), log=False)
    return axis


def _check_levels(key: str, given: Range, sampler: str, notes: Problems) -> None:
    """Note levels where there are none to be, and a grid without."""
    if sampler != GRID:
        if given.steps is not None or given.levels is not None:
            notes.add(key, "steps or levels", 'a range alone, or sampler = "grid"')
        return
    if (given.steps is None) == (given.levels is None):
        notes.add(key, "a range" if given.steps is None else "steps and levels", "`steps` or `levels`, one of them, for a grid")
    if given.levels and (given.low is not None or given.high is not None or given.log):
        notes.add(key, "levels and a range", "levels alone, or a range with steps")


def size_of(inner: Sampling, axes: tuple[Axis, ...], listed: tuple[tuple[float, ...], ...], notes: Problems) -> int:
    """Return how many points there are."""
    if inner.sampler in (SOBOL, LATIN):
        return inner.points or defaults.POINTS
    if inner.points is not None:
        notes.add("sweep.points", str(inner.points), f"left out: the {inner.sampler} says how many there are")
    size = math.prod(len(axis.levels) for axis in axes) if inner.sampler == GRID else len(listed)
    if size > MOST_POINTS:
        notes.add("sweep.parameters", f"a grid of {size} points", f"at most {MOST_POINTS} points")
    return size


def listed_of(inner: Sampling, known: Mapping[str, Factor], folder: Path, notes: Problems) -> Listed:
    """Return the axes and the points of a CSV; a column `point` is taken for a number of the row and left out."""
    if inner.parameters:
        notes.add("sweep.parameters", "a table", "left out: the list's columns name the parameters")
    if inner.file is None:
        notes.add("sweep.file", "nothing", "a CSV whose columns are parameters of the scenario such as reply.base")
        return (), ()
    return read_points(find_path(inner.file, folder), known, notes)
