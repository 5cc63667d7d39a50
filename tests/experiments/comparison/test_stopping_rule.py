"""The stopping rule: twenty pairs at least, the same for all arms, and what is precise or decided by figures worked out by hand."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from experiments.comparison.stopping_rule import DECIDED, PRECISE, enough
from experiments.runs.record import Record
from sim.results.measures import MEASURES, PRIMARY

SMALLEST = MEASURES[PRIMARY].smallest_effect


def asked(until, pairs=2, arms=("a",)):
    return SimpleNamespace(pairs=pairs, until=until, precision=0.1, reference="base", order=["base", *arms])


def seen(many, mean, spread, *, other=None):
    """Pairs whose differences lie on both sides of a mean, in turn."""

    def record(x):
        return Record({PRIMARY: (None, None, x)}, {}, {})

    differences = [mean + (spread if k % 2 else -spread) for k in range(many)]
    found = [{"base": record(0.2), "a": record(0.2 + d)} for d in differences]
    if other is not None:
        for pair, k in zip(found, range(many), strict=True):
            pair["b"] = record(0.2 + (other if k % 2 else -other))
    return found


@pytest.mark.parametrize(("many", "expected"), [(4, False), (5, True), (6, True)])
def test_without_a_rule_there_are_as_many_as_were_asked_for(many, expected):
    assert enough(asked(None, pairs=5), seen(many, 0.0, 1.0)) == expected


@pytest.mark.parametrize("until", [PRECISE, DECIDED])
@pytest.mark.parametrize(("many", "expected"), [(19, False), (20, True)])
def test_a_rule_looks_from_twenty_pairs_on(until, many, expected):
    assert enough(asked(until), seen(many, 0.1, 1e-4)) == expected


@pytest.mark.parametrize("until", [PRECISE, DECIDED])
def test_a_rule_is_not_content_before_the_pairs_that_were_asked_for(until):
    assert not enough(asked(until, pairs=30), seen(29, 0.1, 1e-4))
    assert enough(asked(until, pairs=30), seen(30, 0.1, 1e-4))


# of 20 pairs at mean +- s: t is 2.093, the standard deviation s * sqrt(20 / 19), so the half-width 0.4802 s
@pytest.mark.parametrize(("spread", "expected"), [(0.99 * 0.1 / 1.1 / 0.4802, True), (1.01 * 0.1 / 1.1 / 0.4802, False)])
def test_precise_is_within_a_tenth_of_a_difference_of_one(spread, expected):
    assert enough(asked(PRECISE), seen(20, 1.0, spread)) == expected


@pytest.mark.parametrize(("share", "expected"), [(0.49, True), (0.51, False)])
def test_precise_near_zero_is_less_than_half_the_smallest_effect(share, expected):
    assert enough(asked(PRECISE), seen(20, 0.0, share * SMALLEST / 0.4802)) == expected


def test_a_small_difference_is_decided_once_it_surely_is_small():
    assert enough(asked(DECIDED), seen(20, 0.0, 0.1 * SMALLEST))
    assert not enough(asked(DECIDED), seen(20, 0.0, 20.0 * SMALLEST))


def test_all_arms_must_be_decided():
    assert enough(asked(DECIDED, arms=("a", "b")), seen(20, 0.1, 1e-4, other=1e-5))
    assert not enough(asked(DECIDED, arms=("a", "b")), seen(20, 0.1, 1e-4, other=0.3))
