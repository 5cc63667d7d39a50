"""Memory of tables: rows that begin with a cache line, pages of their own for large tables, and giving pages back."""

from __future__ import annotations

import contextlib
import mmap
from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.jit import CACHE_LINE

LEAST_ROOM = 1024  # rows: so much room at least is added to what grows
LARGE, HUGE = 1 << 18, 1 << 22  # bytes from which a table has pages of its own, and asks for huge ones


def table(dtype: np.dtype[Any], rows: int) -> Any:
    """Return `rows` zeroed rows of `dtype` with attribute access to the columns."""
    return zeroes(dtype, rows).view(np.recarray)


def zeroes(dtype: Any, length: int) -> np.ndarray:
    """Return an array of zeroes that begins with a cache line."""
    size = length * np.dtype(dtype).itemsize
    raw = _pages(size + CACHE_LINE) if size >= LARGE else np.zeros(size + CACHE_LINE, np.uint8)
    start = -raw.ctypes.data % CACHE_LINE
    return raw[start : start + size].view(dtype)


def first(rows: Any, count: int) -> Any:
    """Return the first rows of a table, which they share; ten times as fast as records are cut by NumPy itself."""
    return np.ndarray.__getitem__(rows, slice(count))


def joined(parts: Sequence[Any], rows: Any = None) -> Any:
    """Return a copy of rows of one kind one after another, in `rows` if there are as many, else in a table of their own.

    Bytes are copied: NumPy would copy rows one by one, and joins what kinds they may be of first.
    """
    rows = table(parts[0].dtype, sum(map(len, parts))) if rows is None else rows
    np.concatenate([_bytes_of(part) for part in parts], out=_bytes_of(rows))
    return rows


def chosen(rows: Any, which: np.ndarray) -> Any:
    """Return a copy of the rows that `which` (len(rows),) bool marks, in a table of their own; whole rows are moved, not fields."""
    found = _bytes_of(rows).reshape(len(rows), rows.dtype.itemsize)[which]
    return found.reshape(-1).view(rows.dtype).view(np.recarray)


def _bytes_of(rows: Any) -> np.ndarray:
    return np.ndarray.view(rows, np.uint8, np.ndarray)  # both at once, which is three times as fast


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
