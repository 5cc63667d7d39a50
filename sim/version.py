"""Which model this is: a hash that names caches of compiled kernels and keys recorded runs."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import os
import platform
import stat
import tempfile
from pathlib import Path

from sim.arithmetic import fingerprint

HOME = Path(__file__).parent
CACHE_VARIABLE = "FIRSTCONTACT_CACHE"
PACKAGES = ("llvmlite", "numba", "numpy", "scipy")  # that compute a run


def version_of(folder: Path, *facts: str) -> str:
    """Return 16 hex digits over all .py and .toml files of a folder, names and contents, and more facts."""
    digest = hashlib.sha256()
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.suffix in (".py", ".toml")}
    parts = [fact.encode() for fact in facts]
    for name, path in sorted(files.items()):
        parts += [name.encode(), path.read_bytes()]
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)  # lengths: no two lists of parts look alike
    return digest.hexdigest()[:16]


@functools.cache
def model_version() -> str:
    """Return what changes with anything a run's bytes, or a compiled kernel, may depend on: 16 hex digits, a dash and 8 more.

    The first part: source and TOML files of `sim`, versions of packages, operating system, processor architecture.
    The second: what this machine makes of `exp`, `log` and the like (`sim.arithmetic.fingerprint`).
    """
    versions = [f"{package} {importlib.metadata.version(package)}" for package in PACKAGES]
    return f"{version_of(HOME, *versions, platform.system(), platform.machine())}-{fingerprint()}"


def differs_in(version: str) -> str:
    """Return in words in what another model version differs from this one: its files and packages, or its arithmetic alone."""
    ours = model_version()
    if version != ours and version.rpartition("-")[0] == ours.rpartition("-")[0]:
        return "the same model with other arithmetic: its C library or processor gives other last digits"
    return "another version"


def kernel_cache_dir() -> Path:
    """Return a folder for compiled kernels of this model version, made if it is missing.

    It lies in the user's cache, or in the folder that FIRSTCONTACT_CACHE names; if that cannot be written,
    in the folder for temporary files.
    """
    import platformdirs

    named = os.environ.get(CACHE_VARIABLE)
    base = Path(named) if named else Path(platformdirs.user_cache_dir("firstcontact"))
    for folder in (base / model_version(), _temporary()):
        if _usable(folder):
            return folder
    return Path(tempfile.mkdtemp(prefix="firstcontact-"))


def _temporary() -> Path:
    user = os.getuid() if hasattr(os, "getuid") else "user"
    return Path(tempfile.gettempdir()) / f"firstcontact-{user}-{model_version()}"


def _usable(folder: Path) -> bool:
    """Tell whether files can be made in a folder, and only by us: cached kernels are run unseen."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        state = folder.stat()
    except OSError:
        return False
    if not hasattr(os, "getuid"):
        return True
    return state.st_uid == os.getuid() and not state.st_mode & stat.S_IWOTH
