"""The ledger: every run that was made, in one SQLite file; a run is there whole or not at all."""

from __future__ import annotations

import base64
import json
import os
import shutil
import sqlite3
import sys
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from sim.errors import BadInput

if TYPE_CHECKING:
    import numpy as np

    from sim.results.history import History

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS runs (key TEXT PRIMARY KEY, payload BLOB NOT NULL) WITHOUT ROWID",
    # runs that failed: how often they were tried, and what was wrong the last time
    "CREATE TABLE IF NOT EXISTS failures (key TEXT PRIMARY KEY, tries INTEGER NOT NULL, error TEXT NOT NULL) WITHOUT ROWID",
    # hash of (arm, values turned, model version) -> hash of the complete scenario, which takes a thousand times as long to find
    "CREATE TABLE IF NOT EXISTS scenarios (short TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID",
)
MARK = 0x46433031  # application_id: tells our files from others
CHUNK = 500  # keys a query
MOST_CUT = 1000  # times what is left of a file that was cut: beyond that its head is wrong
PATIENCE = 60.0  # seconds that a writer waits for readers, and they for it


class Record(NamedTuple):
    """What is kept of a run. Values are (numerator, denominator, value), None where undefined."""

    measures: dict[str, tuple[float | None, float | None, float | None]]
    levels: dict[str, tuple[float | None, float | None, float | None]]  # key: dimension, level, measure, tab between
    daily: dict[str, Any]  # (days,) float64 each


def record_of(history: History) -> Record:
    """Return what the ledger keeps of a history."""
    levels: Any = {"\t".join(key): tuple(value) for key, value in history.levels.items()}
    return Record(measures_of(history), levels, {name: values for name, values in history.daily.items() if name != "day"})


