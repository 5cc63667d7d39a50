"""The prior: what is turned, and where it may lie."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.inference.prior import expit, logit, prior_of
from sim.errors import BadInput
from sim.scenario.scenario import load_scenario

SCENARIO = load_scenario(members=60, warm_up=5, days=20)


def test_what_a_screening_found_is_turned_and_every_other_assumed_number_is_named_as_held():
    found = prior_of(SCENARIO)
    paths = [one.path for one in found.turned]
    assert {"reply.base", "thread.habit", "network.suggestions", "design.friction"} <= set(paths)
    assert 15 < len(paths) < 40
    assert not set(paths) & set(found.held)
    assert {"outreach.nest", "styles.seller.follow_ups", "moderation.ban", "outreach.intimidation"} <= set(found.held)
    assert "network.attachment" not in {*paths, *found.held}  # published
    assert not [path for path in found.held if path.startswith(("members", "style_shares"))]


def test_draws_are_within_ranges_and_more_draws_leave_the_first():
    found = prior_of(SCENARIO, ["reply.base", "thread.base"])
    few, many = found.sample(16, 3), found.sample(64, 3)
    assert np.array_equal(few, many[:16])
    unit = found.unit(many)
    assert (unit > 0).all()
    assert (unit < 1).all()
    assert np.abs(unit.mean(axis=0) - 0.5).max() < 0.02
    assert found.values(unit) == pytest.approx(many)
    assert not np.array_equal(found.sample(16, 4), few)


def test_the_scale_without_bounds_goes_both_ways():
    unit = np.array([0.001, 0.5, 0.9])
    assert expit(logit(unit)) == pytest.approx(unit)
    assert logit(np.array([0.5]))[0] == 0.0
    assert np.isfinite(logit(np.array([0.0, 1.0]))).all()


def test_a_range_holds_the_value_of_the_scenario():
    path = "reply.base"
    (one, _) = prior_of(SCENARIO.with_(**{path: 0.5}), [path, "thread.base"]).turned
    assert one.high == 0.5
    assert one.default == 0.5


@pytest.mark.parametrize(
    ("paths", "said"),
    [
        (["reply.bass", "thread.base"], r"must be assumed numbers such as reply.base \(got 'reply.bass'; did you mean 'reply.base'\?\)"),
        (["network.attachment", "thread.base"], "got what somebody measured or defined"),
        (["members", "thread.base"], "got what somebody measured or defined"),
        (["thread.base", "thread.base"], "must be two or more"),
        ([], "must be two or more"),
    ],
)
def test_what_cannot_be_turned_is_refused(paths, said):
    with pytest.raises(BadInput, match=said):
        prior_of(SCENARIO, paths)
