"""The run folder: the output files of an experiment. Files are written whole and never edited."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import os
import platform
import sys
import time
import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.reporting.atomic_files import PART, remove_stale, written_whole
from experiments.reporting.backend import load_matplotlib
from experiments.runs.measure_files import NOTE, compare_notes
from sim.errors import BadInput, must
from sim.version import differs_in, model_version

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.scenario import Scenario

PLAN, LEDGER, SCENARIO, PROVENANCE = "plan.json", "ledger.sqlite", "scenario.toml", "provenance.json"
FIGURES, FILES = "figures", "files"  # a folder within; the digests in the provenance
TABLE = ".csv"
RISKY = ("=", "+", "-", "@", "\t", "\r")


def prepare_folder(folder: Path, plan: dict[str, Any]) -> str:
    """Make the folder for a plan, or find it holding the same one. What draws figures is loaded too: it must not fail after the runs.

    Arguments, what is returned and errors are as of `check_folder`; it is also refused if it cannot be written.
    """
    said = check_folder(folder, plan)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        remove_stale(folder)
        write_text(folder / PLAN, _text_of(plan))
    except OSError as error:
        raise BadInput(must("--out", "be a folder that you may write to", f"{folder}: {error.strerror}")) from None
    load_matplotlib()
    return said


def check_folder(folder: Path, plan: dict[str, Any]) -> str:
    """Refuse a folder that cannot be one of this plan, and change nothing.

    Args:
        folder: to be made or found.
        plan: what makes the plan what it is, with the note of measures of one's own, if there are any.

    Returns:
        A line to be said if measures of one's own were edited since the folder was planned, else nothing.

    Raises:
        BadInput: if it holds another plan, or one with other measures, or something else, or cannot be read.
    """
    said, text = "", _text_of(plan)
    try:
        if folder.exists() and not folder.is_dir():
            raise BadInput(must("--out", "be a folder", f"{folder}, a file"))
        there = folder / PLAN
        if there.exists():
            if there.read_text(encoding="utf-8") != text:
                said = _edited(there, text, folder)
                if not said:
                    rule = "be a new folder, one of the same plan, or left out"
                    raise BadInput(must("--out", rule, f"{folder}, which holds {_held(there, plan)}"))
        elif folder.exists() and any(not path.name.endswith(PART) for path in folder.iterdir()):
            raise BadInput(must("--out", "be a new or empty folder", f"{folder}, which holds other files"))
    except OSError as error:
        raise BadInput(must("--out", "be a folder that you may write to", f"{folder}: {error.strerror}")) from None
    return said


def _text_of(plan: dict[str, Any]) -> str:
    return json.dumps(plan | {"model": model_version()}, indent=2) + "\n"


def _edited(there: Path, text: str, folder: Path) -> str:
    """Return a line if a plan differs in the formulas of one's own measures alone; nothing if it differs in more.

    Raises:
        BadInput: if it was made with other measures, or without.
    """
    try:
        held, ours = json.loads(there.read_text(encoding="utf-8")), json.loads(text)
        note, now = held.pop(NOTE, None), ours.pop(NOTE, None)
    except (ValueError, AttributeError):
        return ""
    if {**held, "plan": ""} != {**ours, "plan": ""}:
        return ""
    line = compare_notes(note, now, folder)
    return line if held == ours else ""  # the digest holds the name of the file, and not what is in it


def _held(there: Path, plan: dict[str, Any]) -> str:
    """Return in words what plan a folder holds instead of this one: it may be the same, made by another model."""
    try:
        held = json.loads(there.read_text(encoding="utf-8"))
        model = held.pop("model")
    except (ValueError, KeyError, AttributeError):
        return "another plan"
    same = {**held, "plan": ""} == {**json.loads(json.dumps(plan)), "plan": ""}  # the plan's digest holds the version too
    return f"this plan by {differs_in(model)}" if same and model != model_version() else "another plan"


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    with written_whole(path) as file:
        file.write(text)


def safe_cell(x: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(x, str) and x.startswith(RISKY) and not _is_number(x):
        return "'" + x
    return x


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write a table as CSV: full precision, empty cells where a figure is undefined or unbounded."""
    with written_whole(path) as file:
        _clean(table).to_csv(file, index=False, lineterminator="\n")


