"""What pictures single members of a run, counted by hand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from experiments.runs.portrait import KINDS, as_arrays, from_arrays, inboxes_of, portrait_of, sample_of

COLUMNS = ["recipient", "day_delivered", "kind", "distance", "unwelcome"]
ITEMS = [
    (0, 10, "message", "stranger", 0),
    (0, 10, "message", "stranger", 1),
    (1, 11, "message", "connected", 0),  # talk
    (1, 11, "reply", "stranger", 0),  # talk
    (1, 12, "invitation", "stranger", 0),
    (1, 12, "invitation with note", "stranger", 1),
    (1, 12, "message", "connected", 1),
    (1, 9, "message", "stranger", 0),  # before the switch
    (1, -1, "message", "stranger", 0),  # never delivered
    (2, 12, "message", "stranger", 0),  # to somebody who was not there at the switch
]


def run(items, there=(1, 1, 0, 1), warm_up=10, days=14):
    return SimpleNamespace(
        scenario=SimpleNamespace(warm_up=warm_up, days=days),
        members={"at_switch": np.array(there)},
        ties={"a": np.array([0, 0, 1, 0]), "b": np.array([1, 3, 3, 2]), "since": np.array([9, 10, 20, 20])},
        shape=SimpleNamespace(degrees=np.array([3.0, 2.0, 1.0, 2.0]), distances=np.array([4.0, 2.0])),
        events=dict(zip(COLUMNS, zip(*items, strict=True) if items else [()] * len(COLUMNS), strict=True)),
    )


def test_the_mean_member_gets_what_reached_those_at_the_switch_in_four_weeks():
    talk, messages, invitations, bad, bad_invitations = inboxes_of(run(ITEMS))["mean member"]
    twice = 28 / 14 / 3  # three members, two weeks
    assert [talk, messages, invitations, bad, bad_invitations] == pytest.approx([2 * twice, twice, twice, 2 * twice, twice])


def test_the_median_and_the_busy_member_are_those_in_the_order_of_items():
    found = inboxes_of(run(ITEMS))
    # 0, 2 and 5 items: the middle of three places is 1, and half a place each way takes in one beside it
    assert found["median member"].sum() == pytest.approx((0 + 2) / 2 * 2)
    assert found["95th percentile"].sum() == pytest.approx((2 + 5) / 2 * 2)
    many = [(k, 10, "message", "stranger", 0) for k in range(101) for _ in range(k)]
    found = inboxes_of(run(many, there=(1,) * 101, days=28))
    assert found["median member"][KINDS.index("messages")] == pytest.approx(50.0, abs=0.5)
    assert found["95th percentile"][KINDS.index("messages")] == pytest.approx(95.0, abs=0.5)


def test_a_run_without_items_or_members_has_empty_inboxes():
    assert all(amounts.tolist() == [0.0] * len(KINDS) for amounts in inboxes_of(run([])).values())
    assert all(amounts.tolist() == [0.0] * len(KINDS) for amounts in inboxes_of(run(ITEMS, there=(0, 0, 0, 0))).values())


def test_the_sample_has_ties_made_since_the_switch_among_those_who_were_there():
    members, ties = sample_of(run(ITEMS))
    assert members.tolist() == [0, 1, 3]
    assert ties.tolist() == [[0, 3], [1, 3]]  # the first is older, the last goes to a newcomer
    many, none = sample_of(run([], there=(1,) * 1000))[0], sample_of(run([], there=(0, 0, 0, 0)))
    assert (len(many), many[0], many[-1]) == (400, 0, 999)
    assert (none[0].tolist(), none[1].tolist()) == ([], [])


@pytest.mark.parametrize("there", [(1, 1, 0, 1), (0, 0, 0, 0)])
def test_a_portrait_comes_back_from_its_arrays(there):
    portrait = portrait_of(run(ITEMS, there))
    arrays = {name: values.astype(float) for name, values in as_arrays(portrait).items()}
    assert all(values.ndim == 1 for values in arrays.values())
    found = from_arrays(arrays)
    assert portrait.degrees.tolist() == [1.0, 2.0, 2.0, 3.0]
    assert found.ties.dtype.kind == found.sample.dtype.kind == "i"
    for one, other in zip(portrait, found, strict=True):
        if isinstance(one, dict):
            assert {who: x.tolist() for who, x in one.items()} == {who: x.tolist() for who, x in other.items()}
        else:
            assert one.tolist() == other.tolist()
