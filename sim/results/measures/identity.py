"""Which formula a measure of one's own is: a hash over the source that its value comes from, or over a version that its author gives."""

from __future__ import annotations

import dis
import hashlib
import inspect
import linecache
import sys
import types
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

DIGITS = 16
PLAIN = (bool, int, float, complex, str, bytes, type(None))


class Source(NamedTuple):
    """Where a function is written, and the whole text of that file or notebook cell."""

    where: str
    text: str
    cell: bool  # then what its global names mean stands elsewhere


class Untold(LookupError):  # noqa: N818  (it says what is the matter)
    """No source tells what a function gives; its argument is the reason, if it is not that there is none."""


def digest(*facts: str) -> str:
    """Return 16 hex digits over texts."""
    found = hashlib.sha256()
    for fact in facts:
        part = fact.encode("utf-8", "surrogateescape")
        found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()[:DIGITS]


def source_of(function: types.FunctionType) -> Source | None:
    """Return the source of a function; None where none can be had, such as for what was typed at a prompt."""
    name = function.__code__.co_filename
    try:
        if Path(name).is_file():
            text = Path(name).read_bytes().decode("utf-8", "surrogateescape")
            return Source(Path(name).name, text.replace("\r\n", "\n"), cell=False)
    except (OSError, ValueError):
        return None
    lines = linecache.getlines(name, function.__globals__)  # a notebook leaves its cells there
    return Source("a notebook cell", "".join(lines), cell=True) if lines else None


def texts_of(function: types.FunctionType) -> list[str]:
    """Return what a function's value comes from, as texts.

    That is the source of its file or cell, of those of the functions of the same file or session that it calls, and the plain
    values (numbers and texts, lists and tables of them) of the global names that it reads: in a notebook they stand in other cells.

    Raises:
        Untold: where its source cannot be had, or it reads an object of a notebook of which nothing tells when it changes.
    """
    texts: dict[str, None] = {}
    waiting, seen = [function], {id(function.__code__)}
    while waiting:
        one = waiting.pop()
        source = source_of(one)
        if source is None:
            raise Untold
        texts[source.text] = None
        for name in sorted(set(_names(one.__code__)) & set(one.__globals__)):
            found = one.__globals__[name]
            if _is_plain(found):
                texts[f"{name} = {found!r}"] = None
            elif source.cell and not callable(found) and not isinstance(found, types.ModuleType):
                raise Untold(f"{name}, an object of type {type(found).__name__}")
            for inner in _functions(found):
                if inner.__module__ == function.__module__ and id(inner.__code__) not in seen:
                    seen.add(id(inner.__code__))
                    waiting.append(inner)
    return list(texts)


def closed_over(function: types.FunctionType) -> tuple[str, ...]:
    """Return the variables of enclosing functions that a function uses: no source says what they are."""
    return function.__code__.co_freevars


def arguments_of(function: types.FunctionType) -> int | None:
    """Return with how many arguments a function must be called; None if that is not a plain number of them."""
    kinds = [one for one in inspect.signature(function).parameters.values() if one.default is one.empty]
    plain = all(one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD) for one in kinds)
    return len(kinds) if plain else None


def caller() -> str:
    """Return the file or notebook cell in which a measure is being made: the first frame outside of this package."""
    frame: types.FrameType | None = sys._getframe(1)  # noqa: SLF001  (`inspect.stack` reads the source of every frame)
    home = str(Path(__file__).parent)
    while frame is not None and frame.f_code.co_filename.startswith(home):
        frame = frame.f_back
    name = "" if frame is None else frame.f_code.co_filename
    return Path(name).name if name and not name.startswith("<") and Path(name).is_file() else "a notebook cell"


def _names(code: types.CodeType) -> Iterator[str]:
    """Yield the global names that code, and the code inside it, reads."""
    yield from (step.argval for step in dis.get_instructions(code) if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"))
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield from _names(inner)


def _is_plain(found: Any) -> bool:
    if isinstance(found, list | tuple):
        return all(map(_is_plain, found))
    if isinstance(found, dict):
        return all(_is_plain(key) and _is_plain(value) for key, value in found.items())
    return type(found) in PLAIN


def _functions(found: Any) -> Iterable[types.FunctionType]:
    """Yield the functions that are written in Python in an object: itself, what it wraps, or the methods of a class."""
    found = inspect.unwrap(getattr(found, "py_func", found)) if callable(found) else found  # compiled by numba, or decorated
    if isinstance(found, types.FunctionType):
        yield found
    elif isinstance(found, type):
        yield from (inner for inner in vars(found).values() if isinstance(inner, types.FunctionType))
