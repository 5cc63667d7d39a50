"""Where phases write: buffers of a range of members, tables that are kept from day to day, and places in their counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.columnar.bundles import ACTS, INTENTS, ITEMS, REPORTS
from sim.state.columns import ACT, INTENT, ITEM, LOOK
from sim.state.memory import LEAST_ROOM, first, joined, table

MOST_LISTED = 512  # members, or items: so many at most are listed before any of them acts, or is settled


def new_scratch() -> np.ndarray:
    """Return the counters of a phase, all zero."""
    return np.zeros(ACTS + 1, np.int64)


def new_counts() -> np.ndarray:
    """Return the counts of what delivery and settlement decide in a day, all zero."""
    return np.zeros(REPORTS + 1, np.int64)


class Buffers:
    """What one range of members writes in a phase; the next phase overwrites it.

    Args:
        members: how many members there should be room for; a phase that runs out of room goes on in further buffers.
        looks: rows for profiles that are looked at, see `partner_search.MOST_LOOKS`.
    """

    def __init__(self, members: int, looks: int) -> None:
        self.members = members
        self.items = table(ITEM, members // 2 + LEAST_ROOM)
        self.intents = table(INTENT, members // 2 + LEAST_ROOM)
        self.acts = table(ACT, members + LEAST_ROOM)
        self.scratch = new_scratch()
        self.looks = table(LOOK, looks)
        self.open_looks = np.zeros(looks + 1, np.int32)
        self.listed = np.zeros(MOST_LISTED, np.int32)

    def reset(self) -> None:
        """Empty the buffers; their rows stay as they are until they are written."""
        self.scratch[:] = 0

    @property
    def sent(self) -> Any:
        """The items written so far."""
        return first(self.items, self.scratch[ITEMS])

    @property
    def pressed(self) -> Any:
        """The intents written so far."""
        return first(self.intents, self.scratch[INTENTS])

    @property
    def acted(self) -> Any:
        """The acts written so far."""
        return first(self.acts, self.scratch[ACTS])


class BufferPool:
    """Tables that are overwritten every day. Their memory is kept: allocating it costs more than what is written into it."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}

    def table(self, name: str, dtype: np.dtype[Any], rows: int) -> Any:
        """Return `rows` rows with whatever stands in them."""
        if name not in self.kept or len(self.kept[name]) < rows:
            self.kept[name] = table(dtype, rows + rows // 4)
        return first(self.kept[name], rows)

    def joined(self, name: str, parts: Sequence[Any]) -> Any:
        """Return rows one after another."""
        return joined(parts, self.table(name, parts[0].dtype, sum(map(len, parts))))

    def extended(self, name: str, rows: Any, more: int) -> Any:
        """Return these rows, which may be the beginning of the table already, with room for more behind them."""
        longer = self.table(name, rows.dtype, len(rows) + more)
        if not np.may_share_memory(longer, rows):
            joined([rows], first(longer, len(rows)))
        return longer

    def appended(self, name: str, rows: Any, *more: Any) -> Any:
        """Return these rows, which may be the beginning of the table already, and more behind them."""
        longer = self.extended(name, rows, sum(map(len, more)))
        joined(more, longer[len(rows) :])
        return longer
