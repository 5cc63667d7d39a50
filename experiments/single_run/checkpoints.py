"""Checkpoints of a run: the world of some mornings, from the last of which it goes on after an interruption.

A file is a line of JSON (whose run it is, which morning), the world (`sim.state.snapshot`), and the SHA-256 of both. It is written under
a passing name and takes its own once it is on the disk. The last two are kept: if the newest is damaged there is one before it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from experiments.reporting.atomic_files import written_whole
from sim.errors import BadInput, must
from sim.version import differs_in, model_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sim.scenario.scenario import Scenario
    from sim.state.world import World

FOLDER, FORM, KEPT = "checkpoints", 1, 2
DIGEST = 64  # hexadecimal digits at the end of a file
LONGEST_LINE, AT_ONCE = 1 << 16, 1 << 22  # bytes


class DamagedError(ValueError):
    """A checkpoint is not as it was written."""


class Checkpoint(NamedTuple):
    """A file that is whole, and what it says of itself."""

    path: Path
    said: dict[str, Any]


class Checkpoints:
    """Keeps the world of every so many mornings in a run folder, and finds the last."""

    def __init__(self, folder: Path, every: int | None, plan: str, say: Callable[[str], None]) -> None:
        """Look for what was kept.

        Args:
            folder: of the run.
            every: days from one to the next; None to keep none, or as often as those that are there.
            plan: the digest of what is run, and by which model.
            say: is told what was found.

        Raises:
            BadInput: if the last that is whole is of another run or another model.
        """
        self.folder, self.plan, self.say = folder / FOLDER, plan, say
        self.found = self._last()
        self.every = every or (self.found.said["every"] if self.found else None)

    def _last(self) -> Checkpoint | None:
        for path in sorted(self.folder.glob("*.world"), reverse=True):
            try:
                found = Checkpoint(path, said_by(path))
            except DamagedError as error:
                self.say(f"{path} is damaged ({error}); it is passed over.")
                continue
            if found.said["model"] != model_version():
                rule = f"be of this model, or deleted: it was written by {differs_in(found.said['model'])}"
                raise BadInput(must("", rule, where=path))
            if found.said["plan"] != self.plan:
                raise BadInput(must("", "be of this run, or deleted", where=path))
            return found
        return None

    def last(self, scenario: Scenario, arm: Scenario) -> World | None:
        """Return the world of the last morning that was kept, None if there is none."""
        if self.found is None:
            return None
        from sim.state.columns import ParameterTables
        from sim.state.snapshot import load  # with the kernels, which who only looks for a checkpoint does not need

        book = ParameterTables(*(arm if self.found.said["switched"] else scenario).rows())
        with self.found.path.open("rb") as file:
            file.readline(LONGEST_LINE)
            world = load(file, book)
        self.say(f"Going on from day {world.day}.")
        return world

    def passed(self, world: World) -> None:
        """Keep the world of a morning, if it is one of those to be kept."""
        if self.every is None or world.day % self.every != 0:
            return
        from sim.state.snapshot import dump

        self.folder.mkdir(exist_ok=True)
        said = {
            "checkpoint": FORM,
            "model": model_version(),
            "plan": self.plan,
            "every": self.every,
            "day": world.day,
            "switched": world.switched,
        }
        path = self.folder / f"day-{world.day:05d}.world"
        with written_whole(path, binary=True) as file:
            stream = Hashing(file)
            stream.write(json.dumps(said).encode() + b"\n")
            dump(world, stream)
            file.write(stream.digest.hexdigest().encode())
            file.flush()
            os.fsync(file.fileno())
        _put_on_disk(self.folder)
        for old in sorted(self.folder.glob("*.world"), reverse=True)[KEPT:]:
            old.unlink()

    def forget(self) -> None:
        """Remove them all: the run is finished."""
        shutil.rmtree(self.folder, ignore_errors=True)


class Hashing:
    """Writes into a file, and digests what is written."""

    def __init__(self, file: IO[bytes]) -> None:
        """Begin at the file's beginning."""
        self.file, self.digest = file, hashlib.sha256()

    def write(self, some: Any, /) -> None:
        """Write bytes."""
        self.digest.update(some)
        self.file.write(some)


def said_by(path: Path) -> dict[str, Any]:
    """Return what a checkpoint says of itself.

    Raises:
        DamagedError: if it is not whole, or no checkpoint.
        BadInput: if it cannot be read.
    """
    try:
        with path.open("rb") as file:
            digest = hashlib.sha256()
            for some in _all_but_the_end(file, path.stat().st_size - DIGEST):
                digest.update(some)
            if file.read().decode("latin-1") != digest.hexdigest():
                raise DamagedError("its digest is another")
            file.seek(0)
            said = json.loads(file.readline(LONGEST_LINE))
    except OSError as error:
        raise BadInput(must("", "be a file that you may read", error.strerror or "", where=path)) from None
    except ValueError as error:
        raise error if isinstance(error, DamagedError) else DamagedError("it is no checkpoint") from None
    if not isinstance(said, dict) or said.get("checkpoint") != FORM:
        raise DamagedError("it is no checkpoint of this form")
    return said


def _all_but_the_end(file: IO[bytes], size: int) -> Iterator[bytes]:
    while size > 0 and (some := file.read(min(AT_ONCE, size))):
        size -= len(some)
        yield some


def _put_on_disk(folder: Path) -> None:
    """Let the names in a folder reach the disk, where the system can."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
