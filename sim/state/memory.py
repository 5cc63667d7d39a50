"""Memory of tables: rows that begin with a cache line, pages of their own for large tables, and giving pages back."""

from __future__ import annotations

import contextlib
import mmap
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
