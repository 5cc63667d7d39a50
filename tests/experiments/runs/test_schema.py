"""Which files are ledgers, and of which form: others are refused by their name, however damaged they are."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing

import pytest

from experiments.runs.ledger import Ledger
from experiments.runs.record import pack
from experiments.runs.salvage import save
from sim.errors import BadInput
from tests.helpers.ledgers import WOUNDS, changed, flipped, key, record


def test_another_programs_database_is_refused(tmp_path):
    path = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE theirs (x)")
    before = path.read_bytes()
    with pytest.raises(BadInput, match=r"must be a new file or a ledger of this program \(got a database of another program\)"):
        Ledger(path)
    assert path.read_bytes() == before


FORM_1 = (
    "CREATE TABLE runs (key TEXT PRIMARY KEY, payload BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE failures (key TEXT PRIMARY KEY, tries INTEGER NOT NULL, error TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE scenarios (short TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID",
    "PRAGMA application_id = 1178808369",
)


@pytest.fixture
def old(tmp_path):
    """Return the path of a ledger of form 1 with 400 runs."""
    path = tmp_path / "old.sqlite"
    changed(path, *FORM_1)
    with closing(sqlite3.connect(path)) as db, db:
        db.executemany("INSERT INTO runs VALUES (?, ?)", [(key(k), pack(record(k))) for k in range(400)])
    return path


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize("wound", [None, "a page in the middle", "its end cut off"])
def test_an_older_form_is_refused_by_its_name_however_damaged_it_is(wound, read_only, old):
    if wound:
        WOUNDS[wound](old, random.Random(1))
    before = old.read_bytes()
    with pytest.raises(BadInput) as refused:
        Ledger(old, read_only=read_only)
    text = str(refused.value)
    assert text.startswith(f"{old} must be a ledger of form 2, which this version writes: move it away, or give another --out or --ledger")
    assert text.endswith("(got form 1, of version 0.2.0 or older, whose runs are never mixed in)")
    assert old.read_bytes() == before


def test_the_runs_of_an_older_form_can_be_saved(old, tmp_path):
    flipped(old, "runs", "key", key(5))
    assert save(old, tmp_path / "new.sqlite") == 399
    with Ledger(tmp_path / "new.sqlite") as ledger:
        assert ledger.get(key(7)) == record(7)


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("read_only", [False, True])
def test_a_ledger_whose_number_says_an_older_form_is_damaged_and_not_old(number, read_only, tmp_path):
    path = tmp_path / "mine.sqlite"
    with Ledger(path) as ledger:
        ledger.put((key(k), pack(record(k))) for k in range(3))
    changed(path, f"PRAGMA user_version = {number}")
    with pytest.raises(BadInput) as refused:
        Ledger(path, read_only=read_only)
    assert str(refused.value).startswith(
        f"{path} must be an undamaged ledger; python -m experiments.runs.salvage '{path}' NEW.sqlite saves the 3 runs"
    )
    assert str(refused.value).endswith("(got the number of its form has changed)")


def test_a_newer_form_is_refused(tmp_path):
    path = tmp_path / "new.sqlite"
    with Ledger(path):
        pass
    changed(path, "PRAGMA user_version = 3")
    with pytest.raises(BadInput, match=r"\(got form 3, of a newer version, "):
        Ledger(path)
