"""Regions of a sweep: the door, for the command and from Python; the sweep is completed first."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments import defaults
from experiments.analyses.base import AnalysisResult, check_measure
from experiments.analyses.regions import figures, forecast, report, words
from experiments.analyses.regions.analysis import check_points, find_regions, load_space, treatment_of
from experiments.arguments import Place, asked, path_of, spoken
from experiments.optional_imports import needs
from experiments.reporting import run_folder
from experiments.reporting.progress import Shown
from experiments.reporting.result import Stopwatch
from experiments.reporting.workplace import folder_asked
from experiments.runs.draws import draws_asked
from experiments.runs.measure_files import NOTE, check_noted, measures_of, noted
from experiments.runs.processes import workers_of
from experiments.runs.watch import Watch, compile_kernels
from experiments.sweep import folder as sweep_folder
from experiments.sweep import run as sweep
from experiments.sweep.outcome import SweepResult
from experiments.sweep.plan import Sweep, load_sweep
from experiments.sweep.tables import SWEEP
from sim.errors import BadInput, must
from sim.results.measures import PRIMARY, Catalogue, Measure

if TYPE_CHECKING:
    import pandas as pd

    from experiments.analyses.regions.analysis import Regions
    from experiments.reporting.style import Drawing
    from experiments.runs.dask_cluster import Address


class RegionsResult(AnalysisResult):
    """Where each arm wins over the space of a sweep: a surface with its undecided band, and boxes."""

    found: Regions

    @property
    def question(self) -> str:
        """Return the question that it answers."""
        return words.question(self.found)

    @property
    def answer(self) -> list[str]:
        """Return in how much of the space each arm wins, and the boxes in words."""
        return spoken([*words.answer(self.found), *self.found.space.notes])

    @property
    def summary(self) -> pd.DataFrame:
        """Return a row a box and parameter that limits it: limits, coverage and density, also on points held out (`boxes.csv`)."""
        return report.boxes_table(self.found)

    @property
    def points(self) -> pd.DataFrame:
        """Return a row a point: parameters, difference, the surface with 95% bounds, verdict (`regions.csv`)."""
        return report.points_table(self.found)

    @property
    def importance(self) -> pd.DataFrame:
        """Return a row a parameter: how much of the surface it explains, alone and with others (`importance.csv`)."""
        return self.found.importance.copy()

    @property
    def _drawings(self) -> Mapping[str, Drawing]:
        return figures.drawings(self.found)

    def _put(self, folder: Path) -> None:
        report.write(self.found, folder, self.made.started, self._provenance())


@asked
def regions(
    source: str | Path | SweepResult = defaults.SWEEP,
    *,
    draws: str | Path | None = None,
    measure: str | None = None,
    arm: str | None = None,
    measures: str | Path | Catalogue | Iterable[Measure] = (),
    workers: int | None = None,
    dask: str | Address | None = None,
    out: Place = None,
    ledger: str | Path | None = None,
    quiet: bool = False,
) -> RegionsResult:
    """Map where each arm wins over a sweep, and say it in boxes.

    It needs `pip install 'firstcontact[sensitivity,regions]'`. From a script, call it below `if __name__ == "__main__":` if runs
    are missing, since each worker process imports the script again.

    Args:
        source: a sweep: the result of one, a TOML file, a shipped name, or a run folder, whose missing runs are made first. It
            must have 20 points or more.
        draws: for a sweep of a file or name: the draws.csv of `calibrate` or its folder, from which each point has its other parameters. The
            surface is then that of the mean over these draws, and the answer says whether they are worlds that fit.
        measure: the name of a measure, also of one's own that the sweep has; the primary one unless given.
        arm: the treatment, compared with the control; the first other one unless given.
        measures: of one's own, or their file, as the sweep was given them; the result of a sweep knows its own.
        workers: processes for what the sweep lacks; all cores unless given.
        dask: the address of a Dask cluster on which that is run, in place of processes.
        out: of a file or a name, the folder of the sweep, with the map in it; else the folder of the map. True for what the
            command would use.
        ledger: the sweep's; its own, or a temporary one, unless given.
        quiet: whether no progress is shown.

    Returns:
        The result: `summary` has a row a box and parameter, `points` a row a point, `importance`; `answer`, `plot`, `write`.

    Raises:
        BadInput: if there is no such sweep, measure or arm, a folder holds something else, or a package is missing.

    Example:
        >>> import firstcontact as fc
        >>> small = fc.load_scenario(members=60, warm_up=5, days=65)
        >>> varied = {"reply.base": (-5, 0), "design.friction": (0, 4)}
        >>> found = fc.sweep(parameters=varied, scenario=small, points=24, pairs=1, workers=1, quiet=True)
        >>> sorted(fc.regions(found).importance.factor) == sorted(varied)
        True
    """
    catalogue = source.found.sweep.catalogue if isinstance(source, SweepResult) else measures_of(measures)
    _check(measure, catalogue)
    watch, clock = Shown(quiet=quiet), Stopwatch()
    runs: dict[str, Any] = {"ledger": path_of("--ledger", ledger), "workers": workers_of(workers, watch.say), "dask": dask}
    with (
        _swept(source, out, catalogue, draws=draws, watch=watch, **runs) as (folder, name),
        watch.working("fitting the surface and peeling boxes"),
    ):
        its = _sweep_planned(folder, catalogue)
        space = load_space(folder, measure=measure or PRIMARY, arm=arm, name=name, catalogue=catalogue)
        plan = _plan(its["plan"], measure=space.measure, arm=space.arm, seed=space.seed, catalogue=catalogue)
        target = _target(source, out, _inside(folder, space.measure, arm))
        if target is not None:
            _prepare(target, plan, watch)
        found = find_regions(space)
        if target is not None:
            report.write(found, target, clock.started)
    return RegionsResult(found, made=clock.made(plan), folder=target)


def _sweep_planned(folder: Path, catalogue: Catalogue) -> dict[str, Any]:
    """Return what the folder of a sweep notes of it; nothing if it holds none.

    Raises:
        BadInput: if it was planned with other measures of one's own.
    """
    path = folder / run_folder.PLAN
    its: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    check_noted(its.get(NOTE), catalogue, folder)
    return its


def _prepare(folder: Path, plan: dict[str, Any], watch: Watch) -> None:
    """Make the folder of a map, or find it; `watch` is told if measures of one's own were edited since."""
    if line := run_folder.prepare_folder(folder, plan):
        watch.say(line)


