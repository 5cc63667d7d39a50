"""Which model this is: a hash that names caches of compiled kernels and keys recorded runs."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import platform
from pathlib import Path

HOME = Path(__file__).parent


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
    """Return 16 hex digits that change with anything a run's bytes, or a compiled kernel, may depend on.

    Source and TOML files of `sim`, versions of numba and NumPy, operating system, processor architecture.
    """
    versions = [f"{package} {importlib.metadata.version(package)}" for package in ("numba", "numpy")]
    return version_of(HOME, *versions, platform.system(), platform.machine())
