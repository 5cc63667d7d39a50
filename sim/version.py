"""Which model this is: a hash that names caches of compiled kernels and keys recorded runs."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import platform
from collections.abc import Iterable
from pathlib import Path

from sim.arithmetic import fingerprint

HOME = Path(__file__).parent
PACKAGES = ("llvmlite", "numba", "numpy", "scipy")  # that compute a run


def version_of(folder: Path, *facts: str) -> str:
    """Return 16 hex digits over all .py and .toml files of a folder, names and contents, and more facts."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.suffix in (".py", ".toml")}
    parts = [fact.encode() for fact in facts]
    for name, path in sorted(files.items()):
        parts += [name.encode(), path.read_bytes()]
    return digest_of(parts)


def digest_of(parts: Iterable[bytes]) -> str:
    """Return 16 hex digits over parts in their order; with their lengths, so that no two lists of parts look alike."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
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
