"""What runs are read by: the source of a module and of all that it imports, so that runs that were read otherwise count as others."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

from sim.version import digest_of

HOME = Path(__file__).parents[2]
PACKAGE = "experiments"
BLIND = ("experiments.runs", "experiments.reporting")  # rooms that make runs, keep them and tell of them, whatever was read


@functools.cache
def instrument_of(module: str, *facts: str) -> str:
    """Return 16 hex digits over the source of a module and of all of `experiments` by which it reads, and over more facts."""
    parts = [part for name, source in sorted(sources_of(module).items()) for part in (name.encode(), source)]
    return digest_of([*parts, *(fact.encode() for fact in facts)])


def sources_of(module: str, home: Path = HOME) -> dict[str, bytes]:
    """Return the sources of a module and of all of `experiments` that it imports, by path; without what is imported for types alone.

    Args:
        module: with dots.
        home: the folder in which the package lies.

    Raises:
        FileNotFoundError: if there is no such module.
    """
    found: dict[str, bytes] = {}
    asked = [module]
    while asked:
        path = _path_of(asked.pop(), home)
        if path is None or path.as_posix() in found:
            continue
        found[path.as_posix()] = (home / path).read_bytes()
        asked += _imports_of(found[path.as_posix()])
    if not found:
        raise FileNotFoundError(module)
    return found


def _path_of(module: str, home: Path) -> Path | None:
    """Return where a module or package stands below `home`; None for a name in one, and for rooms that read nothing."""
    if module.startswith(BLIND):
        return None
    stem = Path(*module.split("."))
    return next((path for path in (stem.with_suffix(".py"), stem / "__init__.py") if (home / path).is_file()), None)


def _imports_of(source: bytes) -> Iterator[str]:
    """Yield what a source imports of the package: modules, and names that may be modules of a package."""
    tree = ast.parse(source)
    types = {id(node) for branch in ast.walk(tree) if _is_for_types(branch) for node in ast.walk(branch)}
    for node in ast.walk(tree):
        if id(node) in types:
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == PACKAGE:
            yield from (node.module, *(f"{node.module}.{name.name}" for name in node.names))
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.split(".")[0] == PACKAGE)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
