"""The folder of compiled kernels. What lies in it is run unseen, so nobody else may be able to change it; workers use their parent's."""

from __future__ import annotations

import functools
import os
import stat
import tempfile
from collections.abc import Iterator
from multiprocessing import parent_process
from pathlib import Path

from sim.errors import BadInput, must
from sim.version import model_version

CACHE_VARIABLE = "FIRSTCONTACT_CACHE"
HANDED_ON = "FIRSTCONTACT_KERNELS"  # the folder of a process, for its workers: they may see other variables, or another working folder
ROOT = 0  # may write everywhere in any case


@functools.cache
def shared_cache_dir() -> Path:
    """Return the folder of this process and of the workers that it starts; errors as in `kernel_cache_dir`."""
    folder = kernel_cache_dir()
    os.environ[HANDED_ON] = str(folder)
    return folder


def kernel_cache_dir() -> Path:
    """Return a folder for compiled kernels of this model version, made if it is missing.

    A worker process has that of its parent. Else it lies in the user's cache, or in the folder that FIRSTCONTACT_CACHE names; if
    that cannot be written, in the folder for temporary files.

    Raises:
        BadInput: if somebody else could change what lies in it, or if no such folder can be made.
    """
    import platformdirs

    named, handed = os.environ.get(CACHE_VARIABLE), os.environ.get(HANDED_ON)
    base = Path(named) if named else Path(platformdirs.user_cache_dir("firstcontact"))
    folders = [base.absolute() / model_version(), _temporary()]
    if handed and parent_process() is not None and Path(handed).name.endswith(model_version()):
        folders.insert(0, Path(handed))
    for folder in folders:
        if _made(folder):
            _refuse_exposed(folder)
            return folder
    raise BadInput(must(CACHE_VARIABLE, "name a folder that you may write to, for compiled code", " and ".join(map(str, folders))))


def _temporary() -> Path:
    user = os.getuid() if hasattr(os, "getuid") else "user"
    return Path(tempfile.gettempdir()).absolute() / f"firstcontact-{user}-{model_version()}"


def _made(folder: Path) -> bool:
    """Tell whether files can be made in a folder; folders that are missing are made for us alone."""
    try:
        for missing in reversed([path for path in (folder, *folder.parents) if not path.exists()]):
            missing.mkdir(mode=0o700, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _refuse_exposed(folder: Path) -> None:
    if not hasattr(os, "getuid"):  # no such owners and modes on this system
        return
    for path, reason in _exposed(folder):
        mended = f"`chmod go-w '{path}'`, or {CACHE_VARIABLE}=FOLDER" if reason.endswith("write to") else f"{CACHE_VARIABLE}=FOLDER"
        rule = f"be a folder that nobody else can change, since compiled code in it is run: {mended} mends it"
        raise BadInput(must("", rule, f"{path}, {reason}", where=folder))


def _exposed(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield what others can change, and how: the folder, what lies in it, and what it lies in, as it is named and as links lead to it."""
    state = folder.stat()
    if reason := _belongs(state, {os.getuid()}) or _open_to(state):
        yield folder, reason
    for path in sorted({*folder.parents, *folder.resolve().parents}):
        above = path.stat()
        # in a sticky folder each may rename and remove only what is their own
        if reason := _belongs(above, {os.getuid(), ROOT}) or ("" if above.st_mode & stat.S_ISVTX else _open_to(above)):
            yield path, reason
    closed = not state.st_mode & (stat.S_IRWXG | stat.S_IRWXO)  # then nobody else gets to what lies in it
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            try:
                inner = (Path(place) / name).stat()
            except FileNotFoundError:  # another process has just put a file in its place
                continue
            if reason := _belongs(inner, {os.getuid()}) or ("" if closed else _open_to(inner)):
                yield Path(place) / name, reason


def _belongs(state: os.stat_result, owners: set[int]) -> str:
    return "" if state.st_uid in owners else "which belongs to somebody else"


def _open_to(state: os.stat_result) -> str:
    if state.st_mode & stat.S_IWOTH:
        return "which anybody may write to"
    if state.st_mode & stat.S_IWGRP and _has_others(state.st_gid):
        return "which others of its group may write to"
    return ""


def _has_others(group: int) -> bool:
    """Tell whether a group has members but us; many systems give each user a group of their own."""
    import grp
    import pwd

    users = pwd.getpwall()
    try:
        names = set(grp.getgrgid(group).gr_mem)
    except KeyError:
        names = set()
    names |= {user.pw_name for user in users if user.pw_gid == group}
    return not names <= {user.pw_name for user in users if user.pw_uid in (os.getuid(), ROOT)}
