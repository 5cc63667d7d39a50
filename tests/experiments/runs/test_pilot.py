"""A pilot: small, thrown away, its first pairs untimed, and ended by a run that fails."""

from __future__ import annotations

import pytest

from experiments.runs import pilot as pilots
from experiments.runs.keys import arms_of
from experiments.runs.pilot import LEAST_SECONDS, PILOT_MEMBERS, pilot, shrunk, small_pilot
from experiments.runs.request import Request
from experiments.runs.study import NEW, Point
from sim import load_scenario
from tests.helpers.executors import Here


def asked(members=12):
    scenario = load_scenario(members=members, days=3, warm_up=1)
    return Request(scenario, arms_of(scenario, ["connect_first", "message_first"]), "connect_first")


@pytest.mark.parametrize(
    ("members", "expected"), [(PILOT_MEMBERS - 1, PILOT_MEMBERS - 1), (PILOT_MEMBERS, PILOT_MEMBERS), (PILOT_MEMBERS + 1, PILOT_MEMBERS)]
)
def test_an_arm_is_no_larger_than_a_pilot(members, expected):
    assert shrunk(load_scenario(members=members)).members == expected


def test_a_network_file_is_lived_through_as_it_is():
    arm = load_scenario(members=PILOT_MEMBERS + 1).model_copy(update={"network_file": "mine.csv"})
    assert shrunk(arm) is arm


def test_it_gives_the_pairs_that_it_timed_and_runs_one_more_before_them():
    here = Here()
    found = pilot(asked(), here, 1, [Point(1, {}), Point(2, {"reply.base": -2.0})], 2, untimed=Point(3, {}), first=1, seeds=NEW)
    assert len(here.asked) == 1 + 2 * 2
    assert [set(pair) for pair in found.pairs] == [{"connect_first", "message_first"}] * 4
    assert found.failed == []
    assert found.seconds > LEAST_SECONDS


def test_with_common_seeds_the_untimed_pair_is_not_run_again():
    here = Here()
    point = Point(1, {})
    assert len(pilot(asked(), here, 1, [point], 2, untimed=point, first=1).pairs) == 2
    assert len(here.asked) == 2


def test_a_small_pilot_ends_with_a_run_that_fails_twice(monkeypatch):
    monkeypatch.setattr(pilots, "pilot", lambda *_, **__: pilots.Pilot(1.0, [], ["ValueError: no luck"]))
    with pytest.raises(RuntimeError, match="no luck"):
        small_pilot(asked(), 2)


POINTS = [Point(1, {"reply.base": -2.0}), Point(2, {"reply.base": -3.0})]


def test_a_small_pilot_at_points_times_them_after_the_scenario_itself(monkeypatch):
    here = Here()
    monkeypatch.setattr(pilots, "InProcess", lambda: here)
    found = small_pilot(asked(), 1, POINTS)
    assert len(here.asked) == 1 + 2
    assert len(found.pairs) == 2


@pytest.mark.parametrize(("pairs", "points", "fails"), [([{}], POINTS, False), ([], POINTS, True), ([{}], (), True)])
def test_points_that_cannot_be_are_left_out_unless_all_are(pairs, points, fails, monkeypatch):
    seen = pilots.Pilot(1.0, pairs, ["ValueError: no luck"])
    monkeypatch.setattr(pilots, "pilot", lambda *_, **__: seen)
    if fails:
        with pytest.raises(RuntimeError, match="no luck"):
            small_pilot(asked(), 2, points)
    else:
        assert small_pilot(asked(), 2, points) is seen
