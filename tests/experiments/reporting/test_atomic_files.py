"""Files are written whole or not at all, no link is followed, and what killed commands left is removed when nobody writes."""

from __future__ import annotations

import fcntl
import os

import pytest

from experiments.reporting import atomic_files
from experiments.reporting.atomic_files import PART, naming, remove_stale, written_whole


def test_a_file_is_there_when_all_is_written_and_nothing_is_beside_it(tmp_path):
    path = tmp_path / "t.csv"
    with written_whole(path) as file:
        file.write("é\n")
        assert not path.exists()
    assert path.read_bytes() == b"\xc3\xa9\n"
    with written_whole(path, binary=True) as file:
        file.write(b"\xff")
    assert path.read_bytes() == b"\xff"
    assert list(tmp_path.iterdir()) == [path]


def test_what_fails_in_the_middle_leaves_what_was_there(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("old")

    def broken():
        with written_whole(path) as file:
            file.write("new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_is_replaced_and_its_target_left_alone(tmp_path):
    mine, path = tmp_path / "mine.txt", tmp_path / "t.csv"
    mine.write_text("mine")
    path.symlink_to(mine)
    with written_whole(path) as file:
        file.write("ours")
    assert (mine.read_text(), path.read_text(), path.is_symlink()) == ("mine", "ours", False)


@pytest.mark.parametrize("there", ["a file", "a link"])
def test_a_passing_name_that_is_taken_is_never_opened(there, tmp_path, monkeypatch):
    monkeypatch.setattr(atomic_files.secrets, "token_hex", lambda _: "0123456789abcdef")
    mine, taken = tmp_path / "mine.txt", tmp_path / f"t.csv.0123456789abcdef{PART}"
    mine.write_text("mine")
    if there == "a link":
        taken.symlink_to(tmp_path / "nowhere")
    else:
        taken.write_text("theirs")

    def write():
        with written_whole(tmp_path / "t.csv") as file:
            file.write("ours")

    with pytest.raises(FileExistsError):
        write()
    assert not (tmp_path / "nowhere").exists()
    assert not (tmp_path / "t.csv").exists()


def test_names_are_random(tmp_path):
    seen = set()
    for _ in range(20):
        with written_whole(tmp_path / "t.csv"):
            seen |= {path.name for path in tmp_path.iterdir() if path.name.endswith(PART)}
    assert len(seen) == 20
    assert all(atomic_files.STALE.fullmatch(name) for name in seen)


def test_a_refusal_of_the_system_names_the_file_and_no_passing_one(tmp_path):
    def full(path, *names):
        with naming(path):
            raise OSError(28, "No space left on device", *names)

    for names in ((), (str(tmp_path / f"t.csv.0123456789abcdef{PART}"),)):
        with pytest.raises(OSError, match=r"No space left on device: '.*t\.csv'$"):
            full(tmp_path / "t.csv", *names)
    with pytest.raises(OSError, match=r"'other'$"):
        full(tmp_path / "t.csv", "other")

    def write():
        with written_whole(tmp_path / "none" / "t.csv"):
            pass

    with pytest.raises(FileNotFoundError, match=r"none/t\.csv'$"):
        write()


def test_what_was_left_is_removed_below_too_but_nothing_of_others(tmp_path):
    (tmp_path / "figures").mkdir()
    ours = [tmp_path / f"a.csv.0123456789abcdef{PART}", tmp_path / "figures" / f"b.png.fedcba9876543210{PART}"]
    others = [
        tmp_path / name for name in (f"film{PART}", f"a.csv.0123456789abcde{PART}", "a.csv.0123456789abcdef", f"x.0123456789ABCDEF{PART}")
    ]
    for path in (*ours, *others):
        path.touch()
    remove_stale(tmp_path)
    assert [path for path in ours if path.exists()] == []
    assert [path for path in others if not path.exists()] == []


def test_while_another_process_writes_nothing_is_removed(tmp_path):
    stale = tmp_path / f"a.csv.0123456789abcdef{PART}"
    stale.touch()
    with written_whole(tmp_path / "t.csv"):
        remove_stale(tmp_path)  # its lock is another one than the writer's, as in another process
        assert stale.exists()
    remove_stale(tmp_path)
    assert not stale.exists()


def test_a_file_system_without_locks_is_written_to_and_nothing_is_removed(tmp_path, monkeypatch):
    def unknown(*_):
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "flock", unknown)
    stale = tmp_path / f"a.csv.0123456789abcdef{PART}"
    stale.touch()
    with written_whole(tmp_path / "t.csv") as file:
        file.write("ours")
    remove_stale(tmp_path)
    assert stale.exists()
    assert (tmp_path / "t.csv").read_text() == "ours"


def test_a_file_has_the_mode_that_the_umask_leaves(tmp_path):
    before = os.umask(0o027)
    try:
        with written_whole(tmp_path / "t.csv"):
            pass
    finally:
        os.umask(before)
    assert (tmp_path / "t.csv").stat().st_mode & 0o777 == 0o640
