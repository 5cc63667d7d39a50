"""Paired comparison of arms with common random numbers and sequential stopping: the door, for commands and from Python."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments import defaults
from experiments.arguments import Place, asked, checked_seed, checked_threads, path_of, scenario_of, whole
from experiments.comparison.conclusion import conclude, explained, recalled
from experiments.comparison.outcome import ComparisonResult
from experiments.comparison.stopping_rule import RULES, all_there, gather
from experiments.comparison.worlds import Worlds, asked_worlds, at_worlds, checked, usual_worlds, with_worlds
from experiments.reporting import figure_workers, run_folder
from experiments.reporting.progress import Shown
from experiments.reporting.result import Stopwatch
from experiments.reporting.workplace import folder_asked, workplace
from experiments.runs.dask_cluster import Address
from experiments.runs.draws import worlds_asked
from experiments.runs.executors import executor
from experiments.runs.keys import arms_of, plan_digest
from experiments.runs.ledger import Ledger
from experiments.runs.measure_files import measures_of, noted, planned_as
from experiments.runs.processes import workers_of
from experiments.runs.request import Request
from experiments.runs.scheduler import Scheduler
from experiments.runs.watch import SILENT, Watch, compile_kernels
from sim.errors import BadInput, must, nearest
from sim.results.measures import Catalogue, Measure

if TYPE_CHECKING:
    from experiments.comparison.result import Comparison
    from sim.scenario.presets import Design
    from sim.scenario.scenario import Scenario

DRAWN_BY = ("experiments.comparison.figures", "experiments.comparison.result")  # what a worker loads to draw


@asked
def compare(
    scenario: str | Path | Scenario = defaults.SCENARIO,
    arms: Sequence[str | Path | Design] | Mapping[str, str | Path | Design] = defaults.ARMS,
    *,
    reference: str | None = None,
    pairs: int = defaults.PAIRS,
    until: str | None = None,
    precision: float = defaults.PRECISION,
    max_pairs: int = defaults.MAX_PAIRS,
    members: int | None = None,
    days: int | None = None,
    warm_up: int | None = None,
    seed: int = defaults.SEED,
    explain: bool = False,
    draws: str | Path | None = None,
    worlds: int | None = None,
    measures: str | Path | Catalogue | Iterable[Measure] = (),
    workers: int | None = None,
    threads: int = defaults.THREADS,
    dask: str | Address | None = None,
    out: Place = None,
    ledger: str | Path | None = None,
    quiet: bool = False,
) -> ComparisonResult:
    """Compare designs on response, spam load and reach, in pairs of runs with common random numbers.

    From a script, call it below `if __name__ == "__main__":`, since each worker process imports the script again.

    Args:
        scenario: a shipped name, a TOML file, or a scenario.
        arms: two designs or more, the control first: names, TOML files or designs; or designs by the names that they are to have.
        reference: the control, if it is not the first arm.
        pairs: pairs of runs, each an arm a run; 2 to 10,000.
        until: "precise" or "decided": goes on until the primary measure is, after `pairs` and up to `max_pairs` pairs.
        precision: of "precise": half-width of the 95% confidence interval relative to the difference, above 0 and below 10.
        max_pairs: the most pairs, with `until`.
        members: at the start; the scenario's unless given.
        days: after the switch; likewise.
        warm_up: days before it; likewise.
        seed: 0 to 2**63 - 1; the same seed gives the same numbers for any workers and threads.
        explain: whether it is also found how much of each difference is assumed, from more runs.
        draws: the draws.csv of `calibrate` or its folder: the arms are also compared at these, in two pairs each, and the answer says whether they are
            worlds that fit. Those that are shipped unless given; "none" for none.
        worlds: of these draws, how many, the first ones; 3 or more. 20 unless given; of those that are shipped at most as many as pairs, or all whose
            differences are known.
        measures: of one's own, made by `measure`, behind the shipped ones: a list of them, or a Python file that makes some, which is run.
        workers: processes; all cores unless given.
        threads: of a run.
        dask: the address of a Dask cluster on which runs are made, in place of processes.
        out: a folder for all output files, which a later call continues; True for one below results/, as the command makes.
        ledger: a file in which runs are looked for and left. Without it and `out` they are kept until the call ends; if it
            fails, a note on the error names the file that has them.
        quiet: whether no progress is shown.

    Returns:
        The result: `summary` has a row an arm and measure, `answer` sentences; `plot`, `write`.

    Raises:
        BadInput: with what must be, before anything is run.
        RunFailed: if a pair failed twice: none is left out.
        MeasureFailed: if a measure of one's own raises, or returns what is no value.

    Example:
        >>> import firstcontact as fc
        >>> found = fc.compare(members=60, warm_up=5, days=65, pairs=2, workers=1, quiet=True)
        >>> found.summary.loc[found.summary.measure == "intent_success", ["mean_reference", "mean", "pairs"]].shape
        (1, 3)
    """
    watch = Shown(quiet=quiet)
    request = request_of(
        scenario_of(scenario, {"members": members, "days": days, "warm_up": warm_up}),
        arms,
        reference=reference,
        pairs=pairs,
        until=until,
        precision=precision,
        max_pairs=max_pairs,
        seed=seed,
        workers=workers_of(workers, watch.say),
        threads=threads,
        catalogue=measures_of(measures),
    )
    folder, book = folder_asked(out, lambda: default_folder(request)), path_of("--ledger", ledger)
    at = worlds_for(request, draws, worlds, watch)
    return carry_out(request, folder, book, dask=dask, explain=explain, worlds=at, watch=watch)


def worlds_for(request: Request, draws: str | Path | None, worlds: int | None, watch: Watch) -> Worlds | None:
    """Return the draws that are asked for, those that are shipped unless told otherwise. Errors as of `asked_worlds`.

    Where the shipped ones cannot be numbers of these arms, nobody asked for them: that is said, and they are left aside.
    """
    many = None if worlds is None else worlds_asked(worlds)
    if draws is None:
        try:
            return usual_worlds(request, many)
        except BadInput as error:
            watch.say(f"The draws that are shipped do not hold here, and no range over worlds is told: {error}.")
            return None
    return asked_worlds(draws, request, many or defaults.COMPARED_WORLDS)


def request_of(
    scenario: Scenario, arms: Sequence[str | Path | Design] | Mapping[str, str | Path | Design] = defaults.ARMS, **asked_for: Any
) -> Request:
    """Return what is asked of a comparison, checked.

    Args:
        scenario: on which arms are compared.
        arms: as of `compare`.
        asked_for: the rest of a `Request`; what is left out is the usual.

    Raises:
        BadInput: with what must be.
    """
    found = arms_of(scenario, arms)
    named = asked_for.pop("reference", None)
    request = Request(scenario, found, _reference(named, scenario, found), **asked_for)
    if request.until is not None and request.until not in [*RULES]:  # a list: whatever is given from Python can be looked up in it
        raise BadInput(must("--until", f"be {' or '.join(RULES)}", f"{request.until!r}{nearest(str(request.until), RULES)}"))
    if not isinstance(request.precision, int | float) or not 0.0 < request.precision < 10.0:
        raise BadInput(must("--precision", "be above 0 and below 10, such as 0.1", request.precision))
    request = dataclasses.replace(
        request,
        pairs=_pairs("--pairs", request.pairs, "be at least 2 for intervals"),
        max_pairs=_pairs("--max-pairs", request.max_pairs, "be at least 2"),
        seed=checked_seed(request.seed),
        threads=checked_threads(request.threads),
    )
    request.check()
    return request


def _pairs(option: str, given: object, least: str) -> int:
    return whole(option, whole(option, given, least, 2), rule=f"be at most {defaults.MOST_PAIRS:,}", least=2, most=defaults.MOST_PAIRS)


def _reference(reference: str | None, scenario: Scenario, arms: Mapping[str, Scenario]) -> str:
    if reference is None:
        return next(iter(arms))
    name = reference
    if name not in arms:
        with suppress(BadInput):
            name = scenario.with_design(reference).design  # a file is called by its stem
    if name not in arms:
        told = f"{reference!r}{nearest(str(reference), list(arms))}"
        raise BadInput(must("--reference", f"be one of the arms: {', '.join(arms)}", told))
    return name


def default_folder(request: Request) -> Path:
    """Return where the command leaves a comparison unless told otherwise."""
    return Path("results") / f"{request.scenario.name.replace(' ', '-')}-{_digest(request)}"


def _digest(request: Request) -> str:
    return plan_digest(
        request.scenario, arms=request.arms, reference=request.reference, seed=request.seed, measures=planned_as(request.catalogue)
    )


def plan_of(request: Request) -> dict[str, Any]:
    """Return what a folder notes of a comparison; how many pairs is left open."""
    plan = {"command": "compare", "plan": _digest(request), "arms": request.order, "reference": request.reference, "seed": request.seed}
    return plan | noted(request.catalogue)


def carry_out(
    request: Request,
    folder: Path | None = None,
    ledger: Path | None = None,
    *,
    dask: str | Address | None = None,
    explain: bool = False,
    worlds: Worlds | None = None,
    watch: Watch = SILENT,
) -> ComparisonResult:
    """Run what is asked for, and write it into the folder, if there is one; a finished folder answers from its files.

    Args:
        request: what is asked, checked.
        folder: for the output files.
        ledger: where runs are read and written; the folder's own unless given, or a temporary one.
        dask: the address of a Dask cluster on which runs are made; processes of this machine unless given.
        explain: whether it is also found how much of each difference is assumed.
        worlds: draws at which the arms are compared once more.
        watch: is told how far it is.

    Raises:
        BadInput: if the folder holds something else or cannot be written, or no scheduler answers at the address.
        RunFailed: if a pair failed twice: none is left out.
        MeasureFailed: if a measure of one's own raises, or returns what is no value.
    """
    clock, plan = Stopwatch(), plan_of(request)
    if folder is not None:
        edited = run_folder.check_folder(folder, plan)
        if not edited and (held := recalled(request, folder, explain=explain, worlds=worlds)):
            return ComparisonResult(held, made=clock.made(plan), folder=folder)
        run_folder.prepare_folder(folder, plan)
        if edited:
            watch.say(edited)
    with workplace(folder) as place, Ledger(ledger or place / run_folder.LEDGER) as book:
        needed = worlds is not None or not all_there(request, book)
        workers = min(request.workers, request.most)
        if not (needed or explain or request.until or workers == 1):
            workers -= 1  # figures alone are to be made, of which this process draws some
        with executor(workers, dask, watch, needed=needed) as (pool, ahead):
            scheduler = Scheduler(book, pool, ahead, request.threads)
            drawers = 0 if dask is not None or folder is None or request.workers == 1 else workers
            if not needed:  # they have nothing else to do
                figure_workers.begin(pool, drawers, DRAWN_BY)
            result = _found(request, scheduler, explain=explain, worlds=worlds, drawers=drawers if needed else 0, watch=watch)
            if folder is not None:
                from experiments.comparison.report import write_comparison

                render = figure_workers.rendering(pool, drawers, request.catalogue) if drawers else None
                with watch.working("writing tables, figures and the report"):
                    write_comparison(result, folder, clock.started, render=render)
    return ComparisonResult(result, made=clock.made(plan), folder=folder)


def _found(request: Request, scheduler: Scheduler, *, explain: bool, worlds: Worlds | None, drawers: int, watch: Watch) -> Comparison:
    """Make the runs that the ledger lacks and return what they show; so many workers meanwhile load what draws figures."""
    with watch.counted("pairs") as advance:
        pairs = gather(request, scheduler, advance)
    figure_workers.begin(scheduler.executor, drawers, DRAWN_BY)
    result = conclude(request, pairs)
    if explain:
        result = explained(request, result, pairs, scheduler, watch=watch)
    if worlds is not None:
        left, conditioned = checked(worlds, scheduler, watch)
        with watch.counted(f"pairs in {left.one}s") as advance:
            table = at_worlds(request, left, scheduler, advance)
        result = with_worlds(result, table, left, worlds.digest, conditioned)
    return result


def forecast_of(
    request: Request, out: Place, *, explain: bool, draws: str | Path | None = None, worlds: int | None = None, watch: Watch = SILENT
) -> dict[str, Any]:
    """Return what a comparison would take, with lines that say so; nothing is written.

    Args:
        request: what is asked, checked.
        out: as of `compare`.
        explain: likewise.
        draws: likewise.
        worlds: likewise.
        watch: is told while the kernels are compiled.

    Raises:
        BadInput: if the folder holds something else.
    """
    from experiments.comparison.forecast import forecast

    at = worlds_for(request, draws, worlds, watch)
    folder = folder_asked(out, lambda: default_folder(request))
    if folder is not None:
        run_folder.check_folder(folder, plan_of(request))
    compile_kernels(watch)
    return forecast(request, explain=explain, worlds=at)
