"""The answer without what only other populations fix: the arms that are run for it, and what is said of them, from pairs made by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from experiments.comparison import populations
from experiments.comparison.populations import WITH, WITHOUT, _turns, arms_without, changes, sentences, table_of, with_and_without
from experiments.runs.keys import arms_of
from experiments.runs.request import Request
from sim import load_scenario
from sim.results.measures import MEASURES
from tests.helpers.summaries import ARM, REFERENCE, record

SCENARIO = load_scenario(members=60, days=90, warm_up=5)
REQUEST = Request(SCENARIO, arms_of(SCENARIO, [REFERENCE, ARM]), REFERENCE, pairs=9, until="precise")


def pairs_of(*differences, measure="intent_success"):
    """Return pairs in which the arm differs from the reference by so much."""
    return [{REFERENCE: record({measure: 0.1}), ARM: record({measure: 0.1 + d})} for d in differences]


def test_both_arms_lose_what_other_populations_fix_and_nothing_else():
    back = {key: getattr(getattr(SCENARIO, key.split(".")[0]), key.split(".")[1]) for key in changes()}
    for name, arm in arms_without(REQUEST).items():
        assert arm != REQUEST.arms[name]
        assert arm.with_(**back) == REQUEST.arms[name]


def test_as_many_pairs_are_run_as_are_given(monkeypatch):
    asked = []

    def gather(part, scheduler, progress):
        asked.append((part.arms, part.pairs, part.until, scheduler))
        progress(1, 99)
        return pairs_of(0.01, 0.02, 0.03)

    told = []
    monkeypatch.setattr(populations, "gather", gather)
    table = with_and_without(REQUEST, pairs_of(0.04, 0.05, 0.06), "scheduler", lambda *at: told.append(at))
    assert asked == [(arms_without(REQUEST), 3, None, "scheduler")]
    assert told == [(1, 3)]
    assert [(row.targets, pytest.approx(row.difference), row.pairs) for row in table.itertuples()] == [(WITH, 0.05, 3), (WITHOUT, 0.02, 3)]


def said(with_, without, measure="intent_success", more=None):
    """Return the sentences of these differences."""
    found = {WITH: pairs_of(*with_), WITHOUT: pairs_of(*without)}
    if more:
        for key, differences in zip(found, more, strict=True):
            for pair, d in zip(found[key], differences, strict=True):
                for arm, add in ((REFERENCE, 0.0), (ARM, d)):
                    pair[arm].measures[measure] = record({measure: 1.0 + add}).measures[measure]
    return sentences(table_of(found, [REFERENCE, ARM], MEASURES), ARM, MEASURES, 3)


def test_both_answers_are_said_with_their_intervals():
    first, second = said((0.04, 0.05, 0.06), (0.01, 0.02, 0.03))
    assert "changes intent success by +2.0 points (95% confidence interval -0.5 to +4.5); with it by +5.0 points (+2.5 to +7.5)" in first
    assert first.endswith("; over all 3 pairs.")
    assert second == "No other decided sign turns without those patterns."
    found = {WITH: pairs_of(0.04, 0.05, 0.06), WITHOUT: pairs_of(0.01, 0.02, 0.03)}
    assert sentences(table_of(found, [REFERENCE, ARM], MEASURES), ARM, MEASURES, 9)[0].endswith("; over the first 3 of 9 pairs.")


@pytest.mark.parametrize(("with_", "without"), [((1.0, 1.1, 1.2), (-1.0, -1.1, -1.2)), ((-1.0, -1.1, -1.2), (1.0, 1.1, 1.2))])
def test_a_decided_sign_that_turns_is_named(with_, without):
    _, second = said((0.04, 0.05, 0.06), (0.01, 0.02, 0.03), "partners", (with_, without))
    assert second.startswith("Without those patterns the sign of this turns: two-way partners per member, from ")


def test_a_sign_that_is_not_decided_on_both_sides_does_not_turn():
    _, second = said((0.04, 0.05, 0.06), (0.01, 0.02, 0.03), "partners", ((1.0, 1.1, 1.2), (-1.0, 0.5, 0.1)))
    assert second == "No other decided sign turns without those patterns."


# intervals with them and without: a bound on zero decides nothing
@pytest.mark.parametrize(
    ("with_", "without", "turns"),
    [
        ((0.1, 0.2), (-0.2, -0.1), True),
        ((-0.2, -0.1), (0.1, 0.2), True),
        ((0.0, 0.2), (-0.2, -0.1), False),
        ((0.1, 0.2), (-0.2, 0.0), False),
        ((-0.2, 0.0), (0.1, 0.2), False),
        ((-0.2, -0.1), (0.0, 0.2), False),
        ((0.1, 0.2), (0.1, 0.2), False),
    ],
)
def test_a_sign_turns_if_both_intervals_are_beyond_zero(with_, without, turns):
    assert _turns(pd.DataFrame([with_, without], index=[WITH, WITHOUT], columns=["ci_low", "ci_high"])) == turns
