"""The record of a long run as Parquet, part by part while it goes on: items and intents that nothing can change any more.

`events.parquet` and `intents.parquet` are folders of parts, which readers of Parquet take for one table each. A part is named by its
number, which the world knows, so that a run that goes on from a checkpoint writes the same parts again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from experiments.optional_imports import needs
from experiments.reporting.atomic_files import written_whole

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.scenario import Scenario
    from sim.state.world import World

EXTRA = "parquet"
EVENTS, INTENTS = "events.parquet", "intents.parquet"
PART = 1 << 18  # items, from which on a part is written
PART_MEMORY = 400e6  # bytes while one is written; measured


def refuse_without_parquet() -> None:
    """Refuse what cannot be written.

    Raises:
        BadInput: if pyarrow is not installed; it says how to.
    """
    needs("pyarrow", EXTRA)


class Parts:
    """Writes parts into the folder of a run."""

    def __init__(self, folder: Path, scenario: Scenario) -> None:
        self.folder, self.scenario = folder, scenario
        self.days = scenario.warm_up + scenario.days

    def passed(self, world: World) -> None:
        """Write what a morning's world can let go of, if that is much, or all on the last."""
        ended = world.day == self.days
        if not ended and world.recorded - len(world.waiting) < PART:
            return
        from sim.results.tables import event_table, intent_table

        numbers, items, intents = world.take_record(ended=ended)
        for name, columns in ((EVENTS, event_table(items, numbers, self.scenario)), (INTENTS, intent_table(intents))):
            write_part(self.folder / name / f"part-{world.taken:05d}.parquet", columns)


def write_part(path: Path, columns: dict[str, Any]) -> None:
    """Write a table of numbers and words, also one without rows, under a passing name until it is whole."""
    import pandas as pd

    pa, pq = needs("pyarrow", EXTRA), needs("pyarrow.parquet", EXTRA)
    schema = pa.schema([(name, _type_of(column)) for name, column in columns.items()])
    table = pa.Table.from_pandas(pd.DataFrame(columns), schema, preserve_index=False)
    path.parent.mkdir(exist_ok=True)
    with written_whole(path, binary=True) as file:
        pq.write_table(table, file, compression="zstd")


def _type_of(column: Any) -> Any:
    """Return the type of an array of numbers, or of a list of words."""
    import numpy as np

    pa = needs("pyarrow", EXTRA)
    return pa.from_numpy_dtype(column.dtype) if isinstance(column, np.ndarray) else pa.string()
