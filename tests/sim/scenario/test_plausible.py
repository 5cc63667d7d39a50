"""Where an assumed number may well lie: by what the schema says, or by the rule."""

from __future__ import annotations

import pytest

from sim.scenario.fields import Plausible
from sim.scenario.parameters import SECTIONS
from sim.scenario.plausible import FACTOR, LOGIT, ODDS, ZERO, plausible
from sim.scenario.scenario import load_scenario
from sim.scenario.template import parameter_table
from sim.scenario.validation import Limit, limits


def limit(low, high, unit, source="assumption: because so", said=None, kind=float):
    return Limit(kind, low, high, unit, 0.0, source, said)


@pytest.mark.parametrize(
    ("of", "value", "found"),
    [
        (limit(-6.0, 2.0, "logit"), -2.0, (-3.0, -1.0, LOGIT)),
        (limit(-6.0, 2.0, "logit"), 1.5, (0.5, 2.0, LOGIT)),  # a bound stops it
        (limit(0.0, 1.0, "share of no"), 0.5, (1 / 3, 2 / 3, ODDS)),
        (limit(0.0, 1.0, "chance"), 1.0, (9 / 11, 1.0, ODDS)),  # certainty has no odds
        (limit(0.0, 200.0, "days"), 30.0, (15.0, 60.0, FACTOR)),
        (limit(-2.0, 0.0, "logit per ln"), -0.3, (-0.6, -0.15, FACTOR)),
        (limit(-1.0, 1.0, "correlation"), 0.0, (-0.2, 0.2, ZERO)),
        (limit(0.0, 50.0, "days"), 0.0, (0.0, 5.0, ZERO)),
        (limit(0.0, 9.0, "days", said=Plausible(1.0, 2.0, "because told")), 1.5, (1.0, 2.0, "because told")),
        (limit(0.0, 9.0, "days", said=Plausible(1.0, 2.0, "because told")), 4.0, (1.0, 4.0, "because told")),  # it holds the value
    ],
)
def test_a_range_is_told_or_follows_the_rule_within_the_bounds(of, value, found):
    got = plausible(of, value)
    assert got[:2] == pytest.approx(found[:2])
    assert got.why == found[2]


@pytest.mark.parametrize(("value", "found"), [(3, (1, 6)), (1, (0, 2)), (0, (0, 1)), (8, (4, 8))])
def test_ranges_of_whole_numbers_end_at_whole_numbers(value, found):
    assert plausible(limit(0, 8, "follow-ups", kind=int), value)[:2] == found


@pytest.mark.parametrize("source", ["definition: so it is", "published: a study (read in secondary text)", "from memory: x, not confirmed"])
def test_what_is_not_assumed_has_no_range(source):
    assert plausible(limit(0.0, 1.0, "share", source), 0.5) is None


def test_every_assumed_number_has_a_range_within_its_bounds_that_holds_its_value_and_a_because():
    assumed = [row for row in parameter_table() if row["source"].startswith("assumption")]
    assert len(assumed) > 200
    for row in assumed:
        assert row["low"] <= row["plausible_low"] <= row["default"] <= row["plausible_high"] <= row["high"], row
        assert row["plausible_low"] < row["plausible_high"], row
        assert row["plausible_why"].startswith("because "), row


def test_a_range_that_the_schema_says_holds_the_default_and_is_narrower_than_the_bounds():
    told = [(name, key, of) for name, model in SECTIONS.items() for key, of in limits(model).items() if of.said]
    assert len(told) > 15
    for name, key, of in told:
        assert of.low <= of.said.low <= of.default <= of.said.high <= of.high, (name, key)
        assert of.source.startswith("assumption"), (name, key)


def test_a_schema_with_ranges_reads_scenarios_as_before():
    assert load_scenario(members=30).reply.base == limits(SECTIONS["reply"])["base"].default
