"""The ledger: whole or not at all, one writer, refused when damaged and then saved, never mixed."""

from __future__ import annotations

import random
import re
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from experiments.runs import ledger as ledgers
from experiments.runs.ledger import Ledger
from experiments.runs.record import Record, pack
from experiments.runs.salvage import main, save, whole_runs
from sim.errors import BadInput
from tests.helpers.sweeps import ROOT, small, status


def record(k):
    return Record({f"measure_{j}": (float(k), float(j + 1), k / (j + 1)) for j in range(30)}, {}, {})


def key(k):
    return f"{k * 2654435761 % 2**32:08x}" + f"{k:056x}"


@pytest.fixture
def book(tmp_path):
    """Return the path of a ledger of 400 runs, over many pages."""
    path = tmp_path / "l.sqlite"
    with Ledger(path) as ledger:
        ledger.put([(key(k), pack(record(k))) for k in range(400)], [("short", "digest")])
        ledger.note_failures([("f" * 64, 2, "ValueError: no")])
    return path


def damage(path, offset, size, rng):
    data = bytearray(path.read_bytes())
    data[offset : offset + size] = rng.randbytes(size)
    path.write_bytes(data)


def test_what_was_put_is_there_in_full(book):
    with Ledger(book) as ledger:
        assert len(ledger) == 400
        assert ledger.get(key(7)) == record(7)
        assert ledger.known([key(3), "nobody"]) == {key(3)}
        assert ledger.digests(["short", "other"]) == {"short": "digest"}
        assert ledger.failures(["f" * 64, key(1)]) == {"f" * 64: (2, "ValueError: no")}
        with pytest.raises(KeyError):
            ledger.get("nobody")


def test_a_run_that_is_there_stays_as_it_is_and_success_forgets_a_failure(book):
    with Ledger(book) as ledger:
        ledger.put([(key(7), pack(record(8))), ("f" * 64, pack(record(9)))])
        assert ledger.get(key(7)) == record(7)
        assert ledger.failures(["f" * 64]) == {}


def test_what_fails_in_the_middle_leaves_nothing(book):
    with Ledger(book) as ledger:
        with pytest.raises(sqlite3.IntegrityError):
            ledger.note_failures([("a" * 64, 1, "one"), ("b" * 64, 1, None)])
        assert ledger.failures(["a" * 64, "b" * 64]) == {}
        assert len(ledger) == 400


def test_every_key_is_found_however_many_are_asked_for(tmp_path):
    """More than three queries of five hundred keys: none is lost at the ends of a query."""
    keys = [key(k) for k in range(1501)]
    assert ledgers.CHUNK == 500
    with Ledger(tmp_path / "l.sqlite") as ledger:
        ledger.put([(one, pack(record(k % 5))) for k, one in enumerate(keys)], [(one, f"digest {k}") for k, one in enumerate(keys)])
        ledger.note_failures([(f"failed {k}", k, f"error {k}") for k in range(1501)])
        for many in (0, 1, 499, 500, 501, 1000, 1001, 1501):
            assert ledger.known(keys[:many]) == set(keys[:many])
            assert len(ledger.get_many(keys[:many])) == many
            assert len(ledger.digests(keys[:many])) == many
        assert ledger.digests(keys) == {one: f"digest {k}" for k, one in enumerate(keys)}
        assert ledger.get_many(keys)[keys[1000]] == record(0)
        assert ledger.failures(f"failed {k}" for k in range(1501)) == {f"failed {k}": (k, f"error {k}") for k in range(1501)}
        ledger.forget_failures(["failed 500", "failed 1500"])
        assert len(ledger.failures(f"failed {k}" for k in range(1501))) == 1499


def test_a_digest_that_was_noted_stays_and_a_failure_is_noted_anew(book):
    with Ledger(book) as ledger:
        ledger.put([], [("short", "another"), ("other", "third")])
        assert ledger.digests(["short", "other"]) == {"short": "digest", "other": "third"}
        ledger.note_failures([("f" * 64, 3, "OSError: again")])
        assert ledger.failures(["f" * 64]) == {"f" * 64: (3, "OSError: again")}
        assert len(ledger) == 400


def test_a_second_writer_is_told_so_and_a_reader_is_not(book):
    with Ledger(book), Ledger(book, read_only=True) as reader:
        assert len(reader) == 400
        with pytest.raises(BadInput, match="must be used by one process at a time"):
            Ledger(book)
        with pytest.raises(sqlite3.OperationalError):
            reader.forget_failures(["f" * 64])
    with Ledger(book) as ledger:
        assert len(ledger) == 400


