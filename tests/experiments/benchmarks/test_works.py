"""What is timed is what is said: small works give all that the rows read, and what a member does is counted as the model does it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from experiments.benchmarks import works
from sim import OutreachModel
from sim.agents import looker
from sim.decisions import outreach
from sim.state import columns

MEMBERS, DAYS = 60, 20


def test_a_run_and_its_twin_by_agents_give_what_rows_read():
    found = works.run(MEMBERS, DAYS, 1)
    assert set(found) >= {"days", "generation", "measures", "member_days", "megabytes", "connections"}
    assert found["megabytes"] >= found["before"] > 50.0
    assert 0.0 < found["within two hops"] <= 1.0
    assert found["largest inbox"] >= 1.0
    assert 0.5 * MEMBERS * DAYS < found["member_days"] < 2.0 * MEMBERS * DAYS
    assert 0.0 < found["days"] < 60.0
    both = works.mesa(MEMBERS, DAYS)
    assert both["agents"] > 0.0
    assert both["columns"] > 0.0


def test_looks_are_counted_as_members_look(monkeypatch):
    """By agents: every profile that the candidates of an intent are drawn from is one look."""
    scenario, looks = works.scenario_of(MEMBERS, DAYS), []
    counted = outreach.profiles_looked_at

    def counting(*asked):
        looks.append(counted(*asked))
        return looks[-1]

    with monkeypatch.context() as patched:
        patched.setattr(looker.writing, "profiles_looked_at", counting)
        history = OutreachModel(scenario, 1, events=False).run()
    found = works.load(MEMBERS, DAYS)
    assert found["looks"] == pytest.approx(sum(looks) / history.daily["active"].sum())
    assert found["deliveries"] == pytest.approx(history.raw_daily["delivered"].sum() / history.daily["active"].sum())


def test_what_would_cross_between_machines_is_counted():
    found = works.crossing(300, DAYS)
    assert found["items"] < found["ties"] < 1.0 - 1.0 / found["industries"]  # members write to their own industry rather than at random
    assert found["pair bytes"] == columns.PAIR.itemsize


def test_a_work_prints_what_it_found_as_json():
    done = subprocess.run(
        [sys.executable, works.__file__, "load", str(MEMBERS), str(DAYS)],
        check=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(done.stdout) == works.load(MEMBERS, DAYS)
