"""Memory of tables: rows that begin with a cache line, pages of their own for large tables, and giving pages back."""

from __future__ import annotations

import contextlib
import functools
import mmap
from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.jit import CACHE_LINE

LEAST_ROOM = 1024  # rows: so much room at least is added to what grows
PAGE, LARGE, HUGE = 1 << 12, 1 << 18, 1 << 22  # bytes from which a table is laid out with care, has pages of its own, asks for huge ones


class Table(np.ndarray[Any, Any]):
    """Table whose columns are attributes too, as those of `np.recarray`, which does all that arrays do in Python: ten times as slowly."""

    __slots__ = ()  # what is neither a column nor an array's own cannot be set

    def __getattr__(self, name: str) -> np.ndarray:
        """Return a column: asked only for what arrays do not have."""
        if name in (self.dtype.names or ()):
            return self[name]
        raise AttributeError(f"these rows have no {name!r}")

    def __setattr__(self, name: str, value: Any) -> None:
        """Fill a column, or set what arrays have."""
        if name in (self.dtype.names or ()):
            self[name] = value
        else:
            super().__setattr__(name, value)

    def __getitem__(self, which: Any) -> Any:
        """Return rows, or a column as a plain array."""
        found = super().__getitem__(which)
        return found.view(np.ndarray) if isinstance(which, str) else found


def table(dtype: np.dtype[Any], rows: int) -> Any:
    """Return `rows` zeroed rows of `dtype` with attribute access to the columns."""
    return _laid_out(Table, dtype, rows)


def zeroes(dtype: Any, length: int) -> np.ndarray:
    """Return an array of zeroes; if it is of a page at least, it begins with a cache line."""
    return _laid_out(np.ndarray, dtype, length)


def _laid_out(kind: type[np.ndarray], dtype: Any, length: int) -> Any:
    size, start = length * np.dtype(dtype).itemsize, 0
    raw = np.zeros(size + CACHE_LINE, np.uint8) if size < LARGE else _pages(size + CACHE_LINE)
    if size >= PAGE:
        start = -raw.ctypes.data % CACHE_LINE
    return kind(length, dtype, raw, start)  # a fifth of the time of a view, before which NumPy asks in Python whether there are objects


def first(rows: Any, count: int) -> Any:
    """Return the first rows of a table, which they share; ten times as fast as records are cut by NumPy itself."""
    return np.ndarray.__getitem__(rows, slice(count))


def joined(parts: Sequence[Any], rows: Any = None) -> Any:
    """Return a copy of rows of one kind one after another, in `rows` if there are as many, else in a table of their own."""
    rows = table(parts[0].dtype, sum(map(len, parts))) if rows is None else rows
    whole, end = _whole(rows), 0
    for part in parts:
        start, end = end, end + len(part)
        whole[start:end] = _whole(part)
    return rows


def chosen(rows: Any, which: np.ndarray) -> Any:
    """Return a copy of the rows that `which` (len(rows),) bool marks, in a table of their own."""
    found = _whole(rows)[which]
    return Table(len(found), rows.dtype, found)


def _whole(rows: Any) -> np.ndarray:
    """Return rows as bytes without a meaning, as many as a row has in one: NumPy moves what has fields one by one, and field by field."""
    return np.ndarray(len(rows), _bytes_in_one(rows.dtype.itemsize), rows)


@functools.cache
def _bytes_in_one(size: int) -> np.dtype[Any]:
    return np.dtype((np.void, size))


def _pages(size: int) -> np.ndarray:
    """Return zeroed bytes in pages of their own: they cost nothing until written, and go back when the array goes.

    Large arrays that live long among many that do not would leave the heap full of holes.
    """
    private = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_PRIVATE") else {}
    pages = mmap.mmap(-1, size, **private)
    if size >= HUGE and hasattr(mmap, "MADV_HUGEPAGE"):
        with contextlib.suppress(OSError):  # a kernel without them
            pages.madvise(mmap.MADV_HUGEPAGE)  # as NumPy does: far fewer misses of addresses in random look-ups
    return np.frombuffer(pages, np.uint8)


def release(rows: Any, used: int) -> None:
    """Give the pages of a table back that lie behind its first `used` rows; those rows become zeroes when they are next read."""
    pages = rows
    while isinstance(pages, (np.ndarray, memoryview)):
        pages = pages.base if isinstance(pages, np.ndarray) else pages.obj
    if isinstance(pages, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        start = rows.ctypes.data - np.frombuffer(pages, np.uint8).ctypes.data + used * rows.dtype.itemsize
        start += -start % mmap.PAGESIZE
        if start < len(pages):
            pages.madvise(mmap.MADV_DONTNEED, start)