def read_table(body: bytes) -> pd.DataFrame:
    """Return a table that `write_table` wrote, to the last digit; what was undefined or unbounded is undefined."""
    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # newer ones of pandas need not be told to read to the last digit, and say so
        table = pd.read_csv(io.BytesIO(body), float_precision="round_trip", keep_default_na=False, na_values=[""])
    for column in table.columns:
        if table[column].dtype.kind not in "iufb":
            table[column] = table[column].map(_unsafe_cell, na_action="ignore")
    return table


def _unsafe_cell(x: Any) -> Any:
    """Return the text that `safe_cell` was given."""
    return x[1:] if isinstance(x, str) and x.startswith("'") and safe_cell(x[1:]) == x else x


def write_rows(path: Path, columns: list[str], rows: Iterable[Iterable[Any]]) -> None:
    """Write rows as such a table, each as it comes, so that they need no memory; their texts must be `safe_cell`s, floats finite or None."""
    with written_whole(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def _clean(table: pd.DataFrame) -> pd.DataFrame:
    import numpy as np

    clean = table.copy()
    for column in clean.columns:
        if clean[column].dtype.kind == "f":
            clean[column] = clean[column].where(np.isfinite(clean[column]))
        elif clean[column].dtype.kind not in "iub":
            clean[column] = clean[column].map(safe_cell)
    return clean


def provenance(seed: int, started: float, extra: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return where, when and with what a result was made: the one file that may differ between equal runs."""
    from importlib.metadata import version

    packages = ("firstcontact", "mesa", "numpy", "numba", "scipy", "networkx", "pandas", "matplotlib", "pydantic")
    return {
        "model_version": model_version(),
        "seed": seed,
        "command": sys.argv,
        "python": platform.python_version(),
        "versions": {name: _version(version, name) for name in packages},
        "machine": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "host": platform.node(),
        "started": time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(started)),
        "seconds": round(time.time() - started, 3),
        **(extra or {}),
    }


def _version(version: Any, name: str) -> str:
    try:
        return str(version(name))
    except Exception:  # noqa: BLE001  (a package that is not installed as one)
        return "unknown"


def network_read(scenario: Scenario | None) -> dict[str, Any]:
    """Return what was read of a scenario's network file, under `network`; nothing if it has none."""
    if scenario is None or not scenario.network_file:
        return {}
    from sim.population.networks.read import read_network

    source = read_network(scenario.network_file, scenario.network_as, scenario.network_columns)
    return {"network": {"file": scenario.network_file, **source.report.facts()}}


def write_provenance(
    folder: Path, seed: int, started: float, extra: dict[str, Any] | None = None, *, scenario: Scenario | None = None
) -> None:
    """Write where, when and with what a result was made: the last file, so that one without it is not finished.

    Args:
        folder: of the result.
        seed: of the experiment.
        started: when, in seconds since 1970.
        extra: what else is to stand there.
        scenario: whose network file is described, if it has one.
    """
    facts = provenance(seed, started, network_read(scenario) | (extra or {})) | {FILES: digests(folder)}
    write_text(folder / PROVENANCE, json.dumps(facts, indent=2) + "\n")


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each output file of a folder and its figures, by name: not of its ledger, nor of what says how it came about."""
    return {name: hashlib.sha256(body).hexdigest() for name, body in _bodies(folder)}


def _bodies(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files that have a digest, by name."""
    found = [path for place in (folder, folder / FIGURES) if place.is_dir() for path in place.iterdir() if path.is_file()]
    kept = [path for path in found if not path.name.startswith((LEDGER, PROVENANCE)) and not path.name.endswith(PART)]
    yield from ((path.relative_to(folder).as_posix(), path.read_bytes()) for path in sorted(kept))


def finished(folder: Path, facts: Mapping[str, Any]) -> dict[str, bytes] | None:
    """Return the tables of a folder that holds all output files of these facts as they were written, by name; else None.

    They are the very bytes that were looked at: what is written meanwhile is not read.
    """
    try:
        held = json.loads((folder / PROVENANCE).read_text(encoding="utf-8"))
        if any(held[name] != value for name, value in facts.items()):
            return None
        tables, found = {}, {}
        for name, body in _bodies(folder):
            found[name] = hashlib.sha256(body).hexdigest()
            if name.endswith(TABLE):
                tables[name] = body
        return tables if held[FILES] == found else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def as_json(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows for `--json`: undefined figures become null."""
    return [
        {k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in row.items()} for row in table.to_dict(orient="records")
    ]
