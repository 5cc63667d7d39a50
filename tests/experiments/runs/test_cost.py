"""What runs take: time from a pilot by members, memory, and both in words."""

from __future__ import annotations

import json

import pytest

from experiments.benchmarks.rows import WORKS
from experiments.runs import cost
from experiments.runs.cost import (
    ANYWAY,
    DRAWING,
    Size,
    between,
    duration,
    gigabytes,
    machine_memory,
    memory_of,
    memory_of_histories,
    memory_of_run,
    memory_of_test,
    seconds_of_pair,
    size_of,
)
from experiments.runs.keys import arms_of
from experiments.runs.pilot import PILOT_MEMBERS, Pilot
from experiments.runs.request import Request
from experiments.runs.study import Point
from sim import load_scenario
from tests.helpers.sweeps import ROOT


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(119.4, "119 s"), (120.0, "2 minutes"), (7199.0, "120 minutes"), (7200.0, "2.0 hours"), (5400.0 * 2, "3.0 hours")],
)
def test_times_in_words(seconds, words):
    assert duration(seconds) == words


def test_a_range_is_one_where_both_ends_read_alike():
    assert between("12", "40") == "12 to 40"
    assert between(duration(1.2), duration(0.8)) == "1 s"


def test_a_worker_holds_the_world_of_a_run_beside_that_of_the_switch():
    scenario = load_scenario(members=1000, warm_up=30, days=90)
    assert memory_of(scenario, 0) == 300e6
    assert memory_of(scenario) - 300e6 == pytest.approx(1000 * (3500 + 9.2 * 120) + 1000 * (3500 + 9.2 * 30))
    assert memory_of(scenario, 2000) - 300e6 == pytest.approx(2 * (memory_of(scenario) - 300e6))
    assert gigabytes(2 * memory_of(scenario)) == "0.6 GB"


@pytest.mark.parametrize("folder", ["bench", "bench/large"])
def test_the_largest_runs_that_were_measured_need_what_is_said_and_hardly_less(folder):
    found = json.loads((ROOT / "results" / folder / "bench.json").read_text(encoding="utf-8"))["works"]
    measured = {name: 1e6 * work["megabytes"] for name, work in found.items() if "megabytes" in work}
    assert measured
    for name, memory in measured.items():
        command, members, days, _ = WORKS[name].arguments
        assert command == "run"
        said = memory_of_run(int(members), int(days), events=False, graphml=False) - DRAWING
        assert memory <= said <= 1.25 * memory, name


def test_replicates_of_a_test_and_runs_that_are_held_together_need_more():
    scenario = load_scenario(members=1000, warm_up=30, days=90)
    assert memory_of_test(1000) == 300e6 + 60e6
    assert memory_of_histories(scenario, 3) - memory_of(scenario) == pytest.approx(3 * 1e6)


def test_a_run_needs_more_for_every_item_that_it_writes_and_for_graphml():
    plain = memory_of_run(1000, 90, events=False, graphml=False)
    assert plain == pytest.approx(300e6 + 1000 * (3500 + 9.2 * 90) + 100e6)
    items = 90 * (0.65 + 90 / 1500)  # each day has more of them than the day before, as others join
    assert memory_of_run(1000, 90, events=True, graphml=False) - plain == pytest.approx(1000 * items * 700)
    assert memory_of_run(1000, 90, events=False, graphml=True) - plain == pytest.approx(1000 * 30 * 3000)


@pytest.mark.parametrize(
    ("limits", "most"), [(["max\n"], None), (["9223372036854771712\n"], None), (["5000000\n", "4000000"], 4e6), ([], None)]
)
def test_the_memory_of_the_machine_is_that_of_the_container_where_it_has_less(limits, most, tmp_path, monkeypatch):
    paths = [tmp_path / str(k) for k in range(len(limits))]
    for path, text in zip(paths, limits, strict=True):
        path.write_text(text, encoding="ascii")
    monkeypatch.setattr(cost, "LIMITS", (*map(str, paths), str(tmp_path / "none")))
    monkeypatch.setattr(cost.os, "sysconf", {"SC_PHYS_PAGES": 2000, "SC_PAGE_SIZE": 4096}.__getitem__, raising=False)
    assert machine_memory() == (most or 2000 * 4096)


def test_where_nothing_says_so_the_memory_of_the_machine_is_endless(tmp_path, monkeypatch):
    monkeypatch.setattr(cost, "LIMITS", (str(tmp_path / "none"),))
    monkeypatch.delattr(cost.os, "sysconf", raising=False)
    assert machine_memory() == float("inf")


@pytest.mark.parametrize(("members", "tried"), [(0, 0), (200, 200), (PILOT_MEMBERS, PILOT_MEMBERS), (2000, PILOT_MEMBERS)])
def test_a_pilot_has_no_more_members_than_it_needs(members, tried):
    assert size_of(load_scenario(members=members)) == Size(members, tried)


def test_time_grows_by_members_beside_what_a_run_takes_anyway():
    assert ANYWAY == PILOT_MEMBERS == 500
    assert [Size(m, min(m, 500)).time for m in (0, 300, 500, 1500, 10000)] == [1.0, 1.0, 1.0, 2.0, 10.5]
    assert [Size(m, min(m, 500)).share for m in (0, 300, 500, 1500)] == [1.0, 1.0, 1.0, 3.0]


def test_a_network_file_is_counted_and_tried_whole(tmp_path):
    ring = tmp_path / "ring.csv"
    ring.write_text("".join(f"{k},{(k + 1) % 700}\n" for k in range(700)), encoding="utf-8")
    assert size_of(load_scenario().with_(network_file=str(ring))) == Size(700, 700)


def test_a_pair_takes_as_much_longer_than_the_pilots(monkeypatch):
    seen = []

    def pilot(request, pairs, points):
        seen.append((request, pairs, points))
        return Pilot(2.0, [], [])

    monkeypatch.setattr(cost, "small_pilot", pilot)
    scenario = load_scenario(members=1500)
    request = Request(scenario, arms_of(scenario, ["connect_first", "message_first"]), "connect_first")
    assert seconds_of_pair(request, 3, [Point(1, {"reply.base": -2.0})]) == 4.0
    assert seen == [(request, 3, [Point(1, {"reply.base": -2.0})])]
