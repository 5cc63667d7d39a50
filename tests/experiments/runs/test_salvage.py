"""The rescue of a ledger: what is whole is copied, what is not is left out, and nothing is written over."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from experiments.runs.ledger import Ledger
from experiments.runs.record import Record, pack
from experiments.runs.salvage import damaged, main, save, whole_runs
from experiments.runs.seal import sealed
from sim.errors import BadInput

KEYS = [f"{k:02x}" + "0" * 62 for k in range(0, 256, 5)]


def payload(k):
    return pack(Record({"x": (1.0, 2.0, float(k))}, {}, {}))


@pytest.fixture
def book(tmp_path):
    """A ledger of some fifty runs, of which the third has other bytes than it was given."""
    path = tmp_path / "ledger.sqlite"
    with Ledger(path):
        pass
    with closing(sqlite3.connect(path)) as db:
        db.executemany("INSERT INTO runs VALUES (?, ?)", [(key, sealed(key, payload(k))) for k, key in enumerate(KEYS)])
        db.execute("UPDATE runs SET payload = ? WHERE key = ?", (b"nothing", KEYS[2]))
        db.commit()
    return path


def test_whole_runs_come_once_each_in_the_order_of_their_keys(book):
    assert list(whole_runs(book)) == [(key, payload(k)) for k, key in enumerate(KEYS) if k != 2]


def test_what_is_whole_is_in_the_new_ledger(book, tmp_path):
    new = tmp_path / "deep" / "new.sqlite"
    assert save(book, new) == len(KEYS) - 1
    with Ledger(new, read_only=True) as there:
        assert there.known(KEYS) == {*KEYS} - {KEYS[2]}
        assert there.get_many([KEYS[3]])[KEYS[3]].measures == {"x": (1.0, 2.0, 3.0)}


def test_a_ledger_that_is_there_is_never_written_over(book, tmp_path):
    new = tmp_path / "new.sqlite"
    new.write_bytes(b"mine")
    with pytest.raises(BadInput, match=r"new\.sqlite"):
        save(book, new)
    assert new.read_bytes() == b"mine"


def test_a_file_that_was_cut_gives_what_is_before_the_cut(book, tmp_path):
    cut = tmp_path / "cut.sqlite"
    cut.write_bytes(book.read_bytes()[:-4096])
    found = list(whole_runs(cut))
    assert 0 < len(found) < len(KEYS)
    assert set(found) <= {(key, payload(k)) for k, key in enumerate(KEYS)}


def test_a_refusal_says_how_many_can_be_saved(book, tmp_path):
    assert f"{len(KEYS) - 1} runs" in str(damaged(book, ValueError("torn")))
    (tmp_path / "other").write_bytes(b"no ledger at all")
    assert "no run" in str(damaged(tmp_path / "other", ValueError("torn")))


def test_the_command_says_what_it_did(book, tmp_path, capsys):
    assert main([str(book)]) == 2
    assert main([str(book), str(tmp_path / "new.sqlite")]) == 0
    assert capsys.readouterr().out.startswith(f"{len(KEYS) - 1} runs")
    assert main([str(book), str(tmp_path / "new.sqlite")]) == 2  # it is there by now


def test_the_command_names_a_file_that_the_terminal_cannot_write(book, tmp_path):
    words = [sys.executable, "-m", "experiments.runs.salvage", str(book), str(tmp_path / "Zo\u00eb.sqlite")]
    ended = subprocess.run(words, env=os.environ | {"PYTHONIOENCODING": "ascii"}, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.rstrip().endswith("Zo\\xeb.sqlite")
    assert (tmp_path / "Zo\u00eb.sqlite").exists()
