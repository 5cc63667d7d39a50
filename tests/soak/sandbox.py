"""A command in this process, in a folder of its own: what it says and writes, and whether that is as it should be."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = ("os.mkdir", "os.remove", "os.rmdir", "os.rename", "os.link", "os.symlink", "os.truncate", "os.chmod", "sqlite3.connect")
BY_FOLDER = ("os.mkdir", "os.remove", "os.rmdir")  # their last detail is a folder's descriptor, or -1
UNEXPECTED = ("Traceback", "FIRSTCONTACT_TRACEBACK", "MemoryError", "RecursionError", "AssertionError", "most recent call")
LONGEST_LINE = 4000
_watching: list[list[str]] = []  # the innermost list is told which paths are written


def _hear(event: str, details: tuple[Any, ...]) -> None:
    if not _watching:
        return
    if event == "open":
        path, _mode, flags = details
        if isinstance(path, str | bytes) and flags & WRITING:
            _watching[-1].append(os.fsdecode(path))
    elif event in CHANGES:
        within = _folder_of(details[-1]) if event in BY_FOLDER else ""
        _watching[-1].extend(os.path.join(within, os.fsdecode(path)) for path in details if isinstance(path, str | bytes))  # noqa: PTH118  (a hook of audits must be quick)


def _folder_of(descriptor: object) -> str:
    """Return the folder by whose descriptor a path is told, as when a whole tree is removed; nothing if it is none."""
    return os.readlink(f"/proc/self/fd/{descriptor}") if isinstance(descriptor, int) and descriptor >= 0 else ""  # noqa: PTH115  (likewise)


def listen() -> None:
    """Hear of every file that this process writes; a hook stays as long as its process."""
    if not getattr(listen, "done", False):
        sys.addaudithook(_hear)
        listen.done = True


@contextmanager
def watched() -> Iterator[list[str]]:
    """Give the list of paths that are written inside, as the code named them, made absolute."""
    paths: list[str] = []
    _watching.append(paths)
    try:
        yield paths
    finally:
        _watching.remove(paths)
        paths[:] = [str(Path(_unquoted(path)).absolute()) for path in paths]


def _unquoted(path: str) -> str:
    """Return the path that SQLite was given as a URI; others are paths as they stand."""
    return unquote(urlsplit(path).path, errors="surrogateescape") if path.startswith("file://") else path


class Reached(BaseException):
    """Everything that was given is right, and runs would begin: raised in their place."""


class Said(NamedTuple):
    """What a command gave."""

    status: int
    out: str
    err: str
    written: list[str]


def perform(words: list[str], folder: Path) -> Said:
    """Run a command in its folder; status 0 if runs would begin."""
    from experiments.cli import main as cli

    os.chdir(folder)
    out, err = io.StringIO(), io.StringIO()
    with watched() as paths, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = cli.perform(words)
        except Reached:
            status = 0
    return Said(status, out.getvalue(), err.getvalue(), paths)


def is_one_line(text: str) -> bool:
    """Tell whether a text is one line that a terminal shows as it is; a tab may stand in it."""
    return len(text.splitlines()) == 1 and text.replace("\t", "").isprintable()


def wrong_with(said: Said, allowed: list[Path], inputs: dict[Path, bytes], folder: Path) -> str:
    """Return what is wrong with how a command ended, or nothing.

    Args:
        said: what it gave.
        allowed: where it may write: these, what is in them, and what stands beside them under a name that holds theirs.
        inputs: what stood in files before; none may be changed, or be gone, unless it is named as a place to write to.
        folder: where it ran.
    """
    if said.status not in (0, 1, 2):
        return f"exit status {said.status}"
    unexpected = next((word for word in UNEXPECTED if word in said.err), None)
    if unexpected:
        return f"{unexpected}: {said.err.strip()[-600:]}"
    lines = [line for line in said.err.splitlines() if line.strip()]
    if said.status and not lines and not said.out.strip():
        return f"exit status {said.status}, and nothing is said"
    if any(len(line) > LONGEST_LINE for line in lines):
        return f"a line of {max(map(len, lines))} characters"
    odd = next((line for line in lines if not is_one_line(line)), None)
    if said.status and odd is not None:
        return f"a line that cannot be printed: {odd!r}"
    changed = next((path for path, raw in inputs.items() if path not in allowed and _content(path) != raw), None)
    return f"an input is changed: {changed.name}" if changed else _strayed(said.written, [*allowed, *inputs], folder)


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _strayed(paths: list[str], allowed: list[Path], folder: Path) -> str:
    home, temporary = str(folder.absolute()), tempfile.gettempdir()
    roots = tuple(os.path.normpath(path.absolute()) for path in allowed)
    for path in paths:
        if path.startswith(home) and path != home:
            if not any(_belongs(Path(os.path.normpath(path)), Path(root)) for root in roots):
                return f"written outside of --out: {path}"
        elif not path.startswith((temporary, "/dev/null")) and not _is_cache(path):
            return f"written outside of --out: {path}"
    return ""


def _belongs(path: Path, place: Path) -> bool:
    """Tell whether a path is a place, is in it, or stands beside it under a name made of its own, as a file that is being written."""
    return path.is_relative_to(place) or (path.parent == place.parent and place.name in path.name)


def _is_cache(path: str) -> bool:
    """Tell whether a path is one of Python's, matplotlib's or compiled code's."""
    from sim.jit import config

    return any(part in path for part in (str(config.CACHE_DIR), "__pycache__", "matplotlib", ".pyc"))


def begin_no_runs() -> Callable[[], None]:
    """Let every command that has checked what it was given stop where its runs would begin; return what undoes it."""
    import sim.agents
    import sim.simulation

    def reached(*_: Any, **__: Any) -> None:
        raise Reached

    before = sim.simulation.warm_kernels, sim.agents.OutreachModel
    sim.simulation.warm_kernels, sim.agents.OutreachModel = reached, reached

    def undo() -> None:
        sim.simulation.warm_kernels, sim.agents.OutreachModel = before

    return undo
