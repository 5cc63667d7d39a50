"""Alias tables: the weights are there exactly, and draws follow them."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.randomness import day_key, member_hash
from sim.state.alias import alias_pick, alias_place, fill_alias
from sim.state.columns import ALIAS, MEMBER
from sim.state.memory import table


def rows_for(weights, first=0, ids=None):
    """Return the table of members with these weights, from row `first` on; the rows before it are none of its business."""
    members = table(MEMBER, 200)
    ids = np.arange(len(weights), dtype=np.int32) if ids is None else np.array(ids, np.int32)
    members.prominence[ids] = weights
    rows, padded = table(ALIAS, first + len(ids)), np.concatenate([np.full(first, -7, np.int32), ids])
    rows.id[:first] = -9
    fill_alias(members, padded, first, len(ids), rows, np.empty(len(ids), np.int64))
    return rows


def shares_of(rows):
    """Return the share of draws that goes to each id: what each row keeps and what it lends."""
    found = Counter()
    for row in rows:
        found[int(row.id)] += float(row.own) / len(rows)
        found[int(row.other)] += (1.0 - float(row.own)) / len(rows)
    return found


def test_a_table_worked_out_by_hand():
    rows = rows_for([1.0, 3.0])  # of a mean of 2: the first keeps a half of its row, the second has the rest
    assert rows.id.tolist() == [0, 1]
    assert rows.own.tolist() == [0.5, 1.0]
    assert rows.other.tolist() == [1, 1]


@pytest.mark.parametrize("weights", [[5.0], [1.0, 1.0, 1.0], [1e-9, 1.0], [8.0, 1.0, 1.0, 1.0, 1.0], [0.5, 3.5, 2.0, 2.0]])
def test_what_rows_keep_and_lend_makes_the_weights(weights):
    shares = shares_of(rows_for(weights))
    for i, weight in enumerate(weights):
        assert shares[i] == pytest.approx(float(Fraction(weight) / sum(map(Fraction, weights))), abs=1e-15)


@given(st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=60))
def test_any_weights_are_there_and_no_chance_is_beyond_its_row(weights):
    rows = rows_for(weights)
    assert rows.own.min() >= 0.0
    assert rows.own.max() <= 1.0
    shares = shares_of(rows)
    for i, weight in enumerate(weights):
        assert shares[i] == pytest.approx(weight / sum(weights), abs=1e-12)


def test_a_table_may_begin_further_down_and_hold_any_ids():
    rows = rows_for([1.0, 2.0, 1.0], first=4, ids=[11, 5, 150])
    assert rows.id[:4].tolist() == [-9] * 4  # untouched
    shares = shares_of(rows[4:])
    assert {i: round(share, 12) for i, share in shares.items() if share} == {11: 0.25, 5: 0.5, 150: 0.25}


def test_a_draw_looks_within_its_table_or_nowhere():
    places = {int(alias_place(member_hash(day_key(7, 1, 0, 0), i), 10, 3)) for i in range(200)}
    assert places == {10, 11, 12}
    assert alias_place(member_hash(day_key(7, 1, 0, 0), 1), 10, 0) == -1


def test_draws_follow_the_weights():
    weights = np.random.default_rng(2).lognormal(0.0, 1.5, 40)
    rows, key, n = rows_for(weights), day_key(11, 27, 0, 5), 200_000
    found = np.zeros(40)
    for i in range(n):
        h = member_hash(key, i)
        found[int(alias_pick(rows, alias_place(h, 0, 40), h))] += 1
    assert stats.chisquare(found, n * weights / weights.sum()).pvalue > 1e-3
    even = np.full(40, n / 40)
    assert stats.chisquare(found, even).pvalue < 1e-9  # the test would see it if the weights were not heeded
