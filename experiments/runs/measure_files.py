"""Files with measures of one's own: how they are loaded, what a plan notes of them, and whether a plan goes on with others."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import sys
import traceback
from collections.abc import Iterable, Mapping
from importlib.abc import Loader
from pathlib import Path
from types import ModuleType
from typing import Any

from sim.errors import BadInput, must
from sim.results.measures import MEASURES, Catalogue, Measure, catalogue_of

OPTION = "--measures"
NOTE = "measures"  # the key of a plan


def load_measures(path: Path | None) -> Catalogue:
    """Return the shipped measures and those that a Python file makes at its top level, also in lists; the file is run.

    It is imported under a name of its own, so that it hides no module; what it imports must be installed.

    Raises:
        BadInput: if it cannot be imported, or holds no measure, or two of one name.
    """
    if path is None:
        return MEASURES
    if path.suffix != ".py" or not path.is_file():
        raise BadInput(must(OPTION, "be a Python file, FILE.py, that exists", path))
    name = f"_measures_of_{hashlib.sha256(str(path.absolute()).encode()).hexdigest()[:16]}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise BadInput(must(OPTION, "be a Python file that can be imported", path))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        return Catalogue(_made_by(spec.loader, module, path), str(path))
    except BaseException as error:
        del sys.modules[name]
        if isinstance(error, BadInput) and str(path) not in str(error):
            raise BadInput(f"{path}: {error}") from None
        raise


def measures_of(given: str | Path | Catalogue | Iterable[Measure]) -> Catalogue:
    """Return a catalogue with measures of one's own: those of a Python file, or such as are given. Errors as in `load_measures`."""
    return load_measures(Path(given)) if isinstance(given, str | Path) else catalogue_of(given)


def _made_by(loader: Loader, module: ModuleType, path: Path) -> list[Measure]:
    """Run a file, and return the measures that it makes."""
    try:
        with contextlib.redirect_stdout(sys.stderr):  # what a command prints is its result
            loader.exec_module(module)
    except BadInput:
        raise
    except (Exception, SystemExit) as error:  # noqa: BLE001  (it is the user's file)
        raise BadInput(must(OPTION, "be a Python file that can be imported", f"{path}: {_told(error, path)}")) from None
    own = {id(one): one for one in _measures_in(vars(module).values())}
    if not own:
        raise BadInput(must(OPTION, "hold a measure, made by `measure`", f"{path}, which holds none"))
    return list(own.values())


def _measures_in(found: Iterable[Any]) -> Iterable[Measure]:
    for one in found:
        if isinstance(one, Measure) and one.identity:
            yield one
        elif isinstance(one, list | tuple):
            yield from _measures_in(one)


def _told(error: BaseException, path: Path) -> str:
    """Return an error of a file on one line, with the line of the file."""
    what = f"{type(error).__name__}: {' '.join(str(error).split())}"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename) == path.absolute()]
    return what + (f", line {lines[-1]}" if lines else "")


def noted(catalogue: Catalogue) -> dict[str, Any]:
    """Return what a plan notes of measures of one's own, under `measures`; nothing if there are none."""
    if not catalogue.own:
        return {}
    named = {"file": catalogue.file} if catalogue.file else {}
    return {NOTE: named | {"names": [one.name for one in catalogue.own], "identity": catalogue.identity}}


def planned_as(catalogue: Catalogue) -> dict[str, str]:
    """Return what tells a plan with measures of one's own from one without: their file, or their names; an edit makes no other plan."""
    note = noted(catalogue).get(NOTE)
    return {} if note is None else {NOTE: _source(note)}


def check_noted(note: Mapping[str, Any] | None, catalogue: Catalogue, where: object) -> str:
    """Refuse a catalogue that a plan does not note; see `compare_notes`."""
    return compare_notes(note, noted(catalogue).get(NOTE), where)


def compare_notes(note: Mapping[str, Any] | None, now: Mapping[str, Any] | None, where: object) -> str:
    """Refuse other measures than those that a plan was made with; return a line if they were edited since, else nothing.

    Args:
        note: what the plan notes; None if it was made without measures of one's own.
        now: what a plan of what is given now would note.
        where: the plan's folder or file.

    Raises:
        BadInput: with the file that would be right.
    """
    if note is None or now is None:
        if note is not None:
            raise BadInput(must(OPTION, f"be {_shown(note)}, with which {where} was planned", "nothing"))
        if now is not None:
            raise BadInput(must(OPTION, f"be left out for {where}, which was planned without", _shown(now)))
        return ""
    if _source(note) != _source(now):
        raise BadInput(must(OPTION, f"be {_shown(note)}, with which {where} was planned", _shown(now)))
    if note["identity"] == now["identity"]:
        return ""
    kept = "runs are made again with the new formulas; a ledger keeps those of before"
    return f"{_shown(now)} was edited since {where} was planned: {kept}"


def _source(note: Mapping[str, Any]) -> str:
    """Return a file's name without its folder: a plan goes on from any place; of objects their names."""
    return Path(note["file"]).name if note.get("file") else ", ".join(sorted(note["names"]))


def _shown(note: Mapping[str, Any]) -> str:
    return str(note.get("file") or ", ".join(note["names"]))
