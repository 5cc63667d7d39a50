"""Map regions: completes the sweep, fits, writes, and returns the answer."""

from __future__ import annotations

import json
import time
from pathlib import Path

from experiments.analyses.base import Outcome
from experiments.analyses.regions.analysis import find_regions, load_space
from experiments.analyses.regions.report import answer, write
from experiments.optional_imports import needs
from experiments.reporting import run_folder
from experiments.runs.watch import SILENT, Watch
from experiments.sweep import run as sweep
from experiments.sweep.plan import load_sweep
from sim.errors import BadInput, must, nearest
from sim.results.measures import MEASURES, PRIMARY


def regions(
    source: str,
    measure: str | None = None,
    arm: str | None = None,
    *,
    workers: int = 1,
    out: Path | None = None,
    ledger: Path | None = None,
    watch: Watch = SILENT,
) -> Outcome:
    """Find where each arm wins over a sweep, which is run first as far as it is not.

    Args:
        source: a sweep: a TOML file, a shipped name, or its run folder.
        measure: the primary one unless given.
        arm: the treatment, compared with the control; the first other one unless given.
        workers: processes for what the sweep lacks.
        out: of a run folder, where the map goes; of a file or name, the sweep's folder, with the map inside it.
        ledger: the sweep's; its own unless given.
        watch: is told how far it is.

    Raises:
        BadInput: if there is no such sweep, measure or arm, or a folder holds something else.
    """
    for package, extra in (("sklearn", "sensitivity"), ("SALib", "sensitivity"), ("ema_workbench", "regions")):
        needs(package, extra)
    if measure is not None and measure not in MEASURES:
        raise BadInput(must("--measure", "be a measure", f"{measure!r}{nearest(measure, MEASURES)}"))
    there = Path(source)
    if there.is_dir():
        folder, target = there, out
        if ledger is not None or sweep.ledger_of(folder, None).exists():  # one without a ledger is taken as it is
            sweep.complete(sweep.opened(folder), folder, ledger, workers, watch=watch)
    else:
        folder, target = _swept(source, out, ledger, workers, watch=watch), None
    with watch.working("fitting the surface and peeling boxes"):
        return _mapped(folder, measure or PRIMARY, arm, target)


def _swept(source: str, out: Path | None, ledger: Path | None, workers: int, *, watch: Watch) -> Path:
    """Return the folder of a sweep that is given as a file or a name, run as far as it is not."""
    chosen = load_sweep(source)
    folder = out or sweep.default_folder(chosen)
    if (folder / sweep.SWEEP).exists() and sweep.opened(folder).digest == chosen.digest:
        chosen = sweep.opened(folder)  # it may have been given more points or pairs since
    sweep.prepare(chosen, folder)
    sweep.complete(chosen, folder, ledger, workers, watch=watch)
    return folder


def _mapped(folder: Path, measure: str, arm: str | None, out: Path | None) -> Outcome:
    """Map a finished sweep into a folder of its own."""
    started = time.time()
    space = load_space(folder, measure, arm)
    target = out or folder / f"regions-{measure}{'' if arm is None else f'-{arm}'}"
    its = json.loads((folder / run_folder.PLAN).read_text(encoding="utf-8"))["plan"]
    run_folder.prepare_folder(target, {"command": "regions", "sweep": its, "measure": measure, "arm": space.arm, "seed": space.seed})
    found = find_regions(space)
    write(found, target, started)
    return Outcome(answer(found), target, found.data)
