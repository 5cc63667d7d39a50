"""No module of the model imports, by way of others, itself: imports for type checkers included."""

from __future__ import annotations

import ast
from pathlib import Path

import sim

HOME = Path(sim.__file__).parent
MODULES = {".".join(("sim", *path.relative_to(HOME).with_suffix("").parts)).removesuffix(".__init__"): path for path in HOME.rglob("*.py")}


def imports_of(path):
    """Return the modules of sim that a file imports; a name imported from a package may be a module of it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    modules = found & set(MODULES)
    return {name for name in modules if not any(other.startswith(name + ".") for other in modules)}  # not the package beside its module


def circles(arrows):
    """Return the strongly connected components of several modules (Tarjan 1972)."""
    index, low, stack, found = {}, {}, [], []

    def visit(v):
        index[v] = low[v] = len(index)
        stack.append(v)
        for w in arrows[v]:
            if w not in index:
                visit(w)
                low[v] = min(low[v], low[w])
            elif w in stack:
                low[v] = min(low[v], index[w])
        if low[v] == index[v]:
            group = stack[stack.index(v) :]
            del stack[stack.index(v) :]
            if len(group) > 1 or v in arrows[v]:
                found.append(sorted(group))

    for v in arrows:
        if v not in index:
            visit(v)
    return found


def test_circles_are_found():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"d"}}) == [["b", "c"], ["d"]]


def test_no_module_imports_itself_by_way_of_others():
    assert circles({name: imports_of(path) for name, path in MODULES.items()}) == []
