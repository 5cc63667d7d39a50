"""What analyses share: two arms, and the numbers that may be turned under both."""

from __future__ import annotations

import pytest

from experiments.analyses.base import Analysis
from experiments.runs.keys import arms_of
from sim import load_scenario
from sim.errors import BadInput


def test_what_the_arms_differ_in_is_the_question():
    scenario = load_scenario(members=60, days=65, warm_up=5)

    def asked(*names):
        return Analysis(scenario, arms_of(scenario, list(names)), "intent_success", 1, 1, 1.0)

    assert asked("connect_first", "message_first").contrast == {"design.primary"}
    assert asked("message_first", "message_credits").contrast == {"design.credits_a_month", "design.credit_refund"}
    with pytest.raises(BadInput, match="`parameter` must be one in which the arms do not differ themselves"):
        asked("message_first", "message_credits").factor("design.credits_a_month")
