"""Rows of numbers: what all choices of a style have in common is computed once."""

from __future__ import annotations

import math

import pytest

from sim import load_scenario
from sim.scenario.rows import weighed

LN3 = math.log(3.0)


def test_what_choices_of_a_style_have_in_common():
    """A weight e^(ln 2) of walking away; odds of a note e^(0.5 ln 3 / 0.5) = 3, whose mean with 1 is 2: 0.5 ln 2."""
    found = weighed({"walk_away": math.log(2.0), "note": 0.5 * LN3, "opens": 0.3}, nest=0.5)
    assert list(found) == ["walk_away", "note", "opens", "walk_weight", "note_odds", "note_value"]
    assert (found["walk_weight"], found["note_odds"], found["note_value"]) == pytest.approx((2.0, 3.0, 0.5 * math.log(2.0)), abs=1e-14)
    indifferent = weighed({"walk_away": 0.0, "note": 0.0}, nest=0.9)
    assert [indifferent[name] for name in ("walk_weight", "note_odds", "note_value")] == [1.0, 1.0, 0.0]


def test_both_engines_read_them_by_the_nest_of_the_scenario():
    scenario = load_scenario("baseline").with_(**{"outreach.nest": 0.25, "styles.seller.note": 0.25 * LN3})
    seller = scenario.style_names.index("seller")
    for rows in (scenario.rows(), scenario.namespaces()):
        assert rows.styles[seller].note_odds == pytest.approx(3.0, abs=1e-14)
        assert rows.styles[seller].walk_weight == math.exp(scenario.styles["seller"].walk_away)
