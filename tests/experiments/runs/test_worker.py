"""What a worker does: the arms of a pair on one warm-up or apart, errors as words, and no run of another model."""

from __future__ import annotations

from concurrent.futures.process import BrokenProcessPool

import pytest

from experiments.runs import worker
from experiments.runs.keys import arms_of
from experiments.runs.record import MEASURES_ALONE, WHOLE, pack
from experiments.runs.worker import LONGEST_ERROR, WrongModel, died, histories_of, run_job
from sim import load_scenario, simulate
from sim.version import model_version

SCENARIO = load_scenario(members=12, days=4, warm_up=2)
ARMS = arms_of(SCENARIO, ["connect_first", "message_first"])


def test_each_arm_is_the_run_of_its_scenario():
    found = run_job(ARMS, 1, 2, 1, model_version(), form=WHOLE)
    assert found.errors == {}
    for name, arm in ARMS.items():
        assert found.payloads[name] == pack(WHOLE.keep(simulate(arm, 2, 1)))


def test_arms_apart_leave_the_same_bytes():
    together, apart = (run_job(ARMS, 1, 2, 1, model_version(), apart=apart) for apart in (False, True))
    assert together == apart
    assert together.payloads["message_first"] == pack(MEASURES_ALONE.keep(simulate(ARMS["message_first"], 2, 1)))


def test_arms_that_differ_in_more_than_the_design_have_warm_ups_of_their_own():
    other = {"few": SCENARIO, "many": SCENARIO.with_(members=14)}
    found = histories_of(other, 1, 2, 1)
    assert [len(found[name].members["active"]) for name in other] == [len(simulate(arm, 2, 1).members["active"]) for arm in other.values()]


def test_another_model_is_refused_with_this_ones_version():
    with pytest.raises(WrongModel) as raised:
        run_job(ARMS, 1, 2, 1, "another")
    assert raised.value.args == (model_version(),)


@pytest.mark.parametrize(("apart", "lost"), [(False, {"connect_first", "message_first"}), (True, {"message_first"})])
def test_what_fails_takes_only_those_with_it_that_were_run_together(apart, lost, monkeypatch):
    def histories(arms, *_, **__):
        if "message_first" in arms:
            raise ValueError("x" * 1000)
        return {name: simulate(arm, 2, 1) for name, arm in arms.items()}

    monkeypatch.setattr(worker, "histories_of", histories)
    found = run_job(ARMS, 1, 2, 1, model_version(), apart=apart)
    assert set(found.errors) == lost
    assert set(found.payloads) == set(ARMS) - lost
    said = found.errors["message_first"]
    assert said.startswith(("ValueError: " + "x" * 1000)[:LONGEST_ERROR] + " (test_worker.py, line ")  # where it happened is never cut off
    assert said.endswith(")")


def test_a_job_is_lost_with_its_worker_on_either_executor():
    killed = type("KilledWorker", (Exception,), {})  # as Dask calls its own
    assert died(BrokenProcessPool())
    assert died(killed())
    assert not died(ValueError())