def test_the_lock_dies_with_its_owner(book):
    code = (
        "import sys, time; from pathlib import Path; from experiments.runs.ledger import Ledger\n"
        "book = Ledger(Path(sys.argv[1])); print('there', flush=True); time.sleep(600)"
    )
    owner = subprocess.Popen([sys.executable, "-c", code, book], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert owner.stdout.readline() == "there\n"
    with pytest.raises(BadInput, match="must be used by one process at a time"):
        Ledger(book)
    owner.kill()
    owner.communicate(timeout=60)
    assert book.with_name("l.sqlite.lock").exists()
    with Ledger(book) as ledger:
        assert len(ledger) == 400
    assert not book.with_name("l.sqlite.lock").exists()


def test_another_programs_database_is_refused(tmp_path):
    path = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE theirs (x)")
    before = path.read_bytes()
    with pytest.raises(BadInput, match=r"must be a new file or a ledger of this program \(got a database of another program\)"):
        Ledger(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("text", [b"hello", b"x" * 10_000])
def test_what_is_no_database_is_refused(text, tmp_path):
    path = tmp_path / "l.sqlite"
    path.write_bytes(text)
    with pytest.raises(BadInput, match="no run in it can be saved"):
        Ledger(path)
    assert path.read_bytes() == text


def test_a_ledger_that_is_not_there_cannot_be_read(tmp_path):
    with pytest.raises(BadInput):
        Ledger(tmp_path / "none.sqlite", read_only=True)
    assert list(tmp_path.iterdir()) == []


WOUNDS = {
    "a page in the middle": lambda path, rng: damage(path, path.stat().st_size // 8192 * 4096, 4096, rng),
    "its end cut off": lambda path, _: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "cut in the middle of a page": lambda path, _: path.write_bytes(path.read_bytes()[: path.stat().st_size * 3 // 4 + 1000]),
    "three pages": lambda path, rng: [damage(path, 4096 * k, 4096, rng) for k in (6, 11, 16)],
}


@pytest.mark.parametrize("wound", WOUNDS)
def test_a_damaged_ledger_is_refused_with_what_can_be_saved_and_the_saving_works(wound, book, tmp_path, capsys):
    WOUNDS[wound](book, random.Random(1))  # noqa: S311
    before = book.read_bytes()
    with pytest.raises(BadInput) as refused:
        Ledger(book)
    text = str(refused.value)
    assert "must be an undamaged ledger; " in text
    assert "python -m experiments.runs.salvage" in text
    promised = int(re.search(r" saves the (\d+) runs in it that are whole", text)[1])
    assert 0 < promised < 400
    assert book.read_bytes() == before
    new = tmp_path / "new.sqlite"
    assert main([str(book), str(new)]) == 0
    assert f"{promised} runs are saved" in capsys.readouterr().out
    with Ledger(new) as ledger:
        assert len(ledger) == promised
        there = [k for k in range(400) if ledger.known([key(k)])]
        assert len(there) == promised
        assert all(ledger.get(key(k)) == record(k) for k in there)
    assert main([str(book), str(new)]) == 2
    assert main([str(book)]) == 2


def test_a_run_whose_bytes_were_changed_is_noticed_when_it_is_read(book, tmp_path):
    with closing(sqlite3.connect(book)) as db, db:
        db.execute("UPDATE runs SET payload = ? WHERE key = ?", (pack(record(7))[:-5] + b"wrong", key(7)))
    with Ledger(book) as ledger, pytest.raises(BadInput, match="saves the 399 runs in it that are whole"):
        ledger.get(key(7))
    assert save(book, tmp_path / "new.sqlite") == 399


def test_nothing_whole_is_left_out(book):
    assert len(dict(whole_runs(book))) == 400


def test_a_damaged_ledger_of_a_sweep_is_saved_and_gone_on_with(tmp_path, monkeypatch, capsys):
    from concurrent.futures import ThreadPoolExecutor

    from experiments.runs import processes as runner
    from experiments.runs import scheduler, worker
    from experiments.sweep import report as sweep_report

    asked = []
    monkeypatch.setattr(runner, "processes", lambda workers: ThreadPoolExecutor(1))
    monkeypatch.setattr(sweep_report, "_figures", lambda *_: [])
    monkeypatch.setattr(scheduler, "run_job", lambda arms, *a, **k: asked.append(list(arms)) or worker.run_job(arms, *a, **k))
    file, out = small(tmp_path, points=20), tmp_path / "out"
    assert status("sweep", file, "--out", out, "--quiet") == 0
    whole, path = (out / "runs.csv").read_bytes(), out / "ledger.sqlite"
    damage(path, 4096 * (path.stat().st_size // 8192), 4096, random.Random(3))  # noqa: S311
    capsys.readouterr()
    for flag in ("--resume", "--status"):
        assert status("sweep", flag, out) == 2
        assert "must be an undamaged ledger; " in capsys.readouterr().err
    assert main([str(path), str(tmp_path / "new.sqlite")]) == 0
    (tmp_path / "new.sqlite").replace(path)
    asked.clear()
    assert status("sweep", "--resume", out, "--quiet") == 0
    assert 0 < len(asked) < 40
    assert (out / "runs.csv").read_bytes() == whole


def test_the_check_at_the_start_reads_a_large_ledger_once(book, monkeypatch):
    """The pages are checked when it is opened, and not again for each question."""
    asked = []
    connected = ledgers.connected

    def listening(path, **kwargs):
        db = connected(path, **kwargs)
        db.set_trace_callback(asked.append)
        return db

    monkeypatch.setattr(ledgers, "connected", listening)
    with Ledger(book) as ledger:
        for k in range(20):
            ledger.get(key(k))
    assert sum("quick_check" in line for line in asked) == 1
