"""What a comparison says of its size: for the shipped scenario from what is committed, otherwise that nobody has measured it."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import pytest

from experiments.comparison import size
from experiments.comparison.run import request_of
from experiments.comparison.size import ship
from experiments.inference import shipped
from experiments.methods.size_laws import AtSize
from experiments.reporting.by_size import table_of
from sim.scenario.scenario import load_scenario

SIZES = (500, 1000, 2000, 5000, 10_000)


def request(**changes):
    return request_of(load_scenario("baseline", **changes))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Commit what a law that levels off shows, of the baseline."""
    monkeypatch.setattr(shipped, "golden_counters", lambda _: {"sessions": 1})
    bounds = [(x, x - 0.002, x + 0.002) for x in (0.1 - 20.0 / n for n in SIZES)]
    rows = [AtSize(n, 5, (0.2, 0.19, 0.21), one, one) for n, one in zip(SIZES, bounds, strict=True)]
    found = tmp_path / "found"
    found.mkdir()
    table_of({"partners": rows[::-1], "intent_success": rows}).to_csv(found / "scale.csv", index=False)
    ship(found, load_scenario("baseline"), tmp_path / "sizes")
    return tmp_path / "sizes"


@pytest.mark.parametrize(("members", "off"), [(1000, "2% off"), (4000, "0.5% off")])
def test_the_distance_from_enough_is_that_of_the_size_that_is_compared(folder, members, off):
    [told] = size.sentences(request(members=members), folder)
    assert told.startswith("From 500 to 10,000 members, intent success under connect-first goes from 20.0% to 20.0%, ")
    assert f"At {members:,} members the relative effect is within " in told
    assert told.endswith(f"(by a + b / members, by which it is {off}).")


@pytest.mark.parametrize(("members", "told"), [(500, False), (1000, True), (1500, False), (10_000, False)])
def test_at_a_size_between_that_was_compared_the_effect_is_told(folder, members, told):
    [line] = size.sentences(request(members=members), folder)
    assert (f" At {members:,} it is " in line) == told
    assert (" At 1,000 it is +8.00%. " in line) == told


@pytest.mark.parametrize("members", [499, 10_001])
def test_nothing_is_said_of_sizes_that_lie_outside(folder, members):
    [told] = size.sentences(request(members=members), folder)
    assert told.endswith(f"Nothing is said of {members:,} members, which lie outside.")


def unknown(told):
    return told == [size.UNKNOWN.format("10,000")]


def test_of_another_scenario_or_other_designs_nobody_has_measured_it(folder):
    there = request()
    assert not unknown(size.sentences(there, folder))
    assert unknown(size.sentences(request(days=200), folder))
    assert unknown(size.sentences(request(**{"reply.base": -2.0}), folder))
    assert unknown(size.sentences(dataclasses.replace(there, reference="message_first"), folder))
    one = dataclasses.replace(there, arms={name: arm for name, arm in there.arms.items() if name != "message_first"})
    assert unknown(size.sentences(one, folder))
    other = there.arms["message_first"].with_(**{"design.friction": 0.1})
    assert unknown(size.sentences(dataclasses.replace(there, arms=there.arms | {"message_first": other}), folder))
    assert unknown(size.sentences(there, folder / "nowhere"))


def test_a_further_arm_changes_nothing_of_what_is_known_of_the_two(folder):
    there = request()
    more = dataclasses.replace(there, arms=there.arms | {"both_equal": there.arms["message_first"].with_design("both_equal")})
    assert size.sentences(more, folder) == size.sentences(there, folder)


def test_what_is_committed_is_of_this_model():
    """The golden run is made: a model that has changed must be asked again (`make scale`)."""
    assert size.refusals(load_scenario("baseline")) == []


def test_another_model_is_seen(folder, monkeypatch):
    monkeypatch.setattr(shipped, "golden_counters", lambda _: {"sessions": 2})
    assert size.refusals(load_scenario("baseline"), folder) == ["the golden run differs: sessions is 2 and was 1"]


def test_what_is_said_of_a_size_loads_no_distributions():
    """Every comparison says it, and they take as long to load as its figures to be drawn."""
    code = (
        "import sys; from experiments.comparison import run, report, size; from sim.scenario.scenario import load_scenario; "
        "print(size.sentences(run.request_of(load_scenario('baseline')))); print(*sorted(sys.modules))"
    )
    said, loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.splitlines()
    assert "intent success" in said
    assert not {"scipy.stats", "scipy.optimize", "numba", "networkx", "sim.population.networks.read"} & set(loaded.split())
