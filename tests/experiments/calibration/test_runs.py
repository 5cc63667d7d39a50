"""Runs of a calibration in a ledger: named by all that their figures hang on, made once, and tried twice if they fail."""

from __future__ import annotations

import math
from contextlib import closing

import pytest

from experiments.calibration import runs
from experiments.calibration.declared import ASSUMED, every_target
from experiments.calibration.patterns.messages import Found
from experiments.calibration.runs import (
    ARM,
    FiguresScheduler,
    figures_in,
    figures_key,
    gather,
    instrument,
    jobs_of,
    make,
    reached,
    read_job,
    usual_folder,
)
from experiments.runs.ledger import Ledger
from experiments.runs.processes import InProcess
from experiments.runs.scheduler import RunFailed, Scheduler
from experiments.runs.worker import WrongModel
from sim import load_scenario
from sim.errors import BadInput
from sim.version import model_version

ONE = load_scenario(members=50, warm_up=5, days=5)
OTHER = ONE.with_(**{"reply.base": -2.0})


@pytest.fixture
def counted(monkeypatch):
    """Give the runs that were made; a run gives its seed as a figure, and nothing as another. OTHER fails on seed 3."""
    made = []

    def figures_of(still, seed):
        made.append((still.reply.base, seed))
        if seed == 3 and still == OTHER:
            raise ValueError("too much")
        return {"a": Found(float(seed), 10.0), "b": Found(math.nan, 0.0)}

    monkeypatch.setattr(runs, "figures_of", figures_of)
    return made


@pytest.fixture
def book(tmp_path):
    with closing(Ledger(tmp_path / "ledger.sqlite")) as ledger:
        yield ledger


def made(book, wanted):
    """Make what is missing of these runs; return what failed and the steps of progress."""
    steps = []
    failed = make(FiguresScheduler(book, InProcess()), list(jobs_of(wanted, book)), lambda done, of: steps.append((done, of)))
    return failed, steps


def test_a_run_is_named_by_its_scenario_its_seed_and_how_it_is_read(monkeypatch):
    keys = {figures_key(ONE, 1), figures_key(ONE, 2), figures_key(OTHER, 1)}
    assert len(keys) == 3
    assert figures_key(ONE.with_(), 1) in keys
    before = figures_key(ONE, 1)
    monkeypatch.setattr(runs, "instrument", lambda: "another")
    assert figures_key(ONE, 1) != before
    assert len(instrument()) == 16


def test_runs_are_made_once_and_kept_with_their_figures(counted, book):
    wanted = [(ONE, 1), (OTHER, 1), (ONE, 2), (ONE, 1)]  # one of them twice
    failed, steps = made(book, wanted)
    assert failed == {}
    assert steps == [(0, 3), (1, 3), (2, 3), (3, 3)]
    found = figures_in(book, [figures_key(*run) for run in wanted])
    assert {key: one["a"] for key, one in found.items()} == {figures_key(s, k): (float(k), 10.0) for s, k in wanted}
    assert math.isnan(found[figures_key(ONE, 1)]["b"].value)
    assert len(counted) == 3
    assert made(book, [*wanted, (OTHER, 2)])[1] == [(0, 1), (1, 1)]  # what is there is not run again
    assert len(counted) == 4


def test_a_run_that_fails_is_tried_twice_and_stops_nobody(counted, book):
    failed, _ = made(book, [(OTHER, 3), (ONE, 3)])
    assert list(failed) == [figures_key(OTHER, 3)]
    assert failed[figures_key(OTHER, 3)].startswith("ValueError: too much (test_runs.py, line ")
    assert counted.count((-2.0, 3)) == 2
    assert set(figures_in(book, [figures_key(OTHER, 3), figures_key(ONE, 3)])) == {figures_key(ONE, 3)}
    made(book, [(OTHER, 3)])
    assert counted.count((-2.0, 3)) == 2


def test_a_worker_with_another_model_is_refused(counted):
    with pytest.raises(WrongModel):
        read_job(ONE, 1, "another", instrument())
    with pytest.raises(BadInput, match="every worker must read runs as this command does, 0123"):
        read_job(ONE, 1, model_version(), "0123")
    assert counted == []
    assert set(read_job(ONE, 1, model_version(), instrument()).payloads) == {ARM}


def test_what_runs_give_is_gathered_for_all_scenarios_at_once_in_order(counted, book):
    steps = []
    scheduler = FiguresScheduler(book, InProcess())
    both = gather([ONE, OTHER], scheduler, lambda *at: steps.append(at), seeds=(2, 1))
    assert [(one.scenario, one.seeds, [figures["a"].value for figures in one.found]) for one in both] == [
        (ONE, (2, 1), [2.0, 1.0]),
        (OTHER, (2, 1), [2.0, 1.0]),
    ]
    assert steps == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]
    gather([OTHER], scheduler, lambda *at: steps.append(at), seeds=(1, 2, 4))
    assert steps[5:] == [(2, 3), (3, 3)]  # what is there is not run again
    assert len(counted) == 5


def test_no_run_is_left_out_and_one_that_failed_is_tried_again_by_the_same_command(counted, book):
    scheduler = FiguresScheduler(book, InProcess())
    for times in (2, 4):
        with pytest.raises(RunFailed, match="the run of 50 members with seed 3 failed twice: ValueError: too much"):
            gather([OTHER], scheduler, lambda *_: None, seeds=(3, 4))
        assert counted.count((-2.0, 3)) == times
    assert counted.count((-2.0, 4)) == 1


def test_a_report_shows_what_somebody_measured(book, monkeypatch):
    figures = {one.name: Found((one.low + one.high) / 2.0, 10.0) for one in every_target()}
    monkeypatch.setattr(runs, "figures_of", lambda *_: figures)
    shown = reached(ONE, Scheduler(book, InProcess()), lambda *_: None)
    assert [t.name for t in shown] == [one.pattern for one in every_target() if one.kind != ASSUMED]
    assert all(t.met for t in shown)


def test_runs_lie_in_a_folder_of_their_scenario_model_and_reading(monkeypatch):
    names = {usual_folder(*one) for one in (("calibration", ONE), ("calibration", OTHER), ("elasticities", ONE), ("calibration", ONE, "x"))}
    assert len(names) == 4
    assert usual_folder("calibration", ONE.with_()) in names
    monkeypatch.setattr(runs, "instrument", lambda: "another")
    assert usual_folder("calibration", ONE) not in names
