"""The scheduler on every executor: order, retries, lost workers, other models, interruptions, and the pairs that a rule sees."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

import pytest

from experiments.comparison.stopping_rule import RULES, gather
from experiments.runs.dask_cluster import cluster
from experiments.runs.keys import arms_of
from experiments.runs.ledger import Ledger
from experiments.runs.processes import InProcess, processes
from experiments.runs.record import Record, pack
from experiments.runs.request import Request
from experiments.runs.scheduler import Job, RunFailed, Scheduler, counted
from experiments.runs.worker import JobResult, WrongModel
from sim import load_scenario
from sim.errors import BadInput, MeasureFailed
from sim.results.measures import PRIMARY
from sim.version import model_version
from tests.helpers.executors import Delayed, local_cluster
from tests.helpers.fakes import Arm, fake

DELAYS = (0.05, 0.0, 0.02, 0.0, 0.0)  # the first of five ends last
MANY = 12


@pytest.fixture(scope="module")
def address():
    with local_cluster(3) as found:
        yield found


@contextmanager
def plain(pool, ahead):
    with pool as executor:
        yield executor, lambda: ahead


EXECUTORS = {
    "in process": lambda _: plain(InProcess(), 2),
    "processes": lambda _: plain(processes(2), 4),
    "delayed": lambda _: plain(Delayed(3, DELAYS), 6),
    "one delayed": lambda _: plain(Delayed(1, DELAYS), 2),
    "dask": lambda request: cluster(request.getfixturevalue("address")),
}


@pytest.fixture(params=EXECUTORS)
def scheduler(request, tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.runs.scheduler.run_job", fake)
    with Ledger(tmp_path / "l.sqlite") as ledger, EXECUTORS[request.param](request) as (pool, ahead):
        yield Scheduler(ledger, pool, ahead)


def jobs_of(arm, many=MANY, names=("a",)):
    return [Job(k, (100 + k, k), {name: f"{k}-{name}" for name in names}, dict.fromkeys(names, arm)) for k in range(1, many + 1)]


@pytest.fixture
def arm(tmp_path):
    (tmp_path / "tried").mkdir()
    return Arm(tmp_path / "tried")


def acting(arm, **acts):
    return Arm(arm.folder, {int(name[1:]): act for name, act in acts.items()})


@pytest.mark.parametrize("in_order", [True, False])
def test_a_measure_that_fails_ends_it_at_once_and_blames_no_run(scheduler, arm, in_order):
    refusing = acting(arm, _5=("refuses",))
    with pytest.raises(MeasureFailed, match=r"^measure: `x` must return a number \(got KeyError: 'y'\)$"):
        scheduler.run(jobs_of(refusing), lambda _: None, in_order=in_order)
    assert refusing.tried(5) == 1
    assert scheduler.ledger.known(f"{k}-a" for k in range(1, 5))  # what was done is kept; in which order they end is not known
    assert scheduler.ledger.failures(f"{k}-a" for k in range(1, MANY + 1)) == {}


def test_a_job_that_made_some_of_its_runs_before_a_measure_failed_keeps_them(tmp_path, arm, monkeypatch):
    def some(arms, *_, **__):
        return JobResult({"a": pack(Record({}, {}, {}))}, {}, "measure: `x` must return a number")

    monkeypatch.setattr("experiments.runs.scheduler.run_job", some)
    with Ledger(tmp_path / "l.sqlite") as ledger:
        with pytest.raises(MeasureFailed):
            Scheduler(ledger, InProcess()).run(jobs_of(arm, 1, ("a", "b")), pytest.fail)
        assert ledger.known(["1-a", "1-b"]) == {"1-a"}


@pytest.mark.parametrize("in_order", [True, False])
def test_every_job_is_delivered_once_its_runs_are_in_the_ledger(scheduler, arm, in_order):
    seen = []

    def deliver(job):
        assert scheduler.ledger.get(f"{job.pair}-a").measures["x"][2] == job.pair
        seen.append(job.pair)

    scheduler.run(jobs_of(arm), deliver, in_order=in_order)
    assert (seen if in_order else sorted(seen)) == list(range(1, MANY + 1))


def test_as_completed_a_slow_job_stops_no_other(tmp_path, arm, monkeypatch):
    monkeypatch.setattr("experiments.runs.scheduler.run_job", fake)
    seen = []
    with Ledger(tmp_path / "l.sqlite") as ledger, Delayed(3, DELAYS) as pool:
        Scheduler(ledger, pool, 6).run(jobs_of(arm), lambda job: seen.append(job.pair))
    assert seen[0] != 1
    assert sorted(seen) == list(range(1, MANY + 1))


def test_what_is_there_is_delivered_in_its_place_and_not_run(scheduler, arm):
    jobs = jobs_of(arm)
    for k in (0, 4, 5, 11):
        jobs[k].keys = {}
    seen = []
    scheduler.run(jobs, lambda job: seen.append(job.pair), in_order=True)
    assert seen == list(range(1, MANY + 1))
    assert [arm.tried(k) for k in (1, 2, 5, 6, 12)] == [0, 1, 0, 0, 0]


def test_a_rule_sees_the_same_jobs_in_order_and_nothing_more_is_written(scheduler, arm):
    seen, taken = [], []
    jobs = (taken.append(job) or job for job in jobs_of(arm, 200))
    scheduler.run(jobs, lambda job: seen.append(job.pair) or job.pair == 7, in_order=True)
    assert seen == list(range(1, 8))
    assert len(scheduler.ledger) == 7
    assert len(taken) < 40


def test_a_run_that_fails_once_is_tried_again_and_the_other_arm_is_not(scheduler, arm, tmp_path):
    (tmp_path / "other").mkdir()
    failing, other = acting(arm, s3=("fails",)), Arm(tmp_path / "other")
    jobs = [Job(k, (0, k), {"a": f"{k}-a", "b": f"{k}-b"}, {"a": failing, "b": other}) for k in range(1, 6)]
    seen = []
    scheduler.run(jobs, lambda job: seen.append((job.pair, dict(job.errors))), in_order=True)
    assert seen == [(k, {}) for k in range(1, 6)]
    assert [arm.tried(k) for k in range(1, 6)] == [1, 1, 2, 1, 1]
    assert other.tried(3) == 1
    assert len(scheduler.ledger) == 10
    assert scheduler.ledger.failures(["3-a"]) == {}


def called(asked, missing):
    """Give what a worker does for these names: it makes all but "b"."""
    asked.append(sorted(missing))
    return partial(JobResult, {name: b"made" for name in missing if name != "b"}, {name: "no" for name in missing if name == "b"})


def test_a_job_that_has_a_call_is_asked_for_what_is_missing_and_tells_what_failed_by_its_label(tmp_path):
    asked = []
    with Ledger(tmp_path / "l.sqlite") as ledger:
        job = Job(1, (7, 8), {"a": "1-a", "b": "1-b"}, call=partial(called, asked), labels={"b": "second"})
        with pytest.raises(RunFailed, match=r"pair 1 \(population seed 7, seed 8\) failed twice: second: no"):
            Scheduler(ledger, InProcess()).run([job], Job.refuse_failure)
        assert asked == [["a", "b"], ["b"]]
        assert ledger.known(["1-a", "1-b"]) == {"1-a"}


def test_a_run_that_fails_twice_is_told_by_its_seeds_and_the_others_are_there(scheduler, arm):
    failing, told = acting(arm, s3=("fails", "fails")), []

    def deliver(job):
        try:
            job.refuse_failure()
        except RunFailed as error:
            told.append(str(error))

    scheduler.run(jobs_of(failing), deliver)
    assert told == ["pair 3 (population seed 103, seed 3) failed twice: message_first: ValueError: no such run"]
    assert arm.tried(3) == 2
    assert len(scheduler.ledger) == MANY - 1
    assert scheduler.ledger.failures(["3-a"]) == {"3-a": (2, "ValueError: no such run")}


def test_what_is_done_is_kept_when_the_one_who_takes_it_is_interrupted(scheduler, arm):
    seen = []

    def deliver(job):
        seen.append(job.pair)
        if job.pair == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scheduler.run(jobs_of(arm), deliver, in_order=True)
    assert seen == [1, 2, 3]
    assert {"1-a", "2-a", "3-a"} <= scheduler.ledger.known(f"{k}-a" for k in range(1, MANY + 1))


def test_what_was_done_out_of_turn_is_kept_by_an_interruption(tmp_path, arm, monkeypatch):
    """The first job takes a second, the others no time: they wait for their turn when the interruption comes."""
    monkeypatch.setattr("experiments.runs.scheduler.run_job", fake)
    asked = iter(range(1000))

    def ahead():
        if next(asked) == 4:
            raise KeyboardInterrupt
        return 6

    with Ledger(tmp_path / "l.sqlite") as ledger, Delayed(3, (1.0, 0.0, 0.0, 0.0)) as pool:
        with pytest.raises(KeyboardInterrupt):
            Scheduler(ledger, pool, ahead).run(jobs_of(arm), pytest.fail, in_order=True)
        assert len(ledger) >= 2
        assert not ledger.known(["1-a"])


def test_the_first_error_is_heard_when_the_ledger_can_take_no_more(scheduler, arm, monkeypatch):
    def full(*_):
        raise OSError("disk full")

    monkeypatch.setattr(scheduler.ledger, "put", full)
    with pytest.raises(OSError, match="disk full"):
        scheduler.run(jobs_of(arm), lambda _: None)


@pytest.mark.parametrize("name", EXECUTORS)
def test_a_worker_of_another_model_is_refused(name, tmp_path, arm, monkeypatch, request):
    monkeypatch.setattr("experiments.runs.scheduler.model_version", lambda: "another")
    monkeypatch.setattr("experiments.runs.dask_cluster.TRIES", 1)
    with Ledger(tmp_path / "l.sqlite") as ledger, EXECUTORS[name](request) as (pool, ahead):
        with pytest.raises(
            BadInput, match=r"every worker must have this command's version of the model, another: finished runs are kept, .* \(got "
        ):
            Scheduler(ledger, pool, ahead).run(jobs_of(arm), lambda _: None)
        assert len(ledger) == 0


def test_a_worker_of_other_arithmetic_is_refused_in_words_that_say_so(tmp_path, arm, monkeypatch):
    def refusing(*_, **__):
        raise WrongModel(f"{model_version()[:-8]}00000000")

    monkeypatch.setattr("experiments.runs.scheduler.run_job", refusing)
    with Ledger(tmp_path / "l.sqlite") as ledger, ThreadPoolExecutor(1) as pool:
        with pytest.raises(BadInput, match=r"-00000000, the same model with other arithmetic: its C library or processor .*\)$") as raised:
            Scheduler(ledger, pool, 2).run(jobs_of(arm), lambda _: None)
        assert "\n" not in str(raised.value)
        assert len(ledger) == 0


@pytest.mark.parametrize("in_order", [True, False])
def test_a_worker_that_dies_costs_nothing_and_one_that_dies_alone_twice_is_to_blame(tmp_path, arm, monkeypatch, in_order):
    monkeypatch.setattr("experiments.runs.scheduler.run_job", fake)
    deadly, errors = acting(arm, s2=("dies",), s6=("dies", "dies", "dies")), {}
    with Ledger(tmp_path / "l.sqlite") as ledger, processes(2) as pool:
        Scheduler(ledger, pool, 4).run(jobs_of(deadly), lambda job: errors.update({job.pair: job.errors}), in_order=in_order)
        assert len(ledger) == MANY - 1
    assert {pair: found for pair, found in errors.items() if found} == {6: {"a": "its worker died"}}
    assert len(errors) == MANY
    assert arm.tried(2) == 2


# the stopping rule ----------------------------------------------------------------------------------------------------


def drawn(arms, _population_seed, seed, *_, **__):
    """In place of `run_job`: a primary measure that is higher in one arm, by chance more or less, the same for the same seed."""
    rng = random.Random(seed)
    values = {name: rng.gauss(0.36 if name == "message_first" else 0.3, 0.08) for name in arms}
    return JobResult({name: pack(Record({PRIMARY: (1.0, 1.0, value)}, {}, {})) for name, value in values.items()}, {})


@pytest.mark.parametrize("until", RULES)
@pytest.mark.parametrize("seed", [2, 3])
def test_a_comparison_uses_the_same_pairs_for_any_workers_and_delays(tmp_path, monkeypatch, until, seed):
    monkeypatch.setattr("experiments.runs.scheduler.run_job", drawn)
    scenario = load_scenario(members=60, days=62, warm_up=5)
    request = Request(
        scenario, arms_of(scenario, ["connect_first", "message_first"]), "connect_first", seed, until=until, precision=1.0, max_pairs=40
    )
    used, counts = [], []
    for k, (workers, delays) in enumerate(((1, (0.0,)), (3, (0.03, 0.0, 0.01, 0.0)), (3, (0.0, 0.0, 0.02)))):
        with Ledger(tmp_path / f"{k}.sqlite") as ledger, Delayed(workers, delays) as pool:
            used.append(gather(request, Scheduler(ledger, pool, 2 * workers), lambda *x: counts.append(x)))
            assert len(ledger) == 2 * len(used[-1])
    assert used[0] == used[1] == used[2]
    assert 20 < len(used[0]) < 40
    assert counts == [(n, 40) for n in range(1, len(used[0]) + 1)] * 3


def test_progress_goes_on_from_what_was_done_before():
    told = []
    advance = counted(lambda *at: told.append(at), 5, 8)
    advance(1, 3)
    advance(9, 9)  # never beyond what is wanted
    assert told == [(6, 8), (8, 8)]
