"""The answer in words, from rows that are made up: each verdict has its words, and nothing is said twice."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from experiments.comparison.answer import answer, by_size, sign_changes, within
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
    (first,) = answer(summary(**{PRIMARY: (0.03, verdict)}), "message_first")
    margin = ": within the margin of 0.5 points" * (verdict == paired.NO_DIFFERENCE)
    assert (
        first
        == f"Against connect-first, {words}: 23.0% of all intents instead of 20.0%, a difference of +3.0 points (95% confidence interval +2.0 to +4.0){margin}."
    )


def test_each_verdict_has_its_sentence_and_all_are_named():
    rows = {
        PRIMARY: (0.03, paired.BETTER),
        "partners": (0.1, paired.BETTER),  # two smallest effects of 0.05
        "mean_connections": (0.4, paired.BETTER),  # 1.6 of 0.25
        "reports": (2.0, paired.WORSE),
        "retention": (0.001, paired.NOT_DECIDED),
        "two_hop_reach": (0.0, paired.NO_DIFFERENCE),
    }
    assert answer(summary(**rows), "message_first")[1:] == [
        "Better (in % of connect-first): two-way partners per member (+50%) and connections per member (+200%).",
        "Worse (in % of connect-first): reports (+1000%).",
        "No difference that matters: members within two hops (+0.0 points).",
        "Not decided: retention.",
    ]


def test_a_title_with_a_comma_does_not_break_the_list():
    rows = {PRIMARY: (0.03, paired.BETTER), "unwelcome_p95": (0.1, paired.WORSE), "retention": (0.0, paired.NOT_DECIDED)}
    assert answer(summary(**rows), "message_first")[1] == "Worse (in % of connect-first): unwelcome items (95th percentile, +50%)."
    rows["unwelcome_p95"] = (0.1, paired.NOT_DECIDED)
    assert answer(summary(**rows), "message_first")[1] == "Not decided: unwelcome items (95th percentile) and retention."


def test_what_is_sure_and_does_not_matter_says_the_margin():
    rows = summary(**{PRIMARY: (0.001, paired.NO_DIFFERENCE), "retention": (-0.004, paired.NO_DIFFERENCE)})
    rows["ci_low"], rows["ci_high"] = rows.difference - 0.0005, rows.difference + 0.0005
    first, second = answer(rows, "message_first")
    assert first.endswith("+0.10 points (95% confidence interval +0.05 to +0.15): within the margin of 0.5 points.")
    assert second == "No difference that matters: retention (-0.40 points, within the margin of 0.5 points)."


@pytest.mark.parametrize(
    ("difference", "half", "note"),
    [
        (-0.0036, 0.0019, ", perhaps within the margin of 0.5 points"),  # -0.55 to -0.17 points
        (-0.0070, 0.0019, ""),  # -0.89 to -0.51
        (-0.0070, 0.0021, ", perhaps within the margin of 0.5 points"),  # -0.91 to -0.49
    ],
)
def test_what_is_sure_and_perhaps_too_small_says_so(difference, half, note):
    rows = summary(**{PRIMARY: (0.03, paired.BETTER), "retention": (difference, paired.WORSE)})
    rows["ci_low"], rows["ci_high"] = rows.difference - half, rows.difference + half
    assert answer(rows, "message_first")[1] == f"Worse: retention ({100 * difference:.2f} points{note})."


@pytest.mark.parametrize(
    ("low", "high", "note"),
    [
        (0.0, 0.004, ""),
        (-0.004, 0.0, ""),
        (0.001, 0.004, "within the margin of 0.5 points"),
        (-0.004, -0.001, "within the margin of 0.5 points"),
    ],
)
def test_a_bound_at_zero_is_not_sure(low, high, note):
    row = pd.Series({"ci_low": low, "ci_high": high, "verdict": paired.NO_DIFFERENCE, "unit": "share"})
    assert within(row, 0.005) == note


@pytest.mark.parametrize(("low", "note"), [(0.005, ""), (0.0049, "perhaps within the margin of 0.5 points")])
def test_a_bound_at_the_margin_is_not_within_it(low, note):
    assert within(pd.Series({"ci_low": low, "ci_high": 0.009, "verdict": paired.BETTER, "unit": "share"}), 0.005) == note


def test_levels_are_told_apart_though_the_interval_is_wide():
    rows = summary(**{PRIMARY: (0.03, paired.BETTER), "successes_per_member": (0.004, paired.NOT_DECIDED)})
    rows["ci_low"], rows["ci_high"] = rows.difference - 0.6, rows.difference + 0.6
    assert "0.204 instead of 0.2, a difference of +0.0 (95% confidence interval -0.6 to +0.6)" in answer(rows, "message_first")[1]


def test_beside_a_difference_in_per_cent_the_margin_is_in_per_cent_of_the_same():
    rows = summary(**{PRIMARY: (0.03, paired.BETTER), "partners": (0.055, paired.BETTER), "reports": (1.005, paired.WORSE)})
    rows["mean_reference"] = [0.2, 0.4, 8.0]
    better, worse = answer(rows, "message_first")[1:]
    # 0.055 of 0.4, perhaps less than 0.05 of it; 1.005 of 8, perhaps less than 1 of it
    assert better == "Better (in % of connect-first): two-way partners per member (+13.8%, perhaps within the margin of 12%)."
    assert worse == "Worse (in % of connect-first): reports (+12.6%, perhaps within the margin of 12%)."
    rows["mean_reference"] = 0.0
    assert answer(rows, "message_first")[1] == "Better: two-way partners per member (+0.055, perhaps within the margin of 0.05)."


def test_what_has_no_smallest_effect_stands_first():
    own = dataclasses.replace(MEASURES["partners"], name="own", smallest_effect=0.0)
    catalogue = dict(MEASURES) | {"own": own}
    rows = pd.DataFrame({"difference": {"reports": 900.0, "own": 0.1}})
    assert by_size(rows, catalogue) == ["own", "reports"]


def test_sizes_that_are_equal_to_any_reader_stand_in_the_order_of_the_alphabet():
    """Both differ by three times their smallest effects, but for what arithmetic leaves in the tenth digit."""
    least = {name: MEASURES[name].smallest_effect for name in ("partners", "reports")}
    rows = pd.DataFrame({"difference": {"reports": 3.0000000002 * least["reports"], "partners": 3.0 * least["partners"]}})
    assert by_size(rows, MEASURES) == ["partners", "reports"]
    rows.loc["reports", "difference"] = 3.00001 * least["reports"]
    assert by_size(rows, MEASURES) == ["reports", "partners"]


def test_context_is_not_part_of_the_answer():
    assert len(answer(summary(**{PRIMARY: (0.0, paired.NOT_DECIDED), "message_share": (0.3, paired.HIGHER)}), "message_first")) == 1


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
    assert found == ([f"{MEASURES[name].title}: -2.0 points (95% confidence interval -3.0 to -1.0)"] if turned else [])


SMALL = {PRIMARY: Figures(0.2, 0.01, 0.0005, 0.0005)}


REST = [
    # -0.3 / 1 is 15 smallest effects, 0.4 / 2 is 8; -0.05 is 10, 4 / 20 is 4
    "Better (in % of connect-first): unwelcome items read (-30%) and two-way partners per member (+20%).",
    "Worse (shares, in percentage points): retention (-5.0 points).",
    "Worse (in % of connect-first): reports (+20%).",
]


@pytest.mark.parametrize(
    ("rows", "arms", "told"),
    [
        (
            DECIDED,
            (REFERENCE, ARM),
            [
                # 0.03 -+ 4.303 * 0.002 / root 3
                "Against connect-first, message-first raises intent success: 23.00% of all intents instead of 20.00%, a difference of +3.00 points (95% confidence interval +2.50 to +3.50).",
                *REST,
            ],
        ),
        (
            DECIDED,
            (ARM, REFERENCE),
            [
                "Against message-first, connect-first lowers intent success: 20.00% of all intents instead of 23.00%, a difference of -3.00 points (95% confidence interval -3.50 to -2.50).",
                # 0.05; -4 / 24; 0.3 / 0.7, -0.4 / 2.4
                "Better (shares, in percentage points): retention (+5.0 points).",
                "Better (in % of message-first): reports (-17%).",
                "Worse (in % of message-first): unwelcome items read (+43%) and two-way partners per member (-17%).",
            ],
        ),
        (
            OPEN,
            (REFERENCE, ARM),
            [
                # 0.01 -+ 4.303 * 0.02 / root 3
                "Against connect-first, message-first has no decided effect on intent success: 21.0% of all intents instead of 20.0%, a difference of +1.0 points (95% confidence interval -4.0 to +6.0).",
                # 0.05 -+ 9.925 * 0.01 / root 3 of 50; -0.001 -+ 9.925 * 0.0005 / root 3
                "No difference that matters (in % of connect-first): connections per member (+0.1%).",
                "No difference that matters (shares, in percentage points): retention (-0.10 points).",
                "Not decided: two-way partners per member and reports.",
            ],
        ),
        (
            SMALL | {name: figures for name, figures in DECIDED.items() if name != PRIMARY},
            (REFERENCE, ARM),
            [
                "Against connect-first, message-first makes no difference that matters to intent success: 20.05% of all intents instead of 20.00%, a difference of +0.05 points (95% confidence interval -0.07 to +0.17).",
                *REST,
            ],
        ),
    ],
)
def test_sentences_of_a_summary_made_by_hand(rows, arms, told):
    reference, arm = arms
    assert answer(summary_table(three_pairs(rows), list(arms), reference), arm) == told


def test_the_largest_harm_is_never_left_to_another_measure():
    rows = {PRIMARY: (0.03, paired.BETTER), "reports": (2.0, paired.WORSE), "restricted_not_promoting": (4.0, paired.WORSE)}
    assert (
        answer(summary(**rows), "message_first")[1]
        == "Worse (in % of connect-first): restricted without promoting (+2000%) and reports (+1000%)."
    )


def test_an_arm_is_answered_from_its_own_rows_and_a_change_from_nothing_has_no_percentage():
    rows = summary(**{PRIMARY: (0.03, paired.BETTER), "partners": (0.1, paired.BETTER)})
    rows.loc[1, "mean_reference"] = 0.0
    other = rows.assign(arm="both_equal", verdict=paired.WORSE)
    _, second = answer(pd.concat([other, rows], ignore_index=True), "message_first")
    assert second == "Better: two-way partners per member (+0.100)."
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


def test_the_co_primary_measure_has_a_sentence_of_its_own_and_stands_in_no_list():
    rows = {PRIMARY: (0.03, paired.BETTER), "successes_per_member": (0.3, paired.BETTER), "partners": (0.1, paired.BETTER)}
    _, second, third = answer(summary(**rows), ARM)
    assert second.startswith("It raises successes per member, the co-primary measure: 0.500 instead of 0.200, ")
    assert second.endswith("+0.300 (95% confidence interval +0.290 to +0.310).")
    assert "partners" in third
    assert "successes" not in third


def test_a_co_primary_measure_within_its_margin_is_told_so():
    assert MEASURES["successes_per_member"].smallest_effect == 0.05
    _, second = answer(summary(**{PRIMARY: (0.03, paired.BETTER), "successes_per_member": (0.02, paired.NO_DIFFERENCE)}), ARM)
    assert second.startswith(
        "It makes no difference that matters to successes per member, the co-primary measure: 0.220 instead of 0.200, "
    )
    assert second.endswith(": within the margin of 0.05.")
