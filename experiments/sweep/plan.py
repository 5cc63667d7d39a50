"""Sweep files: a scenario, its arms, and which parameters are varied how far; checked whole, every mistake named at once."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments import defaults
from experiments.runs.draws import FILE as DRAWS
from experiments.runs.draws import Called, without
from experiments.runs.keys import plan_digest
from experiments.runs.measure_files import check_noted, noted, planned_as
from experiments.runs.request import Request
from experiments.runs.study import Point
from experiments.space.factors import factors
from experiments.space.samplers import GRID, LATIN, LISTED, SOBOL, Axis, grid, latin, sobol
from experiments.sweep import PRESETS, file, shipped_sweeps
from sim.errors import BadInput, must, nearest
from sim.results.measures import MEASURES, Catalogue
from sim.scenario.files import is_path, read_toml
from sim.scenario.validation import Problems, shown

if TYPE_CHECKING:
    from experiments.runs.draws import Draws
    from sim.scenario.scenario import Scenario


CALLED = "draws.json"  # in a folder: what the draws may be called, and why no more


@dataclass(frozen=True)
class Sweep:
    """A sweep, checked: its scenario holds the designs of all arms."""

    name: str
    question: str | None
    scenario: Scenario
    arms: dict[str, Scenario]  # in the order given
    reference: str
    seed: int
    sampler: str
    size: int  # points
    pairs: int  # at each point
    seeds: str
    axes: tuple[Axis, ...]
    listed: tuple[tuple[float, ...], ...] = ()
    catalogue: Catalogue = MEASURES  # the measures, with those of one's own
    draws: Draws | None = None  # from which each point has its other parameters

    @property
    def digest(self) -> str:
        """Return 8 hex digits of what is asked and the model's version; the number of points and pairs is left out."""
        facts: list[Any] = [
            plan_digest(self.scenario, arms=self.arms, reference=self.reference, seed=self.seed, measures=planned_as(self.catalogue)),
            self.sampler,
            self.seeds,
            self.axes,
            self.listed,
        ]
        if self.sampler == LATIN:
            facts.append(self.size)  # of more points it is another one
        if self.draws is not None:
            facts.append(self.draws.digest)
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:8]

    @property
    def varied(self) -> list[str]:
        """Return the paths of the parameters that are varied."""
        return [axis.path for axis in self.axes]

    def points(self) -> list[Point]:
        """Return the points, numbered from 1; with more of a Sobol sequence the first stay as they are.

        With draws a point has, beside what is varied, the parameters of a world that is drawn for it.
        """
        if self.sampler == LISTED:
            found = list(self.listed)
        elif self.sampler == GRID:
            found = grid(self.axes)
        else:
            found = (sobol if self.sampler == SOBOL else latin)(self.axes, self.size, self.seed)
        return [Point(k, {**self.held(k), **dict(zip(self.varied, row, strict=True))}) for k, row in enumerate(found, 1)]

    def held(self, number: int) -> dict[str, float]:
        """Return the parameters of a point that its world says: those of a draw that are not varied; none without draws."""
        if self.draws is None:
            return {}
        return without(self.draws.world_of(self.seed, number), *self.varied).values

    def request(self, threads: int = 1) -> Request:
        """Return what is asked at each point."""
        return Request(
            self.scenario, self.arms, self.reference, seed=self.seed, pairs=self.pairs, threads=threads, catalogue=self.catalogue
        )

    def extended(self, points: int | None, pairs: int | None) -> Sweep:
        """Return the sweep with more points or pairs, all that it has kept.

        Raises:
            BadInput: if it cannot grow like that.
        """
        if points is not None and self.sampler != SOBOL:
            why = {
                GRID: "a grid has all its points",
                LATIN: "a Latin hypercube of more points is another one",
                LISTED: "the list has all its points",
            }
            rule = f'be left out ({why[self.sampler]}): --pairs adds pairs, a new sweep with sampler = "sobol" takes more points'
            raise BadInput(must("--points", rule, points))
        for flag, wanted, there, most in (
            ("--points", points, self.size, file.MOST_POINTS),
            ("--pairs", pairs, self.pairs, defaults.MOST_PAIRS),
        ):
            if wanted is not None and not there <= wanted <= most:
                raise BadInput(must(flag, f"be from {there} (there are so many already) to {most}", wanted))
        return dataclasses.replace(self, size=points or self.size, pairs=pairs or self.pairs)

    def to_toml(self) -> str:
        """Return a complete sweep file, to lie beside `scenario.toml` and, for a list, `points.csv`."""
        import tomli_w

        table: dict[str, Any] = {"name": self.name} | ({"question": self.question} if self.question else {})
        table |= {"scenario": "scenario.toml", "arms": list(self.arms), "reference": self.reference, "seed": self.seed}
        inner: dict[str, Any] = {"sampler": self.sampler, "pairs": self.pairs, "seeds": self.seeds}
        if self.sampler == LISTED:
            inner["file"] = "points.csv"
        else:
            inner |= {} if self.sampler == GRID else {"points": self.size}
            inner["parameters"] = {axis.path: _written(axis) for axis in self.axes}
        inner |= {} if self.draws is None else {"draws": DRAWS}
        return tomli_w.dumps(table | {"sweep": inner} | noted(self.catalogue))


