"""Sweeps: the door, for commands and from Python; the same bytes whether or not one was interrupted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments import defaults
from experiments.arguments import Place, asked, checked_threads, path_of, scenario_of
from experiments.reporting import run_folder
from experiments.reporting.progress import Shown
from experiments.reporting.result import Stopwatch
from experiments.reporting.workplace import folder_asked, workplace
from experiments.runs.dask_cluster import Address
from experiments.runs.executors import executor
from experiments.runs.ledger import Ledger
from experiments.runs.measure_files import measures_of
from experiments.runs.processes import workers_of
from experiments.runs.study import Study
from experiments.runs.watch import SILENT, Watch, compile_kernels
from experiments.sweep.folder import (
    check,
    default_folder,
    forget_failures,
    is_finished,
    is_folder,
    ledger_of,
    opened,
    plan_of,
    prepare,
    state_of,
    unfinish,
    write_plan,
)
from experiments.sweep.outcome import SweepResult, read_runs
from experiments.sweep.plan import Sweep, load_sweep, sweep_of
from experiments.sweep.tables import RUNS, Swept, write_tables
from sim.errors import BadInput, must
from sim.results.measures import MEASURES, Catalogue, Measure
from sim.scenario.presets import Design
from sim.scenario.scenario import load_scenario

if TYPE_CHECKING:
    from experiments.runs.scheduler import Progress
    from sim.scenario.scenario import Scenario

Range = Sequence[float] | Mapping[str, Any]


@asked
def sweep(
    source: str | Path | None = None,
    *,
    parameters: Mapping[str, Range] | None = None,
    draws: str | Path | None = None,
    scenario: str | Path | Scenario | None = None,
    arms: Sequence[str | Path | Design] | Mapping[str, str | Path | Design] | None = None,
    reference: str | None = None,
    sampler: str | None = None,
    points: int | None = None,
    pairs: int | None = None,
    seeds: str | None = None,
    seed: int | None = None,
    measures: str | Path | Catalogue | Iterable[Measure] = (),
    workers: int | None = None,
    threads: int = defaults.THREADS,
    dask: str | Address | None = None,
    out: Place = None,
    ledger: str | Path | None = None,
    quiet: bool = False,
) -> SweepResult:
    """Compare designs at many points of the parameter space: a map of where each wins.

    From a script, call it below `if __name__ == "__main__":`, since each worker process imports the script again.

    Args:
        source: a sweep that is written down: a TOML file, a shipped name such as quick-sweep, or the folder of a sweep,
            which is continued; there failed runs are tried again, or `points` and `pairs` say how many there are to be in all.
        parameters: in place of a source: the range of each parameter by its path, such as {"reply.base": (-4, -2)}; or as a file
            has it, such as {"low": 1, "high": 9, "log": True}, {"levels": [0, 1]}, or {} for all that the schema allows.
        draws: the draws.csv of `calibrate` or its folder: at each point the parameters that are not varied are those of a draw that is
            taken for it, by weight if there is a column `weight`. The answer says whether these are worlds that fit.
        scenario: from which the points depart: a shipped name, a TOML file, or a scenario; the baseline unless given.
        arms: two designs or more, the control first: names, TOML files or designs, which may have a name each; connect_first and
            message_first unless given.
        reference: the control, if it is not the first arm.
        sampler: "sobol" unless given, "latin-hypercube", or "grid" (of `levels`, or a range with `steps`).
        points: 64 unless given; a grid has its own.
        pairs: pairs of runs at each point, 4 unless given.
        seeds: "common" unless given: pair r has the same random numbers at all points; or "new" at each.
        seed: 0 to 2**63 - 1; 1 unless given.
        measures: of one's own, made by `measure`, behind the shipped ones: a list of them, or a Python file that makes some, which is run.
        workers: processes; all cores unless given.
        threads: of a run.
        dask: the address of a Dask cluster on which runs are made, in place of processes.
        out: a folder for all output files, which a later call continues; True for one below results/, as the command makes.
            Without it the result has the runs in memory: give one for millions of them.
        ledger: a file in which runs are looked for and left; a temporary one without it and `out`.
        quiet: whether no progress is shown.

    Returns:
        The result: `points` has a row a point, `summary` a row a point, arm and measure; `answer`, `plot`, `write`. Runs that
        failed twice are left out and stand in `failed`.

    Raises:
        BadInput: with what must be, before anything is run.
        MeasureFailed: if a measure of one's own raises, or returns what is no value.

    Example:
        >>> import firstcontact as fc
        >>> small = fc.load_scenario(members=60, warm_up=5, days=65)
        >>> found = fc.sweep(parameters={"reply.base": (-4, -2)}, scenario=small, points=2, pairs=2, workers=1, quiet=True)
        >>> found.points.shape
        (2, 2)
    """
    watch = Shown(quiet=quiet)
    told = {"sampler": sampler, "points": points, "pairs": pairs, "seeds": seeds}
    asked_for: dict[str, Any] = {"scenario": scenario, "arms": arms, "reference": reference, "seed": seed, "told": told, "draws": draws}
    chosen = chosen_of(source, parameters, **asked_for, catalogue=measures_of(measures))
    there = Path(source) if source is not None and is_folder(source) else None
    folder = there or folder_asked(out, lambda: default_folder(chosen))
    if there is not None and out is not None:
        raise BadInput(must("--out", "be left out where a folder is continued", str(out)))
    book, processes = path_of("--ledger", ledger), workers_of(workers, watch.say)
    checked_threads(threads)
    if folder is not None:
        prepare(chosen, folder, watch)
        book = ledger_of(folder, book)
    retry = there is not None and points is None and pairs is None
    return carry_out(chosen, folder, book, processes, threads=threads, dask=dask, retry=retry, watch=watch)


def chosen_of(
    source: str | Path | None,
    parameters: Mapping[str, Range] | None = None,
    *,
    scenario: str | Path | Scenario | None = None,
    arms: Sequence[str | Path | Design] | Mapping[str, str | Path | Design] | None = None,
    reference: str | None = None,
    seed: int | None = None,
    told: Mapping[str, Any] | None = None,
    draws: str | Path | None = None,
    catalogue: Catalogue = MEASURES,
) -> Sweep:
    """Return the sweep that is asked for, checked. Arguments as of `sweep`; `told` has those of the table [sweep].

    Raises:
        BadInput: with every mistake in `mistakes`, if there are several.
    """
    inner = {key: value for key, value in (told or {}).items() if value is not None}
    outer = {"arms": arms, "reference": reference, "seed": seed}
    own = {key: value for key, value in outer.items() if value is not None} | ({} if scenario is None else {"scenario": scenario})
    if (source is None) == (parameters is None):
        rule = 'be given, or `parameters` such as {"reply.base": (-4, -2)} in its place'
        raise BadInput(must("source", rule, "nothing" if source is None else "both"))
    if source is not None:
        more = {"points", "pairs"} if is_folder(source) else set()
        others = sorted((own.keys() | inner.keys()) - more)
        if others:
            raise BadInput(must(others[0], "stand with `parameters`: a file, or the folder of a sweep, says it itself"))
        if not more:
            return load_sweep(source, catalogue, draws)
        if draws is not None:
            raise BadInput(must("--draws", "be left out where a folder is continued: it has its own", draws))
        return opened(Path(source), catalogue).extended(inner.get("points"), inner.get("pairs"))
    assert parameters is not None  # noqa: S101  (one of both is given)
    inner["parameters"] = {path: list(one) if not isinstance(one, Mapping) else dict(one) for path, one in parameters.items()}
    given = None if scenario is None else scenario_of(scenario, {})
    table = {key: value for key, value in own.items() if key != "scenario"} | {"sweep": inner}
    if arms is not None:
        given, table["arms"] = _named(arms, given)
    try:
        return sweep_of(table, Path.cwd(), "", usual_name="sweep", scenario=given, catalogue=catalogue, draws=draws)
    except BadInput as error:  # its keys are those of a file
        error.args = tuple(str(one).replace("`sweep.", "`") for one in error.args)
        raise


def _named(arms: Any, scenario: Scenario | None) -> tuple[Scenario | None, list[str]]:
    """Return the names of arms, as a file has them, and the scenario with those that are objects or have a name of one's own."""
    names = []
    for name, arm in arms.items() if isinstance(arms, Mapping) else ((None, one) for one in arms):
        if name is None and not isinstance(arm, Design):
            names.append(str(arm))
            continue
        scenario = load_scenario(defaults.SCENARIO) if scenario is None else scenario
        its = scenario.with_design(arm)
        scenario = scenario.with_design(its.designs[its.design], its.design if name is None else name)
        names.append(scenario.design)
    return scenario, names


