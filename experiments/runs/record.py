"""What is kept of a run, in which form, and as which bytes."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Mapping
from types import MappingProxyType
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
    portrait: Mapping[str, Any] = MappingProxyType({})  # what pictures single members, if that is kept: see `portrait`


class Form(NamedTuple):
    """What the ledger keeps of a run."""

    name: str  # part of the run's key, so that a run that left less is not taken for one that left more
    keep: Callable[[History], Record]  # a function that workers can import
    events: bool = False  # whether it looks at the run's items
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


def pictured_record(history: History) -> Record:
    """Return all that is kept of a history whose single members are shown."""
    from experiments.runs.portrait import as_arrays, portrait_of

    return whole_record(history)._replace(portrait=as_arrays(portrait_of(history)))


def form_name(form: Form, own: str) -> str:
    """Return the name of a form as it enters a run's key; `own` is the identity of measures of one's own, empty without any."""
    return f"{form.name}; own measures {own}" if own else form.name


WHOLE = Form("measures, levels, daily figures; form 1", whole_record)
PICTURED = Form("measures, levels, daily figures, single members; form 2", pictured_record, events=True)
MEASURES_ALONE = Form("measures; form 1", measures_record)  # a study of thousands of runs keeps a tenth of the bytes


def pack(record: Record) -> bytes:
    """Return a record as bytes, the same for the same record."""
    levels = {TAB.join(key): cell for key, cell in record.levels.items()}
    arrays = [_texts(record.daily), *([_texts(record.portrait)] if record.portrait else [])]
    return zlib.compress(json.dumps([record.measures, levels, *arrays]).encode(), 6)


def unpack(payload: bytes) -> Record:
    """Return the record in these bytes.

    Raises:
        zlib.error, ValueError, TypeError: if they are damaged.
    """
    found: Any = json.loads(zlib.decompress(payload))
    measures, levels, *arrays = found
    daily, portrait = map(_arrays, (*arrays, {}) if len(arrays) == 1 else arrays)
    return Record({k: tuple(v) for k, v in measures.items()}, {_level_key(k): tuple(v) for k, v in levels.items()}, daily, portrait)


def _level_key(text: str) -> LevelKey:
    dimension, level, measure = text.split(TAB)
    return dimension, level, measure


def _texts(arrays: Mapping[str, np.ndarray]) -> dict[str, str]:
    return {name: base64.b64encode(values.astype("<f8").tobytes()).decode() for name, values in arrays.items()}


def _arrays(texts: Mapping[str, str]) -> dict[str, np.ndarray]:
    import numpy as np

    return {name: np.frombuffer(base64.b64decode(text), "<f8") for name, text in texts.items()}
