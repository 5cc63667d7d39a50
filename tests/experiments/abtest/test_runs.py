"""Replicates in a ledger: only what is missing is made, in the order given, and what fails is named."""

from __future__ import annotations

from contextlib import closing

import pytest

from experiments.abtest import runs
from experiments.abtest.runs import all_there, gather, jobs_of, keys_of, read_job
from experiments.runs.keys import pair_seeds
from experiments.runs.ledger import Ledger
from experiments.runs.processes import InProcess
from experiments.runs.scheduler import RunFailed, Scheduler
from experiments.runs.worker import WrongModel
from sim import BadInput
from sim.version import model_version
from tests.experiments.abtest.worlds_of import question

SMALL = {"members": 60, "warm_up": 10, "days": 22}


def asked(many=2, schemes=("viewer", "industry"), **changes):
    return question(panels=(("bias", many, schemes), ("tests", 2, ("viewer",))), scenario=SMALL, **changes)


def test_replicates_are_numbered_through_the_panels():
    q = asked(3)
    jobs = list(jobs_of(q, set()))
    assert [job.pair for job in jobs] == [1, 2, 3, 4, 5]
    assert [list(job.keys) for job in jobs] == [["viewer", "industry"]] * 3 + [["viewer"]] * 2
    assert [job.seeds for job in jobs] == [pair_seeds(q.seed, r) for r in (1, 2, 3, 1, 2)]  # panels share their populations


def test_keys_name_a_replicate_of_a_scheme():
    q = asked()
    keys = keys_of(q, q.panels[0], 1)
    assert set(keys) == {"viewer", "industry"}
    assert keys == keys_of(asked(5), q.panels[0], 1)  # more replicates leave the first what they are
    other = asked(share=0.3)
    assert not set(keys.values()) & set(keys_of(other, other.panels[0], 1).values())
    assert not set(keys.values()) & set(keys_of(q, q.panels[0], 2).values())
    assert keys["viewer"] == keys_of(q, q.panels[1], 1)["viewer"]  # of one size it is one replicate


def test_only_what_is_missing_is_made(tmp_path, monkeypatch):
    q, made = asked(), []
    real = runs.replicate

    def counted(base, arms, tests, **rest):
        made.append(sorted(tests))
        return real(base, arms, tests, **rest)

    monkeypatch.setattr(runs, "replicate", counted)
    with closing(Ledger(tmp_path / "ledger.sqlite")) as book:
        assert not all_there(q, book)
        told = []
        first = gather(q, Scheduler(book, InProcess(), 2), lambda *args: told.append(args))
        assert all_there(q, book)
        assert told[-1] == (4, 4)
        assert made == [["industry", "viewer"]] * 2 + [["viewer"]] * 2
        again = gather(q, Scheduler(book, InProcess(), 2), lambda *_: None)
        assert again == first
        assert len(made) == 4
        more = asked(schemes=("viewer", "industry", "region"))
        gather(more, Scheduler(book, InProcess(), 2), lambda *_: None)
        assert made[4:] == [["region"]] * 2
    assert first["bias"][0]["viewer"] == first["tests"][0]["viewer"]
    assert set(first["bias"][0]) == {"viewer", "industry"}
    every = {key for panel in q.panels for r in (1, 2) for key in keys_of(q, panel, r).values()}
    assert [job.keys for job in jobs_of(q, every)] == [{}] * 4


def test_a_replicate_that_fails_twice_ends_it_and_is_named(tmp_path, monkeypatch):
    def broken(*_, **__):
        raise ValueError("no such luck")

    monkeypatch.setattr(runs, "replicate", broken)
    q = asked()
    with (
        closing(Ledger(tmp_path / "ledger.sqlite")) as book,
        pytest.raises(RunFailed, match=r"pair 1 .* failed twice: message_first: ValueError: no such luck"),
    ):
        gather(q, Scheduler(book, InProcess(), 2), lambda *_: None)


def test_a_worker_of_another_version_is_refused():
    q = asked()
    base = q.base(q.panels[0])
    with pytest.raises(WrongModel):
        read_job(base, q.arms, {}, 0.5, (1, 2), version="other", reading="")
    with pytest.raises(BadInput, match="read tests as this command does, other"):
        read_job(base, q.arms, {}, 0.5, (1, 2), version=model_version(), reading="other")
