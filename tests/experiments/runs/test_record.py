"""What is kept of a run comes back as it was, the same bytes for the same record, and damage is noticed."""

from __future__ import annotations

import zlib
from types import SimpleNamespace

import numpy as np
import pytest

from experiments.runs.record import MEASURES_ALONE, PICTURED, WHOLE, Record, form_name, pack, unpack
from sim.results.values import Value

HISTORY = SimpleNamespace(
    measures={"a": Value(1.0, 2.0, 0.5), "b": Value(0.0, 0.0, None)},
    levels={("style", "seller", "a"): Value(1.0, 4.0, 0.25)},
    daily={"day": np.arange(3), "x": np.array([0.1, np.nan, 3.0])},
)


def test_the_whole_of_a_run_comes_back():
    record = WHOLE.keep(HISTORY)
    assert list(record.daily) == ["x"]  # days are counted from 0: they need not be kept
    found = unpack(pack(record))
    assert found.measures == {"a": (1.0, 2.0, 0.5), "b": (0.0, 0.0, None)}
    assert found.levels == {("style", "seller", "a"): (1.0, 4.0, 0.25)}
    assert found.daily["x"].tobytes() == record.daily["x"].tobytes()


def test_what_pictures_single_members_is_kept_where_there_is_some():
    plain = WHOLE.keep(HISTORY)
    record = plain._replace(portrait={"sample": np.array([2, 5]), "degrees": np.array([0.0, 3.0])})
    found = unpack(pack(record))
    assert {name: values.tolist() for name, values in found.portrait.items()} == {"sample": [2.0, 5.0], "degrees": [0.0, 3.0]}
    assert (found.measures, list(found.daily)) == (record.measures, ["x"])
    assert unpack(pack(plain)).portrait == {}
    assert len({WHOLE.name, PICTURED.name, MEASURES_ALONE.name}) == 3


def test_measures_alone_leave_the_rest_out_under_another_name():
    assert MEASURES_ALONE.keep(HISTORY) == Record(WHOLE.keep(HISTORY).measures, {}, {})
    assert MEASURES_ALONE.name != WHOLE.name


def test_measures_of_ones_own_stand_in_the_name_of_a_form():
    assert form_name(MEASURES_ALONE, "") == "measures; form 1"
    assert form_name(MEASURES_ALONE, "0123abcd") == "measures; form 1; own measures 0123abcd"


def test_the_same_record_is_the_same_bytes_and_numbers_keep_all_their_digits():
    assert pack(WHOLE.keep(HISTORY)) == pack(WHOLE.keep(HISTORY))
    assert pack(WHOLE.keep(HISTORY))[:2] == b"\x78\x9c"  # deflated at zlib's level 6: ledgers of one form hold the same bytes
    third = Record({"a": (1.0, 3.0, 1.0 / 3.0)}, {}, {})
    assert unpack(pack(third)).measures["a"][2] == 1.0 / 3.0


@pytest.mark.parametrize(
    "damage",
    [
        lambda b: b[:-3],
        lambda b: b"\x00" + b[1:],
        lambda _: zlib.compress(b"[1"),
        lambda _: zlib.compress(b"[1, 2]"),
        lambda _: zlib.compress(b"[{}, {}, {}, {}, {}]"),
        lambda _: zlib.compress(b"7"),
    ],
)
def test_damage_is_noticed(damage):
    with pytest.raises((zlib.error, ValueError, TypeError)):
        unpack(damage(pack(WHOLE.keep(HISTORY))))
