"""What an arm may change: every number takes effect at the switch, or is refused with what to do instead."""

from __future__ import annotations

import pytest

from sim import BadInput, load_scenario, simulation
from sim.scenario.arms import SHARED, check_arm, rule_of, settled
from sim.scenario.fields import DRAWN, LAID
from sim.scenario.parameters import SECTIONS
from sim.simulation import simulate_arms
from tests.sim.test_every_number import EIGHTH, ENDS, NEEDS, PUSHED, WORLD, differs, ends, numbers

NUMBERS = dict(numbers())
BASE = load_scenario()


def other(key):
    """An end of a number's range at which the baseline is not."""
    section, _, name = key.partition(".")
    low, high = ends(NUMBERS[key])
    return high if getattr(getattr(BASE, section), name) != high else low


def test_what_is_settled_is_a_number_of_the_model_with_its_reason():
    assert set(settled()) <= set(NUMBERS)
    assert set(settled().values()) == {DRAWN, LAID}
    assert settled()["attention.muted"] == settled()["visibility.spread"] == DRAWN
    assert settled()["network.attachment"] == LAID
    assert not {"network.suggestions", "population.leaving", "visibility.recent", "attention.notification"} & set(settled())


@pytest.mark.parametrize("key", settled())
def test_an_arm_that_changes_what_is_settled_is_refused_with_what_to_do_instead(key):
    arm = BASE.with_(**{key: other(key)})
    section, _, name = key.partition(".")
    was = getattr(getattr(BASE, section), name)
    with pytest.raises(BadInput) as caught:
        check_arm(BASE, arm)
    assert str(caught.value) == (
        f"`{key}` must be the same in all arms, since {settled()[key]}: set it in the scenario that they share, or run each scenario by "
        f"itself (got {getattr(getattr(arm, section), name)!r}, not {was!r})"
    )
    check_arm(arm, arm.with_design("connect_first"))  # set for both it holds for both


@pytest.mark.parametrize(
    "change",
    [{"members": 7}, {"warm_up": 9}, {"days": 9}, {"style_shares.seller": 0.5}, {"warm_up_design": "connect_first"}],
    ids=str,
)
def test_arms_have_one_population_one_length_and_one_warm_up(change):
    name = next(iter(change)).partition(".")[0]
    assert name in SHARED
    with pytest.raises(BadInput, match=f"`{name}` must be the same in all arms"):
        check_arm(BASE, BASE.with_(**change))


def test_an_arm_of_a_run_is_checked():
    with pytest.raises(BadInput, match=r"`attention\.muted` must be the same in all arms"):
        simulate_arms(BASE, [None, BASE.with_(**{"attention.muted": 0.0})])


def test_every_section_says_of_its_own_numbers_alone():
    for model in SECTIONS.values():
        assert set(model.AT_START) <= set(model.model_fields)
    assert rule_of("attention.muted").startswith("be the same in all arms, since all members")


@pytest.mark.parametrize("key", [pytest.param(k, marks=[pytest.mark.slow] if at % EIGHTH else []) for at, k in enumerate(NUMBERS)])
def test_a_number_takes_effect_at_the_switch_or_is_refused(key, monkeypatch):
    """Unchecked, an arm with what is settled has the same history: nothing is refused that would make a difference."""
    base = load_scenario("baseline").with_(**WORLD).with_(**PUSHED).with_(**NEEDS.get(key, {}))
    arms = [base.with_(**{key: at}) for at in ENDS.get(key, ends(NUMBERS[key]))]
    monkeypatch.setattr(simulation, "check_arm", lambda *_: None)
    one, two = ({name: x.value for name, x in history.measures.items()} for history in simulate_arms(base, arms, 5))
    assert differs(one, two) == (key not in settled())
