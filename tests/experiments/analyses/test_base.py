"""What analyses share: two arms, and the numbers that may be turned under both."""

from __future__ import annotations

import pytest

from experiments.analyses.base import Analysis
from experiments.reporting.text import FEWEST, too_small
from experiments.runs.keys import arms_of
from sim import load_scenario
from sim.errors import BadInput


@pytest.mark.parametrize("members", [FEWEST - 1, FEWEST])
def test_of_few_members_it_is_said_that_nothing_follows(members):
    scenario = load_scenario(members=members, days=65, warm_up=5)
    analysis = Analysis(scenario, arms_of(scenario, ["connect_first", "message_first"]), "intent_success", 1, 1, 1.0)
    assert analysis.notes == ([too_small(members)] if members < FEWEST else [])


def test_what_the_arms_differ_in_is_the_question():
    scenario = load_scenario(members=60, days=65, warm_up=5)

    def asked(*names):
        return Analysis(scenario, arms_of(scenario, list(names)), "intent_success", 1, 1, 1.0)

    assert asked("connect_first", "message_first").contrast == {"design.primary"}
    assert asked("message_first", "message_credits").contrast == {"design.credits_a_month", "design.credit_refund"}
    with pytest.raises(BadInput, match="`parameter` must be one in which the arms do not differ themselves"):
        asked("message_first", "message_credits").factor("design.credits_a_month")
