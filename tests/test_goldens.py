"""What the program gave when the goldens were made, it still gives: five histories by both engines, and tables of three commands."""

from __future__ import annotations

import numpy as np
import pytest

from tests.goldens import histories, tables


@pytest.mark.parametrize("name", histories.SCENARIOS)
def test_the_columns_give_the_golden_history(name):
    found = histories.arrays_of(*histories.by_columns(name))
    assert histories.differences(histories.load(name), found, exact=histories.made_here()) == []


# The others are slow: what the engines have in common the columns show, and that they agree `test_engines_agree` does.
QUICK = ("log",)


@pytest.mark.parametrize("name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in histories.SCENARIOS])
def test_the_agents_give_the_golden_history(name):
    found = histories.arrays_of(*histories.by_agents(name))
    assert histories.differences(histories.load(name), found, exact=histories.made_here()) == []


def test_the_goldens_move_every_counter_and_see_every_outcome():
    goldens = [histories.load(name) for name in histories.SCENARIOS]
    for table in ("counters", "raw_daily"):
        moved = np.sum([golden[f"{table}.sums"] != 0 for golden in goldens], axis=0)
        assert list(goldens[0][f"{table}.names"][moved == 0]) == []
    outcomes = set().union(*(set(golden["events.outcome"].tolist()) for golden in goldens))
    assert outcomes == {
        "waiting",
        "filtered",
        "gone",
        "sunk",
        "read",
        "answered",
        "polite no",
        "accepted",
        "accepted from obligation",
        "left",
        "declined",
        "doesn't know this person",
        "void",
        "taken back",
    }


@pytest.mark.slow
def test_the_goldens_take_every_branch():
    pytest.importorskip("coverage", reason="branches are measured with the dev extra")
    from tests.goldens.branches import missing

    assert missing() == {}


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.slow] if name == "article" else []) for name in tables.ASKED])
def test_a_command_leaves_the_golden_tables(name, tmp_path, light_commands):
    assert tables.differences(tables.load(name), tables.left_by(name, tmp_path), exact=histories.made_here()) == []


def test_a_small_difference_is_seen_and_with_other_arithmetic_rounding_is_not():
    golden = {"a": np.array([1.0, np.nan]), "n": np.array([1, 2])}
    rounded = {"a": np.array([1.0 + 1e-12, np.nan]), "n": np.array([1, 2])}
    other = {"a": np.array([1.0 + 1e-7, np.nan]), "n": np.array([1, 3])}
    signed = {"a": np.array([0.0, -0.0]), "n": np.array([1, 2])}, {"a": np.array([0.0, 0.0]), "n": np.array([1, 2])}
    assert [len(histories.differences(golden, found, exact=False)) for found in (golden, rounded, other)] == [0, 0, 2]
    assert [len(histories.differences(golden, found, exact=True)) for found in (golden, rounded, other)] == [0, 1, 2]
    assert [len(histories.differences(*signed, exact=exact)) for exact in (False, True)] == [0, 1]
    measured = {"measures.names": np.array(["a"])} | {f"measures.{part}": np.array([0.5]) for part in ("numerator", "denominator", "value")}
    wider = {
        key: np.concatenate([values[:0], np.array(["b"] if values.dtype.kind == "U" else [2.0]), values])
        for key, values in measured.items()
    }
    assert histories.differences(measured, wider, exact=True) == []
    assert histories.differences(wider, measured, exact=True) != []
    csvs = {"s.csv": "measure,value\na,0.5\n"}, {"s.csv": "measure,value\nb,2.0\na,0.5\n"}, {"s.csv": "measure,value\nb,2.0\na,0.6\n"}
    assert [len(tables.differences(csvs[0], found, exact=True)) for found in csvs] == [0, 0, 1]
    assert tables.differences(csvs[1], csvs[0], exact=True) == ["s.csv: 3 rows of 2 cells became 2 of 2"]
    pairs = (("0.5", "0.5000000000001"), ("0.5", "0.50001"), ("3", "3.0"), ("a", "b"), ("", "0.5"), ("0.5", "0.5"))
    assert [tables.same(*pair, exact=False) for pair in pairs] == [True, False, False, False, False, True]
    assert [tables.same(*pair, exact=True) for pair in pairs] == [False] * 5 + [True]