def _plan(sweep_planned: str, measure: str, arm: str, seed: int, catalogue: Catalogue) -> dict[str, Any]:
    """Return what the folder of a map notes of it."""
    return {"command": "regions", "sweep": sweep_planned, "measure": measure, "arm": arm, "seed": seed} | noted(catalogue)


def _inside(folder: Path, measure: str, arm: str | None) -> Path:
    """Return where in the folder of a sweep a map goes unless told otherwise."""
    return folder / f"regions-{measure}{'' if arm is None else f'-{arm}'}"


def _target(source: str | Path | SweepResult, out: Place, inside: Path) -> Path | None:
    """Return where the map is written: inside the sweep's folder, elsewhere, or nowhere."""
    if isinstance(source, SweepResult) or sweep_folder.is_folder(source):
        kept = not isinstance(source, SweepResult) or source.folder is not None
        if out is True and not kept:
            raise BadInput(must("--out", "be a folder, since the sweep has none", out))
        return folder_asked(out, lambda: inside)
    return None if out is None else inside


class _Swept(NamedTuple):
    folder: Path
    name: str | None  # of the sweep, where its folder does not say it


@contextmanager
def _swept(
    source: str | Path | SweepResult, out: Place, catalogue: Catalogue, *, draws: str | Path | None, watch: Watch, **runs: Any
) -> Iterator[_Swept]:
    """Give the folder of a sweep, run as far as it was not: its own, or a temporary one. `runs` is told to `sweep.complete`."""
    if draws_asked(draws) and (isinstance(source, SweepResult) or sweep_folder.is_folder(source)):
        raise BadInput(must("--draws", "be left out where a sweep is taken as it was run", draws))
    if isinstance(source, SweepResult):
        found = source
    elif sweep_folder.is_folder(source):
        folder = Path(source)
        if _has_ledger(folder, runs["ledger"]):
            chosen = sweep_folder.opened(folder, catalogue)
            if catalogue.own:
                sweep_folder.prepare(chosen, folder, watch)
            sweep.complete(chosen, folder, watch=watch, **runs)
        yield _Swept(folder, None)
        return
    else:
        chosen, asked_for = _planned(source, out, catalogue, draws)
        if asked_for is not None:
            sweep_folder.prepare(chosen, asked_for, watch)
            sweep.complete(chosen, asked_for, watch=watch, **runs)
            yield _Swept(asked_for, None)
            return
        found = sweep.carry_out(chosen, None, watch=watch, **runs)
    if found.folder is not None:
        yield _Swept(found.folder, None)
        return
    with TemporaryDirectory() as home:
        yield _Swept(found.write_tables(Path(home)), found.found.sweep.name)


