"""The article's findings in words."""

from __future__ import annotations

import math

import pytest

from experiments.article.contrasts import contrasts_of
from experiments.article.text import (
    changes_in_words,
    contrast_in_words,
    effect_in_words,
    headline,
    means_in_words,
    measure_in_words,
    question,
    score,
    strength,
    surprises,
    tally,
    where,
)
from experiments.article.verdicts import ASSUMED, BORNE_OUT, CONTRADICTED, DEPENDS, NO_DIFFERENCE, NOT_DECIDED, NOT_TESTED, Finding, Reading
from experiments.methods.paired import Interval
from sim.results.measures import MEASURES


def reading(statements, scenario, name, difference, verdict=BORNE_OUT, design=0):
    contrast = [c for c in contrasts_of(statements[name], scenario) if c.primary][design]
    return Reading(contrast, Interval(*difference), 0.25, 0.2, 10, verdict)


@pytest.mark.parametrize(
    ("name", "difference", "words"),
    [
        # two digits of the interval's width: 2 points, 0.06 points, a report
        ("4.1", (0.05, 0.04, 0.06), "+5.0 points (+4.0 to +6.0)"),
        ("4.1", (-0.0001, -0.0004, 0.0002), "-0.010 points (-0.040 to +0.020)"),
        ("4.6", (-1.5, -2.0, -1.0), "-1.5 (-2.0 to -1.0)"),
        ("4.6", (-15.0, -40.0, 10.0), "-15 (-40 to +10)"),
        ("4.1", (0.05, 0.05, 0.05), "+5 points (the same in every pair)"),
        ("4.1", (0.05, math.nan, math.nan), "+5 points (no interval)"),
        ("4.1", (math.nan,) * 3, "no figure: in no pair of runs was there anything that positive response to messages counts"),
    ],
)
def test_an_effect_is_told_in_its_unit_with_the_digits_of_its_interval(statements, scenario, name, difference, words):
    assert effect_in_words(reading(statements, scenario, name, difference)) == words


def test_means_and_designs_are_told(statements, scenario):
    one = reading(statements, scenario, "4.1", (0.05, 0.04, 0.06))
    assert means_in_words(one) == "25.0% instead of 20.0%"
    assert where(one) == "under connect-first"
    assert where(reading(statements, scenario, "0.2", (0.1, 0.1, 0.1))) == "between the designs"


def test_strength_is_in_smallest_effects_and_above_zero_where_it_bears_the_claim_out(statements, scenario):
    higher, lower = statements["4.1"], statements["4.6"]
    assert (higher.direction, lower.direction) == ("higher", "lower")
    assert strength(reading(statements, scenario, "4.1", (2.0 * higher.smallest,) * 3)) == pytest.approx(2.0)
    assert strength(reading(statements, scenario, "4.6", (2.0 * lower.smallest,) * 3)) == pytest.approx(-2.0)


def test_contrasts_are_told_with_what_they_change(statements):
    assert contrast_in_words(statements["4.1"]) == "Members who follow the advice against the same members not following it."
    assert changes_in_words(statements["4.1"]) == [("style.personalised", "0.95", "as in the baseline")]
    held = statements["11.2"].held
    assert "differs from the baseline in the same way on both sides" in contrast_in_words(statements["11.2"])
    assert [row for row in changes_in_words(statements["11.2"]) if row[0] in held] == [(k, f"{x:g}", f"{x:g}") for k, x in held.items()]
    assert contrast_in_words(statements["0.2"]) == "Message-first against connect-first, everything else the same."
    assert changes_in_words(statements["0.2"]) == []
    assert contrast_in_words(statements["2.5"]).endswith(" The figure is that of the recipients in the highest third by selectivity.")


def test_a_measure_is_told_with_the_one_that_its_definition_speaks_of():
    assert measure_in_words(MEASURES["reports"]) == "Reports. Items reported, per 1,000 approaches."
    told = measure_in_words(MEASURES["far_partners"])
    assert told.startswith("Distant partners per member. Of those, partners who were beyond ")
    assert told.endswith(f" Two-way partners per member: {MEASURES['partners'].definition}")
    assert f" Intent success: {MEASURES['intent_success'].definition}" in measure_in_words(MEASURES["inquiry_success"])


