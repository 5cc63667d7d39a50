"""A checkout whose code is timed: this one, or another commit in a worktree and with a cache of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from experiments.benchmarks.rows import Work
from experiments.documents import HOME
from sim.errors import BadInput, must
from sim.kernel_cache import CACHE_VARIABLE

SCRIPT = Path(__file__).with_name("works.py")
LONGEST = 400  # characters of an error


class Checkout(NamedTuple):
    """Where code lies, and the cache of what was compiled of it."""

    name: str  # such as a commit
    folder: Path
    cache: Path | None = None  # the user's own if None

    def measure(self, work: Work) -> dict[str, float]:
        """Run a work on this code and return what it found.

        Raises:
            RuntimeError: if it failed, with its last words.
        """
        with tempfile.TemporaryDirectory() as empty:
            cache = Path(empty) if work.cold else self.cache
            own = {} if cache is None else {CACHE_VARIABLE: str(cache), "XDG_CACHE_HOME": str(cache)}
            env = os.environ | own | {"PYTHONPATH": str(self.folder), "PYTHONSAFEPATH": "1"}
            command = [sys.executable, str(SCRIPT), *work.arguments]
            done = subprocess.run(command, cwd=empty, env=env, capture_output=True, text=True, check=False)  # noqa: S603  (our own)
        if done.returncode:
            raise RuntimeError(f"{self.name}, {' '.join(work.arguments)}: {done.stderr.strip()[-LONGEST:]}")
        found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return found


def git(*arguments: str) -> str:
    """Return what git says of the repository.

    Raises:
        BadInput: if it refuses.
    """
    done = subprocess.run(["git", *arguments], cwd=HOME, capture_output=True, text=True, check=False)  # noqa: S603, S607  (the user's own git)
    if done.returncode:
        raise BadInput(must("REF", "be a commit of this repository", f"{arguments[-1]!r}: {done.stderr.strip()[-LONGEST:]}"))
    return done.stdout.strip()


def here() -> Checkout:
    """Return this checkout as it stands."""
    return Checkout("here", HOME)


@contextmanager
def commit(ref: str) -> Iterator[Checkout]:
    """Give a worktree of another commit, with a cache of its own that stays between its works.

    Raises:
        BadInput: if there is no such commit.
    """
    name = git("rev-parse", "--short", "--verify", f"{ref}^{{commit}}")
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room) / "tree"
        git("worktree", "add", "--quiet", "--detach", str(folder), name)
        try:
            (cache := Path(room) / "cache").mkdir()
            yield Checkout(name, folder, cache)
        finally:
            git("worktree", "remove", "--force", str(folder))


def memory() -> float:
    """Return the megabytes that this machine, or the container, has."""
    from experiments.benchmarks.works import MEGA
    from experiments.runs.cost import machine_memory

    return machine_memory() / MEGA


def provenance() -> dict[str, Any]:
    """Return what was timed: the commit, and whether files were changed since."""
    return {"commit": git("rev-parse", "--short", "HEAD"), "changed": bool(git("status", "--porcelain", "--untracked-files=no"))}
