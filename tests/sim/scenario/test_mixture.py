"""Mixtures of designs in a scenario: what is told of them, what does not go together, and which design a pair has."""

from __future__ import annotations

import tomllib

import pytest

from sim import BadInput, load_scenario
from sim.scenario import mixture

BASE = load_scenario(members=50, warm_up=5, days=20)
TWO = {"connect_first": 0.5, "message_first": 0.5}


def mixed(**changes):
    return BASE.with_(design="message_first", design_shares=TWO, **changes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"design_pair": "all"}, "`design_pair` must be one of viewer, profile, both, either (got 'all')"),
        ({"design_draw": -1}, "`design_draw` must be a whole number from 0"),
        ({"design_block": 0, "design_ramp": [0.5]}, "`design_block` must be a whole number from 1 to 1000"),
        ({"design_ramp": [0.5, 0.1]}, "shares from 0 to 1 that do not fall"),
        ({"design_ramp": [True]}, "shares from 0 to 1 that do not fall"),
        ({"design_ramp": 0.5}, "shares from 0 to 1 that do not fall"),
        ({"design_block": 7}, "`design_block` must be left out without `design_ramp` and design_assignment 'day'"),
        ({"design_assignment": "day", "design_pair": "profile"}, "all members change together"),
        ({"design_assignment": "region", "design_pair": "both"}, "each member has two arms"),
        ({"design_assignment": "nobody"}, "one of member, community, region, network, leiden, ego, day"),
        ({"design_strata": "region"}, "`design_strata` must be one of style (got 'region')"),
        ({"design_strata": "style", "design_assignment": "region"}, "left out unless designs are dealt out member by member"),
    ],
)
def test_what_is_wrong_is_named(changes, words):
    with pytest.raises(BadInput) as found:
        mixed(**changes)
    assert words in str(found.value)


def test_where_a_design_is_tried_there_are_two_of_which_it_is_one():
    with pytest.raises(BadInput, match="two designs, with `design` the one that is tried, where `design_pair` is 'both'"):
        BASE.with_(design="both_equal", design_shares=TWO, design_pair="both")
    with pytest.raises(BadInput, match="where there is a `design_ramp`"):
        BASE.with_(design="message_first", design_shares={**TWO, "both_equal": 1.0}, design_ramp=[0.5])
    with pytest.raises(BadInput, match="two designs of equal share"):
        BASE.with_(design="message_first", design_shares={"connect_first": 0.1, "message_first": 0.5}, design_assignment="day")


@pytest.mark.parametrize("rule", ["profile", "both", "either"])
def test_limits_of_a_sender_cannot_go_by_the_profile(rule):
    shares = {"message_first": 0.5, "message_credits": 0.5}
    with pytest.raises(BadInput, match=r"credits_a_month` must be the same in all designs that are mixed by"):
        BASE.with_(design="message_credits", design_shares=shares, design_pair=rule)
    assert BASE.with_(design="message_credits", design_shares=shares).design_pair == "viewer"


def test_without_shares_nothing_is_told_of_a_mixture():
    with pytest.raises(BadInput, match="`design_draw` must be left out without `design_shares`"):
        BASE.with_(design_draw=3)
    with pytest.raises(BadInput, match="`design_assignment` must be left out without `design_shares`"):
        BASE.with_(design_assignment="day")


def test_one_design_for_all_sets_a_mixture_aside():
    for found in (mixed(design_pair="both").with_design("connect_first"), mixed(design_draw=4).with_(design="connect_first")):
        assert (found.design, found.design_shares, found.design_pair, found.design_draw) == ("connect_first", {}, "viewer", None)
        assert found.canonical_json() == BASE.with_design("connect_first").canonical_json()


@pytest.mark.parametrize(
    "changes",
    [{"design_pair": "both", "design_draw": 0}, {"design_ramp": [0.1, 1.0], "design_block": 3}, {"design_assignment": "day"}],
)
def test_a_mixture_survives_its_file_and_has_a_key_of_its_own(changes, tmp_path):
    scenario = mixed(**changes)
    path = tmp_path / "mixed.toml"
    path.write_text(scenario.to_toml(), encoding="utf-8")
    again = load_scenario(path)
    assert again.model_dump() == scenario.model_dump()
    assert scenario.canonical_json() != mixed().canonical_json()


def test_a_scenario_without_a_mixture_says_nothing_of_one():
    assert not set(mixture.KEYS) & set(tomllib.loads(BASE.to_toml()))
    assert not any(key in BASE.canonical_json() for key in mixture.KEYS)


def test_which_design_is_tried_matters_only_where_it_is_asked():
    other = BASE.with_(design="connect_first", design_shares=TWO)
    assert mixed().canonical_json() == other.canonical_json()
    assert mixed(design_pair="both").canonical_json() != other.with_(design_pair="both").canonical_json()


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("viewer", [[0, 0, 0], [1, 1, 1], [2, 2, 2]]),
        ("profile", [[0, 1, 2], [0, 1, 2], [0, 1, 2]]),
        ("both", [[0, 0, 0], [0, 1, 2], [2, 2, 2]]),  # b is tried: with a or c it holds only where both have it
        ("either", [[0, 1, 0], [1, 1, 1], [2, 1, 2]]),
    ],
)
def test_a_pair_has_the_design_of_the_rule(rule, wanted):
    assert mixture.pairing(("a", "b", "c"), rule, "b") == wanted


def test_items_say_more_where_designs_change_or_members_have_two():
    assert not mixture.says_more(BASE)
    assert not mixture.says_more(mixed(design_pair="profile"))
    assert mixture.says_more(mixed(design_pair="either"))
    assert mixture.says_more(mixed(design_ramp=[0.5]))
