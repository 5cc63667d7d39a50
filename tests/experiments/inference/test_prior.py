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


FOLLOW_UPS, ANOTHER = "styles.quiet_member.follow_ups", "styles.job_seeker.follow_ups"


def test_a_range_of_whole_numbers_ends_at_whole_numbers_and_each_is_as_likely():
    """At 0 the rule says 0 to 0.8, at 1 a half to 2: there are 0 and 1, and 0 to 2."""
    found = prior_of(SCENARIO, [FOLLOW_UPS, ANOTHER])
    assert [(one.low, one.high) for one in sorted(found.turned)] == [(0, 2), (0, 1)]
    order = [one.path for one in found.turned].index(FOLLOW_UPS)
    drawn = found.sample(600, 1)
    assert np.bincount(drawn[:, order].astype(int)) == pytest.approx([300, 300], abs=3)
    assert np.bincount(drawn[:, 1 - order].astype(int)) == pytest.approx([200, 200, 200], abs=3)


def test_whole_numbers_stay_whole_on_the_scale_without_bounds_and_back():
    found = prior_of(SCENARIO, [FOLLOW_UPS, ANOTHER, "reply.base"])
    place = {one.path: k for k, one in enumerate(found.turned)}
    values = np.array([[0.0] * 3, [1.0, 1.0, 0.0], [1.0, 2.0, 0.0]])[:, [0, 1, 2]]
    rows = np.zeros((3, 3))
    for k, path in enumerate((FOLLOW_UPS, ANOTHER, "reply.base")):
        rows[:, place[path]] = values[:, k] if path != "reply.base" else -3.0
    unit = found.unit(rows)
    assert unit[:, place[FOLLOW_UPS]].tolist() == [0.25, 0.75, 0.75]
    assert unit[:, place[ANOTHER]] == pytest.approx([1 / 6, 3 / 6, 5 / 6])
    assert found.values(expit(logit(unit))) == pytest.approx(rows)
    moved = found.values(np.full((1, 3), 0.49))[0]  # before the middle of two, within that of three
    assert (moved[place[FOLLOW_UPS]], moved[place[ANOTHER]]) == (0.0, 1.0)
    ends = np.vstack([found.values(np.zeros((1, 3))), found.values(np.ones((1, 3)))])
    assert ends[:, place[ANOTHER]].tolist() == [0.0, 2.0]


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
