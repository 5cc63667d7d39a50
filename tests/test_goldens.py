"""What the program gave when the goldens were made, it still gives: five histories by both engines, and tables of three commands."""

from __future__ import annotations

import numpy as np
import pytest

from tests.goldens import histories, tables


@pytest.mark.parametrize("name", histories.SCENARIOS)
def test_the_columns_give_the_golden_history(name):
    found = histories.arrays_of(*histories.by_columns(name))
    assert histories.differences(histories.load(name), found) == []


@pytest.mark.parametrize("name", histories.SCENARIOS)
def test_the_agents_give_the_golden_history(name):
    found = histories.arrays_of(*histories.by_agents(name))
    assert histories.differences(histories.load(name), found) == []


def test_the_goldens_move_every_counter_and_see_every_outcome():
    goldens = [histories.load(name) for name in histories.SCENARIOS]
    for table in ("counters", "raw_daily"):
        moved = np.sum([golden[f"{table}.sums"] != 0 for golden in goldens], axis=0)
        assert list(goldens[0][f"{table}.names"][moved == 0]) == []
    outcomes = set().union(*(set(golden["events.outcome"].tolist()) for golden in goldens))
    assert outcomes == {
        "waiting", "filtered", "gone", "sunk", "read", "answered", "polite no", "accepted", "accepted from obligation", "left", "declined",
        "doesn't know this person", "void", "taken back",
    }  # fmt: skip


@pytest.mark.slow
def test_the_goldens_take_every_branch():
    pytest.importorskip("coverage", reason="branches are measured with the dev extra")
    from tests.goldens.branches import missing

    assert missing() == {}


@pytest.mark.parametrize("name", tables.ASKED)
def test_a_command_leaves_the_golden_tables(name, tmp_path):
    assert tables.differences(tables.load(name), tables.left_by(name, tmp_path)) == []


def test_a_small_difference_is_seen_and_rounding_is_not():
    golden = {"a": np.array([1.0, np.nan]), "n": np.array([1, 2])}
    assert histories.differences(golden, {"a": np.array([1.0 + 1e-12, np.nan]), "n": np.array([1, 2])}) == []
    assert len(histories.differences(golden, {"a": np.array([1.0 + 1e-7, np.nan]), "n": np.array([1, 3])})) == 2
    assert [tables.same(*pair) for pair in (("0.5", "0.5000000000001"), ("0.5", "0.50001"), ("3", "3.0"), ("a", "b"), ("", "0.5"))] == [
        True, False, False, False, False,
    ]  # fmt: skip
