"""Where a question is worked on: the folder that was asked for, or one that is gone once it is answered."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from experiments.arguments import Place, path_of
from experiments.reporting.run_folder import LEDGER
from experiments.runs.ledger import KEPT, Ledger
from sim.errors import BadInput


def folder_asked(out: Place, usual: Callable[[], Path]) -> Path | None:
    """Return the folder that was asked for: a path, or for True the usual one; None for one that is gone afterwards.

    Raises:
        BadInput: if it is nothing of these.
    """
    return usual() if out is True else path_of("--out", out)


@contextmanager
def workplace(folder: Path | None) -> Iterator[Path]:
    """Give the folder, or if there is none a temporary one: deleted at success, kept at a failure that would lose runs.

    The error then has a note that names the ledger.
    """
    if folder is not None:
        yield folder
        return
    home = Path(tempfile.mkdtemp(prefix="firstcontact-runs-"))
    try:
        yield home
    except BaseException as error:
        notes = [note for note in getattr(error, "__notes__", []) if note != KEPT]
        if _has_runs(home / LEDGER):
            notes.append(f"finished runs are kept in {home / LEDGER}: with ledger={str(home / LEDGER)!r} it continues from there")
        else:
            shutil.rmtree(home, ignore_errors=True)
        error.__notes__ = notes
        raise
    shutil.rmtree(home, ignore_errors=True)


def _has_runs(ledger: Path) -> bool:
    if not ledger.exists():
        return False
    try:
        with closing(Ledger(ledger, read_only=True)) as book:
            return len(book) > 0
    except BadInput:  # not even begun, or damaged: then it is for the user to see
        return True
