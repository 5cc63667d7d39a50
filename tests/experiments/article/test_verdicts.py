"""Verdicts follow from direction, interval and smallest effect, under each design and together."""

from __future__ import annotations

import pytest

from experiments.article.contrasts import contrasts_of
from experiments.article.verdicts import BORNE_OUT, CONTRADICTED, DEPENDS, NO_DIFFERENCE, NOT_DECIDED, findings, verdict_of, verdict_on
from experiments.methods.paired import Interval


def test_a_verdict_follows_from_direction_interval_and_smallest_effect(statements):
    higher, lower = statements["4.1"], statements["4.6"]
    assert verdict_of(Interval(0.02, 0.01, 0.03), higher) == BORNE_OUT
    assert verdict_of(Interval(-0.02, -0.03, -0.01), higher) == CONTRADICTED
    assert verdict_of(Interval(-5.0, -6.0, -4.0), lower) == BORNE_OUT
    assert verdict_of(Interval(0.001, -0.001, 0.003), higher) == NO_DIFFERENCE
    assert verdict_of(Interval(0.01, -0.001, 0.021), higher) == NOT_DECIDED


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        ([BORNE_OUT, BORNE_OUT], BORNE_OUT),
        ([BORNE_OUT, CONTRADICTED], DEPENDS),
        ([BORNE_OUT, NO_DIFFERENCE], DEPENDS),
        ([BORNE_OUT, NOT_DECIDED], NOT_DECIDED),
        ([NO_DIFFERENCE], NO_DIFFERENCE),
    ],
)
def test_a_statement_is_borne_out_only_if_it_is_under_both_designs(statements, scenario, words, verdict):
    contrasts = [c for c in contrasts_of(statements["4.1"], scenario) if c.primary]
    figures = {arm: [{c.figure: (None, None, 0.1)}] * 3 for c in contrasts for arm in (c.with_, c.without)}
    readings = [
        r._replace(verdict=word)
        for r, word in zip(findings([statements["4.1"]], contrasts, figures, 2)[0].readings, words, strict=len(words) == 2)
    ]
    assert verdict_on(readings) == verdict
