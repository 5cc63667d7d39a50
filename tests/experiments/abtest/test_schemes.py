"""Schemes: each has readings, each makes a scenario that mixes two designs, and limits of a sender are told."""

from __future__ import annotations

import pytest

from experiments.abtest import schemes
from experiments.abtest.metrics import CREDITS
from experiments.abtest.schemes import BY_BLOCK, SCHEMES, limits_that_differ, mixed, readings_of, steps_of
from sim import load_scenario
from tests.experiments.abtest.worlds_of import ARMS, base


@pytest.mark.parametrize("name", SCHEMES)
def test_every_scheme_is_a_mixture_and_can_be_read(name):
    found = mixed(base(), ARMS, name, share=0.25, draw=7, days=28)
    treated = 0.5 if name in BY_BLOCK else 0.25  # blocks take turns
    assert found.design_shares == {ARMS[0]: 1.0 - treated, ARMS[1]: treated}
    assert (found.design, found.design_draw) == (ARMS[1], 7)
    readings = readings_of(SCHEMES[name])
    assert readings
    assert len(readings) == len(set(readings))
    assert {credit for credit, _ in readings} <= set(CREDITS)
    assert {estimator for _, estimator in readings} <= set(schemes.ESTIMATORS)


def test_scenarios_of_schemes_differ():
    made = {mixed(base(), ARMS, name, share=0.5, draw=1, days=28).canonical_json() for name in SCHEMES}
    assert len(made) == len(SCHEMES)


def test_the_steps_of_a_ramp_fill_the_test():
    assert mixed(base(), ARMS, "ramp", share=0.5, draw=1, days=28).design_block == steps_of(28) == 7
    assert steps_of(2) == 1


def test_pairs_follow_the_profile_and_so_cannot_have_limits_of_their_own():
    designs = load_scenario().with_design("message_credits").designs
    assert limits_that_differ(designs["message_credits"], designs["both_equal"]) == ["credits_a_month", "credit_refund"]
    assert limits_that_differ(designs["both_equal"], designs["both_equal"]) == []
    assert {name for name, scheme in SCHEMES.items() if scheme.by_profile} == {"profile", "pair"}


@pytest.mark.parametrize("name", SCHEMES)
def test_styles_have_their_own_shares_where_members_are_dealt_to(name):
    found = mixed(base(), ARMS, name, share=0.5, draw=1, days=28, stratified=True)
    assert found.design_strata == ("style" if name in ("viewer", "profile", "pair", "ramp") else None)
    assert mixed(base(), ARMS, name, share=0.5, draw=1, days=28).design_strata is None
