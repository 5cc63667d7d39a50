"""Ties by surface, and in words which measures hang on the share of suggestions: from pairs made by hand."""

from __future__ import annotations

import dataclasses
import math

import pytest

from experiments.comparison.surfaces import SHARE, blocks, bounds, sentences, table_of, unmeasured
from experiments.comparison.tables import summary_table
from sim import load_scenario
from sim.results.measures import MEASURES
from tests.helpers.summaries import ARM, REFERENCE, TWO_OF_THREE, record


def pairs(**measures):
    """Pairs in which the reference has 1 of each measure, and the arm so much more in each pair."""
    return [
        {REFERENCE: record(dict.fromkeys(measures, 1.0)), ARM: record({name: 1.0 + more[k] for name, more in measures.items()})}
        for k in range(3)
    ]


def test_a_measure_moves_by_the_difference_at_one_bound_less_that_at_the_other():
    low, high = pairs(partners=[0.1, 0.2, 0.3], message_share=[0.0] * 3), pairs(partners=[0.5, 0.7, 0.9], message_share=[1.0] * 3)
    (row,) = table_of(low, high, [REFERENCE, ARM], MEASURES).itertuples()  # what is context alone is left out
    assert (row.measure, row.arm, row.pairs) == ("partners", ARM, 3)
    assert (row.at_low, row.at_high, row.move) == (pytest.approx(0.2), pytest.approx(0.7), pytest.approx(0.5))  # 0.4, 0.5, 0.6
    assert row.ci_high - row.move == pytest.approx(TWO_OF_THREE * 0.1 / math.sqrt(3.0), rel=1e-6)


def test_a_pair_without_the_measure_is_left_out_and_a_measure_without_pairs_too():
    low, high = pairs(partners=[0.1, 0.2, 0.3], reports=[math.nan] * 3), pairs(partners=[math.nan, 0.3, 0.5], reports=[0.0] * 3)
    (row,) = table_of(low, high, [REFERENCE, ARM], MEASURES).itertuples()
    assert (row.measure, row.pairs) == ("partners", 2)
    assert (row.at_low, row.at_high) == (pytest.approx(0.25), pytest.approx(0.4))


def test_the_two_that_move_by_most_of_their_smallest_effects_are_named():
    """Partners by 0.2, four effects of 0.05; successes by 0.15, three; reports by 2, two of 1; connections by 0.25, one."""
    assert [MEASURES[name].smallest_effect for name in ("partners", "successes_per_member", "mean_connections")] == [0.05, 0.05, 0.25]
    low = pairs(partners=[0.0] * 3, successes_per_member=[0.3] * 3, mean_connections=[0.0] * 3)
    high = pairs(partners=[0.1, 0.2, 0.3], successes_per_member=[0.05, 0.15, 0.25], mean_connections=[0.15, 0.25, 0.35])
    (line,) = sentences(table_of(low, high, [REFERENCE, ARM], MEASURES), ARM, MEASURES, pairs=20)
    assert line == (
        "If none of the people whom newcomers know were asked from lists of suggestions, or all of them (network.suggestions from 0 to 1, "
        "unmeasured), what message-first changes would move most in two-way partners per member, from +0.00 to +0.20, by +0.20 (95% "
        "confidence interval -0.05 to +0.45); and in successes per member, from +0.30 to +0.15, by -0.15 (95% confidence interval -0.40 to "
        "+0.10); over the first 3 of 20 pairs."
    )


def test_what_moves_of_a_measure_without_a_smallest_effect_is_above_all():
    low = pairs(partners=[0.0] * 3, successes_per_member=[0.3] * 3, mean_connections=[0.0] * 3)
    high = pairs(partners=[0.1, 0.2, 0.3], successes_per_member=[0.05, 0.15, 0.25], mean_connections=[0.15, 0.25, 0.35])
    table = table_of(low, high, [REFERENCE, ARM], MEASURES)
    unlimited = dict(MEASURES) | {"mean_connections": dataclasses.replace(MEASURES["mean_connections"], smallest_effect=0.0)}
    (line,) = sentences(table, ARM, unlimited, pairs=3)
    assert "would move most in connections per member" in line
    assert "; and in two-way partners per member" in line


def test_without_a_goal_that_is_defined_nothing_is_said():
    assert (
        sentences(table_of(pairs(message_share=[0.1] * 3), pairs(message_share=[0.2] * 3), [REFERENCE, ARM], MEASURES), ARM, MEASURES, 3)
        == []
    )


def test_where_it_was_not_run_the_range_is_told_as_unmeasured():
    told = unmeasured(load_scenario(**{SHARE: 0.25}))
    assert "network.suggestions is 0.25 here, and anything from 0 to 1 is possible" in told
    assert "compare --explain" in told
    assert bounds() == (0.0, 1.0)


@dataclasses.dataclass
class Compared:
    summary: object
    arms: list


def test_new_ties_stand_by_surface_under_every_arm():
    found = [
        {REFERENCE: record({"suggested_ties": 0.4, "known_ties": 0.8}), ARM: record({"suggested_ties": 0.55, "known_ties": 0.9})}
        for _ in range(3)
    ]
    (table,) = blocks(Compared(summary_table(found, [REFERENCE, ARM], REFERENCE), [REFERENCE, ARM]))
    assert table.columns == ["Share of new connections", "connect-first", "message-first"]
    assert [row[1:] for row in table.rows] == [["40.0%", "55.0%"], ["60.0%", "45.0%"], ["80.0%", "90.0%"]]
    assert blocks(Compared(summary_table(pairs(partners=[0.0] * 3), [REFERENCE, ARM], REFERENCE), [REFERENCE, ARM])) == []
