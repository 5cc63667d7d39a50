"""The article's findings in words."""

from __future__ import annotations

import math

import pytest

from experiments.article.contrasts import contrasts_of
from experiments.article.text import contrast_in_words, counted, effect_in_words, means_in_words, score, strength, surprises, where
from experiments.article.verdicts import ASSUMED, BORNE_OUT, CONTRADICTED, DEPENDS, NO_DIFFERENCE, NOT_DECIDED, NOT_TESTED, Finding, Reading
from experiments.methods.paired import Interval


def reading(statements, scenario, name, difference, verdict=BORNE_OUT, design=0):
    contrast = [c for c in contrasts_of(statements[name], scenario) if c.primary][design]
    return Reading(contrast, Interval(*difference), 0.25, 0.2, 10, verdict)


@pytest.mark.parametrize(
    ("name", "difference", "words"),
    [
        ("4.1", (0.05, 0.04, 0.06), "+5.00 points (+4.00 to +6.00)"),  # a share
        ("4.1", (-0.0001, -0.0003, 0.0001), "-0.0100 points (-0.0300 to +0.0100)"),  # a small one has more digits
        ("4.6", (-1.5, -2.0, -1.0), "-1.50 (-2.00 to -1.00)"),  # reports, which are no share
        ("4.1", (math.nan,) * 3, "undefined: nothing to count"),
    ],
)
def test_an_effect_is_told_in_its_unit(statements, scenario, name, difference, words):
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


def test_contrasts_are_told_by_what_they_change(statements):
    change = ", ".join(f"{path} {value:g}" for path, value in statements["4.1"].change.items())
    assert contrast_in_words(statements["4.1"]) == f"Members who follow ({change}) against the same members not following (as they are)."
    held = ", ".join(f"{path} {value:g}" for path, value in statements["11.2"].held.items())
    assert f"both with {held}" in contrast_in_words(statements["11.2"]) or f"in a network with {held}" in contrast_in_words(
        statements["11.2"]
    )
    assert contrast_in_words(statements["0.2"]) == "Message first against Connect first, everything else the same."


def finding(statements, scenario, name, verdict, *readings):
    return Finding(statements[name], [reading(statements, scenario, name, d, v, k) for k, (d, v) in enumerate(readings)], verdict)


def test_the_score_counts_what_is_counted(statements, scenario):
    verdicts = [BORNE_OUT, BORNE_OUT, CONTRADICTED, NO_DIFFERENCE, DEPENDS, NOT_DECIDED, ASSUMED, NOT_TESTED]
    counts = [name for name, one in statements.items() if one.counts]
    apart = next(name for name, one in statements.items() if not one.counts)
    found = [Finding(statements[name], [], verdict) for name, verdict in zip(counts, verdicts, strict=False)]
    found.append(Finding(statements[apart], [], CONTRADICTED))  # it belongs to none of the 92
    assert counted(found) == {**dict.fromkeys(verdicts, 1), BORNE_OUT: 2}
    first, second = score(found)
    assert first == (
        "Of 8 statements 6 are tested: 2 are borne out, 1 contradicted, 1 make no difference that matters, 1 depend on the design, "
        "1 are not decided."
    )
    assert second == "1 are assumed and 1 cannot be tested in the model."


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
