"""Another commit is timed in a worktree of its own, with a cache of its own, and leaves nothing behind."""

from __future__ import annotations

import shutil
import subprocess
import time

import pytest

from experiments.benchmarks import checkout
from experiments.benchmarks.rows import Work
from sim.errors import BadInput

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")

SCRIPT = """
import json, os, sys
import marked
print("a line before")
print(json.dumps({"here": marked.NUMBER, "asked": len(sys.argv) - 1, "cached": os.environ.get("FIRSTCONTACT_CACHE", "").count("/")}))
"""


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository whose module says 1 in its first commit and 2 in its second; works say which they run on."""
    root = tmp_path / "repository"
    root.mkdir()

    def git(*arguments):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *arguments], cwd=root, check=True, capture_output=True)

    git("init", "--quiet")
    for number in (1, 2):
        (root / "marked.py").write_text(f"NUMBER = {number}\n", encoding="utf-8")
        git("add", ".")
        git("commit", "--quiet", "--message", f"{number}")
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    monkeypatch.setattr(checkout, "HOME", root)
    monkeypatch.setattr(checkout, "SCRIPT", script)
    monkeypatch.delenv("FIRSTCONTACT_CACHE", raising=False)
    return root


@needs_git
def test_each_checkout_runs_its_own_code(repository):
    here = checkout.here()
    assert here.measure(Work(("run", "1"))) == {"here": 2, "asked": 2, "cached": 0}
    with checkout.commit("HEAD~1") as old:
        assert old.measure(Work(("run",)))["here"] == 1
        assert old.measure(Work(("run",)))["cached"] > 0
        assert old.cache.is_dir()
        assert old.folder != repository
    assert not old.folder.exists()
    assert not old.cache.exists()
    listed = subprocess.run(["git", "worktree", "list"], cwd=repository, check=True, capture_output=True, text=True).stdout
    assert len(listed.splitlines()) == 1


@needs_git
def test_a_cold_work_has_an_empty_cache(repository):
    found = checkout.here().measure(Work(("run",), cold=True))
    assert found["cached"] > 0


@needs_git
@pytest.mark.parametrize("ref", ["no-such-commit", "HEAD:marked.py"])
def test_what_is_no_commit_is_refused(repository, ref):
    with pytest.raises(BadInput, match=r"^`?REF`? must be a commit of this repository"), checkout.commit(ref):
        pass


@needs_git
def test_what_fails_says_its_last_words(repository):
    (repository / "marked.py").write_text("raise ValueError('no such number')\n", encoding="utf-8")
    with pytest.raises(RuntimeError, match=r"(?s)here, run: .*no such number"):
        checkout.here().measure(Work(("run",)))


@needs_git
def test_what_was_timed_is_named(repository):
    assert checkout.provenance()["changed"] is False
    (repository / "marked.py").write_text("NUMBER = 3\n", encoding="utf-8")
    found = checkout.provenance()
    assert found["changed"] is True
    assert len(found["commit"]) >= 7
    assert checkout.memory() > 100.0


def test_what_does_not_end_in_time_is_ended_with_all_that_it_began(tmp_path, monkeypatch):
    script = tmp_path / "script.py"
    child = f"import pathlib, time; time.sleep(2.0); pathlib.Path({str(tmp_path / 'lived')!r}).touch()"
    script.write_text(
        f"import subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', {child!r}])\ntime.sleep(60.0)\n", encoding="utf-8"
    )
    monkeypatch.setattr(checkout, "SCRIPT", script)
    started = time.monotonic()
    assert checkout.here().measure(Work(("run",)), 0.5) is None
    assert time.monotonic() - started < 20.0
    time.sleep(2.5)
    assert not (tmp_path / "lived").exists()
