"""The folder of a sweep: what is in it, whether it is the one that is asked for, how far it is, where its runs are."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.reporting import run_folder
from experiments.runs.ledger import Ledger
from experiments.runs.measure_files import NOTE, check_noted, noted
from experiments.runs.study import Study
from experiments.runs.watch import SILENT, Watch
from experiments.sweep.plan import Sweep, load_sweep
from experiments.sweep.tables import SWEEP, write_form
from sim.errors import BadInput, must
from sim.results.measures import MEASURES, Catalogue
from sim.version import differs_in

if TYPE_CHECKING:
    from experiments.runs.study import State

ELSEWHERE = "ledger.txt"  # where the ledger is, if it is not in the folder


def is_folder(source: str | Path) -> bool:
    """Tell whether a sweep is given by its folder."""
    return Path(source).is_dir()


def default_folder(sweep: Sweep) -> Path:
    """Return where a sweep goes unless told otherwise."""
    name = re.sub(r"[^\w-]+", "-", sweep.name)[:60]
    return Path("results") / f"{name}-{sweep.digest}"


def plan_of(sweep: Sweep) -> dict[str, Any]:
    """Return what a folder notes of a sweep."""
    plan = {"command": "sweep", "plan": sweep.digest, "arms": list(sweep.arms), "reference": sweep.reference, "seed": sweep.seed}
    return plan | noted(sweep.catalogue)


def prepare(sweep: Sweep, folder: Path, watch: Watch = SILENT) -> None:
    """Make the folder for a sweep, or find it holding the same one, no larger; `watch` is told if its measures were edited.

    Raises:
        BadInput: if it holds another plan or more of this one, or cannot be written.
    """
    line = check(sweep, folder)
    run_folder.prepare_folder(folder, plan_of(sweep))
    if line:
        watch.say(line)


def check(sweep: Sweep, folder: Path) -> str:
    """Refuse a folder that cannot be one of this sweep, and change nothing; return a line if its measures were edited, else nothing.

    Raises:
        BadInput: if it holds another plan or more of this one, or cannot be read.
    """
    line = run_folder.check_folder(folder, plan_of(sweep))
    if (folder / SWEEP).exists():
        there = load_sweep(folder / SWEEP, sweep.catalogue)
        if there.size > sweep.size or there.pairs > sweep.pairs:
            larger = f"{folder}, which holds it extended to {there.size} points with {there.pairs} pairs: --resume {folder} continues it"
            raise BadInput(must("--out", "hold no larger version of this sweep", larger))
    return line


def opened(folder: Path, catalogue: Catalogue = MEASURES) -> Sweep:
    """Return the sweep of a folder, as it was planned last, with the measures of a catalogue.

    Raises:
        BadInput: if it holds none, or one of another version of the model, or with other measures of one's own.
    """
    try:
        plan = json.loads((folder / run_folder.PLAN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        plan = {}
    if plan.get("command") != "sweep":
        raise BadInput(must("", "be the folder of a `firstcontact sweep`", "no sweep in it", where=folder))
    check_noted(plan.get(NOTE), catalogue, folder)
    sweep = load_sweep(folder / SWEEP, catalogue)
    if sweep.digest != plan["plan"]:
        how = differs_in(plan.get("model", ""))
        other = f"{how}, whose runs are never mixed in: `firstcontact sweep {folder / SWEEP}` starts again"
        raise BadInput(must("", "be planned by this version of the model", other, where=folder))
    return sweep


def edited(folder: Path, catalogue: Catalogue) -> str:
    """Return a line if measures of one's own were edited since a sweep was planned, else nothing. Errors as in `check_noted`."""
    return check_noted(json.loads((folder / run_folder.PLAN).read_text(encoding="utf-8")).get(NOTE), catalogue, folder)


def ledger_of(folder: Path, given: Path | None) -> Path:
    """Return the ledger of a sweep: the one given, or the one that it was run with, or its own.

    Raises:
        BadInput: if the note of another one is empty.
    """
    note = folder / ELSEWHERE
    if given is not None:
        return given
    if not note.exists():
        return folder / run_folder.LEDGER
    told = note.read_text(encoding="utf-8").strip()
    if not told:
        raise BadInput(must("", "name the ledger with which the sweep was run; --ledger says it, too", "nothing", where=note))
    return Path(told)


def write_plan(sweep: Sweep, folder: Path, ledger: Path) -> None:
    """Write what a sweep will do and where its runs are; the ledger must be locked by then, so that no other process writes here.

    Raises:
        BadInput: if that cannot be written.
    """
    try:
        if not (folder / SWEEP).exists() or (folder / SWEEP).read_text(encoding="utf-8") != sweep.to_toml():
            unfinish(folder)
        if ledger.absolute() == (folder / run_folder.LEDGER).absolute():
            (folder / ELSEWHERE).unlink(missing_ok=True)
        else:
            run_folder.write_text(folder / ELSEWHERE, f"{ledger.absolute()}\n")
        write_form(sweep, folder)
    except OSError as error:
        raise BadInput(must("--out", "be a folder that you may write to", f"{folder}: {error.strerror}")) from None


def is_finished(folder: Path) -> bool:
    """Tell whether the tables of a folder are those of its runs for certain: the last thing written is there."""
    return (folder / run_folder.PROVENANCE).exists()


def unfinish(folder: Path) -> None:
    """From now until `carry_out` ends the tables may be older than the runs."""
    (folder / run_folder.PROVENANCE).unlink(missing_ok=True)


def state_of(sweep: Sweep, ledger: Path) -> State:
    """Return how far a sweep is; nothing is run, and a process that runs it is not disturbed."""
    with Ledger(ledger, read_only=True) as book:
        return Study(sweep.request(), book, seeds=sweep.seeds).state(sweep.points(), sweep.pairs)


def forget_failures(sweep: Sweep, book: Ledger) -> None:
    """Let the runs that failed be tried again."""
    Study(sweep.request(), book, seeds=sweep.seeds).forget_failures(sweep.points(), sweep.pairs)