def measures_of(history: History) -> dict[str, tuple[float | None, float | None, float | None]]:
    """Return (numerator, denominator, value) of each measure of a history."""
    return {name: tuple(value) for name, value in history.measures.items()}  # type: ignore[misc]  # three each


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
    """One writer at a time: the lock is the operating system's and dies with its owner. Readers see what is committed."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open or make the ledger at `path`.

        Raises:
            BadInput: if the file is something else, damaged, in use, or cannot be written.
        """
        self.path = path
        self._lock: Any = None
        try:
            if not read_only:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._take_lock()
            self._db = _connected(path, read_only=read_only)
            self._begin(read_only=read_only)
        except sqlite3.OperationalError as error:
            self._let_go()
            raise BadInput(f"{path}: cannot be used ({error}); a place of your own with room on it would do") from None
        except sqlite3.DatabaseError as error:
            self._let_go()
            raise _damaged(path, error) from None
        except OSError as error:
            self._let_go()
            raise BadInput(f"{path}: cannot be written ({error.strerror}); a folder of your own would do") from None
        except BaseException:
            self._let_go()
            raise

    def _begin(self, *, read_only: bool) -> None:
        mark = self._db.execute("PRAGMA application_id").fetchone()[0]
        tables = self._db.execute("SELECT name FROM sqlite_master").fetchall()
        if (tables or read_only) and mark != MARK:
            raise BadInput(f"{self.path}: a database of another program; a new file or a ledger of this one would do")
        if read_only:
            return
        self._db.execute("PRAGMA synchronous = FULL")
        if not tables:
            self._db.execute(f"PRAGMA application_id = {MARK}")
        for line in SCHEMA:
            self._db.execute(line)
        if self._db.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("the check of its pages failed")

    def _take_lock(self) -> None:
        """Lock a file beside the ledger. It is removed by its owner, so a lock counts only on the file that is still there."""
        try:
            import fcntl
        except ImportError:  # no such locks on this system
            return
        path = self.path.with_name(self.path.name + ".lock")
        while True:
            lock = path.open("a")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.close()
                raise BadInput(f"{self.path}: in use by another process; wait for it, or give another --ledger or --out") from None
            try:
                ours = os.path.samestat(os.fstat(lock.fileno()), path.stat())
            except FileNotFoundError:
                ours = False
            if ours:
                self._lock = lock
                return
            lock.close()

    def _let_go(self) -> None:
        if hasattr(self, "_db"):
            self._db.close()
        if self._lock is not None:
            self.path.with_name(self.path.name + ".lock").unlink(missing_ok=True)  # while it is ours: the next owner makes a new one
            self._lock.close()
            self._lock = None

    def _found(self, columns: str, table: str, keys: Iterable[str], name: str = "key") -> Iterator[tuple[Any, ...]]:
        wanted = list(keys)
        for at in range(0, len(wanted), CHUNK):
            part = wanted[at : at + CHUNK]
            marks = ",".join("?" * len(part))
            with self._refusing():
                yield from self._db.execute(f"SELECT {columns} FROM {table} WHERE {name} IN ({marks})", part)  # noqa: S608

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        """Refuse the ledger if it turns out to be damaged: a reader does not look at every page before."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            if type(error) is not sqlite3.DatabaseError:  # a kind of its own: a full disk, a wrong value
                raise
            raise _damaged(self.path, error) from None

    def known(self, keys: Iterable[str]) -> set[str]:
        """Return which of the keys are there."""
        return {row[0] for row in self._found("key", "runs", keys)}

    def get(self, key: str) -> Record:
        """Return a run.

        Raises:
            KeyError: if it is not there.
            BadInput: if what is there is damaged.
        """
        return self.get_many([key])[key]

    def get_many(self, keys: list[str]) -> dict[str, Record]:
        """Return runs by key; errors as in `get`."""
        payloads = dict(self._found("key, payload", "runs", keys))
        try:
            return {key: unpack(payloads[key]) for key in keys}
        except (zlib.error, ValueError, TypeError) as error:
            raise _damaged(self.path, error) from None

    def failures(self, keys: Iterable[str]) -> dict[str, tuple[int, str]]:
        """Return (how often tried, error) of those runs that failed; seldom any has, and then nothing is looked for."""
        if self._db.execute("SELECT 1 FROM failures LIMIT 1").fetchone() is None:
            return {}
        return {key: (tries, error) for key, tries, error in self._found("key, tries, error", "failures", keys)}

    def digests(self, shorts: Iterable[str]) -> dict[str, str]:
        """Return the digests of complete scenarios that were noted."""
        return dict(self._found("short, digest", "scenarios", shorts, "short"))

    def put(self, runs: Iterable[tuple[str, bytes]], digests: Iterable[tuple[str, str]] = ()) -> None:
        """Add runs (key, record) and digests of scenarios in one transaction; one that is there already stays as it is."""
        runs = list(runs)
        with self._transaction():
            self._db.executemany("INSERT OR IGNORE INTO runs VALUES (?, ?)", runs)
            self._db.executemany("DELETE FROM failures WHERE key = ?", [(key,) for key, _ in runs])
            self._db.executemany("INSERT OR IGNORE INTO scenarios VALUES (?, ?)", digests)

    def note_failures(self, failed: Iterable[tuple[str, int, str]]) -> None:
        """Note runs that failed: key, how often they were tried, error."""
        with self._transaction():
            self._db.executemany("INSERT OR REPLACE INTO failures VALUES (?, ?, ?)", failed)

    def forget_failures(self, keys: Iterable[str]) -> None:
        """Let runs that failed be tried anew."""
        with self._transaction():
            self._db.executemany("DELETE FROM failures WHERE key = ?", [(key,) for key in keys])

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._refusing():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM runs").fetchone()[0])

    def close(self) -> None:
        """Close the file and let the lock go."""
        self._let_go()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _connected(path: Path, *, read_only: bool) -> sqlite3.Connection:
    if not read_only:
        return sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    # A reader may have to undo what a killed writer began, so the file is not opened as one that cannot be written.
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", timeout=PATIENCE, uri=True, isolation_level=None)
    db.execute("PRAGMA query_only = ON")
    return db


def _damaged(path: Path, error: Exception) -> BadInput:
    """Return the refusal of a damaged ledger: how many of its runs can be saved, and how."""
    whole = sum(1 for _ in whole_runs(path))
    if not whole:
        return BadInput(f"{path}: damaged or not a ledger ({error}), and no run in it can be saved; move it away to begin anew")
    return BadInput(
        f"{path}: damaged ({error}); {whole} runs in it are whole: python -m experiments.runs.ledger '{path}' NEW.sqlite saves them, "
        "then put NEW.sqlite in its place"
    )


def whole_runs(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the runs of a damaged ledger that can be read and are whole, each once, key by key from both ends of 256 ranges."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            db = _connected(_at_full_length(path, Path(folder)), read_only=True)
            db.execute("SELECT count(*) FROM sqlite_master")
        except (sqlite3.DatabaseError, OSError):
            return
        yield from _whole_runs(db)


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


def _whole_runs(db: sqlite3.Connection) -> Iterator[tuple[str, bytes]]:
    with closing(db):
        for prefix in range(256):
            seen: set[str] = set()
            for order in ("ASC", "DESC"):
                rows = _readable(db, f"{prefix:02x}", order)
                for key, payload in rows:
                    if key not in seen and _is_whole(payload):
                        seen.add(key)
                        yield key, payload


def _readable(db: sqlite3.Connection, prefix: str, order: str) -> Iterator[tuple[str, bytes]]:
    """Yield rows of keys with this prefix up to the first page that cannot be read."""
    query = f"SELECT key, payload FROM runs WHERE key >= ? AND key < ? ORDER BY key {order}"  # noqa: S608
    try:
        yield from db.execute(query, (prefix, prefix + "g"))  # keys are hexadecimal: g is beyond
    except sqlite3.DatabaseError:
        return


def _is_whole(payload: bytes) -> bool:
    try:
        unpack(payload)
    except (zlib.error, ValueError, TypeError):
        return False
    return True


def save(damaged: Path, new: Path) -> int:
    """Copy the whole runs of a damaged ledger into a new one; return how many.

    Raises:
        BadInput: if the new one is there already or cannot be written.
    """
    if new.exists():
        raise BadInput(f"{new}: is there already; a new name would do")
    with Ledger(new) as ledger:
        ledger.put(whole_runs(damaged))
        return len(ledger)


def main(arguments: list[str]) -> int:
    """Save what is whole in a damaged ledger: python -m experiments.runs.ledger DAMAGED NEW."""
    if len(arguments) != 2:
        print("usage: python -m experiments.runs.ledger DAMAGED NEW", file=sys.stderr)
        return 2
    try:
        saved = save(Path(arguments[0]), Path(arguments[1]))
    except BadInput as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{saved} runs are saved in {arguments[1]}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
