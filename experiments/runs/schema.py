"""The ledger's file: its tables, the mark that tells it from other databases, and how it is opened."""

from __future__ import annotations

import sqlite3
from pathlib import Path

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS runs (key TEXT PRIMARY KEY, payload BLOB NOT NULL) WITHOUT ROWID",
    # runs that failed: how often they were tried, and what was wrong the last time
    "CREATE TABLE IF NOT EXISTS failures (key TEXT PRIMARY KEY, tries INTEGER NOT NULL, error TEXT NOT NULL) WITHOUT ROWID",
    # hash of (arm, values varied, model version) -> hash of the complete scenario, which takes a thousand times as long to find
    "CREATE TABLE IF NOT EXISTS scenarios (short TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID",
)
MARK = 0x46433031  # application_id: tells our files from others
PATIENCE = 60.0  # seconds that a writer waits for readers, and they for it


def connected(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Open a database file; it is made if it is not there and may be written."""
    if not read_only:
        return sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    # A reader may have to undo what a killed writer began, so the file is not opened as one that cannot be written.
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", timeout=PATIENCE, uri=True, isolation_level=None)
    db.execute("PRAGMA query_only = ON")
    return db


def begin(db: sqlite3.Connection, *, empty: bool) -> None:
    """Make the tables that are missing; an empty file gets the mark."""
    db.execute("PRAGMA synchronous = FULL")
    if empty:
        db.execute(f"PRAGMA application_id = {MARK}")
    for line in SCHEMA:
        db.execute(line)
