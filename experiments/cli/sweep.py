"""`firstcontact sweep`."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli import console
from experiments.cli.analysis_options import LedgerAt, Workers
from experiments.cli.app import BAD_INPUT, app
from experiments.cli.options import Json, Out, Quiet, Threads, checked_workers, compile_kernels
from sim.errors import BadInput
from sim.scenario.validation import Mistakes

if TYPE_CHECKING:
    from experiments.sweep.plan import Sweep
    from experiments.sweep.run import Swept


@app.command(epilog="Examples: firstcontact sweep quick-sweep | firstcontact sweep mine.toml --out results/mine | "
             "firstcontact sweep --resume results/mine | firstcontact sweep --extend results/mine --points 256 | "
             "firstcontact sweep --status results/mine | firstcontact sweep mine.toml --dry-run")  # fmt: skip
def sweep(
    file: Annotated[
        str | None,
        typer.Argument(help="A sweep: a TOML file or a shipped name (quick-sweep, who-is-here, patience-and-spam).", metavar="[FILE]"),
    ] = None,
    resume: Annotated[Path | None, typer.Option(help="Go on with the sweep of a folder; what failed is tried anew.", metavar="DIR")] = None,
    extend: Annotated[
        Path | None, typer.Option(help="Give the sweep of a folder more --points or --pairs; all that is there is kept.", metavar="DIR")
    ] = None,
    status: Annotated[Path | None, typer.Option(help="Say how far the sweep of a folder is.", metavar="DIR")] = None,
    points: Annotated[int | None, typer.Option(help="With --extend: points in all; a Sobol sequence goes on.", metavar="N")] = None,
    pairs: Annotated[int | None, typer.Option(help="With --extend: pairs at each point, in all.", metavar="N")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say how many runs, hours and bytes it takes; a small pilot is run.")] = False,
    workers: Workers = None,
    threads: Threads = 1,
    dask: Annotated[str | None, typer.Option(help="Run on a Dask cluster instead of on this machine.", metavar="ADDRESS")] = None,
    ledger: LedgerAt = None,
    out: Out = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Compare designs at many points of the model's numbers: a map of when each wins."""
    from experiments.sweep import run

    given = [
        word for word, value in (("FILE", file), ("--resume", resume), ("--extend", extend), ("--status", status)) if value is not None
    ]
    if len(given) != 1:
        raise BadInput(
            f"sweep: found {' and '.join(given) or 'nothing'}; one of FILE, --resume DIR, --extend DIR and --status DIR would do"
        )
    if (extend is None) != (points is None and pairs is None):
        raise BadInput("--extend: goes with --points N or --pairs N, and they with it")
    if threads < 1:
        raise BadInput(f"--threads: found {threads}; 1 or more would do")
    many = checked_workers(workers)
    if status is not None:
        _status(run.opened(status), status, run.ledger_of(status, ledger), as_json=as_json)
        return
    there = resume or extend
    chosen = _loaded(str(file)) if there is None else run.opened(there)
    chosen = chosen.extended(points, pairs) if extend is not None else chosen
    if dry_run:
        compile_kernels(quiet=quiet)
        told = run.forecast(chosen, many)
        print(json.dumps(told) if as_json else "\n".join(told["lines"]))
        return
    folder = there or out or run.default_folder(chosen)
    run.prepare(chosen, folder)
    where = run.ledger_of(folder, ledger)
    _run(chosen, folder, where, many, threads, dask, retry=resume is not None, quiet=quiet, as_json=as_json)


def _loaded(file: str) -> Sweep:
    """Return the sweep of a file; all that is wrong with it is said, a line each."""
    from experiments.sweep.plan import load_sweep

    try:
        return load_sweep(file)
    except Mistakes as error:
        for line in error.mistakes:
            console.say(f"firstcontact: {line}")
        raise typer.Exit(BAD_INPUT) from None


def carry_out(
    chosen: Sweep, folder: Path, ledger: Path, workers: int, threads: int = 1, dask: str | None = None, *, retry: bool = False, quiet: bool
) -> tuple[Swept, list[str]]:
    """Run what a sweep lacks and write what it leaves; return what was seen and the answer."""
    from experiments.runs.ledger import Ledger
    from experiments.sweep import run

    started = time.time()
    with Ledger(ledger) as book:
        run.write_plan(chosen, folder, ledger)
        if retry:
            run.forget_failures(chosen, book)
        with _executor(workers, dask, quiet=quiet) as (pool, ahead), console.progress("pairs", quiet=quiet) as advance:
            swept = run.perform(chosen, folder, book, pool, ahead, threads, advance)
        with console.working("writing figures and the report", quiet=quiet):
            return swept, run.finish(swept, folder, started)


def _run(
    chosen: Sweep, folder: Path, ledger: Path, workers: int, threads: int, dask: str | None, *, retry: bool, quiet: bool, as_json: bool
) -> None:
    from experiments.sweep import run

    swept, answer = carry_out(chosen, folder, ledger, workers, threads, dask, retry=retry, quiet=quiet)
    if swept.failed:
        console.say(f"warning: {len(swept.failed)} runs failed twice and are left out; {folder / run.FAILURES} says why")
    data = {"folder": str(folder), "points": len(swept.points), "pairs": chosen.pairs, "failed": len(swept.failed)}
    console.conclude(answer, folder / "report.html", data if as_json else None)


@contextmanager
def _executor(workers: int, dask: str | None, *, quiet: bool) -> Iterator[tuple[Executor, Callable[[], int]]]:
    """Give where the runs are made, and what says how many pairs it is handed at once."""
    from experiments.runs import processes

    if dask is not None:
        from experiments.runs.dask_cluster import cluster

        with cluster(dask) as (pool, slots):
            yield pool, lambda: 2 * slots()
        return
    compile_kernels(quiet=quiet)
    with processes.processes(workers) as pool:
        yield pool, lambda: 2 * workers


def _status(chosen: Sweep, folder: Path, ledger: Path, *, as_json: bool) -> None:
    from experiments.sweep import run

    if not ledger.exists():
        raise BadInput(f"{ledger}: no ledger there; --ledger PATH names the one that the sweep was run with")
    state = run.state_of(chosen, ledger)
    told = {
        "folder": str(folder),
        "points": chosen.size,
        "pairs": chosen.pairs,
        "runs": state.wanted,
        "done": state.done,
        "failed": len(state.failed),
    }
    if as_json:
        print(json.dumps(told))
        return
    print(
        f"{chosen.size} points with {chosen.pairs} pairs: {state.done} of {state.wanted} runs are there, {len(state.failed)} failed twice."
    )
    if state.done + len(state.failed) < state.wanted:
        print(f"It goes on with: firstcontact sweep --resume {folder}")
    elif not run.is_finished(folder):
        print(f"Its tables may be older than its runs; they are written with: firstcontact sweep --resume {folder}")
