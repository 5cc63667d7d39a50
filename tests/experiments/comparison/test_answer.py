"""The answer in words, from rows that are made up: each verdict has its words, and nothing is said twice."""

from __future__ import annotations

import pandas as pd
import pytest

from experiments.comparison.answer import answer, sign_changes
from experiments.comparison.tables import summary_table
from experiments.methods import paired
from sim.results.measures import MEASURES, PRIMARY, SUCCESS_VARIANTS
from tests.helpers.summaries import ARM, DECIDED, OPEN, REFERENCE, Figures, three_pairs


def summary(**rows):
    """Rows by measure: a difference and a verdict."""
    found = []
    for name, (difference, verdict) in rows.items():
        m = MEASURES[name]
        found.append(
            {
                "measure": name,
                "unit": m.unit,
                "role": m.role,
                "arm": "message_first",
                "reference": "connect_first",
                "mean": 0.2 + difference,
                "mean_reference": 0.2,
                "difference": difference,
                "ci_low": difference - 0.01,
                "ci_high": difference + 0.01,
                "verdict": verdict,
            }
        )
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
    assert first == f"Against connect-first, {words}: 23.0% instead of 20.0%, +3.00 points (95% confidence interval +2.00 to +4.00)."
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
    assert found == ([f"{MEASURES[name].title}: -2.00 points (95% confidence interval -3.00 to -1.00)"] if turned else [])


SMALL = {PRIMARY: Figures(0.2, 0.01, 0.0005, 0.0005)}


@pytest.mark.parametrize(
    ("rows", "arms", "first", "second"),
    [
        (
            DECIDED,
            (REFERENCE, ARM),
            # 0.03 -+ 4.303 * 0.002 / root 3
            "Against connect-first, message-first raises intent success: 23.0% instead of 20.0%, +3.00 points (95% confidence interval +2.50 to +3.50).",
            # -0.3 / 1, 0.4 / 2; 4 / 20, -0.05 / 0.9
            (
                "Among the other goals and the guardrails, it is better on unwelcome items read (-30%) and two-way partners per member (+20%); "
                "worse on reports (+20%) and retention (-6%)."
            ),
        ),
        (
            DECIDED,
            (ARM, REFERENCE),
            "Against message-first, connect-first lowers intent success: 20.0% instead of 23.0%, -3.00 points (95% confidence interval -3.50 to -2.50).",
            # -4 / 24, 0.05 / 0.85; 0.3 / 0.7, -0.4 / 2.4
            (
                "Among the other goals and the guardrails, it is better on reports (-17%) and retention (+6%); "
                "worse on unwelcome items read (+43%) and two-way partners per member (-17%)."
            ),
        ),
        (
            OPEN,
            (REFERENCE, ARM),
            # 0.01 -+ 4.303 * 0.02 / root 3
            (
                "Against connect-first, message-first has no decided effect on intent success: 21.0% instead of 20.0%, +1.00 points "
                "(95% confidence interval -3.97 to +5.97)."
            ),
            (
                "Among the other goals and the guardrails, no other goal or guardrail differs in a way that is both decided and matters; "
                "2 of 4 are not decided."
            ),
        ),
        (
            SMALL | {name: figures for name, figures in DECIDED.items() if name != PRIMARY},
            (REFERENCE, ARM),
            (
                "Against connect-first, message-first makes no difference that matters to intent success: 20.1% instead of 20.0%, +0.05 points "
                "(95% confidence interval -0.07 to +0.17)."
            ),
            (
                "Among the other goals and the guardrails, it is better on unwelcome items read (-30%) and two-way partners per member (+20%); "
                "worse on reports (+20%) and retention (-6%)."
            ),
        ),
    ],
)
def test_sentences_of_a_summary_made_by_hand(rows, arms, first, second):
    reference, arm = arms
    assert answer(summary_table(three_pairs(rows), list(arms), reference), arm) == [first, second]


@pytest.mark.parametrize(
    ("silent", "told"),
    [("unwelcome_delivered", "unwelcome_read"), ("unwelcome_p95", "unwelcome_read"), ("restricted_not_promoting", "reports")],
)
def test_which_measure_speaks_for_which(silent, told):
    rows = {PRIMARY: (0.03, paired.BETTER), silent: (-0.1, paired.BETTER), told: (-0.1, paired.BETTER)}
    _, second = answer(summary(**rows), "message_first")
    assert second == f"Among the other goals and the guardrails, it is better on {MEASURES[told].title.lower()} (-50%)."
    alone = {PRIMARY: (0.03, paired.BETTER), silent: (-0.1, paired.BETTER), told: (-0.1, paired.WORSE)}
    _, second = answer(summary(**alone), "message_first")
    assert f"it is better on {MEASURES[silent].title.lower()} (-50%); worse on {MEASURES[told].title.lower()} (-50%)." in second


def test_an_arm_is_answered_from_its_own_rows_and_a_change_from_nothing_has_no_percentage():
    rows = summary(**{PRIMARY: (0.03, paired.BETTER), "partners": (0.1, paired.BETTER)})
    rows.loc[1, "mean_reference"] = 0.0
    other = rows.assign(arm="both_equal", verdict=paired.WORSE)
    _, second = answer(pd.concat([other, rows], ignore_index=True), "message_first")
    assert second == "Among the other goals and the guardrails, it is better on two-way partners per member."
    assert answer(pd.concat([other, rows]), "both_equal")[0].startswith("Against connect-first, both-equal lowers intent success")


def test_without_the_primary_measure_the_days_that_it_needs_are_said():
    found = answer(summary(partners=(0.1, paired.BETTER)), "message_first")
    assert found == ["No answer is given: the primary measure, intent success, needs 61 days or more after the switch."]


@pytest.mark.parametrize(
    ("primary", "other", "turned"), [(-0.03, 0.02, True), (-0.03, -0.02, False), (0.0, 0.02, True), (0.0, -0.02, False)]
)
def test_a_sign_turns_from_the_primary_measures_either_way(primary, other, turned):
    name = SUCCESS_VARIANTS[-1]
    rows = {PRIMARY: (primary, paired.WORSE), name: (other, paired.BETTER if other > 0.0 else paired.WORSE)}
    assert bool(sign_changes(summary(**rows), "message_first")) is turned
    zero = {PRIMARY: (0.03, paired.BETTER), name: (0.0, paired.WORSE)}
    assert len(sign_changes(summary(**zero), "message_first")) == 1
