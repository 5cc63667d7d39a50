"""The door of `calibrate --check`: the tables, their place in ODD.md, and the file of proposed defaults."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.calibration import table
from experiments.calibration.fit import ROUNDS, propose
from experiments.calibration.runs import gather
from experiments.calibration.targets import SEEDS, still_of, targets
from experiments.reporting.run_folder import write_text
from experiments.runs.request import LEAST_MEMBERS
from sim.errors import BadInput, must

if TYPE_CHECKING:
    from experiments.calibration.table import Table
    from experiments.calibration.targets import Target
    from experiments.runs.scheduler import Progress, Scheduler
    from sim.scenario.scenario import Scenario

ODD = table.ODD


@dataclass(frozen=True)
class Calibrated:
    """The tables and what is to be said about them."""

    tables: list[Table]
    lines: list[str]
    data: Any


def check(members: Sequence[int], fit: Path | None) -> None:
    """Refuse what a calibration cannot use, before anything is compiled or run; nothing is written.

    Raises:
        BadInput: with what must be.
    """
    for size in members:
        if size < LEAST_MEMBERS:
            raise BadInput(must("--members", f"be at least {LEAST_MEMBERS} for a calibration", size))
    if len(set(members)) < len(members):
        raise BadInput(must("--members", "be sizes that differ", " ".join(map(str, members))))
    if fit is None:
        return
    if len(members) > 1:
        raise BadInput(must("--members", "be one size with --fit", " ".join(map(str, members))))
    if fit.exists():
        raise BadInput(must("--fit", "be a new file", f"{fit}, which exists"))
    home = fit.absolute().parent
    if not home.is_dir():
        raise _unwritable(fit, os.strerror(errno.ENOTDIR if home.exists() else errno.ENOENT))
    if not os.access(home, os.W_OK):
        raise _unwritable(fit, os.strerror(errno.EACCES))


def try_to_write(fit: Path) -> None:
    """Find out what a folder allows.

    Raises:
        BadInput: if the file cannot be written.
    """
    try:
        write_text(fit, "")
        fit.unlink()
    except OSError as error:
        raise _unwritable(fit, error.strerror or str(error)) from None


def _unwritable(fit: Path, why: str) -> BadInput:
    return BadInput(must("--fit", "be a file that you may write", f"{fit}: {why}"))


def sizes_of(scenario: Scenario, members: Sequence[int]) -> list[int]:
    """Return how many members the runs have: the scenario's own number unless given."""
    from experiments.runs.keys import members_of

    return [members_of(scenario)] if scenario.network_file or not members else list(members)


def busy(workers: int, sizes: Sequence[int]) -> int:
    """Return how many of the workers have something to do: the runs that need not wait for others are one a seed and size."""
    return min(workers, len(SEEDS) * len(sizes))


def calibrate(scenario: Scenario, members: Sequence[int], fit: Path | None, scheduler: Scheduler, progress: Progress) -> Calibrated:
    """Run the calibration at each size; with `fit`, write a scenario file of proposed defaults. The baseline itself is not edited.

    `scheduler` is a `FiguresScheduler`, `progress` is told how many runs are there. Errors as of `check` and `gather`.
    """
    check(members, fit)
    sizes = sizes_of(scenario, members)
    before = 0 if fit is None else ROUNDS * len(SEEDS)
    wanted = before + len(sizes) * len(SEEDS)
    lines: list[str] = []
    changed: dict[str, float] = {}
    if fit is not None:
        try_to_write(fit)
        scenario, changed = propose(scenario, sizes[0], scheduler, lambda done, _: progress(done, wanted))
    seen = gather([still_of(scenario, size) for size in sizes], scheduler, lambda done, _: progress(before + done, wanted))
    if fit is not None:  # not before all is known: it must be a new file, also where the same command goes on after an interruption
        text = "# Proposed by `firstcontact calibrate --check --fit`: what departs from the scenario that was fitted.\n"
        write_text(fit, text + _toml(changed))
        lines.append(f"Proposed defaults are in {fit}; the table shows what they give.")
    found: dict[int, list[Target]] = {}
    for size, evidence in zip(sizes, seen, strict=True):
        found[size] = targets(evidence)
        lines.append(table.line_of(found[size], size, scenario.warm_up_design, len(SEEDS)))
        if fit is None and _is_documented(scenario, size):
            text = lines[-1] + "\n\n" + table.as_markdown(table.tables_of({size: found[size]}))
            lines.append(table.rewrite(ODD, (table.START, table.END), text))
    return Calibrated(table.tables_of(found), lines=lines, data=table.data_of(found))


def _is_documented(scenario: Scenario, members: int) -> bool:
    """Tell whether these are the runs whose table ODD.md shows: the baseline at the size that its file has."""
    return scenario.name == "baseline" and members == scenario.members and table.is_checkout(ODD)


def _toml(changed: dict[str, float]) -> str:
    sections: dict[str, list[str]] = {}
    for key, value in changed.items():
        section, name = key.split(".")
        sections.setdefault(section, []).append(f"{name} = {value!r}")
    return "\n".join(f"[{section}]\n" + "\n".join(lines) + "\n" for section, lines in sections.items())
