"""The ledger: every run that was made, in one SQLite file; a run is there whole or not at all."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, Self

from experiments.runs.record import Record, unpack
from experiments.runs.salvage import UNREADABLE, damaged, has_seals, is_damage
from experiments.runs.schema import FORM, MARK, SCHEMA, begin, check_contents, check_tables, connected, form_of
from experiments.runs.seal import opened, sealed
from sim.errors import BadInput, must

CHUNK = 500  # keys a query
TO_LOCK = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)  # never where a link of its name would have it
KEPT = "finished runs are kept in the ledger"  # a note on every error that ends a command with a ledger: commands without one say nothing


class LedgerGone(RuntimeError):  # noqa: N818  (it says what happened)
    """The ledger was deleted, or another file put in its place, while it was used."""


class Ledger:
    """One writer at a time: the lock is the operating system's and dies with its owner. Readers see what is committed."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open or make the ledger at `path`. A writer looks at all that is there; a reader at what it asks for.

        Raises:
            BadInput: if the file is something else, of another form, damaged, in use, or cannot be written.
        """
        self.path, self.read_only = path, read_only
        self._lock: Any = None
        if path.is_dir():  # an empty name, too
            raise BadInput(must("", "be a file, or a name for one, as the ledger", "a folder", where=path))
        try:
            if not read_only:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._take_lock()
            self._refuse_other_forms()
            self._db = connected(path, read_only=read_only)
            self._begin()
            self._file = path.stat()
        except (sqlite3.DatabaseError, ValueError) as error:
            self._let_go()
            if isinstance(error, BadInput):
                raise
            if is_damage(error, path):
                raise damaged(path, error) from None
            raise BadInput(must("", "be a ledger that you may write, on a disk with room", error, where=path)) from None
        except OSError as error:
            self._let_go()
            raise BadInput(must("", "be in a folder that you may write to", error.strerror, where=path)) from None
        except BaseException:
            self._let_go()
            raise

    def _refuse_other_forms(self) -> None:
        form = form_of(self.path) if self.path.exists() else None
        if form == 1 and has_seals(self.path):
            raise damaged(self.path, ValueError("the number of its form has changed"))
        if form not in (None, FORM):
            which = "form 1, of version 0.2.0 or older" if form == 1 else f"form {form}, of a newer version"
            rule = f"be a ledger of form {FORM}, which this version writes: move it away, or give another --out or --ledger"
            raise BadInput(must("", rule, f"{which}, whose runs are never mixed in", where=self.path))

    def _begin(self) -> None:
        mark = self._db.execute("PRAGMA application_id").fetchone()[0]
        tables = {name for (name,) in self._db.execute("SELECT name FROM sqlite_master")}
        if mark != MARK and not tables >= set(SCHEMA) and (tables or self.read_only):
            raise BadInput(must("", "be a new file or a ledger of this program", "a database of another program", where=self.path))
        if not self.read_only:
            self._db.execute("PRAGMA synchronous = FULL")
            if not tables and mark != MARK:
                begin(self._db)
                return
        if mark != MARK:
            raise sqlite3.DatabaseError("its mark is not that of a ledger")
        check_tables(self._db)
        if not self.read_only:
            check_contents(self._db)

    def _take_lock(self) -> None:
        """Lock a file beside the ledger. It is removed by its owner, so a lock counts only on the file that is still there."""
        try:
            import fcntl
        except ImportError:  # no such locks on this system
            return
        path = self.path.with_name(self.path.name + ".lock")
        while True:
            lock = os.fdopen(os.open(path, TO_LOCK, 0o666))
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

    def _found(self, table: str, keys: Iterable[str], name: str = "key") -> Iterator[tuple[str, Any]]:
        """Yield (key, sealed bytes) of those keys that are there."""
        self._look_where_it_is()
        wanted = list(keys)
        for at in range(0, len(wanted), CHUNK):
            part = wanted[at : at + CHUNK]
            marks = ",".join("?" * len(part))
            with self._refusing():  # a part is read whole: a generator that is left half-way would complain once the file is closed
                found = self._db.execute(f"SELECT {name}, payload FROM {table} WHERE {name} IN ({marks})", part).fetchall()  # noqa: S608  (names of our own, and question marks)
            yield from found

    @contextmanager
    def _refusing(self, *unreadable: type[Exception]) -> Iterator[None]:
        """Refuse the ledger if SQLite, or one of these errors, shows that it is damaged; what else SQLite says names the file."""
        try:
            yield
        except sqlite3.Error as error:
            if is_damage(error, self.path):
                raise damaged(self.path, error) from None
            if isinstance(error, sqlite3.OperationalError):
                raise sqlite3.OperationalError(f"{self.path}: {error}") from error
            raise
        except unreadable as error:
            if isinstance(error, BadInput):
                raise
            raise damaged(self.path, error) from None

    def refuse(self, why: str) -> NoReturn:
        """Refuse the ledger as damaged, for a reason that SQLite does not see.

        Raises:
            BadInput: how many of its runs can be saved, and how.
        """
        raise damaged(self.path, ValueError(why))

    def _look_where_it_is(self) -> None:
        """See that the file is still in its place: without it SQLite goes on, with a file that has no name.

        Raises:
            LedgerGone: if it is not.
        """
        if not self._is_there():
            raise LedgerGone(f"{self.path} was deleted or moved while this command used it, and the runs in it with it")

    def _is_there(self) -> bool:
        try:
            return os.path.samestat(self.path.stat(), self._file)
        except OSError:
            return False

    def known(self, keys: Iterable[str]) -> set[str]:
        """Return which of the keys are there."""
        return {key for key, _ in self._found("runs", keys)}

    def get(self, key: str) -> Record:
        """Return a run.

        Raises:
            KeyError: if it is not there.
            BadInput: if what is there is damaged.
        """
        return self.get_many([key])[key]

    def get_many(self, keys: list[str]) -> dict[str, Record]:
        """Return runs by key; errors as in `get`."""
        payloads = dict(self._found("runs", keys))
        with self._refusing(*UNREADABLE):
            return {key: unpack(opened(key, payloads[key])) for key in keys}

    def failures(self, keys: Iterable[str]) -> dict[str, tuple[int, str]]:
        """Return (how often tried, error) of those runs that failed; seldom any has, and then nothing is looked for."""
        with self._refusing(*UNREADABLE):
            if self._db.execute("SELECT 1 FROM failures LIMIT 1").fetchone() is None:
                return {}
            return {key: tuple(json.loads(opened(key, payload))) for key, payload in self._found("failures", keys)}

    def digests(self, shorts: Iterable[str]) -> dict[str, str]:
        """Return the digests of complete scenarios that were noted."""
        with self._refusing(*UNREADABLE):
            return {short: opened(short, payload).decode() for short, payload in self._found("scenarios", shorts, "short")}

    def put(self, runs: Iterable[tuple[str, bytes]], digests: Iterable[tuple[str, str]] = ()) -> None:
        """Add runs (key, record) and digests of scenarios in one transaction; one that is there already stays as it is."""
        runs = list(runs)
        with self._transaction():
            self._db.executemany("INSERT OR IGNORE INTO runs VALUES (?, ?)", ((key, sealed(key, record)) for key, record in runs))
            self._db.executemany("DELETE FROM failures WHERE key = ?", [(key,) for key, _ in runs])
            rows = ((short, sealed(short, digest.encode())) for short, digest in digests)
            self._db.executemany("INSERT OR IGNORE INTO scenarios VALUES (?, ?)", rows)

    def note_failures(self, failed: Iterable[tuple[str, int, str]]) -> None:
        """Note runs that failed: key, how often they were tried, error."""
        with self._transaction():
            rows = ((key, sealed(key, json.dumps([tries, error]).encode())) for key, tries, error in failed)
            self._db.executemany("INSERT OR REPLACE INTO failures VALUES (?, ?)", rows)

    def forget_failures(self, keys: Iterable[str]) -> None:
        """Let runs that failed be tried again."""
        with self._transaction():
            self._db.executemany("DELETE FROM failures WHERE key = ?", [(key,) for key in keys])

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        if self.read_only:
            raise sqlite3.OperationalError("a reader does not write")
        self._look_where_it_is()
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

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if error is not None and not self.read_only:
            error.add_note(KEPT if self._is_there() else f"{self.path} is no longer there, nor the runs in it")
        self.close()


@contextmanager
def looked_into(path: Path) -> Iterator[Ledger | None]:
    """Give a ledger to be read, or None if there is none yet: nothing is made. Errors as of `Ledger`."""
    if not path.exists() or (path.is_file() and not path.stat().st_size):
        yield None
        return
    with Ledger(path, read_only=True) as book:
        yield book