def perform(
    sweep: Sweep, folder: Path, book: Ledger, *, executor: Executor, ahead: int | Callable[[], int], threads: int, progress: Progress
) -> Swept:
    """Run what is missing and write the tables."""
    points = sweep.points()
    study = Study(sweep.request(threads), book, executor, ahead, seeds=sweep.seeds)
    state = study.state(points, sweep.pairs)
    if state.done < state.wanted:
        unfinish(folder)
    study.run(points, sweep.pairs, progress)
    return write_tables(sweep, study, points, folder)


def carry_out(
    sweep: Sweep,
    folder: Path | None,
    ledger: Path | None,
    workers: int,
    *,
    threads: int = 1,
    dask: str | Address | None = None,
    retry: bool = False,
    watch: Watch = SILENT,
) -> SweepResult:
    """Run what a sweep lacks and write its output files; return what was seen.

    Args:
        sweep: the sweep.
        folder: made for it by `prepare`; None for one that is gone afterwards.
        ledger: where runs are found and left; the folder's own unless given.
        workers: processes, unless there is a cluster.
        threads: of a run.
        dask: the address of a cluster.
        retry: whether runs that failed twice are tried again.
        watch: is told how far it is.
    """
    clock = Stopwatch()
    with workplace(folder) as place:
        with Ledger(ledger or place / run_folder.LEDGER) as book:
            write_plan(sweep, place, book.path)
            if retry:
                forget_failures(sweep, book)
            with executor(workers, dask, watch) as (pool, ahead), watch.counted("pairs") as advance:
                swept = perform(sweep, place, book, executor=pool, ahead=ahead, threads=threads, progress=advance)
            if folder is not None:
                from experiments.sweep.report import write_report

                with watch.working("writing figures and the report"):
                    write_report(swept, folder)
                    facts = {"points": len(swept.points), "pairs": sweep.pairs}
                    run_folder.write_provenance(folder, sweep.seed, clock.started, facts, scenario=sweep.scenario)
        kept = read_runs(place) if folder is None else None
    return SweepResult(swept, made=clock.made(plan_of(sweep)), folder=folder, kept=kept)


def complete(
    sweep: Sweep, folder: Path, ledger: Path | None, workers: int, *, dask: str | Address | None = None, watch: Watch = SILENT
) -> None:
    """Run what a sweep lacks and write its output files, unless all is there."""
    book = ledger_of(folder, ledger)
    if book.exists() and (folder / RUNS).exists() and is_finished(folder):
        state = state_of(sweep, book)
        if state.done + len(state.failed) >= state.wanted:
            return
    carry_out(sweep, folder, book, workers, dask=dask, watch=watch)


def forecast_of(sweep: Sweep, held: Path | None, out: Place, workers: int, *, watch: Watch = SILENT) -> dict[str, Any]:
    """Return what a sweep would take, with lines that say so; nothing is written.

    Args:
        sweep: what is asked, checked.
        held: the folder that holds it, if it is continued there.
        out: as of `sweep`.
        workers: processes.
        watch: is told while the kernels are compiled.

    Raises:
        BadInput: if the folder holds something else.
    """
    from experiments.sweep.forecast import forecast

    folder = held or folder_asked(out, lambda: default_folder(sweep))
    if folder is not None:
        check(sweep, folder)
    compile_kernels(watch)
    return forecast(sweep, workers)
