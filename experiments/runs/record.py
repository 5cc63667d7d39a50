"""What is kept of a run, in which form, and as which bytes."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np

    from experiments.runs.carried import Carried
    from sim.results.history import History

Cell = tuple[float | None, float | None, float | None]  # numerator, denominator, value; None where undefined
LevelKey = tuple[str, str, str]  # dimension, level, measure
TAB = "\t"  # between the parts of a level's key in the bytes of a record: a JSON object has strings for keys


class Record(NamedTuple):
    """What is kept of a run."""

    measures: dict[str, Cell]
    levels: dict[LevelKey, Cell]
    daily: dict[str, Any]  # (days,) float64 each


class Form(NamedTuple):
    """What the ledger keeps of a run."""

    name: str  # part of the run's key, so that a run that left less is not taken for one that left more
    keep: Callable[[History], Record]  # a function that workers can import
    measures: Carried | None = None  # those of one's own, on their way to a worker


def measures_of(history: History) -> dict[str, Cell]:
    """Return (numerator, denominator, value) of each measure of a history."""
    return {name: tuple(value) for name, value in history.measures.items()}  # type: ignore[misc]  # three each


def whole_record(history: History) -> Record:
    """Return measures, levels and daily figures of a history."""
    levels: Any = {tuple(key): tuple(value) for key, value in history.levels.items()}
    return Record(measures_of(history), levels, {name: values for name, values in history.daily.items() if name != "day"})


def measures_record(history: History) -> Record:
    """Return the measures of a history alone."""
    return Record(measures_of(history), {}, {})


def form_name(form: Form, own: str) -> str:
    """Return the name of a form as it enters a run's key; `own` is the identity of measures of one's own, empty without any."""
    return f"{form.name}; own measures {own}" if own else form.name


WHOLE = Form("measures, levels, daily figures; form 1", whole_record)
MEASURES_ALONE = Form("measures; form 1", measures_record)  # a study of thousands of runs keeps a tenth of the bytes


def pack(record: Record) -> bytes:
    """Return a record as bytes, the same for the same record."""
    levels = {TAB.join(key): cell for key, cell in record.levels.items()}
    daily = {name: base64.b64encode(_floats(values).tobytes()).decode() for name, values in record.daily.items()}
    return zlib.compress(json.dumps([record.measures, levels, daily]).encode(), 6)


def unpack(payload: bytes) -> Record:
    """Return the record in these bytes.

    Raises:
        zlib.error, ValueError, TypeError: if they are damaged.
    """
    import numpy as np

    found: Any = json.loads(zlib.decompress(payload))
    measures, levels, daily = found
    arrays = {name: np.frombuffer(base64.b64decode(text), "<f8") for name, text in daily.items()}
    return Record({k: tuple(v) for k, v in measures.items()}, {_level_key(k): tuple(v) for k, v in levels.items()}, arrays)


def _level_key(text: str) -> LevelKey:
    dimension, level, measure = text.split(TAB)
    return dimension, level, measure


def _floats(values: np.ndarray) -> np.ndarray:
    return values.astype("<f8")