def finding(statements, scenario, name, verdict, *readings):
    return Finding(statements[name], [reading(statements, scenario, name, d, v, k) for k, (d, v) in enumerate(readings)], verdict)


def test_the_score_counts_what_is_counted(statements, scenario):
    verdicts = [BORNE_OUT, BORNE_OUT, CONTRADICTED, NO_DIFFERENCE, DEPENDS, NOT_DECIDED, ASSUMED, NOT_TESTED]
    counts = [name for name, one in statements.items() if one.counts]
    apart = next(name for name, one in statements.items() if not one.counts)
    found = [Finding(statements[name], [], verdict) for name, verdict in zip(counts, verdicts, strict=False)]
    found.append(Finding(statements[apart], [], CONTRADICTED))  # it belongs to none of the 92
    assert tally(found) == {**dict.fromkeys(verdicts, 1), BORNE_OUT: 2}
    first, second = score(found)
    assert first == (
        "Of 8 statements, 6 are tested: 2 are borne out, 1 is contradicted, 1 makes no difference that matters, 1 depends on the design, "
        "1 is not decided."
    )
    assert second == "1 is assumed and 1 cannot be tested in the model."
    assert headline(found) == "2 of 6 tested statements are borne out, 1 contradicted"
    assert score(found[:2]) == ["Of 2 statements, all 2 are tested: 2 are borne out."]
    assert score(found[6:8]) == ["Of 2 statements, none are tested.", "1 is assumed and 1 cannot be tested in the model."]
    assert headline(found[6:8]) == "None of 2 statements is tested"
    assert headline([found[0], found[6]]) == "1 of 1 tested statement is borne out, 0 contradicted"


def test_statements_beside_the_92_are_counted_where_nothing_else_was_asked(statements):
    apart = [Finding(one, [], CONTRADICTED) for one in statements.values() if not one.counts]
    assert len(apart) == 3
    assert score(apart) == ["Of 3 statements, all 3 are tested: 3 are contradicted."]


def test_one_statement_is_no_score(statements, scenario):
    one = finding(statements, scenario, "4.1", CONTRADICTED, ((-0.05, -0.06, -0.04), CONTRADICTED))
    first, second = score([one])
    assert first == "The statement is contradicted."
    assert second == (
        f"“{one.statement.claim}” In the model: contradicted. Positive response to messages: "
        "under connect-first 25.0% instead of 20.0%, -5.0 points (95% confidence interval -6.0 to -4.0)."
    )
    assert surprises([one]) == []
    assert question([one]) == "Does the model bear out the article’s statement 4.1?"
    assert score([Finding(statements["5.3"], [], NOT_TESTED)]) == ["The statement cannot be tested in the model."]


def test_the_question_names_what_was_asked(statements):
    found = [Finding(one, [], NOT_TESTED) for one in statements.values()]
    assert question(found) == "How much of the article’s advice does the model bear out?"
    rules = [one for one in found if one.statement.heading == "Messaging etiquette"]
    assert question(rules) == "How much of the article’s advice on “Messaging etiquette” does the model bear out?"


def test_what_designs_turn_round_surprises_most_then_what_contradicts_most(statements, scenario):
    weak, strong = (-0.01, -0.02, -0.005), (-0.3, -0.4, -0.2)
    good = (0.01, 0.005, 0.02)
    turned = finding(statements, scenario, "4.1", DEPENDS, (good, BORNE_OUT), (weak, CONTRADICTED))
    little = finding(statements, scenario, "4.2", CONTRADICTED, (weak, CONTRADICTED), (weak, CONTRADICTED))
    much = finding(statements, scenario, "4.3", CONTRADICTED, (strong, CONTRADICTED), (strong, CONTRADICTED))
    fine = finding(statements, scenario, "4.4", BORNE_OUT, (good, BORNE_OUT), (good, BORNE_OUT))
    told = surprises([fine, little, turned, much, turned])
    assert [line.partition("”")[0].removeprefix("“") for line in told] == [one.statement.claim for one in (turned, much, little)]
    assert "depends on the design" in told[0]
