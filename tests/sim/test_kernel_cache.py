"""The folder of compiled kernels: of the model's version, and of nobody else."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from sim import kernel_cache
from sim.errors import BadInput
from sim.kernel_cache import HANDED_ON, kernel_cache_dir
from sim.version import model_version

pytestmark = pytest.mark.skipif(not hasattr(os, "getuid"), reason="this system has no such owners and modes")


@pytest.fixture
def base(tmp_path, monkeypatch):
    """Return the folder that FIRSTCONTACT_CACHE names, which is there, in a folder of ours."""
    folder = tmp_path / "ours" / "cache"
    folder.mkdir(parents=True)
    monkeypatch.setenv("FIRSTCONTACT_CACHE", str(folder))
    return folder


def refusal():
    with pytest.raises(BadInput) as refused:
        kernel_cache_dir()
    text = str(refused.value)
    assert "\n" not in text
    return text


def test_kernels_have_a_folder_of_their_version_that_can_be_written(base, monkeypatch):
    assert kernel_cache_dir() == base / model_version()
    (base / "file").touch()
    monkeypatch.setenv("FIRSTCONTACT_CACHE", str(base / "file"))
    folder = kernel_cache_dir()
    assert model_version() in folder.name
    (folder / "probe").touch()
    (folder / "probe").unlink()


def test_folders_that_are_missing_are_made_for_us_alone_whatever_the_umask(base, monkeypatch):
    monkeypatch.setenv("FIRSTCONTACT_CACHE", str(base / "a" / "b"))
    before = os.umask(0)
    try:
        folder = kernel_cache_dir()
    finally:
        os.umask(before)
    assert [path.stat().st_mode & 0o777 for path in (folder, folder.parent, folder.parent.parent)] == [0o700] * 3


@pytest.mark.parametrize("place", ["folder", "parent", "grandparent", "behind a link", "file", "subfolder"])
def test_what_anybody_may_write_to_is_refused_with_the_remedy(place, base, monkeypatch):
    folder = kernel_cache_dir()
    (folder / "columnar").mkdir()
    (folder / "columnar" / "kernel.nbi").touch()
    folder.chmod(0o755)
    wrong = {
        "folder": folder,
        "parent": base,
        "grandparent": base.parent,
        "behind a link": base,
        "file": folder / "columnar" / "kernel.nbi",
        "subfolder": folder / "columnar",
    }[place]
    if place == "behind a link":
        link = base.parent / "elsewhere" / "link"
        link.parent.mkdir()
        link.symlink_to(base)
        monkeypatch.setenv("FIRSTCONTACT_CACHE", str(link))
    wrong.chmod(wrong.stat().st_mode | 0o002)
    text = refusal()
    assert "must be a folder that nobody else can change, since compiled code in it is run: " in text
    assert f"`chmod go-w '{wrong}'`, or FIRSTCONTACT_CACHE=FOLDER mends it (got {wrong}, which anybody may write to)" in text
    wrong.chmod(wrong.stat().st_mode & ~0o002)
    assert kernel_cache_dir().name == model_version()


def test_a_parent_with_the_sticky_bit_may_be_everybodys_but_the_folder_may_not(base):
    base.chmod(0o1777)
    folder = kernel_cache_dir()
    folder.chmod(0o1777)
    assert f"(got {folder}, which anybody may write to)" in refusal()


def test_what_is_in_a_folder_that_nobody_else_may_enter_may_have_any_mode(base):
    folder = kernel_cache_dir()
    (folder / "columnar").mkdir()
    (folder / "columnar").chmod(0o777)
    assert kernel_cache_dir() == base / model_version()


@pytest.mark.parametrize("theirs", [0, 1])
def test_what_belongs_to_somebody_else_is_refused(theirs, base, monkeypatch):
    """As another user, to whom root's folders are no more than parents."""
    wrong = [base / model_version(), base][theirs]
    kernel_cache_dir()
    stat, us = Path.stat, os.getuid()

    def owned(path, **kwargs):
        found = stat(path, **kwargs)
        owner = us + 1 if path == wrong else us
        return SimpleNamespace(st_mode=found.st_mode, st_gid=found.st_gid, st_uid=owner, st_ino=found.st_ino)

    monkeypatch.setattr(Path, "stat", owned)
    text = refusal()
    assert f"FIRSTCONTACT_CACHE=FOLDER mends it (got {wrong}, which belongs to somebody else)" in text
    assert "chmod" not in text


@pytest.mark.parametrize(
    ("members", "users", "refused"),
    [
        ([], [], False),
        (["me"], ["me"], False),
        (["me", "root"], [], False),
        (["you"], [], True),
        ([], ["me", "you"], True),
    ],
)
def test_a_group_counts_only_if_it_has_others(members, users, refused, base, monkeypatch):
    """The first are its members by its own entry; the second are users whose own group it is."""
    import grp
    import pwd

    us, group = os.getuid(), base.stat().st_gid
    numbers = {"me": us, "you": us + 1, "root": 0}
    monkeypatch.setattr(grp, "getgrgid", lambda _: SimpleNamespace(gr_mem=members))
    listed = [SimpleNamespace(pw_name=n, pw_uid=u, pw_gid=group if n in users else group + 1) for n, u in numbers.items()]
    monkeypatch.setattr(pwd, "getpwall", lambda: listed)
    base.chmod(0o770)
    if refused:
        assert f"(got {base}, which others of its group may write to)" in refusal()
    else:
        assert kernel_cache_dir() == base / model_version()


def test_a_group_that_nobody_knows_has_no_others(monkeypatch):
    import grp
    import pwd

    def unknown(_):
        raise KeyError

    monkeypatch.setattr(grp, "getgrgid", unknown)
    monkeypatch.setattr(pwd, "getpwall", list)
    assert not kernel_cache._has_others(12345)


def test_the_command_line_refuses_it_in_one_line(base, tmp_path):
    base.chmod(0o777)
    ended = subprocess.run(
        [sys.executable, "-m", "experiments.cli.main", "run", "--members", "10", "--days", "1", "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parent.parent.parent,
    )
    assert ended.returncode == 2, ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
    assert ended.stderr.startswith(f"firstcontact: {base / model_version()} must be a folder that nobody else can change")


def folder_of_a_worker():
    from sim.kernel_cache import kernel_cache_dir

    return kernel_cache_dir()


def test_workers_use_their_parents_folder_whatever_they_are_told(base, monkeypatch):
    parents = kernel_cache_dir()
    monkeypatch.setenv(HANDED_ON, str(parents))
    monkeypatch.setenv("FIRSTCONTACT_CACHE", str(base / "other"))
    assert kernel_cache_dir() == base / "other" / model_version()  # this is no worker
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(folder_of_a_worker) == parents


def test_a_process_hands_its_folder_on(base):
    code = "import os; from sim.kernel_cache import HANDED_ON, shared_cache_dir; print(shared_cache_dir() == __import__('pathlib').Path(os.environ[HANDED_ON]))"
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent.parent
    )
    assert ended.stdout == "True\n"
