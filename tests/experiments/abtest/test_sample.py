"""What a test sees, and what it would see undisturbed: where credit follows the unit nothing is wrong, elsewhere what theory says."""

from __future__ import annotations

import dataclasses
import types

import numpy as np
import pytest

from experiments.abtest import schemes
from experiments.abtest.readings import read, truth
from experiments.abtest.sample import arms_of, seen, undisturbed
from experiments.abtest.worlds import periods_of
from sim.state.columns import Assignment
from tests.experiments.abtest.worlds_of import arms, base, items, pure_worlds, world

ROUNDS = 400
PERIODS = periods_of(base())


def test_arms_of_items_follow_the_rule_on_their_day():
    found = items([(1, 0, 1), (5, 0, 1), (5, 1, 0), (5, 1, 1)])
    viewer, profile = [[True, False], [True, True]], [[True, False], [True, False]]
    by = {
        rule: arms(viewer, profile, rule, starts=(0, 5)).of_sent(found.day, found.sender, found.recipient).tolist()
        for rule in ("viewer", "profile", "both")
    }
    assert by["viewer"] == [True, True, True, True]
    assert by["profile"] == [False, False, True, False]
    assert by["both"] == [False, False, True, False]
    assert arms([[False, True], [True, False]], starts=(0, 5)).of_sent(found.day, found.sender, found.recipient).tolist() == [
        False,
        True,
        False,
        False,
    ]


def test_arms_are_read_from_what_was_dealt():
    dealt = Assignment(np.array([[1, 2]]), np.array([[2, 2]]), np.array([3]), np.array([0, 1]), np.array([0, 1]))
    test = types.SimpleNamespace(design_names=("a", "b", "c"), design_pair="both", design_strata=None)
    lived = dataclasses.replace(world([(1, 0, 1)], 2), dealt=dealt, style=np.array([3, 1]), there=np.array([True, False]))
    found = arms_of(lived, test, "c")
    assert found.strata is None
    test.design_strata = "style"
    assert arms_of(lived, test, "c").strata.tolist() == [3, 1 + 4]  # newcomers apart
    assert (found.viewer.tolist(), found.profile.tolist()) == ([[False, True]], [[True, True]])
    assert (found.of("initiator").tolist(), found.of("recipient").tolist()) == ([False, True], [True, True])
    assert found.ego.tolist() == [False, True]


def test_undisturbed_items_are_each_from_the_world_of_their_arm():
    control, treatment = world([(1, 0, 1), (1, 1, 0)], 2), world([(1, 0, 1), (2, 0, 1), (1, 1, 0), (2, 1, 0)], 2)
    found = undisturbed(control, treatment, arms([True, False]))
    assert found.sums("responses", "initiator", 0, 9)[0].tolist() == [2.0, 1.0]
    assert found.sums("responses", "recipient", 0, 9)[0].tolist() == [1.0, 2.0]


@pytest.mark.parametrize("metric", ["partners", "response_rate", "connections", "retention"])
def test_what_worlds_found_before_does_not_show_in_other_deals(metric):
    """Worlds keep what their items are worth: with other arms they say what worlds say that were never asked."""
    control, treatment = pure_worlds()
    rng = np.random.default_rng(3)
    for _ in range(3):
        dealt = arms(rng.random(control.n) < 0.5)
        again = undisturbed(control, treatment, dealt)
        never = undisturbed(*(dataclasses.replace(one) for one in (control, treatment)), dealt)
        for credit in ("initiator", "recipient", "both"):
            for one, other in zip(never.sums(metric, credit, 35, 60), again.sums(metric, credit, 35, 60), strict=True):
                assert np.array_equal(one, other) if one is not None else other is None


def test_a_test_sees_its_own_world():
    found = seen(world([(1, 0, 1), (2, 0, 1), (1, 1, 0)], 3), arms([True, False, False]))
    assert found.sums("responses", "initiator", 0, 9)[0].tolist() == [2.0, 1.0, 0.0]
    assert found.sums("retention", "recipient", 0, 9)[0].tolist() == [1.0, 1.0, 1.0]
    y, d = found.sums("response_rate", "recipient", 0, 2)
    assert (y.tolist(), d.tolist()) == ([1.0, 1.0, 0.0], [1.0, 1.0, 0.0])


def mean_undisturbed(metric, credit, rule):
    """Return (the mean of what tests show undisturbed, its standard error, what launching does)."""
    control, treatment = pure_worlds()
    rng, found, n = np.random.default_rng(1), [], control.n
    kind = schemes.PAIRS if rule == "both" else schemes.MEMBERS
    for _ in range(ROUNDS):
        viewer = rng.random(n) < 0.5
        dealt = arms(viewer, rng.random(n) < 0.5 if rule == "both" else viewer, rule)
        sample = undisturbed(control, treatment, dealt)
        found.append(read(sample, kind, metric, credit, "difference", PERIODS, share=0.5).effect)
    own = {"viewer": "initiator", "profile": "recipient", "both": "item"}[rule]  # the credit that follows the unit
    zero, one = truth(seen(control, dealt), seen(treatment, dealt), metric, own, PERIODS)
    return np.mean(found), np.std(found) / np.sqrt(ROUNDS), one - zero


@pytest.mark.parametrize(
    ("rule", "credit", "part"),
    [
        ("viewer", "initiator", 1.0),
        ("profile", "recipient", 1.0),
        ("both", "item", 1.0),
        ("viewer", "recipient", 0.0),  # whose profile it is decides nothing: a test shows nothing of what launching does
        ("profile", "initiator", 0.0),
        ("viewer", "both", 0.5),  # half of it
        ("profile", "both", 0.5),
    ],
)
def test_what_credit_leaves_of_the_effect_is_what_theory_says(rule, credit, part):
    mean, error, launch = mean_undisturbed("connections", credit, rule)
    assert abs(launch) > 8.0 * error / max(part, 0.5), "the worlds differ too little to tell"
    assert mean == pytest.approx(part * launch, abs=4.0 * error)
