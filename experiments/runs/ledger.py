"""The ledger: every run that was made, in one SQLite file; a run is there whole or not at all."""

from __future__ import annotations

import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from experiments.runs.record import Record, unpack
from experiments.runs.salvage import damaged
from experiments.runs.schema import MARK, begin, connected
from sim.errors import BadInput, must

CHUNK = 500  # keys a query


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
            self._db = connected(path, read_only=read_only)
            self._begin(read_only=read_only)
        except sqlite3.OperationalError as error:
            self._let_go()
            raise BadInput(must("", "be a ledger that you may write, on a disk with room", error, where=path)) from None
        except sqlite3.DatabaseError as error:
            self._let_go()
            raise damaged(path, error) from None
        except OSError as error:
            self._let_go()
            raise BadInput(must("", "be in a folder that you may write to", error.strerror, where=path)) from None
        except BaseException:
            self._let_go()
            raise

    def _begin(self, *, read_only: bool) -> None:
        mark = self._db.execute("PRAGMA application_id").fetchone()[0]
        tables = self._db.execute("SELECT name FROM sqlite_master").fetchall()
        if (tables or read_only) and mark != MARK:
            raise BadInput(must("", "be a new file or a ledger of this program", "a database of another program", where=self.path))
        if read_only:
            return
        begin(self._db, empty=not tables)
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
                raise BadInput(
                    must("", "be used by one process at a time: wait for the other, or give another --ledger or --out", where=self.path)
                ) from None
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
            raise damaged(self.path, error) from None

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
            raise damaged(self.path, error) from None

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
        """Let runs that failed be tried again."""
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
