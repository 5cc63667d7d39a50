"""A checkout whose code is timed: this one, or another commit in a worktree and with a cache of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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

    def measure(self, work: Work, longest: float | None = None) -> dict[str, float] | None:
        """Run a work on this code and return what it found; None if it did not end in so many seconds.

        Raises:
            RuntimeError: if it failed, with its last words.
        """
        with tempfile.TemporaryDirectory() as empty:
            cache = Path(empty) if work.cold else self.cache
            own = {} if cache is None else {CACHE_VARIABLE: str(cache), "XDG_CACHE_HOME": str(cache)}
            env = os.environ | own | {"PYTHONPATH": str(self.folder), "PYTHONSAFEPATH": "1"}
            command = [sys.executable, str(SCRIPT), *work.arguments]
            try:
                done = _run(command, longest, cwd=empty, env=env)
            except subprocess.TimeoutExpired:
                return None
        if done.returncode:
            raise RuntimeError(f"{self.name}, {' '.join(work.arguments)}: {done.stderr.strip()[-LONGEST:]}")
        found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return found


def _run(command: list[str], longest: float | None, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run a command in a group of its own, so that its workers end with it when its time is up."""
    process = subprocess.Popen(  # noqa: S603  (our own)
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, **more
    )
    try:
        out, err = process.communicate(timeout=longest)
    except BaseException:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise
    return subprocess.CompletedProcess(command, process.returncode, out, err)


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
