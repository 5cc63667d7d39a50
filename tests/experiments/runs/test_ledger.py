"""The ledger: whole or not at all, one writer, refused when damaged and then saved, never mixed."""

from __future__ import annotations

import gc
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from experiments.runs import ledger as ledgers
from experiments.runs.ledger import KEPT, Ledger, LedgerGone, looked_into
from experiments.runs.record import pack
from experiments.runs.salvage import main, save, whole_runs
from sim.errors import BadInput
from tests.helpers.ledgers import DAMAGES, WOUNDS, damage, key, page_of_a_run, record, write_byte
from tests.helpers.sweeps import ROOT, small, status


@pytest.fixture
def book(tmp_path):
    """Return the path of a ledger of 400 runs, over many pages."""
    path = tmp_path / "l.sqlite"
    with Ledger(path) as ledger:
        ledger.put([(key(k), pack(record(k))) for k in range(400)], [("short", "digest")])
        ledger.note_failures([("f" * 64, 2, "ValueError: no")])
    return path


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
    def failed():
        yield "a" * 64, 1, "one"
        raise KeyboardInterrupt

    with Ledger(book) as ledger:
        with pytest.raises(KeyboardInterrupt):
            ledger.note_failures(failed())
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


def test_the_lock_is_made_in_its_place_and_nowhere_else(tmp_path):
    (tmp_path / "l.sqlite.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BadInput, match=r"l\.sqlite must be in a folder that you may write to"):
        Ledger(tmp_path / "l.sqlite")
    assert not (tmp_path / "elsewhere").exists()


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


@pytest.mark.parametrize("text", [b"hello", b"x" * 10_000])
def test_what_is_no_database_is_refused(text, tmp_path):
    path = tmp_path / "l.sqlite"
    path.write_bytes(text)
    with pytest.raises(BadInput, match="no run in it can be saved"):
        Ledger(path)
    assert path.read_bytes() == text


@pytest.mark.parametrize("name", ["", "."])
def test_a_folder_is_no_ledger(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadInput, match=r"^\. must be a file, or a name for one, as the ledger \(got a folder\)$"):
        Ledger(Path(name))
    assert list(tmp_path.iterdir()) == []


def test_a_ledger_that_is_not_there_cannot_be_read(tmp_path):
    with pytest.raises(BadInput):
        Ledger(tmp_path / "none.sqlite", read_only=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("wound", WOUNDS)
def test_a_damaged_ledger_is_refused_with_what_can_be_saved_and_the_saving_works(wound, book, tmp_path, capsys):
    WOUNDS[wound](book, random.Random(1))
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


@pytest.mark.parametrize("name", DAMAGES)
def test_what_was_changed_is_refused_at_the_start_with_what_can_be_saved(name, book, tmp_path):
    damages, whole = DAMAGES[name]
    with Ledger(book) as ledger:
        ledger.put([], [("other", "another digest")])
    damages(book)
    with pytest.raises(BadInput, match=rf"must be an undamaged ledger; python -m experiments\.runs\.salvage .* saves the {whole} runs"):
        Ledger(book)
    assert save(book, tmp_path / "new.sqlite") == whole
    with Ledger(tmp_path / "new.sqlite") as ledger:
        assert len(ledger) == whole


@pytest.mark.parametrize(
    ("name", "ask"),
    [
        ("two runs exchanged", lambda ledger: ledger.get(key(3))),
        ("a bit of a run", lambda ledger: ledger.get(key(7))),
        ("a number in place of bytes", lambda ledger: ledger.get(key(7))),
        ("two digests exchanged", lambda ledger: ledger.digests(["short"])),
        ("bytes that are no text", lambda ledger: ledger.digests(["short"])),
        ("a bit of a failure", lambda ledger: ledger.failures(["f" * 64])),
    ],
)
def test_a_reader_notices_what_was_changed_where_it_looks(name, ask, book):
    with Ledger(book) as ledger:
        ledger.put([], [("other", "another digest")])
    DAMAGES[name][0](book)
    with Ledger(book, read_only=True) as ledger, pytest.raises(BadInput, match="must be an undamaged ledger"):
        ask(ledger)


def test_a_ledger_whose_list_of_tables_was_emptied_is_never_begun_again(book):
    write_byte(book, 104, 0)  # the number of cells of the first page, of which the upper byte is 0
    before = book.read_bytes()
    with pytest.raises(BadInput, match="must be an undamaged ledger"):
        Ledger(book)
    assert book.read_bytes() == before


@pytest.mark.parametrize("how", ["deleted", "replaced", "its folder deleted"])
def test_a_ledger_that_is_deleted_while_it_is_used_is_said(how, tmp_path):
    path = tmp_path / "o" / "l.sqlite"
    ledger = Ledger(path)
    ledger.put([(key(1), pack(record(1)))])
    if how == "its folder deleted":
        shutil.rmtree(path.parent)
    else:
        path.unlink()
        if how == "replaced":
            path.touch()
    for ask in (lambda: ledger.known([key(1)]), lambda: ledger.get(key(1)), lambda: ledger.note_failures([])):
        with pytest.raises(LedgerGone):
            ask()
    with pytest.raises(LedgerGone, match="was deleted or moved while this command used it") as gone, ledger:
        ledger.put([(key(2), pack(record(2)))])
    assert gone.value.__notes__ == [f"{path} is no longer there, nor the runs in it"]


def test_an_error_that_ends_a_command_says_that_runs_are_kept_only_where_they_are(book):
    with pytest.raises(OSError, match="disk") as failed, Ledger(book):
        raise OSError("disk")
    assert failed.value.__notes__ == [KEPT]
    with pytest.raises(OSError, match="disk") as read, Ledger(book, read_only=True):
        raise OSError("disk")
    assert not hasattr(read.value, "__notes__")


def test_a_full_disk_names_the_file(book, monkeypatch):
    with Ledger(book) as ledger:
        ledger._db.execute("PRAGMA max_page_count = 1")  # of SQLite's own: the file may not grow
        with pytest.raises(sqlite3.OperationalError, match=r"l\.sqlite: database or disk is full"):
            ledger.put([(key(k), pack(record(k))) for k in range(400, 800)])


def test_a_reader_who_comes_upon_a_damaged_page_refuses_the_ledger(book):
    with Ledger(book, read_only=True) as reader:
        damage(book, 4096 * (book.stat().st_size // 8192), 4096, random.Random(1))
        with pytest.raises(BadInput, match="must be an undamaged ledger; "):
            reader.get_many([key(k) for k in range(400)])


def test_nothing_whole_is_left_out(book):
    assert len(dict(whole_runs(book))) == 400


@pytest.mark.slow  # `make damage` tries 600
def test_a_damaged_ledger_of_a_sweep_is_saved_and_gone_on_with(tmp_path, monkeypatch, capsys):
    from concurrent.futures import ThreadPoolExecutor

    from experiments.runs import processes, scheduler, worker
    from experiments.sweep import report as sweep_report

    asked = []
    monkeypatch.setattr(processes, "processes", lambda workers: ThreadPoolExecutor(1))
    monkeypatch.setattr(sweep_report, "drawings", lambda _view: {})
    monkeypatch.setattr(scheduler, "run_job", lambda arms, *a, **k: asked.append(list(arms)) or worker.run_job(arms, *a, **k))
    file, out = small(tmp_path, points=20), tmp_path / "out"
    assert status("sweep", file, "--out", out, "--quiet") == 0
    whole, path = (out / "runs.csv").read_bytes(), out / "ledger.sqlite"
    damage(path, page_of_a_run(path), 4096, random.Random(3))
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


def test_a_full_disk_is_not_called_damage(tmp_path, monkeypatch):
    def full(_ledger):
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    monkeypatch.setattr(Ledger, "_begin", full)
    with pytest.raises(
        BadInput, match=r"l\.sqlite must be a ledger that you may write, on a disk with room \(got database or disk is full\)$"
    ):
        Ledger(tmp_path / "l.sqlite")


def test_a_ledger_that_is_refused_half_way_leaves_nothing_to_complain_of(tmp_path, monkeypatch):
    """A query that was left half-way was heard of when the file was closed."""

    def unreadable(_name, _payload):
        raise ValueError("it belongs to another name")

    unseen = []
    monkeypatch.setattr(sys, "unraisablehook", unseen.append)
    monkeypatch.setattr(ledgers, "opened", unreadable)
    with Ledger(tmp_path / "l.sqlite") as ledger:
        ledger.put([], [(f"s{k}", "digest") for k in range(5)])
        with pytest.raises(BadInput, match="must be an undamaged ledger") as told:
            ledger.digests(f"s{k}" for k in range(5))
    del told  # with it goes what was left half-way
    gc.collect()
    assert unseen == []


def test_a_ledger_that_is_not_there_is_looked_into_without_being_made(tmp_path):
    for name, text in (("none.sqlite", None), ("empty.sqlite", "")):
        path = tmp_path / name
        if text is not None:
            path.write_text(text)
        with looked_into(path) as found:
            assert found is None
    assert [path.name for path in tmp_path.iterdir()] == ["empty.sqlite"]


def test_one_that_is_there_is_read_and_what_is_none_is_refused(book, tmp_path):
    with looked_into(book) as found:
        assert (len(found), found.read_only) == (400, True)
    with pytest.raises(BadInput, match="as the ledger"), looked_into(tmp_path):
        pass
