"""Which number moves the answer across worlds, where it is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.comparison.moves import COLUMNS, moves, sentences
from sim.scenario.scenario import load_scenario

NAMES = ["reply.base", "thread.base", "visibility.spread", "attention.muted", "design.friction"]


def worlds(many, slopes, noise=0.001, seed=1, measure="intent_success"):
    rng = np.random.default_rng(seed)
    x = rng.uniform(size=(many, len(NAMES)))
    d = 0.02 + x @ np.array([*slopes, *[0.0] * (len(NAMES) - len(slopes))]) + 0.004 * rng.normal(size=many)
    pairs = d[:, None] + noise * rng.normal(size=(many, 2))
    head = {
        "draw": range(1, many + 1),
        "measure": measure,
        "arm": "message_first",
        "difference_1": pairs[:, 0],
        "difference_2": pairs[:, 1],
        "level": 0.2,
    }
    return pd.DataFrame({**head, **dict(zip(NAMES, x.T, strict=True))})


def test_the_number_that_matters_most_is_named_with_its_share():
    found = moves(worlds(40, [0.05]), {"reply.base", "thread.base"})
    assert list(found.columns) == COLUMNS
    one = found[found.kind == "number"]
    assert one.number.tolist()[0] == "reply.base"
    assert (one.share.diff().dropna() <= 0.0).all()
    assert one.data.tolist()[0] == "constrained"
    assert set(one.data[one.number.isin(NAMES[2:])]) == {"prior alone"}
    groups = found[found.kind == "group"].set_index("data")
    assert groups.share["constrained"] > 0.5 > groups.share["prior alone"]
    assert groups.share.sum() + found[found.kind == "rest"].share.iloc[0] == pytest.approx(1.0)
    (line,) = sentences(found, "message_first", load_scenario(), 40)
    assert line.startswith("The unmeasured number that matters most is the base chance of a reply (reply.base): alone it goes with ")
    assert "Numbers that the data constrain go with " in line
    assert "cannot be told" not in line


def test_where_nothing_does_it_cannot_be_told():
    found = moves(worlds(20, []), set(NAMES[:2]))
    (line,) = sentences(found, "message_first", load_scenario(), 20)
    assert line.startswith("Which unmeasured number matters most cannot be told from 20 of them: the first, ")
    assert "and chance gives " in line
    assert "which of both has more cannot be told." in line


def test_without_a_calibration_there_are_no_groups_and_with_noise_there_is_nothing():
    found = moves(worlds(40, [0.05]), None)
    assert set(found.kind) == {"number"}
    assert set(found.data) == {""}
    assert moves(worlds(40, [0.05], noise=0.5), None).empty
    assert sentences(moves(worlds(40, [0.05], noise=0.5), None), "message_first", load_scenario(), 40) == []


def test_a_number_that_was_given_is_not_among_them():
    found = moves(worlds(40, [0.05]).assign(**{"reply.base": -3.0}), {"thread.base"})
    assert "reply.base" not in set(found.number)
    assert set(found.kind) == {"number", "group", "rest"}
