"""The neutral scenario and the list of assumptions that favour one channel."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario.assumptions import ASSUMPTIONS, assumptions_of, neutralised, with_assumption
from sim.scenario.scenario import load_scenario

BASE = load_scenario()


def test_neutral_is_the_baseline_without_every_assumption_on_the_list():
    neutral = load_scenario("neutral")
    assert neutralised(BASE) == neutral.with_(name="baseline")
    assert neutralised(neutral) == neutral
    assert assumptions_of(neutral) == []


def test_neutral_keeps_the_friction_and_gives_both_channels_the_same():
    neutral = load_scenario("neutral")
    assert all(design.friction == 1.5 for design in neutral.designs.values())
    assert {value for key, value in neutral.outreach.model_dump().items() if key.startswith(("message_", "connect_"))} == {0.0}
    for style in neutral.styles.values():
        assert (style.like_message, style.like_connect, style.follow_ups, style.opens) == (0.0, 0.0, 0, 1.0)
    assert neutral.attention.sink_message == neutral.attention.sink_invitation
    assert neutral.reply.polite_no == neutral.invitation.decline


@given(st.permutations(list(ASSUMPTIONS)))
@settings(max_examples=10)
def test_with_all_assumptions_back_it_is_the_scenario_again(order):
    scenario = BASE.with_(**{"style.follow_ups": 2, "every_design.repeat_days": 7, "unwelcome.invitation": 1})
    got = neutralised(scenario)
    for name in order:
        assert got != scenario
        got = with_assumption(got, scenario, name)
    assert got == scenario


def test_each_assumption_is_listed_where_it_is_made_and_holds_for_other_arms():
    assert set(ASSUMPTIONS) - set(assumptions_of(BASE)) == {"bother"}  # 0 by default: nobody knows its sign
    assert assumptions_of(BASE.with_(**{"unwelcome.invitation": 0.5})) == list(ASSUMPTIONS)
    neutral = neutralised(BASE)
    assert neutral.with_design("connect_first").designs["connect_first"].repeat_days == 0.0
    back = with_assumption(neutral, BASE, "limits")
    assert back.with_design("connect_first").designs == BASE.with_design("connect_first").designs
