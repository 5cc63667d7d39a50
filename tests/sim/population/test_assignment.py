"""Who is dealt which design: shares are kept, groups stay together, draws are those of the scenario, ramps only go up."""

from __future__ import annotations

import numpy as np
import pytest

from sim import load_scenario
from sim import randomness as rnd
from sim.population.assignment import deal, drawn, opens, strata_of
from sim.population.cohort import make_cohort

N = 4000
TIES = np.array([(i, i + 1) for i in range(0, 300, 2)] + [(i, i + 2) for i in range(200)], np.int64)
TIES = TIES[np.lexsort((TIES[:, 1], TIES[:, 0]))]


def dealt(seed=3, shares=(0.5, 0.5), days=30, **changes):
    base = load_scenario(members=N, warm_up=10, days=days)
    names = dict(zip(("connect_first", "message_first"), shares, strict=True))
    scenario = base.with_(design="message_first", design_shares=names, **changes)
    members = make_cohort(scenario, seed).members
    return members, deal(members, scenario, seed, np.ones(len(members), bool), lambda: TIES)


def treated(scenario_names, arms):
    return arms == scenario_names.index("message_first")


NAMES = ("both_equal", "connect_first", "message_first")


def test_one_design_is_for_all():
    scenario = load_scenario(members=50, warm_up=10, days=20)
    members = make_cohort(scenario, 3).members
    found = deal(members, scenario, 3, np.ones(len(members), bool), lambda: TIES)
    assert np.all(found.viewer == scenario.design_names.index("message_first"))
    assert found.viewer.shape == found.profile.shape == (1, len(members))


def test_shares_are_kept_and_the_profile_has_the_members_own_arm():
    _, found = dealt(shares=(0.8, 0.2))
    share = treated(NAMES, found.viewer[0]).mean()
    assert abs(share - 0.2) < 4.0 * np.sqrt(0.2 * 0.8 / N)
    assert np.array_equal(found.viewer, found.profile)
    assert {NAMES[k] for k in np.unique(found.viewer)} == {"connect_first", "message_first"}


def test_two_arms_of_a_member_are_drawn_apart():
    _, found = dealt(design_pair="both")
    a, b = treated(NAMES, found.viewer[0]), treated(NAMES, found.profile[0])
    assert abs(np.corrcoef(a, b)[0, 1]) < 4.0 / np.sqrt(N)
    assert 0.45 < b.mean() < 0.55


def test_a_draw_of_the_scenarios_own_moves_who_has_what_and_nothing_else():
    (one, a), (other, b), (_, again) = dealt(design_draw=1), dealt(design_draw=2), dealt(design_draw=1)
    assert np.array_equal(one, other)
    assert np.array_equal(a.viewer, again.viewer)
    assert abs((a.viewer == b.viewer).mean() - 0.5) < 4.0 * 0.5 / np.sqrt(N)


@pytest.mark.parametrize(("assignment", "column"), [("community", "industry"), ("region", "region")])
def test_groups_stay_together(assignment, column):
    members, found = dealt(design_assignment=assignment)
    groups = [set(found.viewer[0][members[column] == k]) for k in np.unique(members[column])]
    assert all(len(arms) == 1 for arms in groups)
    assert set.union(*groups) == set(found.viewer[0].tolist())
    assert np.array_equal(found.unit, members[column])


@pytest.mark.parametrize("assignment", ["network", "ego"])
def test_parts_of_the_network_stay_together(assignment):
    _, found = dealt(design_assignment=assignment)
    sizes = np.bincount(found.unit)
    assert sizes.max() > 1
    assert sizes.min() == 1
    for unit in np.flatnonzero(sizes > 1):
        assert len(set(found.viewer[0][found.unit == unit])) == 1
    assert bool(found.ego.any()) == (assignment == "ego")


def test_by_day_all_change_together_and_each_two_blocks_have_both():
    _, found = dealt(days=33, design_assignment="day", design_block=4)
    assert found.starts.tolist() == [10, 14, 18, 22, 26, 30, 34, 38, 42]
    assert np.all(found.viewer == found.viewer[:, :1])
    order = found.viewer[:, 0]
    assert all({NAMES[k] for k in order[b : b + 2]} == {"connect_first", "message_first"} for b in range(0, 8, 2))
    firsts = {dealt(days=33, design_assignment="day", design_draw=k)[1].viewer[0, 0] for k in range(20)}
    assert len(firsts) == 2


def test_a_ramp_only_goes_up():
    _, found = dealt(design_ramp=[0.01, 0.05, 0.5, 1.0], design_block=5)
    on = treated(NAMES, found.viewer)
    assert np.all(on[1:] >= on[:-1])
    assert np.allclose(on.mean(axis=1), [0.01, 0.05, 0.5, 1.0], atol=4.0 * 0.5 / np.sqrt(N))
    assert found.starts.tolist() == [10, 15, 20, 25]


def test_a_period_opens_on_its_first_day_alone():
    _, found = dealt(design_ramp=[0.1, 1.0], design_block=5)
    assert [opens(found, day) for day in (9, 10, 11, 15, 20)] == [None, 0, None, 1, None]


@pytest.mark.parametrize("share", [0.5, 0.3])
def test_in_strata_every_style_has_its_shares_to_within_one_member(share):
    members, found = dealt(shares=(1.0 - share, share), design_strata="style", design_pair="both")
    for arms in (found.viewer[0], found.profile[0]):
        for style in np.unique(members["style"]):
            here = treated(NAMES, arms[members["style"] == style])
            assert abs(here.sum() - share * len(here)) <= 2.0  # those at the start and those to come, each within one
    assert not np.array_equal(found.viewer, found.profile)
    _, other = dealt(shares=(1.0 - share, share), design_pair="both")
    assert not np.array_equal(found.viewer, other.viewer)


def test_in_strata_each_draw_is_uniform():
    """Of three members of a stratum each is treated in the share of draws, and one or two are, never none or all."""
    strata = np.array([0, 1, 0, 0, 1])
    found = np.array([drawn(seed, rnd.ASSIGN, 5, strata) < 0.5 for seed in range(4000)])
    assert np.all(np.abs(found.mean(axis=0) - 0.5) < 4 * 0.5 / np.sqrt(4000))
    assert set(found[:, strata == 0].sum(axis=1)) == {1, 2}
    assert set(found[:, strata == 1].sum(axis=1)) == {1}
    assert abs(np.corrcoef(found[:, 0], found[:, 1])[0, 1]) < 4 / np.sqrt(4000)


def test_newcomers_are_strata_of_their_own():
    assert strata_of({"style": np.array([0, 2, 0, 2])}, np.array([True, True, False, False])).tolist() == [0, 2, 3, 5]
