"""`firstcontact regions`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli import console
from experiments.cli.analysis_options import LedgerAt, MeasureOf, Workers
from experiments.cli.app import app
from experiments.cli.options import Json, Quiet, checked_workers
from sim.errors import BadInput

if TYPE_CHECKING:
    from experiments.sweep.plan import Sweep

QUICK = "quick-sweep"


@app.command(
    epilog="Examples: firstcontact regions | firstcontact regions who-is-here --measure unwelcome_read | firstcontact regions results/mine"
)
def regions(
    file: Annotated[
        str, typer.Argument(help="A sweep, run first as far as it is not: a TOML file, a shipped name, or a run folder.", metavar="[FILE]")
    ] = QUICK,
    measure: MeasureOf = None,
    arm: Annotated[
        str | None, typer.Option(help="Which arm to hold against the reference; the first other one unless given.", metavar="A")
    ] = None,
    workers: Workers = None,
    ledger: LedgerAt = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Of a run folder: where the map goes. Of a file or name: the sweep's folder, the map inside it.", metavar="DIR"),
    ] = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Map where each arm wins over a sweep, and say it in boxes."""
    from experiments.analyses.regions.analysis import regions as find
    from experiments.analyses.regions.report import answer
    from experiments.optional_imports import needs
    from sim.results.measures import MEASURES, PRIMARY

    for package, extra in (("sklearn", "sensitivity"), ("SALib", "sensitivity"), ("ema_workbench", "regions")):
        needs(package, extra)
    if measure is not None and measure not in MEASURES:
        from sim.errors import nearest

        raise BadInput(f"--measure: found {measure!r}; a measure would do{nearest(measure, MEASURES)}")
    many = checked_workers(workers)
    there = Path(file)
    if there.is_dir():
        folder, target = _folder(there, ledger, many, quiet=quiet), out
    else:
        folder, target = _swept(file, out, ledger, many, quiet=quiet), None
    with console.working("fitting the surface and peeling boxes", quiet=quiet):
        found, target = find(folder, measure or PRIMARY, arm, target)
    console.conclude(answer(found), target / "report.html", {"folder": str(target), **found.data} if as_json else None)


def _swept(file: str, out: Path | None, ledger: Path | None, workers: int, *, quiet: bool) -> Path:
    """Return the folder of a sweep that is given as a file or a name, run as far as it is not."""
    from experiments.sweep import run
    from experiments.sweep.plan import load_sweep

    chosen = load_sweep(file)
    folder = out or run.default_folder(chosen)
    if (folder / run.SWEEP).exists() and run.opened(folder).digest == chosen.digest:
        chosen = run.opened(folder)  # it may have been given more points or pairs since
    run.prepare(chosen, folder)
    _complete(chosen, folder, ledger, workers, quiet=quiet)
    return folder


def _folder(folder: Path, ledger: Path | None, workers: int, *, quiet: bool) -> Path:
    """Return a run folder with its sweep finished; one without a ledger is taken as it is."""
    from experiments.sweep import run

    if ledger is not None or run.ledger_of(folder, None).exists():
        _complete(run.opened(folder), folder, ledger, workers, quiet=quiet)
    return folder


def _complete(chosen: Sweep, folder: Path, ledger: Path | None, workers: int, *, quiet: bool) -> None:
    """Run what a sweep lacks and write what it leaves, unless all is there."""
    from experiments.cli.sweep import carry_out
    from experiments.sweep import run

    book = run.ledger_of(folder, ledger)
    if book.exists() and (folder / run.RUNS).exists() and run.is_finished(folder):
        state = run.state_of(chosen, book)
        if state.done + len(state.failed) >= state.wanted:
            return
    carry_out(chosen, folder, book, workers, quiet=quiet)
