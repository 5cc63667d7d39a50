"""Files that are written whole or not at all, under a name that nobody can have taken before."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

PART = ".part"  # ends the name of a file that is being written; a killed command leaves it
STALE = re.compile(rf".+\.[0-9a-f]{{16}}{re.escape(PART)}")
# No link is followed, and no file that is there is opened: in a folder to which others may write it may be theirs.
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


@contextmanager
def written_whole(path: Path, *, binary: bool = False) -> Iterator[IO[Any]]:
    """Give a new file that takes the place of `path` once all is written: of a link that is there, not of its target.

    Text is UTF-8 with line ends as they are written.

    Raises:
        OSError: that names `path`, if it cannot be written.
    """
    beside = path.with_name(f"{path.name}.{secrets.token_hex(8)}{PART}")
    with naming(path), _locked(path.parent, alone=False):
        number = os.open(beside, NEW, 0o666)
        try:
            with os.fdopen(number, "wb") if binary else os.fdopen(number, "w", encoding="utf-8", newline="") as file:
                yield file
            beside.replace(path)
        except BaseException:
            with suppress(OSError):
                beside.unlink()
            raise


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let what the system refuses name this file: a full disk names none, and a file under a passing name tells nobody anything."""
    try:
        yield
    except OSError as error:
        if error.errno is None or (error.filename is not None and not str(error.filename).endswith(PART)):
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error


def remove_stale(folder: Path) -> None:
    """Remove what killed commands left half written in a folder and below; where another process is just writing, nothing."""
    for place, _, names in os.walk(folder):
        stale = [Path(place) / name for name in names if STALE.fullmatch(name)]
        with _locked(Path(place), alone=True) as alone:
            for path in stale if alone else []:
                path.unlink(missing_ok=True)


@contextmanager
def _locked(folder: Path, *, alone: bool) -> Iterator[bool]:
    """Hold the lock of a folder with all who write in it, or alone if nobody writes; tell whether it is held."""
    try:
        import fcntl

        number = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):  # no such locks on this system, or no such folder
        yield False
        return
    try:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB if alone else fcntl.LOCK_SH)
            held = True
        except OSError:  # held by others, or unknown to the file system
            held = False
        yield held
    finally:
        os.close(number)
