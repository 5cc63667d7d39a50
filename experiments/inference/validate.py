"""Validation by parts of a log: the door, for the command and from Python."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.arguments import asked, checked_seed, path_of
from experiments.calibration.export import read_export
from experiments.calibration.seen import seen_in_log
from experiments.defaults import SEED
from experiments.inference.bank import FIGURE
from experiments.inference.fitted import read_fitted
from experiments.inference.runner import BANK, LARGE
from experiments.inference.validation import LENGTH, PAIRED, VOLUMES, validated
from experiments.methods import abc
from experiments.methods.size_shift import shift_of
from experiments.optional_imports import needs
from experiments.reporting import run_folder
from experiments.reporting.progress import Shown
from sim.errors import BadInput, must

if TYPE_CHECKING:
    import numpy as np

    from experiments.inference.validation import Validation


@asked
def validate(
    draws: str | Path,
    *,
    log: str | Path,
    columns: str | Mapping[str, Any] | None = None,
    follow_volume: bool = False,
    seed: int = SEED,
    out: str | Path | None = None,
    quiet: bool = False,
) -> Validation:
    """Ask whether worlds that fit one part of a log predict the other.

    It needs `pip install 'firstcontact[calibrate]'`.

    Args:
        draws: the folder of a calibration, or its draws.csv: the bank beside it is fitted to parts of the log.
        log: a log, as `describe` reads it, of as many days and under the same design as the calibration was made for.
        columns: of the log.
        follow_volume: whether arrivals and volumes of the whole log are given (senders who begin in its second half; first messages and messages a person and day): the worlds
            that are asked have these.
        seed: of the split by senders, and of the bootstrap.
        out: a table to write, a row a split and figure.
        quiet: whether no progress is shown.

    Returns:
        The validation: `summary` has a row a split, direction and figure; `passed`; `answer`.

    Raises:
        BadInput: with what must be, in one line.
    """
    needs("sklearn", abc.EXTRA)
    where = path_of("--out", out)
    if where is not None and where.exists():
        raise BadInput(must("--out", "be a new file", f"{where}, which exists"))
    folder = _folder(path_of("draws", draws) or Path())
    bank, days = _bank(folder)
    path = path_of("--log", log) or Path()
    seen = seen_in_log(read_export(path, columns))
    if abs(seen.days - days) > max(1.0, LENGTH * days):
        raise BadInput(must("", f"be a log of about {days} days, for which {folder} was made", f"{seen.days:.0f} days", where=path))
    asked: dict[str, Any] = {"seed": checked_seed(seed), "follow_volume": bool(follow_volume)}
    found = validated(seen, bank, **asked, watch=Shown(quiet=quiet), file=path.name)
    if where is not None:
        run_folder.write_table(where, found.summary)
    return found


def _folder(path: Path) -> Path:
    folder = path if path.is_dir() else path.parent
    if not path.exists() or not (folder / BANK).is_file():
        raise BadInput(must("draws", f"be the folder of a calibration, with {BANK}", str(path)))
    return folder


def _bank(folder: Path) -> tuple[np.ndarray, int]:
    """Return the figures of `PAIRED` and `VOLUMES` of each draw of the bank, at the size that was held to data, and for how many days was looked."""
    names = [FIGURE + name for name in (*PAIRED, *VOLUMES)]
    fitted = read_fitted(folder)
    turned = [] if fitted is None or not fitted.shift else [one.path for one in fitted.prior.turned]
    bank = _columns(folder, BANK, [*names, *turned])
    figures, values = bank[:, : len(names)], bank[:, len(names) :]
    try:
        days = int(json.loads((folder / run_folder.PLAN).read_text(encoding="utf-8"))["days"])
    except (OSError, ValueError, KeyError, TypeError):
        raise _refusal(folder, f"no days in {run_folder.PLAN}") from None
    if fitted is None or not turned:
        return figures, days
    large = _columns(folder, LARGE, names)
    return figures + shift_of(fitted.prior.unit(values), figures[: len(large)], large).added, days


def _columns(folder: Path, name: str, columns: list[str]) -> np.ndarray:
    """Return columns of a table of a calibration, (draws, columns)."""
    try:
        table = run_folder.read_table((folder / name).read_bytes())
    except FileNotFoundError:
        raise _refusal(folder, f"no {name}") from None
    if missing := [column for column in columns if column not in table.columns]:
        raise _refusal(folder, f"no column {missing[0]} in {name}")
    found: np.ndarray = table[columns].to_numpy(float)
    return found


def _refusal(folder: Path, what: str) -> BadInput:
    return BadInput(must("draws", "be the folder of a calibration by this version", f"{folder}, with {what}"))
