"""Salvage of a ledger: what is whole in it is copied into a new one, whether it is damaged or of an older form.

python -m experiments.runs.salvage DAMAGED NEW
"""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from experiments.runs.record import unpack
from experiments.runs.schema import begin, connected
from experiments.runs.seal import opened, sealed
from sim.errors import BadInput, must

MOST_CUT = 1000  # times what is left of a file that was cut: beyond that its head is wrong


UNREADABLE = (zlib.error, ValueError, TypeError)  # what a record or a seal raises that is not whole
# What is wrong with the file's place or with the disk, and not with the file itself.
ELSEWHERE = {
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_MISUSE,
}


def is_damage(error: Exception, path: Path) -> bool:
    """Tell whether an error means that the ledger is damaged."""
    if isinstance(error, sqlite3.Error) and not hasattr(error, "sqlite_errorcode"):
        return type(error) is sqlite3.DatabaseError  # its kinds are mistakes of a caller
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF  # the rest says more about it
    if code == sqlite3.SQLITE_READONLY:  # a byte of its header may say so
        return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    return code not in ELSEWHERE


def damaged(path: Path, error: Exception) -> BadInput:
    """Return the refusal of a damaged ledger: how many of its runs can be saved, and how."""
    whole = sum(1 for _ in whole_runs(path))
    if not whole:
        return BadInput(must("", "be an undamaged ledger; no run in it can be saved, so move it away to start again", error, where=path))
    saves = f"python -m experiments.runs.salvage '{path}' NEW.sqlite saves the {whole} runs in it that are whole"
    return BadInput(must("", f"be an undamaged ledger; {saves}: then put NEW.sqlite in its place", error, where=path))


def whole_runs(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield (key, packed record) of the runs that can be read and are whole, each once."""
    seen: set[str] = set()
    for key, payload in _runs(path):
        record = None if key in seen else _whole(key, payload)
        if record is not None:
            seen.add(key)
            yield key, record


def has_seals(path: Path) -> bool:
    """Tell whether a run in a ledger is sealed, whatever form the number in its header says: those of form 1 are not."""
    return any(_is_sealed(key, payload) for key, payload in _runs(path))


def _is_sealed(key: str, payload: Any) -> bool:
    try:
        opened(key, payload)
    except UNREADABLE:
        return False
    return True


def _runs(path: Path) -> Iterator[tuple[str, Any]]:
    """Yield (key, payload) of the runs that can be read, some of them twice: key by key from both ends of 256 ranges."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            db = connected(_at_full_length(path, Path(folder)), read_only=True)
            db.execute("SELECT count(*) FROM sqlite_master")
        except (sqlite3.DatabaseError, OSError):
            return
        with closing(db):
            for prefix in range(256):
                for order in ("ASC", "DESC"):
                    yield from _readable(db, f"{prefix:02x}", order)


def _at_full_length(path: Path, folder: Path) -> Path:
    """Return the ledger, or if its end was cut off a copy with empty pages for it: SQLite reads nothing of a file that is too short."""
    with path.open("rb") as file:
        head = file.read(32)
    page, pages = int.from_bytes(head[16:18], "big"), int.from_bytes(head[28:32], "big")
    missing = (65_536 if page == 1 else page) * pages - path.stat().st_size
    if head[:16] != b"SQLite format 3\0" or not 0 < missing <= path.stat().st_size * MOST_CUT:
        return path
    copy = Path(shutil.copy(path, folder / path.name))
    os.truncate(copy, copy.stat().st_size + missing)
    return copy


def _readable(db: sqlite3.Connection, prefix: str, order: str) -> Iterator[tuple[str, Any]]:
    """Yield rows of keys with this prefix up to the first page that cannot be read."""
    query = f"SELECT key, payload FROM runs WHERE key >= ? AND key < ? ORDER BY key {order}"  # noqa: S608  (ASC or DESC)
    try:
        yield from db.execute(query, (prefix, prefix + "g"))  # keys are hexadecimal: g is beyond
    except sqlite3.DatabaseError:
        return


def _whole(key: str, payload: Any) -> bytes | None:
    """Return the packed record in a payload, sealed or, as in form 1, plain; None if it is not whole."""
    for read in (lambda: opened(key, payload), lambda: payload):
        try:
            unpack(read())
        except UNREADABLE:
            continue
        return read()
    return None


def save(broken: Path, new: Path) -> int:
    """Copy the whole runs of a ledger into a new one; return how many.

    Raises:
        BadInput: if the new one is there already or cannot be written.
    """
    if new.exists():
        raise BadInput(must("", "be a new file", "one that exists", where=new))
    try:
        new.parent.mkdir(parents=True, exist_ok=True)
        with closing(connected(new)) as db:
            begin(db)
            db.execute("BEGIN IMMEDIATE")
            db.executemany("INSERT INTO runs VALUES (?, ?)", ((key, sealed(key, record)) for key, record in whole_runs(broken)))
            db.execute("COMMIT")
            return int(db.execute("SELECT count(*) FROM runs").fetchone()[0])
    except (OSError, sqlite3.OperationalError) as error:
        raise BadInput(must("", "be a file that you may write, on a disk with room", error, where=new)) from None


def main(arguments: list[str]) -> int:
    """Save what is whole in a ledger: python -m experiments.runs.salvage DAMAGED NEW."""
    if len(arguments) != 2:
        print("usage: python -m experiments.runs.salvage DAMAGED NEW", file=sys.stderr)
        return 2
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a path may have letters that the terminal's encoding lacks
    try:
        saved = save(Path(arguments[0]), Path(arguments[1]))
    except BadInput as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{saved} runs are saved in {arguments[1]}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
