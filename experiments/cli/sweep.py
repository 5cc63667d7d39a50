"""`firstcontact sweep`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.arguments import Place
from experiments.cli import console
from experiments.cli.app import command
from experiments.cli.exit_codes import BAD_INPUT
from experiments.cli.options import Output, OwnMeasures, RunSettings, Threads, say_network
from experiments.defaults import THREADS
from experiments.sweep import shipped_sweeps
from sim.errors import BadInput, must
from sim.scenario.validation import Mistakes

if TYPE_CHECKING:
    from experiments.sweep.outcome import SweepResult
    from experiments.sweep.plan import Sweep


@command(
    30,
    "firstcontact sweep quick-sweep",
    "firstcontact sweep mine.toml --out results/mine",
    "firstcontact sweep --resume results/mine",
    "firstcontact sweep --extend results/mine --points 256",
    "firstcontact sweep --status results/mine",
    "firstcontact sweep quick-sweep --draws results/calibrate",
    "firstcontact sweep mine.toml --dry-run",
    "firstcontact sweep mine.toml --measures my_measures.py",
)
def sweep(
    *,
    file: Annotated[
        str | None,
        typer.Argument(help=f"A sweep: a TOML file or a shipped name ({', '.join(shipped_sweeps())}).", metavar="[FILE]"),
    ] = None,
    resume: Annotated[Path | None, typer.Option(help="Continue the sweep of a folder; failed runs are tried again.", metavar="DIR")] = None,
    extend: Annotated[
        Path | None, typer.Option(help="Give the sweep of a folder more --points or --pairs; all that is there is kept.", metavar="DIR")
    ] = None,
    status: Annotated[Path | None, typer.Option(help="Say how far the sweep of a folder is.", metavar="DIR")] = None,
    points: Annotated[int | None, typer.Option(help="With --extend: points in all, of a Sobol sequence.", metavar="N")] = None,
    pairs: Annotated[int | None, typer.Option(help="With --extend: pairs at each point, in all.", metavar="N")] = None,
    draws: Annotated[
        str | None,
        typer.Option(
            help="Take what is not varied from draws of a calibration: its draws.csv, or its folder; the answer says whether they are worlds that fit.",
            metavar="FILE|none",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say how many runs, hours and bytes it takes; a small pilot is run.")] = False,
    threads: Threads = THREADS,
    runs: RunSettings,
    own: OwnMeasures,
    output: Output,
) -> None:
    """Compare designs at many points of the parameter space: a map of where each wins."""
    from experiments.sweep import run
    from experiments.sweep.folder import ledger_of, opened

    _one_of(file=file, resume=resume, extend=extend, status=status, more=points is not None or pairs is not None)
    address = runs.address
    if status is not None:
        _status(opened(status, own.catalogue), status, ledger_of(status, runs.ledger), as_json=output.as_json)
        return
    folder = resume or extend
    source = folder or str(file)
    told: dict[str, Any] = {"points": points, "pairs": pairs}
    place: Place = None if folder else output.out or True
    with _each_mistake():
        if folder is not None:
            opened(folder, own.catalogue)  # no file may stand in its place
        chosen = run.chosen_of(source, told=told, draws=draws, catalogue=own.catalogue)
        say_network(chosen.scenario)
        if dry_run:
            output.tell(run.forecast_of(chosen, folder, place, runs.processes, watch=output.watch))
            return
        result = run.sweep(
            source,
            **told,
            draws=draws,
            measures=own.catalogue,
            workers=runs.workers,
            threads=threads,
            dask=address,
            out=place,
            ledger=runs.ledger,
            quiet=output.quiet,
        )
    _conclude(result, output)


def _one_of(*, more: bool, **ways: Any) -> None:
    """Refuse a sweep that is asked for in no way or in two, and points or pairs for what is not extended."""
    given = [
        word for word, way in (("FILE", "file"), *((f"--{way}", way) for way in ("resume", "extend", "status"))) if ways[way] is not None
    ]
    if len(given) != 1:
        raise BadInput(must("sweep", "have one of FILE, --resume DIR, --extend DIR and --status DIR", " and ".join(given) or "nothing"))
    if (ways["extend"] is not None) != more:
        raise BadInput(must("--extend", "be given with --points N or --pairs N, and they with it"))


@contextmanager
def _each_mistake() -> Iterator[None]:
    """Say every mistake of a file on a line of its own, and leave."""
    try:
        yield
    except Mistakes as error:
        for line in error.mistakes:
            console.say(f"firstcontact: {line}")
        raise typer.Exit(BAD_INPUT) from None


def _conclude(result: SweepResult, output: Output) -> None:
    from experiments.sweep.tables import FAILURES

    assert result.folder is not None  # noqa: S101  (a command has one)
    if result.failed:
        console.say(f"warning: {len(result.failed)} runs failed twice and are left out; {result.folder / FAILURES} says why")
    console.conclude(result, as_json=output.as_json)


def _status(chosen: Sweep, folder: Path, ledger: Path, *, as_json: bool) -> None:
    from experiments.sweep.folder import edited, is_finished, state_of

    if not ledger.exists():
        raise BadInput(must("--ledger", "be the ledger that the sweep was run with", f"{ledger}, which does not exist"))
    if line := edited(folder, chosen.catalogue):
        console.say(line)
    state = state_of(chosen, ledger)
    failed = len(state.failed)
    told = {"folder": str(folder), "points": chosen.size, "pairs": chosen.pairs, "runs": state.wanted, "done": state.done, "failed": failed}
    if as_json:
        print(json.dumps(told))
        return
    print(f"{chosen.size} points with {chosen.pairs} pairs: {state.done} of {state.wanted} runs are there, {failed} failed twice.")
    if state.done + failed < state.wanted:
        print(f"It continues with: firstcontact sweep --resume {folder}")
    elif not is_finished(folder):
        print(f"Its tables may be older than its runs; they are written with: firstcontact sweep --resume {folder}")