def _check(measure: str | None, catalogue: Catalogue) -> None:
    """Refuse what cannot be mapped, before anything is run.

    Raises:
        BadInput: if a package is missing, or there is no such measure.
    """
    for package, extra in (("sklearn", "sensitivity"), ("SALib", "sensitivity"), ("ema_workbench", "regions")):
        needs(package, extra)
    check_measure(measure or PRIMARY, catalogue)


def _has_ledger(folder: Path, given: Path | None) -> bool:
    """Tell whether the runs of a sweep are known; one without a ledger is taken as it is."""
    return given is not None or sweep_folder.ledger_of(folder, None).exists()


def _planned(source: str | Path, out: Place, catalogue: Catalogue, draws: str | Path | None) -> tuple[Sweep, Path | None]:
    """Return the sweep of a file or name, and its folder; if that holds it, as it was extended since."""
    chosen = load_sweep(source, catalogue, draws)
    folder = folder_asked(out, lambda: sweep_folder.default_folder(chosen))
    if folder is not None and (folder / SWEEP).exists() and sweep_folder.opened(folder, catalogue).digest == chosen.digest:
        chosen = sweep_folder.opened(folder, catalogue)
    return chosen, folder


def forecast_of(
    source: str,
    *,
    draws: str | Path | None,
    measure: str | None,
    arm: str | None,
    measures: Catalogue,
    workers: int | None,
    out: Place,
    ledger: Path | None,
    quiet: bool,
) -> dict[str, Any]:
    """Return what the sweep of a map lacks, with lines that say so; nothing is written. Arguments and errors as of `regions`."""
    _check(measure, measures)
    watch = Shown(quiet=quiet)
    many = workers_of(workers, watch.say)
    if draws_asked(draws) and sweep_folder.is_folder(source):
        raise BadInput(must("--draws", "be left out where a sweep is taken as it was run", draws))
    if sweep_folder.is_folder(source) and not _has_ledger(Path(source), ledger):
        space = load_space(Path(source), measure or PRIMARY, arm, catalogue=measures)
        its = _sweep_planned(Path(source), measures)
        _check_target(
            source,
            out,
            Path(source),
            arm,
            plan=_plan(its["plan"], measure=space.measure, arm=space.arm, seed=space.seed, catalogue=measures),
        )
        return forecast.as_it_is(Path(source))
    chosen, folder = (
        (sweep_folder.opened(Path(source), measures), Path(source))
        if sweep_folder.is_folder(source)
        else _planned(source, out, measures, draws)
    )
    other = treatment_of([name for name in chosen.arms if name != chosen.reference], arm)
    check_points(chosen.size, source)
    place = folder or sweep_folder.default_folder(chosen)
    sweep_folder.check(chosen, place)
    _check_target(
        source, out, place, arm, plan=_plan(chosen.digest, measure=measure or PRIMARY, arm=other, seed=chosen.seed, catalogue=measures)
    )
    compile_kernels(watch)
    return forecast.forecast(chosen, place, sweep_folder.ledger_of(place, ledger), many)


def _check_target(source: str, out: Place, folder: Path, arm: str | None, *, plan: dict[str, Any]) -> None:
    """Refuse where a map cannot be written, and change nothing.

    Raises:
        BadInput: if that holds something else.
    """
    target = _target(source, out, _inside(folder, plan["measure"], arm))
    if target is not None:
        run_folder.check_folder(target, plan)
