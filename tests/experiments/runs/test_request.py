"""What is asked of a comparison: order, how many pairs at most, and what is refused, on both sides of each bound."""

from __future__ import annotations

import pytest

from experiments.runs.keys import arms_of
from experiments.runs.request import LEAST_MEMBERS, LEAST_PAIRS, Request
from sim import load_scenario
from sim.errors import BadInput
from sim.results.measures import MEASURES, PRIMARY

WINDOW = MEASURES[PRIMARY].window


def asked(members=60, days=90, **more):
    scenario = load_scenario(members=members, days=days, warm_up=5)
    return Request(scenario, arms_of(scenario, ["connect_first", "message_first", "both_equal"]), "message_first", **more)


def test_the_reference_comes_first_and_the_others_as_they_were_given():
    assert asked().order == ["message_first", "connect_first", "both_equal"]


@pytest.mark.parametrize(
    ("until", "pairs", "most", "expected"), [(None, 20, 40, 20), ("precise", 20, 40, 40), ("precise", 50, 40, 50), (None, 50, 40, 50)]
)
def test_how_many_pairs_there_may_be(until, pairs, most, expected):
    assert asked(until=until, pairs=pairs, max_pairs=most).most == expected


@pytest.mark.parametrize(
    "allowed", [{"members": LEAST_MEMBERS}, {"days": 1}, {"pairs": LEAST_PAIRS}, {"days": WINDOW + 1, "until": "precise"}], ids=str
)
def test_the_least_is_allowed(allowed):
    asked(**allowed).check()


@pytest.mark.parametrize(
    ("refused", "flag"),
    [
        ({"members": LEAST_MEMBERS - 1}, "--members"),
        ({"days": 0}, "--days"),
        ({"pairs": LEAST_PAIRS - 1}, "--pairs"),
        ({"days": WINDOW, "until": "precise"}, "--until"),
    ],
    ids=str,
)
def test_less_is_refused_by_its_flag(refused, flag):
    with pytest.raises(BadInput, match=flag):
        asked(**refused).check()


def test_the_primary_measure_fits_once_its_window_does():
    assert asked(days=WINDOW + 1).primary_fits
    assert not asked(days=WINDOW).primary_fits
