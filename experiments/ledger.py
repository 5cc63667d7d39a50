"""The ledger: every run that was made, in one SQLite file; a run is there whole or not at all."""

from __future__ import annotations

import base64
import json
import sqlite3
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from sim.errors import BadInput

if TYPE_CHECKING:
    import numpy as np

    from sim.history import History

SCHEMA = "CREATE TABLE IF NOT EXISTS runs (key TEXT PRIMARY KEY, payload BLOB NOT NULL) WITHOUT ROWID"
MARK = 0x46433031  # application_id: tells our files from others
CHUNK = 500  # keys a query


class Record(NamedTuple):
    """What is kept of a run. Values are (numerator, denominator, value), None where undefined."""

    measures: dict[str, tuple[float | None, float | None, float | None]]
    levels: dict[str, tuple[float | None, float | None, float | None]]  # key: dimension, level, measure, tab between
    daily: dict[str, Any]  # (days,) float64 each


def record_of(history: History) -> Record:
    """Return what the ledger keeps of a history."""
    levels: Any = {"\t".join(key): tuple(value) for key, value in history.levels.items()}
    measures: Any = {name: tuple(value) for name, value in history.measures.items()}
    return Record(measures, levels, {name: values for name, values in history.daily.items() if name != "day"})


def pack(record: Record) -> bytes:
    """Return a record as bytes, the same for the same record."""
    daily = {name: base64.b64encode(_floats(values).tobytes()).decode() for name, values in record.daily.items()}
    return zlib.compress(json.dumps([record.measures, record.levels, daily]).encode(), 6)


def unpack(payload: bytes) -> Record:
    """Return the record in these bytes."""
    import numpy as np

    found: Any = json.loads(zlib.decompress(payload))
    measures, levels, daily = found
    arrays = {name: np.frombuffer(base64.b64decode(text), "<f8") for name, text in daily.items()}
    return Record({k: tuple(v) for k, v in measures.items()}, {k: tuple(v) for k, v in levels.items()}, arrays)


def _floats(values: np.ndarray) -> np.ndarray:
    return values.astype("<f8")


class Ledger:
    """One writer at a time: the lock is the operating system's and dies with its owner."""

    def __init__(self, path: Path) -> None:
        """Open or make the ledger at `path`.

        Raises:
            BadInput: if the file is something else, damaged, in use, or cannot be written.
        """
        self.path = path
        self._lock: Any = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._take_lock()
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.execute("PRAGMA synchronous = FULL")
            mark = self._db.execute("PRAGMA application_id").fetchone()[0]
            tables = self._db.execute("SELECT name FROM sqlite_master").fetchall()
            if tables and mark != MARK:
                raise BadInput(f"{path}: a database of another program; a new file or a ledger of this one would do")
            if not tables:
                self._db.execute(f"PRAGMA application_id = {MARK}")
            self._db.execute(SCHEMA)
            if self._db.execute("PRAGMA quick_check").fetchone()[0] != "ok":
                raise sqlite3.DatabaseError("the check of its pages failed")
        except sqlite3.DatabaseError as error:
            raise BadInput(
                f"{path}: not a ledger that can be read ({error}); move it away, or save what sqlite3's .recover finds"
            ) from None
        except OSError as error:
            raise BadInput(f"{path}: cannot be written ({error.strerror}); a folder of your own would do") from None

    def _take_lock(self) -> None:
        try:
            import fcntl
        except ImportError:  # no such locks on this system
            return
        self._lock = self.path.with_name(self.path.name + ".lock").open("a")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise BadInput(f"{self.path}: in use by another process; wait for it, or give another --ledger or --out") from None

    def known(self, keys: Iterable[str]) -> set[str]:
        """Return which of the keys are there."""
        wanted, found = list(keys), set()
        for at in range(0, len(wanted), CHUNK):
            part = wanted[at : at + CHUNK]
            marks = ",".join("?" * len(part))
            found |= {row[0] for row in self._db.execute(f"SELECT key FROM runs WHERE key IN ({marks})", part)}  # noqa: S608
        return found

    def get(self, key: str) -> Record:
        """Return a run.

        Raises:
            KeyError: if it is not there.
        """
        row = self._db.execute("SELECT payload FROM runs WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise KeyError(key)
        return unpack(row[0])

    def put(self, runs: Iterable[tuple[str, bytes]]) -> None:
        """Add runs in one transaction; one that is there already stays as it is."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            self._db.executemany("INSERT OR IGNORE INTO runs VALUES (?, ?)", runs)
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM runs").fetchone()[0])

    def close(self) -> None:
        """Close the file and let the lock go."""
        self._db.close()
        if self._lock is not None:
            self._lock.close()
            self.path.with_name(self.path.name + ".lock").unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
