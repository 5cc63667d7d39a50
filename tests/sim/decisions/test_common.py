"""Small formulas, worked out by hand."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sim import Distance, Kind
from sim.decisions import common
from sim.randomness import bell

RULES = SimpleNamespace(
    relevance_competitors=1.0, relevance_fit=1.0, relevance_seniority=-0.3, relevance_centre=0.2, relevance_industry=1.0,
    relevance_competitor=-1.5,
)  # fmt: skip


def test_halving():
    assert common.decayed(8.0, 20.0, 10.0) == pytest.approx(2.0)
    assert common.decayed(8.0, 0.0, 10.0) == 8.0


def test_distances():
    assert common.distance_of(True, 0) == Distance.CONNECTED
    assert common.distance_of(False, 1) == Distance.SECOND_DEGREE
    assert common.distance_of(False, 0) == Distance.STRANGER
    assert common.present_distance(True, Distance.STRANGER) == Distance.CONNECTED
    assert common.present_distance(False, Distance.STRANGER) == Distance.STRANGER


def test_a_cold_message_is_no_invitation_and_goes_to_no_connection():
    cold = [kind for kind in Kind if common.is_cold_message(kind, False)]
    assert [kind for kind in Kind if kind not in cold] == [Kind.INVITATION, Kind.NOTE]
    assert not any(common.is_cold_message(kind, True) for kind in Kind)


def test_levels_above():
    assert [common.levels_above(theirs, 2) for theirs in (1, 2, 4)] == [0, 0, 2]


def test_two_of_one_industry_and_level_compete_where_all_do():
    assert common.relation(RULES, True, 0, 5) == (pytest.approx(bell(5) - 0.2 + 1.0 - 1.5), True)
    assert common.relation(RULES, True, 1, 5) == (pytest.approx(bell(5) - 0.3 - 0.2 + 1.0), False)
    assert common.relation(RULES, False, 0, 5) == (pytest.approx(bell(5) - 0.2), False)
