"""The record of a run: a row an item. What nothing can change any more may be taken away while the run goes on, to be written.

Rows stand in the order of items' numbers: first those of old items that are still open, whose numbers are in `ids`, then those of all
items from number `first` on.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.jit import inlined


class Record(NamedTuple):
    """Rows of items, as kernels take them."""

    rows: Any  # EVENT; none if no record is kept
    ids: Any  # (k,) int64, rising: the numbers of the first k rows
    first: int  # number of the item in row k


@inlined
def is_kept(record: Any) -> bool:
    """Tell whether there is a record."""
    return record.rows.size > 0


@inlined
def row_of(record: Any, number: int) -> int:
    """Return the row of the item with this number."""
    if number >= record.first:
        return record.ids.size + number - record.first
    low, high = 0, record.ids.size
    while low < high:
        middle = (low + high) // 2
        if record.ids[middle] < number:
            low = middle + 1
        else:
            high = middle
    return low


def numbers_of(record: Record, sent: int) -> np.ndarray:
    """Return the numbers of all rows, if `sent` items were sent so far."""
    return np.concatenate([record.ids, np.arange(record.first, sent)])
