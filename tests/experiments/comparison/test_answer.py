"""The answer in words, from rows that are made up: each verdict has its words, and nothing is said twice."""

from __future__ import annotations

import pandas as pd
import pytest

from experiments.comparison.answer import answer, sign_changes
from experiments.methods import paired
from sim.results.measures import MEASURES, PRIMARY, SUCCESS_VARIANTS


def summary(**rows):
    """Rows by measure: a difference and a verdict."""
    found = []
    for name, (difference, verdict) in rows.items():
        m = MEASURES[name]
        found.append({
            "measure": name, "unit": m.unit, "role": m.role, "arm": "message_first", "reference": "connect_first", "mean": 0.2 + difference,
            "mean_reference": 0.2, "difference": difference, "ci_low": difference - 0.01, "ci_high": difference + 0.01, "verdict": verdict,
        })  # fmt: skip
    return pd.DataFrame(found)


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (paired.BETTER, "message-first raises intent success"),
        (paired.WORSE, "message-first lowers intent success"),
        (paired.NO_DIFFERENCE, "message-first makes no difference that matters to intent success"),
        (paired.NOT_DECIDED, "message-first has no decided effect on intent success"),
    ],
)
def test_the_first_sentence_says_what_is_decided_with_its_figures(verdict, words):
    first, second = answer(summary(**{PRIMARY: (0.03, verdict)}), "message_first")
    assert first.startswith(f"Against connect-first, {words}: 23.0% instead of 20.0%, +3.00 points (95% ")
    assert first.endswith("interval +2.00 to +4.00).")
    assert "no other goal or guardrail differs" in second


def test_the_second_sentence_has_what_is_better_what_is_worse_and_how_many_are_open():
    rows = {
        PRIMARY: (0.03, paired.BETTER),
        "partners": (0.1, paired.BETTER),
        "reports": (0.05, paired.WORSE),
        "retention": (0.0, paired.NOT_DECIDED),
    }
    _, second = answer(summary(**rows), "message_first")
    assert "it is better on two-way partners per member (+50%)" in second
    assert "worse on reports (+25%)" in second
    assert second.endswith("; 1 of 3 are not decided.")


def test_of_two_measures_that_say_the_same_one_is_told():
    rows = {PRIMARY: (0.0, paired.NOT_DECIDED), "unwelcome_delivered": (-0.1, paired.BETTER), "unwelcome_read": (-0.1, paired.BETTER)}
    _, second = answer(summary(**rows), "message_first")
    assert "unwelcome items read" in second
    assert "unwelcome items delivered" not in second


def test_context_is_not_part_of_the_answer():
    _, second = answer(summary(**{PRIMARY: (0.0, paired.NOT_DECIDED), "message_share": (0.3, paired.HIGHER)}), "message_first")
    assert "no other goal" in second


def test_without_the_primary_measure_there_is_no_answer():
    assert answer(summary(partners=(0.1, paired.BETTER)), "message_first")[0].startswith("No answer is given")
    assert sign_changes(summary(partners=(0.1, paired.BETTER)), "message_first") == []


@pytest.mark.parametrize(
    ("difference", "verdict", "turned"),
    [(-0.02, paired.WORSE, True), (-0.02, paired.NOT_DECIDED, False), (0.02, paired.BETTER, False), (-0.02, paired.NO_DIFFERENCE, False)],
)
def test_another_definition_of_success_turns_the_sign_only_when_decided(difference, verdict, turned):
    name = SUCCESS_VARIANTS[0]
    found = sign_changes(summary(**{PRIMARY: (0.03, paired.BETTER), name: (difference, verdict)}), "message_first")
    assert [line.partition(" (")[0] for line in found] == ([f"{MEASURES[name].title}: -2.00 points"] if turned else [])
