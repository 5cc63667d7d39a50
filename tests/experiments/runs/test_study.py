"""Studies: only what is missing is run, the same for any executor; failures are noted, tried again once, and stop nothing."""

from __future__ import annotations

import os

import pytest

from experiments.comparison.tables import values
from experiments.runs import study as studies
from experiments.runs.keys import arms_of
from experiments.runs.ledger import Ledger
from experiments.runs.processes import processes
from experiments.runs.request import Request
from experiments.runs.study import Point, State, Study
from experiments.runs.worker import run_job
from sim import load_scenario
from sim.errors import BadInput
from tests.helpers.executors import Here

ARMS = ["connect_first", "message_first"]
POINTS = [Point(k, {"design.friction": x, "styles.seller.intents": 2.0}) for k, x in enumerate((0.0, 1.0, 3.0), 1)]


@pytest.fixture(scope="module")
def request_():
    scenario = load_scenario(members=60, days=62, warm_up=5)
    return Request(scenario, arms_of(scenario, ARMS), "connect_first", pairs=2)


def flat(found):
    return [[None if pair is None else {arm: record.measures for arm, record in pair.items()} for pair in point] for point in found]


def test_only_what_is_missing_is_run_and_every_executor_gives_the_same(request_, tmp_path):
    here = Here()
    with Ledger(tmp_path / "a.sqlite") as ledger:
        first = Study(request_, ledger, here).evaluate(POINTS[:2], 2)
        assert len(here.asked) == 4
        study = Study(request_, ledger, here)
        assert study.state(POINTS, 2) == State(8, {}, 12)
        whole = study.evaluate(POINTS, 2)
        assert len(here.asked) == 6
        assert flat(whole[:2]) == flat(first)
        assert study.state(POINTS, 2) == State(12, {}, 12)
    with Ledger(tmp_path / "b.sqlite") as ledger, processes(2) as pool:
        calls = []
        assert flat(Study(request_, ledger, pool, 4).evaluate(POINTS, 2, lambda *x: calls.append(x))) == flat(whole)
        assert calls[0] == (0, 6)
        assert calls[-1] == (6, 6)


def test_common_seeds_share_random_numbers_over_points_and_new_ones_do_not(request_, tmp_path):
    twins = [Point(1, {"reply.base": -2.0}), Point(2, {"reply.base": -2.0})]
    here = Here()
    with Ledger(tmp_path / "l.sqlite") as ledger:
        one, two = Study(request_, ledger, here).evaluate(twins, 2)
        assert len(here.asked) == 2  # the same runs are made once
        assert flat([one]) == flat([two])
        one, two = Study(request_, ledger, here, seeds=studies.NEW).evaluate(twins, 2)
        assert len(here.asked) == 6
        assert list(values(one, "message_first", "unwelcome_read")) != list(values(two, "message_first", "unwelcome_read"))


class Breaking(Here):
    """Makes the runs of one friction fail: truly, by a scenario that no run can be made of."""

    def submit(self, fn, /, arms, *args, **kwargs):
        broken = {
            n: a.model_copy(update={"network_file": "nowhere.csv"}) if a.designs[a.design].friction == 1.0 and n == "message_first" else a
            for n, a in arms.items()
        }
        return super().submit(fn, broken, *args, **kwargs)


def test_a_run_that_fails_is_noted_tried_again_once_and_stops_nothing(request_, tmp_path):
    breaking = Breaking()
    with Ledger(tmp_path / "l.sqlite") as ledger:
        study = Study(request_, ledger, breaking)
        found = study.evaluate(POINTS, 2)
        assert [[pair is None for pair in point] for point in found] == [[False] * 2, [True] * 2, [False] * 2]
        assert len(breaking.asked) == 8
        state = study.state(POINTS, 2)
        assert list(state.failed) == [(2, 1, "message_first"), (2, 2, "message_first")]
        assert all(error for error in state.failed.values())
        assert state.done == 10  # the other arm was saved
        Study(request_, ledger, breaking).evaluate(POINTS, 2)
        assert len(breaking.asked) == 8
        study = Study(request_, ledger, Here())
        study.forget_failures(POINTS, 2)
        assert None not in [pair for point in study.evaluate(POINTS, 2) for pair in point]


def test_a_point_that_cannot_be_is_noted(request_, tmp_path):
    nobody = Point(9, {f"style_shares.{name}": 0.0 for name in request_.scenario.styles})
    with Ledger(tmp_path / "l.sqlite") as ledger:
        study = Study(request_, ledger, Here())
        found = study.evaluate([nobody, POINTS[0]], 2)
        assert found[0] == [None, None]
        assert None not in found[1]
        assert [where[0] for where in study.state([nobody, POINTS[0]], 2).failed] == [9] * 4


def deadly(arms, *args, **kwargs):
    if any(arm.designs[arm.design].friction == 1.0 for arm in arms.values()):
        os._exit(9)
    return run_job(arms, *args, **kwargs)


@pytest.mark.slow  # `test_executors` kills one of a comparison
def test_a_worker_that_dies_takes_no_other_run_with_it(request_, tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.runs.scheduler.run_job", deadly)
    with Ledger(tmp_path / "l.sqlite") as ledger, processes(2) as pool:
        study = Study(request_, ledger, pool, 4)
        found = study.evaluate(POINTS, 1)
        assert [point[0] is None for point in found] == [False, True, False]
        assert set(study.state(POINTS, 1).failed.values()) == {"its worker died"}


def test_runs_of_another_model_version_are_not_mixed_in(request_, tmp_path, monkeypatch):
    here = Here()
    with Ledger(tmp_path / "l.sqlite") as ledger:
        Study(request_, ledger, here).evaluate(POINTS[:1], 1)
        monkeypatch.setattr("experiments.runs.keys.model_version", lambda: "another")
        monkeypatch.setattr("experiments.runs.study.model_version", lambda: "another")
        monkeypatch.setattr("experiments.runs.worker.model_version", lambda: "another")
        monkeypatch.setattr("experiments.runs.scheduler.model_version", lambda: "another")
        assert Study(request_, ledger, here).state(POINTS[:1], 1).done == 0
        Study(request_, ledger, here).evaluate(POINTS[:1], 1)
        assert len(here.asked) == 2
        assert len(ledger) == 4


def test_a_ledger_that_does_not_find_what_was_written_is_damaged(request_, tmp_path, monkeypatch):
    with Ledger(tmp_path / "l.sqlite") as ledger:
        study = Study(request_, ledger, Here())
        study.evaluate(POINTS[:1], 1)
        lost = next(iter(study.keys(POINTS[0], 1).values()))
        known = ledger.known
        monkeypatch.setattr(ledger, "known", lambda keys: known(keys) - {lost})
        with pytest.raises(BadInput, match=r"must be an undamaged ledger; .* \(got runs that were written to it are not found\)$"):
            study.evaluate(POINTS[:1], 1)
