"""The ledger's file: its tables, the marks that tell it from other databases and from older ledgers, and how it is opened.

Form 2: three tables of names and sealed bytes (`experiments.runs.seal`). Form 1, of 0.1.0 and 0.2.0, had the same tables
without seals; it is recognised, so that an old ledger is never called a damaged one.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from experiments.runs.seal import opened

TABLES = {
    "runs": "key",  # packed records
    "failures": "key",  # runs that failed: how often they were tried, and what was wrong the last time
    # hash of (arm, values varied, model version) -> hash of the complete scenario, which takes a thousand times as long to find
    "scenarios": "short",
}
SCHEMA = {table: f"CREATE TABLE {table} ({name} TEXT PRIMARY KEY, payload BLOB NOT NULL) WITHOUT ROWID" for table, name in TABLES.items()}
MARK = 0x46433031  # application_id: tells our files from others
FORM = 2  # user_version; form 1 has 0 there
PATIENCE = 60.0  # seconds that a writer waits for readers, and they for it
HEAD, FORM_AT, MARK_AT = 100, 60, 68  # bytes of the file's header, and where these numbers stand in it
MAGIC = b"SQLite format 3\0"


def connected(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Open a database file; it is made if it is not there and may be written."""
    # A reader may have to undo what a killed writer began, so the file is not opened as one that cannot be written.
    mode = "rw" if read_only else "rwc"
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", timeout=PATIENCE, uri=True, isolation_level=None)
    db.text_factory = lambda text: text.decode(errors="surrogateescape")  # what is no UTF-8 is damage, and not an error of SQLite's
    if read_only:
        db.execute("PRAGMA query_only = ON")
    return db


def form_of(path: Path) -> int | None:
    """Return the form of a ledger by the header of its file, however damaged the rest may be; None for any other file."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if len(head) < HEAD or not head.startswith(MAGIC) or int.from_bytes(head[MARK_AT : MARK_AT + 4], "big") != MARK:
        return None
    return int.from_bytes(head[FORM_AT : FORM_AT + 4], "big") or 1


def begin(db: sqlite3.Connection) -> None:
    """Make an empty database a ledger, at once or not at all."""
    db.execute("BEGIN IMMEDIATE")
    db.execute(f"PRAGMA application_id = {MARK}")
    db.execute(f"PRAGMA user_version = {FORM}")
    for line in SCHEMA.values():
        db.execute(line)
    db.execute("COMMIT")


def check_tables(db: sqlite3.Connection) -> None:
    """Look whether the tables are those of a ledger.

    Raises:
        sqlite3.DatabaseError: if not.
    """
    there = dict(db.execute("SELECT name, sql FROM sqlite_master"))
    if any(there.get(table) != line for table, line in SCHEMA.items()):
        raise sqlite3.DatabaseError("its tables are not those of a ledger")


def check_contents(db: sqlite3.Connection) -> None:
    """Look at every page and every seal, and whether the file can be written.

    Raises:
        sqlite3.DatabaseError, ValueError: if one is not as it was made.
    """
    db.execute("BEGIN IMMEDIATE")
    db.execute(f"PRAGMA user_version = {FORM}")
    db.execute("ROLLBACK")
    if db.execute("PRAGMA quick_check").fetchone()[0] != "ok":
        raise sqlite3.DatabaseError("the check of its pages failed")
    for table, name in TABLES.items():
        for key, payload in db.execute(f"SELECT {name}, payload FROM {table}"):  # noqa: S608  (names of our own)
            opened(key, payload)