def _written(axis: Axis) -> dict[str, Any]:
    if axis.levels:
        return {"levels": list(axis.levels)}
    return {"low": axis.low, "high": axis.high} | ({"log": True} if axis.log else {})


def load_sweep(source: str | Path, catalogue: Catalogue = MEASURES, draws: str | Path | None = None) -> Sweep:
    """Return the sweep of a TOML file or of a shipped name, with the measures of a catalogue, and over other draws if some are given.

    A file may note with which measures of one's own it was planned. They are never loaded because a file names them: that would
    run code.

    Raises:
        BadInput: with every mistake in `mistakes`; its text is one line.
    """
    path = sweep_path(source)
    return sweep_of(read_toml(path), path.absolute().parent, str(source), usual_name=path.stem, catalogue=catalogue, draws=draws)


def sweep_of(
    table: dict[str, Any],
    folder: Path,
    source: str,
    *,
    usual_name: str,
    scenario: Scenario | None = None,
    catalogue: Catalogue = MEASURES,
    draws: str | Path | None = None,
) -> Sweep:
    """Return the sweep of a table that has the form of a sweep file.

    Args:
        table: as read; it may be changed.
        folder: below which its files are found.
        source: where it comes from, for mistakes; empty for a call from Python.
        usual_name: if it has none.
        scenario: in place of one that the table names.
        catalogue: the measures, with those of one's own.
        draws: in place of those that the table names.

    Raises:
        BadInput: as of `load_sweep`.
    """
    notes = Problems(source)
    written = file.read_form(table, notes)
    if written.measures is not None:
        check_noted(written.measures.model_dump(), catalogue, source)
    base = file.scenario_of(written, folder, notes, scenario)
    arms, reference = file.arms_of_sweep(written, base, folder, notes)
    inner, known = written.sweep, factors(base)
    axes, listed = file.listed_of(inner, known, folder, notes) if inner.sampler == LISTED else (file.axes_of(inner, known, notes), ())
    size = file.size_of(inner, axes, listed, notes)
    request = Request(base, arms, reference) if arms and not notes.lines else None
    drawn = file.draws_of(inner, request, folder, notes, draws, varied=[axis.path for axis in axes])
    notes.raise_if_any()
    scenario = arms[next(reversed(arms))].with_(design=reference)
    found = Sweep(
        name=written.name or usual_name,
        question=written.question,
        scenario=scenario,
        arms={arm: scenario.with_design(arm) for arm in arms},
        reference=reference,
        seed=written.seed,
        sampler=inner.sampler,
        size=size,
        pairs=inner.pairs,
        seeds=inner.seeds,
        axes=axes,
        listed=listed,
        catalogue=catalogue,
        draws=drawn,
    )
    return _as_planned(found, folder) if draws is None and inner.draws == DRAWS else found


def _as_planned(sweep: Sweep, folder: Path) -> Sweep:
    """Return a sweep whose draws lie in its own folder with what they were called when it was planned: their calibration is not there."""
    called = None if sweep.draws is None else called_in(folder, sweep.digest)
    return (
        sweep
        if sweep.draws is None or called is None
        else dataclasses.replace(sweep, draws=dataclasses.replace(sweep.draws, called=called))
    )


def called_in(folder: Path, digest: str) -> Called | None:
    """Return what the draws of a sweep's folder were called when it was planned; None if nothing there says it of this plan."""
    try:
        told = json.loads((folder / CALLED).read_text(encoding="utf-8"))
        return Called(tuple(map(str, told["why"])), tuple(map(str, told["more"]))) if told["plan"] == digest else None
    except (OSError, ValueError, KeyError, TypeError):  # of an older folder, or a broken file: then nobody knows
        return None


def sweep_path(source: str | Path) -> Path:
    """Return the file of a sweep.

    Raises:
        BadInput: if a name is not one of a shipped sweep.
    """
    if isinstance(source, Path) or is_path(source):
        return Path(source)
    known = shipped_sweeps()
    if source not in known:
        rule = f"be one of {', '.join(known)}, or a path to a TOML file"
        raise BadInput(must("sweep", rule, f"{shown(source)}{nearest(source, known)}"))
    return PRESETS / f"{source}.toml"
